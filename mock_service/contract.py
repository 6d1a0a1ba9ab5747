"""What the mock reads from `spec/openapi.yaml`: one `Operation` for each search that the contract describes.

An operation is a search when it carries `x-query`. Everything it needs is here, found once: its path, the names of its
request members, where its items stand in the answer, the schema of an item, its examples, and its compiled validator.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml
from attrs import frozen

from mock_service.violations import first_violation

SPEC = Path(__file__).resolve().parent.parent / "spec" / "openapi.yaml"
DEFAULT_BODY_LIMIT = 12 * 1024 * 1024
"""Bytes; used when no security scheme states `max_body_bytes`."""
PAGE = 10
"""Items on a page, where neither caller nor contract says how many."""

Schema = dict[str, Any]


class Mistake(Exception):
    """The user asked for something that cannot be done; the text says what, where, and what would be right."""


@frozen
class Link:
    """Where the values of a path parameter come from: a property of the items of another operation."""

    operation: str
    property: str


@frozen(eq=False, slots=False)
class Operation:
    """One search operation, as the contract describes it."""

    id: str
    path: str
    """As in the contract, with `{name}` for path parameters."""
    method: str
    """Upper case."""
    request: Schema
    """The request body's schema, without references."""
    item: Schema
    """The schema of one item (for incidents: of one ticket), without references."""
    query: dict[str, Any]
    """`x-query`."""
    pagination: dict[str, Any]
    """`x-pagination`."""
    success: dict[str, Any]
    """The example of the 200 answer."""
    failure: dict[str, Any]
    """The example of the 400 answer."""
    message_limit: int
    """Code points that the 400 answer's `error_msg` may hold."""
    body_required: bool
    page_limit: int
    """Items that one answer may hold (`maxItems`)."""
    example_requests: list[dict[str, Any]]
    permissions: list[str]
    """The actions that the caller must be allowed."""
    parameters: dict[str, Schema]
    """The path parameters: name to schema."""
    links: dict[str, Link]
    """Path parameters whose values another operation answers, as a `links` of its 200 answer says."""
    validator: jsonschema_rs.Draft202012Validator

    @cached_property
    def parameter_validators(self) -> dict[str, jsonschema_rs.Draft202012Validator]:
        """What each path parameter has to be."""
        return {name: validator(schema) for name, schema in self.parameters.items()}

    @property
    def key(self) -> str:
        """The item property that is unique."""
        return str(self.query["key"])

    @property
    def default_sort(self) -> dict[str, str]:
        """The field and operator by which items stand when nobody asks; by their key when the contract says nothing."""
        found: dict[str, str] = self.query.get("default_sort") or {"field": self.key, "operator": "asc"}
        return found

    @cached_property
    def fields(self) -> set[str]:
        """All that a filter may name: the item's properties, and what else the contract says is filterable."""
        return {*self.query.get("also_filterable", []), *self.item["properties"]}

    @cached_property
    def columns(self) -> dict[str, Schema]:
        """All that is stored of an item: what is not answered, then the item's properties."""
        hidden = {name: {"type": "string"} for name in self.query.get("also_filterable", [])}
        return {**hidden, **self.parameters, **self.item["properties"]}

    @cached_property
    def operators(self) -> set[str]:
        """The operators that filters may name, where the contract lists them."""
        properties = self.request["properties"]
        lists = [properties[self.query[role]] for role in ("string_filters", "int_filters") if role in self.query]
        return {each for found in lists for each in found["items"]["properties"]["operator"].get("enum", ())}

    @cached_property
    def numeric(self) -> set[str]:
        """The properties that hold numbers, and are ordered as such."""
        return {name for name, schema in self.columns.items() if {"integer", "number"} & {*types_of(schema)}}

    @cached_property
    def fractional(self) -> set[str]:
        """The properties that hold numbers which need not be whole."""
        return {name for name, schema in self.item["properties"].items() if "number" in types_of(schema)}

    @cached_property
    def nullable(self) -> set[str]:
        """The properties that an answer may show as null."""
        return {name for name, schema in self.item["properties"].items() if "null" in types_of(schema)}

    @cached_property
    def item_validator(self) -> jsonschema_rs.Draft202012Validator:
        """What an item has to be."""
        return validator(self.item)

    def flaw(self, item: Mapping[str, Any]) -> str:
        """The first thing that the contract has against an item, and where in it; empty when it has nothing."""
        breach = first_violation(self.item_validator, item)
        return f"{breach.pointer[1:] or 'the item'}: {breach.message}" if breach else ""

    def without_nulls(self, item: Mapping[str, Any]) -> dict[str, Any]:
        """The item; a null is an absent member, unless it may be null."""
        return {name: value for name, value in item.items() if value is not None or name in self.nullable}

    @property
    def page_size(self) -> int:
        """How many items a page has when neither caller nor contract says."""
        return int(min(PAGE, self.request["properties"][self.member("size")].get("maximum", PAGE)))

    @cached_property
    def first_page(self) -> int:
        """The number of the first page: what the contract takes when none is asked for, else the least."""
        page = self.request["properties"].get(self.member("page"), {})
        return int(page.get("default", page.get("minimum", 1)))

    def member(self, role: str) -> str:
        """The request member that plays `role` in `x-query` or `x-pagination`; empty when the operation has none."""
        return str(self.query.get(role) or self.pagination.get(role) or "")


