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
    SortFilterV2,
    TicketInfoEnumData,
)
from .runtime import errors
from .runtime.answers import Answer
from .runtime.exchange import Event, Patience
from .runtime.paging import Page
from .runtime.signing import AkSkAuth, TokenAuth

__version__ = "1.2.0"

__all__ = [
    "AkSkAuth",
    "Answer",
    "AsyncClient",
    "Client",
    "CocListHistoryResponseDataV2",
    "CocTicketHistoryBaseInfoV2",
    "CountFilterV2",
    "Event",
    "F",
    "GatewayError",
    "IncidentDataInfo",
    "ListIncidentsHistoriesRequestBody",
    "ListIncidentsHistoriesResponseBody",
    "ListIncidentsRequestBody",
    "ListIncidentsResponseBody",
    "ListIncidentsResponseBodyData",
    "ObjectFilterV2",
    "Page",
    "Patience",
    "SortFilterV2",
    "TicketInfoEnumData",
    "TokenAuth",
    "errors",
]
