"""Every answer is held against the contract, and the breach lands at the obligation of its place."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from contract_tests import rules
from contract_tests.answers import Answers
from contract_tests.contract import Contract, Level, Operation
from contract_tests.exchange import Exchange
from contract_tests.ledger import Ledger, Verdict
from contract_tests.obligations import obligations

from .conftest import JSON, REFUSAL, envelope

Failed = Callable[..., list[str]]
TICKET = {
    "ticket_id": "IM1",
    "title": "t",
    "create_time": 1744252838072,
    "enum_data_list": [{"prop_id": "level_id", "biz_id": "level_30"}],
}


@pytest.fixture
def failed(contract: Contract, operation: Operation) -> Failed:
    """The obligations that one answer breaks."""

    def check(body: bytes, status: int = 200, headers: dict[str, str] | None = None) -> list[str]:
        ledger = Ledger.of(obligations(contract, operation))
        exchange = Exchange("POST", "http://x/v2/incidents/list", {}, b"{}", status, headers or JSON, body)
        Answers(contract, operation, ledger).check(exchange)
        return [result.obligation.id for result in ledger if result.verdict is Verdict.FAIL]

    return check


@pytest.mark.parametrize(
    "ticket",
    [
        TICKET,
        {},
        {**TICKET, "create_time": "1744252838072", "update_time": "2025-04-10T10:40:38Z"},
        {**TICKET, "is_service_interrupt": "true", "handle_time": 315},
        {**TICKET, "a_member_of_tomorrow": {"x": [1]}},
    ],
    ids=["whole", "empty", "times as text", "flag as text", "an extra member"],
)
def test_what_the_page_allows_breaks_nothing(failed: Failed, ticket: dict[str, Any]) -> None:
    """Both types of a time or a flag, absent members and extra ones are fine."""
    assert failed(envelope(total=1, tickets=[ticket])) == []


@pytest.mark.parametrize("data", [{}, {"total": 0}, {"total": 0, "tickets": []}, {"count_results": []}])
def test_an_empty_result_may_look_many_ways(failed: Failed, data: dict[str, Any]) -> None:
    """Absent, empty and zero are all readings of the page."""
    assert failed(envelope(**data)) == []


def test_the_unit_of_a_time_without_example_is_assumed(failed: Failed, contract: Contract) -> None:
    """Seconds in start_time, which the page's example does not show, are a warning; a null there is a breach yet."""
    pointer = "/components/schemas/IncidentDataInfo/properties"
    levels = {name: contract.level(f"{pointer}/{name}", "x-timestamp") for name in ("create_time", "start_time")}
    assert levels == {"create_time": Level.DOCUMENTED, "start_time": Level.ASSUMED}
    assert failed(envelope(total=1, tickets=[{"start_time": 1744252838}])) == ["COC-T6-start_time-unit"]
    assert failed(envelope(total=1, tickets=[{"start_time": None}])) == ["COC-T6-start_time-type"]


def test_null_for_an_empty_result_is_no_more_than_a_warning(failed: Failed) -> None:
    """The page does not say what an empty array looks like: null breaks an assumption alone."""
    assert failed(envelope(total=0, tickets=None, count_results=None)) == [rules.EMPTY.id]


@pytest.mark.parametrize(
    ("request_body", "expected"),
    [(b'{"contain_total":false}', [rules.EMPTY.id]), (b"{}", ["COC-T5-total-type"])],
    ids=["not wanted", "wanted"],
)
def test_null_for_a_total_that_is_not_wanted_is_a_warning(
    contract: Contract, operation: Operation, request_body: bytes, expected: list[str]
) -> None:
    """The page says that no total comes then, not what stands in its place."""
    ledger = Ledger.of(obligations(contract, operation))
    body = envelope(total=None, tickets=[TICKET])
    exchange = Exchange("POST", "http://x/v2/incidents/list", {}, request_body, 200, JSON, body)
    Answers(contract, operation, ledger).check(exchange)
    assert [result.obligation.id for result in ledger if result.verdict is Verdict.FAIL] == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"title": 5}, "COC-T6-title-type"),
        ({"title": "x" * 256}, "COC-T6-title-maxlength"),
        ({"assignee": None}, "COC-T6-assignee-type"),
        ({"create_time": 1.5}, "COC-T6-create_time-type"),
        ({"create_time": ""}, "COC-T6-create_time-minlength"),
        ({"create_time": 1744252838}, "COC-T6-create_time-unit"),
        ({"create_time": "1" * 5000}, "COC-T6-create_time-maxlength"),
        ({"create_time": "1744252838"}, "COC-T6-create_time-unit"),
        ({"is_service_interrupt": "yes"}, "COC-T6-is_service_interrupt-pattern"),
        ({"enum_data_list": {}}, "COC-T6-enum_data_list-type"),
        ({"enum_data_list": [{"name_zh": 1}]}, "COC-T7-name_zh-type"),
        ({"attachment": []}, "COC-IncidentDataInfo.attachment-type"),
    ],
)
def test_one_bad_ticket_among_300(failed: Failed, change: dict[str, Any], expected: str) -> None:
    """A breach in one ticket of many lands at its row, and nowhere else."""
    tickets = [TICKET] * 299 + [{**TICKET, **change}]
    assert failed(envelope(total=300, tickets=tickets)) == [expected]


