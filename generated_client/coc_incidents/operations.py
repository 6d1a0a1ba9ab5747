# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The contract's operations: all that the runtime needs to know of each."""

from __future__ import annotations

from typing import Any

from .models import (
    CountFilterV2,
    GatewayError,
    IncidentDataInfo,
    ListIncidentsRequestBody,
    ListIncidentsResponseBody,
    ObjectFilterV2,
    SortFilterV2,
)
from .runtime.operations import Operation, Pagination, Query

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
    },
    success_member="error_code",
    success_values=("0", "GOM.00000000"),
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


OPERATIONS: dict[str, Operation[Any]] = {operation.name: operation for operation in (LIST_INCIDENTS,)}
"""Every operation by its name in the contract."""


def prepare() -> None:
    """Build every decoder now rather than at the first call; raises `TypeError` when a class cannot be decoded."""
    for operation in OPERATIONS.values():
        operation.prepare()
