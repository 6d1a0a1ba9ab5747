"""Every place of an OpenAPI 3.x document, named by what stands there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from attrs import frozen

from generator.document import Document, Pointer

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

# What stands under a member: one thing, a list of things, or a mapping from free names to things.
ONE, LIST, MAP = "one", "list", "map"

_SCHEMA = {
    **dict.fromkeys(
        ("items", "contains", "additionalProperties", "propertyNames", "not", "if", "then", "else"), (ONE, "schema")
    ),
    **dict.fromkeys(("unevaluatedItems", "unevaluatedProperties", "contentSchema"), (ONE, "schema")),
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), (LIST, "schema")),
    **dict.fromkeys(("patternProperties", "dependentSchemas", "$defs"), (MAP, "schema")),
    "properties": (MAP, "property"),
}
_CARRIER = {"schema": (ONE, "schema"), "content": (MAP, "media type"), "examples": (MAP, "example")}

GRAMMAR: dict[str, dict[str, tuple[str, str]]] = {
    "document": {
        "info": (ONE, "info"),
        "servers": (LIST, "server"),
        "tags": (LIST, "tag"),
        "paths": (MAP, "path item"),
        "webhooks": (MAP, "path item"),
        "components": (ONE, "components"),
    },
    "components": {
        "schemas": (MAP, "schema"),
        "responses": (MAP, "response"),
        "parameters": (MAP, "parameter"),
        "examples": (MAP, "example"),
        "requestBodies": (MAP, "request body"),
        "headers": (MAP, "header"),
        "securitySchemes": (MAP, "security scheme"),
        "links": (MAP, "link"),
        "callbacks": (MAP, "callback"),
        "pathItems": (MAP, "path item"),
    },
    "path item": {
        **dict.fromkeys(METHODS, (ONE, "operation")),
        "parameters": (LIST, "parameter"),
        "servers": (LIST, "server"),
    },
    "operation": {
        "parameters": (LIST, "parameter"),
        "requestBody": (ONE, "request body"),
        "responses": (MAP, "response"),
        "callbacks": (MAP, "callback"),
        "servers": (LIST, "server"),
    },
    "parameter": _CARRIER,
    "header": _CARRIER,
    "request body": {"content": (MAP, "media type")},
    "response": {"headers": (MAP, "header"), "content": (MAP, "media type"), "links": (MAP, "link")},
    "media type": {"schema": (ONE, "schema"), "examples": (MAP, "example"), "encoding": (MAP, "encoding")},
    "encoding": {"headers": (MAP, "header")},
    "schema": _SCHEMA,
    "property": _SCHEMA,
}


@frozen
class Place:
    """One thing of the document: its kind as OpenAPI names it, the way to it, and its members."""

    kind: str
    pointer: Pointer
    node: dict[str, Any]

    @property
    def name(self) -> str:
        """The last step of the way: a property's name, a response's status, …"""
        return str(self.pointer[-1]) if self.pointer else ""


def places(document: Document, kind: str = "document", pointer: Pointer = ()) -> Iterator[Place]:
    """Every place below (and at) one, in the document's order; a `$ref` is a place, and is not followed."""
    node = document.at(pointer)
    if not isinstance(node, dict):
        return
    yield Place(kind, pointer, node)
    if kind == "callback":
        for expression in node:
            yield from places(document, "path item", (*pointer, expression))
    grammar = GRAMMAR.get(kind, {})
    for member, value in node.items():
        shape, child = grammar.get(member, ("", ""))
        if shape == ONE:
            yield from places(document, child, (*pointer, member))
        elif shape == LIST and isinstance(value, list):
            for index in range(len(value)):
                yield from places(document, child, (*pointer, member, index))
        elif shape == MAP and isinstance(value, dict):
            for name in value:
                if not name.startswith("x-") or child in ("property", "header", "schema"):
                    yield from places(document, child, (*pointer, member, name))


def operations(document: Document) -> Iterator[Place]:
    """The operations under `paths`; webhooks and callbacks are none that a client calls."""
    for place in places(document):
        if place.kind == "operation" and len(place.pointer) == 3 and place.pointer[0] == "paths":
            yield place
