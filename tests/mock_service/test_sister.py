"""Another search of the same shape needs a change of the contract alone."""

from __future__ import annotations

import copy
import json
from urllib.parse import quote

import jsonschema_rs
import pytest
import yaml

from mock_service import contract, dataset
from mock_service.app import create
from mock_service.store import Store

PATH = "/v2/incidents/{incident_id}/histories"
INCIDENT = "IM202504101040380143525888"


@pytest.fixture(scope="module")
def sister(tmp_path_factory) -> contract.Contract:
    """The contract with a second search: the histories of one incident."""
    spec = yaml.safe_load(contract.SPEC.read_text("utf-8"))
    first = spec["paths"]["/v2/incidents/list"]["post"]
    schemas = spec["components"]["schemas"]
    schemas["History"] = {
        "type": "object",
        "properties": {
            "history_id": {"type": "string", "maxLength": 20, "examples": ["H0001"]},
            "action": {"type": "string", "x-extensible-enum": ["created", "accepted"]},
            "at": {"type": "integer", "x-timestamp": "ms"},
            "remark": {"type": "string", "maxLength": 8, "examples": ["a remark"]},
        },
    }
    schemas["Histories"] = {
        "type": "object",
        "properties": {
            "error_code": {"type": "string"},
            "error_msg": {"type": ["string", "null"], "maxLength": 30},
            "data": {
                "type": "object",
                "properties": {
                    "total": {"type": "integer"},
                    "info": {"type": "array", "maxItems": 7, "items": {"$ref": "#/components/schemas/History"}},
                },
            },
        },
    }
    second = copy.deepcopy(first)
    second["operationId"] = "ListIncidentsHistories"
    second["parameters"] = [
        {
            "name": "incident_id",
            "in": "path",
            "required": True,
            "schema": {"type": "string", "maxLength": 30},
            "example": INCIDENT,
        }
    ]
    second["requestBody"]["content"]["application/json"].pop("examples")
    good, bad = (second["responses"][status]["content"]["application/json"] for status in ("200", "400"))
    good["schema"] = bad["schema"] = {"$ref": "#/components/schemas/Histories"}
    good["examples"] = {"one": {"value": {"error_code": "0", "error_msg": None, "data": {"total": 0, "info": []}}}}
    second["x-pagination"] |= {"items": "/data/info"}
    second["x-query"] = {
        "key": "history_id",
        "string_filters": "string_filters",
        "condition": "condition",
        "sort": "sort_filter",
        "projection": "fields",
        "default_sort": {"field": "at", "operator": "asc"},
    }
    spec["paths"][PATH] = {"post": second}
    file = tmp_path_factory.mktemp("spec") / "openapi.yaml"
    file.write_text(yaml.safe_dump(spec, allow_unicode=True), "utf-8")
    return contract.load(file)


@pytest.fixture(scope="module")
def client(sister, client_type):
    """A client of the second search, on a store that holds data for both."""
    with Store("sqlite://", sister) as store:
        for operation in sister.operations:
            store.fill(operation, dataset.items(operation, 300, 1))
        yield client_type(create(sister, store), PATH.format(incident_id=INCIDENT))


def test_it_answers_with_data_of_its_own(client, sister):
    """Its items conform to its own schema, belong to the path's parent, and stand in its own order."""
    pages = [client(per_page=7, page=number).json["data"] for number in range(1, 5)]
    found = [item for page in pages for item in page["info"]]
    validator = jsonschema_rs.Draft202012Validator(sister.operations[1].item)
    assert [error.message for item in found for error in validator.iter_errors(item)] == []
    assert 0 < pages[0]["total"] == len(found) < 300
    assert [item["at"] for item in found] == sorted(item["at"] for item in found)
    other = client.send(b"{}", path=PATH.format(incident_id="nobody")).json["data"]
    assert (other["total"], other["info"]) == (0, [])


def test_a_parameter_in_the_path_has_its_bounds(client):
    """A value that the parameter's schema does not take is answered 400, and the answer names it."""
    assert client.send(b"{}", path=PATH.format(incident_id="x" * 30)).status == 200
    refused = client.send(b"{}", path=PATH.format(incident_id="x" * 31))
    assert refused.status == 400
    assert "incident_id" in refused.json["error_msg"]


def test_it_filters_and_pages_by_its_own_names(client):
    """Filters, conditions, projection and limits are those of its part of the contract."""
    filters = [{"name": "n", "field": "action", "operator": "=", "values": ["created"]}]
    data = client(string_filters=filters, condition="n", fields=["action"], contain_all=True).json["data"]
    assert data["info"] == [{"action": "created"}] * 7
    refused = client(string_filters=[{"field": "ticket_id", "operator": "=", "values": ["x"]}])
    assert refused.status == 400
    assert len(refused.json["error_msg"]) == 30


def test_the_first_search_is_as_it_was(client):
    """The incidents are still there."""
    assert client.send(b"{}", path="/v2/incidents/list").json["data"]["total"] == 300


def test_the_parameter_in_the_path_is_no_field(client):
    """It can be neither filtered, sorted nor asked for: no item has it."""
    each = {"field": "incident_id", "operator": "=", "values": ["x"]}
    for body in (
        {"string_filters": [each]},
        {"sort_filter": {**each, "operator": "desc"}},
        {"fields": ["incident_id"]},
    ):
        assert client.send(json.dumps(body).encode()).status == 400, body


def test_a_parents_name_may_hold_anything(sister, client_type):
    """A slash, a blank or a percent sign in the path's parameter is encoded, and is no part of the path."""
    with Store("sqlite://", sister) as store:
        operation = sister.operations[1]
        items = list(dataset.items(operation, 3, 1))
        for name in ("A/B", "a b%", "é"):
            store.replace(operation, [{**item, "incident_id": name} for item in items])
            client = client_type(create(sister, store), PATH.format(incident_id=quote(name, safe="")))
            assert client().json["data"]["total"] == 3, name
