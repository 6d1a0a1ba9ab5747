"""Constructs that the client generator would drop or send wrongly, refused before anything is generated.

It needs no tables and no `x-` vocabulary: it reads any OpenAPI 3.x document.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openapi_python_client.strings import snake_case

from generator.document import Document, Pointer
from generator.places import Place, operations, places
from generator.problems import Problem
from generator.validity import reference_problems

RESERVED_PROPERTIES = ("d", "cls", "field_dict", "to_dict", "from_dict", "additional_properties")
"""Names that the generated models use themselves."""

# Keywords that say something about values and that no generated model carries.
UNCARRIED = (
    *("not", "if", "then", "else", "contains", "propertyNames", "patternProperties"),
    *("dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "$dynamicRef"),
)

HARMLESS_BESIDE_REF = ("description", "summary", "title", "examples", "example", "deprecated", "readOnly", "writeOnly")

STYLES = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
"""The one style in which the client sends parameters of each location."""


def preflight_problems(document: Document) -> list[Problem]:
    """Every construct of an OpenAPI document that would be lost or sent wrongly."""
    version = str(document.data.get("openapi", ""))
    if not version.startswith(("3.0.", "3.1.")):
        what = f"openapi is {version!r}" if version else "there is no `openapi` version"
        return [document.problem(("openapi",), what, "the generator reads OpenAPI 3.0 and 3.1; convert the document")]
    problems = list(reference_problems(document))
    if problems:  # nothing below can be told when references lead nowhere
        return problems
    for operation in operations(document):
        problems += _parameter_problems(document, operation)
        problems += _response_problems(document, operation)
    for place in places(document):
        if place.kind in ("schema", "property"):
            problems += _schema_problems(document, place)
    problems += _name_problems(document)
    return list(dict.fromkeys(problems))  # what operations share is told once


def _parameter_problems(document: Document, operation: Place) -> Iterator[Problem]:
    for owner in (operation.pointer, operation.pointer[:-1]):
        for index in range(len(document.at(owner).get("parameters", []))):
            pointer, parameter = document.resolved((*owner, "parameters", index))
            if isinstance(parameter, dict):
                for keyword, what, expected in _sending_problems(document, pointer, parameter):
                    label = f"{parameter.get('in')} parameter {parameter.get('name')}"
                    yield document.problem((*pointer, keyword), f"{label} {what}", expected)


def _sending_problems(
    document: Document, pointer: Pointer, parameter: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    """What goes wrong with one parameter: the keyword, what, and what would be right."""
    if "content" in parameter:
        yield "content", "is defined by `content`, and the client would not have it at all", "define it by `schema`"
        return
    location = str(parameter.get("in"))
    style = parameter.get("style", STYLES.get(location))
    kinds = _types(document, (*pointer, "schema"))
    many = bool(kinds & {"array", "object"})
    if style != STYLES.get(location, style):
        yield "style", f"has style {style}, and would be sent as {STYLES[location]}", f"use style {STYLES[location]}"
    elif location == "query" and many and parameter.get("explode") is False:
        yield "explode", "has explode false, and would be sent exploded", "leave explode out, or write it true"
    if location == "path" and many:
        yield "schema", "is an array or object, and would be sent as Python's text of it", "use a scalar"
    if parameter.get("allowReserved") is True:
        yield "allowReserved", "allows reserved characters, and they would be sent encoded", "leave allowReserved out"


def _types(document: Document, schema: Pointer) -> set[str]:
    """The JSON types that a schema names, through `$ref` and unions."""
    try:
        schema, node = document.resolved(schema)
    except KeyError:
        return set()
    kinds = node.get("type", [])
    found = set(kinds if isinstance(kinds, list) else [kinds])
    for keyword in ("oneOf", "anyOf", "allOf"):
        for index in range(len(node.get(keyword, []))):
            found |= _types(document, (*schema, keyword, index))
    return found


def _response_problems(document: Document, operation: Place) -> Iterator[Problem]:
    for status in operation.node.get("responses", {}):
        if status.startswith("x-"):
            continue
        pointer, response = document.resolved((*operation.pointer, "responses", status))
        media_types = [name for name in response.get("content", {}) if not name.startswith("x-")]
        schemas = {name: response["content"][name].get("schema") for name in media_types}
        if len({repr(schema) for schema in schemas.values()}) > 1:
            what = f"answer {status} has a schema for each of {len(media_types)} media types, and the client reads one"
            yield document.problem((*pointer, "content"), what, "give the answer one schema")


def _schema_problems(document: Document, place: Place) -> Iterator[Problem]:
    node = place.node
    if place.kind == "property" and place.name in RESERVED_PROPERTIES:
        what = f"the property name {place.name} breaks the generated model, which uses it itself"
        yield document.problem(place.pointer, what, f"none of {', '.join(RESERVED_PROPERTIES)} can be generated")
    for keyword in UNCARRIED:
        if keyword in node and node[keyword] is not True:
            what = f"{keyword} says something about values that the client would not hold"
            yield document.problem((*place.pointer, keyword), what, "say it with the keywords of 3.0, or take it out")
    if "$ref" in node:
        lost = [name for name in node if name not in ("$ref", *HARMLESS_BESIDE_REF) and not name.startswith("x-")]
        for keyword in lost:
            what = f"{keyword} beside $ref is dropped"
            nullable = keyword in ("type", "nullable")
            expected = "write oneOf: [$ref, {type: 'null'}]" if nullable else "move it into the schema"
            yield document.problem((*place.pointer, keyword), what, expected)
    yield from _enum_problems(document, place)


def _enum_problems(document: Document, place: Place) -> Iterator[Problem]:
    values = place.node.get("enum", [])
    names = place.node.get("x-enum-varnames", [])
    if not isinstance(values, list) or len(names) == len(values):
        spoken = names
    else:
        texts = [value for value in values if isinstance(value, str)]
        spoken = [text if text[:1].isalpha() else f"VALUE_{index}" for index, text in enumerate(texts)]
    seen: dict[str, str] = {}
    for name in map(str, spoken):
        identifier = snake_case(name).upper()
        if identifier in seen:
            what = f"the enum names {seen[identifier]} and {name} become one Python name, {identifier}"
            yield document.problem((*place.pointer, "enum"), what, "give each value its own name with x-enum-varnames")
        seen[identifier] = name


def _name_problems(document: Document) -> Iterator[Problem]:
    """Operations whose modules would overwrite one another."""
    seen: dict[tuple[str, str], str] = {}
    for operation in operations(document):
        path, method = operation.pointer[1:]
        name = operation.node.get("operationId") or f"{method}_{path}"
        module = (snake_case(str((operation.node.get("tags") or ["default"])[0])), snake_case(name))
        if module in seen:
            what = f"the operations {seen[module]} and {name} become one module, {'/'.join(module)}.py"
            yield document.problem(operation.pointer, what, "give each operation its own operationId")
        seen[module] = name
