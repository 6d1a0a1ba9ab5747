"""What a run learns of the target's tickets before it judges their query: a census, and a panel of telling ones."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence, Set
from random import Random
from typing import Any

from attrs import define, field, frozen

from contract_tests.exchange import Exchange
from contract_tests.relation import Session
from contract_tests.relations.query import SCOPED, Query
from contract_tests.relations.readings import READINGS, Item, Reading, is_integer, text
from contract_tests.schemas import find

#: Tickets on the largest page.
PAGE = 200
#: Everything, on the largest page.
PLAIN = Query(size=PAGE)
#: Pages read at most to know every ticket; a larger target is sampled.
CENSUS_PAGES = 31
#: Tickets of a target at most to be known all.
MOST = PAGE * (CENSUS_PAGES - 1)
#: Tickets in the panel: one page holds it, and one `in` filter names it.
PANEL = 150
#: Tickets in the sample of a larger target; one `in` filter names them.
SAMPLE = 1000
ARRAYS = ("array", "object")


class Unlearnable(Exception):
    """The target answers a plain query in a way that no ticket can be learned from."""


class Keyless(Unlearnable):
    """The tickets show no key, which the page does not make mandatory; nothing tells one from another."""


@frozen(eq=False)
class Population:
    """Tickets that a query is confined to, by key, as shown; `scope` is None when the target holds no others.

    What their `unsteady` members are, the next answer may say otherwise.
    """

    items: dict[str, Item]
    scope: tuple[str, ...] | None
    unsteady: frozenset[str] = frozenset()

    def confine(self, query: Query) -> Query:
        """The query over this population alone."""
        return query if self.scope is None else query.with_(scope=self.scope)

    def texts(self, name: str) -> list[str]:
        """The texts that a property has here, in order, each once."""
        return sorted({str(text(item[name])) for item in self.items.values() if item.get(name) is not None})

    def numbers(self, name: str) -> list[int]:
        """The same of a property that holds integers."""
        return sorted({int(own) for own in self.texts(name)})


@define
class World:
    """Everything learned: `whole`, the census (or a sample of a large target), and `panel`, 150 telling tickets.

    `scalars` are the properties that a filter can name, `integers` those of them that are integers, and `shown` those
    that can be asked for: the page's own, and those that some ticket has.
    """

    whole: Population
    panel: Population
    walk: list[tuple[Query, Exchange]]
    scalars: list[str]
    integers: list[str]
    shown: list[str]
    readings: list[Reading] = field(factory=lambda: list(READINGS))


def study(session: Session, unsteady: Set[str] = frozenset()) -> World:
    """Read the target's tickets page by page; Unlearnable when it shows none at all.

    Of a large target, and of one that shows some tickets without a key, a sample of those with one is known.
    """
    key = session.operation.query.key
    walk = list(_walk(session))
    seen = [item for _, exchange in walk for item in session.items(exchange) if isinstance(item, dict)]
    items: dict[str, Item] = {str(item[key]): item for item in seen if item.get(key) is not None}
    first = walk[0][1]
    if not first.ok:
        raise Unlearnable(f"a plain query was answered {first.status or first.error}.")
    if seen and not any(seen):
        raise Unlearnable("no ticket of a plain query has any of the contract's properties.")
    if seen and not items:
        raise Keyless(f"no ticket of a plain query has a {key}.")
    keyless = any(item.get(key) is None for item in seen)
    if keyless or not complete(session, walk, len(seen)):
        items = {name: items[name] for name in session.random.sample(sorted(items), min(SAMPLE, len(items)))}
        whole = Population(items, tuple(items), frozenset(unsteady))
    else:
        whole = Population(items, None, frozenset(unsteady))
    panel, names = _panel(session, whole), [name for name in _scalars(session) if name not in unsteady]
    had = {name for item in seen for name in item}
    shown = [name for name in session.operation.item if name in had or _stated(session, name)]
    return World(whole, panel, walk, names, [name for name in names if _integral(session, panel, name)], shown)


def complete(session: Session, walk: Sequence[tuple[Query, Exchange]], seen: int) -> bool:
    """Whether the pages that were read are all."""
    total = session.total(walk[0][1]) or 0
    unseen = session.operation.pagination.page is None and total > seen
    return total <= MOST and len(walk) < CENSUS_PAGES and not unseen


def _scalars(session: Session) -> list[str]:
    """The properties that a filter can name: those that hold one value, of the page's tables where it has the item."""
    properties = session.operation.item.items()
    return [name for name, schema in properties if schema.get("type") not in ARRAYS and _stated(session, name)]


