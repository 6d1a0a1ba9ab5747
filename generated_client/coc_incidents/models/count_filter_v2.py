# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class CountFilterV2(Model):
    """A named group of filters to count tickets by. Source: table 2."""

    name: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """The group's name. Range: 0 to 255 characters. Source: table 2, row `name`."""

    filters: Annotated[list[ObjectFilterV2], Meta(max_length=10)] | UnsetType = UNSET
    """The filters that a counted ticket satisfies, all of them. Range: 0 to 10 items. Source: table 2, row `filters`."""


# Imported last: classes may name each other in a circle.
from .object_filter_v2 import ObjectFilterV2  # noqa: E402
