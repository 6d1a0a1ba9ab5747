# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class SortFilterV2(Model):
    """Names one ticket property to sort by, and the direction. Source: table 3."""

    name: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """The sort's name; the page's example repeats the field. Range: 0 to 255 characters. Source: table 3, row `name`."""

    field: Annotated[str, Meta(max_length=255)]
    """The ticket property to sort by. Range: 0 to 255 characters. Source: table 3, row `field`."""

    operator: SortFilterV2Operator
    """The direction, `desc` (largest first) or `asc` (smallest first). Range: 0 to 20 characters. Source: table 3, row
    `operator`.
    """

    values: Annotated[list[Annotated[str, Meta(max_length=1024)]], Meta(min_length=1, max_length=1024)]
    """The page's example repeats the field here. Range: 1 to 1,024 items. Source: table 3, row `values`."""

    group: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """Grouping information; the page defines no value. Range: 0 to 255 characters. Source: table 3, row `group`."""

    match_type: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """Matching mode; the page defines no value. Range: 0 to 255 characters. Source: table 3, row `match_type`."""

    priority_type: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """How priorities are handled; the page defines no value. Range: 0 to 255 characters. Source: table 3, row
    `priority_type`.
    """


# Imported last: classes may name each other in a circle.
from .sort_filter_v2_operator import SortFilterV2Operator  # noqa: E402
