"""How many items a query selects, without counting them one by one for every answer.

The load keeps the number of all items, and of those that share a common value of an indexed column, in a table of its
own, in the transaction that writes the items. Any other number is counted once, and remembered until the next load.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from mock_service.sql import Dialect, Sql, equal, quoted

COLUMN, VALUE, NUMBER = "#column", "#value", "#number"
"""The columns of the table: NUMBER items hold VALUE in COLUMN. The COLUMN `""` stands for all items."""
LOAD = "#load"
"""The COLUMN of a NUMBER that each load draws anew: who sees another one knows that the items have changed."""
COMMON = 1000
"""Items that must share a value for their number to be kept; fewer are counted at once by the column's index."""
REMEMBERED, LONGEST = 1024, 4096
"""Numbers that are remembered, and characters that the values of such a query may have."""

Rows = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
"""Runs a statement with `?` for each value."""


class Totals:
    """The numbers of one operation's items."""

    def __init__(self, name: str, columns: Sequence[str], metadata: sa.MetaData, text: Any, number: Any) -> None:
        """`name` is the table of the items, `columns` are those with an index, `text` and `number` their types."""
        self.private = False
        """Whether nobody else can load items."""
        self.items = quoted(name)
        self.columns = {"", *columns}
        self.table = sa.Table(
            f"{name}#total",
            metadata,
            sa.Column(COLUMN, text, primary_key=True),
            sa.Column(VALUE, text, primary_key=True),
            sa.Column(NUMBER, number, nullable=False),
        )
        self.kept = quoted(self.table.name)
        self.load: object = None
        self.remembered: dict[object, int] = {}

    def keep(self, connection: sa.Connection, number: int) -> None:
        """Write anew what is kept, `number` items having been written."""
        self.load = None
        write = connection.exec_driver_sql
        write(f"DELETE FROM {self.kept}")  # noqa: S608
        write(f"INSERT INTO {self.kept} VALUES ('{LOAD}', '', {secrets.randbits(62)}), ('', '', {number})")  # noqa: S608
        for column in sorted(self.columns - {""}) if number >= COMMON else ():
            text, name = column.replace("'", "''"), quoted(column)
            common = f"SELECT '{text}', {name}, count(*) FROM {self.items} WHERE {name} IS NOT NULL GROUP BY {name}"  # noqa: S608
            write(f"INSERT INTO {self.kept} {common} HAVING count(*) >= {COMMON}")

    def recalled(self, where: Sql, dialect: Dialect, rows: Rows) -> tuple[int | None, Callable[[int], None]]:
        """The number, when it is kept or remembered; and what remembers it, once it is known."""
        numbers, rare = self.numbers(where, dialect, rows)
        if numbers and not rare:
            return sum(numbers.values()), lambda _: None
        load = self.load
        if not (self.private and load):
            load = rows(f"SELECT {quoted(NUMBER)} FROM {self.kept} WHERE {quoted(COLUMN)} = '{LOAD}'", ())  # noqa: S608
        if load != self.load:
            self.load, self.remembered = load, {}
        remembered, key = self.remembered, (where.text, msgspec.json.encode(where.values))

        def remember(number: int) -> None:
            if load and len(key[1]) <= LONGEST:
                if len(remembered) >= REMEMBERED:
                    remembered.clear()
                remembered[key] = number

        return remembered.get(key), remember

    def of(self, where: Sql, dialect: Dialect, rows: Rows) -> int:
        """How many items `where` selects: what is kept, plus what is rare, or else what is counted once."""
        number, remember = self.recalled(where, dialect, rows)
        if number is None:
            numbers, rare = self.numbers(where, dialect, rows)
            rest = equal(dialect, where.only[0], rare) if where.only and numbers else where
            number = sum(numbers.values()) + self.counted(rest, rows)
            remember(number)
        return number

    def numbers(self, where: Sql, dialect: Dialect, rows: Rows) -> tuple[dict[str, int], list[str]]:
        """The kept numbers by value, and the values that have none; nothing when no numbers help with `where`."""
        column, values = where.only or (LOAD, ())
        if column not in self.columns:
            return {}, []
        wanted = equal(dialect, COLUMN, [column]) & equal(dialect, VALUE, values)
        kept = f"SELECT {quoted(VALUE)}, {quoted(NUMBER)} FROM {self.kept} WHERE {wanted.text}"  # noqa: S608
        numbers: dict[str, int] = dict(rows(kept, wanted.values))
        return numbers, [value for value in values if value not in numbers]

    def counted(self, where: Sql, rows: Rows) -> int:
        """The number, counted now."""
        [(number,)] = rows(f"SELECT count(*) FROM {self.items} WHERE {where.text}", where.values)  # noqa: S608
        return int(number)
