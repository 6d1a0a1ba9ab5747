"""Riders and blame: what a query carries beside its own rule, and whose rule a wrong answer breaks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random

import pytest

from contract_tests import relations, variants
from contract_tests.contract import Contract
from contract_tests.ledger import FirstBreach, Ledger
from contract_tests.relation import Session, run
from contract_tests.relations.blame import members, owner, smallest
from contract_tests.relations.examination import NOTE, Examination
from contract_tests.relations.learning import PAGE
from contract_tests.relations.query import Filter, Query, Ref, both
from contract_tests.relations.riders import RIDERS
from contract_tests.target import Budget, Target, Wire
from contract_tests.variants.reference import ReferenceService, Ticket
from contract_tests.variants.tickets import tickets

CONTRACT = Contract.load()
OPERATION = CONTRACT.operations[0]
#: Riders that exclude each other: what integer filters mean beside a condition is open; all tickets have no later page.
APART = {frozenset({"condition", "ints"}), frozenset({"all", "later"})}


@pytest.fixture
def exam() -> Iterator[Examination]:
    """An examination that has learned 120 tickets."""
    with variants.served(ReferenceService(tickets(120, 3))) as url:
        target = Target(url, OPERATION, Wire(Budget(600)))
        session = Session(CONTRACT, OPERATION, target, Random(1))
        relations.learn(session)
        yield session.notes[NOTE]
        target.wire.close()


def loaded(exam: Examination, number: int) -> list[tuple[Query, Query]]:
    """Queries that differ, every second with filters of its own, each with what it is after its riders got on."""
    key, own = OPERATION.query.key, min(exam.world.panel.items)
    queries = [
        Query(filters=(Filter(key, "!=", (f"{own}-{index}",)),) if index % 2 else (), size=PAGE, extra={"n": index})
        for index in range(number)
    ]
    return [(query, exam.riders.on(query, exam.world, exam.world.panel)) for query in queries]


def test_every_two_riders_meet_soon(exam: Examination) -> None:
    """Of thirty queries, some carries each pair of features that do not exclude each other."""
    met = set()
    for _, query in loaded(exam, 30):
        riding = members(query) | ({"later"} if query.page else set())
        met |= {frozenset(pair) for pair in combinations(riding, 2)}
    assert set() == {frozenset(pair) for pair in combinations(RIDERS, 2)} - APART - met


def test_riders_leave_the_query_its_own(exam: Examination) -> None:
    """The query's own filters stay, a projection keeps the key, and equal queries carry the same."""
    pairs = loaded(exam, 30)
    for own, query in pairs:
        assert {each.values for each in own.filters} <= {each.values for each in query.filters}
        assert query.fields is None or OPERATION.query.key in query.fields
    assert pairs == loaded(exam, 30)


def test_the_banned_stay_behind(exam: Examination) -> None:
    """What is known to be broken rides no more."""
    exam.riders.banned |= set(RIDERS)
    assert [] == [query for own, query in loaded(exam, 12) if own != query]


FILTERS = (Filter("title", "=", ("a",), "x"), Filter("level_id", "in", ("1", "2"), "y"))
FULL = Query(
    filters=FILTERS,
    condition=both(Ref("x"), Ref("y")),
    sort=("ticket_id", "desc"),
    fields=("ticket_id", "title"),
    counts=((FILTERS[0],), (FILTERS[1],)),
    page=2,
    size=5,
    types=("incident",),
    total=True,
)


@pytest.mark.parametrize(
    ("wrong", "left", "found"),
    [
        (lambda query: query.fields, {"fields"}, "COC-R-projection"),
        (lambda query: query.counts, {"counts"}, "COC-R-count"),
        (lambda query: query.page, {"page"}, "COC-R-page-slice"),
        (lambda query: query.page and query.sort, {"page", "sort"}, "COC-R-page-slice"),
        (lambda query: query.condition, {"filters", "condition"}, "COC-R-condition"),
        (lambda query: FILTERS[1] in query.filters, {"filters"}, "COC-R-filter-in"),
        (lambda query: len(query.filters) == 2, {"filters"}, "COC-R-filters-and"),
        (lambda query: query.sort and query.counts, {"sort", "counts"}, "COC-R-combined"),
    ],
)
def test_the_smallest_query_that_is_wrong(wrong: Callable[[Query], object], left: set[str], found: str) -> None:
    """Only the members that the wrong answer needs are left, and the rule is theirs; combined where two are needed."""
    query = smallest(FULL, lambda less: "wrong" if wrong(less) else None)
    assert (left, found) == (members(query), owner(query, strict=False))


def test_a_twin_takes_the_blame_under_our_reading() -> None:
    """A rule without a twin leaves it to the combined one's."""
    twins = [owner(query, strict=True) for query in (Query(sort=("title", "desc")), Query(types=("incident",)))]
    assert ["COC-R-sort-assumed", "COC-R-combined-assumed"] == twins


class SortLostWithCounts(ReferenceService):
    """With counts the sort is ignored."""

    def ordered(self, body: dict[str, object], found: list[Ticket]) -> list[Ticket]:
        return super().ordered({**body, "sort_filter": None} if body.get("count_filters") else body, found)


class CountsNothing(ReferenceService):
    """Every count is 0."""

    def count(self, filters: list[dict[str, object]], base: list[Ticket]) -> int:
        return 0


class ShowsTheTitle(ReferenceService):
    """A projection keeps the title."""

    def shown(self, ticket: Ticket, body: dict[str, object]) -> Ticket:
        shown = super().shown(ticket, body)
        return {**shown, "title": ticket["title"]} if body.get("fields") else shown


class IgnoresIntegers(ReferenceService):
    """Integer filters do not apply."""

    def selected(self, body: dict[str, object]) -> list[Ticket]:
        return super().selected({**body, "int_filters": []})


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        (SortLostWithCounts, "COC-R-combined"),
        (CountsNothing, "COC-R-count"),
        (ShowsTheTitle, "COC-R-projection"),
        (IgnoresIntegers, "COC-R-int-filters"),
    ],
)
def test_a_rider_finds_early_and_names_its_own_rule(wrong: type[ReferenceService], found: str) -> None:
    """The first relations' queries show what only later ones ask for, and the finding says so."""
    ledger = Ledger.of([one.obligation(CONTRACT, OPERATION) for one in relations.RELATIONS], fail_fast=True)
    with variants.served(wrong(tickets(120, 3))) as url:
        target = Target(url, OPERATION, Wire(Budget(60)))
        session = Session(CONTRACT, OPERATION, target, Random(1))
        relations.learn(session)
        with pytest.raises(FirstBreach, match=f"{found}$"):
            for _ in run(relations.RELATIONS, session, ledger):
                pass
        target.wire.close()
