# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The command line `coc-incidents`: list, export and count."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from . import fields, operations
from .client import Client
from .runtime.arguments import Listing
from .runtime.cli import run

LISTINGS: dict[str, Listing] = {
    "incidents": Listing(
        operation=operations.LIST_INCIDENTS,
        pages="iter_incidents_pages",
        count="count_incidents",
        fields=fields.incidents,
        members=(
            "current_cloud_service_id",
            "level_id",
            "mtm_region",
            "source_id",
            "forward_rule_id",
            "enterprise_project_id",
            "mtm_type",
            "title",
            "description",
            "ticket_id",
            "is_service_interrupt",
            "work_flow_status",
            "phase",
            "assignee",
            "creator",
            "operator",
            "update_time",
            "create_time",
            "start_time",
            "handle_time",
            "incident_ownership",
            "enum_data_list",
            "emergency_plan_type",
            "emergency_plan_id",
            "emergency_plan_category",
            "attachment",
        ),
        columns=("ticket_id", "level_id", "work_flow_status", "title", "assignee", "create_time"),
        times=frozenset(
            (
                "update_time",
                "create_time",
                "start_time",
            )
        ),
        example='level_id in (level_10, level_20) and title ~ "Disk"',
        time="create_time",
        path=(),
    ),
    "incidents_histories": Listing(
        operation=operations.LIST_INCIDENTS_HISTORIES,
        pages="iter_incidents_histories_pages",
        count="count_incidents_histories",
        fields=fields.incidents_histories,
        members=(
            "action",
            "action_name_zh",
            "action_name_en",
            "operator",
            "status",
            "start_time",
            "stop_time",
            "comment",
            "enum_data_list",
        ),
        columns=("start_time", "stop_time", "action_name_en", "operator", "status", "comment"),
        times=frozenset(
            (
                "start_time",
                "stop_time",
            )
        ),
        example='status in (incident_draft, INCIDENT_STATUS_TRIGGERED) and action_name_en ~ "Accept"',
        time="start_time",
        path=("incident_id",),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command line; see `coc-incidents --help`."""
    return run(Client.from_env, LISTINGS, "coc-incidents", "1.2.0", arguments)


if __name__ == "__main__":
    sys.exit(main())
