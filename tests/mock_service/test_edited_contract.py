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
from mock_service.authentication import DEMO, Guard
from mock_service.store import Store

SPEC = yaml.safe_load(contract.SPEC.read_text("utf-8"))
NULLABLE = [{"type": ["string", "null"], "maxLength": 64}, {"oneOf": [{"type": "string"}, {"type": "null"}]}]
PATH, BELOW = "/v2/incidents/list", "/v2/incidents/{incident_id}/histories"
PARENT = "IM202504101040380143525888"
TWO = [{"field": "title", "operator": "between", "values": ["a", "z"]}]


@pytest.fixture
def mock_of(tmp_path: Path, client_type: Any) -> Any:
    """Makes a client of the mock of an edited contract."""
    stores: list[Store] = []

    def make(edit: Callable[[Any], object], guarded: bool = False, database: str = "sqlite://") -> Any:
        document = yaml.safe_load(yaml.safe_dump(SPEC))
        edit(document)
        file = tmp_path / "openapi.yaml"
        file.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), "utf-8")
        found = contract.load(file)
        stores.append(Store(database, found))
        for operation in found.operations:
            parents = {name: [PARENT] for name in operation.parameters}
            stores[-1].fill(operation, dataset.items(operation, 50, 1, parents))
        guard = Guard(found, [DEMO]) if guarded else None
        return client_type(create(found, stores[-1], guard=guard))

    yield make
    for store in stores:
        store.close()


@pytest.fixture
def edited(mock_of: Callable[..., Any]) -> Any:
    """Makes a client of the mock of a contract in which one member of one schema is another."""

    def make(schema: str, member: str, **keywords: Any) -> Any:
        def edit(document: Any) -> None:
            node = document["components"]["schemas"][schema]["properties"][member]
            for name in ("type", "minLength", "enum", "default", "x-enum-varnames"):
                if name in keywords or "oneOf" in keywords:
                    node.pop(name, None)
            node |= {name: value for name, value in keywords.items() if value is not None}

        return mock_of(edit)

    return make


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
    found = contract.envelope({"schema": schema, "example": {"a": None, "b": None, "c": None}})
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


@pytest.mark.parametrize(
    ("values", "operator", "like"),
    [
        ([True], "=", ["true"]),
        ([None, "true"], "=", ["true"]),
        ([0], ">", ["0"]),
        ([1.0, 7], "in", ["1", "7"]),
        ([None], "=", []),
        ([None], "!=", []),
        (None, "like", []),
    ],
)
def test_values_may_be_of_any_type_or_none(
    mock_of: Callable[..., Any], values: Any, operator: str, like: list[str]
) -> None:
    """What is compared is a value's text form; nothing is equal to no value, and everything differs from it."""

    def edit(document: Any) -> None:
        schema = document["components"]["schemas"]["ObjectFilterV2"]
        schema["required"].remove("values")
        schema["properties"]["values"] = {"type": "array", "items": {}}

    client = mock_of(edit)
    for field in ("is_service_interrupt", "handle_time"):
        each = {"field": field, "operator": operator}
        found = client(string_filters=[each if values is None else {**each, "values": values}], per_page=50).json
        assert client(string_filters=[{**each, "values": like}], per_page=50).json == found
        if not like:
            assert found["data"]["total"] == (50 if operator == "!=" else 0)


def test_a_body_that_is_required_must_be_there(mock_of: Callable[..., Any]) -> None:
    """Where the contract requires a body, none is a parameter error."""
    client = mock_of(lambda document: document["paths"][PATH]["post"]["requestBody"].update(required=True))
    reply = client.send(b"")
    assert (400, "Parameter error: the body is missing") == (reply.status, reply.json["error_msg"])
    assert 200 == client.send(b"{}").status


def test_a_concrete_path_goes_first(mock_of: Callable[..., Any]) -> None:
    """OpenAPI: of two paths that fit, the one without parameters is meant, wherever it stands."""

    def edit(document: Any) -> None:
        document["paths"] = {"/v2/incidents/{incident_id}": document["paths"].pop(BELOW), **document["paths"]}

    client = mock_of(edit)
    assert "tickets" in client().json["data"]
    assert "tickets" not in client.send(b"{}", path=f"/v2/incidents/{PARENT}").json["data"]


def test_a_parameter_may_be_a_part_of_a_segment(mock_of: Callable[..., Any]) -> None:
    """`/{incident_id}.json` takes what stands before its end, and nothing else."""
    path = BELOW.replace("}", "}.json")
    client = mock_of(lambda document: document["paths"].update({path: document["paths"].pop(BELOW)}))
    sent = {end: client.send(b"{}", path=BELOW.replace("{incident_id}", PARENT + end)) for end in (".json", "", ".xml")}
    assert [200, 404, 404] == [reply.status for reply in sent.values()]
    assert 0 < sent[".json"].json["data"]["total"]


@pytest.mark.parametrize("status", ["401", "403"])
def test_refusals_need_no_example(mock_of: Callable[..., Any], status: str) -> None:
    """A status that the contract leaves out has the gateway's members all the same."""

    def edit(document: Any) -> None:
        for item in document["paths"].values():
            item["post"]["responses"].pop(status)

    reply = mock_of(edit, guarded=True)()
    assert (401, {"error_code", "error_msg", "request_id"}) == (reply.status, reply.json.keys())


