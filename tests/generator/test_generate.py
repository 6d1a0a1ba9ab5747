"""`generate`: what it writes, that it is repeatable, and that a failure leaves the old client whole."""

from __future__ import annotations

import copy
import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

from generator import audit, generate, stamp
from generator.__main__ import main
from generator.problems import Refused

ROOT = Path(__file__).resolve().parents[2]
CLIENT = ROOT / "generated_client"
Edit = Callable[[dict[str, Any]], object]


def command(*arguments: str | Path, seed: str = "0") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    return subprocess.run(
        [sys.executable, "-m", "generator", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {name: path.read_bytes() for name, path in stamp.files_in(folder).items()}


def test_output_is_byte_identical_whatever_the_hash_seed(tmp_path: Path) -> None:
    """Two runs in processes with different hash seeds write the same bytes, those that are committed."""
    for seed in ("1", "4242"):
        done = command("generate", "--output", tmp_path / seed, seed=seed)
        assert (0, "") == (done.returncode, done.stderr)
    assert contents(tmp_path / "1") == contents(tmp_path / "4242")
    assert contents(CLIENT) == contents(tmp_path / "1")


def test_each_generated_file_says_so_in_its_first_line() -> None:
    """A reader of any file learns in line one that it is generated and from what; only the licence is left as it is."""
    said = "Generated from spec/openapi.yaml by `python -m generator generate`; do not edit."
    silent = [name for name, text in contents(CLIENT).items() if said not in text.decode().partition("\n")[0]]
    assert ["LICENSE"] == silent


def test_a_contract_that_is_refused_leaves_the_old_client_whole(
    tmp_path: Path, written: Callable[[Edit], Path]
) -> None:
    """A failure exits 1, names the problem, and changes no byte of the client that was there."""
    output = tmp_path / "client"
    assert 0 == command("generate", "--output", output).returncode
    before = contents(output)

    def lose_a_schema(document: dict[str, Any]) -> None:
        del document["components"]["schemas"]["CountFilterV2"]

    done = command("generate", "--spec", written(lose_a_schema), "--output", output)
    assert 1 == done.returncode
    assert "CountFilterV2" in done.stderr
    assert "Traceback" not in done.stderr
    assert before == contents(output)
    assert ["client", "openapi.json"] == sorted(path.name for path in tmp_path.iterdir())


def test_code_that_does_not_import_is_never_swapped_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When the fresh process cannot import the result, the command refuses and the old folder stays."""
    output = tmp_path / "client"
    output.mkdir()
    (output / stamp.NAME).write_text("whole")
    (tmp_path / "inventory.py").write_text("raise SystemExit('planted failure')")
    monkeypatch.setattr(audit, "_INVENTORY", tmp_path / "inventory.py")
    given = {"spec": generate.SPEC, "output": output, "package": generate.PACKAGE, "partial": False}
    options = type("Options", (), given)()
    with pytest.raises(Refused, match="planted failure"):
        generate.run(options)
    assert {stamp.NAME: b"whole"} == contents(output)


def test_only_a_client_is_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file, a folder with other things, and a place that cannot be written are refused in one sentence, exit 2."""
    (tmp_path / "file").write_text("mine")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "notes").write_text("mine")
    before = contents(tmp_path)
    for output, what in (("file", "is a file"), ("folder", "holds something else"), ("file/new", "cannot be written")):
        assert 2 == main(["generate", "--output", str(tmp_path / output)])
        told = capsys.readouterr().err
        assert what in told
        assert 1 == len(told.splitlines())
    assert before == contents(tmp_path)


def add_member(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["IncidentDataInfo"]["properties"]["close_time"] = {
        "type": ["integer", "string"],
        "x-timestamp": "ms",
        "description": "When the ticket was closed.",
        "examples": [1744252838072],
        "x-source": {"public": "a test"},
    }


def test_a_new_property_reaches_model_filters_and_datetimes(client_of: Callable[[Edit], ModuleType]) -> None:
    """One edit of the contract adds a typed member, its datetime, and a field to filter by."""
    made = client_of(add_member)
    ticket = made.IncidentDataInfo.from_dict({"close_time": "1744252838072"})
    assert 1744252838072 == ticket.close_time
    assert "2025-04-10T02:40:38.072000+00:00" == ticket.closed_at.isoformat()
    assert "close_time" == made.F.close_time.name


def test_a_tighter_bound_is_enforced_without_a_python_edit(client_of: Callable[[Edit], ModuleType]) -> None:
    """Changing `maximum` in the contract changes what the client refuses, and what it says."""

    def tighten(document: dict[str, Any]) -> None:
        document["components"]["schemas"]["ListIncidentsRequestBody"]["properties"]["per_page"]["maximum"] = 50

    made = client_of(tighten)
    with pytest.raises(made.errors.InvalidRequest, match="per_page is 51; it must be an integer from 1 to 50"):
        made.Client().list_incidents(made.ListIncidentsRequestBody(per_page=51))


def add_histories(document: dict[str, Any]) -> None:
    """The sister operation: another path, a path parameter, no paging, other names for the items."""
    schemas = document["components"]["schemas"]
    body = copy.deepcopy(schemas["ListIncidentsRequestBody"])
    for name in ("page", "per_page", "contain_all", "contain_total", "contain_sub_ticket"):
        del body["properties"][name]
    schemas["ListIncidentsHistoriesRequestBody"] = body
    info = {"type": "object", "description": "One step.", "properties": {}}
    info["properties"] = {
        "id": {"type": "string", "description": "The step's number."},
        "action": {"type": "string", "description": "What was done."},
    }
    schemas["HistoryInfo"] = info
    data = {
        "total": {"type": "integer"},
        "info": {"type": "array", "items": {"$ref": "#/components/schemas/HistoryInfo"}},
    }
    envelope = copy.deepcopy(schemas["ListIncidentsResponseBody"])
    envelope["properties"]["data"] = {"type": "object", "properties": data}
    schemas["ListIncidentsHistoriesResponseBody"] = envelope
    operation = copy.deepcopy(document["paths"]["/v2/incidents/list"]["post"])
    operation |= {
        "operationId": "ListIncidentsHistories",
        "x-pagination": {"items": "/data/info", "total": "/data/total"},
        "x-query": {"key": "id", "string_filters": "string_filters", "condition": "condition", "sort": "sort_filter"},
        "parameters": [
            {"name": "incident_id", "in": "path", "required": True, "schema": {"type": "string", "maxLength": 50}}
        ],
    }
    operation["requestBody"]["content"]["application/json"] = {
        "schema": {"$ref": "#/components/schemas/ListIncidentsHistoriesRequestBody"}
    }
    operation["responses"]["200"]["content"]["application/json"] = {
        "schema": {"$ref": "#/components/schemas/ListIncidentsHistoriesResponseBody"}
    }
    document["paths"]["/v2/incidents/{incident_id}/histories"] = {"post": operation}


def test_a_sister_operation_gets_its_methods_from_the_contract_alone(client_of: Callable[[Edit], ModuleType]) -> None:
    """`ListIncidentsHistories` yields a method, an iterator and a namespace of fields, and calls the right address."""
    made = client_of(add_histories)
    fields = importlib.import_module(f"{made.__name__}.fields").incidents_histories
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(
            200, json={"error_code": "0", "data": {"total": 1, "info": [{"id": "7", "action": "close"}]}}
        )

    with made.Client("https://example.test", transport=httpx.MockTransport(answer)) as client:
        found = list(client.iter_incidents_histories("IM 1", fields.action == "close", sort=fields.id.desc()))
        assert 1 == client.list_incidents_histories("IM1").total
    with pytest.raises(
        made.errors.InvalidRequest, match=r"incident_id is 'I.* it must be text of at most 50 characters"
    ):
        made.Client().list_incidents_histories("I" * 51)
    assert ["close"] == [item.action for item in found]
    assert "/v2/incidents/IM%201/histories" == seen[0].url.raw_path.decode()
    assert hasattr(made.AsyncClient, "iter_incidents_histories")
    assert "incidents" in dir(importlib.import_module(f"{made.__name__}.fields"))


PETS: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "2.1.0"},
    "paths": {
        "/pets": {
            "get": {
                "operationId": "listPets",
                "parameters": [{"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}],
                "responses": {
                    "200": {
                        "description": "Pets.",
                        "content": {
                            "application/json": {
                                "schema": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}}
                            }
                        },
                    },
                    "default": {
                        "description": "Wrong.",
                        "content": {"application/json": {"schema": {"type": "object"}}},
                    },
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                },
                "responses": {"201": {"description": "Made."}},
            },
        }
    },
    "components": {
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer"},
                    "petName": {"type": "string", "maxLength": 10, "nullable": True},
                    "parent": {"$ref": "#/components/schemas/Pet"},
                    "labels": {"type": "object", "additionalProperties": {"type": "string"}},
                },
            }
        }
    },
}


