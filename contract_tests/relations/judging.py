"""What an answer to a query must be, as far as the target's own tickets tell.

`problem` compares one answer with what one reading expects and gives the first difference as a sentence, or None.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from attrs import field, frozen

from contract_tests import comparing
from contract_tests.contract import Operation
from contract_tests.exchange import Exchange
from contract_tests.relations.learning import PAGE, Population
from contract_tests.relations.query import ALL, Query
from contract_tests.relations.readings import (
    CODES,
    PATTERN,
    Item,
    Reading,
    Truth,
    conjunction,
    gist,
    holds,
    is_integer,
    selected,
    shape,
    text,
)
from contract_tests.schemas import find


@frozen(eq=False)
class Answer:
    """An answer taken apart: `items` in order, `total` and `counts` as they came (None when absent)."""

    exchange: Exchange
    items: list[Item]
    total: Any
    counts: Any
    has_total: bool

    @classmethod
    def of(cls, exchange: Exchange, operation: Operation) -> Answer:
        """Nothing raises: what has the wrong shape counts as absent."""
        body, where = exchange.json(), operation.pagination
        items = find(body, where.items)
        holder, _, name = (where.total or "").rpartition("/")
        around = find(body, holder)
        return cls(
            exchange,
            [comparing.known(item, operation.item) for item in items if isinstance(item, dict)]
            if isinstance(items, list)
            else [],
            find(body, where.total) if where.total else None,
            find(body, operation.query.count_results) if operation.query.count_results else None,
            isinstance(around, dict) and name in around,
        )


@frozen(eq=False)
class Expectation:
    """What one reading expects of a query over a population: `must` and `may` hold keys, `may` the larger."""

    operation: Operation
    query: Query
    population: Population
    reading: Reading
    properties: dict[str, dict[str, Any]] = field(init=False)
    """Those by which something can be judged: not what never holds still."""
    truths: dict[str, Truth] = field(init=False)

    @properties.default
    def _steady(self) -> dict[str, dict[str, Any]]:
        return {n: schema for n, schema in self.operation.item.items() if n not in self.population.unsteady}

    @truths.default
    def _judge_items(self) -> dict[str, Truth]:
        judged = (
            (key, selected(self.query, item, self.reading, self.properties))
            for key, item in self.population.items.items()
        )
        others = (
            self.query.types is not None and (self.operation.query.types or {}).get("value") not in self.query.types
        )
        if others and self.query.types:
            return {key: False if self.reading.strict else conjunction((truth, None)) for key, truth in judged}
        return dict(judged)

    @property
    def must(self) -> list[str]:
        """Keys of the items that every open point lets in."""
        return [key for key, truth in self.truths.items() if truth is True]

    @property
    def may(self) -> list[str]:
        """Keys of the items that some choice lets in."""
        return [key for key, truth in self.truths.items() if truth is not False]

    def coded(self, name: str) -> tuple[str, ...]:
        """The codes that a property has by the contract, which a service may rank as it likes; none when `strict`."""
        return () if self.reading.strict else tuple(self.operation.item.get(name, {}).get(CODES, ()))

    @property
    def size(self) -> int:
        """Items on a page."""
        return self.query.page_size(self.operation)

    @property
    def page(self) -> int:
        """The page asked for, from 1."""
        return self.query.page or 1

    @property
    def sort(self) -> tuple[str, str] | None:
        """The order asked for; by assumption the default one."""
        default = self.operation.query.default_sort
        if self.query.sort or not (self.reading.strict and default):
            return self.query.sort
        return default["field"], default["operator"]


def problem(expected: Expectation, answer: Answer) -> str | None:
    """The first difference between answer and expectation, or None."""
    query = expected.query
    past = expected.page > 1 and (expected.page - 1) * expected.size >= len(expected.must)
    open_ = past or query.unusual or _signs(query) or _negative(query)
    if answer.exchange.status == 400 and open_ and not expected.reading.strict:
        return None  # what a page past the end, an unusual condition or half a pattern is answered is an assumption
    if not answer.exchange.ok:
        return f"the answer was {answer.exchange.status or answer.exchange.error}"
    return next(differences(expected, answer), None)


def _signs(query: Query) -> bool:
    """Whether a `like` has signs that a pattern language gives a meaning: it may be no pattern at all there."""
    everything = (*query.filters, *query.ints, *(each for group in query.counts or () for each in group))
    return any(each.operator == "like" and PATTERN & set("".join(each.values)) for each in everything)


def _negative(query: Query) -> bool:
    """Whether an integer filter has a negative number: where no property can be one, it may be out of range."""
    return any(value.startswith("-") for each in query.ints for value in each.values)


def differences(expected: Expectation, answer: Answer) -> Iterator[str]:
    """Every difference, in the order in which they are best understood."""
    yield from _strangers(expected, answer)
    yield from _members(expected, answer)
    yield from _total(expected, answer)
    yield from _length(expected, answer)
    yield from _missing(expected, answer)
    yield from _order(expected, answer)
    yield from _slice(expected, answer)
    yield from _counts(expected, answer)


def evident(
    operation: Operation, query: Query, reading: Reading, answer: Answer, unsteady: frozenset[str] = frozenset()
) -> str | None:
    """What is wrong by what the answer itself shows, whatever tickets there are: a stranger, or the order; or None."""
    items = {str(item[operation.query.key]): item for item in answer.items if item.get(operation.query.key) is not None}
    if query.fields is not None or not answer.exchange.ok:
        return None
    expected = Expectation(operation, query, Population(items, None, unsteady), reading)
    return next(chain(_strangers(expected, answer), _order(expected, answer)), None)


def _keys(expected: Expectation, answer: Answer) -> list[str]:
    """The keys of the answered items; empty when the projection leaves them out."""
    key = expected.operation.query.key
    return [str(item[key]) for item in answer.items if item.get(key) is not None]


def _strangers(expected: Expectation, answer: Answer) -> Iterator[str]:
    """No item that the filters refuse, none outside the scope, none twice."""
    keys = _keys(expected, answer)
    if len(set(keys)) < len(keys):
        yield f"{next(key for key in keys if keys.count(key) > 1)} is on the page twice"
    for key in keys:
        if key not in expected.truths:
            yield f"{key} is not among the tickets that the query is confined to"
        elif expected.truths[key] is False:
            yield f"{key} does not satisfy the query: {_because(expected, key)}"


def _because(expected: Expectation, key: str) -> str:
    """The values of the filtered properties, for people."""
    item, query = expected.population.items[key], expected.query
    fields = dict.fromkeys(each.field for each in (*query.filters, *query.ints))
    return ", ".join(f"its {name} is {_shown(item.get(name))}" for name in list(fields)[:4]) or "it is not selected"


def _shown(value: Any) -> str:
    return "absent" if value is None else repr(value)[:60]


def _missing(expected: Expectation, answer: Answer) -> Iterator[str]:
    """When the one page holds everything, no item that must be there is left out."""
    projected = expected.query.fields is not None and expected.operation.query.key not in expected.query.fields
    everything = expected.query.all or (expected.page == 1 and len(expected.may) <= expected.size)
    if projected or not everything or len(expected.may) > ALL:
        return
    missing = set(expected.must) - set(_keys(expected, answer))
    if missing:
        first = min(missing)
        yield f"{first} is missing though it satisfies the query: {_because(expected, first)}"


def _total(expected: Expectation, answer: Answer) -> Iterator[str]:
    """The total is that of all pages, under the filters; absent when it is not wanted."""
    low, high = len(expected.must), len(expected.may)
    if expected.query.total is False:
        if expected.reading.strict and answer.has_total:
            yield f"the answer has a total, {answer.total!r}"
        elif low and answer.total not in (None, 0):
            yield f"the answer tells the total, {answer.total!r}"
    elif answer.total is None and low and expected.operation.pagination.total:
        yield f"the answer has no total; {low} tickets satisfy the query"
    elif answer.total is not None and not low <= answer.total <= high:
        yield f"the total is {answer.total!r}; {_between(low, high)} tickets satisfy the query"


def _between(low: int, high: int) -> str:
    return str(low) if low == high else f"{low} to {high}"


def _length(expected: Expectation, answer: Answer) -> Iterator[str]:
    """The page holds as many items as its size and place say."""
    low, high = len(expected.must), len(expected.may)
    if expected.query.all:
        window = _window_of_all(expected, low, high)
    else:
        start = (expected.page - 1) * expected.size
        if start >= high and not expected.reading.strict:
            return
        window = (max(0, min(expected.size, low - start)), max(0, min(expected.size, high - start)))
    if not window[0] <= len(answer.items) <= window[1]:
        yield f"the page holds {len(answer.items)} tickets, not {_between(*window)}"


def _window_of_all(expected: Expectation, low: int, high: int) -> tuple[int, int]:
    """How many items an answer with all of them holds; sure only without a page, and up to one page's most."""
    query = expected.query
    sure = expected.reading.strict or not (query.page or query.size or low > PAGE)
    return (min(low, ALL) if sure else 0), min(high, ALL)


