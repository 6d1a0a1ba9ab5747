# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The contract's schemas as classes."""

from .count_filter_v2 import CountFilterV2
from .gateway_error import GatewayError
from .incident_data_info import IncidentDataInfo
from .list_incidents_request_body import ListIncidentsRequestBody
from .list_incidents_response_body import ListIncidentsResponseBody
from .list_incidents_response_body_data import ListIncidentsResponseBodyData
from .object_filter_v2 import ObjectFilterV2
from .object_filter_v2_operator import ObjectFilterV2Operator
from .sort_filter_v2 import SortFilterV2
from .sort_filter_v2_operator import SortFilterV2Operator
from .ticket_info_enum_data import TicketInfoEnumData

__all__ = [
    "CountFilterV2",
    "GatewayError",
    "IncidentDataInfo",
    "ListIncidentsRequestBody",
    "ListIncidentsResponseBody",
    "ListIncidentsResponseBodyData",
    "ObjectFilterV2",
    "ObjectFilterV2Operator",
    "SortFilterV2",
    "SortFilterV2Operator",
    "TicketInfoEnumData",
]
