"""Answers become typed tickets: types checked, bounds not, nothing tolerable costs a page."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
from coc_incidents import IncidentDataInfo, ListIncidentsRequestBody, ObjectFilterV2, errors
from coc_incidents.operations import LIST_INCIDENTS

EXAMPLES = Path(__file__).resolve().parents[2] / "spec" / "source" / "examples"
ANSWER = json.loads((EXAMPLES / "response-200.json").read_text(encoding="utf-8"))
TICKET = ANSWER["data"]["tickets"][0]


def ticket(**members: Any) -> Any:
    """One decoded ticket."""
    return msgspec.json.decode(json.dumps(members).encode(), type=IncidentDataInfo)


def test_the_pages_own_answer(call: Any) -> None:
    """The page's example comes back typed: times aware, the flag a bool, names displayed."""
    found = call("list_incidents", handler=lambda request: httpx.Response(200, json=ANSWER))
    first = found.items[0]
    assert (1, 1161, "GOM.00000000") == (len(found), found.total, found.answer.value.error_code)
    assert datetime(2025, 4, 10, 2, 40, 38, 72000, tzinfo=UTC) == first.created_at
    assert (False, 315) == (first.is_service_interrupt, first.handle_time)
    assert TICKET == first.to_dict()
    assert ANSWER == json.loads(found.answer.raw)


@pytest.mark.parametrize(
    ("members", "attribute", "expected"),
    [
        ({"title": "x" * 300}, "title", "x" * 300),
        ({"enum_data_list": [{}] * 1025}, "enum_data_list", 1025),
        ({"level_id": "level_99"}, "level_id", "level_99"),
        ({"new_member": {"deep": [1]}}, "title", None),
        ({"title": None}, "title", None),
        ({}, "title", None),
        ({"create_time": 1744252838072}, "create_time", 1744252838072),
        ({"create_time": "1744252838072"}, "create_time", 1744252838072),
        ({"create_time": ""}, "create_time", None),
        ({"create_time": None}, "created_at", None),
        ({"create_time": 10**17}, "created_at", None),
        ({"create_time": -1}, "created_at", datetime(1969, 12, 31, 23, 59, 59, 999000, tzinfo=UTC)),
        ({"handle_time": "315"}, "handle_time", "315"),
        ({"is_service_interrupt": True}, "is_service_interrupt", True),
        ({"is_service_interrupt": "false"}, "is_service_interrupt", False),
        ({"is_service_interrupt": "TRUE"}, "is_service_interrupt", True),
        ({"is_service_interrupt": ""}, "is_service_interrupt", None),
        ({"enum_data_list": [None, {"prop_id": "x"}]}, "enum_data_list", 1),
        ({"enum_data_list": []}, "enum_data_list", 0),
        ({"title": "磁盘 🚨 \x00"}, "title", "磁盘 🚨 \x00"),
    ],
)
def test_what_is_tolerable_is_tolerated(members: dict[str, Any], attribute: str, expected: object) -> None:
    """Bounds, unknown members and values, absence and null, and both forms of times and flags cost nobody the page."""
    found = getattr(ticket(**members), attribute)
    assert expected == (len(found) if isinstance(found, list) else found)


@pytest.mark.parametrize("nothing", [{"tickets": None}, {"tickets": []}, {}, {"total": None}])
def test_no_tickets_is_an_empty_page(call: Any, nothing: dict[str, Any]) -> None:
    """Null, empty and absent tickets are an empty page, and an absent total is None."""
    found = call("list_incidents", handler=lambda r: httpx.Response(200, json={"error_code": "0", "data": nothing}))
    assert ([], None) == (found.items, found.total)


@pytest.mark.parametrize("code", ["0", "GOM.00000000", None])
def test_success_has_several_codes(call: Any, code: str | None) -> None:
    """Both documented codes, and an absent one, are success."""
    assert (
        [] == call("list_incidents", handler=lambda r: httpx.Response(200, json={"error_code": code, "data": {}})).items
    )


def test_display_names_come_from_the_ticket_then_from_the_contract() -> None:
    """The answer's own name wins, then the contract's, then the value itself."""
    names = [{"prop_id": "level_id", "biz_id": "level_30", "name_en": "Major", "name_zh": "重大"}]
    found = ticket(level_id="level_30", work_flow_status="incident_draft", phase="other", enum_data_list=names)
    assert ("Major", "重大") == (found.display("level_id"), found.display("level_id", lang="zh"))
    assert ("DRAFT", "草稿") == (found.display("work_flow_status"), found.display("work_flow_status", lang="zh"))
    assert ("other", None) == (found.display("phase"), found.display("title"))


def test_known_values_are_at_hand_and_are_text() -> None:
    """The known values of an open set compare equal to what the wire has."""
    text: str = IncidentDataInfo.LevelId.LEVEL_10
    assert text == "level_10"
    assert 5 == len(IncidentDataInfo.LevelId)


