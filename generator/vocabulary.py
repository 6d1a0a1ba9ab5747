"""The contract's `x-` extensions: where each may stand, what shape it has, and whether what it names exists."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import frozen
from jsonschema import Draft202012Validator
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

from generator import dialect
from generator.document import Document, spelled
from generator.flattening import WIRE_NAME
from generator.messages import answer_member, item_schema, members, request_member, request_schema, value_schema
from generator.places import Place, places
from generator.problems import Problem
from generator.shapes import SchemaValidator, shape_problems

TEXT = {"type": "string", "minLength": 1}
TEXTS = {"type": "array", "minItems": 1, "items": TEXT, "uniqueItems": True}
POINTER = {"type": "string", "pattern": "^(/[^/]+)+$"}
COUNT = {"type": "integer", "minimum": 1}
QUERY_MEMBERS = ("string_filters", "int_filters", "condition", "sort", "group", "projection", "counts")
_FILTER = ("field", "operator", "values")
MADE_OF = {"string_filters": _FILTER, "int_filters": _FILTER, "sort": _FILTER[:2], "counts": ("filters",)}
"""The members that filters, sorts and counts need, by their role in `x-query`."""
SCHEMA = ("schema", "property")
INTERNAL = (*dialect.INTERNAL, WIRE_NAME)
"""What the generator itself notes in its copy of a document; a document that has them means something else."""
ALGORITHM = "SDK-HMAC-SHA256"
"""The one way to sign that client, mock and gate know; a test holds them to it."""


@frozen
class Extension:
    """Where an extension may stand, by kind of place (none named: anywhere), and its value's JSON Schema."""

    kinds: tuple[str, ...]
    validator: Draft202012Validator


def _extension(kinds: tuple[str, ...], **schema: Any) -> Extension:
    return Extension(kinds, Draft202012Validator(schema))


def _members(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "additionalProperties": False, "properties": properties}


VOCABULARY = {
    "x-source": _extension(
        (),
        oneOf=[
            _members("table", table={"type": "integer"}, row=TEXT),
            _members("section", section=TEXT, row=TEXT),
            _members("example", example=TEXT, at=POINTER),
            _members("public", public=TEXT),
            _members("page", "updated", page=TEXT, updated=TEXT),
        ],
    ),
    "x-assumption": _extension(
        (),
        type="array",
        minItems=1,
        items=_members("id", "says", id={**TEXT, "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"}, says=TEXT, keywords=TEXTS),
    ),
    "x-extensible-enum": _extension(SCHEMA, **TEXTS),
    "x-enum-labels": _extension(
        SCHEMA, type="object", minProperties=1, additionalProperties=_members("en", "zh", en=TEXT, zh=TEXT)
    ),
    "x-enum-varnames": _extension(SCHEMA, **{**TEXTS, "items": {**TEXT, "pattern": "^[A-Z][A-Z0-9_]*$"}}),
    "x-timestamp": _extension(SCHEMA, const="ms"),
    "x-display-names": _extension(
        SCHEMA,
        **_members(
            *("property", "value", "names"),
            **dict.fromkeys(("property", "value"), TEXT),
            names={"type": "object", "minProperties": 1, "additionalProperties": TEXT},
        ),
    ),
    "x-success-values": _extension(SCHEMA, **TEXTS),
    "x-permissions": _extension(
        ("operation",),
        type="array",
        minItems=1,
        items={
            "type": "object",
            "required": ["action", "access"],
            "additionalProperties": False,
            "properties": {"action": TEXT, "access": TEXT, "x-source": {"type": "object"}},
        },
    ),
    "x-pagination": _extension(
        ("operation",),
        **_members(
            "items",
            **dict.fromkeys(("page", "size", "all", "total_wanted"), TEXT),
            **dict.fromkeys(("items", "total"), POINTER),
        ),
    ),
    "x-query": _extension(
        ("operation",),
        **_members(
            "key",
            key=TEXT,
            **dict.fromkeys(QUERY_MEMBERS, TEXT),
            count_results=POINTER,
            types=_members("member", "value", member=TEXT, value=TEXT),
            also_filterable=TEXTS,
            columns=TEXTS,
            default_sort=_members("field", "operator", field=TEXT, operator=TEXT),
        ),
    ),
    "x-request-signing": _extension(
        ("security scheme",),
        **_members(
            "algorithm",
            "date_header",
            "window_seconds",
            **dict.fromkeys(("algorithm", "date_header", "token_header", "project_header", "domain_header"), TEXT),
            **dict.fromkeys(("window_seconds", "max_body_bytes"), COUNT),
        ),
    ),
}


