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
class CocListHistoryResponseDataV2(Model):
    """What the query found. Source: huaweicloudsdkcoc, CocListHistoryResponseDataV2."""

    total: Annotated[int, Meta(extra_json_schema={"minimum": 0, "maximum": 9999999999999})] | None = None
    """How many entries satisfy the query. Range: 0 to 9,999,999,999,999. Absent, it counts as `0`. Source:
    huaweicloudsdkcoc, CocListHistoryResponseDataV2.
    """

    info: Annotated[list[NotNull[CocTicketHistoryBaseInfoV2]], Meta(extra_json_schema={"maxItems": 1000})] | None = None
    """The entries. Range: 0 to 1,000 items. Source: huaweicloudsdkcoc, CocListHistoryResponseDataV2."""

    count_results: Annotated[list[NotNull[int]], Meta(extra_json_schema={"maxItems": 1000})] | None = None
    """One number for each of `count_filters`, in their order. Range: 0 to 1,000 items. Source: huaweicloudsdkcoc,
    ListTicketParamsV2.
    """

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.total = None
        self.info = None
        self.count_results = None

    def __attrs_post_init__(self) -> None:
        if self.info and not all(self.info):
            self.info = [item for item in self.info if item is not None]
        if self.count_results and not all(self.count_results):
            self.count_results = [item for item in self.count_results if item is not None]


# Imported last: classes may name each other in a circle.
from .coc_ticket_history_base_info_v2 import CocTicketHistoryBaseInfoV2  # noqa: E402
