# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class ObjectFilterV2(Model):
    """Compares one property of a ticket with values. Source: table 3."""

    name: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """The name by which `condition` refers to this filter. Range: 0 to 255 characters. Source: table 3, row `name`."""

    field: Annotated[str, Meta(max_length=255)]
    """The property to compare: of `IncidentDataInfo`, or `approver`; in a history, of `CocTicketHistoryBaseInfoV2`.
    Range: 0 to 255 characters. Source: table 3, row `field`.
    """

    operator: ObjectFilterV2Operator
    """How to compare the property with the values. Range: 0 to 20 characters. Source: table 3, row `operator`."""

    values: Annotated[list[Annotated[str, Meta(max_length=1024)]], Meta(min_length=1, max_length=1024)]
    """What to compare with; timestamps, enumerations and integers as text. Range: 1 to 1,024 items. Source: table 3,
    row `values`.
    """

    group: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """Grouping information; the page defines no value. Range: 0 to 255 characters. Source: table 3, row `group`."""

    match_type: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """Matching mode; the page defines no value. Range: 0 to 255 characters. Source: table 3, row `match_type`."""

    priority_type: Annotated[str, Meta(max_length=255)] | UnsetType = UNSET
    """How priorities are handled; the page defines no value. Range: 0 to 255 characters. Source: table 3, row
    `priority_type`.
    """


# Imported last: classes may name each other in a circle.
from .object_filter_v2_operator import ObjectFilterV2Operator  # noqa: E402