def _keywords() -> frozenset[str]:
    """Every keyword that JSON Schema 2020-12 and OpenAPI 3.1 give a meaning."""
    of_json_schema = (dict(REGISTRY.contents(uri)).get("properties", {}) for uri in REGISTRY if "2020-12" in uri)
    return frozenset(("discriminator", "xml", "externalDocs", "example")).union(*of_json_schema)


KEYWORDS = _keywords()


def keyword_problems(contract: Document) -> Iterator[Problem]:
    """Keywords that have no meaning: JSON Schema lets them stand, and a bound with a slip of the pen is none."""
    for place in places(contract):
        if place.kind in SCHEMA:
            for name in place.node.keys() - KEYWORDS:
                if not name.startswith("x-"):
                    what = f"the keyword {name} is unknown, and bounds nothing"
                    yield contract.problem((*place.pointer, name), what, nearest(name, KEYWORDS))


def vocabulary_problems(contract: Document) -> Iterator[Problem]:
    """Unknown extensions, and extensions at the wrong place or of the wrong shape."""
    for place in places(contract):
        for name in [name for name in place.node if name.startswith("x-")]:
            pointer = (*place.pointer, name)
            extension = VOCABULARY.get(name)
            if extension is None:
                near = difflib.get_close_matches(name, VOCABULARY, 1, 0)[0]
                yield contract.problem(pointer, f"the extension {name} is unknown", f"did you mean {near}?")
            elif extension.kinds and place.kind not in extension.kinds:
                kinds = " or ".join(extension.kinds)
                yield contract.problem(pointer, f"{name} has no meaning in a {place.kind}", f"it belongs in a {kinds}")
            else:
                yield from shape_problems(contract, pointer, extension.validator, name)


def without_namesakes(document: Document) -> None:
    """Take out of a document of others, in place, the extensions that only have the name in common with ours.

    One that has the members that ours must have is meant as ours, and stays, right or wrong.
    """
    for place in list(places(document)):
        for name in [name for name in place.node if name in VOCABULARY or name in INTERNAL]:
            value, extension = place.node[name], VOCABULARY.get(name)
            if extension is None or not (_fits(extension, place, value) or _is_meant(extension, value)):
                del place.node[name]


def _fits(extension: Extension, place: Place, value: Any) -> bool:
    return place.kind in (extension.kinds or (place.kind,)) and bool(extension.validator.is_valid(value))


def _is_meant(extension: Extension, value: Any) -> bool:
    schema = extension.validator.schema
    needed = schema.get("required", []) if isinstance(schema, Mapping) else []
    return bool(needed) and isinstance(value, dict) and all(name in value for name in needed)


def misuse_problems(document: Document) -> Iterator[Problem]:
    """Extensions of ours in a document of others, at the wrong place, of the wrong shape, or of no meaning."""
    misused = [problem for problem in vocabulary_problems(document) if problem.pointer[-1] in VOCABULARY]
    yield from misused or meaning_problems(document)


def meaning_problems(contract: Document) -> Iterator[Problem]:
    """Names that lead nowhere and sets that contradict each other, in extensions whose shape is right."""
    for place in places(contract):
        for name in place.node.keys() & VOCABULARY.keys():
            yield from _meaning_problems(contract, place, name)


