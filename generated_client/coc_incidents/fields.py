# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What items can be filtered and sorted by: `F.level_id == "level_10"`, `F.create_time.desc()`."""

from __future__ import annotations

from .runtime.filters import Field, Fields

_OPERATORS_INCIDENTS = frozenset(("in", "like", "startwith", "endwith", "=", "!=", ">", "<"))


class IncidentsFields(Fields):
    """The properties of `IncidentDataInfo`; beside them the service filters on approver."""

    _operators = _OPERATORS_INCIDENTS
    _extra = ("approver",)

    current_cloud_service_id = Field("current_cloud_service_id", _OPERATORS_INCIDENTS)
    """The cloud service, or application, that the incident belongs to. Range: 0 to 255 characters. Source: table 6,
    row `current_cloud_service_id`.
    """

    level_id = Field("level_id", _OPERATORS_INCIDENTS)
    """The incident's level, from P1 (`level_10`, core functions down) to P5 (`level_50`, a consultation). Range: 0 to
    255 characters. Source: table 6, row `level_id`.
    """

    mtm_region = Field("mtm_region", _OPERATORS_INCIDENTS)
    """The region that the incident happened in. Range: 0 to 255 characters. Source: table 6, row `mtm_region`."""

    source_id = Field("source_id", _OPERATORS_INCIDENTS)
    """How the incident came to be. Range: 0 to 255 characters. Source: table 6, row `source_id`."""

    forward_rule_id = Field("forward_rule_id", _OPERATORS_INCIDENTS)
    """The forwarding rule that created the incident. Range: 0 to 255 characters. Source: table 6, row
    `forward_rule_id`.
    """

    enterprise_project_id = Field("enterprise_project_id", _OPERATORS_INCIDENTS)
    """The enterprise project; `0` is the default project. Range: 0 to 255 characters. Source: table 6, row
    `enterprise_project_id`.
    """

    mtm_type = Field("mtm_type", _OPERATORS_INCIDENTS)
    """What kind of trouble the incident is. Range: 0 to 255 characters. Source: table 6, row `mtm_type`."""

    title = Field("title", _OPERATORS_INCIDENTS)
    """The incident in one line. Range: 0 to 255 characters. Source: table 6, row `title`."""

    description = Field("description", _OPERATORS_INCIDENTS)
    """The incident in detail. Range: 0 to 255 characters. Source: table 6, row `description`."""

    ticket_id = Field("ticket_id", _OPERATORS_INCIDENTS)
    """The ticket's number; no two tickets share one. Range: 0 to 255 characters. Source: table 6, row `ticket_id`."""

    is_service_interrupt = Field("is_service_interrupt", _OPERATORS_INCIDENTS)
    """Whether the incident interrupts a service. Source: table 6, row `is_service_interrupt`."""

    work_flow_status = Field("work_flow_status", _OPERATORS_INCIDENTS)
    """Where the incident stands in its workflow. Range: 0 to 255 characters. Source: table 6, row `work_flow_status`."""

    phase = Field("phase", _OPERATORS_INCIDENTS)
    """The phase of the workflow. Range: 0 to 255 characters. Source: table 6, row `phase`."""

    assignee = Field("assignee", _OPERATORS_INCIDENTS)
    """The user who owns the incident now. Range: 0 to 255 characters. Source: table 6, row `assignee`."""

    creator = Field("creator", _OPERATORS_INCIDENTS)
    """The user who created the incident. Range: 0 to 255 characters. Source: table 6, row `creator`."""

    operator = Field("operator", _OPERATORS_INCIDENTS)
    """The user who last worked on the incident. Range: 0 to 255 characters. Source: table 6, row `operator`."""

    update_time = Field("update_time", _OPERATORS_INCIDENTS, holds_integers=True, is_time=True)
    """When the ticket last changed, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: table 6,
    row `update_time`.
    """

    create_time = Field("create_time", _OPERATORS_INCIDENTS, holds_integers=True, is_time=True)
    """When the ticket was created, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: table 6,
    row `create_time`.
    """

    start_time = Field("start_time", _OPERATORS_INCIDENTS, holds_integers=True, is_time=True)
    """When the fault began, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: table 6, row
    `start_time`.
    """

    handle_time = Field("handle_time", _OPERATORS_INCIDENTS, holds_integers=True)
    """The time of processing. The page calls it a timestamp; its example, 315, reads like seconds of work. Kept as the
    number it is. Range: 1 to 50 characters. Source: table 6, row `handle_time`.
    """

    incident_ownership = Field("incident_ownership", _OPERATORS_INCIDENTS)
    """Whom the incident is ascribed to; the page defines no value. Range: 0 to 255 characters. Source: table 6, row
    `incident_ownership`.
    """

    enum_data_list = Field("enum_data_list", _OPERATORS_INCIDENTS)
    """Display names of the ticket's coded values. Range: 0 to 1,024 items. Source: table 6, row `enum_data_list`."""

    emergency_plan_type = Field("emergency_plan_type", _OPERATORS_INCIDENTS)
    """The kind of contingency plan that the incident started. Source: example `response-200`."""

    emergency_plan_id = Field("emergency_plan_id", _OPERATORS_INCIDENTS)
    """The contingency plan that the incident started. Source: example `response-200`."""

    emergency_plan_category = Field("emergency_plan_category", _OPERATORS_INCIDENTS)
    """Whether the contingency plan is shared or the tenant's own. Source: example `response-200`."""

    attachment = Field("attachment", _OPERATORS_INCIDENTS)
    """The files attached to the ticket; empty when there are none. Source: example `response-200`."""


incidents = IncidentsFields()

_OPERATORS_INCIDENTS_HISTORIES = frozenset(("in", "like", "startwith", "endwith", "=", "!=", ">", "<"))


class IncidentsHistoriesFields(Fields):
    """The properties of `CocTicketHistoryBaseInfoV2`."""

    _operators = _OPERATORS_INCIDENTS_HISTORIES
    _extra = ()

    action = Field("action", _OPERATORS_INCIDENTS_HISTORIES)
    """What was done, as a code. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    action_name_zh = Field("action_name_zh", _OPERATORS_INCIDENTS_HISTORIES)
    """What was done, in Chinese. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    action_name_en = Field("action_name_en", _OPERATORS_INCIDENTS_HISTORIES)
    """What was done, in English. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    operator = Field("operator", _OPERATORS_INCIDENTS_HISTORIES)
    """The user who did it. Range: 0 to 255 characters. Source: huaweicloudsdkcoc, CocTicketHistoryBaseInfoV2."""

    status = Field("status", _OPERATORS_INCIDENTS_HISTORIES)
    """Where the incident then stood in its workflow. Range: 0 to 255 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    start_time = Field("start_time", _OPERATORS_INCIDENTS_HISTORIES, holds_integers=True, is_time=True)
    """When it began, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    stop_time = Field("stop_time", _OPERATORS_INCIDENTS_HISTORIES, holds_integers=True, is_time=True)
    """When it ended, in milliseconds since 1970-01-01 UTC. Range: 1 to 50 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    comment = Field("comment", _OPERATORS_INCIDENTS_HISTORIES)
    """What whoever did it had to say. Range: 0 to 255 characters. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """

    enum_data_list = Field("enum_data_list", _OPERATORS_INCIDENTS_HISTORIES)
    """Display names of the entry's coded values. Range: 0 to 1,024 items. Source: huaweicloudsdkcoc,
    CocTicketHistoryBaseInfoV2.
    """


incidents_histories = IncidentsHistoriesFields()

F = incidents
"""The fields of the contract's first query."""
