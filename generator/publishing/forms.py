"""The contract in three forms: bundled 3.1, its 3.0 twin, and the wire form for generators that break on unions.

Every form is derived by rule; a rule that cannot keep a meaning says so in a `Change`, which the published table lists.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from attrs import frozen

from generator.publishing.documents import Json, pointer, references, resolve

SCHEMA_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")
SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SCHEMA_SINGLES = (
    *("items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames"),
    *("unevaluatedItems", "unevaluatedProperties", "contentSchema"),
)
VERBATIM = ("example", "examples", "default", "enum", "const", "value")

TYPE_KEYWORDS = {
    "string": {"minLength", "maxLength", "pattern", "format"},
    "integer": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "format"},
    "array": {"items", "minItems", "maxItems", "uniqueItems"},
    "object": {"properties", "required", "additionalProperties", "minProperties", "maxProperties"},
    "boolean": set(),
}
PRIMITIVES = {"string", "integer", "number", "boolean"}

KEYWORDS_30 = {
    *("$ref", "title", "type", "description", "format", "default", "nullable", "discriminator", "readOnly"),
    *("writeOnly", "xml", "externalDocs", "example", "deprecated", "enum", "not", "allOf", "oneOf", "anyOf"),
    *(keyword for keywords in TYPE_KEYWORDS.values() for keyword in keywords),
}
"""The members of a 3.0 Schema Object: OpenAPI 3.0.3, 4.7.24."""


@frozen
class Change:
    """A place where a form says less, or something else, than the contract."""

    at: str
    """JSON pointer into the contract."""
    contract: str
    form: str
    reason: str


Rule = Callable[[Json, str], Json]


def bundled_31(contract: Json) -> Json:
    """The contract as one 3.1 document. The source is one file already; its own members stay as they are."""
    return copy.deepcopy(contract)


def twin_30(contract: Json) -> tuple[Json, list[Change]]:
    """The contract as OpenAPI 3.0.3, and each place where 3.0 cannot say what 3.1 says."""
    changes: list[Change] = []
    document = copy.deepcopy(contract)
    _move_null_into_target(document, changes)
    document = _rewrite(document, lambda schema, at: _schema_30(schema, at, changes))
    document["openapi"] = "3.0.3"
    info = document["info"]
    if "summary" in info:
        info["x-summary"] = info.pop("summary")
        changes.append(Change("/info/summary", "summary", "x-summary", "3.0 has no summary of the whole document."))
    licence = info.get("license", {})
    if "identifier" in licence:
        licence["url"] = f"https://spdx.org/licenses/{licence.pop('identifier')}.html"
        changes.append(
            Change("/info/license/identifier", "identifier", "url", "3.0 names a licence by its address only.")
        )
    for key in [key for key in ("webhooks", "jsonSchemaDialect") if key in document]:
        document[f"x-{key}"] = document.pop(key)
        changes.append(Change(f"/{key}", key, f"x-{key}", "3.0 has no such member."))
    return document, changes


def wire_form(contract: Json) -> tuple[Json, list[Change]]:
    """The 3.0 twin with each union of primitives narrowed to the type that the page shows on the wire.

    The evidence is, in this order: the examples of requests and answers, then the schema's own `examples`. A narrowed
    integer is an `int64`: epoch milliseconds do not fit the 32 bits that a generator picks without a format.
    """
    observed = observed_types(contract)
    changes: list[Change] = []
    narrowed = _rewrite(contract, lambda schema, at: _narrowed(schema, at, observed, changes))
    document, losses = twin_30(narrowed)
    return document, changes + losses


def observed_types(contract: Json) -> dict[str, tuple[str, str]]:
    """For each schema that an example of a message reaches: its pointer, the first JSON type seen there, and where."""
    seen: dict[str, tuple[str, str]] = {}

    def look(schema: Json, at: str, value: Any, where: str) -> None:
        if "$ref" in schema:
            look(resolve(contract, schema["$ref"]), schema["$ref"].removeprefix("#"), value, where)
        if value is not None:
            seen.setdefault(at, (json_type(value), where))
        for keyword in SCHEMA_LISTS[:3]:
            for index, branch in enumerate(schema.get(keyword, [])):
                look(branch, pointer(at, keyword, index), value, where)
        if isinstance(value, dict):
            for name, member in value.items():
                if name in schema.get("properties", {}):
                    look(schema["properties"][name], pointer(at, "properties", name), member, pointer(where, name))
        if isinstance(value, list) and "items" in schema:
            for index, item in enumerate(value):
                look(schema["items"], pointer(at, "items"), item, pointer(where, index))

    for at, media_type in media_types(contract):
        for name, example in media_type.get("examples", {}).items():
            parts = at.split("/")
            message = f"answer {parts[parts.index('responses') + 1]}" if "responses" in parts else "the request"
            look(
                media_type.get("schema", {}),
                pointer(at, "schema"),
                example.get("value"),
                f"{message}, example {name}: ",
            )
    return seen


def json_type(value: Any) -> str:
    """The JSON type of a decoded value: `integer` for 1, `boolean` for True, `null` for None."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array", dict: "object"}
    return names.get(type(value), "null")


