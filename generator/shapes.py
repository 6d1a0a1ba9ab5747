"""Values held against a JSON Schema, each failure as a problem at its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match

from generator.document import Document, Pointer, spelled
from generator.problems import Problem


def shape_problems(
    document: Document, pointer: Pointer, validator: Draft202012Validator, name: str
) -> Iterator[Problem]:
    """What is wrong with the value at a place; `name` says what the value should be."""
    for error in validator.iter_errors(document.at(pointer)):
        yield document.problem((*pointer, *error.absolute_path), *_told(error, name))


def value_problems(value: Any, validator: Draft202012Validator, name: str) -> Iterator[tuple[str, str]]:
    """The same for a value of no document: what is wrong, and what would be right."""
    for error in validator.iter_errors(value):
        yield _told(error, name)


def _told(error: ValidationError, name: str) -> tuple[str, str]:
    best = best_match([error])  # of a union's failures, the one that explains most
    error = best if isinstance(best, ValidationError) else error
    where = spelled(tuple(error.absolute_path))
    message = error.message if len(error.message) < 200 else f"{error.message[:120]} … {error.message[-60:]}"
    return f"{name}{' at ' + where if where else ''}: {message}", f"{error.validator}: {_short(error.validator_value)}"


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) < 100 else text[:97] + "…"