def _order(expected: Expectation, answer: Answer) -> Iterator[str]:
    """Values fall (or rise) down the page, where every collation agrees how they compare; equal ones are together."""
    if expected.sort is None or expected.query.group or expected.sort[0] in expected.population.unsteady:
        return
    name, direction = expected.sort
    items = [(key, expected.population.items.get(key, {}).get(name)) for key in _keys(expected, answer)]
    items = [(key, value) for key, value in items if value is not None and not isinstance(value, (list, dict))]
    last: dict[Any, tuple[Any, str]] = {}
    for key, value in items if not expected.coded(name) else ():
        if isinstance(value, bool):
            continue
        kind, rank = comparable(value, expected, name)
        before = last.get(kind)
        if before and (before[0] < rank if direction == "desc" else before[0] > rank):
            yield f"{key} ({name} {_shown(value)}) comes after {before[1]}, sorted by {name} {direction}"
            return
        last[kind] = (rank, _shown(value))
    yield from _scattered(items, name, expected.coded(name))


def _scattered(items: Sequence[tuple[str, Any]], name: str, codes: Sequence[str]) -> Iterator[str]:
    """However a service ranks texts, flags or codes (P1 before P2, or by letters), those of one value stand together.

    Between them may be values that some collation takes for the same; all codes that the contract does not list may
    have one rank.
    """
    runs: dict[str, int] = {}
    run, before = 0, None
    for key, value in items:
        if not isinstance(value, (str, bool)) or (codes and value not in codes):
            continue
        own = str(text(value))
        run += gist(own) != before
        before = gist(own)
        if runs.setdefault(own, run) != run:
            yield f"{key} ({name} {_shown(value)}) stands apart from others of that value, sorted by {name}"
            return


