"""Each model of the contract as a JSON Schema of its own, for validators that know nothing of OpenAPI."""

from __future__ import annotations

import copy
from typing import Any

from generator.publishing.documents import Json, references, resolve

DIALECT = "https://json-schema.org/draft/2020-12/schema"
PREFIX = "#/components/schemas/"


def json_schemas(contract: Json) -> dict[str, Json]:
    """By model name: a self-contained schema in JSON Schema 2020-12; the models it needs are under its `$defs`."""
    return {name: _json_schema(contract, name) for name in contract["components"]["schemas"]}


def _json_schema(contract: Json, name: str) -> Json:
    needed: list[str] = []
    waiting = [PREFIX + name]
    while waiting:
        reference = waiting.pop()
        for found in references(resolve(contract, reference)):
            if found not in needed:
                needed.append(found)
                waiting.append(found)
    schema = {"$schema": DIALECT, "title": name, **_relocated(resolve(contract, PREFIX + name))}
    if definitions := {
        reference.removeprefix(PREFIX): _relocated(resolve(contract, reference)) for reference in sorted(needed)
    }:
        schema["$defs"] = definitions
    return schema


def _relocated(node: Any) -> Any:
    """A copy whose references point into `$defs`."""
    if isinstance(node, list):
        return [_relocated(item) for item in node]
    if not isinstance(node, dict):
        return copy.copy(node)
    return {
        key: "#/$defs/" + value.removeprefix(PREFIX) if key == "$ref" and isinstance(value, str) else _relocated(value)
        for key, value in node.items()
    }