def _meaning_problems(contract: Document, place: Place, name: str) -> Iterator[Problem]:
    check = {
        "x-assumption": _assumption_problems,
        "x-enum-labels": _label_problems,
        "x-enum-varnames": _varname_problems,
        "x-success-values": _value_problems,
        "x-extensible-enum": _value_problems,
        "x-pagination": _pagination_problems,
        "x-query": _query_problems,
        "x-request-signing": _signing_problems,
    }.get(name)
    if check is not None:
        yield from check(contract, place)


def _signing_problems(contract: Document, place: Place) -> Iterator[Problem]:
    """Signatures that neither client nor mock nor gate can make: a name is data, an algorithm is code."""
    algorithm = place.node["x-request-signing"]["algorithm"]
    if algorithm != ALGORITHM:
        what = f"client, mock and gate do not sign by {algorithm}"
        expected = f"write {ALGORITHM}, or teach the other algorithm to all three first"
        yield contract.problem((*place.pointer, "x-request-signing", "algorithm"), what, expected)
    for member, value in (("type", "apiKey"), ("in", "header"), ("name", "Authorization")):
        if place.node.get(member) != value:
            what = f"the signature's {member} is {place.node.get(member)}; {ALGORITHM} travels in Authorization"
            yield contract.problem((*place.pointer, member), what, f"write {member}: {value}")


def _assumption_problems(contract: Document, place: Place) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, assumption in enumerate(place.node["x-assumption"]):
        pointer = (*place.pointer, "x-assumption", index)
        if assumption["id"] in seen:
            yield contract.problem(pointer, f"two assumptions here have the id {assumption['id']}", "give each its own")
        seen.add(assumption["id"])
        for keyword in assumption.get("keywords", []):
            if keyword not in place.node:
                what = f"the assumption {assumption['id']} is about {keyword}, which is not here"
                yield contract.problem(pointer, what, f"name a keyword of this place: {', '.join(place.node)}")


def _label_problems(contract: Document, place: Place) -> Iterator[Problem]:
    known = place.node.get("x-extensible-enum", place.node.get("enum", []))
    for value in place.node["x-enum-labels"]:
        if value not in known:
            what = f"the label of {value} is of no known value"
            yield contract.problem(
                (*place.pointer, "x-enum-labels", value), what, f"known are {', '.join(map(str, known))}"
            )


def _varname_problems(contract: Document, place: Place) -> Iterator[Problem]:
    names, values = place.node["x-enum-varnames"], place.node.get("enum", [])
    if len(names) != len(values):
        what = f"{len(names)} names stand for {len(values)} values of enum"
        yield contract.problem((*place.pointer, "x-enum-varnames"), what, "give one name for each value, in order")


def _value_problems(contract: Document, place: Place) -> Iterator[Problem]:
    for name in ("x-extensible-enum", "x-success-values"):
        validator = SchemaValidator({key: value for key, value in place.node.items() if key != "$ref"})
        for index, value in enumerate(place.node.get(name, [])):
            for error in validator.iter_errors(value):
                pointer = (*place.pointer, name, index)
                yield contract.problem(pointer, error.message, "list values that the schema takes")


def _pagination_problems(contract: Document, place: Place) -> Iterator[Problem]:
    paging = place.node["x-pagination"]
    for role in ("page", "size", "all", "total_wanted"):
        yield from _member_problems(contract, place, ("x-pagination", role), paging.get(role))
    for role, kind in (("items", "array"), ("total", "integer")):
        yield from _answer_problems(contract, place, ("x-pagination", role), paging.get(role), kind)


