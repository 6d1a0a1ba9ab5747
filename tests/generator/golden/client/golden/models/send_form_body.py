# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class SendFormBody(Model):
    """The schema `SendFormBody`."""

    name: Annotated[str, Meta(max_length=5)]
    """Range: 0 to 5 characters."""

    tags: list[str] | UnsetType = UNSET
    """The contract says nothing of it."""
