"""Where the items live: tables for each operation (see `layout`), in SQLite or PostgreSQL, through SQLAlchemy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any, Self

import sqlalchemy as sa

from mock_service import database, layout
from mock_service.console import say
from mock_service.contract import Contract, Mistake, Operation
from mock_service.layout import ITEM, SERIAL
from mock_service.ledger import Ledger, fingerprint_of_items, items_of
from mock_service.reader import Reader, Rows
from mock_service.search import Attempt, Page, Search
from mock_service.sql import POSTGRESQL, SQLITE, Sql, key_of, quoted
from mock_service.totals import Totals

BATCH = 500
"""Rows of one insert."""
QUICK = 5000
"""Items in SQLite among which every query is over in a few milliseconds."""


class Store:
    """The items of every operation of one contract."""

    def __init__(self, url: str, contract: Contract, *, renew: bool = False) -> None:
        """Open a database, and make the tables and indexes that it lacks.

        A `Mistake` when its items were stored for another contract; with `renew`, they are stored anew for this one.
        """
        self.engine = database.engine(url)
        self.reader = Reader(self.engine)
        self.dialect = self.reader.dialect
        self.operations = contract.operations
        metadata = sa.MetaData()
        self.ledger = Ledger(metadata, self.engine.dialect)
        self.tables = {each.id: layout.table(metadata, each, self.dialect) for each in self.operations}
        self.items = {operation.id: layout.item_table(metadata, operation) for operation in contract.operations}
        self.totals = {each.id: self._totals(each, metadata) for each in self.operations}
        self.searches = {each.id: self._search(each) for each in self.operations}
        self._judged = threading.local()
        self._kept: dict[str, list[bytes]] = {}
        try:
            database.check(self.engine, {self.ledger.table.name, *self.tables})
            self._open(renew)
            if database.in_memory(self.engine.url):
                self.reader.share()
                for totals in self.totals.values():
                    totals.private = True
        except database.FAILURES as error:
            self.close()
            raise Mistake(
                f"cannot open the database {self.name}: {database.why_not_opened(self.engine.url, error)}"
            ) from error
        except Mistake:
            self.close()
            raise

    def _search(self, operation: Operation) -> Search:
        """How an operation's items are searched."""
        orders, newest = layout.walkable(operation), layout.newest(operation)
        looked_up, indexed = layout.looked_up(operation), layout.indexed(operation)
        return Search(operation.id, self.dialect, orders, newest, looked_up=looked_up, indexed=indexed)

    @staticmethod
    def _totals(operation: Operation, metadata: sa.MetaData) -> Totals:
        """The numbers that are kept of an operation's items."""
        return Totals(operation.id, layout.looked_up(operation), layout.coded(operation), metadata)

    @property
    def quick(self) -> bool:
        """Whether a query may run on the event loop, being over before a thread would have begun it.

        Judged anew when anybody has loaded other items.
        """
        if self.in_memory:
            return all(len(kept) <= QUICK for kept in self._kept.values())
        if self.dialect is not SQLITE:
            return False
        version = self.reader.version()
        judged, quick = getattr(self._judged, "quick", (None, False))
        if judged != version:
            beyond = [f"SELECT 1 FROM {quoted(each.id)} LIMIT 1 OFFSET {QUICK}" for each in self.operations]  # noqa: S608
            quick = not any(self.rows(statement, ()) for statement in beyond)
            self._judged.quick = version, quick
        return quick

    @property
    def in_memory(self) -> bool:
        """Whether nobody else can see the items."""
        return self.reader.shared is not None

    @property
    def name(self) -> str:
        """The database's URL, without the password."""
        return database.shown(self.engine.url)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self.reader.close()

    def _open(self, renew: bool) -> None:
        """Make what the database lacks; one that lacks nothing need not be written to."""
        with self.engine.connect() as connection:
            if all(self._is_ready(connection, operation) for operation in self.operations):
                return
        with database.writing(self.engine) as connection:
            self.ledger.table.create(connection, checkfirst=True)
            for operation in self.operations:
                self._make_ready(connection, operation, renew)
        self._settle()

    def _is_ready(self, connection: sa.Connection, operation: Operation) -> bool:
        """Whether an operation's tables and indexes are as they should be."""
        table = self.tables[operation.id]
        return (
            sa.inspect(connection).has_table(table.name)
            and not self.ledger.otherwise(connection, operation, table)
            and self._has_totals(connection, operation)
            and not any(self.ledger.wrong_indexes(connection, table))
        )

    def _has_totals(self, connection: sa.Connection, operation: Operation) -> bool:
        """Whether the tables of kept numbers are there, with all their columns."""
        totals, inspected = self.totals[operation.id], sa.inspect(connection)
        return all(
            inspected.has_table(each.name)
            and [column["name"] for column in inspected.get_columns(each.name)] == [*each.columns.keys()]
            for each in (totals.table, totals.combined)
        )

    def _make_ready(self, connection: sa.Connection, operation: Operation, renew: bool) -> None:
        """Make an operation's tables or indexes, where they are not there; with `renew`, store other items anew."""
        table = self.tables[operation.id]
        if not sa.inspect(connection).has_table(table.name):
            self._make_tables(connection, operation)
            return
        difference = self.ledger.otherwise(connection, operation, table)
        if difference and not renew:
            raise Mistake(
                f"the table {table.name!r} in {self.name} is not as this version and contract need it: {difference}; "
                f"`python -m mock_service renew --database URL` stores its items anew"
            )
        if difference:
            self._renew(connection, operation)
            return
        make, _ = self.ledger.wrong_indexes(connection, table)
        if make:
            tell(f"making {len(make)} indexes of {table.name} in {self.name}")
        self.ledger.make_indexes(connection, table)
        if not self._has_totals(connection, operation):
            tell(f"counting the items of {operation.id} in {self.name}")
            self.totals[operation.id].create(connection)
            number = connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            self.totals[operation.id].keep(connection, number)

    def _make_tables(self, connection: sa.Connection, operation: Operation) -> None:
        """Make an operation's tables, which are not there."""
        table = self.tables[operation.id]
        table.create(connection)
        self.items[operation.id].create(connection, checkfirst=True)
        self.totals[operation.id].create(connection)
        self.ledger.record(connection, table.name, fingerprint_of_items(operation))
        self.ledger.make_indexes(connection, table)

    def _renew(self, connection: sa.Connection, operation: Operation) -> None:
        """Store an operation's items anew, out of tables of any version."""
        table, items = self.tables[operation.id], self.items[operation.id]
        inspected = sa.inspect(connection)
        held = {column["name"] for column in inspected.get_columns(table.name)}
        if not {SERIAL, ITEM} <= held and not inspected.has_table(items.name):
            raise Mistake(f"the table {table.name!r} in {self.name} holds no items of the mock; name another database")
        for index in inspected.get_indexes(table.name):
            connection.exec_driver_sql(f"DROP INDEX {quoted(str(index['name']))}")
        rows, documents = f"{table.name}#old", f"{items.name}#old"
        for name, old in ((table.name, rows), (items.name, documents)):
            if inspected.has_table(name):
                connection.exec_driver_sql(f"ALTER TABLE {quoted(name)} RENAME TO {quoted(old)}")
        self._make_tables(connection, operation)
        tell(f"storing the items of {operation.id} in {self.name} anew")
        found = items_of(connection, rows, rows if ITEM in held else documents, operation)
        self._insert(connection, operation, self._fitting(operation, found), rebuild=True)
        for old in (rows, documents):
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {quoted(old)}")

    def _fitting(self, operation: Operation, items: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
        """The items, each held against the contract."""
        for item in map(operation.without_nulls, items):
            flaw = operation.flaw(item)
            if flaw:
                raise Mistake(
                    f"{item.get(operation.key)!r} among the items of {operation.id} in {self.name} does not fit this "
                    f"contract: {flaw}; nothing was changed. Name another database, and load items that fit"
                )
            yield item

    def rows(self, statement: str, values: tuple[Any, ...]) -> Rows:
        """What a statement selects. `?` marks the place of each value."""
        return self.reader.rows(statement, values)

    def serials(self, operation: Operation, where: Sql, page: Page) -> list[int]:
        """The serial numbers of the items on a page of what `where` selects."""
        for attempt in self.searches[operation.id].attempts(where, page, few=self.quick):
            found = self._attempt(attempt)
            if found is not None:
                return [row[0] for row in found]
        raise AssertionError("the last attempt is never in vain")

    def _attempt(self, attempt: Attempt) -> Rows | None:
        """What an attempt finds; None when it was in vain."""
        if attempt.steps is None:
            found = self.rows(attempt.statement, attempt.values)
            return found if len(found) >= attempt.enough else None
        return self.reader.within(attempt.steps, attempt.statement, attempt.values)

    def documents(self, operation: Operation, serials: list[int]) -> list[bytes]:
        """The JSON of the items of these serial numbers, in their order."""
        kept = self._kept.get(operation.id)
        if kept is not None:
            return [kept[serial - 1] for serial in serials]
        if not serials:
            return []
        wanted, values = f"IN ({', '.join('?' * len(serials))})", tuple[Any, ...](serials)
        if self.dialect is POSTGRESQL:  # which plans the statement once for any number of them
            wanted, values = "= ANY (CAST(? AS bigint[]))", (serials,)
        items = quoted(self.items[operation.id].name)
        statement = f"SELECT {quoted(SERIAL)}, {quoted(ITEM)} FROM {items} WHERE {quoted(SERIAL)} {wanted}"  # noqa: S608
        found: dict[int, bytes] = dict(self.rows(statement, values))
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
        any_item = f"SELECT 1 FROM {quoted(operation.id)} LIMIT 1"  # noqa: S608
        if self.rows(any_item, ()):
            return
        with database.writing(self.engine) as connection:
            if connection.exec_driver_sql(any_item).first() is None:  # nobody was faster
                self._insert(connection, operation, items, rebuild=True)
        self._settle()

    def replace(self, operation: Operation, items: Iterable[Mapping[str, Any]]) -> int:
        """Put `items` in the place of all that the operation had, in one transaction; the number of items."""
        with database.writing(self.engine) as connection:
            connection.execute(self.tables[operation.id].delete())
            connection.execute(self.items[operation.id].delete())
            # PostgreSQL's readers would wait for an index that is dropped
            number = self._insert(connection, operation, items, rebuild=self.dialect is SQLITE)
        self._settle()
        return number

    def _settle(self) -> None:
        """Empty SQLite's log of what was written, or the next start would have to read it, however large it is.

        Where that fails, as on a full disk, it stays: what was written is written.
        """
        if self.dialect is SQLITE and not self.in_memory:
            with suppress(*database.FAILURES), self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

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
        table, names = self.tables[operation.id], layout.columns(operation)
        numbered = enumerate(items, start=1)
        kept: list[bytes] = []
        count = 0
        later: set[sa.Index] = set()
        while batch := list(islice(numbered, BATCH)):
            self._write(connection, table, [layout.row(operation, names, serial, item) for serial, item in batch])
            documents = [layout.document(operation, item) for _, item in batch]
            self._write(connection, self.items[operation.id], list(enumerate(documents, start=batch[0][0])))
            kept += documents
            count += len(batch)
            if not self.in_memory:
                kept.clear()
            if rebuild and count >= QUICK and not later:
                later = table.indexes
                for index in later:
                    index.drop(connection)
        for index in sorted(later, key=lambda index: str(index.name)):
            index.create(connection)
        self.totals[operation.id].keep(connection, count)
        connection.exec_driver_sql(f"ANALYZE {quoted(operation.id)}")
        if self.in_memory:  # nobody else can change what is there
            self._kept[operation.id] = kept
        return count


def tell(what: str) -> None:
    """Say what takes a while."""
    say(f"mock_service: {what} ...")
