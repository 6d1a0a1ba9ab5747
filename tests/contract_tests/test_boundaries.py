"""The probes find each bound that a service does not hold, and nothing in a service that holds them all."""

import copy
import json
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from contract_tests import boundaries
from contract_tests.answers import Answers
from contract_tests.bodies import slots
from contract_tests.contract import Contract, Operation
from contract_tests.covering import covering
from contract_tests.ledger import Kind, Ledger, Verdict
from contract_tests.obligations import ids, obligations
from contract_tests.probes import KEYWORDS
from contract_tests.relation import Session

from .conftest import JSON, REFUSAL, Answer, Direct, empty_service, envelope

#: Another keyword at the same place refuses the same values, so that dropping this one changes nothing a client sees.
HIDDEN = {("operator", "type"), ("operator", "maxLength")}


@pytest.fixture
def examine(contract: Contract, operation: Operation) -> Callable[[Answer], Ledger]:
    """Run the probes against a function."""

    def run(answer: Answer) -> Ledger:
        target = Direct(operation, answer)
        ledger = Ledger.of(obligations(contract, operation))
        target.watch = Answers(contract, operation, ledger).check
        for _ in boundaries.run(Session(contract, operation, target, Random(1)), ledger):
            pass
        return ledger

    return run


def failed(ledger: Ledger) -> list[str]:
    """The ids that failed."""
    return [result.obligation.id for result in ledger if result.verdict is Verdict.FAIL]


def places(operation: Operation) -> list[tuple[str, str]]:
    """Every (pointer, keyword) of the request that a client can see."""
    return [
        (slot.schema["x-pointer"], keyword)
        for slot in {slot.schema["x-pointer"]: slot for slot in slots(operation.request)}.values()
        for keyword in [*KEYWORDS, *(["required"] if slot.required else [])]
        if (keyword in slot.schema or keyword == "required") and (slot.path or ("",))[-1:] != ("",)
        if (slot.path[-1:] or ("",))[0] != "operator" or (str(slot.path[-1]), keyword) not in HIDDEN
    ]


def without(schema: Any, pointer: str, keyword: str) -> Any:
    """A copy of the schema in which the place has lost one keyword."""
    found = copy.deepcopy(schema)

    def walk(node: dict[str, Any]) -> None:
        if node.get("x-pointer") == pointer and keyword != "required":
            node.pop(keyword, None)
        for name, part in node.get("properties", {}).items():
            if part["x-pointer"] == pointer and keyword == "required":
                node["required"] = [one for one in node["required"] if one != name]
            walk(part)
        if "items" in node:
            walk(node["items"])

    walk(found)
    return found


def test_a_service_that_holds_every_bound(
    contract: Contract, operation: Operation, examine: Callable[[Answer], Ledger]
) -> None:
    """Nothing fails, and every probe of the request side is judged: 100 %."""
    ledger = examine(empty_service(operation))
    assert failed(ledger) == []
    request = [one for one in ledger if one.obligation.kind is Kind.REQUEST and one.obligation.needs]
    assert [one.obligation.id for one in request if one.verdict is not Verdict.PASS] == []
    assert len(request) > 70


def test_a_dropped_keyword_is_found(
    contract: Contract, operation: Operation, examine: Callable[[Answer], Ledger]
) -> None:
    """For each keyword of the request: a service that lacks it alone fails at its obligation alone."""
    names = ids(contract, operation)
    wrong = {}
    for pointer, keyword in places(operation):
        found = failed(examine(empty_service(operation, without(operation.request, pointer, keyword))))
        if found != [names[pointer, keyword]]:
            wrong[names[pointer, keyword]] = found
    assert wrong == {}


@pytest.mark.parametrize(
    ("member", "bound", "expected"),
    [
        ("page", {"maximum": 999_999}, "COC-T1-page-max"),
        ("per_page", {"minimum": 2}, "COC-T1-per_page-min"),
        ("string_filters", {"maxItems": 19}, "COC-T1-string_filters-maxitems"),
        ("condition", {"maxLength": 9_999}, "COC-T1-condition-maxlength"),
        ("fields", {"maxItems": 99}, "COC-T1-fields-maxitems"),
    ],
)
def test_a_bound_that_is_too_tight(
    operation: Operation, examine: Callable[[Answer], Ledger], member: str, bound: dict[str, int], expected: str
) -> None:
    """The last valid value must be accepted."""
    schema = copy.deepcopy(operation.request)
    schema["properties"][member] |= bound
    assert failed(examine(empty_service(operation, schema))) == [expected]


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        (lambda text: len(text.encode()), "COC-T3-name-maxlength"),
        (lambda text: len(text.encode("utf-16-le")) // 2, "COC-T3-name-maxlength"),
    ],
    ids=["bytes", "UTF-16 units"],
)
def test_lengths_are_in_characters(
    operation: Operation, examine: Callable[[Answer], Ledger], measure: Callable[[str], int], expected: str
) -> None:
    """A service that counts bytes or UTF-16 units refuses names that are within the range."""
    valid = empty_service(operation)

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        filters = json.loads(body).get("string_filters") if body.startswith(b"{") else None
        for one in filters if isinstance(filters, list) else ():
            if isinstance(one, dict) and isinstance(one.get("name"), str) and measure(one["name"]) > 255:
                return 400, JSON, REFUSAL
        return valid(method, path, headers, body)

    assert failed(examine(answer)) == [expected]


