"""Riders: features that ride along on another relation's query, so that each request shows more than its own rule.

A query about filters is also sorted, projected, counted, or asked for its second page; whatever `judging` says of an
answer, it says of the riders too. Which ride together is chosen so that soon every two of them have met. Riders leave
the query's own part alone: a main filter that rides lets most tickets pass, and a projection that rides keeps the key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from itertools import cycle, zip_longest
from random import Random
from typing import TYPE_CHECKING, Any

from attrs import define, field

from contract_tests.contract import Operation
from contract_tests.covering import Row, covering
from contract_tests.relations.learning import PAGE, Population, World, shuffled
from contract_tests.relations.query import Filter, Query, Ref, both
from contract_tests.relations.readings import ASSUMED, Reading, holds, selected, text

if TYPE_CHECKING:
    from collections.abc import Callable

#: What may ride, in the order in which it gets on.
RIDERS = ("filters", "condition", "ints", "sort", "fields", "counts", "types", "total", "all", "later")
#: Coverings that are made, each in its own way; then they begin again, with other values.
COVERINGS = 4
#: Of `in` filters that ride: values at most.
VALUES = 100
#: Tickets on one page that show whether they are in order.
MANY = 30


@define
class Riders:
    """Which riders each query of a run carries; equal queries carry the same, in whatever order they are asked."""

    operation: Operation
    seed: str
    banned: set[str] = field(factory=set)
    rows: Iterator[Row] = field(init=False)
    chosen: dict[str, Query] = field(factory=dict)
    sorted: set[str] = field(factory=set)
    """Properties by which some query was sorted whose tickets tell an order, under every reading."""

    @rows.default
    def _endless(self) -> Iterator[Row]:
        random = Random(self.seed)  # noqa: S311 - choices, no secret
        return cycle([row for _ in range(COVERINGS) for row in covering(len(RIDERS), random)])

    def on(self, query: Query, world: World, population: Population) -> Query:
        """The query with its riders; those that are banned, or that the query has no room for, stay behind."""
        name = f"{query.body(self.operation)} {population.scope is None}"
        if name not in self.chosen:
            row = next(self.rows)
            random = Random(f"{self.seed} {len(self.chosen)}")  # noqa: S311 - choices, no secret
            loaded = query
            for rider, wanted in zip(RIDERS, row, strict=True):
                if wanted and rider not in self.banned:
                    place = Place(self.operation, world, population, random, self.sorted)
                    loaded = loaded.with_(**BOARDING[rider](place, loaded))
            self.chosen[name] = loaded
        return self.chosen[name]

    def note(self, query: Query, population: Population) -> None:
        """Remember what a query sorts by, if its page tells the order."""
        if query.sort is not None and _orders(query, population, self.operation.item):
            self.sorted.add(query.sort[0])


@define
class Place:
    """What a rider is chosen from."""

    operation: Operation
    world: World
    population: Population
    random: Random
    sorted: Set[str]


def _filters(place: Place, query: Query) -> dict[str, Any]:
    """One to three string filters beside a query that has none."""
    if query.filters or query.condition or not place.operation.member("string_filters"):
        return {}
    return {"filters": tuple(_light(place, place.world.scalars, place.random.randint(1, 3)))}


def _condition(place: Place, query: Query) -> dict[str, Any]:
    """The conjunction that goes without saying, said."""
    unsure = query.ints or query.condition or any(each.name is not None for each in query.filters)
    if unsure or not query.filters or not place.operation.query.condition:
        return {}
    named = tuple(Filter(q.field, q.operator, q.values, f"Rider{index}") for index, q in enumerate(query.filters))
    refs = shuffled(place.random, [Ref(str(each.name)) for each in named])
    return {"filters": named, "condition": both(*refs) if len(refs) > 1 else refs[0]}


def _ints(place: Place, query: Query) -> dict[str, Any]:
    """One to three integer filters; what they mean beside a condition is open."""
    if query.ints or query.condition or not place.operation.query.int_filters:
        return {}
    filters = _light(place, place.world.integers, place.random.randint(1, 3))
    return {"ints": tuple(_called_as_others(place, filters, {each.name for each in query.filters}))}


def _sort(place: Place, query: Query) -> dict[str, Any]:
    """Half the time by what has a sure order, else by a property that none was sorted by yet."""
    if query.sort or query.group or not place.operation.query.sort:
        return {}
    sure = [place.operation.query.key, *place.world.integers]
    new = [name for name in place.world.scalars if name not in place.sorted] or place.world.scalars
    return {"sort": (place.random.choice(sure if place.random.random() < 0.5 else new), "desc")}


def _fields(place: Place, query: Query) -> dict[str, Any]:
    """The key with a few other properties, with half of them, or with all."""
    if query.fields is not None or not place.operation.query.projection:
        return {}
    key = place.operation.query.key
    names = shuffled(place.random, place.world.shown)
    number = place.random.choice((2, len(names) // 2, len(names)))
    return {"fields": tuple(shuffled(place.random, [key, *(name for name in names if name != key)][:number]))}


def _counts(place: Place, query: Query) -> dict[str, Any]:
    """One to four counts, of one or two filters each; sometimes of nothing."""
    if query.counts is not None or not place.operation.query.counts:
        return {}
    random = place.random
    groups = [_telling(place, random.choice((1, 1, 2))) for _ in range(random.randint(1, 4))]
    groups = [_called_as_others(place, group, set()) for group in groups]
    if random.random() < 0.5:
        groups.append([Filter(place.operation.query.key, "=", ("no such ticket",))])
    return {"counts": tuple(tuple(group) for group in shuffled(random, groups) if group) or None}


def _types(place: Place, query: Query) -> dict[str, Any]:
    """The operation's own type."""
    types = place.operation.query.types
    return {"types": (types["value"],)} if types and query.types is None else {}


