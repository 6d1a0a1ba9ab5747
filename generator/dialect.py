"""Other people's ways of writing, turned into the one form that the parser carries over; the meaning stays.

The audit holds the client against the document as it was written: a rewriting that lost something would be seen.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from generator.places import GRAMMAR, LIST, MAP, ONE

Schema = dict[str, Any]

ANNOTATIONS = {"description", "title", "example", "examples", "deprecated", "readOnly", "writeOnly", "externalDocs"}
"""Keywords that say nothing about values."""

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BYTES = "application/octet-stream"
KEYS = "x-known-keys"
"""The keys of a map that the document names: their values are of the map's own schema."""
BINARY = "x-binary"
"""On text that the document calls binary: a part of a multipart body has bytes, JSON has not."""
OTHERS = "x-other-media-types"
"""The media types of a body that the client neither sends nor asks for."""
TEXT = "x-text"
"""The schema of a body that is text and no JSON."""
ACCEPT = "x-accept"
"""The media type of an answer, where another one tells the parser what it is."""
INTERNAL = (KEYS, BINARY, OTHERS, TEXT, ACCEPT)
"""All that is noted here in a copy of a document."""
WILDCARDS = ("*/*", "application/*")
NULL = {"type": "null"}
MAY_BE_TRUE = ("additionalProperties", "unevaluatedItems", "unevaluatedProperties")
"""Keywords that the parser reads as a switch, too."""


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON: `application/json`, `*+json`, or the wildcard that includes it."""
    name = media_type.split(";", maxsplit=1)[0].strip().lower()
    return name in (JSON, *WILDCARDS, "text/json") or name.endswith("+json")


def plain(document: Schema) -> Schema:
    """The document in the parser's form, as a copy; our own contract comes out as it is."""
    copy: Schema = _rewritten("document", document)
    return copy


def _rewritten(kind: str, node: Any) -> Any:
    """Every place below, and then the place itself; a schema that is true takes any value, as an empty one does."""
    if node is True and kind in ("schema", "property"):
        return {}
    if not isinstance(node, dict):
        return node
    if kind == "callback":
        return node
    grammar = GRAMMAR.get(kind, {})
    copy = {}
    for member, value in node.items():
        shape, child = grammar.get(member, ("", ""))
        if shape == ONE and not (value is True and member in MAY_BE_TRUE):
            value = _rewritten(child, value)  # noqa: PLW2901
        elif shape == LIST and isinstance(value, list):
            value = [_rewritten(child, item) for item in value]  # noqa: PLW2901
        elif shape == MAP and isinstance(value, dict):
            value = {name: _rewritten(child, item) for name, item in value.items()}  # noqa: PLW2901
        copy[member] = value
    for rule in RULES.get(kind, ()):
        copy = rule(copy)
    return copy


def _without_title(schema: Schema) -> Schema:
    """Titles are for people; two schemas may share one, and class names may not."""
    return {name: value for name, value in schema.items() if name != "title"} if "title" in schema else schema


def without_wrapping(schema: Schema) -> Schema:
    """`allOf` around one schema, beside words alone, is that schema; 3.0 needs it to describe a reference."""
    parts = schema.get("allOf")
    if not isinstance(parts, list):
        return schema
    telling = [part for part in parts if set(part) - ANNOTATIONS]
    beside = {name for name in schema if name not in ANNOTATIONS and not name.startswith("x-")} - {"allOf", "nullable"}
    if len(telling) != 1 or beside - {"type"} or (beside and "$ref" not in telling[0]):
        return schema
    words = {name: value for name, value in schema.items() if name not in ("allOf", "nullable", "type")}
    if schema.get("nullable") is True:
        return {**words, "oneOf": [telling[0], NULL]}
    return {**telling[0], **words}


def _members_together(schema: Schema) -> Schema:
    """Which members must come together is said in words: a class has its members, and no combinations of them."""
    for keyword in ("oneOf", "anyOf"):
        parts = schema.get(keyword)
        if "properties" in schema and isinstance(parts, list) and all(set(part) <= {"required"} for part in parts):
            rest = {name: value for name, value in schema.items() if name != keyword}
            ways = " or ".join(f"`{', '.join(part.get('required', []))}`" for part in parts)
            words = f"{schema.get('description', '')} At least needed: {ways}.".strip()
            return {**rest, "description": words}
    return schema


def _nullable_union(schema: Schema) -> Schema:
    """3.0's `nullable` beside a union is one alternative more."""
    for keyword in ("oneOf", "anyOf"):
        if schema.get("nullable") is True and keyword in schema:
            rest = {name: value for name, value in schema.items() if name not in ("nullable", keyword)}
            return {**rest, keyword: [*schema[keyword], NULL]}
    return schema


def _text_in_json(schema: Schema) -> Schema:
    """JSON has no bytes: a `binary` member is text, unless it stands in a multipart body.

    3.1 writes `contentMediaType` without `contentEncoding` for the same.
    """
    if schema.get("format") == "binary":
        return {**{name: value for name, value in schema.items() if name != "format"}, BINARY: True}
    if "contentMediaType" in schema and "contentEncoding" not in schema and schema.get("type", "string") == "string":
        return {**schema, BINARY: True}
    return schema