def test_members_that_do_not_go_together(operation: Operation, examine: Callable[[Answer], Ledger]) -> None:
    """A service that refuses two optional members side by side, and takes each alone, is found."""
    valid = empty_service(operation)

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        sent = json.loads(body)
        both = isinstance(sent, dict) and {"count_filters", "group_by_filter"} <= set(sent)
        return (400, JSON, REFUSAL) if both else valid(method, path, headers, body)

    assert failed(examine(answer)) == ["COC-X-members-together"]


def test_only_the_first_item_is_validated(operation: Operation, examine: Callable[[Answer], Ledger]) -> None:
    """A service that looks at the first filter alone is found."""
    valid = empty_service(operation)

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        sent = json.loads(body)
        if isinstance(sent, dict) and isinstance(sent.get("string_filters"), list) and len(sent["string_filters"]) == 2:
            sent["string_filters"] = sent["string_filters"][:1]
        return valid(method, path, headers, json.dumps(sent).encode())

    assert "COC-T3-operator-enum" in failed(examine(answer))


@pytest.mark.parametrize(("last", "verdict"), [(10, Verdict.INCONCLUSIVE), (999_999, Verdict.FAIL)])
def test_a_page_past_the_end_may_be_refused(
    operation: Operation, examine: Callable[[Answer], Ledger], last: int, verdict: Verdict
) -> None:
    """The last page that may be asked for is past the end, as is the one before it; to refuse it alone is a breach."""
    valid = empty_service(operation)

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        asked = json.loads(body or b"{}")
        page = asked.get("page", 1) if isinstance(asked, dict) else 1
        if isinstance(page, int) and last < page <= 1_000_000:
            return 400, JSON, REFUSAL
        return valid(method, path, headers, body)

    assert examine(answer).results["COC-T1-page-max"].verdict is verdict


def test_a_refusal_by_another_status(operation: Operation, examine: Callable[[Answer], Ledger]) -> None:
    """A bound that is refused with 422 holds, but the page's status is 400."""
    valid = empty_service(operation)

    def answer(*request: Any) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = valid(*request)
        return (422 if status == 400 else status), headers, body

    assert failed(examine(answer)) == ["COC-S-listed", "COC-S400-refused"]


def test_a_service_that_turns_everybody_away_is_not_judged(examine: Callable[[Answer], Ledger]) -> None:
    """401 says nothing of a bound: error, neither pass nor fail."""
    ledger = examine(lambda *_: (401, JSON, b'{"error_code": "APIGW.0301", "error_msg": "no"}'))
    request = [one for one in ledger if one.obligation.kind is Kind.REQUEST and one.obligation.needs]
    assert {one.verdict for one in request} == {Verdict.ERROR}


def test_unknown_members_may_be_refused(operation: Operation, examine: Callable[[Answer], Ledger]) -> None:
    """A service that forbids what the page does not name is right too."""
    schema = copy.deepcopy(operation.request)
    for slot in slots(schema):
        if "properties" in slot.schema:
            slot.schema["additionalProperties"] = False
    assert failed(examine(empty_service(operation, schema))) == []


def test_a_strict_reading_of_operators_is_right_too(operation: Operation, examine: Callable[[Answer], Ledger]) -> None:
    """Orders for integers alone, affixes for texts alone, one value unless `in`, `=` to group by: all allowed."""
    valid = empty_service(operation)

    def strict(one: dict[str, Any], of_integers: bool) -> bool:
        operator, integer = one["operator"], all(value.isdecimal() for value in one["values"])
        return not (
            (operator in {">", "<"} and not integer)
            or (operator in {"like", "startwith", "endwith"} and of_integers)
            or (operator != "in" and len(one["values"]) > 1)
            or (of_integers and not integer)
        )

    def answer(*request: Any) -> tuple[int, dict[str, str], bytes]:
        found = valid(*request)
        if found[0] == 200:
            body = json.loads(request[3])
            filters = [
                *body.get("string_filters", []),
                *(f for c in body.get("count_filters", []) for f in c.get("filters", [])),
            ]
            good = [strict(one, False) for one in filters] + [strict(one, True) for one in body.get("int_filters", [])]
            if not all(good) or body.get("group_by_filter", {"operator": "="})["operator"] != "=":
                return 400, JSON, REFUSAL
        return found

    assert failed(examine(answer)) == []


def test_a_covering_has_every_pair() -> None:
    """Every two switches take all four pairs of states, in far fewer rows than there are pairs."""
    rows = covering(13, Random(7))
    for first in range(13):
        for second in range(first):
            assert len({(row[first], row[second]) for row in rows}) == 4
    assert len(rows) <= 12
    assert envelope() != REFUSAL