def _stated(session: Session, name: str) -> bool:
    """Whether a table of the page has the property, not an example alone; any is where the page has no such item."""
    source = session.contract.source(session.operation.item[name]["x-pointer"])
    return not session.operation.documented or (source is not None and source.table is not None)


def _integral(session: Session, population: Population, name: str) -> bool:
    """Whether the contract has the property as an integer, and the target answers integers, or their text."""
    if "integer" not in session.operation.item[name].get("type", ()):
        return False
    values = [item[name] for item in population.items.values() if item.get(name) is not None]
    return bool(values) and all(not isinstance(value, bool) and is_integer(text(value) or "") for value in values)


def _walk(session: Session) -> Iterator[tuple[Query, Exchange]]:
    """Pages of the whole, by falling key (unsorted when the target will not sort by it), while they are full."""
    sort = session.operation.query.by_key
    for query in (Query(sort=sort, size=PAGE, page=1), Query(size=PAGE, page=1)):
        exchange = session.query(query.body(session.operation))
        if exchange.ok:
            break
    yield query, exchange
    for page in _pages(session, exchange):
        query = query.with_(page=page)
        exchange = session.query(query.body(session.operation))
        if not exchange.ok or not session.items(exchange):
            return
        yield query, exchange
        size = _page_size(session)
        if len(session.items(exchange)) < size and page * size >= (session.total(exchange) or 0):
            return


def _page_size(session: Session) -> int:
    """Tickets on the largest page that the operation allows."""
    return Query(size=PAGE).page_size(session.operation)


def _pages(session: Session, first: Exchange) -> Sequence[int]:
    """The pages to read after the first: all of them, or a spread of a target that is too large."""
    total, held, size = session.total(first) or 0, len(session.items(first)), _page_size(session)
    if session.operation.pagination.page is None or held == 0 or (held < size and total <= held):
        return ()
    if total <= MOST:
        return range(2, CENSUS_PAGES + 1)
    last = -(-total // size)
    return sorted({2, *session.random.sample(range(3, last), 6), last})


def _panel(session: Session, whole: Population) -> Population:
    """Tickets that show the longest text and every kind of value of every property, then others at random."""
    most = min(PANEL, _page_size(session))
    if len(whole.items) <= most or not session.operation.takes(SCOPED):
        return whole
    chosen: dict[str, Item] = {}
    shown: set[tuple[str, str]] = set()
    names = session.random.sample(sorted(whole.items), len(whole.items))
    for name in (*_longest(session, whole), *names):
        new = {(prop, kind) for prop in session.operation.item for kind in kinds(whole.items[name].get(prop))} - shown
        if new and len(chosen) < most * 2 // 3:
            shown |= new
            chosen[name] = whole.items[name]
    for name in names:
        if len(chosen) < most:
            chosen[name] = whole.items[name]
    return Population(chosen, tuple(chosen), whole.unsteady)


def _longest(session: Session, whole: Population) -> list[str]:
    """For each property that is a text, the first ticket whose text is the longest: what cuts texts shows there."""
    found: dict[str, None] = {}
    for name, schema in session.operation.item.items():
        if schema.get("type") == "string":
            lengths = {key: len(text(item.get(name)) or "") for key, item in whole.items.items()}
            found[max(lengths, key=lengths.__getitem__)] = None
    return list(found)


KINDS: dict[str, Callable[[str], bool]] = {
    "empty": lambda value: value == "",
    "wild": lambda value: "%" in value or "_" in value,
    "quoted": lambda value: any(char in value for char in "'\"\\"),
    "padded": lambda value: value != value.strip(),
    "capital": lambda value: value != value.lower(),
    "chinese": lambda value: any(ord(char) > 0x2E7F for char in value),
    "astral": lambda value: any(ord(char) > 0xFFFF for char in value),
    "composed": lambda value: unicodedata.normalize("NFD", value) != value,
    "long": lambda value: len(value) > 100,
}


def kinds(value: Any) -> Iterator[str]:
    """What is telling about a value: absent, a number of so many digits, or a text of some KINDS."""
    own = text(value)
    if own is None:
        yield "absent"
        return
    yield f"length {len(own)}" if own.isdigit() else "text"
    yield from (kind for kind, test in KINDS.items() if test(own))


def member(exchange: Exchange, pointer: str | None) -> Any:
    """The value at a place of the answer, or None."""
    return find(exchange.json(), pointer) if pointer else None


def shuffled(random: Random, values: Sequence[Any]) -> list[Any]:
    """The values in another order, the same for the same seed."""
    return random.sample(list(values), len(values))
