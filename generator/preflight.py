"""Constructs that the client generator would drop or send wrongly, refused before anything is generated.

It needs no tables and no `x-` vocabulary: it reads any OpenAPI 3.x document.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from openapi_python_client.strings import snake_case

from generator.dialect import FORM, MULTIPART, spoken_media_type
from generator.document import Document, Pointer
from generator.places import Place, operations, places
from generator.problems import Problem
from generator.validity import reference_problems

# Keywords that say something about values and that no generated model carries.
UNCARRIED = (
    *("not", "if", "then", "else", "contains", "prefixItems", "propertyNames", "patternProperties"),
    *("dependentRequired", "dependentSchemas", "unevaluatedItems", "unevaluatedProperties", "$dynamicRef"),
)

JSON_TYPES = {str: "string", bool: "boolean", int: "integer", float: "number", type(None): "null"}
HARMLESS_BESIDE_REF = ("description", "summary", "title", "examples", "example", "deprecated", "readOnly", "writeOnly")

STYLES = {
    "query": ("form", "deepObject", "spaceDelimited", "pipeDelimited"),
    "path": ("simple",),
    "header": ("simple",),
}
"""The styles in which the client sends parameters of each location, its own default first."""


def preflight_problems(document: Document) -> list[Problem]:
    """Every construct of an OpenAPI document that would be lost or sent wrongly."""
    version = str(document.data.get("openapi", ""))
    if not version.startswith(("3.0.", "3.1.")):
        what = f"openapi is {version!r}" if version else "there is no `openapi` version"
        return [document.problem(("openapi",), what, "the generator reads OpenAPI 3.0 and 3.1; convert the document")]
    problems = list(reference_problems(document))
    if problems:  # nothing below can be told when references lead nowhere
        return problems
    problems += _path_problems(document)
    for operation in operations(document):
        problems += _server_problems(document, operation)
        problems += _parameter_problems(document, operation)
        problems += _body_problems(document, operation)
    for place in places(document):
        if place.kind in ("schema", "property"):
            problems += _schema_problems(document, place)
    problems += _false_problems(document)
    problems += _name_problems(document)
    # What operations share is told once; a document in one line has many a place at the same line.
    return list({(problem.pointer, problem.what): problem for problem in problems}.values())


def _path_problems(document: Document) -> Iterator[Problem]:
    """Path items that say the same thing in two places, so that nobody knows which counts."""
    for path, item in (document.data.get("paths") or {}).items():
        if isinstance(item, dict) and "$ref" in item:
            twice = ", ".join(sorted(item.keys() & document.resolved(("paths", path))[1].keys()))
            what = f"the path refers to operations that stand elsewhere, and has {twice} here as well"
            yield document.problem(("paths", path), what, "say it in one of the two places")


def _server_problems(document: Document, operation: Place) -> Iterator[Problem]:
    """An address of an operation's or a path's own: the client sends everything to one."""
    shared = document.data.get("servers") or [{}]
    for owner in (operation.pointer, operation.pointer[:-1]):
        if servers := document.at(owner).get("servers"):
            if not _is_same_address(str(servers[0].get("url")), str(shared[0].get("url"))):
                what = "a server of its own would be passed over: the client sends every request to one base URL"
                yield document.problem((*owner, "servers"), what, "leave it to a document of its own")
            return


def _is_same_address(one: str, other: str) -> bool:
    """Whether two addresses are one; `//host` is the host under either scheme."""
    one, other = one.rstrip("/"), other.rstrip("/")
    if one.startswith("//") or other.startswith("//"):
        one, other = (address.removeprefix("https:").removeprefix("http:") for address in (one, other))
    return one == other


def _false_problems(document: Document) -> Iterator[Problem]:
    """Members and items whose schema is false, so that no value is right."""
    for place in places(document):
        if place.kind in ("schema", "property"):
            inner = [("properties", name) for name in place.node.get("properties") or {}]
            for steps in [("items",), *inner]:
                if "items" in place.node or steps != ("items",):
                    pointer = (*place.pointer, *steps)
                    if document.at(pointer) is False:
                        what = f"{steps[-1]} is false, so that no value is right, which the client would not hold"
                        yield document.problem(pointer, what, "leave it out, or write a schema")


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
    if location not in STYLES:
        yield "in", "would not be sent", f"send it in one of {', '.join(STYLES)}"
        return
    styles = STYLES[location]
    style = parameter.get("style", styles[0])
    if style not in styles:
        yield "style", f"has style {style}, and would be sent as {styles[0]}", f"use style {' or '.join(styles)}"
    elif location == "path" and parameter.get("explode") is True and "object" in _types(document, (*pointer, "schema")):
        yield "explode", "is an object of style simple, and would be sent unexploded", "leave explode out"
    if location == "header" and (kinds := _types(document, (*pointer, "schema")) & {"array", "object"}):
        yield "schema", f"is an {kinds.pop()}, and the client sends plain values in headers", "describe it as a string"
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


def _body_problems(document: Document, operation: Place) -> Iterator[Problem]:
    if "requestBody" not in operation.node:
        return
    pointer, body = document.resolved((*operation.pointer, "requestBody"))
    spoken = spoken_media_type(body.get("content", {}))
    if spoken == MULTIPART:
        yield from _part_problems(document, (*pointer, "content", spoken))
    elif spoken.startswith("multipart/"):
        what = f"the request body is {spoken}, which the client does not write"
        yield document.problem((*pointer, "content", spoken), what, "offer the body as application/json too")
    elif spoken == FORM:
        yield from _form_problems(document, (*pointer, "content", spoken))


def _part_problems(document: Document, pointer: Pointer) -> Iterator[Problem]:
    """What a body in parts needs: named parts, each written as OpenAPI has it by default."""
    media = document.at(pointer)
    if "encoding" in media:
        what = "encoding says how parts of the body are written, and they would be written in the default way"
        yield document.problem((*pointer, "encoding"), what, "leave encoding out")
    node = document.resolved((*pointer, "schema"))[1] if "schema" in media else {}
    if not {"properties", "allOf"} & node.keys() or {"oneOf", "anyOf"} & node.keys():
        what = "the request body is multipart/form-data without named parts, which the client does not write"
        yield document.problem(pointer, what, "name the parts as properties of one object")


def _form_problems(document: Document, pointer: Pointer) -> Iterator[Problem]:
    """Members of a form that are written otherwise than the client does, or in a way that is nowhere said."""
    encoding = document.at(pointer).get("encoding", {})
    for name, said in encoding.items():
        for keyword, usual in (("style", ("form", "deepObject")), ("explode", (True,)), ("contentType", ())):
            if keyword in said and said[keyword] not in usual:
                value = json.dumps(said[keyword])
                what = f"the form's member {name} has {keyword} {value}, and would be written otherwise"
                yield document.problem((*pointer, "encoding", name, keyword), what, "leave it out: one name a value")
    try:
        schema, node = document.resolved((*pointer, "schema"))
    except KeyError:
        return
    for name in node.get("properties", {}):
        place = (*schema, "properties", name)
        kinds, deep = _types(document, place), encoding.get(name, {}).get("style") == "deepObject"
        if "array" in kinds:
            resolved, array = document.resolved(place)
            kinds = _types(document, (*resolved, "items")) if "items" in array else {"object"}
            deep = False
        if "object" in kinds and not deep:
            what = f"the form's member {name} holds objects, and nothing says how they are written"
            yield document.problem(place, what, "offer the body as application/json too")


def _schema_problems(document: Document, place: Place) -> Iterator[Problem]:
    node = place.node
    for keyword in UNCARRIED:
        if keyword in node and node[keyword] is not True:
            what = f"{keyword} says something about values that the client would not hold"
            yield document.problem((*place.pointer, keyword), what, "say it with the keywords of 3.0, or take it out")
    if "$ref" in node and not document.data["openapi"].startswith("3.0."):  # 3.0 itself ignores what stands there
        lost = [name for name in node if name not in ("$ref", *HARMLESS_BESIDE_REF) and not name.startswith("x-")]
        for keyword in lost:
            what = f"{keyword} beside $ref is dropped"
            nullable = keyword in ("type", "nullable")
            expected = "write oneOf: [$ref, {type: 'null'}]" if nullable else "move it into the schema"
            yield document.problem((*place.pointer, keyword), what, expected)
    yield from _enum_problems(document, place)


def _enum_problems(document: Document, place: Place) -> Iterator[Problem]:
    """A closed set with a value that the type beside it forbids: nothing could be sent."""
    kinds = place.node.get("type", [])
    allowed = {kinds} if isinstance(kinds, str) else set(kinds)
    listed = {JSON_TYPES.get(type(value), "") for value in place.node.get("enum") or []}
    if len(listed - {"null"}) > 1 and {"null", "boolean"} & listed:
        what = f"the enum mixes {', '.join(sorted(listed))}, which no closed set holds in Python"
        yield document.problem((*place.pointer, "enum"), what, "write oneOf, with a schema for each kind")
    for index, value in enumerate(place.node.get("enum") or []):
        kind = JSON_TYPES.get(type(value), "")
        if kind == "integer" and not -(2**63) <= value < 2**63:
            what = f"the enum's value {value} has more than 64 bits, which the client's decoder does not read"
            yield document.problem((*place.pointer, "enum", index), what, "list smaller numbers, or bound it")
        if kind == "number" and not value.is_integer():
            what = f"the enum's value {value!r} is a fraction, which no closed set holds in Python"
            yield document.problem((*place.pointer, "enum", index), what, "list whole numbers or texts, or bound it")
        if allowed and kind not in allowed and kind != "null" and not (kind == "integer" and "number" in allowed):
            what = f"the enum's value {value!r} is no {' or '.join(sorted(allowed))}"
            yield document.problem((*place.pointer, "enum", index), what, "list values that the type takes")


def _name_problems(document: Document) -> Iterator[Problem]:
    """Operations whose methods would overwrite one another."""
    seen: dict[str, str] = {}
    for operation in operations(document):
        path, method = operation.pointer[1:]
        name = operation.node.get("operationId") or f"{method}_{path}"
        function = snake_case(name)
        if function in seen:
            what = f"the operations {seen[function]} and {name} become one method, {function}"
            yield document.problem(operation.pointer, what, "give each operation its own operationId")
        seen[function] = name
