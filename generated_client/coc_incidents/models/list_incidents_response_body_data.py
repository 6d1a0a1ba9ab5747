# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
    NotNull,
)


@attrs.define(kw_only=True, repr=False)
class ListIncidentsResponseBodyData(Model):
    """What the query found. Source: table 5."""

    total: Annotated[int, Meta(extra_json_schema={"minimum": 0, "maximum": 9999999999999})] | None = None
    """How many tickets satisfy the query, on all pages together. Range: 0 to 9,999,999,999,999. Absent, it counts as
    `0`. Source: table 5, row `total`.
    """

    tickets: Annotated[list[NotNull[IncidentDataInfo]], Meta(extra_json_schema={"maxItems": 1000})] | None = None
    """The tickets of this page. Range: 0 to 1,000 items. Source: table 5, row `tickets`."""

    count_results: Annotated[list[NotNull[int]], Meta(extra_json_schema={"maxItems": 1000})] | None = None
    """One number for each of `count_filters`, in their order. Range: 0 to 1,000 items. Source: table 5, row
    `count_results`.
    """

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.total = None
        self.tickets = None
        self.count_results = None

    def __attrs_post_init__(self) -> None:
        if self.tickets and not all(self.tickets):
            self.tickets = [item for item in self.tickets if item is not None]
        if self.count_results and not all(self.count_results):
            self.count_results = [item for item in self.count_results if item is not None]


# Imported last: classes may name each other in a circle.
from .incident_data_info import IncidentDataInfo  # noqa: E402