def media_types(node: Any, at: str = "") -> list[tuple[str, Json]]:
    """Every Media Type Object below a node, with its JSON pointer."""
    if isinstance(node, list):
        return [found for index, item in enumerate(node) for found in media_types(item, pointer(at, index))]
    if not isinstance(node, dict):
        return []
    found = [(pointer(at, "content", name), media) for name, media in node.get("content", {}).items()]
    for key, value in node.items():
        if key not in ("content", "schemas", *VERBATIM) and not key.startswith("x-"):
            found += media_types(value, pointer(at, key))
    return found


def _rewrite(node: Any, rule: Rule, at: str = "") -> Any:
    """A copy of a document with `rule` applied to every Schema Object in it, the innermost first."""
    if isinstance(node, list):
        return [_rewrite(item, rule, pointer(at, index)) for index, item in enumerate(node)]
    if not isinstance(node, dict):
        return node
    copied = {}
    for key, value in node.items():
        below = pointer(at, key)
        if key in VERBATIM or key.startswith("x-"):
            copied[key] = copy.deepcopy(value)
        elif key == "schema":
            copied[key] = _rewrite_schema(value, rule, below)
        elif below == "/components/schemas":
            copied[key] = {name: _rewrite_schema(schema, rule, pointer(below, name)) for name, schema in value.items()}
        else:
            copied[key] = _rewrite(value, rule, below)
    return copied


def _rewrite_schema(schema: Any, rule: Rule, at: str) -> Any:
    if not isinstance(schema, dict):
        return schema
    copied: Json = {}
    for key, value in schema.items():
        below = pointer(at, key)
        if key in SCHEMA_MAPS:
            copied[key] = {name: _rewrite_schema(inner, rule, pointer(below, name)) for name, inner in value.items()}
        elif key in SCHEMA_LISTS:
            copied[key] = [_rewrite_schema(inner, rule, pointer(below, index)) for index, inner in enumerate(value)]
        elif key in SCHEMA_SINGLES:
            copied[key] = _rewrite_schema(value, rule, below)
        else:
            copied[key] = copy.deepcopy(value)
    return rule(copied, at)


def _schema_30(schema: Json, at: str, changes: list[Change]) -> Json:
    """One Schema Object in the words of 3.0."""
    _examples_30(schema, at, changes)
    if "$ref" in schema:  # in 3.0 whatever stands beside `$ref` is ignored
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return {"allOf": [{"$ref": schema["$ref"]}], **beside} if beside else schema
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    for bound in ("Minimum", "Maximum"):
        if not isinstance(schema.get(f"exclusive{bound}", False), bool):
            schema[bound.lower()], schema[f"exclusive{bound}"] = schema[f"exclusive{bound}"], True
    schema = _types_30(schema, at, changes)
    for keyword in [key for key in schema if key not in KEYWORDS_30 and not key.startswith("x-")]:
        schema[f"x-{keyword}"] = schema.pop(keyword)
        changes.append(Change(at, keyword, f"x-{keyword}", "3.0 has no such keyword; validators ignore the `x-` form."))
    return schema


def _examples_30(schema: Json, at: str, changes: list[Change]) -> None:
    examples = schema.pop("examples", [])
    if examples:
        schema["example"] = examples[0]
    if len(examples) > 1:
        changes.append(Change(pointer(at, "examples"), f"{len(examples)} examples", "the first", "3.0 holds one."))


