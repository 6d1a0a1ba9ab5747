"""Pieces of SQL with their bound values, and the eight operators as one table.

Only names of columns, which come from the contract, stand in the text of a statement; what a caller sends is always
bound. A list of values is bound as one JSON text (SQLite) or one array (PostgreSQL), so that no request meets a limit
on variables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from attrs import frozen

from mock_service.text import order_key, stored, text_form

LONGEST_NAME = 63
"""Bytes of a name in PostgreSQL."""
Key = Callable[[str | None], str | None]
"""Makes the order key of a text (see `text`)."""


class Sql(msgspec.Struct, frozen=True, gc=False):
    """A piece of SQL; each `?` in its text has its value in `values`. `&`, `|` and `~` combine conditions."""

    text: str
    values: tuple[Any, ...] = ()
    lasting: bool = True
    """Whether it means the same when the data have changed."""
    only: tuple[str, tuple[str, ...]] | None = None
    """A column and values, when all it says is that the column holds one of them; EVERYTHING has the column `""`."""
    pinned: frozenset[str] = frozenset()
    """Columns of which it allows one value only."""
    any_of: tuple[Sql, ...] = ()
    """The alternatives, when it is made of such."""
    about: frozenset[str] | None = None
    """The columns that it looks at, when they are known."""

    def __and__(self, other: Sql) -> Sql:
        return conjunction((self, other))

    def __or__(self, other: Sql) -> Sql:
        any_of = (self.any_of or (self,)) + (other.any_of or (other,))
        text, about = f"({self.text} OR {other.text})", all_about((self, other))
        return Sql(text, self.values + other.values, self.lasting and other.lasting, any_of=any_of, about=about)

    def __invert__(self) -> Sql:
        return Sql(f"(({self.text}) IS NOT TRUE)", self.values, self.lasting, about=self.about)


EVERYTHING = Sql("1 = 1", only=("", ("",)), about=frozenset())
NOTHING = Sql("1 = 0", about=frozenset())


@frozen
class Dialect:
    """What SQLite and PostgreSQL say differently."""

    position: str
    """The function that finds a text in a text, 0 when it is not there."""
    end: str
    """The last `{n}` characters of `{column}`."""
    values: str
    """A sub-select of the column `v` from one bound list."""
    bind: Callable[[Sequence[str]], Any]
    """Turns a list into the value that `values` binds."""
    first: str = ""
    """Added to an ascending order: absent values come first."""
    last: str = ""
    """Added to a descending order: absent values come last."""


SQLITE = Dialect(
    position="instr",
    end="substr({column}, -{n}, {n})",
    values="SELECT value AS v FROM json_each(?)",
    bind=lambda values: msgspec.json.encode(values).decode(),
)
POSTGRESQL = Dialect(
    position="strpos",
    end="right({column}, {n})",
    values='SELECT v COLLATE "C" AS v FROM unnest(CAST(? AS text[])) AS listed(v)',
    bind=list,
    first=" NULLS FIRST",
    last=" NULLS LAST",
)


def quoted(name: str) -> str:
    """A column's or table's name, quoted for SQL."""
    return '"' + name.replace('"', '""') + '"'


def key_of(column: str) -> str:
    """The name of the column that holds a column's order key; PostgreSQL takes no more of a name than 63 bytes."""
    return f"{column}#" if len(column.encode()) < LONGEST_NAME else f"#{column}"


def _wanted(dialect: Dialect) -> str:
    """The bound list as the table `wanted` of the column `v`, which is read once, not for each row."""
    return f"WITH wanted(v) AS MATERIALIZED ({dialect.values})"


def _affix(dialect: Dialect, affix: str, values: Sequence[str]) -> Sql:
    """True when `affix`, `{n}` characters of a text, is one of the values; taken once for each length of these."""
    if len(values) == 1:
        return Sql(f"{affix.replace('{n}', 'length(?)')} = ?", (values[0],) * (affix.count("{n}") + 1))
    lengths = f"{_wanted(dialect)}, lengths(n) AS MATERIALIZED (SELECT DISTINCT length(v) FROM wanted)"  # noqa: S608
    found = f"SELECT 1 FROM lengths WHERE {affix.replace('{n}', 'n')} IN (SELECT v FROM wanted)"  # noqa: S608
    return Sql(f"EXISTS ({lengths} {found})", (dialect.bind(values),))


