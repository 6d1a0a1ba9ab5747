"""What an edit of the contract changes in the mock, without an edit of the mock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest
import yaml

from mock_service import cli, contract, dataset
from mock_service.app import create
from mock_service.store import Store

SPEC = yaml.safe_load(contract.SPEC.read_text("utf-8"))
NULLABLE = [{"type": ["string", "null"], "maxLength": 64}, {"oneOf": [{"type": "string"}, {"type": "null"}]}]
TWO = [{"field": "title", "operator": "between", "values": ["a", "z"]}]


@pytest.fixture
def edited(tmp_path: Path, client_type: Any) -> Any:
    """Makes a client of the mock of a contract in which one member of one schema is another."""
    stores: list[Store] = []

    def make(schema: str, member: str, **keywords: Any) -> Any:
        document = yaml.safe_load(yaml.safe_dump(SPEC))
        node = document["components"]["schemas"][schema]["properties"][member]
        for name in ("type", "minLength", "enum", "default", "x-enum-varnames"):
            if name in keywords or "oneOf" in keywords:
                node.pop(name, None)
        node |= {name: value for name, value in keywords.items() if value is not None}
        file = tmp_path / "openapi.yaml"
        file.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        found = contract.load(file)
        stores.append(Store("sqlite://", found))
        for operation in found.operations:
            stores[-1].fill(operation, dataset.items(operation, 50, 1))
        return client_type(create(found, stores[-1]))

    yield make
    for store in stores:
        store.close()


@pytest.mark.parametrize("schema", NULLABLE)
def test_a_property_that_may_be_null_is_sometimes(edited: Callable[..., Any], schema: dict[str, Any]) -> None:
    """Its other values are of its other type, and a filter takes null for absent."""
    client = edited("IncidentDataInfo", "assignee", **schema)
    tickets = client(per_page=200).tickets
    assert {str, type(None)} == {type(ticket["assignee"]) for ticket in tickets if "assignee" in ticket}
    filters = [{"field": "assignee", "operator": "startwith", "values": [""]}]
    found = client(per_page=200, string_filters=filters).tickets
    assert [ticket for ticket in tickets if ticket.get("assignee") is not None] == found


def test_no_other_property_is_ever_null(mock: Any) -> None:
    """The contract as it is has no property of a ticket that may be null."""
    assert [] == [ticket for ticket in mock(per_page=200).tickets if None in ticket.values()]


def test_an_envelope_is_valid_whatever_its_example_says(edited: Callable[..., Any]) -> None:
    """A member that may no longer be null is an empty text, in both answers."""
    client = edited("ListIncidentsResponseBody", "error_msg", type="string")
    good, bad = client(per_page=1), client(per_page=0)
    assert (200, "", 400) == (good.status, good.json["error_msg"], bad.status)
    assert bad.json["error_msg"].startswith("Parameter error")


def test_an_envelope_without_a_fitting_value_lacks_the_member() -> None:
    """Where neither null nor an empty text nor an example fits, the member is left out."""
    schema = {"properties": {"a": {"type": "integer"}, "b": {"type": "string", "minLength": 1, "examples": ["ok"]}}}
    found = contract.sound({"a": None, "b": None, "c": None}, schema)
    assert {"b": "ok", "c": None} == found
    assert jsonschema_rs.is_valid(schema, found)


@pytest.mark.parametrize(("text", "count"), [("true", 50), ("false", 10)])
def test_a_flag_may_be_text(edited: Callable[..., Any], text: str, count: int) -> None:
    """Where the contract takes text, `true` sets the flag and `false` does not."""
    client = edited("ListIncidentsRequestBody", "contain_all", type=["boolean", "string"])
    assert count == len(client(contain_all=text).tickets)
    assert 50 == len(client(contain_all=True).tickets)


def test_an_empty_condition_is_none_where_it_is_allowed(edited: Callable[..., Any], mock: Any) -> None:
    """With its bound gone an empty condition means that all filters hold; with it the answer is 400."""
    client = edited("ListIncidentsRequestBody", "condition", minLength=None)
    filters = [{"field": "title", "operator": "=", "values": ["no such title"]}]
    assert [] == client(condition="", string_filters=filters).tickets
    assert 400 == client(condition="a &").status
    assert 400 == mock(condition="").status


def test_an_operator_without_a_meaning_finds_nothing(edited: Callable[..., Any], capsys: Any) -> None:
    """The contract may have an operator that the mock does not know; that is no failure, and told at the start."""
    client = edited("ObjectFilterV2", "operator", enum=["=", "between"])
    assert [] == client(string_filters=TWO).tickets
    assert 400 == client(string_filters=[{**TWO[0], "operator": "like"}]).status
    cli.tell_of_unknown_operators(client.app.contract)
    assert (
        "mock_service: ListIncidents has the operator 'between', which the mock does not know"
        in capsys.readouterr().err
    )
    cli.tell_of_unknown_operators(contract.load())
    assert capsys.readouterr().err == ""


OWNER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer", "minimum": 5},
        "name": {"type": "string", "minLength": 20},
        "roles": {"type": "array", "items": {"enum": ["a", "b"], "type": "string"}, "maxItems": 3},
    },
}
SHAPES = [
    OWNER,
    {"type": "array", "minItems": 2, "items": OWNER},
    {"type": "array", "items": {"type": "string", "maxLength": 3}},
    {"type": "string", "minLength": 64, "maxLength": 64},
    {"type": "string", "minLength": 64, "examples": ["two words"]},
    {"type": "integer", "multipleOf": 7, "minimum": 15, "maximum": 30},
    {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 6},
    {"type": "integer", "minimum": 5000},
    {"type": "number", "multipleOf": 0.1, "exclusiveMinimum": -1, "maximum": 1},
    {"type": "number", "minimum": -2.5, "maximum": 2},
    {"type": "boolean"},
]


@pytest.mark.parametrize("shape", SHAPES, ids=range(len(SHAPES)))
def test_a_property_of_any_shape_is_made_as_the_contract_has_it(edited: Callable[..., Any], shape: Any) -> None:
    """Objects, lists, numbers and lengths: each ticket satisfies the contract, and most have the property."""
    tickets = edited("IncidentDataInfo", "assignee", **shape)(per_page=200).tickets
    values = [ticket["assignee"] for ticket in tickets if "assignee" in ticket]
    validator = jsonschema_rs.Draft202012Validator(shape)
    assert [] == [error.message for value in values for error in validator.iter_errors(value)]
    assert len(values) > 40
    assert len({str(value) for value in values}) > 1


def test_a_value_that_cannot_be_made_is_left_out_or_told(edited: Callable[..., Any]) -> None:
    """A schema that no value is known for leaves the property out; where there must be one, the start says so."""
    odd = {"type": "string", "not": {"minLength": 0}}
    assert not any("assignee" in ticket for ticket in edited("IncidentDataInfo", "assignee", **odd)().tickets)
    with pytest.raises(contract.Mistake, match="cannot make values of 'create_time' that its schema in the contract"):
        edited("IncidentDataInfo", "create_time", oneOf=[odd])


def test_fractions_are_ordered_and_compared_as_numbers(edited: Callable[..., Any]) -> None:
    """A property of numbers is sorted and filtered as such, negative ones and fractions too."""
    client = edited("IncidentDataInfo", "assignee", type="number", minimum=-50, maximum=50)
    by_time = {"field": "assignee", "operator": "asc", "values": ["x"]}
    tickets = client(per_page=200, sort_filter=by_time).tickets
    found = [ticket["assignee"] for ticket in tickets if "assignee" in ticket]
    assert found == sorted(found)
    assert min(found) < -1 < 1 < max(found)
    assert any(value % 1 for value in found)
    for operator, holds in ((">", float.__gt__), ("<", float.__lt__)):
        for bound in (-7.25, 0.5, 9):
            filters = [{"field": "assignee", "operator": operator, "values": [str(bound)]}]
            times = [ticket["assignee"] for ticket in client(per_page=200, string_filters=filters).tickets]
            assert sorted(times) == [value for value in found if holds(float(value), float(bound))]


def test_a_page_whose_size_nobody_says_has_one(edited: Callable[..., Any]) -> None:
    """A contract may leave the size to the service."""
    client = edited("ListIncidentsRequestBody", "per_page", default=None, maximum=7)
    assert 7 == len(client().tickets)


@pytest.mark.parametrize("name", ["TITLE", "title#"])
def test_names_too_alike_are_told(tmp_path: Path, name: str) -> None:
    """Two properties that would have one column in the database are refused at the start."""
    document = yaml.safe_load(yaml.safe_dump(SPEC))
    properties = document["components"]["schemas"]["IncidentDataInfo"]["properties"]
    properties[name] = properties["title"]
    (tmp_path / "openapi.yaml").write_text(yaml.safe_dump(document), "utf-8")
    with pytest.raises(contract.Mistake, match=r"ListIncidents has the properties .* too alike"):
        Store("sqlite://", contract.load(tmp_path / "openapi.yaml"))
