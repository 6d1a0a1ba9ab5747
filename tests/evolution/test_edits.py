"""Twenty edits of the contract: each leads, by the contract alone, to a client, a mock and a gate that agree with it.

Client: its inventory (the JSON Schema of its own annotations). Mock: the validator and the item that it answers from.
Gate: its obligations. The rating is `diff`'s. No edit comes with an edit of Python.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from attrs import frozen

from contract_tests.contract import Contract
from contract_tests.obligations import obligations
from generator import diff
from generator.audit import audit_problems, inventory
from generator.changes import Rating
from generator.document import load
from generator.rendering import render
from mock_service import contract as mock_contract

ROOT = Path(__file__).resolve().parents[2]
CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"))
REQUEST, TICKET, DATA = "ListIncidentsRequestBody", "IncidentDataInfo", "ListIncidentsResponseBodyData"
Schemas = dict[str, Any]
JSON = "application/json"


def members(document: dict[str, Any], schema: str) -> Schemas:
    found: Schemas = document["components"]["schemas"][schema]["properties"]
    return found


def listing(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = document["paths"]["/v2/incidents/list"]["post"]
    return found


@frozen
class Edit:
    """One edit, its rating, and what it must lead to."""

    apply: Callable[[dict[str, Any]], object]
    rating: Rating
    schema: str = REQUEST
    member: str = ""
    holds: dict[str, Any] | None = None
    """What the client's schema of the member then says; None: the member is gone."""
    accepts: tuple[dict[str, Any], ...] = ()
    """Requests that the mock then takes."""
    rejects: tuple[dict[str, Any], ...] = ()
    """Requests that it then refuses."""
    obliges: tuple[str, ...] = ()
    """Words of obligations that the gate then has."""


def put(schema: str, member: str, **keywords: Any) -> Callable[[dict[str, Any]], object]:
    """Set keywords of a member; None takes one away."""

    def apply(document: dict[str, Any]) -> None:
        node = members(document, schema).setdefault(member, {})
        for keyword, value in keywords.items():
            node.pop(keyword, None)
            if value is not None:
                node[keyword] = value

    return apply