def equal(dialect: Dialect, column: str, values: Sequence[str]) -> Sql:
    """The text is one of the values."""
    name, only = quoted(column), (column, tuple(dict.fromkeys(values)))
    if len(values) == 1:
        return Sql(f"{name} = ?", (values[0],), only=only, pinned=frozenset((column,)))
    if len(values) <= 16:
        return Sql(f"{name} IN ({', '.join('?' * len(values))})", tuple(values), only=only)
    return Sql(f"{name} IN ({dialect.values})", (dialect.bind(values),), only=only)


def different(dialect: Dialect, column: str, values: Sequence[str]) -> Sql:
    """The text is none of the values; an absent property is different from all."""
    return ~equal(dialect, column, values)


def containing(dialect: Dialect, column: str, values: Sequence[str]) -> Sql:
    """The text contains one of the values, letter for letter."""
    position = f"{dialect.position}({quoted(column)}, {{v}}) > 0"
    if len(values) == 1:
        return Sql(position.replace("{v}", "?"), (values[0],))
    found = f"SELECT 1 FROM wanted WHERE {position.replace('{v}', 'v')}"  # noqa: S608
    return Sql(f"EXISTS ({_wanted(dialect)} {found})", (dialect.bind(values),))


def beginning(dialect: Dialect, column: str, values: Sequence[str]) -> Sql:
    """The text begins with one of the values."""
    return _affix(dialect, f"substr({quoted(column)}, 1, {{n}})", values)


def ending(dialect: Dialect, column: str, values: Sequence[str]) -> Sql:
    """The text ends with one of the values."""
    return _affix(dialect, dialect.end.replace("{column}", quoted(column)), values)


def compared(sign: str, column: str, value: str, key: Key) -> Sql:
    """Both sides as numbers when both are such, else as text."""
    text, stored_key, wanted = quoted(column), quoted(key_of(column)), key(value)
    if wanted is None:
        return Sql(f"{text} {sign} ?", (value,))
    return Sql(f"({stored_key} {sign} ? OR ({stored_key} IS NULL AND {text} {sign} ?))", (wanted, value))


OPERATORS: dict[str, Callable[[Dialect, str, Sequence[str]], Sql]] = {
    "in": equal,
    "=": equal,
    "!=": different,
    "like": containing,
    "startwith": beginning,
    "endwith": ending,
}
COMPARISONS = (">", "<")
"""Operators of which only the first value counts."""
KNOWN = OPERATORS.keys() | COMPARISONS
"""All operators that the mock knows."""


def predicate(dialect: Dialect, column: str, operator: str, values: Sequence[Any], key: Key = order_key) -> Sql:
    """The condition that one filter states of one column; an operator that the mock does not know finds nothing.

    `key` is what made the column's order keys. Values other than texts are compared by their text form; null is none.
    """
    texts = [stored(text) or "" for text in map(text_form, values) if text is not None]
    if not texts:
        return EVERYTHING if operator == "!=" else NOTHING
    if operator in COMPARISONS:
        found = compared(operator, column, texts[0], key)
    elif operator in OPERATORS:
        found = OPERATORS[operator](dialect, column, texts)
    else:
        return NOTHING
    return msgspec.structs.replace(found, about=frozenset((column,)))


def conjunction(parts: Sequence[Sql]) -> Sql:
    """All of the parts hold; with no parts, everything does."""
    if not parts:
        return EVERYTHING
    if len(parts) == 1:
        return parts[0]
    text = f"({' AND '.join([part.text for part in parts])})"
    values: tuple[Any, ...] = sum((part.values for part in parts), ())
    pinned = frozenset[str]().union(*(part.pinned for part in parts))
    return Sql(text, values, all(part.lasting for part in parts), pinned=pinned, about=all_about(parts))


def all_about(parts: Sequence[Sql]) -> frozenset[str] | None:
    """The columns that the parts look at together; None when those of one are not known."""
    found = frozenset[str]()
    for part in parts:
        if part.about is None:
            return None
        found |= part.about
    return found
