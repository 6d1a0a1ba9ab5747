# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import UNSET, Meta, UnsetType

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class ListIncidentsHistoriesRequestBody(Model):
    """Which entries of an incident's history to answer, in which order, and what of them. Every member is optional.
    Source: huaweicloudsdkcoc, ListTicketParamsV2.
    """

    count_filters: Annotated[list[CountFilterV2], Meta(max_length=10)] | UnsetType = UNSET
    """Groups of filters to count entries by, one result each. Range: 0 to 10 items. Source: COC API reference,
    ListIncidentsHistories.
    """

    fields: Annotated[list[str], Meta(max_length=100)] | UnsetType = UNSET
    """The properties of an entry to answer. Absent or empty, all of them. Range: 0 to 100 items. Source: COC API
    reference, ListIncidentsHistories.
    """

    group_by_filter: ObjectFilterV2 | UnsetType = UNSET
    """The property whose equal values stand together in the answer. Source: COC API reference, ListIncidentsHistories."""

    int_filters: Annotated[list[ObjectFilterV2], Meta(max_length=20)] | UnsetType = UNSET
    """Filters on properties that hold integers, the values as decimal text. All of them must hold. Range: 0 to 20
    items. Source: COC API reference, ListIncidentsHistories.
    """

    string_filters: Annotated[list[ObjectFilterV2], Meta(max_length=20)] | UnsetType = UNSET
    """Filters that `condition` joins; without a condition all of them must hold. Range: 0 to 20 items. Source: COC API
    reference, ListIncidentsHistories.
    """

    sort_filter: SortFilterV2 | UnsetType = UNSET
    """The property to sort the entries by, and the direction. Source: COC API reference, ListIncidentsHistories."""

    condition: Annotated[str, Meta(min_length=1, max_length=10000)] | UnsetType = UNSET
    """Joins the string filters by name with `&`, `|` and parentheses. Absent, all string filters must hold. Range: 1
    to 10,000 characters. Source: COC API reference, ListIncidentsHistories.
    """


# Imported last: classes may name each other in a circle.
from .count_filter_v2 import CountFilterV2  # noqa: E402
from .object_filter_v2 import ObjectFilterV2  # noqa: E402
from .sort_filter_v2 import SortFilterV2  # noqa: E402