def test_models_go_to_dicts_and_back() -> None:
    """`to_dict` and `from_dict` are inverse, and an absent member stays absent."""
    body = ListIncidentsRequestBody(
        per_page=5, string_filters=[ObjectFilterV2(field="title", operator="=", values=["a"])]
    )
    expected = {"per_page": 5, "string_filters": [{"field": "title", "operator": "=", "values": ["a"]}]}
    assert expected == body.to_dict()
    assert body == ListIncidentsRequestBody.from_dict(expected)
    assert TICKET == IncidentDataInfo.from_dict(TICKET).to_dict()
    assert "IncidentDataInfo(ticket_id='IM1')" == repr(IncidentDataInfo(ticket_id="IM1"))


BOUNDS = [
    ("page", 0, "an integer from 1 to 1,000,000"),
    ("page", 1_000_001, "an integer from 1 to 1,000,000"),
    ("per_page", 0, "an integer from 1 to 200"),
    ("per_page", 201, "an integer from 1 to 200"),
    ("per_page", "50", "an integer from 1 to 200"),
    ("per_page", 1.5, "an integer from 1 to 200"),
    ("per_page", True, "an integer from 1 to 200"),
    ("per_page", None, "an integer from 1 to 200"),
    ("contain_all", 1, "true or false"),
    ("condition", "", "text of 1 to 10,000 characters"),
    ("condition", "x" * 10_001, "text of 1 to 10,000 characters"),
    ("fields", ["x"] * 101, "a list of at most 100 items"),
    ("ticket_types", ["incident"] * 6, "a list of at most 5 items"),
    ("ticket_types", "incident", "a list of at most 5 items"),
    ("string_filters", [ObjectFilterV2(field="a", operator="=", values=["b"])] * 21, "a list of at most 20 items"),
]


@pytest.mark.parametrize(("member", "value", "expected"), BOUNDS)
def test_a_broken_bound_names_member_value_and_range(call: Any, member: str, value: Any, expected: str) -> None:
    """Nothing is sent; the error says which member is what, and what it must be."""

    def no_request(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nothing may be sent")

    with pytest.raises(errors.InvalidRequest) as caught:
        call("list_incidents", ListIncidentsRequestBody(**{member: value}), handler=no_request)
    assert (member, expected) == (caught.value.member, caught.value.expected)
    assert str(caught.value).startswith(f"{member} is ")
    assert str(caught.value).endswith(f"; it must be {expected}")


@pytest.mark.parametrize(
    ("member", "value"),
    [("page", 1), ("page", 1_000_000), ("per_page", 200), ("condition", "x" * 10_000), ("fields", ["x"] * 100)],
)
def test_a_bound_itself_is_sent(call: Any, member: str, value: Any) -> None:
    """The last valid value passes, and only what is set is sent."""
    sent: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"error_code": "0", "data": {}})

    call("list_incidents", ListIncidentsRequestBody(**{member: value}), handler=answer)
    assert [{member: value}] == sent


@pytest.mark.parametrize(
    ("members", "says"),
    [
        ({"operator": "=="}, "string_filters[0].operator is '=='; it must be one of"),
        ({"values": []}, "string_filters[0].values is []; it must be a list of 1 to 1,024 items"),
        ({"values": [7]}, "string_filters[0].values[0] is 7; it must be text of at most 1,024 characters"),
        ({"field": "x" * 256}, "string_filters[0].field is "),
        ({"values": [object()]}, "cannot be written as JSON"),
    ],
)
def test_bounds_deep_in_a_request(call: Any, members: dict[str, Any], says: str) -> None:
    """A breach within a list is told with its place."""
    one = ObjectFilterV2(**{"field": "a", "operator": "=", "values": ["b"], **members})
    with pytest.raises(errors.InvalidRequest) as caught:
        call("list_incidents", ListIncidentsRequestBody(string_filters=[one]), handler=lambda r: httpx.Response(200))
    assert says in str(caught.value)


def test_every_class_can_be_decoded() -> None:
    """Each operation's body and answers are types that the decoder takes."""
    LIST_INCIDENTS.prepare()


@pytest.mark.parametrize(
    ("kind", "source", "says"),
    [
        (IncidentDataInfo, {"ticket_id": 1}, "ticket_id is 1; it must be text"),
        (IncidentDataInfo, {"create_time": "soon"}, "'soon' is no time in milliseconds"),
        (ListIncidentsRequestBody, {"per_page": 201}, "per_page is 201; it must be an integer from 1 to 200"),
        (ListIncidentsRequestBody, {"string_filters": [{"field": "a"}]}, r"string_filters\[0\] is .*; it must be a Object"),
        (ListIncidentsRequestBody, [], r"what ListIncidentsRequestBody is made of is \[\]; it must be a ListIncidents"),
    ],
)
def test_what_makes_no_model_is_one_of_our_errors(kind: Any, source: Any, says: str) -> None:
    """`from_dict` names the member, what stands there and what would be right; nothing of the layer below gets out."""
    with pytest.raises(errors.InvalidRequest, match=says):
        kind.from_dict(source)
