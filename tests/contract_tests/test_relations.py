"""The relations: silent on every correct service, loud on each wrong one, whatever the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import Any

import pytest

from contract_tests import relations, variants
from contract_tests.contract import Contract, Level
from contract_tests.ledger import FirstBreach, Ledger, Verdict
from contract_tests.relation import Relation, Session, run
from contract_tests.relations.census import page_partition, totals_add_up
from contract_tests.run import Settings, judge
from contract_tests.target import Budget, BudgetSpent, Target, Wire
from contract_tests.variants.reading import Reading
from contract_tests.variants.reference import ReferenceService, Refused, Ticket
from contract_tests.variants.tickets import tickets

CONTRACT = Contract.load()
OPERATION = CONTRACT.operations[0]


def examine(
    service: ReferenceService,
    *levels: Level,
    seed: int = 1,
    budget: int = 600,
    rules: Sequence[Relation] = relations.RELATIONS,
) -> tuple[Ledger, int]:
    """The relations alone against a service, up to the first breach; the ledger and the number of requests."""
    owed = [relation.obligation(CONTRACT, OPERATION) for relation in relations.RELATIONS]
    ledger = Ledger.of(owed, failing=levels or (Level.DOCUMENTED,), fail_fast=True)
    with variants.served(service) as url:
        target = Target(url, OPERATION, Wire(Budget(budget)))
        session = Session(CONTRACT, OPERATION, target, Random(seed))
        try:
            relations.learn(session)
            for _ in run(rules, session, ledger):
                pass
        except (FirstBreach, BudgetSpent):
            pass
        target.wire.close()
    return ledger, target.wire.sent


def broken(ledger: Ledger) -> list[str]:
    """What the run holds against the service."""
    return [f"{result.obligation.id}: {result.message}" for result in ledger.breaches()]


def test_silent_and_telling_under_both_levels() -> None:
    """A service that follows every assumption breaks nothing, and every relation could have shown a breach."""
    ledger, requests = examine(variants.variant("as assumed, 300 tickets"), Level.DOCUMENTED, Level.ASSUMED)
    unexercised = [result.obligation.id for result in ledger if result.verdict is not Verdict.PASS]
    assert ([], []) == (broken(ledger), unexercised)
    assert requests <= 300, "the relations' share of a run of 600 requests"


@pytest.mark.campaign
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", variants.VARIANTS)
def test_silent_on_every_correct_variant(name: str, seed: int) -> None:
    """No reading that the page allows breaks a documented obligation."""
    assert [] == broken(examine(variants.variant(name, seed), seed=seed)[0])


SOME = (
    "several at once",
    "5 tickets",
    "`like` is a pattern without wildcards around it",
    "`like` is a full-text search for any word",
    "what need not be accepted is refused",
    "few tickets, which change often",
    "nothing is as assumed, and tickets move",
    "some tickets have no number",
)


@pytest.mark.parametrize("name", SOME)
def test_silent_on_some_variants(name: str) -> None:
    """The same, for some of them, in every test run."""
    assert [] == broken(examine(variants.variant(name, 5), seed=5)[0])


class FirstValueOnly(ReferenceService):
    """`in` looks at its first value."""

    def compare(self, operator: str, text: str | None, values: list[str]) -> bool:
        return super().compare(operator, text, values[:1] if operator == "in" else values)


class FoldsCase(ReferenceService):
    """`=` takes capital and small letters for the same."""

    def compare(self, operator: str, text: str | None, values: list[str]) -> bool:
        if operator == "=" and text is not None:
            return text.lower() in [value.lower() for value in values]
        return super().compare(operator, text, values)


class AnchoredLike(ReferenceService):
    """`like` finds its value at the beginning only: no reading has that."""

    def like(self, text: str, value: str) -> bool:
        return text.startswith(value)


class ComparesAsText(ReferenceService):
    """`>` and `<` compare numbers as text."""

    def sortable(self, text: str, other: str) -> str:
        return text


class ParenthesesIgnored(ReferenceService):
    """The condition is read without its parentheses."""

    def postfix(self, text: str, filters: list[dict[str, object]]) -> list[object]:
        return super().postfix(text.replace("(", " ").replace(")", " "), filters)


class LosesTheLastTicket(ReferenceService):
    """A last page that is not full lacks its last ticket."""

    def paged(self, body: dict[str, object], found: list[Ticket]) -> list[Ticket]:
        page = super().paged(body, found)
        return (
            page[:-1] if int(str(body.get("page", 1))) > 1 and len(page) < int(str(body.get("per_page", 10))) else page
        )


class TotalOfThePage(ReferenceService):
    """The total counts the page."""

    def total(self, body: dict[str, object], found: list[Ticket]) -> int:
        return len(self.paged(body, found))


class SortsThePageOnly(ReferenceService):
    """The sort orders each page by itself."""

    def ordered(self, body: dict[str, object], found: list[Ticket]) -> list[Ticket]:
        return super().ordered({**body, "sort_filter": None}, found)

    def paged(self, body: dict[str, object], found: list[Ticket]) -> list[Ticket]:
        return super().ordered(body, super().paged(body, found))


class CountsThePage(ReferenceService):
    """No count is larger than the page."""

    def count(self, filters: list[dict[str, object]], base: list[Ticket]) -> int:
        return min(5, super().count(filters, base))


class LeaksAProperty(ReferenceService):
    """A projection keeps the level."""

    def shown(self, ticket: Ticket, body: dict[str, object]) -> Ticket:
        shown = super().shown(ticket, body)
        return {**shown, "level_id": ticket["level_id"]} if body.get("fields") else shown


class DoublesATicket(ReferenceService):
    """From the second page on, a page begins with the last ticket of the page before."""

    def paged(self, body: dict[str, object], found: list[Ticket]) -> list[Ticket]:
        page, size = int(str(body.get("page", 1))), int(str(body.get("per_page", 10)))
        return (
            super().paged(body, found)
            if page == 1 or body.get("contain_all")
            else found[(page - 1) * size - 1 :][:size]
        )


class ForgetsSmallFilters(ReferenceService):
    """Filters beyond the fifth do not apply."""

    def selected(self, body: dict[str, object]) -> list[Ticket]:
        few = list(body.get("string_filters", []))[:5]  # type: ignore[call-overload]
        return super().selected(body if "condition" in body or not few else {**body, "string_filters": few})


class LikeCutAtFifty(ReferenceService):
    """`like` looks at 50 characters of its value."""

    def like(self, text: str, value: str) -> bool:
        return super().like(text, value[:50])


class EqualCutAtFifty(ReferenceService):
    """`=` looks at 50 characters of its value."""

    def compare(self, operator: str, text: str | None, values: list[str]) -> bool:
        return super().compare(operator, text, [value[:50] for value in values] if operator == "=" else values)


class RefusesLongAffixes(ReferenceService):
    """`startwith` takes no value of more than 255 characters."""

    def holds(self, query: dict[str, object], ticket: Ticket) -> bool:
        if query["operator"] == "startwith" and any(len(value) > 255 for value in list(query["values"])):  # type: ignore[call-overload]
            raise Refused("too long")
        return super().holds(query, ticket)


class NameForTheField(ReferenceService):
    """A filter's name is taken for the property, where it is the name of one."""

    def holds(self, query: dict[str, object], ticket: Ticket) -> bool:
        known = query.get("name") in self.properties
        return super().holds({**query, "field": query["name"]} if known else query, ticket)


