"""References to what has no name of its own, which the parser does not follow: each is given one, or written out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import unquote

from generator.dialect import Schema
from generator.document import Pointer, parsed
from generator.places import GRAMMAR, LIST, MAP, ONE

_PREFIX = "#/components/schemas/"
_SCHEMAS = ("schema", "property")
_WORDS = ("components", "schemas", "properties", "paths", "content", "schema")
"""Steps of a pointer that say nothing about what it leads to."""


def named(document: Schema) -> Schema:
    """The document, changed in place, with references to components alone.

    A schema inside another becomes a component, to which its own place then refers as well; a parameter, an answer or
    another part is written out where it is referred to.
    """
    for kind, holder in list(_referring("document", document)):
        pointer = parsed(unquote(holder["$ref"][1:]))
        if holder["$ref"].startswith("#/") and (pointer[0] != "components" or len(pointer) != 3):
            target = _at(document, pointer)
            if kind in _SCHEMAS and isinstance(target, dict):
                holder["$ref"] = _named(document, pointer, target)
            elif isinstance(target, dict):
                del holder["$ref"]
                holder.update(deepcopy(target))
    return document


def _referring(kind: str, node: Any) -> Iterator[tuple[str, Schema]]:
    """Every place below that refers to another, with what it is."""
    if not isinstance(node, dict):
        return
    if isinstance(node.get("$ref"), str):
        yield kind, node
    for member, value in node.items():
        shape, child = GRAMMAR.get(kind, {}).get(member, ("", ""))
        inner = [value] if shape == ONE else value if shape == LIST else value.values() if shape == MAP else ()
        for each in inner if isinstance(value, dict | list) else ():
            yield from _referring(child, each)


def _named(document: Schema, pointer: Pointer, target: Schema) -> str:
    """A reference to a schema as a component; the schema leaves its place for a reference to it."""
    if set(target) == {"$ref"}:
        return str(target["$ref"])
    schemas: Schema = document.setdefault("components", {}).setdefault("schemas", {})
    words = [re.sub(r"\W+", "_", str(step)).strip("_") for step in pointer if step not in _WORDS]
    base = name = "_".join(filter(None, words))
    number = 1
    while name in schemas:
        number += 1
        name = f"{base}_{number}"
    schemas[name] = dict(target)
    target.clear()
    target["$ref"] = f"{_PREFIX}{name}"
    return f"{_PREFIX}{name}"


def _at(document: Schema, pointer: Pointer) -> Any:
    """What stands at a place, which may have become a component meanwhile."""
    node: Any = document
    for step in pointer:
        while isinstance(node, dict) and step not in node and "$ref" in node:
            node = _at(document, parsed(unquote(node["$ref"][1:])))
        node = node[int(step)] if isinstance(node, list) else node[step]
    return node