def _query_problems(contract: Document, place: Place) -> Iterator[Problem]:
    query, here = place.node["x-query"], (*place.pointer, "x-query")
    for role in QUERY_MEMBERS:
        yield from _member_problems(contract, place, ("x-query", role), query.get(role))
    yield from _member_problems(contract, place, ("x-query", "types"), query.get("types", {}).get("member"))
    yield from _answer_problems(contract, place, ("x-query", "count_results"), query.get("count_results"), "array")
    yield from _type_problems(contract, place, query)
    yield from _made_problems(contract, place, query)
    item = item_schema(contract, place)
    if item is None:
        what = "x-query speaks of items, and no x-pagination says where they are"
        yield contract.problem(here, what, "add x-pagination with the pointer `items`")
        return
    names = list(members(contract, item))
    needed = [("key", query["key"]), ("default_sort", query.get("default_sort", {}).get("field"))]
    for role, name in [*needed, *(("columns", column) for column in query.get("columns", []))]:
        if name is not None and name not in names:
            yield contract.problem((*here, role), f"{name} is no property of the item", nearest(name, names))
    for name in query.get("also_filterable", []):
        if name in names:
            what = f"{name} is a property of the item, so that it is filterable anyway"
            yield contract.problem((*here, "also_filterable"), what, "take it out of also_filterable")
    yield from _sort_problems(contract, place, query)


def _made_problems(contract: Document, place: Place, query: dict[str, Any]) -> Iterator[Problem]:
    """Filters, sorts and counts that lack a member: their own names are no part of the vocabulary, and are fixed."""
    named = {**MADE_OF, "string_filters": (*MADE_OF["string_filters"], *(["name"] if "condition" in query else []))}
    for role, needed in named.items():
        member = request_member(contract, place, query.get(role, ""))
        if member is not None and "items" in contract.at(member):
            member = value_schema(contract, (*member, "items"))
        held = members(contract, member)
        for name in needed if member is not None else ():
            if name not in held:
                what = f"what {query[role]} holds has no member {name}, by which client, mock and gate make it"
                yield contract.problem((*place.pointer, "x-query", role), what, f"name the member {name}")


def _type_problems(contract: Document, place: Place, query: dict[str, Any]) -> Iterator[Problem]:
    types = query.get("types", {})
    pointer = request_member(contract, place, types.get("member", ""))
    items = contract.at(pointer).get("items", {}) if pointer is not None else {}
    known = items.get("x-extensible-enum", items.get("enum", [types.get("value")]))
    if types.get("value") not in known:
        what = f"x-query selects the type {types['value']}, which {types['member']} does not know"
        yield contract.problem((*place.pointer, "x-query", "types"), what, f"it knows {', '.join(map(str, known))}")


def _sort_problems(contract: Document, place: Place, query: dict[str, Any]) -> Iterator[Problem]:
    operator = query.get("default_sort", {}).get("operator")
    pointer = request_member(contract, place, query.get("sort", ""))
    if operator is None or pointer is None:
        return
    allowed = contract.at(pointer).get("properties", {}).get("operator", {}).get("enum")
    if allowed is not None and operator not in allowed:
        what = f"the default sort's operator {operator} is none that {query['sort']} takes"
        yield contract.problem(
            (*place.pointer, "x-query", "default_sort"), what, f"it takes {', '.join(map(str, allowed))}"
        )


def _member_problems(contract: Document, place: Place, role: tuple[str, str], name: str | None) -> Iterator[Problem]:
    if name is not None and request_member(contract, place, name) is None:
        names = list(members(contract, request_schema(contract, place)))
        what = f"{role[0]} takes {name} for its {role[1]}, and the request has no such member"
        yield contract.problem((*place.pointer, *role), what, nearest(name, names))


def _answer_problems(
    contract: Document, place: Place, role: tuple[str, str], pointer: str | None, kind: str
) -> Iterator[Problem]:
    if pointer is None:
        return
    found = answer_member(contract, place, pointer)
    here = (*place.pointer, *role)
    if found is None:
        what = f"{role[0]} finds its {role[1]} at {pointer}, and the schema of the answer 200 has no such place"
        yield contract.problem(here, what, "write a JSON pointer through the properties of that schema")
    elif contract.at(found).get("type") != kind:
        what = f"{role[0]} finds its {role[1]} at {pointer}, which is no {kind} ({spelled(found)})"
        yield contract.problem(here, what, f"point to a member of type {kind}")


def nearest(name: str, known: Iterable[str]) -> str:
    """The name that was meant, as a clause."""
    names = list(known)
    near = difflib.get_close_matches(name, names, 1, 0)
    return f"did you mean {near[0]}?" if near else "there are no members to name"
