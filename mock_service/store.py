"""Where the items live: one table for each operation, in SQLite or PostgreSQL, through SQLAlchemy.

A row holds the item's JSON, ready to be answered, and for each property its text form and its order key (see `text`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Self

import msgspec
import sqlalchemy as sa
from sqlalchemy.pool import StaticPool

from mock_service.contract import Contract, Mistake, Operation
from mock_service.sql import POSTGRESQL, SQLITE, Dialect, key_of
from mock_service.text import order_key, stored, text_form

ITEM = "#item"
"""The column of an item's JSON."""
SERIAL = "#serial"
"""The column that says in which order the items came; it breaks ties."""
BATCH = 500
"""Rows of one insert."""
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


class Store:
    """The items of every operation of one contract."""

    def __init__(self, url: str, contract: Contract) -> None:
        self.engine = engine(url)
        self.dialect: Dialect = POSTGRESQL if self.engine.dialect.name == "postgresql" else SQLITE
        metadata = sa.MetaData()
        self.tables = {operation.id: table(metadata, operation) for operation in contract.operations}
        self._one_at_a_time = threading.Lock()
        self._shared: sa.Connection | None = None
        try:
            metadata.create_all(self.engine)
            for operation in contract.operations:
                self._check(operation)
            if isinstance(self.engine.pool, StaticPool):
                self._shared = self.engine.connect()
        except sa.exc.DBAPIError as error:
            raise Mistake(f"cannot open the database {self.name}: {error.orig}") from error

    @property
    def name(self) -> str:
        """The database's URL, without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        if self._shared is not None:
            self._shared.close()
        self.engine.dispose()

    def _check(self, operation: Operation) -> None:
        """A table of an older contract cannot answer for this one."""
        name = self.tables[operation.id].name
        found = {column["name"] for column in sa.inspect(self.engine).get_columns(name)}
        missing = sorted({column.name for column in self.tables[operation.id].columns} - found)
        if missing:
            raise Mistake(
                f"the table {name!r} in {self.name} was made from another contract: it has no column {missing[0]!r}; "
                f"drop the table, or name another database"
            )

    def rows(self, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        """What a statement selects. `?` marks the place of each value."""
        if self._shared is not None:
            with self._one_at_a_time:
                return [tuple(row) for row in self._shared.exec_driver_sql(statement, values)]
        if self.dialect is POSTGRESQL:
            statement = statement.replace("?", "%s")
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement, values)]

    def size(self, operation: Operation) -> int:
        """How many items the operation has."""
        with self.engine.connect() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(self.tables[operation.id])) or 0)

    def replace(self, operation: Operation, items: Iterable[Mapping[str, Any]]) -> int:
        """Put `items` in the place of all that the operation had, in one transaction; the number of items."""
        target = self.tables[operation.id]
        insert = str(target.insert().compile(self.engine))
        rows = (row(operation, serial, item) for serial, item in enumerate(items, start=1))
        count = 0
        with self.engine.begin() as connection:
            connection.execute(target.delete())
            while batch := list(islice(rows, BATCH)):
                connection.exec_driver_sql(insert, batch)
                count += len(batch)
        return count


def engine(url: str) -> sa.Engine:
    """The engine for a database URL; one connection serves all when the database is in memory."""
    try:
        parsed = sa.make_url(url)
    except sa.exc.ArgumentError as error:
        raise Mistake(f"{url!r} is no database URL; write sqlite:///FILE or postgresql://USER@HOST/NAME") from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database in (None, "", ":memory:"):
            return sa.create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
        return sa.create_engine(parsed)
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=8, pool_pre_ping=True)
    raise Mistake(f"the mock knows no {parsed.get_backend_name()!r} database; use sqlite or postgresql")


def table(metadata: sa.MetaData, operation: Operation) -> sa.Table:
    """The table of one operation."""
    columns = [sa.Column(name, TEXT) for name in operation.columns]
    keys = [sa.Column(key_of(name), TEXT) for name in operation.columns]
    return sa.Table(
        operation.id,
        metadata,
        sa.Column(SERIAL, sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column(ITEM, sa.LargeBinary, nullable=False),
        *columns,
        *keys,
        *indexes(operation),
    )


def indexes(operation: Operation) -> Iterator[sa.Index]:
    """An index for what people look for: the key, known value sets, times, and what the examples filter on."""
    newest = operation.query["default_sort"]["field"]
    named = {
        f["field"]
        for example in operation.example_requests
        for f in example.get(operation.member("string_filters"), [])
    }
    named |= {operation.key, *operation.query.get("also_filterable", []), *operation.parameters}
    for name, schema in operation.columns.items():
        if "x-timestamp" in schema:
            yield sa.Index(f"{operation.id}_{name}", key_of(name), name, SERIAL)
        elif name in named or "x-extensible-enum" in schema or "enum" in schema:
            yield sa.Index(f"{operation.id}_{name}", name, key_of(newest), newest, SERIAL)


def row(operation: Operation, serial: int, item: Mapping[str, Any]) -> tuple[Any, ...]:
    """The row of one item. Members that are filterable but not answered are left out of its JSON; so are nulls."""
    properties = operation.item["properties"]
    answered = {name: value for name, value in item.items() if value is not None and name in properties}
    texts = [text_form(item.get(name)) for name in operation.columns]
    return (serial, msgspec.json.encode(answered), *map(stored, texts), *map(order_key, texts))
