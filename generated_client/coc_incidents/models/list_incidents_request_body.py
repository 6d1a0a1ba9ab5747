# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class ListIncidentsRequestBody(Model):
    """What to query, how to sort and page it, and what to answer. Every member is optional. Source: table 1."""

    page: Annotated[int, Meta(ge=1, le=1000000)] | UnsetType = UNSET
    """Number of the page to answer, counted from 1. Range: 1 to 1,000,000. Absent, it counts as `1`. Source: table 1,
    row `page`.
    """

    per_page: Annotated[int, Meta(ge=1, le=200)] | UnsetType = UNSET
    """How many tickets a page holds. Range: 1 to 200. Absent, it counts as `10`. Source: table 1, row `per_page`."""

    contain_all: bool | UnsetType = UNSET
    """Whether to answer all tickets at once instead of one page. Absent, it counts as `false`. Source: table 1, row
    `contain_all`.
    """

    contain_total: bool | UnsetType = UNSET
    """Whether the answer says how many tickets satisfy the query. Absent, it counts as `true`. Source: table 1, row
    `contain_total`.
    """

    contain_sub_ticket: bool | UnsetType = UNSET
    """Whether the answer holds information on sub-tickets. Absent, it counts as `true`. Source: table 1, row
    `contain_sub_ticket`.
    """

    string_filters: Annotated[list[ObjectFilterV2], Meta(max_length=20)] | UnsetType = UNSET
    """Filters that `condition` joins; without a condition all of them must hold. Range: 0 to 20 items. Source: table
    1, row `string_filters`.
    """

    sort_filter: SortFilterV2 | UnsetType = UNSET
    """The property to sort the tickets by, and the direction. Source: table 1, row `sort_filter`."""

    condition: Annotated[str, Meta(min_length=1, max_length=10000)] | UnsetType = UNSET
    """Joins the string filters by name with `&`, `|` and parentheses. Absent, all string filters must hold. Range: 1
    to 10,000 characters. Source: table 1, row `condition`.
    """

    count_filters: Annotated[list[CountFilterV2], Meta(max_length=10)] | UnsetType = UNSET
    """Groups of filters to count tickets by, one result each. Range: 0 to 10 items. Source: table 1, row
    `count_filters`.
    """

    fields: Annotated[list[str], Meta(max_length=100)] | UnsetType = UNSET
    """The ticket properties to answer. Absent or empty, all of them. Range: 0 to 100 items. Source: table 1, row
    `fields`.
    """

    group_by_filter: ObjectFilterV2 | UnsetType = UNSET
    """The property whose equal values stand together in the answer. Source: table 1, row `group_by_filter`."""

    int_filters: Annotated[list[ObjectFilterV2], Meta(max_length=20)] | UnsetType = UNSET
    """Filters on properties that hold integers, the values as decimal text. All of them must hold. Range: 0 to 20
    items. Source: table 1, row `int_filters`.
    """

    ticket_types: Annotated[list[str], Meta(max_length=5)] | UnsetType = UNSET
    """The types of ticket to query; for incidents the type is `incident`. Range: 0 to 5 items. Source: table 1, row
    `ticket_types`.
    """

    class TicketTypes(StrEnum):
        """Known values of `ticket_types`; tenants may have more, so members of answers are plain text."""

        INCIDENT = "incident"
        ISSUES_MGMT = "issues_mgmt"
        CHANGE = "change"


# Imported last: classes may name each other in a circle.
from .count_filter_v2 import CountFilterV2  # noqa: E402
from .object_filter_v2 import ObjectFilterV2  # noqa: E402
from .sort_filter_v2 import SortFilterV2  # noqa: E402
