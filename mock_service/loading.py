"""Import one's own tickets: JSON Lines, one ticket a line, all in one transaction."""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import msgspec

from mock_service.console import on_terminal, say
from mock_service.contract import Mistake, Operation
from mock_service.store import Store

STEP = 10_000
"""Lines between two tellings of progress."""
COMPRESSED = b"\x1f\x8b"
"""How a file of gzip begins."""
SURROGATE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")
PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\\\")


def load(store: Store, operation: Operation, file: str) -> int:
    """Replace all tickets of an operation by those of a file (`-` is standard input); how many they are.

    A line that is no ticket of the contract refuses the whole file, and so does a file without any: the old tickets
    stay.
    """
    if file == "-":
        if sys.stdin is None:
            raise Mistake("standard input is closed; name a file")
        return store.replace(operation, tickets(operation, sys.stdin.buffer, "standard input"))
    try:
        with Path(file).open("rb") as lines:
            return store.replace(operation, tickets(operation, lines, file))
    except OSError as error:
        raise Mistake(f"cannot read {file}: {error.strerror}") from error


def tickets(operation: Operation, lines: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
    """The tickets of the lines, each held against the contract. A null is an absent member, unless it may be null."""
    seen: dict[str, int] = {}
    number = 0
    for number, line in enumerate(lines, start=1):
        content = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if content.strip():
            yield ticket(operation, content, f"{name}, line {number}", seen, number)
        if number % STEP == 0:
            tell(number)
    if not seen:
        raise Mistake(f"{name} holds no ticket; the old ones stay")
    if number >= STEP:
        tell(number, last=True)


def ticket(operation: Operation, line: bytes, place: str, seen: dict[str, int], number: int) -> dict[str, Any]:
    """The ticket of one line; `seen` has the line of each key so far."""
    try:
        found = msgspec.json.decode(line.decode())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise Mistake(f"{place} {complaint(line, error)}") from None
    if not isinstance(found, dict):
        raise Mistake(f"{place} is not an object; each line holds one ticket")
    found = operation.without_nulls(found)
    flaw = operation.flaw(found)
    if flaw:
        raise Mistake(f"{place}: {flaw}")
    key = found.get(operation.key)
    if key is None:
        raise Mistake(f"{place} has no {operation.key!r}")
    if key in seen:
        raise Mistake(f"{place} has the {operation.key} of line {seen[key]}: {key!r}; each must be unique")
    seen[key] = number
    return found


def complaint(line: bytes, error: Exception) -> str:
    """Why a line cannot be read, and what would be right."""
    if line.startswith(COMPRESSED):
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