def comparable(value: Any, expected: Expectation, name: str) -> tuple[Any, Any]:
    """The class within which a value can be compared, and its rank there."""
    own = text(value) or ""
    if not isinstance(value, str):
        return "number", value
    if not expected.reading.strict:
        return shape(own), own
    integral = "integer" in expected.operation.item.get(name, {}).get("type", ())
    return ("number", int(own)) if integral and is_integer(own) else ("text", own)


def exact_order(expected: Expectation) -> list[str] | None:
    """The keys in the one order that every reading expects, or None when they differ or values tie."""
    if expected.sort is None or expected.must != expected.may or expected.query.group:
        return None
    name, direction = expected.sort
    if expected.coded(name) or name in expected.population.unsteady:
        return None
    values = {key: expected.population.items[key].get(name) for key in expected.must}
    if any(value is None or isinstance(value, (bool, list, dict)) for value in values.values()):
        return None
    ranks = {key: comparable(value, expected, name) for key, value in values.items()}
    if len({kind for kind, _ in ranks.values()}) > 1 or len({rank for _, rank in ranks.values()}) < len(ranks):
        return None
    return sorted(ranks, key=lambda key: ranks[key][1], reverse=direction == "desc")


def window(expected: Expectation, order: Sequence[str]) -> Sequence[str]:
    """The part of the order that the page holds."""
    if expected.query.all:
        return order[:ALL]
    return order[(expected.page - 1) * expected.size : expected.page * expected.size]


