# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The contract's operations: all that the runtime needs to know of each."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from .models import (
    CocTicketHistoryBaseInfoV2,
    CountFilterV2,
    GatewayError,
    IncidentDataInfo,
    ListIncidentsHistoriesRequestBody,
    ListIncidentsHistoriesResponseBody,
    ListIncidentsRequestBody,
    ListIncidentsResponseBody,
    ObjectFilterV2,
    SortFilterV2,
)
from .runtime.operations import Operation, Pagination, Query
from .runtime.parameters import Parameter

LIST_INCIDENTS: Operation[ListIncidentsResponseBody] = Operation(
    name="ListIncidents",
    method="POST",
    path="/v2/incidents/list",
    body_type=ListIncidentsRequestBody,
    empty_body=True,
    item_type=IncidentDataInfo,
    answers={
        "200": ListIncidentsResponseBody,
    },
    failures={
        "400": ListIncidentsResponseBody,
        "401": GatewayError,
        "403": GatewayError,
        "404": GatewayError,
        "413": GatewayError,
        "429": GatewayError,
        "500": GatewayError,
        "503": GatewayError,
        "504": GatewayError,
    },
    success_member="error_code",
    success_values=("0", "0000", "GOM.00000000"),
    permissions=("coc:ticket:list",),
    repeatable=True,
    pagination=Pagination(
        items=("data", "tickets"),
        total=("data", "total"),
        page="page",
        size="per_page",
        all="contain_all",
        total_wanted="contain_total",
        largest_size=200,
        default_size=10,
    ),
    query=Query(
        string_filters="string_filters",
        int_filters="int_filters",
        condition="condition",
        sort="sort_filter",
        projection="fields",
        counts="count_filters",
        count_results=("data", "count_results"),
        key="ticket_id",
        filter_type=ObjectFilterV2,
        sort_type=SortFilterV2,
        count_type=CountFilterV2,
        limits={"string_filters": 20, "int_filters": 20, "count_filters": 10},
        longest_condition=10000,
    ),
)
"""`POST /v2/incidents/list`: Query incident tickets."""

LIST_INCIDENTS_HISTORIES: Operation[ListIncidentsHistoriesResponseBody] = Operation(
    name="ListIncidentsHistories",
    method="POST",
    path="/v2/incidents/{incident_id}/histories",
    body_type=ListIncidentsHistoriesRequestBody,
    empty_body=True,
    item_type=CocTicketHistoryBaseInfoV2,
    answers={
        "200": ListIncidentsHistoriesResponseBody,
    },
    failures={
        "400": ListIncidentsHistoriesResponseBody,
        "401": GatewayError,
        "403": GatewayError,
        "404": GatewayError,
        "413": GatewayError,
        "429": GatewayError,
        "500": GatewayError,
        "503": GatewayError,
        "504": GatewayError,
    },
    parameters=(Parameter("incident_id", "path", Annotated[str, Meta(min_length=1, max_length=50)]),),
    success_member="error_code",
    success_values=("0", "0000", "GOM.00000000"),
    permissions=("coc:ticket:getOperationHistories",),
    repeatable=True,
    pagination=Pagination(
        items=("data", "info"),
        total=("data", "total"),
    ),
    query=Query(
        string_filters="string_filters",
        int_filters="int_filters",
        condition="condition",
        sort="sort_filter",
        projection="fields",
        counts="count_filters",
        count_results=("data", "count_results"),
        key="start_time",
        filter_type=ObjectFilterV2,
        sort_type=SortFilterV2,
        count_type=CountFilterV2,
        limits={"string_filters": 20, "int_filters": 20, "count_filters": 10},
        longest_condition=10000,
    ),
)
"""`POST /v2/incidents/{incident_id}/histories`: Query the histories of an incident."""


OPERATIONS: dict[str, Operation[Any]] = {
    operation.name: operation
    for operation in (
        LIST_INCIDENTS,
        LIST_INCIDENTS_HISTORIES,
    )
}
"""Every operation by its name in the contract."""


def prepare() -> None:
    """Build every decoder now rather than at the first call; raises `TypeError` when a class cannot be decoded."""
    for operation in OPERATIONS.values():
        operation.prepare()
