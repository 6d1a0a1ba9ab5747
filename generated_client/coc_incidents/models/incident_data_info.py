# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

import attrs
from msgspec import Meta

from ..runtime.wire import (
    Flag,
    Milliseconds,
    Model,
    NotNull,
    display_name,
    flag,
    milliseconds,
    moment,
)


@attrs.define(kw_only=True, repr=False)
class IncidentDataInfo(Model):
    """One incident ticket. Source: table 6."""

    current_cloud_service_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The cloud service, or application, that the incident belongs to. Range: 0 to 255 characters. Source: table 6,
    row `current_cloud_service_id`.
    """

    level_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The incident's level, from P1 (`level_10`, core functions down) to P5 (`level_50`, a consultation). Range: 0 to
    255 characters. Source: table 6, row `level_id`.
    """

    mtm_region: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The region that the incident happened in. Range: 0 to 255 characters. Source: table 6, row `mtm_region`."""

    source_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """How the incident came to be. Range: 0 to 255 characters. Source: table 6, row `source_id`."""

    forward_rule_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The forwarding rule that created the incident. Range: 0 to 255 characters. Source: table 6, row
    `forward_rule_id`.
    """

    enterprise_project_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The enterprise project; `0` is the default project. Range: 0 to 255 characters. Source: table 6, row
    `enterprise_project_id`.
    """

    mtm_type: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """What kind of trouble the incident is. Range: 0 to 255 characters. Source: table 6, row `mtm_type`."""

    title: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The incident in one line. Range: 0 to 255 characters. Source: table 6, row `title`."""

    description: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The incident in detail. Range: 0 to 255 characters. Source: table 6, row `description`."""

    ticket_id: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The ticket's number; no two tickets share one. Range: 0 to 255 characters. Source: table 6, row `ticket_id`."""

    is_service_interrupt: Annotated[Flag, Meta(extra_json_schema={"pattern": "^(true|false)$"})] | None = None
    """Whether the incident interrupts a service. Source: table 6, row `is_service_interrupt`."""

    work_flow_status: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """Where the incident stands in its workflow. Range: 0 to 255 characters. Source: table 6, row `work_flow_status`."""

    phase: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The phase of the workflow. Range: 0 to 255 characters. Source: table 6, row `phase`."""

    assignee: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The user who owns the incident now. Range: 0 to 255 characters. Source: table 6, row `assignee`."""

    creator: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The user who created the incident. Range: 0 to 255 characters. Source: table 6, row `creator`."""

    operator: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """The user who last worked on the incident. Range: 0 to 255 characters. Source: table 6, row `operator`."""

    update_time: Annotated[Milliseconds, Meta(extra_json_schema={"minLength": 1, "maxLength": 50})] | None = None
    """When the ticket last changed, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: table 6,
    row `update_time`.
    """

    create_time: Annotated[Milliseconds, Meta(extra_json_schema={"minLength": 1, "maxLength": 50})] | None = None
    """When the ticket was created, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: table 6,
    row `create_time`.
    """

    start_time: Annotated[Milliseconds, Meta(extra_json_schema={"minLength": 1, "maxLength": 50})] | None = None
    """When the fault began, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: table 6, row
    `start_time`.
    """

    handle_time: int | Annotated[str, Meta(extra_json_schema={"minLength": 1, "maxLength": 50})] | None = None
    """The time of processing. The page calls it a timestamp; its example, 315, reads like seconds of work. Kept as the
    number it is. Range: 1 to 50 characters. Source: table 6, row `handle_time`.
    """

    incident_ownership: Annotated[str, Meta(extra_json_schema={"maxLength": 255})] | None = None
    """Whom the incident is ascribed to; the page defines no value. Range: 0 to 255 characters. Source: table 6, row
    `incident_ownership`.
    """

    enum_data_list: Annotated[list[NotNull[TicketInfoEnumData]], Meta(extra_json_schema={"maxItems": 1024})] | None = (
        None
    )
    """Display names of the ticket's coded values. Range: 0 to 1,024 items. Source: table 6, row `enum_data_list`."""

    emergency_plan_type: str | None = None
    """The kind of contingency plan that the incident started. Source: example `response-200`."""

    emergency_plan_id: str | None = None
    """The contingency plan that the incident started. Source: example `response-200`."""

    emergency_plan_category: str | None = None
    """Whether the contingency plan is shared or the tenant's own. Source: example `response-200`."""

    attachment: str | None = None
    """The files attached to the ticket; empty when there are none. Source: example `response-200`."""

    def __attrs_pre_init__(self) -> None:
        # What an answer leaves out is None from the start: asking an empty slot costs the decoder an exception.
        self.current_cloud_service_id = None
        self.level_id = None
        self.mtm_region = None
        self.source_id = None
        self.forward_rule_id = None
        self.enterprise_project_id = None
        self.mtm_type = None
        self.title = None
        self.description = None
        self.ticket_id = None
        self.is_service_interrupt = None
        self.work_flow_status = None
        self.phase = None
        self.assignee = None
        self.creator = None
        self.operator = None
        self.update_time = None
        self.create_time = None
        self.start_time = None
        self.handle_time = None
        self.incident_ownership = None
        self.enum_data_list = None
        self.emergency_plan_type = None
        self.emergency_plan_id = None
        self.emergency_plan_category = None
        self.attachment = None

    def __attrs_post_init__(self) -> None:
        # The wire has these members in two forms; the annotation names the one that Python sees.
        if isinstance(self.is_service_interrupt, str):
            self.is_service_interrupt = flag(self.is_service_interrupt)
        if isinstance(self.update_time, str):
            self.update_time = milliseconds(self.update_time)
        if isinstance(self.create_time, str):
            self.create_time = milliseconds(self.create_time)
        if isinstance(self.start_time, str):
            self.start_time = milliseconds(self.start_time)
        if self.enum_data_list and not all(self.enum_data_list):
            self.enum_data_list = [item for item in self.enum_data_list if item is not None]

    @property
    def updated_at(self) -> datetime | None:
        """`update_time` as an aware datetime (UTC); None when it is absent."""
        return moment(self.update_time)

    @property
    def created_at(self) -> datetime | None:
        """`create_time` as an aware datetime (UTC); None when it is absent."""
        return moment(self.create_time)

    @property
    def started_at(self) -> datetime | None:
        """`start_time` as an aware datetime (UTC); None when it is absent."""
        return moment(self.start_time)

    def display(self, member: str, lang: Literal["en", "zh"] = "en") -> str | None:
        """The display name of a coded member, as in `display('level_id')`: the answer's own, else the contract's, else
        the value itself; None when the member is absent.
        """
        return display_name(self, member, lang, keys=_DISPLAY, labels=_LABELS.get(member, {}))

    class LevelId(StrEnum):
        """Known values of `level_id`; tenants may have more, so members of answers are plain text."""

        LEVEL_10 = "level_10"
        """P1."""
        LEVEL_20 = "level_20"
        """P2."""
        LEVEL_30 = "level_30"
        """P3."""
        LEVEL_40 = "level_40"
        """P4."""
        LEVEL_50 = "level_50"
        """P5."""

    class SourceId(StrEnum):
        """Known values of `source_id`; tenants may have more, so members of answers are plain text."""

        INCIDENT_SOURCE_MANUAL = "incident_source_manual"
        """Manual Creation (zh: 人工创建)."""
        INCIDENT_SOURCE_FORWARDING = "incident_source_forwarding"
        """Transfer creation (zh: 流转创建)."""
        INCIDENT_SOURCE_ALARM = "incident_source_alarm"
        """alarm (zh: 告警)."""

    class MtmType(StrEnum):
        """Known values of `mtm_type`; tenants may have more, so members of answers are plain text."""

        INC_TYPE_P_SECURITY_ISSUES = "inc_type_p_security_issues"
        """Security issues (zh: 安全问题)."""
        INC_TYPE_P_FUNCTION_ISSUES = "inc_type_p_function_issues"
        """function issues (zh: 功能问题)."""
        INC_TYPE_P_RELIABILITY_ISSUES = "inc_type_p_reliability_issues"
        """reliability issues (zh: Performance/Reliability problem)."""
        INC_TYPE_P_CONFIG_ISSUES = "inc_type_p_config_issues"
        INC_TYPE_P_CHANGE_ISSUES = "inc_type_p_change_issues"

    class WorkFlowStatus(StrEnum):
        """Known values of `work_flow_status`; tenants may have more, so members of answers are plain text."""

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
        PAUSING = "pausing"
        LEVEL_APPROVING = "level_approving"
        PAUSE_APPROVING = "pause_approving"

    class Phase(StrEnum):
        """Known values of `phase`; tenants may have more, so members of answers are plain text."""

        PHASE_INCIDENT_CREATE = "phase_incident_create"


