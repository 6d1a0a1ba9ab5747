# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class ListedOptionsItem(Model):
    """The schema `ListedOptionsItem`."""

    key: Annotated[str, Meta(max_length=6)] | UnsetType = UNSET
    """Range: 0 to 6 characters."""