def _map_with_known_keys(schema: Schema) -> Schema:
    """Optional members of the very schema that any other member has: a map, of which some keys are known."""
    members, others = schema.get("properties"), schema.get("additionalProperties")
    if not members or not isinstance(others, dict) or not others or schema.get("required"):
        return schema
    if any(_telling(member) != _telling(others) for member in members.values()):
        return schema
    words = f"{schema.get('description', '')} Known keys: {', '.join(f'`{name}`' for name in members)}.".strip()
    rest = {name: value for name, value in schema.items() if name not in ("properties", "required")}
    return {**rest, "description": words, KEYS: list(members)}


def _telling(schema: Schema) -> Schema:
    return {name: value for name, value in schema.items() if name not in ANNOTATIONS}


def _list_by_its_items(schema: Schema) -> Schema:
    """`items` that stands alone means a list, as `properties` means an object; nobody describes what may not come.

    A list without `items` holds anything.
    """
    if schema.get("type") == "array" and "items" not in schema:
        return {**schema, "items": {}}
    alone = "items" in schema and not {"type", "$ref", "properties", "enum", "allOf", "anyOf", "oneOf"} & schema.keys()
    return {**schema, "type": "array"} if alone else schema


def _enum_without_null(schema: Schema) -> Schema:
    """A closed set that lists null is the set of the other values, or null."""
    values = schema.get("enum")
    if not isinstance(values, list) or None not in values or values == [None]:
        return schema
    kind = schema.get("type")
    rest = {name: value for name, value in schema.items() if name not in ("enum", "type", "nullable", "default")}
    words = {name: rest.pop(name) for name in list(rest) if name in ANNOTATIONS}
    if kind is not None:
        kinds = [kind] if isinstance(kind, str) else [each for each in kind if each != "null"]
        rest["type"] = kinds[0] if len(kinds) == 1 else kinds
    default = {"default": schema["default"]} if "default" in schema else {}
    listed = {**rest, "enum": [value for value in values if value is not None]}
    return {**words, **default, "oneOf": [_enum_of_one_kind(listed), NULL]}


def _enum_of_one_kind(schema: Schema) -> Schema:
    """A closed set of whole numbers is a set of integers; a set of several kinds is a union of sets."""
    values = schema.get("enum")
    if not isinstance(values, list):
        return schema
    if schema.get("type") == "number" and all(isinstance(value, int) for value in values):
        return {**schema, "type": "integer"}
    kinds = list(dict.fromkeys(type(value) for value in values if value is not None))
    if kinds == [bool] and "type" not in schema:
        return {**schema, "type": "boolean"}
    if len(kinds) > 1:
        rest = {name: value for name, value in schema.items() if name not in ("enum", "type")}
        return {**rest, "anyOf": [{"enum": [value for value in values if type(value) is kind]} for kind in kinds]}
    return schema


def _one_media_type(carrier: Schema) -> Schema:
    """Of several media types the client speaks JSON; a body that is no JSON travels as its bytes."""
    content = carrier.get("content")
    if not isinstance(content, dict) or not content:
        return carrier
    spoken = spoken_media_type(content)
    others = [name for name in content if name != spoken]
    carrier = {**carrier, OTHERS: others} if others else carrier
    if spoken in (FORM, MULTIPART):
        return {**carrier, "content": {spoken: content[spoken]}}
    schema = content[spoken].get("schema", {})
    if spoken in WILDCARDS and BINARY in schema:  # the rules have been at the schema already
        return {**carrier, ACCEPT: spoken, "content": {BYTES: {"schema": {"type": "string", "format": "binary"}}}}
    if is_json(spoken):
        return {**carrier, "content": {spoken if spoken.endswith("json") else JSON: content[spoken]}}
    media = {name: value for name, value in content[spoken].items() if name != "schema"}
    if spoken.startswith("text/") and schema.get("type", "string") == "string" and BINARY not in schema:
        media[TEXT] = schema
    return {**carrier, "content": {spoken: {**media, "schema": {"type": "string", "format": "binary"}}}}


def bodies_as_bytes(document: Schema) -> dict[str, str]:
    """Each media type of the document that is no JSON, with the one under which the parser takes it for bytes."""
    found: set[str] = set()

    def collect(node: Any) -> None:
        if isinstance(node, dict):
            content = node.get("content")
            found.update(content if isinstance(content, dict) else ())
            for value in node.values():
                collect(value)
        elif isinstance(node, list):
            for value in node:
                collect(value)

    collect(document.get("paths"))
    collect(document.get("components"))
    return {name: BYTES for name in sorted(found) if not is_json(name) and name not in (FORM, MULTIPART)}


def spoken_media_type(content: Schema) -> str:
    """The one of several media types that the client sends or reads: JSON where there is any, else the first."""
    names = [name for name in content if not name.startswith("x-")]
    exact = [name for name in names if name.split(";")[0].strip() == JSON]
    return next(iter([*exact, *filter(is_json, names), *names]), JSON)


Rule = Callable[[Schema], Schema]
_SCHEMA_RULES: tuple[Rule, ...] = (
    _without_title,
    _list_by_its_items,
    _map_with_known_keys,
    _members_together,
    without_wrapping,
    _enum_without_null,
    _nullable_union,
    _enum_of_one_kind,
    _text_in_json,
)


def _with_responses(operation: Schema) -> Schema:
    """3.1 allows an operation without answers; the parser does not."""
    return operation if "responses" in operation else {**operation, "responses": {}}


RULES: dict[str, tuple[Rule, ...]] = {
    "schema": _SCHEMA_RULES,
    "property": _SCHEMA_RULES,
    "operation": (_with_responses,),
    "response": (_one_media_type,),
    "request body": (_one_media_type,),
}
