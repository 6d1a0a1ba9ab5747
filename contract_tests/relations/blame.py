"""Whose fault a wrong answer is: the query made smaller while its answer stays wrong, and the rule that is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from contract_tests.relations.learning import PAGE, PLAIN
from contract_tests.relations.query import Filter, Join, Query, Ref

#: Members of a query, each with the changes that leave it out; in the order in which they are tried.
WITHOUT: dict[str, dict[str, Any]] = {
    "types": {"types": None},
    "total": {"total": None},
    "counts": {"counts": None},
    "fields": {"fields": None},
    "all": {"all": None, "size": PAGE},
    "page": {"page": None, "size": PAGE},
    "ints": {"ints": ()},
    "condition": {"condition": None},
    "filters": {"filters": (), "condition": None},
    "sort": {"sort": None},
}
#: The relation of each member that is wrong alone, or with a sort that it needs to be judged.
OWNERS = {
    "types": "COC-R-ticket-types",
    "total": "COC-R-total",
    "counts": "COC-R-count",
    "fields": "COC-R-projection",
    "all": "COC-R-all",
    "page": "COC-R-page-slice",
    "ints": "COC-R-int-filters",
    "sort": "COC-R-sort",
}
#: How the relation of an operator is called, after `COC-R-filter-`.
OPERATORS = {
    "in": "in",
    "=": "eq",
    "!=": "ne",
    "like": "like",
    "startwith": "startwith",
    "endwith": "endwith",
    ">": "gt",
    "<": "lt",
}
COMBINED = "COC-R-combined"
#: What a query rests on (an operator, its scope, or that a condition joins filters) with the query that has no more.
Root = tuple[str, Query]
CONDITION = "condition"
#: Filters of one operator that are asked for alone, at most.
ALIKE = 3
#: Those that have a twin under our reading alone.
TWINNED = {
    "COC-R-total",
    "COC-R-count",
    "COC-R-projection",
    "COC-R-all",
    "COC-R-sort",
    "COC-R-condition",
    COMBINED,
}


def members(query: Query) -> set[str]:
    """What the query has beside its scope."""
    had = {name for name in WITHOUT if getattr(query, name) not in (None, ())}
    return had | ({"page"} if query.size not in (None, PAGE) else set())


def smallest(query: Query, wrong: Callable[[Query], str | None]) -> Query:
    """The query without every member, count and filter that the wrong answer can do without; asks a few more."""
    for name, change in WITHOUT.items():
        if name in members(query) and wrong(query.with_(**change)):
            query = query.with_(**change)
    for less in _parts(query):
        if wrong(less):
            return less
    return query


def parts(query: Query) -> Iterator[Root]:
    """What a query of several parts rests on, each as a query of its own: an operator, the joining of two filters."""
    filters = [*query.filters, *query.ints, *(each for group in query.counts or () for each in group)]
    if len(filters) > 1 or members(query) != {"filters"}:
        seen: Counter[str] = Counter()
        for each in dict.fromkeys(Filter(each.field, each.operator, each.values) for each in filters):
            seen[each.operator] += 1
            if seen[each.operator] <= ALIKE:
                yield each.operator, PLAIN.with_(filters=(each,))
    yield from ((CONDITION, part) for part in _joined(query))


def _joined(query: Query) -> Iterator[Query]:
    """Of a query with a condition, one of its filters and two of them, under conditions of their own."""
    named = [(each, Ref(str(each.name))) for each in query.filters if each.name is not None]
    if query.condition is None or not named:
        return
    (one, name), *others = named
    yield PLAIN.with_(filters=(one,), condition=name)
    for other, second in others[:1]:
        signs = [sign for sign in "&|" if sign in str(query.condition)]
        yield from (PLAIN.with_(filters=(one, other), condition=Join(sign, (name, second))) for sign in signs)


def _parts(query: Query) -> Iterator[Query]:
    """The query with one of its counts or filters."""
    if query.counts and len(query.counts) > 1:
        yield from (query.with_(counts=(group,)) for group in query.counts)
    elif len(query.filters) > 1 and query.condition is None:
        yield from (query.with_(filters=(each,)) for each in query.filters)


def owner(query: Query, *, strict: bool) -> str:
    """The id of the relation that the smallest wrong query is about; of its twin when `strict`."""
    left = members(query)
    found = COMBINED
    if left == {"filters"}:
        alone = query.filters[0].operator if len(query.filters) == 1 else ""
        found = f"COC-R-filter-{OPERATORS[alone]}" if alone in OPERATORS else "COC-R-filters-and"
    elif left == {"filters", "condition"}:
        found = "COC-R-condition"
    elif left == {"page", "sort"}:
        found = OWNERS["page"]
    elif len(left) == 1:
        found = OWNERS[left.pop()]
    if not strict:
        return found
    return f"{found if found in TWINNED or found.startswith('COC-R-filter-') else COMBINED}-assumed"