@pytest.mark.parametrize(
    ("body", "status", "headers", "expected"),
    [
        (b"<html>", 200, JSON, ["COC-S200-shape"]),
        (b"[]", 200, JSON, ["COC-S200-shape"]),
        (b"\xef\xbb\xbf" + envelope(), 200, JSON, ["COC-S200-shape"]),
        (envelope().decode().encode("utf-16"), 200, JSON, ["COC-S200-shape"]),
        (envelope(score=float("nan")), 200, JSON, ["COC-S200-shape"]),
        (envelope(tickets=[{"title": "half a \ud83d"}]), 200, JSON, ["COC-S200-shape"]),
        (envelope(tickets=[{"title": "\ud83d\ude80"}]), 200, JSON, []),
        (b"[" * 100_000 + b"]" * 100_000, 200, JSON, ["COC-S200-shape"]),
        (b'{"total": 1, "tickets": []}', 200, JSON, ["COC-S200-shape"]),
        (envelope(total=-1), 200, JSON, ["COC-T5-total-min"]),
        (envelope(total=1.5), 200, JSON, ["COC-T5-total-type"]),
        (envelope(tickets=[None]), 200, JSON, ["COC-T5-tickets-items-type"]),
        (envelope(tickets="[]"), 200, JSON, ["COC-T5-tickets-type"]),
        (envelope(count_results=["1"]), 200, JSON, ["COC-T5-count_results-items-type"]),
        (REFUSAL, 200, JSON, ["COC-S200-success"]),
        (envelope(tickets=[TICKET]), 400, JSON, ["COC-S400-failure"]),
        (envelope(), 200, {"Content-Type": "text/html"}, ["COC-S-media-type"]),
        (envelope(), 200, {"content-type": "application/json;charset=utf-8"}, []),
        (envelope().replace(b"049", b"050"), 200, JSON, ["COC-S-constants"]),
        (b"{}", 418, JSON, ["COC-S-listed"]),
        (b'{"error_code": "x", "error_msg": "y"}', 500, JSON, ["COC-S5xx-never"]),
        (b'{"error_code": 1}', 401, JSON, ["COC-GatewayError.error_code-type", "COC-GatewayError.error_msg-required"]),
    ],
)
def test_envelope_and_status(
    failed: Failed, body: bytes, status: int, headers: dict[str, str], expected: list[str]
) -> None:
    """Each way in which an envelope or a status can be wrong has its own obligation."""
    assert failed(body, status, headers) == expected


@pytest.mark.parametrize(
    ("method", "media", "status", "expected"),
    [
        ("GET", "application/json", 405, []),
        ("PUT", "application/json", 501, []),
        ("POST", "text/plain", 415, []),
        ("GET", "application/json", 500, ["COC-S5xx-never"]),
    ],
)
def test_a_request_that_the_page_does_not_describe(
    contract: Contract, operation: Operation, method: str, media: str, *, status: int, expected: list[str]
) -> None:
    """Any refusal of another method or media type will do; a crash will not."""
    ledger = Ledger.of(obligations(contract, operation))
    body = b'{"error_code": "x", "error_msg": "y"}'
    exchange = Exchange(method, "http://x/v2/incidents/list", {"Content-Type": media}, b"{}", status, JSON, body)
    Answers(contract, operation, ledger).check(exchange)
    assert [result.obligation.id for result in ledger if result.verdict is Verdict.FAIL] == expected


def test_what_was_not_seen_is_not_passed(contract: Contract, operation: Operation) -> None:
    """A member that no answer had is skipped, whatever else passed."""
    ledger = Ledger.of(obligations(contract, operation))
    exchange = Exchange("POST", "http://x/v2/incidents/list", {}, b"{}", 200, JSON, envelope(total=1, tickets=[TICKET]))
    Answers(contract, operation, ledger).check(exchange)
    verdicts = {result.obligation.id: result.verdict for result in ledger}
    assert verdicts["COC-T6-title-type"] is Verdict.PASS
    assert verdicts["COC-T6-phase-type"] is Verdict.SKIPPED
    assert verdicts["COC-T1-page-max"] is Verdict.SKIPPED
    assert json.loads(REFUSAL)["data"] is None