def _types_30(schema: Json, at: str, changes: list[Change]) -> Json:
    """A list of types becomes `nullable` and, where two or more are left, a union with each keyword at its type."""
    types = schema.get("type")
    if not isinstance(types, list):
        if types == "null":
            schema.update(type="string", enum=[None], nullable=True)
        return schema
    named = [name for name in types if name != "null"]
    if "null" in types:
        schema["nullable"] = True
    if len(named) == 1:
        schema["type"] = named[0]
        return schema
    del schema["type"]
    # Every number of the type integer is a number, too: all other types exclude each other.
    union = "anyOf" if {"integer", "number"} <= set(named) else "oneOf"
    schema[union] = [{"type": name, **_only_for(schema, name, named)} for name in named]
    moved = {key for branch in schema[union] for key in branch if key != "type"}
    if schema.pop("nullable", False):
        schema[union][0]["nullable"] = True
    for branch in schema[union]:
        if branch["type"] == "integer" and not {"format", "minimum", "maximum"} & set(branch):
            branch["format"] = "int64"  # epoch milliseconds do not fit the 32 bits that generators pick without it
            changes.append(Change(at, "integer", "integer, int64", "Accepts the same values."))
    return {key: value for key, value in schema.items() if key not in moved}


def _only_for(schema: Json, name: str, union: list[str]) -> Json:
    """The keywords of a schema that bind values of one type of its union."""
    owned = TYPE_KEYWORDS[name]
    if len([other for other in union if "format" in TYPE_KEYWORDS[other]]) > 1 and name == "string":
        owned = owned - {"format"}  # in a union with numbers, `int64` and its like are meant
    return {key: schema[key] for key in schema if key in owned}


def _move_null_into_target(document: Json, changes: list[Change]) -> None:
    """`oneOf: [$ref, null]` becomes the `$ref`, and what it points at nullable, where nothing else points there.

    Generators make a wrapper type, or nothing that compiles, of a `oneOf` with a null branch.
    """
    every = references(document)
    places: dict[str, list[str]] = {}

    def collect(schema: Json, at: str) -> Json:
        branches: list[Json] = schema.get("oneOf") or schema.get("anyOf") or []
        targets: list[str] = [branch["$ref"] for branch in branches if "$ref" in branch]
        if len(branches) == 2 and len(targets) == 1 and {"type": "null"} in branches:
            places.setdefault(targets[0], []).append(at)
        return schema

    _rewrite(document, collect)
    for target, found in places.items():
        if len(found) != every.count(target) or not isinstance(resolve(document, target).get("type"), str):
            continue
        resolve(document, target)["type"] = [resolve(document, target)["type"], "null"]
        for at in found:
            place = resolve(document, at)
            place.pop("oneOf", None) or place.pop("anyOf")
            place["$ref"] = target
            form = f"the $ref alone; {target} is nullable"
            changes.append(Change(at, "a null branch", form, "Accepts the same values."))


def _narrowed(schema: Json, at: str, observed: dict[str, tuple[str, str]], changes: list[Change]) -> Json:
    """A schema without its union of primitives; other schemas as they are."""
    stated = schema["type"] if isinstance(schema.get("type"), list) else []
    branches: list[Json] = schema.get("oneOf") or schema.get("anyOf") or []
    types = [name for name in stated if name != "null"] or [branch.get("type") for branch in branches]
    if len(types) < 2 or not set(types) <= PRIMITIVES:
        return schema
    shown = schema.get("examples", [])
    seen = (json_type(shown[0]), pointer(at, "examples", 0)) if shown else (types[0], "no example")
    kept, where = observed.get(at, seen)
    if kept not in types:
        kept = "number" if kept == "integer" and "number" in types else types[0]
    foreign = {keyword for name in PRIMITIVES for keyword in TYPE_KEYWORDS[name]} - TYPE_KEYWORDS[kept]
    dropped = foreign | {"oneOf", "anyOf", "examples"}
    narrowed = {key: value for key, value in schema.items() if key not in dropped}
    narrowed |= next((branch for branch in branches if branch["type"] == kept), {})
    narrowed["type"] = [kept, "null"] if "null" in stated else kept
    if examples := [example for example in shown if json_type(example) == kept]:
        narrowed["examples"] = examples
    if kept == "integer":
        narrowed.setdefault("format", "int64")
    changes.append(Change(at, " or ".join(types), kept, f"Seen at {where}."))
    return narrowed


def conversion_table(losses: list[Change], narrowings: list[Change]) -> str:
    """A Markdown page: each place where the 3.0 form, and the wire form, say otherwise than the contract."""
    head = ["| place in the contract | there | in this form | why |", "|---|---|---|---|"]
    lines = ["# What the 3.0 forms say otherwise", "", "All else is said in the words of 3.0, and means the same.", ""]
    for name, changes in (("openapi-3.0", losses), ("openapi-3.0-wire", narrowings)):
        rows = [f"| `{change.at}` | {change.contract} | {change.form} | {change.reason} |" for change in changes]
        lines += [f"## {name}", "", *(head + rows if rows else ["Nothing."]), ""]
    return "\n".join(lines)
