# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The contract's schemas as classes."""

from .coc_list_history_response_data_v2 import CocListHistoryResponseDataV2
from .coc_ticket_history_base_info_v2 import CocTicketHistoryBaseInfoV2
from .count_filter_v2 import CountFilterV2
from .gateway_error import GatewayError
from .incident_data_info import IncidentDataInfo
from .list_incidents_histories_request_body import ListIncidentsHistoriesRequestBody
from .list_incidents_histories_response_body import ListIncidentsHistoriesResponseBody
from .list_incidents_request_body import ListIncidentsRequestBody
from .list_incidents_response_body import ListIncidentsResponseBody
from .list_incidents_response_body_data import ListIncidentsResponseBodyData
from .object_filter_v2 import ObjectFilterV2
from .object_filter_v2_operator import ObjectFilterV2Operator
from .sort_filter_v2 import SortFilterV2
from .sort_filter_v2_operator import SortFilterV2Operator
from .ticket_info_enum_data import TicketInfoEnumData

__all__ = [
    "CocListHistoryResponseDataV2",
    "CocTicketHistoryBaseInfoV2",
    "CountFilterV2",
    "GatewayError",
    "IncidentDataInfo",
    "ListIncidentsHistoriesRequestBody",
    "ListIncidentsHistoriesResponseBody",
    "ListIncidentsRequestBody",
    "ListIncidentsResponseBody",
    "ListIncidentsResponseBodyData",
    "ObjectFilterV2",
    "ObjectFilterV2Operator",
    "SortFilterV2",
    "SortFilterV2Operator",
    "TicketInfoEnumData",
]
