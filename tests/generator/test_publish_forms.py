"""The forms of the contract: nothing is lost but what the table lists, and every parser reads the same."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import ruamel.yaml
import yaml
from openapi_spec_validator import OpenAPIV30SpecValidator, OpenAPIV31SpecValidator

from generator.problems import Refused
from generator.publishing import forms
from generator.publishing.documents import load_contract, resolve, write_json, write_yaml
from generator.publishing.models import json_schemas

CONTRACT = load_contract()
MINIMAL: dict[str, Any] = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}


def contract_with(**schemas: Any) -> dict[str, Any]:
    """A small contract with these models."""
    return {**copy.deepcopy(MINIMAL), "components": {"schemas": schemas}}


def twin_of(schema: dict[str, Any]) -> dict[str, Any]:
    """One schema in the words of 3.0."""
    document, _ = forms.twin_30(contract_with(Thing=schema, Other={"type": "object"}))
    twin: dict[str, Any] = document["components"]["schemas"]["Thing"]
    return twin


def raised(node: Any, *, schema: bool = False) -> Any:
    """A 3.0 document said in 3.1 again, written apart from the code that it judges."""
    if isinstance(node, list):
        return [raised(item, schema=schema) for item in node]
    if not isinstance(node, dict):
        return node
    if not schema:
        return {
            key: value
            if key.startswith("x-") or key in ("examples", "example")
            else {name: raised(model, schema=True) for name, model in value.items()}
            if key == "schemas"
            else raised(value, schema=key == "schema")
            for key, value in node.items()
        }
    node = dict(node)
    if "example" in node:
        node["examples"] = [node.pop("example")]
    if "allOf" in node and len(node["allOf"]) == 1:
        node |= node.pop("allOf")[0]
    union = node.get("oneOf", [])
    if len(union) > 1 and all(
        set(branch) <= {"type", "format", "pattern", "minLength", "maxLength"} for branch in union
    ):
        types = [branch["type"] for branch in node.pop("oneOf")]
        node |= {key: value for branch in union for key, value in branch.items() if value != "int64"} | {"type": types}
    if node.pop("nullable", False):
        node["type"] = [node["type"], "null"]
    inner = {"items": lambda value: raised(value, schema=True)}
    inner["properties"] = lambda value: {name: raised(member, schema=True) for name, member in value.items()}
    return {key: inner[key](value) if key in inner else value for key, value in node.items()}


def differences(one: Any, other: Any, at: str = "") -> set[str]:
    """The JSON pointers of all places where two documents differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        places = set()
        for key in one.keys() | other.keys():
            below = at + "/" + key.replace("~", "~0").replace("/", "~1")
            both = key in one and key in other
            places |= differences(one[key], other[key], below) if both else {below}
        return places
    return set() if one == other else {at}


def test_nothing_is_lost_in_3_0_but_what_the_table_lists() -> None:
    """The 3.0 twin said in 3.1 again is the contract, but for the places that the conversion lists."""
    twin, changes = forms.twin_30(CONTRACT)
    listed = {change.at for change in changes} | {"/openapi"}
    lost = differences(CONTRACT, raised(twin))
    unlisted = {place for place in lost if not any(place.startswith(at) for at in listed)}
    data = ("ListIncidentsResponseBodyData", "CocListHistoryResponseDataV2")
    moved = {"/info/x-summary", "/info/license/url", *(f"/components/schemas/{name}/type" for name in data)}
    assert unlisted == moved


