"""Import one's own tickets: JSON Lines, one ticket a line, all in one transaction."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from mock_service.console import on_terminal, say
from mock_service.contract import Mistake, Operation
from mock_service.messages import GZIP
from mock_service.store import Store
from mock_service.text import text_form

STEP = 10_000
"""Lines between two tellings of progress."""
LONGEST_LINE = 12 * 1024 * 1024
"""Bytes; what is longer is no ticket, and its end may never come."""
DEEPEST = 64
"""Levels of a ticket; the deepest that can just be read here could not be answered, with more of the stack in use."""
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\")


def load(store: Store, operation: Operation, file: str, parameters: Mapping[str, str] | None = None) -> int:
    """Replace all tickets of an operation by those of a file (`-` is standard input); how many they are.

    `parameters` are those in the operation's path, for lines that lack them, as answers do. A line that is no ticket of
    the contract refuses the whole file, and so does a file without any: the old tickets stay.
    """
    source = Source(operation, parameters or {})
    if file == "-":
        if sys.stdin is None:
            raise Mistake("standard input is closed; name a file")
        return store.replace(operation, source.tickets(sys.stdin.buffer, "standard input"))
    try:
        with Path(file).open("rb") as lines:
            return store.replace(operation, source.tickets(lines, file))
    except OSError as error:
        raise Mistake(f"cannot read {file}: {error.strerror}") from error


class Source:
    """Reads the tickets of one operation."""

    def __init__(self, operation: Operation, parameters: Mapping[str, str]) -> None:
        self.operation = operation
        self.parameters = parameters
        self.seen: dict[tuple[str | None, ...], int] = {}
        """The line of each key so far; a key holds the path's parameters, within which it is unique."""

    def tickets(self, lines: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
        """The tickets of the lines, each held against the contract."""
        number = 0
        for number, line in enumerate(iter(lambda: lines.readline(LONGEST_LINE + 1), b""), start=1):
            if len(line) > LONGEST_LINE:
                what = f"is longer than {LONGEST_LINE:,} bytes; each line holds one ticket"
                raise Mistake(f"{name}, line {number} {what}")
            content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
            if content.strip():
                yield self.ticket(content, f"{name}, line {number}", number)
            if number % STEP == 0:
                tell(number)
        if not self.seen:
            raise Mistake(f"{name} holds no ticket; the old ones stay")
        if number >= STEP:
            tell(number, last=True)

    def ticket(self, line: bytes, place: str, number: int) -> dict[str, Any]:
        """The ticket of one line. A null is an absent member, unless it may be null."""
        try:
            found = msgspec.json.decode(line.decode())
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Mistake(f"{place} {complaint(line, error)}") from None
        if line.count(b"[") + line.count(b"{") > DEEPEST and depth(found) > DEEPEST:
            raise Mistake(f"{place} is nested too deeply")
        if not isinstance(found, dict):
            raise Mistake(f"{place} is not an object; each line holds one ticket")
        found = {**self.parameters, **self.operation.without_nulls(found)}
        flaw = self.operation.flaw(found)
        if flaw:
            raise Mistake(f"{place}: {flaw}")
        self.check_key(found, place, number)
        return found

    def check_key(self, ticket: Mapping[str, Any], place: str, number: int) -> None:
        """Refuse a ticket that has no key, or that of an earlier line."""
        for name in self.operation.parameters:
            if not isinstance(ticket.get(name), str):
                raise Mistake(f"{place} has no text {name!r}; add it to each line, or say --parameter {name}=VALUE")
        names = (*self.operation.parameters, self.operation.key)
        key = tuple(text_form(ticket.get(name)) for name in names)
        if key[-1] is None:
            raise Mistake(f"{place} has no {names[-1]!r}; each line holds one ticket, not an answer or a list")
        if key in self.seen:
            what = f"has the {' and '.join(names)} of line {self.seen[key]}"
            raise Mistake(f"{place} {what}: {', '.join(map(repr, key))}; each must be unique")
        self.seen[key] = number


def depth(value: Any) -> int:
    """How many lists and objects there are within each other."""
    levels, layer = 0, [value]
    while layer := [each for each in layer if isinstance(each, (list, dict))]:
        layer = [inner for each in layer for inner in (each.values() if isinstance(each, dict) else each)]
        levels += 1
    return levels


def complaint(line: bytes, error: Exception) -> str:
    """Why a line cannot be read, and what would be right."""
    if line.startswith(GZIP):
        return "is compressed; unpack the file first, such as with `gzip -d`"
    if line.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "is UTF-16; write the file as UTF-8"
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8: byte {error.start + 1} of the line is {line[error.start]:#04x}"
    half = SURROGATE.search(PAIR.sub(b"", line))
    if half:
        return f"has half a character: {half[0].decode()}, a surrogate that lacks the other one"
    if isinstance(error, RecursionError):
        return "is nested too deeply"
    return f"{'cannot be read' if 'out of range' in str(error) else 'is not JSON'}: {error}"


def tell(number: int, *, last: bool = False) -> None:
    """How far it is: a line each time, or on a terminal one line that counts."""
    text = f"{number:,} lines read" + ("; writing them and their indexes" if last else "")
    terminal = on_terminal()
    say(f"\r{text}" if terminal else text, end="" if terminal and not last else "\n")
