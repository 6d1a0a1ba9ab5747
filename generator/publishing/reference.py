"""The reference page: one HTML file, complete without a network, with what binds beside each member."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jinja2
from attrs import frozen
from markupsafe import Markup, escape

from generator.document import load
from generator.publishing import recipes
from generator.publishing.documents import ROOT, Json, Operation, operations, resolve
from generator.publishing.forms import media_types
from generator.publishing.samples import curl

DEVIATIONS = ROOT / "spec" / "source" / "deviations.yaml"
PREFIX = "#/components/schemas/"

SENTENCES = {
    "minimum": "at least {}",
    "maximum": "at most {}",
    "exclusiveMinimum": "more than {}",
    "exclusiveMaximum": "less than {}",
    "multipleOf": "a multiple of {}",
    "minLength": "at least {} characters",
    "maxLength": "at most {} characters",
    "pattern": "matches `{}`",
    "minItems": "at least {} items",
    "maxItems": "at most {} items",
    "enum": "one of {}",
    "const": "exactly {}",
    "default": "{} when absent",
}


@frozen
class Obligation:
    """What a message must satisfy at one place."""

    says: str
    level: str
    """`documented` or `assumed`, as spec/README.md defines them."""


@frozen
class Member:
    """One property of a model, or one parameter of an operation, with all that is known of it."""

    name: str
    model: str
    """The model that has the property, or the operation and place of the parameter."""
    required: bool
    type: str
    refers_to: str
    """The model that the type names; empty for none."""
    says: str
    example: str
    source: str
    obligations: list[Obligation]
    assumptions: list[Json]
    deviations: list[Json]
    values: list[tuple[str, str]]
    """The known values of an open set, and their labels."""


def reference_page(contract: Json, deviations: list[Json] | None = None) -> str:
    """The page. `deviations` are the entries of spec/source/deviations.yaml unless others are given."""
    ledger = located(contract, load(DEVIATIONS).data["deviations"] if deviations is None else deviations)
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"prose": prose, "pretty": pretty, "spot": spot, "type_name": type_name}
    schemas: dict[str, Json] = contract["components"]["schemas"]
    return environment.get_template("reference.html.j2").render(
        contract=contract,
        operations=operations(contract),
        models={name: members(contract, name, ledger) for name in schemas},
        schemas=schemas,
        deviations=ledger,
        departs=departs,
        programs=programs(contract),
        answers={operation.name: answers(contract, operation) for operation in operations(contract)},
        parameters={operation.name: parameters(contract, operation, ledger) for operation in operations(contract)},
        source=source,
    )


def members(contract: Json, model: str, ledger: list[Json]) -> list[Member]:
    """The properties of a model, in the contract's order."""
    schema = contract["components"]["schemas"][model]
    mandatory = schema.get("required", [])
    properties: dict[str, Json] = schema.get("properties", {})
    return [_member(name, property_, model, name in mandatory, ledger) for name, property_ in properties.items()]


def parameters(contract: Json, operation: Operation, ledger: list[Json]) -> list[Member]:
    """The parameters of an operation and of its path; what a parameter says of itself counts for its schema."""
    stated = contract["paths"][operation.path].get("parameters", []) + operation.data.get("parameters", [])
    found = [resolve(contract, entry["$ref"]) if "$ref" in entry else entry for entry in stated]
    return [
        _member(
            entry["name"],
            {
                **entry.get("schema", {}),
                **{key: entry[key] for key in entry if key == "description" or key[:2] == "x-"},
            },
            f"{operation.name}, {entry['in']} parameter",
            entry.get("required", False),
            ledger,
        )
        for entry in found
    ]


def _member(name: str, schema: Json, model: str, required: bool, ledger: list[Json]) -> Member:
    words, refers_to = type_name(schema)
    return Member(
        name=name,
        model=model,
        required=required,
        type=words,
        refers_to=refers_to,
        says=schema.get("description", ""),
        example=json.dumps(schema["examples"][0], ensure_ascii=False) if schema.get("examples") else "",
        source=source(schema),
        obligations=obligations(schema, required=required),
        assumptions=schema.get("x-assumption", []),
        deviations=[entry for entry in ledger if departs(entry, model, schema.get("x-source", {}))],
        values=known_values(schema),
    )


def obligations(schema: Json, *, required: bool = False) -> list[Obligation]:
    """What a schema's own keywords demand, and those of its items, each with its level."""
    stated = [Obligation("must be present", level(schema, "required"))] if required else []
    stated += [_obligation(schema, keyword) for keyword in SENTENCES if keyword in schema]
    items = schema.get("items", {})
    if "$ref" not in items:
        inner = [_obligation(items, keyword) for keyword in SENTENCES if keyword in items]
        stated += [Obligation(f"each {found.says}", level(schema, "items")) for found in inner]
    return stated


def _obligation(schema: Json, keyword: str) -> Obligation:
    value = schema[keyword]
    listed = ", ".join(f"`{item}`" for item in value) if isinstance(value, list) else _plain(value)
    says = SENTENCES[keyword].format(listed)
    return Obligation(says.removesuffix("s") if value == 1 else says, level(schema, keyword))