@frozen
class Contract:
    """The operations of a spec, its gateway answers by status, and its limits."""

    operations: list[Operation]
    gateway: dict[int, dict[str, Any]]
    """Status to the contract's example body, for example 404 to `{"error_code": "APIGW.0101", …}`."""
    body_limit: int
    """Bytes."""
    signing: dict[str, Any]
    """`x-request-signing`, with the name of the token header under `token`."""


def load(path: Path = SPEC) -> Contract:
    """Read the contract; a `Mistake` says what is missing."""
    try:
        spec = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except OSError as error:
        raise Mistake(f"cannot read the contract {path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise Mistake(f"the contract {path} is not YAML: {' '.join(str(error).split())}") from error
    try:
        operations = [operation(spec, *found) for found in searches(spec)]
        schemes = spec["components"].get("securitySchemes", {}).values()
        signing: dict[str, Any] = next((s["x-request-signing"] for s in schemes if "x-request-signing" in s), {})
        tokens = [s["name"] for s in schemes if s["type"] == "apiKey" and "x-request-signing" not in s]
        body_limit = signing.get("max_body_bytes", DEFAULT_BODY_LIMIT)
        return Contract(operations, gateway_answers(spec), body_limit, {**signing, "token": next(iter(tokens), None)})
    except (KeyError, TypeError, StopIteration) as error:
        raise Mistake(
            f"the contract {path} lacks {error}, which the mock needs; run `python -m generator lint`"
        ) from error


def searches(spec: Schema) -> Iterator[tuple[str, str, Schema]]:
    """Path, method and operation of each operation with `x-query`."""
    for path, item in spec["paths"].items():
        for method, found in item.items():
            if isinstance(found, dict) and "x-query" in found:
                parameters = [*item.get("parameters", []), *found.get("parameters", [])]
                yield path, method, inlined(spec, {**found, "parameters": parameters})


def operation(spec: Schema, path: str, method: str, found: Schema) -> Operation:
    """Gather what one operation needs."""
    request = found["requestBody"]["content"]["application/json"]["schema"]
    good = found["responses"]["200"]["content"]["application/json"]
    bad = found["responses"]["400"]["content"]["application/json"]
    items = at(good["schema"], found["x-pagination"]["items"])
    parameters = found["parameters"]
    return Operation(
        id=found["operationId"],
        path=path,
        method=method.upper(),
        request=request,
        item=items["items"],
        query=found["x-query"],
        pagination=found["x-pagination"],
        success=envelope(good),
        failure=envelope(bad),
        message_limit=bad["schema"]["properties"]["error_msg"].get("maxLength", 256),
        body_required=bool(found["requestBody"].get("required")),
        page_limit=items.get("maxItems", 1000),
        example_requests=examples(found["requestBody"]["content"]["application/json"]),
        parameters={p["name"]: {**p["schema"], "examples": examples(p)} for p in parameters if p["in"] == "path"},
        links=dict(links(spec, found["operationId"])),
        permissions=[each["action"] for each in found.get("x-permissions", [])],
        validator=validator(request),
    )


def validator(schema: Schema) -> jsonschema_rs.Draft202012Validator:
    """What holds values against a schema; its words do not repeat the value."""
    return jsonschema_rs.Draft202012Validator(schema, mask="value")


def links(spec: Schema, target: str) -> Iterator[tuple[str, Link]]:
    """The parameters of an operation that links lead to, as `$response.body#/data/tickets/0/ticket_id`."""
    for _, _, source in searches(spec):
        items = source["x-pagination"]["items"]
        for link in source["responses"]["200"].get("links", {}).values():
            for name, expression in link.get("parameters", {}).items():
                found = re.fullmatch(rf"\$response\.body#{re.escape(items)}/0/([^/]+)", str(expression))
                if found and link.get("operationId") == target:
                    yield name, Link(source["operationId"], found[1])


def inlined(spec: Schema, schema: Any) -> Any:
    """The schema with each reference replaced by what it names; a key beside a reference wins over the target's."""
    if isinstance(schema, list):
        return [inlined(spec, element) for element in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(schema.get("$ref"), str):
        target = spec
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return {key: value if key.startswith("x-") else inlined(spec, value) for key, value in schema.items()}


def at(schema: Schema, pointer: str) -> Schema:
    """The sub-schema of the member that a JSON pointer into the answer names, through any `oneOf`."""
    for step in pointer.strip("/").split("/"):
        choices = [schema, *schema.get("oneOf", []), *schema.get("anyOf", []), *schema.get("allOf", [])]
        schema = next(choice for choice in choices if "properties" in choice)["properties"][step]
    return schema


def types_of(schema: Schema) -> list[str]:
    """The types of a property, those of its alternatives included; text where the contract does not say."""
    stated = schema.get("type", [])
    found = [stated] if isinstance(stated, str) else [*stated]
    for part in alternatives(schema):
        found += types_of(part)
    return list(dict.fromkeys(found)) or ["string"]


def alternatives(schema: Schema) -> list[Schema]:
    """The parts of a schema of which one holds."""
    return [*schema.get("oneOf", ()), *schema.get("anyOf", ())]


def without_null(schema: Schema) -> Schema:
    """The same schema, less that it may be null; its alternatives as one."""
    found = {name: value for name, value in schema.items() if name not in ("oneOf", "anyOf")}
    for part in alternatives(schema):
        found = {**part, **found}
    return {**found, "type": [each for each in types_of(schema) if each != "null"]}


def examples(holder: Schema) -> list[Any]:
    """The examples of a media type or a parameter."""
    named = [example["value"] for example in holder.get("examples", {}).values()]
    return [*named, *([holder["example"]] if "example" in holder else [])]


def envelope(media: Schema) -> dict[str, Any]:
    """What answers are shaped after: the first example, or the members that the schema has.

    Each is as its schema has it: as shown, else null, empty, an example text, or left out.
    """
    schemas = media["schema"].get("properties", {})
    by_schema = {name: next(iter(s.get("x-success-values", ())), s.get("default")) for name, s in schemas.items()}
    found: dict[str, Any] = {}
    for name, shown in next(iter(examples(media)), by_schema).items():
        stated = schemas.get(name, {})
        texts = [each for each in stated.get("examples", ()) if isinstance(each, str)]
        fits = jsonschema_rs.Draft202012Validator(stated).is_valid
        found.update((name, value) for value in islice(filter(fits, [shown, None, "", {}, *texts]), 1))
    return found


def gateway_answers(spec: Schema) -> dict[int, dict[str, Any]]:
    """The example body of each error status that an operation declares and the gateway answers."""
    answers: dict[int, dict[str, Any]] = {}
    for _, _, found in searches(spec):
        for status, response in found["responses"].items():
            content = response.get("content", {}).get("application/json")
            if content and re.fullmatch(r"[45]\d\d", status) and status != "400":
                answers.setdefault(int(status), envelope(content))
    return answers
