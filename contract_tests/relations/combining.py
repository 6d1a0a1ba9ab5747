"""Features together: random whole queries, and the page's own example, on the target's own tickets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, count, islice
from random import Random
from typing import Any

from contract_tests.covering import Row, covering
from contract_tests.ledger import Finding
from contract_tests.relation import breach, holds, relation, vacuous
from contract_tests.relations.conditions import tree
from contract_tests.relations.examination import Examination, evidence, examined, panel, twins
from contract_tests.relations.filters import MEANINGS, satisfied
from contract_tests.relations.learning import PAGE, shuffled
from contract_tests.relations.query import Filter, Flat, Join, Query, Ref, Spelled, both, either

#: What a query may have; every two of them meet.
FEATURES = ("filters", "condition", "ints", "sort", "fields", "counts", "types", "all", "total", "later")
#: Random whole queries of a run.
COMBINED = 4


@twins(
    "COC-R-combined",
    says="Filters, condition, sort, pages, projection, counts and totals mean the same together as alone.",
    about="string_filters",
    assumption="filter-text-form",
)
def combined(exam: Examination, strict: bool) -> Iterator[Finding]:
    """Random queries in which every two features meet."""
    random = exam.random("combined")
    if len(exam.world.panel.items) < 3:
        yield vacuous("Fewer than three tickets tell little.")
        return
    rows = chain.from_iterable(covering(len(FEATURES), random, _possible) for _ in count())
    for index, row in enumerate(islice(rows, COMBINED)):
        query = _with(exam, random, {name for name, wanted in zip(FEATURES, row, strict=True) if wanted})
        yield exam.check_together(
            query, case=f"query {index + 1}", strict=strict, telling=bool(query.filters or query.ints) or None
        )


def _possible(row: Row) -> Row:
    """All tickets are on no later page; a condition needs filters, and says nothing sure of integer filters."""
    wanted = dict(zip(FEATURES, row, strict=True))
    wanted["later"] &= not wanted["all"]
    wanted["condition"] &= wanted["filters"]
    wanted["ints"] &= not wanted["condition"]
    return tuple(wanted.values())


def _with(exam: Examination, random: Random, wanted: set[str]) -> Query:
    """A query of these features, as far as the operation has them; filters are such that some ticket satisfies them."""
    operation = exam.session.operation
    least = 2 if "condition" in wanted else 1
    filters = satisfied(exam, random, exam.world.panel, random.randint(least, 4) if "filters" in wanted else 0)
    named = tuple(Filter(q.field, q.operator, q.values, f"f{index}") for index, q in enumerate(filters))
    joined = "condition" in wanted and bool(operation.query.condition) and len(named) > 1
    refs = [Ref(str(each.name)) for each in shuffled(random, named)]
    everything = "all" in wanted and bool(operation.pagination.all)
    whole_page = not everything and "later" not in wanted and random.random() < 0.5
    return Query(
        filters=named if joined or random.random() < 0.7 else tuple(filters),
        condition=tree(random, refs) if joined else None,
        ints=_order(exam, random) if "ints" in wanted and operation.query.int_filters else (),
        sort=_sort(exam, random) if "sort" in wanted and operation.query.sort else None,
        fields=_fields(exam, random) if "fields" in wanted and operation.query.projection else None,
        counts=_counts(exam, random) if "counts" in wanted and operation.query.counts else None,
        types=(operation.query.types["value"],) if operation.query.types and "types" in wanted else None,
        all=True if everything else None,
        total=random.choice((True, False)) if "total" in wanted and operation.pagination.total_wanted else None,
        size=None if everything else PAGE if whole_page else random.randint(1, 20),
        page=None
        if everything or whole_page
        else random.choice((2, 3))
        if "later" in wanted
        else random.choice((None, 1)),
    )


def _sort(exam: Examination, random: Random) -> tuple[str, str]:
    """Mostly by what has a sure order."""
    sure = [exam.session.operation.query.key, *exam.world.integers]
    return random.choice(sure if random.random() < 0.8 else exam.world.scalars), "desc"


def _order(exam: Examination, random: Random) -> tuple[Filter, ...]:
    names = exam.world.integers
    if not names:
        return ()
    name = random.choice(names)
    values = exam.world.panel.texts(name)
    return (Filter(name, random.choice("<>"), (random.choice(values),)),)


def _fields(exam: Examination, random: Random) -> tuple[str, ...]:
    names = exam.world.shown
    chosen = random.sample(names, random.randint(1, len(names) // 2))
    return tuple(dict.fromkeys([*chosen, exam.session.operation.query.key])) if random.random() < 0.7 else tuple(chosen)


def _counts(exam: Examination, random: Random) -> tuple[tuple[Filter, ...], ...]:
    return tuple(
        tuple(satisfied(exam, random, exam.world.panel, random.choice((1, 2)))) for _ in range(random.randint(1, 3))
    )


@relation("COC-R-example", says="The page's own request is answered with tickets that satisfy it.", about="condition")
@examined
def example(exam: Examination) -> Iterator[Finding]:
    """The example as it is; then with values of the target's own in place of the page's."""
    yield from _hidden(exam)
    bodies = list(exam.session.operation.examples.values())
    if not bodies:
        yield vacuous("The contract has no example request.")
    for body in bodies:
        query = _read(exam, body)
        yield exam.check(query, case="as it is", place=panel, riders=False)
        own = query.with_(filters=tuple(_learned(exam, each) for each in query.filters), size=PAGE, page=1)
        yield exam.check(own, case="with the target's values", place=panel, telling=bool(exam.world.panel.items))


def _hidden(exam: Examination) -> Iterator[Finding]:
    """What the example filters on and no ticket shows filters too: no ticket has a value that is made up."""
    for name in exam.session.operation.query.also_filterable:
        query = Query(filters=(Filter(name, "in", ("no such value, made up to find nothing",)),), size=1)
        answer = exam.ask(query)
        if answer.exchange.ok and not answer.items and not answer.total:
            yield holds(name, evidence(answer))
        else:
            found = f"{answer.total} tickets" if answer.exchange.ok else f"{answer.exchange.status}"
            yield breach(f"{found}: {query}", "200 and no ticket", name, evidence(answer))


def _read(exam: Examination, body: dict[str, Any]) -> Query:
    """A request body as a query."""
    member = exam.session.operation.member
    filters = tuple(
        Filter(each["field"], each["operator"], tuple(each["values"]), each.get("name"))
        for each in body.get(str(member("string_filters")), ())
    )
    sort = body.get(str(member("sort")))
    spelled = body.get(str(member("condition")))
    return Query(
        filters=filters,
        condition=None if spelled is None else parsed(spelled),
        sort=None if sort is None else (sort["field"], sort["operator"]),
        page=body.get(str(member("page"))),
        size=body.get(str(member("size"))),
        total=body.get(str(member("total_wanted"))),
    )


def parsed(spelled: str) -> Spelled:
    """A condition in which parentheses leave no doubt, read back."""
    stack: list[list[Any]] = [[]]
    for token in spelled.replace("(", " ( ").replace(")", " ) ").replace("&", " & ").replace("|", " | ").split():
        if token == "(":
            stack.append([])
        elif token == ")":
            done = _joined(stack.pop())
            stack[-1].append(done)
        else:
            stack[-1].append(token if token in {"&", "|"} else Ref(token))
    return Spelled(_joined(stack[0]), spelled)


def _joined(tokens: list[Any]) -> Ref | Join | Flat:
    parts, operators = tokens[::2], set(tokens[1::2])
    if len(parts) == 1:
        return parts[0]  # type: ignore[no-any-return]
    if len(operators) == 1:
        return both(*parts) if operators == {"&"} else either(*parts)
    return Flat(tuple(str(part) for part in parts), tuple(tokens[1::2]))


def _learned(exam: Examination, query: Filter) -> Filter:
    """The filter with values that the target's tickets have."""
    texts = exam.world.panel.texts(query.field)
    if not texts or query.operator not in MEANINGS:
        return query
    half = texts[: max(1, len(texts) // 2)]
    return Filter(query.field, query.operator, tuple(half[: max(1, len(query.values))]), query.name)


COMBINING = (*combined, example)
