"""The query engine against a naive evaluator, written from the contract's assumptions, which shares no code with it.

Hypothesis makes whole data sets and whole requests; tickets, their order, totals, counts and refusals must be equal.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from functools import cmp_to_key
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_service import search, service, totals
from mock_service.store import Store

pytestmark = pytest.mark.filterwarnings("ignore:Generating overly large repr")
"""Of the whole contract, which Hypothesis would show beside a search that fails."""

Ticket = dict[str, Any]
Body = dict[str, Any]

NUMBERS = ("create_time", "handle_time")
FIELDS = ("ticket_id", "title", "level_id", "is_service_interrupt", "approver", "enum_data_list", *NUMBERS)
SEARCHES = 500
LONG_RUN = 20_000

# The naive evaluator


class Refused(Exception):
    """The request is to be answered 400."""


def text_of(value: Any) -> str | None:
    """A property's text form."""
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def is_integer(text: str) -> bool:
    """Whether a text is an integer in decimal."""
    return re.fullmatch(r"-?[0-9]+", text) is not None


def holds(each: Body, ticket: Ticket) -> bool:
    """Whether a ticket satisfies one filter."""
    text, operator, values = text_of(ticket.get(each["field"])), each["operator"], each["values"]
    if operator == "!=":
        return text not in values
    if text is None:
        return False
    if operator in (">", "<"):
        wanted = values[0]
        left, right = (int(text), int(wanted)) if is_integer(text) and is_integer(wanted) else (text, wanted)
        return left > right if operator == ">" else left < right
    compare: dict[str, Callable[[str], bool]] = {
        "=": lambda value: text == value,
        "in": lambda value: text == value,
        "like": lambda value: value in text,
        "startwith": text.startswith,
        "endwith": text.endswith,
    }
    return any(map(compare[operator], values))


def condition_holds(text: str, truth: Callable[[str], bool]) -> bool:
    """A condition's value, by recursive descent."""
    pieces = [piece.strip() for piece in re.split(r"([()&|])", text) if piece.strip()]

    def either() -> bool:
        found = both()
        while pieces[:1] == ["|"]:
            pieces.pop(0)
            found = both() or found
        return found

    def both() -> bool:
        found = single()
        while pieces[:1] == ["&"]:
            pieces.pop(0)
            found = single() and found
        return found

    def single() -> bool:
        if not pieces or pieces[0] in ("&", "|", ")"):
            raise Refused
        piece = pieces.pop(0)
        if piece != "(":
            return truth(piece)
        found = either()
        if pieces[:1] != [")"]:
            raise Refused
        pieces.pop(0)
        return found

    found = either()
    if pieces:
        raise Refused
    return found


def selected(body: Body, ticket: Ticket) -> bool:
    """Whether a ticket is in the result."""
    strings = body.get("string_filters", [])

    def truth(name: str) -> bool:
        bearers = [each for each in strings if each.get("name") == name]
        if len(bearers) != 1:
            raise Refused
        return holds(bearers[0], ticket)

    chosen = (
        condition_holds(body["condition"], truth) if "condition" in body else all(holds(f, ticket) for f in strings)
    )
    kind = not body.get("ticket_types") or "incident" in body["ticket_types"]
    return chosen and kind and all(holds(each, ticket) for each in body.get("int_filters", []))


def compared(field: str, one: Ticket, other: Ticket) -> int:
    """Less than, equal to or greater than 0, as the tickets order ascending by a field."""

    def rank(ticket: Ticket) -> tuple[Any, ...]:
        text = text_of(ticket.get(field))
        if text is None:
            return (0,)
        if field in NUMBERS and is_integer(text):
            return (2, int(text), text)
        return (1, text)

    return (rank(one) > rank(other)) - (rank(one) < rank(other))


