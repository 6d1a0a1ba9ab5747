# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Milliseconds,
    Model,
    NotNull,
    display_name,
    milliseconds,
    moment,
)


@attrs.define(kw_only=True, repr=False)
class CocTicketHistoryBaseInfoV2(Model):
    """One entry of an incident's history, something that was done about it. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    action: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """What was done, as a code. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    action_name_zh: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """What was done, in Chinese. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    action_name_en: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """What was done, in English. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    operator: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The user who did it. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    status: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """Where the incident then stood in its workflow. Range: 0 to 255 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    start_time: Annotated[Milliseconds, Meta(extra_json_schema={"minLength": 1, "maxLength": 50})] | None = None
    """When it began, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    stop_time: Annotated[Milliseconds, Meta(extra_json_schema={"minLength": 1, "maxLength": 50})] | None = None
    """When it ended, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    comment: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """What whoever did it had to say. Range: 0 to 255 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    enum_data_list: Annotated[list[NotNull[TicketInfoEnumData]], Meta(extra_json_schema={"maxItems": 1024})] | None = (
        None
    )
    """Display names of the entry's coded values. Range: 0 to 1,024 items. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.action = None
        self.action_name_zh = None
        self.action_name_en = None
        self.operator = None
        self.status = None
        self.start_time = None
        self.stop_time = None
        self.comment = None
        self.enum_data_list = None

    def __attrs_post_init__(self) -> None:
        # The wire has these members in two forms; the annotation names the one that Python sees.
        if isinstance(self.start_time, str):
            self.start_time = milliseconds(self.start_time)
        if isinstance(self.stop_time, str):
            self.stop_time = milliseconds(self.stop_time)
        if self.enum_data_list and not all(self.enum_data_list):
            self.enum_data_list = [item for item in self.enum_data_list if item is not None]

    @property
    def started_at(self) -> datetime | None:
        """`start_time` as an aware datetime (UTC); None when it is absent."""
        return moment(self.start_time)

    @property
    def stopped_at(self) -> datetime | None:
        """`stop_time` as an aware datetime (UTC); None when it is absent."""
        return moment(self.stop_time)

    def display(self, member: str, lang: Literal["en", "zh"] = "en") -> str | None:
        """The display name of a coded member, as in `display('status')`: the answer's own, else the contract's, else
        the value itself; None when the member is absent.
        """
        return display_name(self, member, lang, keys=_DISPLAY, labels=_LABELS.get(member, {}))

    class Status(StrEnum):
        """Known values of `status`; tenants may have more, so members of answers are plain text."""

        INCIDENT_DRAFT = "incident_draft"
        """DRAFT (zh: 草稿)."""
        INCIDENT_STATUS_TRIGGERED = "INCIDENT_STATUS_TRIGGERED"
        """TRIGGERED (zh: 未受理)."""
        INCIDENT_STATUS_ACKNOWLEDGED = "INCIDENT_STATUS_ACKNOWLEDGED"
        """ACKNOWLEDGED (zh: 已受理)."""
        INCIDENT_STATUS_REJECTED = "INCIDENT_STATUS_REJECTED"
        """REJECTED (zh: 被驳回)."""
        INCIDENT_STATUS_RESOLVED = "INCIDENT_STATUS_RESOLVED"
        """RESOLVED (zh: 已解决待验证)."""
        INCIDENT_STATUS_COMPLETED = "INCIDENT_STATUS_COMPLETED"
        """COMPLETED (zh: 已完成)."""


_DISPLAY: dict[str, Any] = {
    "entries": "enum_data_list",
    "property": "prop_id",
    "value": "biz_id",
    "names": {"en": "name_en", "zh": "name_zh"},
}
_LABELS: dict[str, dict[str, dict[str, str]]] = {
    "status": {
        "incident_draft": {"en": "DRAFT", "zh": "草稿"},
        "INCIDENT_STATUS_TRIGGERED": {"en": "TRIGGERED", "zh": "未受理"},
        "INCIDENT_STATUS_ACKNOWLEDGED": {"en": "ACKNOWLEDGED", "zh": "已受理"},
        "INCIDENT_STATUS_REJECTED": {"en": "REJECTED", "zh": "被驳回"},
        "INCIDENT_STATUS_RESOLVED": {"en": "RESOLVED", "zh": "已解决待验证"},
        "INCIDENT_STATUS_COMPLETED": {"en": "COMPLETED", "zh": "已完成"},
    }
}

# Imported last: classes may name each other in a circle.
from .ticket_info_enum_data import TicketInfoEnumData  # noqa: E402