_DISPLAY: dict[str, Any] = {
    "entries": "enum_data_list",
    "property": "prop_id",
    "value": "biz_id",
    "names": {"en": "name_en", "zh": "name_zh"},
}
_LABELS: dict[str, dict[str, dict[str, str]]] = {
    "level_id": {
        "level_10": {"en": "P1", "zh": "P1"},
        "level_20": {"en": "P2", "zh": "P2"},
        "level_30": {"en": "P3", "zh": "P3"},
        "level_40": {"en": "P4", "zh": "P4"},
        "level_50": {"en": "P5", "zh": "P5"},
    },
    "source_id": {
        "incident_source_manual": {"en": "Manual Creation", "zh": "人工创建"},
        "incident_source_forwarding": {"en": "Transfer creation", "zh": "流转创建"},
        "incident_source_alarm": {"en": "alarm", "zh": "告警"},
    },
    "mtm_type": {
        "inc_type_p_security_issues": {"en": "Security issues", "zh": "安全问题"},
        "inc_type_p_function_issues": {"en": "function issues", "zh": "功能问题"},
        "inc_type_p_reliability_issues": {"en": "reliability issues", "zh": "Performance/Reliability problem"},
    },
    "work_flow_status": {
        "incident_draft": {"en": "DRAFT", "zh": "草稿"},
        "INCIDENT_STATUS_TRIGGERED": {"en": "TRIGGERED", "zh": "未受理"},
        "INCIDENT_STATUS_ACKNOWLEDGED": {"en": "ACKNOWLEDGED", "zh": "已受理"},
        "INCIDENT_STATUS_REJECTED": {"en": "REJECTED", "zh": "被驳回"},
        "INCIDENT_STATUS_RESOLVED": {"en": "RESOLVED", "zh": "已解决待验证"},
        "INCIDENT_STATUS_COMPLETED": {"en": "COMPLETED", "zh": "已完成"},
    },
}

# Imported last: classes may name each other in a circle.
from .ticket_info_enum_data import TicketInfoEnumData  # noqa: E402
