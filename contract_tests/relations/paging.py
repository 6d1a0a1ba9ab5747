"""Pages, totals, and the flags around them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests.contract import Operation
from contract_tests.ledger import Finding
from contract_tests.relation import breach, holds, relation, vacuous
from contract_tests.relations.examination import Examination, evidence, examined, panel, twins, whole
from contract_tests.relations.filters import satisfied
from contract_tests.relations.judging import Answer, exact_order
from contract_tests.relations.learning import PAGE
from contract_tests.relations.query import Filter, Query
from contract_tests.relations.readings import Reading


@relation(
    "COC-R-page-slice",
    says="Page k of size s holds the tickets from (k-1)s+1 to ks of the sorted result, for every size.",
    about="page",
)
@examined
def page_slice(exam: Examination) -> Iterator[Finding]:
    """Sizes 1, 7, 100, 101, 199, 200 and the number of tickets; of each an early page and the last, of two any."""
    random = exam.random("slice")
    count = len(exam.world.whole.items)
    sort = (exam.session.operation.query.key, "desc")
    if exact_order(exam.expect(Query(sort=sort), whole, Reading())) is None:
        sort = _orderly(exam) or sort
    sizes = [each for each in (7, PAGE, 1, 101, PAGE - 1, count, 100) if 1 <= each <= PAGE]
    for index, size in enumerate(dict.fromkeys(sizes)):
        last = -(-count // size)
        pages = (1 if size > 10 else min(2, last), last, *([random.randint(1, last)] if index in (0, 2) else []))
        for page in dict.fromkeys(pages):
            query = Query(sort=sort, size=size, page=page)
            yield exam.check(query, case=f"page {page} of size {size}", place=whole, telling=count > 1)


def _orderly(exam: Examination) -> tuple[str, str] | None:
    """A property whose order is sure on the whole."""
    for name in exam.world.scalars:
        if exact_order(exam.expect(Query(sort=(name, "desc")), whole, Reading())) is not None:
            return name, "desc"
    return None


@relation(
    "COC-R-defaults",
    says="A member left out means the same as its default stated.",
    about="size",
)
@examined
def defaults(exam: Examination) -> Iterator[Finding]:
    """Each optional member with a default, alone; all of them, with empty lists of filters; ten tickets on a page."""
    operation = exam.session.operation
    stated = {n: s["default"] for n, s in operation.request["properties"].items() if "default" in s}
    count = len(exam.world.whole.items)
    sort = (operation.query.key, "desc")
    bare = exam.ask(Query(sort=sort))
    yield exam.check(Query(sort=sort), case="nothing stated", place=whole, telling=count > 10, riders=False)
    variants: list[dict[str, Any]] = [{name: value} for name, value in stated.items()]
    lists = [operation.member(role) for role in ("string_filters", "int_filters", "counts")]
    variants.append({**stated, **{name: [] for name in lists if name}})
    for extra in variants:
        answer = exam.ask(Query(sort=sort, extra=extra))
        case = ", ".join(f"{name}={value}" for name, value in extra.items())
        differs = _difference(exam, bare, answer)
        if differs is None:
            yield holds(case, evidence(bare, answer)) if count > 1 else vacuous("Too few tickets.", case)
        elif _difference(exam, bare, exam.again(Query(sort=sort))) is not None:
            yield vacuous("The tickets moved.", case)
        else:
            yield breach(differs, "the same answer with the default stated and left out", case, evidence(bare, answer))


def _difference(exam: Examination, one: Answer, other: Answer) -> str | None:
    """How two answers differ, or None."""
    if one.exchange.status != other.exchange.status:
        return f"{one.exchange.status}, then {other.exchange.status}"
    if exam.steady(one.items) != exam.steady(other.items):
        return f"{len(one.items)} tickets, then {len(other.items)}, not the same or not in the same order"
    if one.total != other.total:
        return f"total {one.total}, then {other.total}"
    return f"counts {one.counts}, then {other.counts}" if one.counts != other.counts else None


@relation("COC-R-repeat", says="A query that is repeated is answered alike.", about="page", needs=())
@examined
def repeat(exam: Examination) -> Iterator[Finding]:
    """A page, and a filtered and counting query, each twice."""
    random = exam.random("repeat")
    filters = tuple(satisfied(exam, random, exam.world.whole, 1))
    down = (exam.session.operation.query.key, "desc")
    counts = (filters,) if exam.session.operation.query.counts else None
    for query in (Query(sort=down, size=5, page=2), Query(filters=filters, sort=down, size=PAGE, counts=counts)):
        answers = [exam.again(exam.world.whole.confine(query)) for _ in range(2)]
        differs = next((d for other in answers[1:] if (d := _difference(exam, answers[0], other))), None)
        if differs is None:
            yield holds(str(query), evidence(*answers)) if answers[0].items else vacuous("No tickets to compare.")
        elif exam.moved():
            yield vacuous("The tickets moved.")
        else:
            yield breach(differs, "the same answer to the same query", str(query), evidence(*answers))


@twins(
    "COC-R-total",
    says="The total is the number of tickets on all pages under the filters; told by default, not when unwanted.",
    about="total_wanted",
    assumption="total-absent",
    needs=("total",),
)
def total(exam: Examination, strict: bool) -> Iterator[Finding]:
    """Under no filter, one and two, on a small page, a late page, wanted and unwanted."""
    random = exam.random("total")
    two = tuple(satisfied(exam, random, exam.world.whole, 2))
    one = two[:1]
    nothing = (Filter(exam.session.operation.query.key, "=", ("no such ticket",)),)
    for case, query in (
        ("unwanted, page 2", Query(size=3, total=False, page=2, sort=(exam.session.operation.query.key, "desc"))),
        ("nothing found", Query(filters=nothing)),
        ("a small page", Query(size=1)),
        ("wanted", Query(filters=one, size=3, total=True)),
        ("one filter, page 2", Query(filters=one, size=1, page=2)),
        ("two filters", Query(filters=two, size=2)),
        ("unwanted under a filter", Query(filters=one, size=PAGE, total=False)),
        ("with all", Query(filters=one, all=True)),
    ):
        filtered = bool(exam.world.panel.items) and (bool(query.filters) or len(exam.world.whole.items) > 1)
        yield exam.check(query, case=case, strict=strict, place=whole, telling=filtered)


@twins(
    "COC-R-all",
    says="`contain_all` answers all tickets that satisfy the query, not one page.",
    about="all",
    assumption="contain-all",
)
def contain_all(exam: Examination, strict: bool) -> Iterator[Finding]:
    """All of a few dozen, all under a filter, all of everything; beside a page, by assumption."""
    if not exam.session.operation.pagination.all:
        yield vacuous("The operation has no such flag.")
        return
    random = exam.random("all")
    filters = tuple(satisfied(exam, random, exam.world.panel, 1))
    more = len(exam.world.panel.items) > 10
    sort = (exam.session.operation.query.key, "desc")
    for case, query, place in (
        ("a panel", Query(all=True), panel),
        ("a panel, sorted", Query(all=True, sort=sort), panel),
        ("a panel, filtered", Query(all=True, filters=filters), panel),
        ("everything", Query(all=True, sort=sort), whole),
        ("stated false", Query(all=False, size=3, sort=sort), whole),
    ):
        yield exam.check(query, case=case, strict=strict, place=place, telling=more)
    if strict:
        for query in (Query(all=True, size=3), Query(all=True, page=2), Query(all=True, page=2, size=3, sort=sort)):
            yield exam.check(query, case="beside a page", strict=True, telling=more)


@relation(
    "COC-R-page-past-end",
    says="A page past the end holds no tickets and the right total.",
    about="page",
    assumption="page-past-end",
)
@examined
def page_past_end(exam: Examination) -> Iterator[Finding]:
    """The page after the last, and the last page that can be asked for."""
    operation = exam.session.operation
    most = int(operation.member_schema("page").get("maximum", 1_000_000))
    count = len(exam.world.whole.items)
    for size, page in ((10, -(-count // 10) + 1), (1, most)):
        yield exam.check(Query(size=size, page=page), case=f"page {page}", strict=True, place=whole, telling=count > 0)


@relation(
    "COC-R-sub-tickets",
    says="`contain_sub_ticket` changes nothing that is documented.",
    about="page",
    assumption="sub-tickets",
)
@examined
def sub_tickets(exam: Examination) -> Iterator[Finding]:
    """Every boolean of the request that no role of x-query or x-pagination explains, true and false."""
    flags = _flags(exam.session.operation)
    for name in flags:
        for value in (True, False):
            yield exam.check(Query(extra={name: value}, size=PAGE), case=f"{name}={value}", strict=True)
    if not flags:
        yield vacuous("The operation has no such flag.")


def _flags(operation: Operation) -> list[str]:
    """The booleans of the request that no role of x-query or x-pagination explains."""
    explained = {operation.member("all"), operation.member("total_wanted")}
    properties = operation.request["properties"].items()
    return [name for name, schema in properties if schema.get("type") == "boolean" and name not in explained]


@relation(
    "COC-R-filters-hold",
    says="Each ticket that is shown satisfies the filters, with a group filter and with flags that are off, too.",
    about="string_filters",
)
@examined
def filters_hold(exam: Examination) -> Iterator[Finding]:
    """What else grouping does is open, and so is what a flag adds; that the filters hold is not."""
    operation = exam.session.operation
    filters = tuple(satisfied(exam, exam.random("hold"), exam.world.panel, 2))
    asked = [(name, Query(filters=filters, extra={name: False}, size=PAGE)) for name in _flags(operation)]
    if operation.query.group and exam.world.scalars:
        asked.append(("grouped", Query(filters=filters, group=exam.world.scalars[0], size=PAGE)))
    for case, query in asked:
        if shown := exam.contradiction(query, whole, strict=False):
            yield breach(shown[0], f"{query}", case, (shown[1],))
        else:
            yield holds(case, evidence(exam.ask(query))) if filters else vacuous("No filter tells.", case)
    if not asked:
        yield vacuous("The operation neither groups nor has flags.")


@relation(
    "COC-R-ticket-types",
    says="Naming the type of ticket that the operation is for changes nothing.",
    about="types",
)
@examined
def ticket_types(exam: Examination) -> Iterator[Finding]:
    """The operation's own type alone, on everything and on the panel."""
    types = exam.session.operation.query.types
    if not types:
        yield vacuous("The operation has no types.")
        return
    count = len(exam.world.whole.items)
    yield exam.check(Query(types=(types["value"],), size=PAGE), case="panel", telling=count > 1)
    filters = tuple(satisfied(exam, exam.random("types"), exam.world.panel, 1))
    yield exam.check(Query(types=(types["value"],), filters=filters, size=PAGE), case="filtered", place=whole)
    yield exam.check(Query(types=(types["value"],), size=1), case="whole", place=whole, telling=count > 1)


@relation(
    "COC-R-ticket-types-others",
    says="Other types of ticket select none; an empty list of types selects all.",
    about="types",
    assumption="ticket-types",
)
@examined
def other_types(exam: Examination) -> Iterator[Finding]:
    """Another type alone, another beside the right one, and none."""
    types = exam.session.operation.query.types
    if not types:
        yield vacuous("The operation has no types.")
        return
    some = len(exam.world.panel.items) > 0
    for chosen in (("change",), ("change", types["value"]), ()):
        yield exam.check(Query(types=chosen, size=PAGE), case=str(chosen), strict=True, telling=some)


PAGING = (page_slice, *total, *contain_all, defaults, repeat, ticket_types, filters_hold)
ASSUMED_PAGING = (page_past_end, sub_tickets, other_types)
