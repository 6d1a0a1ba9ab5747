# Generated from tests/generator/golden/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated, Any

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
    NotNull,
)


@attrs.define(kw_only=True, repr=False)
class NamedInner(Model):
    """The schema `NamedInner`."""

    list: Annotated[_list[NotNull[Any]], Meta(max_length=2)] | None | UnsetType = UNSET
    """Range: 0 to 2 items."""

    any: Any | UnsetType = UNSET
    """The contract says nothing of it."""

    only: Annotated[bool, Meta(extra_json_schema={"enum": [True]})] | None | UnsetType = UNSET
    """The contract says nothing of it."""

    outer: NamedInner | None | UnsetType = UNSET
    """The contract says nothing of it."""


# A member of this name hides the type inside the class.
_list = list
