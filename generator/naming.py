"""Names that the client adds to those of the contract, each once: datetimes, classes of known values, constants."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from openapi_python_client import strings

from generator.annotations import moment_name
from generator.flattening import RESERVED, TAKEN


def unique(candidates: Iterable[str], taken: set[str]) -> str:
    """The first of some names that is not taken, or the last one with a number; it is taken from then on."""
    name = last = ""
    for last in candidates:
        name = last
        if name not in taken:
            break
    number = 1
    while name in taken:
        number += 1
        name = f"{last}_{number}"
    taken.add(name)
    return name


METHODS = frozenset(("aclose", "call", "close", "from_env", "with_options"))
"""What every client has of itself; an operation of that name gets another. A test holds it to the client."""


def operation_names(functions: Iterable[str], classes: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """For each operation its method, its constant in `operations`, and what it lists; `classes` are imported there."""
    methods, constants, nouns = set(METHODS), {*classes, *TAKEN}, set[str]()
    for function in functions:
        upper, noun = function.upper(), function.removeprefix("list_")
        yield (
            unique((function, f"{function}_"), methods),
            unique((upper, f"{upper}_OPERATION"), constants),
            unique((noun, function), nouns),
        )


def moments(times: Iterable[str], members: Iterable[str]) -> dict[str, str]:
    """The datetime beside each time: by the rule, unless a member has that name; then the time's own with `_at`."""
    taken = {*members, *RESERVED}
    return {time: unique((moment_name(time), f"{time}_at"), taken) for time in times}


def value_classes(members: Iterable[str], used: Iterable[str], holders: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each member with known values, and the name of their class; a member or a type of that name stays what it is."""
    taken = {*members, *used, *TAKEN}
    for member in holders:
        name = str(strings.pascal_case(member))
        yield member, unique((name, f"{name}Values"), taken)


def constants(values: Iterable[Any]) -> list[str]:
    """Values as the names of constants: `level_10` is `LEVEL_10`, and a further value of that name `LEVEL_10_2`."""
    taken: set[str] = set()
    return [unique((constant(str(value)),), taken) for value in values]


def constant(value: str) -> str:
    """A value as the name of a constant."""
    name = re.sub(r"\W+", "_", value).strip("_").upper()
    return name if name.isidentifier() else f"VALUE_{name}".rstrip("_")
