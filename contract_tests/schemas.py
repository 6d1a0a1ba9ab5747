"""JSON pointers, and schemas in which every `$ref` is resolved."""

from __future__ import annotations

from typing import Any

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def lookup(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer; KeyError or IndexError when there is none."""
    for part in pointer.split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        document = document[int(key)] if isinstance(document, list) else document[key]
    return document


def find(document: Any, pointer: str) -> Any:
    """The value at a JSON pointer, or None where the document has no such place."""
    try:
        return lookup(document, pointer)
    except (KeyError, IndexError, TypeError, ValueError):
        return None


def schema_at(schema: dict[str, Any], pointer: str) -> dict[str, Any]:
    """The resolved schema of the member that `pointer` names in a body: `/data/tickets`."""
    for name in pointer.split("/")[1:]:
        schema = object_part(schema)["properties"][name]
    return object_part(schema)


def object_part(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, or the one branch of its `oneOf` that is not null."""
    branches = [branch for branch in schema.get("oneOf", ()) if branch.get("type") != "null"]
    return branches[0] if len(branches) == 1 else schema


def flat(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema with `oneOf: [X, null]` written as X whose type is also null, at every depth."""
    part = object_part(schema)
    if part is not schema:
        beside = {key: value for key, value in schema.items() if key != "oneOf"}
        part = {**part, **beside, "type": [part["type"], "null"]}
    found = dict(part)
    if "properties" in part:
        found["properties"] = {name: flat(inner) for name, inner in part["properties"].items()}
    if "items" in part:
        found["items"] = flat(part["items"])
    return found


def escape(part: str) -> str:
    """One reference token of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1")


def resolved(document: dict[str, Any], schema: Any, pointer: str) -> Any:
    """Inline every `$ref` of a schema; keywords beside it win. Each schema keeps its place as `x-pointer`."""
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    if "$ref" in schema:
        place = schema["$ref"].removeprefix("#")
        found = {**resolved(document, lookup(document, place), place), "x-schema-pointer": place}
    for key, value in schema.items():
        below = f"{pointer}/{escape(key)}"
        if key == "properties":
            found[key] = {name: resolved(document, part, f"{below}/{escape(name)}") for name, part in value.items()}
        elif key == "items":
            found[key] = resolved(document, value, below)
        elif key in {"oneOf", "anyOf", "allOf"}:
            found[key] = [resolved(document, part, f"{below}/{index}") for index, part in enumerate(value)]
        elif key != "$ref":
            found[key] = value
    return {**found, "x-pointer": pointer}
