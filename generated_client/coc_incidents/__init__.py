# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""COC Incident Tickets. Query the incident tickets of Cloud Operations Center."""

from .client import AsyncClient, Client
from .fields import F
from .models import (
    CocListHistoryResponseDataV2,
    CocTicketHistoryBaseInfoV2,
    CountFilterV2,
    GatewayError,
    IncidentDataInfo,
    ListIncidentsHistoriesRequestBody,
    ListIncidentsHistoriesResponseBody,
    ListIncidentsRequestBody,
    ListIncidentsResponseBody,
    ListIncidentsResponseBodyData,
    ObjectFilterV2,
    ObjectFilterV2Operator,
    SortFilterV2,
    SortFilterV2Operator,
    TicketInfoEnumData,
)
from .runtime import errors
from .runtime.answers import Answer
from .runtime.exchange import AsyncHook, Event, Hook, Patience
from .runtime.filters import Expression, Filter, Sort
from .runtime.paging import Page
from .runtime.signing import AkSkAuth, TokenAuth

__version__ = "1.2.0"

__all__ = [
    "AkSkAuth",
    "Answer",
    "AsyncClient",
    "AsyncHook",
    "Client",
    "CocListHistoryResponseDataV2",
    "CocTicketHistoryBaseInfoV2",
    "CountFilterV2",
    "Event",
    "Expression",
    "F",
    "Filter",
    "GatewayError",
    "Hook",
    "IncidentDataInfo",
    "ListIncidentsHistoriesRequestBody",
    "ListIncidentsHistoriesResponseBody",
    "ListIncidentsRequestBody",
    "ListIncidentsResponseBody",
    "ListIncidentsResponseBodyData",
    "ObjectFilterV2",
    "ObjectFilterV2Operator",
    "Page",
    "Patience",
    "Sort",
    "SortFilterV2",
    "SortFilterV2Operator",
    "TicketInfoEnumData",
    "TokenAuth",
    "errors",
]