@pytest.mark.parametrize(
    ("gone", "says"), [("AuthToken", "authorization not found"), ("RequestSignature", "not found")]
)
def test_one_way_to_authenticate_is_enough(mock_of: Callable[..., Any], gone: str, says: str) -> None:
    """A contract may have tokens alone, or signatures alone; one without either cannot be guarded."""
    client = mock_of(lambda document: document["components"]["securitySchemes"].pop(gone), guarded=True)
    reply = client()
    assert (401, True) == (reply.status, reply.json["error_msg"].endswith(says))
    assert 401 == client.send(b"{}", none=DEMO.token).status
    with pytest.raises(contract.Mistake, match="neither tokens nor signatures to ask for; leave --auth out"):
        mock_of(lambda document: document["components"]["securitySchemes"].clear(), guarded=True)


def test_answers_need_no_example(mock_of: Callable[..., Any]) -> None:
    """An envelope is then what its schema says, a success among it."""

    def edit(document: Any) -> None:
        for response in document["paths"][PATH]["post"]["responses"].values():
            for media in response.get("content", {}).values():
                media.pop("examples", None)

    client = mock_of(edit)
    assert ("0", 50) == (client().json["error_code"], client().json["data"]["total"])
    assert (400, True) == ((refused := client(page=0)).status, refused.json["error_msg"].startswith("Parameter error"))


def test_anything_may_be_a_reference(mock_of: Callable[..., Any]) -> None:
    """Requests, answers and examples may stand under `components`."""

    def edit(document: Any) -> None:
        operation, parts = document["paths"][PATH]["post"], document["components"]
        examples = operation["responses"]["200"]["content"]["application/json"]["examples"]
        parts["examples"] = {"Page": next(iter(examples.values()))}
        examples[next(iter(examples))] = {"$ref": "#/components/examples/Page"}
        parts["requestBodies"] = {"Query": operation["requestBody"]}
        operation["requestBody"] = {"$ref": "#/components/requestBodies/Query"}
        for status in ("200", "400"):
            parts.setdefault("responses", {})[f"R{status}"] = operation["responses"][status]
            operation["responses"][status] = {"$ref": f"#/components/responses/R{status}"}

    client = mock_of(edit)
    assert 50 == client().json["data"]["total"]
    assert 400 == client(page=0).status


def test_pages_may_begin_at_zero(edited: Callable[..., Any]) -> None:
    """The page that the contract takes when none is asked for is the first."""
    client = edited("ListIncidentsRequestBody", "page", minimum=0, default=0)
    pages = [client(per_page=3, page=number).tickets for number in (0, 1)]
    assert client(per_page=6).tickets == [*pages[0], *pages[1]] != []


def test_a_size_without_an_end_ends_with_the_answer(edited: Callable[..., Any]) -> None:
    """However much is asked for, an answer holds as many as the contract lets it."""
    client = edited("ListIncidentsRequestBody", "per_page", maximum=2**70)
    assert 50 == len(client(per_page=2**63).tickets)


def test_numbers_may_be_keys(edited: Callable[..., Any]) -> None:
    """Made ones count up from the example."""
    client = edited("IncidentDataInfo", "ticket_id", type="integer", examples=[7], maxLength=None)
    assert set(range(8, 57)) <= {ticket["ticket_id"] for ticket in client(per_page=200).tickets}
    assert 1 == client(string_filters=[{"field": "ticket_id", "operator": "=", "values": ["9"]}]).json["data"]["total"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_names_that_a_database_would_cut_or_mistake(
    mock_of: Callable[..., Any], postgresql: Callable[..., str], tmp_path: Path, monkeypatch: Any, kind: str
) -> None:
    """A sister operation's long name, and properties whose names are long or have signs of SQL in them."""
    names, time = ["is it?", "x" * 63, "数" * 30], "t" * 63

    def edit(document: Any) -> None:
        operation = document["paths"][PATH]["post"]
        operation["operationId"] = "ListCocTicketOperationHistories"
        filters = [{"field": name, "operator": "=", "values": ["x"]} for name in ("work_flow_status", *names)]
        example = next(iter(operation["requestBody"]["content"]["application/json"]["examples"].values()))
        example["value"]["string_filters"] = filters
        properties = document["components"]["schemas"]["IncidentDataInfo"]["properties"]
        properties.update({name: {"type": "string", "examples": ["x"]} for name in names})
        properties[time] = properties["update_time"]
        del document["paths"][BELOW]

    database = postgresql("names") if kind == "postgresql" else f"sqlite:///{tmp_path}/names.db"
    client = mock_of(edit, database=database)
    monkeypatch.setattr(Store, "quick", False)  # as among many
    tickets = client(per_page=200).tickets
    by_time = client(per_page=200, sort_filter={"field": time, "operator": "asc", "values": ["x"]}).tickets
    assert sorted(int(ticket.get(time, 0)) for ticket in tickets) == [int(ticket.get(time, 0)) for ticket in by_time]
    for name in names:
        filters = [{"field": name, "operator": "=", "values": ["x"]}]
        found = client(string_filters=filters, sort_filter={"field": name, "operator": "asc", "values": ["x"]})
        assert sum(ticket.get(name) == "x" for ticket in tickets) == found.json["data"]["total"] > 0