def _plain(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def level(schema: Json, keyword: str) -> str:
    """`documented` when the place has a source on the page and no assumption there lists the keyword."""
    on_the_page = {"table", "section", "example"} & set(schema.get("x-source", {}))
    assumed = {name for entry in schema.get("x-assumption", []) for name in entry.get("keywords", [])}
    return "documented" if on_the_page and keyword not in assumed else "assumed"


def type_name(schema: Json) -> tuple[str, str]:
    """A schema's type in words, and the model that the words name, if any."""
    if "$ref" in schema:
        model = schema["$ref"].removeprefix(PREFIX)
        return model, model
    if "items" in schema:
        words, model = type_name(schema["items"])
        return f"array of {words}", model
    if branches := schema.get("oneOf") or schema.get("anyOf"):
        named = [type_name(branch) for branch in branches]
        return " or ".join(words for words, _ in named), next((model for _, model in named if model), "")
    types = schema.get("type", "any")
    words = " or ".join(types) if isinstance(types, list) else types
    notes = [schema[keyword] for keyword in ("format",) if keyword in schema]
    notes += [f"time in {schema['x-timestamp']}"] if "x-timestamp" in schema else []
    return f"{words} ({', '.join(notes)})" if notes else words, ""


def known_values(schema: Json) -> list[tuple[str, str]]:
    """The known values of a member's open set, with their English labels."""
    inner = schema.get("items", schema)
    labels = inner.get("x-enum-labels", {})
    return [(str(value), labels.get(value, {}).get("en", "")) for value in inner.get("x-extensible-enum", [])]


def source(node: Json) -> str:
    """Where a place of the contract is from, in words."""
    return spot(node["x-source"]) if "x-source" in node else ""


def spot(place: Json) -> str:
    """A place of the page, or other public material, in words: `Table 6, row level_id`."""
    if "table" in place:
        return f"Table {place['table']}" + (f", row {place['row']}" if "row" in place else "")
    if "section" in place:
        return f"Section {place['section']}" + (f", row {place['row']}" if "row" in place else "")
    if "example" in place:
        return f"Example {place['example']}" + (f", {place['at']}" if place.get("at") else "")
    return str(place.get("public") or place.get("page", ""))


def departs(entry: Json, model: str, place: Json) -> bool:
    """Whether a deviation concerns what a model, or one of its members, has from a place of the page."""
    for at in entry["at"]:
        same_row = "table" in at and (at["table"], at.get("row")) == (place.get("table"), place.get("row"))
        same_example = "example" in at and (at["example"], at.get("at")) == (place.get("example"), place.get("at"))
        if (same_row and at.get("schema", model) == model) or same_example:
            return True
    return False


def located(contract: Json, ledger: list[Json]) -> list[Json]:
    """The deviations, each place in an example joined by the place that the member there has from a table."""
    return [{**entry, "at": entry["at"] + _rows_shown(contract, entry)} for entry in ledger]


def _rows_shown(contract: Json, entry: Json) -> list[Json]:
    shown = [place for place in entry["at"] if "example" in place]
    found = [
        _row_of(contract, media_type["schema"], place.get("at", ""))
        for place in shown
        for _, media_type in media_types(contract)
        for example in media_type.get("examples", {}).values()
        if example.get("x-source", {}).get("example") == place["example"]
    ]
    return [row for row in found if row and row not in entry["at"]]


def _row_of(contract: Json, schema: Json, at: str) -> Json:
    """The table and row, with its model, of the member that a JSON pointer into a message leads to; empty for none."""
    row: Json = {}
    model = ""
    for step in at.strip("/").split("/"):
        if named := type_name(schema)[1]:
            model, schema = named, contract["components"]["schemas"][named]
        if step in schema.get("properties", {}):
            schema = schema["properties"][step]
            place = schema.get("x-source", {})
            row = {**place, "schema": model} if "table" in place else {}
    return row


def answers(contract: Json, operation: Operation) -> list[tuple[str, Json]]:
    """The answers of an operation by status, references followed."""
    return [
        (status, resolve(contract, answer["$ref"]) if "$ref" in answer else answer)
        for status, answer in operation.data["responses"].items()
    ]


def programs(contract: Json) -> list[tuple[str, str]]:
    """By language: a request of the first operation for curl, then the programs that `publish --verify` runs."""
    shown = [read for name in recipes.names() if (read := recipes.read(name)).program]
    order = ["Python", "TypeScript", "Go", "Java"]
    shown.sort(key=lambda recipe: (order.index(recipe.title) if recipe.title in order else len(order), recipe.title))
    texts = [(recipe.title, (recipe.folder / recipe.program).read_text("utf-8").strip()) for recipe in shown]
    return [("curl", curl(contract, operations(contract)[0])), *texts]


def prose(text: str) -> Markup:
    """A description as HTML: escaped, and `code` marked as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def pretty(value: Any) -> str:
    """A JSON value over several lines."""
    return json.dumps(value, indent=2, ensure_ascii=False)