def pets(document: dict[str, Any]) -> None:
    document.clear()
    document.update(copy.deepcopy(PETS))


def test_a_document_without_our_extensions_becomes_a_client(client_of: Callable[[Edit], ModuleType]) -> None:
    """Parameters, bodies, statuses and bounds of any document are carried over: names as they are, bounds enforced."""
    made = client_of(pets)
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if request.method == "POST":
            return httpx.Response(201)
        return httpx.Response(200, json=[{"id": 1, "petName": None, "parent": {"id": 2}, "labels": {"a": "b"}}])

    with made.Client("https://pets.test", transport=httpx.MockTransport(answer)) as client:
        found = client.list_pets(limit=5)[0]
        client.post_pets(made.Pet(id=1, petName="Rex"))
        for call in (lambda: client.list_pets(limit=101), lambda: client.post_pets(made.Pet(id=1, petName="x" * 11))):
            with pytest.raises(made.errors.InvalidRequest, match="must be"):
                call()
    assert (1, None, 2, {"a": "b"}) == (found.id, found.petName, found.parent.id, found.labels)
    assert [("GET", "/pets?limit=5", b""), ("POST", "/pets", b'{"id":1,"petName":"Rex"}')] == [
        (request.method, request.url.raw_path.decode(), request.content) for request in seen
    ]


def test_a_member_that_python_cannot_name_keeps_its_name_on_the_wire(client_of: Callable[[Edit], ModuleType]) -> None:
    """The attribute has a name that Python spells; requests and answers have the contract's."""

    def at_sign(document: dict[str, Any]) -> None:
        pets(document)
        document["components"]["schemas"]["Pet"]["properties"]["@type"] = {"type": "string"}

    made = client_of(at_sign)
    assert {"id": 1, "@type": "dog"} == made.Pet(id=1, type="dog").to_dict()
    assert "cat" == made.Pet.from_dict({"id": 2, "@type": "cat"}).type


def test_a_document_without_any_class_becomes_a_client(client_of: Callable[[Edit], ModuleType]) -> None:
    """An operation that carries nothing needs no models, and the package imports all the same."""

    def bare(document: dict[str, Any]) -> None:
        document.clear()
        get = {"get": {"operationId": "ping", "responses": {"204": {"description": "Alive."}}}}
        document.update({"openapi": "3.1.0", "info": {"title": "Bare", "version": "1.0.0"}, "paths": {"/ping": get}})

    made = client_of(bare)
    with made.Client("https://bare.test", transport=httpx.MockTransport(lambda _: httpx.Response(204))) as client:
        assert client.ping() is None
