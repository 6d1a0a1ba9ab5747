"""Which statements find a page of items, in the order in which they are tried.

SQLite cannot know how many items fit, and may sort many for a page of few, or walk through an order's index to find
nothing. So among many items each way is tried for some steps, and then for more. If all were in vain, one scan of the
table finds the answer. PostgreSQL knows how often a value occurs, but not how often a text is part of others; there the
first items of an order are tried before such a scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from mock_service.sql import SQLITE, Dialect, Sql, equal, quoted

STROLL, GLANCE, WALK, SEARCH = 5_000, 30_000, 200_000, 200_000
"""Steps of SQLite's machine, a few hundred thousand of which take a hundredth of a second."""
STEPS_EACH, MOST_STEPS = 100, 2**27
"""Further steps for each item that is skipped or answered, and how many of these at most: SQLite counts to 2**31."""
NEAR = 10_000
"""First items of an order that PostgreSQL tries."""
BRANCHES = 8
"""Alternatives that are read side by side; SQLite nests the merge of each pair."""


MERGED = 100
"""Items up to which reading alternatives side by side beats sorting, where all items are few."""


class Page(msgspec.Struct, frozen=True):
    """Which part of what is selected, in which order."""

    order: str
    """The text of ORDER BY."""
    field: str
    """What it sorts by first."""
    offset: int
    limit: int


class Attempt(msgspec.Struct, frozen=True):
    """A statement that finds the serial numbers of a page; in vain when it needs too many steps, or finds too few."""

    statement: str
    values: tuple[Any, ...]
    steps: int | None = None
    """Of SQLite's machine; None for as many as it takes."""
    enough: int = 0
    """Serial numbers that it must find."""


class Search:
    """How one table is searched."""

    def __init__(
        self,
        table: str,
        dialect: Dialect,
        orders: Mapping[str, str],
        newest: tuple[str, ...],
        *,
        looked_up: Iterable[str],
        indexed: Iterable[str],
    ) -> None:
        """`orders` are the fields in whose order an index stands, each with the index.

        `newest` are the columns of the default order, first its field, last the serial number; the index of each column
        in `looked_up` holds the items of one value in that order. No index holds a column that is not `indexed`.
        """
        self.table, self.serial, self.dialect = quoted(table), quoted(newest[-1]), dialect
        self.indexes = {field: quoted(index) for field, index in orders.items()}
        self.default = newest[1]
        self.columns = frozenset(looked_up)
        self.indexed = frozenset(indexed)
        self.newest = ", ".join(map(quoted, (newest[-1], *newest[:-1])))
        self.mergeable = {", ".join(f"{quoted(column)} {turn}" for column in newest) for turn in ("ASC", "DESC")}

    def attempts(self, where: Sql, page: Page, *, few: bool) -> Iterator[Attempt]:
        """The ways to find a page. Of `few` items, whatever is done is done soon."""
        end = f"ORDER BY {page.order} LIMIT {page.limit:d} OFFSET {page.offset:d}"
        rest = f"WHERE {where.text} {end}"
        plain = f"SELECT {self.serial} FROM {self.table} {rest}"  # noqa: S608
        last = page.offset + page.limit
        mergeable = page.order in self.mergeable and not (few and last > MERGED)
        branches = self.branches(where) if mergeable and self.dialect is SQLITE else []
        if self.dialect is not SQLITE:
            yield from self.in_postgresql(where, page, plain, end)
            return
        if few and not branches:
            yield Attempt(plain, where.values)
            return
        more = min(STEPS_EACH * last, MOST_STEPS)
        if branches:
            yield self.merged(branches, end, None if few else (STROLL + more) * len(branches))
        aided = where.about is None or where.about & self.indexed  # else SQLite's own plan is to walk, or to read all
        if page.field in self.indexes:
            walk = f"SELECT {self.serial} FROM {self.table} INDEXED BY {self.indexes[page.field]} {rest}"  # noqa: S608
            if page.field != self.default:  # of which each column's index holds the order
                yield Attempt(walk, where.values, STROLL + more)
            if aided:
                yield Attempt(plain, where.values, GLANCE + more)
            yield Attempt(walk, where.values, WALK + more)
        elif aided:
            yield Attempt(plain, where.values, GLANCE + more)
        if aided:
            yield Attempt(plain, where.values, SEARCH + more)
        yield Attempt(f"SELECT {self.serial} FROM {self.table} NOT INDEXED {rest}", where.values)  # noqa: S608

    def in_postgresql(self, where: Sql, page: Page, plain: str, end: str) -> Iterator[Attempt]:
        """Its own plan, unless it cannot know how far it would have to walk, and look up a row for each step."""
        in_order = page.field in self.indexes
        if not in_order or where.only or where.pinned or where.about == frozenset((page.field,)):
            yield Attempt(plain, where.values)
            return
        first = f"SELECT * FROM {self.table} ORDER BY {page.order} LIMIT {NEAR:d}"  # noqa: S608
        near = f"SELECT {self.serial} FROM ({first}) near WHERE {where.text} {end}"  # noqa: S608
        yield Attempt(near, where.values, enough=page.limit)
        fitting = f"SELECT * FROM {self.table} WHERE {where.text} OFFSET 0"  # noqa: S608 - OFFSET keeps the order out of its plan
        yield Attempt(f"SELECT {self.serial} FROM ({fitting}) fitting {end}", where.values)  # noqa: S608

    def branches(self, where: Sql) -> list[Sql]:
        """The alternatives of a condition, when an index finds each in the default order; else nothing."""
        found: list[Sql] = []
        for part in where.any_of or (where,):
            if part.only and part.only[0] in self.columns and len(part.only[1]) <= BRANCHES:
                found += [equal(self.dialect, part.only[0], [value]) for value in part.only[1]]
            elif part.pinned & self.columns:
                found.append(part)
            else:
                return []
        return found if 2 <= len(found) <= BRANCHES else []

    def merged(self, branches: list[Sql], end: str, steps: int | None) -> Attempt:
        """Read the alternatives side by side, each in order, no further than the page needs."""
        each = [f"SELECT {self.newest} FROM {self.table} WHERE {part.text}" for part in branches]  # noqa: S608
        return Attempt(f"{' UNION '.join(each)} {end}", sum((part.values for part in branches), ()), steps)
