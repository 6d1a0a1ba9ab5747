"""Where the items live: tables for each operation, in SQLite or PostgreSQL, through SQLAlchemy.

One holds for each property its text form and its order key (see `text`); it is narrow, as every search reads it.
The other holds each item's JSON, ready to be answered. A third (see `totals`) holds numbers that are asked for often.
"""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any, Self

import msgspec
import sqlalchemy as sa
from sqlalchemy.pool import NullPool, StaticPool

from mock_service.contract import Contract, Mistake, Operation
from mock_service.search import Attempt, Page, Search
from mock_service.sql import POSTGRESQL, SQLITE, Dialect, Sql, key_of, quoted
from mock_service.text import order_key, stored, text_form
from mock_service.totals import Totals

ITEM = "#item"
"""The column of an item's JSON."""
SERIAL = "#serial"
"""The column that says in which order the items came; it breaks ties."""
BATCH = 500
"""Rows of one insert."""
QUICK = 5000
"""Items in SQLite among which every query is over in a few milliseconds."""
FAILURES = (sqlite3.Error, sa.exc.SQLAlchemyError)
"""What a database raises that is gone, or is no longer as it was."""
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


class Store:
    """The items of every operation of one contract."""

    def __init__(self, url: str, contract: Contract) -> None:
        self.engine = engine(url)
        self.dialect: Dialect = POSTGRESQL if self.engine.dialect.name == "postgresql" else SQLITE
        self.operations = contract.operations
        metadata = sa.MetaData()
        self.tables = {each.id: table(metadata, each, self.dialect) for each in self.operations}
        self.items = {operation.id: item_table(metadata, operation) for operation in contract.operations}
        self.totals = {each.id: Totals(each.id, looked_up(each), metadata, TEXT, NUMBER) for each in self.operations}
        self.searches = {each.id: self._search(each) for each in self.operations}
        self._one_at_a_time = threading.Lock()
        self._shared: Any = None
        self._own = threading.local()
        self._kept: dict[str, list[bytes]] = {}
        try:
            metadata.create_all(self.engine)
            for operation in contract.operations:
                self._check(operation)
            if in_memory(self.engine.url):
                self._shared = self.engine.raw_connection()
                for totals in self.totals.values():
                    totals.private = True
        except sa.exc.DBAPIError as error:
            reason = " ".join(str(error.orig).split())
            raise Mistake(f"cannot open the database {self.name}: {reason}") from error

    def _search(self, operation: Operation) -> Search:
        """How an operation's items are searched."""
        return Search(operation.id, self.dialect, walkable(operation), newest(operation), looked_up(operation))

    @property
    def quick(self) -> bool:
        """Whether a query may run on the event loop, being over before a thread would have begun it.

        Judged anew when anybody has loaded other items.
        """
        if self._shared is not None:
            return all(len(kept) <= QUICK for kept in self._kept.values())
        if self.dialect is not SQLITE:
            return False
        version = self.rows("PRAGMA data_version", ())
        judged, quick = getattr(self._own, "judged", (None, False))
        if judged != version:
            beyond = [f"SELECT 1 FROM {quoted(each.id)} LIMIT 1 OFFSET {QUICK}" for each in self.operations]  # noqa: S608
            quick = not any(self.rows(statement, ()) for statement in beyond)
            self._own.judged = version, quick
        return quick

    @property
    def name(self) -> str:
        """The database's URL, without the password."""
        return self.engine.url.set(drivername=self.engine.dialect.name).render_as_string(hide_password=True)

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
                return list(self._shared.driver_connection.execute(statement, values))
        if self.dialect is SQLITE:
            return list(self._connection().execute(statement, values))
        reading = getattr(self._own, "reading", None)
        with nullcontext(reading) if reading else self.engine.connect() as connection:
            return [tuple(row) for row in connection.exec_driver_sql(statement.replace("?", "%s"), values)]

    def snapshot(self) -> AbstractContextManager[None]:
        """While it lasts, this thread sees the items as they stood at its first look, whoever loads others."""
        if self._shared is not None:
            return nullcontext()
        return self._sqlite_snapshot() if self.dialect is SQLITE else self._postgresql_snapshot()

    @contextmanager
    def _sqlite_snapshot(self) -> Iterator[None]:
        connection = self._connection()
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")

    @contextmanager
    def _postgresql_snapshot(self) -> Iterator[None]:
        with self.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            self._own.reading = connection
            try:
                yield
            finally:
                self._own.reading = None

    def serials(self, operation: Operation, where: Sql, page: Page) -> list[int]:
        """The serial numbers of the items on a page of what `where` selects."""
        for attempt in self.searches[operation.id].attempts(where, page, few=self.quick):
            found = self._attempt(attempt)
            if found is not None:
                return [row[0] for row in found]
        raise AssertionError("the last attempt is never in vain")

    def _attempt(self, attempt: Attempt) -> list[tuple[Any, ...]] | None:
        """What an attempt finds; None when it was in vain."""
        if attempt.steps is None:
            return self.rows(attempt.statement, attempt.values)
        return self._within(attempt.steps, attempt.statement, attempt.values)

    def _within(self, steps: int, statement: str, values: tuple[Any, ...]) -> list[tuple[Any, ...]] | None:
        """What a statement selects in SQLite; None when it needs more than so many steps."""
        with self._one_at_a_time if self._shared is not None else nullcontext():
            connection = self._shared.driver_connection if self._shared is not None else self._connection()
            connection.set_progress_handler(lambda: 1, steps)
            try:
                return list(connection.execute(statement, values))
            except sqlite3.OperationalError as error:
                if str(error) != "interrupted":
                    raise
                return None
            finally:
                connection.set_progress_handler(None, 0)

    def _connection(self) -> Any:
        """The SQLite connection of this thread; opening one for each query would cost more than the query."""
        if not hasattr(self._own, "connection"):
            self._own.connection = self.engine.raw_connection()
        return self._own.connection.driver_connection

    def documents(self, operation: Operation, serials: list[int]) -> list[bytes]:
        """The JSON of the items of these serial numbers, in their order."""
        kept = self._kept.get(operation.id)
        if kept is not None:
            return [kept[serial - 1] for serial in serials]
        if not serials:
            return []
        marks = ", ".join("?" * len(serials))
        items = quoted(self.items[operation.id].name)
        statement = f"SELECT {quoted(SERIAL)}, {quoted(ITEM)} FROM {items} WHERE {quoted(SERIAL)} IN ({marks})"  # noqa: S608
        found = dict(self.rows(statement, tuple(serials)))
        return [found[serial] for serial in serials]

    def first(self, operation: Operation, name: str, limit: int) -> list[str]:
        """The values of a property in the operation's default order, `limit` of them at most."""
        field, direction = operation.default_sort["field"], operation.default_sort["operator"]
        order = ", ".join(f"{quoted(column)} {direction}" for column in (key_of(field), field, SERIAL))
        found = f"SELECT {quoted(name)} FROM {quoted(operation.id)} ORDER BY {order} LIMIT {limit:d}"  # noqa: S608
        return [value for (value,) in self.rows(found, ()) if value]

    def total(self, operation: Operation, where: Sql) -> int:
        """How many items `where` selects."""
        return self.totals[operation.id].of(where, self.dialect, self.rows)

    def recalled(self, operation: Operation, where: Sql) -> tuple[int | None, Callable[[int], None]]:
        """How many items `where` selects, when it need not be counted; and what remembers it, once it is known."""
        return self.totals[operation.id].recalled(where, self.dialect, self.rows)

    def fill(self, operation: Operation, items: Iterable[Mapping[str, Any]]) -> None:
        """Put `items` into the table, unless somebody already put some."""
        with self.engine.begin() as connection:
            self._alone(connection)
            empty = connection.exec_driver_sql(f"SELECT 1 FROM {quoted(operation.id)} LIMIT 1").first() is None  # noqa: S608
            if empty:
                self._insert(connection, operation, items, rebuild=True)
        if empty:
            self._settle()

    def replace(self, operation: Operation, items: Iterable[Mapping[str, Any]]) -> int:
        """Put `items` in the place of all that the operation had, in one transaction; the number of items."""
        with self.engine.begin() as connection:
            self._alone(connection)
            connection.execute(self.tables[operation.id].delete())
            connection.execute(self.items[operation.id].delete())
            # PostgreSQL's readers would wait for an index that is dropped
            number = self._insert(connection, operation, items, rebuild=self.dialect is SQLITE)
        self._settle()
        return number

    def _settle(self) -> None:
        """Empty SQLite's log of what was written, or the next start would have to read it, however large it is."""
        if self.dialect is SQLITE and self._shared is None:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _alone(self, connection: sa.Connection) -> None:
        """Only one writer at a time, of any process or host, until the transaction ends."""
        if self.dialect is POSTGRESQL:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(49)")
        else:
            connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _write(self, connection: sa.Connection, table: sa.Table, rows: list[tuple[Any, ...]]) -> None:
        """Put rows into a table."""
        into = f"{quoted(table.name)} ({', '.join(quoted(column.name) for column in table.columns)})"
        if self.dialect is SQLITE:
            marks = ", ".join("?" * len(table.columns))
            connection.exec_driver_sql(f"INSERT INTO {into} VALUES ({marks})", rows)  # noqa: S608
            return
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
            for each in rows:
                copy.write_row(each)

    def _insert(
        self, connection: sa.Connection, operation: Operation, items: Iterable[Mapping[str, Any]], *, rebuild: bool
    ) -> int:
        """Write the items; with `rebuild`, the indexes of many are built at the end, many times faster."""
        table, names = self.tables[operation.id], columns(operation)
        numbered = enumerate(items, start=1)
        kept: list[bytes] = []
        count = 0
        later: set[sa.Index] = set()
        while batch := list(islice(numbered, BATCH)):
            self._write(connection, table, [row(operation, names, serial, item) for serial, item in batch])
            documents = [document(operation, item) for _, item in batch]
            self._write(connection, self.items[operation.id], list(enumerate(documents, start=batch[0][0])))
            kept += documents
            count += len(batch)
            if self._shared is None:
                kept.clear()
            if rebuild and count >= QUICK and not later:
                later = table.indexes
                for index in later:
                    index.drop(connection)
        for index in sorted(later, key=lambda index: str(index.name)):
            index.create(connection)
        self.totals[operation.id].keep(connection, count)
        connection.exec_driver_sql(f"ANALYZE {quoted(operation.id)}")
        if self._shared is not None:  # nobody else can change what is in this process's memory
            self._kept[operation.id] = kept
        return count