def _total(place: Place, query: Query) -> dict[str, Any]:
    """The total, asked for."""
    return {"total": True} if place.operation.pagination.total_wanted and query.total is None else {}


def _all(place: Place, query: Query) -> dict[str, Any]:
    """All tickets instead of one page that holds them."""
    one_page = query.all is None and query.page is None and query.size == PAGE
    return {"all": True, "size": None} if one_page and place.operation.pagination.all and _few(place) else {}


def _later(place: Place, query: Query) -> dict[str, Any]:
    """The second of two or three pages, in a sure order, instead of one page that holds all."""
    one_page = query.all is None and query.page is None and query.size == PAGE and not query.group
    if not one_page or not place.operation.member("page") or not _few(place):
        return {}
    properties = place.operation.item
    found = sum(selected(query, item, ASSUMED, properties) is True for item in place.population.items.values())
    if found < 3:
        return {}
    sort = query.sort or place.operation.query.by_key
    return {"size": -(-found // place.random.choice((2, 3))), "page": 2, "sort": sort}


def _orders(query: Query, population: Population, properties: Mapping[str, Any]) -> bool:
    """Whether one page holds many tickets of the query, which differ in what it sorts by."""
    name = query.sort[0] if query.sort else ""
    if query.size != PAGE and not query.all:
        return False
    found = [item for item in population.items.values() if selected(query, item, ASSUMED, properties) is True]
    return len(found) >= MANY and len({text(item.get(name)) for item in found}) > 1


def _few(place: Place) -> bool:
    return len(place.population.items) <= PAGE


BOARDING: dict[str, Callable[[Place, Query], dict[str, Any]]] = {
    "filters": _filters,
    "condition": _condition,
    "ints": _ints,
    "sort": _sort,
    "fields": _fields,
    "counts": _counts,
    "types": _types,
    "total": _total,
    "all": _all,
    "later": _later,
}


def _light(place: Place, names: list[str], count: int) -> list[Filter]:
    """Filters that mean the same under every reading, each refusing some tickets but less than a third."""
    found = []
    for query in _sure(place, names):
        refused = _refused(place, query)
        if refused is not None and 0 < refused * 3 < len(place.world.panel.items):
            found.append(query)
        if len(found) == count:
            break
    return found


def _telling(place: Place, count: int) -> list[Filter]:
    """Filters that mean the same under every reading, each refusing some tickets and not all."""
    found = []
    for query in _sure(place, place.world.scalars):
        refused = _refused(place, query)
        if refused is not None and 0 < refused < len(place.world.panel.items):
            found.append(query)
        if len(found) == count:
            break
    return found


def _called_as_others(place: Place, filters: list[Filter], taken: Set[str | None]) -> list[Filter]:
    """The filters, each called as a property that none of them is about, as far as there are such names."""
    free = [name for name in place.world.scalars if name not in {*taken, *(each.field for each in filters)}]
    names = shuffled(place.random, free)
    return [
        Filter(each.field, each.operator, each.values, name)
        for each, name in zip_longest(filters, names[: len(filters)])
    ]


def _refused(place: Place, query: Filter) -> int | None:
    """How many tickets of the panel fail the filter; None when it is open for some."""
    truths = [holds(query, item, Reading(), place.operation.item) for item in place.world.panel.items.values()]
    return None if None in truths else truths.count(False)


def _sure(place: Place, names: list[str]) -> Iterator[Filter]:
    """Filters with values that the panel has, on the properties in a random order."""
    random = place.random
    for name in shuffled(random, names):
        texts = place.world.panel.texts(name)
        if not texts:
            continue
        own = random.choice(texts)
        some = tuple(random.sample(texts, random.randint(1, min(len(texts), VALUES))))
        filters = [Filter(name, "!=", (own,)), Filter(name, "=", (own,)), Filter(name, "in", some)]
        if name in place.world.integers:
            lowest, highest = min(texts, key=int), max(texts, key=int)
            filters += [Filter(name, ">", (lowest,)), Filter(name, "<", (highest,)), Filter(name, ">", (own,))]
        yield from (each for each in shuffled(random, filters) if place.operation.takes(each.operator))
