"""How the tables of an operation are shaped, and what is written into them.

One table holds for each property its text form and its order key (see `text`); it is narrow, as every search reads it.
Another holds each item's JSON, ready to be answered. A third (see `totals`) holds numbers that are asked for often.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import sqlalchemy as sa

from mock_service.contract import Mistake, Operation
from mock_service.sql import LONGEST_NAME, POSTGRESQL, Dialect, Key, key_of
from mock_service.text import decimal_key, order_key, stored, text_form

LAYOUT = 1
"""To be raised with every change of what `row`, `document` or `text` make of an item."""
ITEM = "#item"
"""The column of an item's JSON."""
SERIAL = "#serial"
"""The column that says in which order the items came; it breaks ties."""
NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def table(metadata: sa.MetaData, operation: Operation, dialect: Dialect) -> sa.Table:
    """The table of one operation; a `Mistake` when a property cannot have a column."""
    check_names(operation, dialect)
    names = [SERIAL, *columns(operation)]
    found = [sa.Column(name, NUMBER if name == SERIAL else TEXT, primary_key=name == SERIAL) for name in names]
    made = sa.Table(operation.id, metadata, *found)
    for index in indexes(operation):
        parts: list[sa.ColumnElement[Any]] = [made.columns[str(name)] for name in index.expressions]
        if dialect is POSTGRESQL:  # else its indexes end with what is absent, and serve none of our orders
            parts = [part if part is made.columns[SERIAL] else part.asc().nulls_first() for part in parts]
        sa.Index(index.name, *parts)
    return made


def check_names(operation: Operation, dialect: Dialect) -> None:
    """Refuse properties whose columns a database could not tell apart."""
    owners: dict[str, str] = {}
    for name in operation.columns:
        if "%" in name and dialect is POSTGRESQL:
            raise Mistake(f"{operation.id} has the property {name!r}, whose % PostgreSQL's driver takes for a mark")
        for column in (name, key_of(name)):
            # SQLite knows no difference between a and A, PostgreSQL cuts long names.
            taken = column.encode()[:LONGEST_NAME].decode(errors="ignore").lower()
            other = owners.setdefault(taken, name)
            if other != name:
                raise Mistake(f"{operation.id} has the properties {other!r} and {name!r}, too alike for SQL's columns")


def item_table(metadata: sa.MetaData, operation: Operation) -> sa.Table:
    """The table of the items' JSON."""
    return sa.Table(
        f"{operation.id}{ITEM}",
        metadata,
        sa.Column(SERIAL, NUMBER, primary_key=True),
        sa.Column(ITEM, sa.LargeBinary, nullable=False),
    )


def columns(operation: Operation) -> list[str]:
    """The columns in their order: what is searched most comes first, as SQLite reads a row from its beginning."""
    indexed = dict.fromkeys(
        name for index in indexes(operation) for name in map(str, index.expressions) if name != SERIAL
    )
    every = [column for name in operation.columns for column in (name, key_of(name))]
    return [*indexed, *(column for column in every if column not in indexed)]


def index_name(operation: Operation, *properties: str) -> str:
    """The name of an index on properties; where it would be too long for PostgreSQL, its beginning and a hash."""
    name = "_".join((operation.id, *properties))
    if len(name.encode()) <= LONGEST_NAME:
        return name
    return f"{name.encode()[:50].decode(errors='ignore')}_{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def looked_up(operation: Operation) -> list[str]:
    """The columns that an index finds by their values."""
    first = [str(next(iter(index.expressions))) for index in indexes(operation)]
    return [name for name in dict.fromkeys(first) if name in operation.columns and name != operation.key]


def indexed(operation: Operation) -> set[str]:
    """The columns that stand in some index."""
    return {str(column) for index in indexes(operation) for column in index.expressions}


def coded(operation: Operation) -> list[str]:
    """The columns whose values come from a known set, and so are few."""
    return [name for name, schema in operation.columns.items() if "x-extensible-enum" in schema or "enum" in schema]


def walkable(operation: Operation) -> dict[str, str]:
    """The fields in whose order an index stands, each with the index."""
    return {n: index_name(operation, n) for n, schema in operation.columns.items() if "x-timestamp" in schema}


def newest(operation: Operation) -> tuple[str, str, str]:
    """The columns of the default order."""
    field = operation.default_sort["field"]
    return key_of(field), field, SERIAL


def indexes(operation: Operation) -> Iterator[sa.Index]:
    """An index for what people look for: the key, known value sets, times, and what the examples filter on."""
    order = newest(operation)
    role = operation.member("string_filters")
    filters = [each for example in operation.example_requests for each in example.get(role, [])]
    named = list(dict.fromkeys(each["field"] for each in filters))
    codes = coded(operation)
    wanted = [operation.key, *operation.query.get("also_filterable", []), *operation.parameters, *codes, *named]
    for name, schema in operation.columns.items():
        if "x-timestamp" in schema:
            yield sa.Index(index_name(operation, name), key_of(name), name, SERIAL)
        elif name in wanted:
            yield sa.Index(index_name(operation, name), name, *order)
    for name in named:
        for code in codes:
            if code in named and name not in codes:
                yield sa.Index(index_name(operation, name, code), name, code, *order)


def key_maker(operation: Operation, name: str) -> Key:
    """What makes the order keys of a column."""
    return decimal_key if name in operation.fractional else order_key


def row(operation: Operation, names: list[str], serial: int, item: Mapping[str, Any]) -> tuple[Any, ...]:
    """What searches read of one item: its number, then the columns in `names`."""
    texts = {name: text_form(item.get(name)) for name in operation.columns}
    values: dict[str, str | None] = {name: stored(text) for name, text in texts.items()}
    values |= {key_of(name): key_maker(operation, name)(text) for name, text in texts.items()}
    return (serial, *map(values.__getitem__, names))


def document(operation: Operation, item: Mapping[str, Any]) -> bytes:
    """What is answered of one item: its JSON without what is only filterable, and without nulls but where allowed."""
    hidden, nullable = set(operation.columns) - set(operation.item["properties"]), operation.nullable
    shown = {name: v for name, v in item.items() if name not in hidden and (v is not None or name in nullable)}
    return msgspec.json.encode(shown)
