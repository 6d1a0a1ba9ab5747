# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class UploadBodyAbout(Model):
    """The schema `UploadBodyAbout`."""

    name: Annotated[str, Meta(max_length=9)]
    """Range: 0 to 9 characters."""