def expected(body: Body, tickets: list[Ticket]) -> Body:
    """The data of the right answer."""
    filters = [*body.get("string_filters", []), *body.get("int_filters", [])]
    filters += [each for group in body.get("count_filters", []) for each in group.get("filters", [])]
    filters += [body[member] for member in ("sort_filter", "group_by_filter") if member in body]
    if any(name not in KNOWN for name in [*(each["field"] for each in filters), *body.get("fields", [])]):
        raise Refused
    if "condition" in body:
        selected(body, {})
    found = [dict(ticket, _at=at) for at, ticket in enumerate(tickets) if selected(body, ticket)]
    sort = body.get("sort_filter", {"field": "create_time", "operator": "desc"})
    turn = -1 if sort["operator"] == "desc" else 1
    group = body.get("group_by_filter")

    def order(one: Ticket, other: Ticket) -> int:
        together = compared(group["field"], one, other) if group and group["field"] != sort["field"] else 0
        return together or turn * (compared(sort["field"], one, other) or one["_at"] - other["_at"])

    found.sort(key=cmp_to_key(order))
    start = 0 if body.get("contain_all") else (body.get("page", 1) - 1) * body.get("per_page", 10)
    stop = 1000 if body.get("contain_all") else start + body.get("per_page", 10)
    hidden = {"_at", "approver"} | (KNOWN - set(body["fields"]) if body.get("fields") else set())
    data: Body = {"tickets": [{k: v for k, v in each.items() if k not in hidden} for each in found[start:stop]]}
    if body.get("contain_total", True):
        data["total"] = len(found)
    if body.get("count_filters"):
        data["count_results"] = [
            sum(all(holds(each, ticket) for each in group.get("filters", [])) for ticket in tickets)
            for group in body["count_filters"]
        ]
    return data


# What is asked, of what

WORDS = [
    "",
    "a",
    "ab",
    "abc",
    "A",
    "%",
    "_",
    "a%b",
    "a_b",
    "\\",
    "'",
    '"',
    "\0",
    "a\0b",
    "\1\2\2",
    "\1",
    "\2",
    "\3",
    "🔥",
]
WORDS += [
    "é",
    "e\u0301",
    "שלום",
    "10",
    "9",
    "-3",
    "007",
    "-0",
    "9" * 30,
    "9" * 31,
    "-" + "9" * 30,
    "x" * 40,
    "true",
    "1.5",
]
words = st.one_of(st.sampled_from(WORDS), st.text(st.characters(exclude_categories=["Cs"]), max_size=4))
numbers = st.sampled_from([-10, -9, -1, 0, 7, 8, 9, 10, 11, 100, 10**30, "10", "9", "007", "-0", "soon"])
entries = st.lists(st.fixed_dictionaries({"prop_id": words}), max_size=2)


def tickets_of(count: int) -> st.SearchStrategy[list[Ticket]]:
    """Lists of so many tickets, some of whose properties are absent."""
    optional = {"title": words, "level_id": words, "approver": words, "enum_data_list": entries}
    optional |= {"create_time": numbers, "handle_time": numbers, "is_service_interrupt": st.booleans()}
    ticket = st.fixed_dictionaries({}, optional=optional)
    named = st.lists(ticket, min_size=count, max_size=count)
    return named.map(lambda found: [{"ticket_id": f"IM{at}", **each} for at, each in enumerate(found)])


