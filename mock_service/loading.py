"""Import one's own tickets: JSON Lines, one ticket a line, all in one transaction."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import jsonschema_rs
import msgspec

from mock_service.contract import Mistake, Operation
from mock_service.store import Store

STEP = 10_000
"""Lines between two lines of progress."""


def load(store: Store, operation: Operation, file: str) -> int:
    """Replace all tickets of an operation by those of a file (`-` is standard input); how many they are.

    A line that is no ticket of the contract refuses the whole file, and the old tickets stay.
    """
    if file == "-":
        return store.replace(operation, tickets(operation, sys.stdin.buffer, "standard input"))
    try:
        with Path(file).open("rb") as lines:
            return store.replace(operation, tickets(operation, lines, file))
    except OSError as error:
        raise Mistake(f"cannot read {file}: {error.strerror}") from error


def tickets(operation: Operation, lines: BinaryIO, name: str) -> Iterator[dict[str, Any]]:
    """The tickets of the lines, each held against the contract. A null is an absent member, unless it may be null."""
    validator = jsonschema_rs.Draft202012Validator(operation.item, mask="value")
    seen: dict[str, int] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        place = f"{name}, line {number}"
        try:
            ticket = msgspec.json.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Mistake(f"{place} is not JSON: {error}") from None
        if not isinstance(ticket, dict):
            raise Mistake(f"{place} is not an object; each line holds one ticket")
        ticket = {name: value for name, value in ticket.items() if value is not None or name in operation.nullable}
        problem = next(validator.iter_errors(ticket), None)
        if problem is not None:
            raise Mistake(f"{place}: {'/'.join(map(str, problem.instance_path)) or 'the ticket'}: {problem.message}")
        key = ticket.get(operation.key)
        if key is None:
            raise Mistake(f"{place} has no {operation.key!r}")
        if key in seen:
            raise Mistake(f"{place} has the {operation.key} of line {seen[key]}: {key!r}; each must be unique")
        seen[key] = number
        if number % STEP == 0:
            print(f"{number:,} lines read", file=sys.stderr, flush=True)
        yield ticket