class LongConditionsIgnored(ReferenceService):
    """A condition of more than 5,000 characters is taken for an absent one."""

    def formula(self, body: dict[str, object], filters: list[object]) -> list[object]:
        long = len(str(body.get("condition", ""))) > 5000
        return super().formula({} if long else body, filters)


WRONG: list[Callable[..., ReferenceService]] = [
    LikeCutAtFifty,
    EqualCutAtFifty,
    RefusesLongAffixes,
    NameForTheField,
    FirstValueOnly,
    FoldsCase,
    AnchoredLike,
    ComparesAsText,
    ParenthesesIgnored,
    LosesTheLastTicket,
    TotalOfThePage,
    SortsThePageOnly,
    CountsThePage,
    LeaksAProperty,
    DoublesATicket,
    ForgetsSmallFilters,
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: str(wrong.__name__))
def test_finds_a_fault_on_other_data(wrong: Callable[..., ReferenceService]) -> None:
    """A service of other making and other tickets than the mock is found out, under the documented level, early."""
    ledger, requests = examine(wrong(with_a_long_title()))
    assert [] != broken(ledger)
    assert requests <= 150, broken(ledger)


def with_a_long_title() -> list[Ticket]:
    """120 tickets, one of them with a title of 200 characters."""
    first, *others = tickets(120, 3)
    return [{**first, "title": f"A long story {'again ' * 31}."}, *others]


def deeper(depth: int) -> type[ReferenceService]:
    """A service that refuses parentheses more than so many deep."""

    class RefusesDepth(ReferenceService):
        def postfix(self, text: str, filters: list[dict[str, object]]) -> list[object]:
            if max(accumulate((sign == "(") - (sign == ")") for sign in text)) > depth:
                raise Refused("too deep")
            return super().postfix(text, filters)

    return RefusesDepth


def test_how_deep_a_condition_may_be_is_assumed() -> None:
    """No row bounds the depth of parentheses: to refuse a hundred is no breach of the page, but of our assumption."""
    service = deeper(100)
    assert [] == broken(examine(service(tickets(120, 3)))[0])
    assert ["COC-R-condition-assumed"] == [
        result.obligation.id for result in examine(service(tickets(120, 3)), *Level)[0].breaches()
    ]


