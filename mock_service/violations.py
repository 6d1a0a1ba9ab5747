"""What a schema has against a value."""

from __future__ import annotations

from itertools import islice
from typing import Any

import jsonschema_rs
from attrs import frozen

Validator = jsonschema_rs.Draft202012Validator
NODES = 150_000
"""Elements and members of a value that are looked at for words; no good request has as many.

The validator copies what it complains of: of a body of 12 MiB, that may be a gigabyte.
"""

DEEPEST = 64
"""Levels of a value that are looked at for words; no good request is as deep."""


@frozen
class Violation:
    """One breach of a schema."""

    pointer: str
    """JSON pointer to the value, empty for the whole."""
    keyword: str
    """The schema keyword that is broken, for example `maxItems`."""
    message: str


def first_violation(validator: Validator, value: Any) -> Violation | None:
    """The first breach; None when there is none."""
    try:
        if validator.is_valid(value):
            return None
        validator.validate(Shortened(NODES)(value))
    except jsonschema_rs.ValidationError as error:
        return _of(error)
    except ValueError as error:  # it cannot be looked at at all, as half a character in a text
        return Violation("", "type", str(error))
    return Violation("", "", "something far into this large or deep value is not as the contract has it")


def all_violations(validator: Validator, value: Any) -> list[Violation]:
    """Every breach. They are made all at once; of a large value they may take gigabytes."""
    try:
        return [_of(error) for error in validator.iter_errors(value)]
    except ValueError as error:
        return [Violation("", "type", str(error))]


def _of(error: jsonschema_rs.ValidationError) -> Violation:
    return Violation("".join(f"/{step}" for step in error.instance_path), str(error.schema_path[-1]), error.message)


class Shortened:
    """Copies a value, and leaves out what comes after the first so many elements and members, or lies too deep."""

    def __init__(self, nodes: int) -> None:
        self.left = nodes

    def __call__(self, value: Any, depth: int = 0) -> Any:
        """The value, or its beginning."""
        if isinstance(value, list):
            return [self(each, depth + 1) for each in islice(value, self.taken(len(value), depth))]
        if isinstance(value, dict):
            some = islice(value.items(), self.taken(len(value), depth))
            return {name: self(each, depth + 1) for name, each in some}
        return value

    def taken(self, wanted: int, depth: int) -> int:
        """How many of the elements that are wanted may be had."""
        found = min(wanted, self.left) if depth < DEEPEST else 0
        self.left -= found
        return found