def engine(url: str) -> sa.Engine:
    """The engine for a database URL; one connection serves all when the database is in memory."""
    try:
        parsed = sa.make_url(url)
    except (sa.exc.ArgumentError, ValueError) as error:
        shown = re.sub(r":[^:@/]*@", ":***@", url)
        raise Mistake(f"{shown!r} is no database URL; write sqlite:///FILE or postgresql://USER@HOST/NAME") from error
    if parsed.get_backend_name() == "postgresql":
        return sa.create_engine(parsed.set(drivername="postgresql+psycopg"), pool_size=8, pool_pre_ping=True)
    if parsed.get_backend_name() != "sqlite":
        raise Mistake(f"the mock knows no {parsed.get_backend_name()!r} database; use sqlite or postgresql")
    if parsed.query:
        raise Mistake(f"{url!r} has options after `?`, of which SQLite takes none here; write sqlite:///FILE")
    if in_memory(parsed):
        made = sa.create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False})
    else:
        made = sa.create_engine(parsed, poolclass=NullPool)
        sa.event.listen(made, "connect", read_while_written)
    # SQLite's driver would begin transactions by itself, but not before every statement that needs one.
    sa.event.listen(made, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
    return made


def in_memory(url: sa.URL) -> bool:
    """Whether the data ends with the process."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def read_while_written(connection: Any, _record: object) -> None:
    """Readers of an SQLite file keep seeing the old data while a load is on its way."""
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA mmap_size = 4294967296")  # a page is read where it lies, not copied


def table(metadata: sa.MetaData, operation: Operation, dialect: Dialect) -> sa.Table:
    """The table of one operation."""
    names = [SERIAL, *columns(operation)]
    found = [sa.Column(name, NUMBER if name == SERIAL else TEXT, primary_key=name == SERIAL) for name in names]
    made = sa.Table(operation.id, metadata, *found)
    for index in indexes(operation):
        parts: list[sa.ColumnElement[Any]] = [made.columns[str(name)] for name in index.expressions]
        if dialect is POSTGRESQL:  # else its indexes end with what is absent, and serve none of our orders
            parts = [part if part is made.columns[SERIAL] else part.asc().nulls_first() for part in parts]
        sa.Index(index.name, *parts)
    return made


def columns(operation: Operation) -> list[str]:
    """The columns in their order: what is searched most comes first, as SQLite reads a row from its beginning."""
    indexed = dict.fromkeys(
        name for index in indexes(operation) for name in map(str, index.expressions) if name != SERIAL
    )
    every = [column for name in operation.columns for column in (name, key_of(name))]
    return [*indexed, *(column for column in every if column not in indexed)]


def looked_up(operation: Operation) -> list[str]:
    """The columns that an index finds by their values."""
    first = [str(next(iter(index.expressions))) for index in indexes(operation)]
    return [name for name in dict.fromkeys(first) if name in operation.columns and name != operation.key]


def walkable(operation: Operation) -> set[str]:
    """The fields in whose order an index stands."""
    return {name for name, schema in operation.columns.items() if "x-timestamp" in schema}


def newest(operation: Operation) -> tuple[str, str, str]:
    """The columns of the default order."""
    field = operation.default_sort["field"]
    return key_of(field), field, SERIAL


def item_table(metadata: sa.MetaData, operation: Operation) -> sa.Table:
    """The table of the items' JSON."""
    return sa.Table(
        f"{operation.id}{ITEM}",
        metadata,
        sa.Column(SERIAL, NUMBER, primary_key=True),
        sa.Column(ITEM, sa.LargeBinary, nullable=False),
    )


def indexes(operation: Operation) -> Iterator[sa.Index]:
    """An index for what people look for: the key, known value sets, times, and what the examples filter on."""
    order = newest(operation)
    role = operation.member("string_filters")
    filters = [each for example in operation.example_requests for each in example.get(role, [])]
    named = list(dict.fromkeys(each["field"] for each in filters))
    coded = [name for name, schema in operation.columns.items() if "x-extensible-enum" in schema or "enum" in schema]
    wanted = [operation.key, *operation.query.get("also_filterable", []), *operation.parameters, *coded, *named]
    for name, schema in operation.columns.items():
        if "x-timestamp" in schema:
            yield sa.Index(f"{operation.id}_{name}", key_of(name), name, SERIAL)
        elif name in wanted:
            yield sa.Index(f"{operation.id}_{name}", name, *order)
    for name in named:
        for code in coded:
            if code in named and name not in coded:
                yield sa.Index(f"{operation.id}_{name}_{code}", name, code, *order)


def row(operation: Operation, names: list[str], serial: int, item: Mapping[str, Any]) -> tuple[Any, ...]:
    """What searches read of one item: its number, then the columns in `names`."""
    texts = {name: text_form(item.get(name)) for name in operation.columns}
    values: dict[str, str | None] = {name: stored(text) for name, text in texts.items()}
    values |= {key_of(name): order_key(text) for name, text in texts.items()}
    return (serial, *map(values.__getitem__, names))


def document(operation: Operation, item: Mapping[str, Any]) -> bytes:
    """What is answered of one item: its JSON without what is only filterable, and without nulls but where allowed."""
    hidden, nullable = set(operation.columns) - set(operation.item["properties"]), operation.nullable
    shown = {name: v for name, v in item.items() if name not in hidden and (v is not None or name in nullable)}
    return msgspec.json.encode(shown)
