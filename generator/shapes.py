"""Values held against a JSON Schema, each failure as a problem at its line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from urllib.parse import quote

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError, best_match
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from generator.document import Document, Pointer, spelled
from generator.places import places
from generator.problems import Problem


@lru_cache(maxsize=1024)
def _pattern(text: str) -> Any:
    """A pattern as JSON Schema has it, in the dialect of ECMA-262; ValueError when it is none."""
    return jsonschema_rs.Draft202012Validator({"type": "string", "pattern": text})


def _matches(_: Any, text: str, value: Any, __: Any) -> Iterator[ValidationError]:
    try:
        if isinstance(value, str) and not _pattern(text).is_valid(value):
            yield ValidationError(f"{value!r} does not match {text!r}")
    except ValueError:  # `pattern_problems` names it in our contract; others' may hold what some other engine reads
        return


def with_their_patterns(validator: Any) -> Any:
    """A validator of the library that reads patterns as ECMA-262 does, not as Python does."""
    return extend(validator, {"pattern": _matches})  # type: ignore[no-untyped-call]


SchemaValidator: Any = with_their_patterns(Draft202012Validator)


class Validators:
    """Validators for the schemas of one document, `$ref` included."""

    def __init__(self, contract: Document) -> None:
        resource = DRAFT202012.create_resource(contract.data)
        self._registry: Registry[Any] = Registry().with_resource("urn:contract", resource)

    def of(self, schema: Pointer) -> Any:
        """The validator of the schema at a place."""
        reference = {"$ref": f"urn:contract#{quote(spelled(schema))}"}
        return SchemaValidator(reference, registry=self._registry)


def pattern_problems(document: Document) -> Iterator[Problem]:
    """Patterns that are no regular expressions."""
    for place in places(document):
        pattern = place.node.get("pattern")
        if place.kind in ("schema", "property") and isinstance(pattern, str):
            try:
                _pattern(pattern)
            except ValueError:
                what = f"the pattern {pattern!r} is no regular expression"
                expected = "write one as ECMA-262 has it, such as '^[A-Z]+$'"
                yield document.problem((*place.pointer, "pattern"), what, expected)


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
