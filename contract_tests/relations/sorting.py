"""Order: by every property, in both directions, across pages, and by default."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations
from random import Random
from typing import Any

from contract_tests.ledger import Finding
from contract_tests.relation import breach, holds, relation, vacuous
from contract_tests.relations.examination import Examination, evidence, examined, twins
from contract_tests.relations.filters import satisfied
from contract_tests.relations.learning import PAGE, shuffled
from contract_tests.relations.query import Query
from contract_tests.relations.readings import is_integer, shape, text

#: Properties that a run sorts by in several ways; by each of the others it does once, beside other features.
MOST = 7
#: Wrong ways to rank the texts of a property.
RANKS: dict[str, Callable[[str], Any]] = {
    "as text": str,
    "by length": len,
    "by the first characters": lambda own: own[:8],
    "without case": str.casefold,
    "as numbers": lambda own: int(own) if is_integer(own) else 0,
    "not at all": lambda own: 0,  # noqa: ARG005
}
#: Texts of a property that are ranked, two by two.
RANKED = 40


@twins(
    "COC-R-sort",
    says="Tickets come in the order of the sort's property and direction, and the sort loses none.",
    about="sort",
    assumption="sort-order",
)
def sort(exam: Examination, strict: bool) -> Iterator[Finding]:
    """By some in turn; up by assumption; on a second page; under a filter; then by what no other query sorted by."""
    if not exam.session.operation.query.sort:
        yield vacuous("The operation does not sort.")
        return
    random = exam.random("sort")
    items = exam.world.panel.items.values()
    names = telling_sorts(exam, random)
    different = {name for name in names if len({text(item.get(name)) for item in items}) > 1}
    for index, name in enumerate(names[:MOST]):
        for direction in ("desc", "asc") if strict and index < 4 else ("desc",):
            query = Query(sort=(name, direction), size=PAGE)
            query = _misnamed(exam, query) if index == 1 and direction == "desc" else query
            yield exam.check(query, case=f"{name} {direction}", strict=strict, telling=name in different)
    for name in names[:2]:
        page = Query(sort=(name, "desc"), size=max(1, len(items) // 3), page=2)
        yield exam.check(page, case=f"{name} desc, page 2", strict=strict, telling=name in different)
        filtered = page.with_(filters=tuple(satisfied(exam, random, exam.world.panel, 1)), page=1)
        yield exam.check(filtered, case=f"{name} desc, filtered", strict=strict, telling=name in different)
    for name in names[MOST:]:
        if name in different - exam.riders.sorted:
            yield exam.check(Query(sort=(name, "desc"), size=PAGE), case=f"{name} desc", strict=strict, telling=True)


def _misnamed(exam: Examination, query: Query) -> Query:
    """The sort called as another property is: `field` says what sorts, `name` is for conditions (Table 3)."""
    operation = exam.session.operation
    member = str(operation.member("sort"))
    asked = query.body(operation)[member]
    other = next((name for name in exam.world.scalars if name != asked["field"]), asked["field"])
    return query.with_(extra={member: {**asked, "name": other}})


def telling_sorts(exam: Examination, random: Random) -> list[str]:
    """The key and the properties to sort by, those first that tell the right order from many wrong ones."""
    names = shuffled(random, [*exam.world.scalars])
    told = {name: _told(exam, random, name) for name in names}
    ordered: list[str] = []
    open_ = set(RANKS)
    while len(ordered) < len(names):
        left = [name for name in names if name not in ordered]
        best = max(left, key=lambda name: (len(told[name] & open_), len(told[name])))
        open_ = open_ - told[best] or set(RANKS)
        ordered.append(best)
    key = exam.session.operation.query.key
    return [*ordered[:3], key, *ordered[3:]] if key not in ordered[:3] else ordered


def _told(exam: Examination, random: Random, name: str) -> set[str]:
    """The wrong ways to rank that order some two comparable texts of the property otherwise."""
    texts = exam.world.panel.texts(name)
    owns = random.sample(texts, min(RANKED, len(texts)))
    integral = name in exam.world.integers
    found = set()
    for one, other in combinations(owns, 2):
        if not integral and shape(one) != shape(other):
            continue
        larger = int(one) > int(other) if integral else one > other
        found |= {way for way, rank in RANKS.items() if (rank(one) > rank(other)) is not larger}
    return found


@relation(
    "COC-R-sort-ties",
    says="Tickets of equal value keep one order, so that pages neither repeat nor lose a ticket.",
    about="sort",
    assumption="sort-order",
    needs=("sort", "page"),
)
@examined
def sort_ties(exam: Examination) -> Iterator[Finding]:
    """Pages of 40 under the sorts with the most ties."""
    key = exam.session.operation.query.key
    items = exam.world.panel.items
    spread = sorted((len({text(item.get(name)) for item in items.values()}), name) for name in exam.world.scalars)
    size = max(1, -(-len(items) // 4))
    for distinct, name in [pair for pair in spread if pair[0] > 1][:1]:
        queries = [Query(sort=(name, "desc"), size=size, page=page, scope=tuple(sorted(items))) for page in range(1, 5)]
        answers = [exam.ask(query) for query in queries]
        keys = [str(item.get(key)) for answer in answers for item in answer.items]
        case = f"{name}, {distinct} values"
        if sorted(keys) == sorted(items):
            yield holds(case, evidence(*answers))
        else:
            double = len(keys) - len(set(keys))
            yield breach(
                f"{double} tickets twice, {len(set(items) - set(keys))} not at all",
                "each ticket once",
                case,
                evidence(*answers),
            )


@relation(
    "COC-R-default-order",
    says="Without a sort the newest ticket comes first.",
    about="sort",
    assumption="default-order",
)
@examined
def default_order(exam: Examination) -> Iterator[Finding]:
    """The panel, and its second page."""
    default = exam.session.operation.query.default_sort
    if not default:
        yield vacuous("The operation has no default order.")
        return
    count = len(exam.world.panel.items)
    for query in (Query(size=PAGE), Query(size=max(1, count // 2), page=2)):
        yield exam.check(query, strict=True, telling=count > 1, riders=False)


@relation(
    "COC-R-group-together",
    says="With a group filter, tickets of equal value in its property stand together, and none is lost.",
    about="group",
    assumption="group-together",
)
@examined
def group_together(exam: Examination) -> Iterator[Finding]:
    """The properties with the fewest values."""
    if not exam.session.operation.query.group:
        yield vacuous("The operation does not group.")
        return
    items = exam.world.panel.items
    spread = sorted((len({text(item.get(name)) for item in items.values()}), name) for name in exam.world.scalars)
    for _, name in [pair for pair in spread if 1 < pair[0] < max(2, len(items))][:3]:
        query = exam.world.panel.confine(Query(group=name, size=PAGE))
        finding = exam.check(Query(group=name, size=PAGE), case=name, strict=True, telling=True, riders=False)
        answer = exam.ask(query)
        values = [text(item.get(name)) for item in answer.items]
        runs = [value for index, value in enumerate(values) if index == 0 or values[index - 1] != value]
        if len(runs) > len(set(runs)) and not finding.message:
            yield breach(
                f"{len(runs)} runs of {len(set(runs))} values of {name}", "one run a value", name, evidence(answer)
            )
        else:
            yield finding


SORTING = sort
ASSUMED_SORTING = (sort_ties, default_order, group_together)