def test_each_listed_change_is_one() -> None:
    """The table lists no place where contract and twin say the same."""
    twin, changes = forms.twin_30(CONTRACT)
    lost = differences(CONTRACT, raised(twin))
    idle = [change for change in changes if change.form != "integer, int64"]
    assert [change.at for change in idle if not any(place.startswith(change.at) for place in lost)] == []


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": ["string", "null"]}, {"type": "string", "nullable": True}),
        ({"const": 1}, {"enum": [1]}),
        ({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "exclusiveMinimum": True, "minimum": 0}),
        (
            {"type": ["integer", "string"], "minimum": 1, "maxLength": 5, "description": "d"},
            {
                "description": "d",
                "oneOf": [{"type": "integer", "minimum": 1}, {"type": "string", "maxLength": 5}],
            },
        ),
        ({"type": ["integer", "number"]}, {"anyOf": [{"type": "integer", "format": "int64"}, {"type": "number"}]}),
        (
            {"$ref": "#/components/schemas/Other", "description": "d"},
            {"allOf": [{"$ref": "#/components/schemas/Other"}], "description": "d"},
        ),
        ({"type": "string", "examples": ["a", "b"]}, {"type": "string", "example": "a"}),
        (
            {"type": "object", "propertyNames": {"pattern": "a"}},
            {"type": "object", "x-propertyNames": {"pattern": "a"}},
        ),
    ],
)
def test_a_keyword_of_3_1_in_the_words_of_3_0(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    """Each keyword that 3.0 lacks has one rule."""
    assert twin_of(schema) == expected


def test_what_3_0_cannot_say_is_listed() -> None:
    """A keyword that has no words in 3.0 is moved to `x-`, and listed with its place."""
    _, changes = forms.twin_30(contract_with(Thing={"type": "object", "propertyNames": {"pattern": "a"}}))
    assert [(change.at, change.contract) for change in changes] == [("/components/schemas/Thing", "propertyNames")]


def test_a_null_branch_elsewhere_used_stays_a_branch() -> None:
    """A model that must not be null in one place does not become nullable for the sake of another."""
    nullable = {"oneOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]}
    plain = {"$ref": "#/components/schemas/Other"}
    schemas = {"Other": {"type": "object"}, "A": {"properties": {"a": nullable}}, "B": {"properties": {"b": plain}}}
    twin, _ = forms.twin_30(contract_with(**schemas))
    assert "nullable" not in twin["components"]["schemas"]["Other"]
    assert len(twin["components"]["schemas"]["A"]["properties"]["a"]["oneOf"]) == 2


def test_the_wire_form_has_no_union_of_primitives() -> None:
    """Every union of primitives is narrowed to the type of the page's example, and listed."""
    wire, changes = forms.wire_form(CONTRACT)
    assert '"oneOf"' not in json.dumps(wire)
    unions = [
        f"/components/schemas/{model}/properties/{name}"
        for model, schema in CONTRACT["components"]["schemas"].items()
        for name, member in schema["properties"].items()
        if isinstance(member.get("type"), list) and "null" not in member["type"]
    ]
    assert unions
    assert [change.at for change in changes if " or " in change.contract] == unions


def test_the_wire_form_keeps_the_type_that_the_page_shows() -> None:
    """The type kept is the one of the message's example, whatever is stated first; without one, of the schema's own."""
    contract = contract_with(
        Body={"properties": {"a": {"type": ["string", "integer"]}, "b": {"type": ["integer", "string"]}}}
    )
    contract["components"]["schemas"]["Body"]["properties"]["b"]["examples"] = ["7"]
    media = {"schema": {"$ref": "#/components/schemas/Body"}, "examples": {"page": {"value": {"a": 1}}}}
    answer = {"description": "d", "content": {"application/json": media}}
    contract["paths"] = {"/x": {"get": {"operationId": "x", "responses": {"200": answer}}}}
    wire, _ = forms.wire_form(contract)
    kept = {name: member["type"] for name, member in wire["components"]["schemas"]["Body"]["properties"].items()}
    assert kept == {"a": "integer", "b": "string"}


def test_the_page_examples_fit_the_wire_form() -> None:
    """What the page shows is valid in the wire form: the narrowing goes along with the page."""
    wire, _ = forms.wire_form(CONTRACT)
    ticket = resolve(wire, "#/components/schemas/IncidentDataInfo")
    answer = CONTRACT["paths"]["/v2/incidents/list"]["post"]["responses"]["200"]
    shown = answer["content"]["application/json"]["examples"]["page"]["value"]["data"]["tickets"][0]
    types = {"integer": int, "string": str, "boolean": bool, "array": list}
    assert {
        name for name, value in shown.items() if type(value) is not types[ticket["properties"][name]["type"]]
    } == set()


def test_each_form_is_valid_openapi() -> None:
    """The three forms are valid documents of their version of OpenAPI."""
    OpenAPIV31SpecValidator(forms.bundled_31(CONTRACT)).validate()
    OpenAPIV30SpecValidator(forms.twin_30(CONTRACT)[0]).validate()
    OpenAPIV30SpecValidator(forms.wire_form(CONTRACT)[0]).validate()


def test_yaml_and_json_hold_the_same(tmp_path: Path) -> None:
    """A parser of YAML 1.1, one of YAML 1.2 and one of JSON read the same document."""
    document = forms.bundled_31(CONTRACT)
    document["x-traps"] = [
        "049",
        "1e5",
        "0x1f",
        "0o7",
        "on",
        "null",
        "=",
        "1_000",
        ".5",
        "2025-10-24",
        "~",
        "",
        "12:30:45",
    ]
    write_yaml(tmp_path / "a.yaml", document)
    write_json(tmp_path / "a.json", document)
    text = (tmp_path / "a.yaml").read_text("utf-8")
    assert yaml.safe_load(text) == document
    assert ruamel.yaml.YAML(typ="safe", pure=True).load(text) == document
    assert json.loads((tmp_path / "a.json").read_text("utf-8")) == document


def test_a_reference_that_leaves_the_file_is_refused(tmp_path: Path) -> None:
    """A contract that does not stand on its own is not published."""
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\npaths: {/x: {$ref: 'other.yaml#/x'}}\n", "utf-8")
    with pytest.raises(Refused, match=r"other\.yaml#/x leads nowhere"):
        load_contract(tmp_path / "openapi.yaml")


def test_each_model_is_a_schema_of_its_own() -> None:
    """A model's JSON Schema needs no other file, takes its members' examples, and refuses what the contract refuses."""
    schemas = json_schemas(CONTRACT)
    for name, schema in schemas.items():
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        members = CONTRACT["components"]["schemas"][name]["properties"]
        assert validator.is_valid({key: member["examples"][0] for key, member in members.items()}), name
    body = jsonschema.Draft202012Validator(schemas["ListIncidentsRequestBody"])
    assert not body.is_valid({"string_filters": [{"field": "a", "operator": "~", "values": ["b"]}]})
