# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Items as rows of text: a table for people; JSON, JSON lines and CSV for programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from .spelling import in_python
from .wire import moment

FORMATS = ("table", "json", "jsonl", "csv")


class Writer:
    """Turns items into the bytes of one format, piece by piece; nothing is kept."""

    def __init__(self, form: str, columns: Sequence[str]) -> None:
        self._form = form
        self._columns = columns

    def head(self) -> bytes:
        """What comes before the first item."""
        if self._form == "csv":
            return _csv_line(self._columns)
        return b"[\n" if self._form == "json" else b""

    def items(self, items: Iterable[Any], *, first: bool) -> bytes:
        """Some items; `first` when none came before."""
        if self._form == "csv":
            return b"".join(_csv_line([_cell(item, name) for name in self._columns]) for item in items)
        lines = [msgspec.json.encode(self._picked(item)) for item in items]
        if self._form == "jsonl":
            return b"".join(line + b"\n" for line in lines)
        joined = b",\n".join(lines)
        return joined if first or not joined else b",\n" + joined

    def tail(self) -> bytes:
        """What comes after the last item."""
        return b"\n]\n" if self._form == "json" else b""

    def _picked(self, item: Any) -> dict[str, Any]:
        members = item.to_dict()
        return {name: members[name] for name in self._columns if name in members}


def _csv_line(cells: Sequence[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue().encode()


def _cell(item: Any, name: str) -> str:
    value = _value(item, name)
    value = item.to_dict().get(name) if isinstance(value, list) else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _value(item: Any, name: str) -> Any:
    """A member by its name on the wire."""
    return getattr(item, in_python(type(item), name), None)


def shown(item: Any, name: str, times: frozenset[str], lang: str) -> str:
    """A member for people: a time in words, a code by its display name, and nothing that a terminal would obey."""
    return printable(_in_words(item, name, times, lang))


def printable(text: str) -> str:
    """A text on one line, with a blank for each sign that a terminal would obey."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _in_words(item: Any, name: str, times: frozenset[str], lang: str) -> str:
    value = _value(item, name)
    if value is None:
        return ""
    if name in times:
        when: datetime | None = moment(value)
        return str(value) if when is None else when.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    if hasattr(item, "display") and isinstance(value, str):
        return str(item.display(in_python(type(item), name), lang))
    return _cell(item, name)
