"""How many items a query selects, without counting them one by one for every answer.

The load keeps the number of all items, and of those that share a common value of an indexed column, in a table of its
own, in the transaction that writes the items. In another it keeps how many share each combination of the values of all
columns that have few, of which follows what any query on those columns selects. Any other number is counted once, and
remembered until the next load.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from mock_service import layout
from mock_service.sql import Dialect, Sql, equal, key_of, quoted

COLUMN, VALUE, NUMBER = "#column", "#value", "#number"
"""The columns of the table: NUMBER items hold VALUE in COLUMN. The COLUMN `""` stands for all items."""
LOAD = "#load"
"""The COLUMN of a NUMBER that each load draws anew: who sees another one knows that the items have changed. Also the
column of that NUMBER beside those of the combinations, as an older version would load items and leave these."""
COMMON = 1000
"""Items that must share a value for their number to be kept; fewer are counted at once by the column's index."""
COMBINATIONS = 10_000
"""Combinations that are kept at most: reading all of them takes a few milliseconds."""
REMEMBERED, LONGEST = 1024, 4096
"""Numbers that are remembered, and characters that the values of such a query may have."""

Rows = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
"""Runs a statement with `?` for each value."""


class Totals:
    """The numbers of one operation's items."""

    def __init__(self, name: str, columns: Sequence[str], few: Sequence[str], metadata: sa.MetaData) -> None:
        """`name` is the table of the items, `columns` are those with an index, `few` those that hold few values."""
        self.private = False
        """Whether nobody else can load items."""
        self.items = quoted(name)
        self.columns = {"", *columns}
        self.few = tuple(few)
        self.table = sa.Table(
            f"{name}#total",
            metadata,
            sa.Column(COLUMN, layout.TEXT, primary_key=True),
            sa.Column(VALUE, layout.TEXT, primary_key=True),
            sa.Column(NUMBER, layout.NUMBER, nullable=False),
        )
        parts = [sa.Column(part, layout.TEXT) for part in (*few, *map(key_of, few))]
        numbers = [sa.Column(each, layout.NUMBER, nullable=False) for each in (LOAD, NUMBER)]
        self.combined = sa.Table(f"{name}#combined", metadata, *numbers, *parts)
        self.kept = quoted(self.table.name)
        self.drawn = f"SELECT {quoted(NUMBER)} FROM {self.kept} WHERE {quoted(COLUMN)} = '{LOAD}'"  # noqa: S608
        self.remembered: tuple[object, dict[object, int]] = None, {}
        """What the last load drew, and numbers since; together, as threads may see different loads."""

    def create(self, connection: sa.Connection) -> None:
        """Make the tables, without numbers."""
        for table in (self.table, self.combined):
            table.drop(connection, checkfirst=True)
            table.create(connection)

    def keep(self, connection: sa.Connection, number: int) -> None:
        """Write anew what is kept, `number` items having been written."""
        self.remembered = None, {}
        write = connection.exec_driver_sql
        for table in (self.kept, quoted(self.combined.name)):
            write(f"DELETE FROM {table}")  # noqa: S608
        write(f"INSERT INTO {self.kept} VALUES ('{LOAD}', '', {secrets.randbits(62)}), ('', '', {number})")  # noqa: S608
        for column in sorted(self.columns - {""}) if number >= COMMON else ():
            text, name = column.replace("'", "''"), quoted(column)
            common = f"SELECT '{text}', {name}, count(*) FROM {self.items} WHERE {name} IS NOT NULL GROUP BY {name}"  # noqa: S608
            write(f"INSERT INTO {self.kept} {common} HAVING count(*) >= {COMMON}")
        if number >= COMMON and self.few:
            self.combine(connection)

    def combine(self, connection: sa.Connection) -> None:
        """Write anew the numbers of the combinations, unless these are too many."""
        write, combined = connection.exec_driver_sql, quoted(self.combined.name)
        names = [quoted(name) for name in self.few]
        keys = [f"min({quoted(key_of(name))})" for name in self.few]  # each the same as the others of its group
        found = f"SELECT {', '.join([f'({self.drawn})', 'count(*)', *names, *keys])} FROM {self.items}"  # noqa: S608
        write(f"INSERT INTO {combined} {found} GROUP BY {', '.join(names)} LIMIT {COMBINATIONS + 1}")
        if connection.execute(sa.select(sa.func.count()).select_from(self.combined)).scalar_one() > COMBINATIONS:
            write(f"DELETE FROM {combined}")  # noqa: S608

    def recalled(self, where: Sql, dialect: Dialect, rows: Rows) -> tuple[int | None, Callable[[int], None]]:
        """The number, when it is kept or remembered; and what remembers it, once it is known."""
        numbers, rare = self.numbers(where, dialect, rows)
        if numbers and not rare:
            return sum(numbers.values()), lambda _: None
        load, remembered = self.remembered
        if not (self.private and load):
            drawn = rows(self.drawn, ())
            if drawn != load:
                load, remembered = self.remembered = drawn, {}
        key = where.text, msgspec.json.encode(where.values)

        def remember(number: int) -> None:
            if load and len(key[1]) <= LONGEST:
                if len(remembered) >= REMEMBERED:
                    remembered.clear()
                remembered[key] = number

        number = remembered.get(key)
        if number is None and where.about is not None and where.about.issubset(self.few):
            number = self.added_up(where, rows)
            if number is not None:
                remember(number)
        return number, remember

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

    def added_up(self, where: Sql, rows: Rows) -> int | None:
        """The number, out of those of the combinations; None when these are not kept."""
        fitting = f"sum(CASE WHEN {where.text} THEN {quoted(NUMBER)} ELSE 0 END)"
        combined = f"{quoted(self.combined.name)} WHERE {quoted(LOAD)} = ({self.drawn})"
        [(number,)] = rows(f"SELECT {fitting} FROM {combined}", where.values)  # noqa: S608
        return None if number is None else int(number)

    def counted(self, where: Sql, rows: Rows) -> int:
        """The number, counted now."""
        [(number,)] = rows(f"SELECT count(*) FROM {self.items} WHERE {where.text}", where.values)  # noqa: S608
        return int(number)