def _slice(expected: Expectation, answer: Answer) -> Iterator[str]:
    """Where the order is sure, the page is exactly its part of it."""
    order = exact_order(expected)
    keys = _keys(expected, answer)
    if order is None or not keys or (expected.query.all and (expected.query.page or expected.query.size)):
        return
    right = window(expected, order)
    if list(right) != keys:
        place = next(
            (i for i, (a, b) in enumerate(zip(right, keys, strict=False)) if a != b), min(len(right), len(keys))
        )
        wanted = right[place] if place < len(right) else "nothing"
        found = keys[place] if place < len(keys) else "nothing"
        yield f"place {place + 1} of page {expected.page} holds {found}, not {wanted}"


def _members(expected: Expectation, answer: Answer) -> Iterator[str]:
    """Each item shows what it showed before, or the part of it that was asked for."""
    fields, key = expected.query.fields, expected.operation.query.key
    for item, known in _pairs(expected, answer):
        for name in expected.operation.item:
            asked = fields is None or not fields or name in fields
            if asked and not _alike(expected, name, item, known):
                yield f"{known.get(key)} has {name} {_shown(item.get(name))}; it had {_shown(known.get(name))}"
            leaks = not asked and name in item and (expected.reading.strict or name != key)
            if leaks:
                yield f"{known.get(key)} carries {name}, which was not asked for"


def _alike(expected: Expectation, name: str, item: Item, known: Item) -> bool:
    """Whether a member is as it was; of labels (an array of objects) some may belong to what is not asked for."""
    if name in expected.population.unsteady or item.get(name) == known.get(name):
        return True
    labels = "properties" in expected.operation.item[name].get("items", {})
    less = bool(expected.query.fields) and not known.keys() <= set(expected.query.fields or ())
    open_ = labels and less and not expected.reading.strict
    return open_ and comparing.part_of(item.get(name), known.get(name))


def _pairs(expected: Expectation, answer: Answer) -> Iterator[tuple[Item, Item]]:
    """Each answered item with what is known of it: by key, or by place where the order is sure."""
    key = expected.operation.query.key
    if all(item.get(key) is not None for item in answer.items):
        yield from ((item, expected.population.items.get(str(item[key]), item)) for item in answer.items)
        return
    order = exact_order(expected)
    if order is not None:
        known = [expected.population.items[each] for each in window(expected, order)]
        yield from zip(answer.items, known, strict=False)
        return
    fields = set(expected.query.fields or expected.operation.item)
    yield from ((item, {name: item[name] for name in fields if name in item}) for item in answer.items)


def _counts(expected: Expectation, answer: Answer) -> Iterator[str]:
    """One number for each count filter, in their order."""
    asked = expected.query.counts
    if not asked:
        return
    if not isinstance(answer.counts, list) or len(answer.counts) != len(asked):
        yield f"count_results is {answer.counts!r}; {len(asked)} counts were asked for"
        return
    for index, (filters, got) in enumerate(zip(asked, answer.counts, strict=True)):
        low, high = count_bounds(expected, filters)
        if not isinstance(got, int) or not low <= got <= high:
            rule = " & ".join(map(str, filters)) or "no filter"
            yield f"count {index + 1} ({rule}) is {got!r}; {_between(low, high)} tickets satisfy it"


def count_bounds(expected: Expectation, filters: Sequence[Any]) -> tuple[int, int]:
    """How many items at least and at most satisfy the filters of one count."""
    low = high = 0
    for key, item in expected.population.items.items():
        truth = conjunction(holds(each, item, expected.reading, expected.properties) for each in filters)
        if expected.reading.counts == "main":
            truth = conjunction((truth, expected.truths[key]))
        low, high = low + (truth is True), high + (truth is not False)
    return (low if filters or expected.reading.strict else 0), high