def test_how_long_a_condition_may_be_is_documented() -> None:
    """Table 1 bounds a condition by 10,000 characters: what is shorter is read, however long its names."""
    ledger, _ = examine(LongConditionsIgnored(tickets(120, 3)))
    assert ["COC-R-condition"] == [result.obligation.id for result in ledger.breaches()]


@pytest.mark.parametrize(
    "reading", [Reading(ages=True), Reading(labels="shuffled"), Reading(touched=True)], ids=["more", "order", "known"]
)
def test_what_never_holds_still_hides_no_fault(reading: Reading) -> None:
    """A member that counts on, or labels in another order each time, are no tickets that move."""
    ledger, _ = examine(FirstValueOnly(tickets(120, 3), reading))
    assert [] != broken(ledger)


def test_a_member_that_never_holds_still_is_told() -> None:
    """Nothing is judged by it, all else is, and the reader of the verdicts is told."""
    with variants.served(variants.variant("a time of the tickets is that of the answer")) as url:
        target = Target(url, OPERATION, Wire(Budget(300)))
        found = judge(CONTRACT, OPERATION, target, Settings(generated=0))
    assert found.remarks == ["update_time is another each time that a ticket is read; nothing was judged by it."]
    assert (broken(found.ledger), found.exit_code) == ([], 0)
    assert found.ledger.results["COC-R-reads-only"].verdict is Verdict.PASS


@pytest.mark.parametrize("name", ["level_id", "is_service_interrupt"])
def test_a_sort_by_any_one_property_is_looked_at(name: str) -> None:
    """Codes and flags stand together, in whatever order; an assumption's queries look at nothing for the page."""

    class Unsorted(ReferenceService):
        def ordered(self, body: dict[str, Any], found: list[Ticket]) -> list[Ticket]:
            ignored = body.get("sort_filter", {}).get("field") == name
            return super().ordered({**body, "sort_filter": None} if ignored else body, found)

    ledger, _ = examine(Unsorted(tickets(80, 3)))
    assert ["COC-R-sort"] == [result.obligation.id for result in ledger.breaches()]


class TotalCapped(ReferenceService):
    """No total is larger than 1,800."""

    def total(self, body: dict[str, object], found: list[Ticket]) -> int:
        return min(1800, len(found))


class FilteredTotalCapped(ReferenceService):
    """No total is larger than 100 under a filter."""

    def total(self, body: dict[str, object], found: list[Ticket]) -> int:
        return min(100, len(found)) if "string_filters" in body else len(found)


class LargeCountsCapped(ReferenceService):
    """No count is larger than 100."""

    def count(self, filters: list[dict[str, object]], base: list[Ticket]) -> int:
        return min(100, super().count(filters, base))


@pytest.mark.parametrize("wrong", [TotalCapped, FilteredTotalCapped, LargeCountsCapped, ReferenceService])
def test_of_a_target_too_large_to_be_known_the_numbers_add_up(
    wrong: Callable[..., ReferenceService], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a sample of it is known, which no cap shows."""
    monkeypatch.setattr("contract_tests.relations.learning.MOST", 400)
    ledger, _ = examine(wrong(tickets(2000, 3)), rules=[page_partition, totals_add_up])
    assert (broken(ledger) == []) is (wrong is ReferenceService)


class Moving(ReferenceService):
    """Gets a new ticket with every few answers, as a live service does."""

    answered = 0

    def answer(self, body: object) -> tuple[int, object]:
        self.answered += 1
        if self.answered % 25 == 0 and self.answered < 200:
            self.tickets.append({**self.tickets[0], "ticket_id": f"IM2026{self.answered:07d}"})
        return super().answer(body)


def test_moving_data_is_no_breach() -> None:
    """Tickets that arrive during the run make relations learn again, or be inconclusive; never fail."""
    assert [] == broken(examine(Moving(tickets(40, 2)))[0])


def test_nothing_to_learn_is_inconclusive() -> None:
    """Without a ticket hardly a relation can pass, and none fails."""
    ledger, _ = examine(variants.variant("no ticket"))
    filters = [result.verdict for result in ledger if result.obligation.id.startswith("COC-R-filter-")]
    assert ([], {Verdict.INCONCLUSIVE}) == (broken(ledger), set(filters))


def test_same_seed_same_requests() -> None:
    """Two runs with one seed send the same bytes; another seed sends others."""

    def sent(seed: int) -> Iterator[bytes]:
        with variants.served(ReferenceService(tickets(30), Reading())) as url:
            target = Target(url, OPERATION, Wire(Budget(90)))
            session = Session(CONTRACT, OPERATION, target, Random(seed))
            owed = [relation.obligation(CONTRACT, OPERATION) for relation in relations.RELATIONS]
            relations.learn(session)
            rules = run(relations.RELATIONS, session, Ledger.of(owed))
            for _ in zip(range(60), rules, strict=False):
                pass
            target.wire.close()
        return (exchange.request_body for exchange in target.exchanges)

    first, again, other = list(sent(7)), list(sent(7)), list(sent(8))
    assert first == again
    assert first != other