def gone(schema: str, member: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: members(document, schema).pop(member)


def renamed(schema: str, old: str, new: str) -> Callable[[dict[str, Any]], object]:
    def apply(document: dict[str, Any]) -> None:
        found = members(document, schema)
        found[new] = found.pop(old)

    return apply


def require(schema: str, member: str) -> Callable[[dict[str, Any]], object]:
    return lambda document: document["components"]["schemas"][schema].setdefault("required", []).append(member)


def another_status(document: dict[str, Any]) -> None:
    listing(document)["responses"]["409"] = {"$ref": "#/components/responses/TooManyRequests"}


def another_operation(document: dict[str, Any]) -> None:
    other = copy.deepcopy(listing(document))
    other["operationId"] = "ListArchivedIncidents"
    document["paths"]["/v2/incidents/archived"] = {"post": other}


SOURCE = {"x-source": {"public": "an edit"}, "description": "An edit.", "examples": ["x"]}
BREAKING, COMPATIBLE = Rating.BREAKING, Rating.COMPATIBLE
FILTER = {"field": "title", "operator": "=", "values": ["x"]}

EDITS = {
    "new member of the request": Edit(
        put(REQUEST, "locale", type="string", maxLength=5, **SOURCE),
        COMPATIBLE,
        REQUEST,
        "locale",
        {"maxLength": 5},
        accepts=({"locale": "en_US"},),
        rejects=({"locale": "en_US!"},),
        obliges=("`locale` has at most 5",),
    ),
    "new member of the answer": Edit(
        put(TICKET, "site", type="string", maxLength=7, **SOURCE),
        COMPATIBLE,
        TICKET,
        "site",
        {"maxLength": 7},
    ),
    "tighter bound of the request": Edit(
        put(REQUEST, "per_page", maximum=100),
        BREAKING,
        REQUEST,
        "per_page",
        {"maximum": 100},
        accepts=({"per_page": 100},),
        rejects=({"per_page": 101},),
        obliges=("`per_page` is at most 100.",),
    ),
    "looser bound of the request": Edit(
        put(REQUEST, "per_page", maximum=500),
        COMPATIBLE,
        REQUEST,
        "per_page",
        {"maximum": 500},
        accepts=({"per_page": 500},),
        rejects=({"per_page": 501},),
        obliges=("`per_page` is at most 500.",),
    ),
    "new bound of the request": Edit(
        put(REQUEST, "fields", minItems=1),
        BREAKING,
        REQUEST,
        "fields",
        {"minItems": 1},
        accepts=({"fields": ["title"]},),
        rejects=({"fields": []},),
    ),
    "bound of the request gone": Edit(
        put(REQUEST, "condition", minLength=None),
        COMPATIBLE,
        REQUEST,
        "condition",
        {"maxLength": 10000},
        accepts=({"condition": ""},),
    ),
    "tighter bound of the answer": Edit(
        put(TICKET, "title", maxLength=100),
        COMPATIBLE,
        TICKET,
        "title",
        {"maxLength": 100},
    ),
    "looser bound of the answer": Edit(
        put(TICKET, "title", maxLength=999),
        BREAKING,
        TICKET,
        "title",
        {"maxLength": 999},
    ),
    "member of the request renamed": Edit(
        renamed(REQUEST, "contain_sub_ticket", "sub_tickets"),
        BREAKING,
        REQUEST,
        "sub_tickets",
        {"type": "boolean"},
        rejects=({"sub_tickets": 1},),
    ),
    "member of the answer renamed": Edit(renamed(TICKET, "phase", "stage"), BREAKING, TICKET, "stage", {}),
    "member of the request removed": Edit(gone(REQUEST, "contain_sub_ticket"), BREAKING, REQUEST, "contain_sub_ticket"),
    "member of the answer removed": Edit(gone(TICKET, "phase"), BREAKING, TICKET, "phase"),
    "member of the request required": Edit(
        require(REQUEST, "page"),
        BREAKING,
        REQUEST,
        "page",
        {},
        accepts=({"page": 1},),
        rejects=({},),
    ),
    "new enum value of the request": Edit(
        put("SortFilterV2", "operator", enum=["desc", "asc", "none"], **{"x-enum-varnames": ["DESC", "ASC", "NONE"]}),
        COMPATIBLE,
        "SortFilterV2",
        "operator",
        {"enum": ["asc", "desc", "none"]},
        accepts=({"sort_filter": {**FILTER, "operator": "none"}},),
    ),
    "enum value of the request removed": Edit(
        put("ObjectFilterV2", "operator", enum=["="], **{"x-enum-varnames": ["EQ"]}),
        BREAKING,
        "ObjectFilterV2",
        "operator",
        {"enum": ["="]},
        accepts=({"string_filters": [FILTER]},),
        rejects=({"string_filters": [{**FILTER, "operator": "like"}]},),
    ),
    "known values of an open set replaced": Edit(
        put(
            TICKET,
            "source_id",
            **{"x-extensible-enum": ["incident_source_manual", "incident_source_phone"], "x-enum-labels": None},
        ),
        BREAKING,
        TICKET,
        "source_id",
        {"type": "string"},
    ),
    "new status": Edit(another_status, COMPATIBLE, obliges=("The body of a 409",)),
    "new operation": Edit(another_operation, COMPATIBLE),
    "nullable on in the answer": Edit(
        put(TICKET, "assignee", type=["string", "null"]),
        BREAKING,
        TICKET,
        "assignee",
        {},
    ),
    "nullable off in the answer": Edit(
        put("ListIncidentsResponseBody", "error_msg", type="string"),
        COMPATIBLE,
        "ListIncidentsResponseBody",
        "error_msg",
        {},
    ),
    "type of a request member changed": Edit(
        put(REQUEST, "contain_all", type="string", default="false", examples=["false"]),
        BREAKING,
        REQUEST,
        "contain_all",
        {"type": "string"},
        accepts=({"contain_all": "true"},),
        rejects=({"contain_all": True},),
    ),
}
QUICK = ("new member of the request", "tighter bound of the request", "member of the answer renamed", "new operation")


@pytest.mark.parametrize(
    "name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.campaign) for name in EDITS]
)
def test_an_edit_of_the_contract_is_all_it_takes(name: str, tmp_path: Path) -> None:
    """Client, mock and gate follow the edited contract, and the rating tells callers what it means for them."""
    edit = EDITS[name]
    document = copy.deepcopy(CONTRACT)
    edit.apply(document)
    path = tmp_path / "openapi.json"
    path.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    assert edit.rating == diff.difference(str(ROOT / "spec" / "openapi.yaml"), path).rating
    client_agrees(edit, document, path, tmp_path / "client")
    mock_agrees(edit, document, path)
    gate_agrees(edit, document, path)


def client_agrees(edit: Edit, document: dict[str, Any], path: Path, folder: Path) -> None:
    loaded = load(path, strict=False)
    render(loaded, folder, "coc_incidents")
    client = inventory(folder, "coc_incidents")
    assert [] == audit_problems(loaded, client)
    assert [method["post"]["operationId"] for method in document["paths"].values()] == [
        operation["name"] for operation in client["operations"]
    ]
    held = client["components"][edit.schema]["properties"]
    assert (edit.member in held) == (edit.holds is not None or (edit.member == "" and False))
    wanted = {} if edit.holds is None else edit.holds
    told = flat(held.get(edit.member, {}))
    assert wanted == {keyword: told.get(keyword) for keyword in wanted}


def flat(schema: dict[str, Any]) -> dict[str, Any]:
    """The keywords of a schema and of the alternatives in it."""
    found = dict(schema)
    for part in schema.get("anyOf", []):
        found |= {keyword: value for keyword, value in flat(part).items() if value != "null"}
    return found


def mock_agrees(edit: Edit, document: dict[str, Any], path: Path) -> None:
    contract = mock_contract.load(path)
    assert list(document["paths"]) == [operation.path for operation in contract.operations]
    first = contract.operations[0]
    assert list(members(document, TICKET)) == list(first.item["properties"])
    assert [True] * len(edit.accepts) == [first.validator.is_valid(request) for request in edit.accepts]
    assert [False] * len(edit.rejects) == [first.validator.is_valid(request) for request in edit.rejects]


def gate_agrees(edit: Edit, document: dict[str, Any], path: Path) -> None:
    contract = Contract.load(path)
    assert list(document["paths"]) == [operation.path for operation in contract.operations]
    says = [obligation.says for obligation in obligations(contract, contract.operations[0])]
    assert [] == [words for words in edit.obliges if not any(words in said for said in says)]
