# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from typing import Annotated

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Model,
)


@attrs.define(kw_only=True, repr=False)
class TicketInfoEnumData(Model):
    """The display name of one coded value of a ticket. Source: table 7."""

    prop_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The ticket property that holds the coded value. Range: 0 to 255 characters. Source: table 7, row `prop_id`."""

    biz_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The coded value. Range: 0 to 255 characters. Source: table 7, row `biz_id`."""

    name_zh: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The value's Chinese name. Range: 0 to 255 characters. Source: table 7, row `name_zh`."""

    name_en: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The value's English name. Range: 0 to 255 characters. Source: table 7, row `name_en`."""

    model_id: str | None = None
    """The model that the coded value belongs to. Source: example `response-200`."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.prop_id = None
        self.biz_id = None
        self.name_zh = None
        self.name_en = None
        self.model_id = None
