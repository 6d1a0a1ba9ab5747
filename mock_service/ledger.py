"""Whether a database's tables are those that the contract needs: it keeps a ledger of how they were made.

The ledger holds a fingerprint for each table of items and for each of its indexes. Items of another fingerprint were
stored for another contract, or by another version of the mock; they can be read back, and stored anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from mock_service.contract import Operation, Schema
from mock_service.layout import ITEM, LAYOUT, SERIAL, TEXT
from mock_service.sql import quoted
from mock_service.text import restored

NAME, FINGERPRINT = "#name", "#fingerprint"
"""The columns of the ledger."""
ANNOTATIONS = frozenset({"title", "description", "example", "examples", "default", "deprecated", "externalDocs"})
"""Keywords that no item can break."""
BATCH = 500
"""Items that are read at once."""


class Ledger:
    """What a database says of its tables."""

    def __init__(self, metadata: sa.MetaData, dialect: sa.Dialect) -> None:
        name, fingerprint = sa.Column(NAME, TEXT, primary_key=True), sa.Column(FINGERPRINT, TEXT, nullable=False)
        self.table = sa.Table("#ledger", metadata, name, fingerprint)
        self.dialect = dialect

    def known(self, connection: sa.Connection) -> dict[str, str]:
        """The fingerprints by name; none in a database without a ledger."""
        if not sa.inspect(connection).has_table(self.table.name):
            return {}
        return dict(connection.execute(sa.select(self.table)).all())

    def record(self, connection: sa.Connection, name: str, fingerprint: str) -> None:
        """Write down how a table or an index was made."""
        connection.execute(self.table.delete().where(self.table.columns[NAME] == name))
        connection.execute(self.table.insert().values({NAME: name, FINGERPRINT: fingerprint}))

    def otherwise(self, connection: sa.Connection, operation: Operation, table: sa.Table) -> str:
        """In what a table of items is not what the contract needs; empty when in nothing."""
        found = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
        for name in sorted({column.name for column in table.columns} - found):
            return f"it has no column {name!r}"
        known = self.known(connection)
        if table.name not in known:
            return "an older version of the mock made it, or somebody else"
        if known[table.name] != fingerprint_of_items(operation):
            return "it was made for another contract, or by another version of the mock"
        return ""

    def wrong_indexes(self, connection: sa.Connection, table: sa.Table) -> tuple[list[sa.Index], list[str]]:
        """The indexes to make, and the names of those to drop before."""
        known = self.known(connection)
        there = {str(index["name"]) for index in sa.inspect(connection).get_indexes(table.name)}
        right = {name for name, mark in self.wanted(table).items() if name in there and known.get(name) == mark}
        make = [index for index in table.indexes if str(index.name) not in right]
        return make, sorted(there - right)

    def wanted(self, table: sa.Table) -> dict[str, str]:
        """The fingerprints of a table's indexes by name."""
        statements = {str(index.name): sa.schema.CreateIndex(index) for index in table.indexes}
        return {name: digest(str(statement.compile(dialect=self.dialect))) for name, statement in statements.items()}

    def make_indexes(self, connection: sa.Connection, table: sa.Table) -> None:
        """Give a table the indexes that it should have, and no others."""
        make, drop = self.wrong_indexes(connection, table)
        for name in drop:
            connection.exec_driver_sql(f"DROP INDEX {quoted(name)}")
        for index in make:
            index.create(connection)
        for name, fingerprint in self.wanted(table).items():
            self.record(connection, name, fingerprint)


def fingerprint_of_items(operation: Operation) -> str:
    """Differs when an operation's items are stored in another way: when another may be one, or is kept of it.

    Words, examples and the order of properties change no item that is there, and do not count.
    """
    return digest([LAYOUT, sorted(operation.columns), sorted(operation.nullable), strict(operation.item)])


def digest(value: Any) -> str:
    """A short text that differs when the value does."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def strict(schema: Schema) -> Schema:
    """The schema, less what no item can break."""
    found: Schema = {}
    for keyword, value in schema.items():
        if keyword == "properties":
            found[keyword] = {name: strict(each) for name, each in value.items()}
        elif keyword in ("oneOf", "anyOf", "allOf"):
            found[keyword] = [strict(each) for each in value]
        elif keyword not in ANNOTATIONS and not keyword.startswith("x-"):
            found[keyword] = strict(value) if isinstance(value, dict) else value
    return found


def items_of(connection: sa.Connection, rows: str, documents: str, operation: Operation) -> Iterator[dict[str, Any]]:
    """The items of two tables of any version, in their order: the rows that are searched, and the items' JSON.

    What is only filterable is not in the JSON, but in a column of its name.
    """
    there = {column["name"] for column in sa.inspect(connection).get_columns(rows)}
    names = [name for name in operation.columns if name in there]
    selected = ", ".join(["d." + quoted(SERIAL), "d." + quoted(ITEM), *("r." + quoted(name) for name in names)])
    serial = quoted(SERIAL)
    joined = f"SELECT {selected} FROM {quoted(rows)} r JOIN {quoted(documents)} d ON r.{serial} = d.{serial}"  # noqa: S608
    last = -1
    while True:
        # said of both tables, or PostgreSQL would read one of them from its beginning each time
        later = f"r.{serial} > {last:d} AND d.{serial} > {last:d} ORDER BY d.{serial} LIMIT {BATCH}"
        found = connection.exec_driver_sql(f"{joined} WHERE {later}").all()
        if not found:
            return
        for _, document, *texts in found:
            item: dict[str, Any] = msgspec.json.decode(document)
            kept = {name: restored(text) for name, text in zip(names, texts, strict=True) if text is not None}
            yield {**kept, **item}
        last = found[-1][0]