def seldom(share: int, odd: st.SearchStrategy[Any], usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """`odd` once in `share` draws."""
    return st.integers(1, share).flatmap(lambda draw: odd if draw == share else usual)


def filters_of(tickets: list[Ticket]) -> st.SearchStrategy[Body]:
    """Filters that have a chance of selecting some of the tickets, and not all."""

    def on(field: str) -> st.SearchStrategy[Body]:
        present = [text for text in (text_of(each.get(field)) for each in tickets) if text is not None]
        parts = [text[at:] for text in present for at in (0, 1)] + [text[:-1] for text in present]
        values = st.one_of(st.sampled_from(parts), st.sampled_from(parts), words) if parts else words
        operators = ["in", "like", "startwith", "endwith", "=", "!=", ">", "<"]
        if field in NUMBERS:
            values, operators = numbers.map(str), [*operators, ">", "<", ">", "<", ">", "<"]
        lists = st.one_of(values.map(lambda value: [value]), st.lists(values, min_size=1, max_size=4))
        return st.fixed_dictionaries(
            {
                "field": st.just(field),
                "operator": st.sampled_from(operators),
                "values": seldom(8, values.map(lambda value: ["~"] * 16 + [value]), lists),
            }
        )

    return seldom(40, st.sampled_from(["nope", ""]), st.sampled_from([*FIELDS, *NUMBERS])).flatmap(on)


@st.composite
def conditions(draw: st.DrawFn, filters: list[Body]) -> str:
    """A condition over the names of the filters that bear one alone; now and then something else."""
    names = [each["name"] for each in filters if "name" in each]
    alone = [name for name in names if names.count(name) == 1]
    if not alone or draw(st.integers(1, 15)) == 15:
        return draw(st.one_of(st.text("ab&|() ", min_size=1, max_size=6), st.sampled_from([*names, "zzz"])))
    parts = draw(st.lists(st.sampled_from(alone), min_size=len(alone), max_size=8))
    while len(parts) > 1:
        at = draw(st.integers(0, len(parts) - 2))
        joined = parts[at] + draw(st.sampled_from(["&", "|", " & ", "\n| "])) + parts[at + 1]
        parts[at : at + 2] = [f"({joined})" if draw(st.booleans()) else joined]
    return parts[0]


@st.composite
def searches(draw: st.DrawFn) -> tuple[list[Ticket], Body]:
    """Tickets, and a request that has a chance of finding some of them."""
    tickets = draw(tickets_of(draw(st.integers(1, 8))))
    each = filters_of(tickets)
    strings = draw(st.lists(each, max_size=3))
    body: Body = {"string_filters": strings} if strings else {}
    if strings and draw(st.booleans()):
        for name, one in zip(["a", "b", draw(st.sampled_from(["c d", "é", "a"]))], strings, strict=False):
            one["name"] = name
        body["condition"] = draw(conditions(strings))
    if draw(st.integers(1, 6)) == 6:
        body["int_filters"] = draw(st.lists(each, max_size=2))
    directions = st.sampled_from(["asc", "desc"])
    optional = {
        "count_filters": st.lists(
            st.fixed_dictionaries({}, optional={"filters": st.lists(each, max_size=2)}), max_size=2
        ),
        "sort_filter": st.fixed_dictionaries(
            {"field": st.sampled_from(FIELDS), "operator": directions, "values": st.just(["x"])}
        ),
        "group_by_filter": each,
        "fields": st.lists(st.sampled_from(FIELDS), max_size=3),
        "page": seldom(4, st.integers(2, 3), st.just(1)),
        "per_page": st.integers(1, 5),
        "contain_all": st.booleans(),
        "contain_total": st.booleans(),
        "ticket_types": seldom(8, st.just(["change"]), st.lists(st.sampled_from(["incident", "change"]), max_size=2)),
    }
    return tickets, {**body, **draw(st.fixed_dictionaries({}, optional=optional))}


STEPS = {"STROLL": 60, "GLANCE": 90, "WALK": 120, "SEARCH": 150, "STEPS_EACH": 0, "NEAR": 3}
"""So few that a search of a handful of tickets ends in each of its attempts now and then."""


@pytest.fixture(scope="module", params=["sqlite", "sqlite in attempts", "postgresql"])
def fresh(request, spec, postgresql) -> Any:
    """A store of its own, filled anew by each search; few tickets are already many."""
    with (
        pytest.MonkeyPatch.context() as patch,
        Store(postgresql() if request.param == "postgresql" else "sqlite://", spec) as store,
    ):
        patch.setattr(totals, "COMMON", 2)
        patch.setattr(service, "LOOK_AHEAD", 0)
        if request.param != "sqlite":
            patch.setattr(Store, "quick", False)
            for name, steps in STEPS.items():
                patch.setattr(search, name, steps)
        yield store


KNOWN: set[str] = set()


def check(fresh: Store, spec, client: Callable[..., Any], search: tuple[list[Ticket], Body]) -> None:
    """The mock's answer to a search is the naive evaluator's."""
    tickets, body = search
    KNOWN.update(spec.operations[0].columns)
    fresh.replace(spec.operations[0], tickets)
    reply = client(**body)
    try:
        right = expected(body, tickets)
    except Refused:
        assert reply.status == 400
    else:
        assert reply.status == 200, reply.content
        assert reply.json["data"] == right


def quiet(examples: int) -> settings:
    """So many examples, the same every time."""
    return settings(
        max_examples=examples, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )


@quiet(SEARCHES)
@given(search=searches())
def test_sql_finds_what_the_naive_evaluator_finds(fresh, spec, client_of, search):
    """500 searches of made data sets are answered as the assumptions say."""
    check(fresh, spec, client_of(fresh), search)


@pytest.mark.campaign
@pytest.mark.parametrize("seed", range(4))
def test_sql_finds_what_the_naive_evaluator_finds_in_a_long_run(fresh, spec, client_of, seed):
    """20,000 searches a database, in four parts; COC_TEST_SEARCHES sets another number."""
    number = int(os.environ.get("COC_TEST_SEARCHES", LONG_RUN)) // 4
    from hypothesis import seed as seeded

    @seeded(seed)
    @settings(quiet(number), derandomize=False)
    @given(search=searches())
    def run(search):
        check(fresh, spec, client_of(fresh), search)

    run()
