# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.multipart import File
from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class Upload(Model):
    """The schema `Upload`."""

    about: UploadAbout
    """The contract says nothing of it."""

    file: bytes | File
    """The contract says nothing of it."""

    pages: Annotated[list[bytes | File], Meta(max_length=2)] | UnsetType = UNSET
    """Range: 0 to 2 items."""

    words: list[str] | UnsetType = UNSET
    """The contract says nothing of it."""

    count: Annotated[int, Meta(ge=1)] | UnsetType = UNSET
    """Range: at least 1."""

    hidden: bool | UnsetType = UNSET
    """The contract says nothing of it."""

    logo: Annotated[bytes | File, Meta(extra_json_schema={"contentMediaType": "image/png"})] | UnsetType = UNSET
    """The contract says nothing of it."""


# Imported last: classes may name each other in a circle.
from .upload_about import UploadAbout  # noqa: E402
