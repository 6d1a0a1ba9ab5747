"""Filters in words, for the command line: `level_id in (level_10, level_20) and not (assignee = me or title ~ "disk")`.

condition  = all { "or" all }
all        = part { "and" part }
part       = "not" part | "(" condition ")" | field operator value | field "in" "(" value { "," value } ")"
operator   = "=" | "!=" | ">" | "<" | "~" (holds) | "^=" (begins with) | "$=" (ends with)
value      = a word, or text in "…" or '…'; a time as 2025-04-10, 2025-04-10T08:00:00Z or 7d (ago)
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from .errors import InvalidFilter
from .filters import Expression, Field, Fields

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(?P<mark>!=|\^=|\$=|[()=,<>~])|(?P<word>[^\s()=,<>~!^$"']+))""",
    re.VERBOSE,
)
_OPERATORS = {"=": "=", "!=": "!=", ">": ">", "<": "<", "~": "like", "^=": "startwith", "$=": "endwith"}
_DEEPEST = 50
"""Parts within parts; Python's own stack has room for some more."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parsed(text: str, fields: Fields, *, now: datetime | None = None) -> Expression:
    """The filter that a text describes. Raises `InvalidFilter` with the place where the text makes no sense."""
    return _Parser(text, fields, now or datetime.now(UTC)).whole()


def moment_of(text: str, now: datetime) -> datetime:
    """A point in time from `7d` (ago; units s, m, h, d, w), a date, or a date and time; without a zone it is UTC."""
    ago = re.fullmatch(r"(\d{1,6})([smhdw])", text)
    try:
        if ago:
            return now - timedelta(**{_UNITS[ago.group(2)]: int(ago.group(1))})
        found = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        raise InvalidFilter(
            f"{text!r} is no time; write 7d (or s, m, h, w), 2025-04-10 or 2025-04-10T08:00:00Z"
        ) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


class _Parser:
    """One pass from left to right; `_tokens` holds (kind, text, column counted from 1)."""

    def __init__(self, text: str, fields: Fields, now: datetime) -> None:
        self._text, self._fields, self._now = text, fields, now
        self._tokens = list(_tokens(text))
        self._at = self._depth = 0

    def whole(self) -> Expression:
        found = self._condition()
        if self._at < len(self._tokens):
            raise self._wrong("and, or, or the end")
        return found

    def _peek(self) -> tuple[str, str, int]:
        return self._tokens[self._at] if self._at < len(self._tokens) else ("end", "", len(self._text) + 1)

    def _take(self, *wanted: str) -> bool:
        kind, text, _ = self._peek()
        taken = kind != "text" and text.lower() in wanted
        self._at += taken
        return taken

    def _wrong(self, expected: str) -> InvalidFilter:
        kind, text, column = self._peek()
        found = "the end" if kind == "end" else repr(text)
        return InvalidFilter(
            f"column {column}: found {found}, expected {expected}\n  {self._text}\n  {' ' * (column - 1)}^"
        )

    def _condition(self) -> Expression:
        found = self._all()
        while self._take("or", "|"):
            found = found | self._all()
        return found

    def _all(self) -> Expression:
        found = self._part()
        while self._take("and", "&"):
            found = found & self._part()
        return found

    def _part(self) -> Expression:
        if self._take("not"):
            with self._deeper():
                return ~self._part()
        if self._take("("):
            with self._deeper():
                found = self._condition()
            if not self._take(")"):
                raise self._wrong("a closing parenthesis")
            return found
        field = self._field()
        if self._take("in"):
            return field.in_(*self._values(field))
        _, text, _ = self._peek()
        if not self._take(*_OPERATORS):
            raise self._wrong(f"in or one of {' '.join(_OPERATORS)}")
        return field.where(_OPERATORS[text], self._value(field))

    @contextmanager
    def _deeper(self) -> Iterator[None]:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._wrong(f"at most {_DEEPEST} parentheses and nots in each other")
        yield
        self._depth -= 1

    def _field(self) -> Field:
        kind, name, _ = self._peek()
        if kind != "word":
            raise self._wrong("the name of a property")
        names = [*(known.name for known in self._fields), *self._fields._extra]
        if name not in names:
            near = difflib.get_close_matches(name, names, 3, 0.5)
            raise self._wrong(
                f"a property; did you mean {' or '.join(near)}?" if near else f"one of {', '.join(names)}"
            )
        self._at += 1
        return self._fields[name]

    def _values(self, field: Field) -> Iterator[str | datetime]:
        if not self._take("("):
            raise self._wrong("an opening parenthesis")
        yield self._value(field)
        while self._take(","):
            yield self._value(field)
        if not self._take(")"):
            raise self._wrong("a comma or a closing parenthesis")

    def _value(self, field: Field) -> str | datetime:
        kind, text, _ = self._peek()
        if kind not in ("word", "text"):
            raise self._wrong("a value")
        self._at += 1
        plain = re.sub(r"\\(.)", r"\1", text[1:-1]) if kind == "text" else text
        if field.is_time and not re.fullmatch(r"-?\d+", plain):
            return moment_of(plain, self._now)
        return plain


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    position = 0
    while text[position:].strip():
        found = _TOKEN.match(text, position)
        if found is None:
            column = position + len(text[position:]) - len(text[position:].lstrip()) + 1
            raise InvalidFilter(
                f"column {column}: {text[column - 1]!r} makes no sense here\n  {text}\n  {' ' * (column - 1)}^"
            )
        kind = str(found.lastgroup)
        yield kind, found.group(kind), found.start(kind) + 1
        position = found.end()
