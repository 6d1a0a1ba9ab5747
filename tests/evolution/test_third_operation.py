"""A third query, by an edit of the contract alone: client, mock, gate and command line follow, with no edit of Python.

It is the vendor's `ListTickets`: pages and flags as in the first query, a parameter in its path that no link leads to,
and of the queries' features only string filters and a sort.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SDK = {"public": "huaweicloudsdkcoc, ListTickets"}
FLAGS = ("page", "per_page", "contain_all", "contain_total", "contain_sub_ticket")
PUBLIC = yaml.safe_load("""
operationId: ListTickets
tags: [incidents]
summary: Query issue tickets
description: Answers the tickets of one type that satisfy the filters, one page at a time.
x-source: &sdk {public: 'huaweicloudsdkcoc, ListTickets'}
x-pagination: {page: page, size: per_page, all: contain_all, total_wanted: contain_total,
               items: /data/tickets, total: /data/total}
x-query: {key: ticket_id, string_filters: string_filters, sort: sort_filter, columns: [ticket_id, title]}
x-assumption:
  - {id: filter-text-form, says: Filters compare the property's text form.}
  - {id: filter-order, says: Integers compare as numbers.}
  - {id: field-refused, says: A field that is no property is answered 400.}
  - {id: contain-all, says: 'With `contain_all` paging is ignored.'}
  - {id: total-absent, says: 'With `contain_total` false there is no total.'}
  - {id: page-past-end, says: A page past the end is empty.}
  - {id: sort-order, says: '`asc` is the reverse of `desc`.'}
  - {id: media-type, says: Another media type is answered 400.}
parameters:
  - name: ticket_type
    in: path
    required: true
    description: What kind of ticket to query.
    schema: {type: string, x-extensible-enum: [issues_mgmt, change]}
    example: issues_mgmt
    x-source: *sdk
requestBody:
  description: What to query.
  required: false
  x-source: *sdk
  content:
    application/json:
      schema: {$ref: '#/components/schemas/ListTicketsRequestBody'}
      examples: {page: {summary: A page, value: {page: 1, per_page: 5}}}
responses:
  '200':
    description: The tickets.
    x-source: *sdk
    content:
      application/json:
        schema: {$ref: '#/components/schemas/ListTicketsResponseBody'}
        examples:
          none: {summary: None, value: {error_code: GOM.00000000, error_msg: null, data: {total: 0, tickets: []}}}
  '400':
    description: A bound is broken.
    x-source: *sdk
    content:
      application/json:
        schema: {$ref: '#/components/schemas/ListTicketsResponseBody'}
        examples: {bound: {summary: A bound, value: {error_code: GOM.00007256, error_msg: Wrong, data: null}}}
  '404': {$ref: '#/components/responses/NotFound'}
""")
ISSUE = {
    "ticket_id": {"type": "string", "maxLength": 255, "examples": ["IS202504100001"]},
    "title": {"type": "string", "maxLength": 99, "examples": ["The disk fills up"]},
    "level_id": {"type": "string", "maxLength": 20, "x-extensible-enum": ["level_10", "level_20"]},
    "create_time": {"type": ["integer", "string"], "x-timestamp": "ms", "examples": [1744252838072]},
    "votes": {"type": "integer", "minimum": 0, "maximum": 5000, "examples": [3]},
}


def add_tickets(document: dict[str, Any]) -> None:
    """The edit: one path and four schemas; the request's members are those of the first query."""
    schemas = document["components"]["schemas"]
    first = schemas["ListIncidentsRequestBody"]["properties"]
    told = {"x-source": SDK, "description": "A property of a ticket."}
    body = {name: {**first[name], "x-source": SDK} for name in (*FLAGS, "string_filters", "sort_filter")}
    # The vendor's largest page here need not be the first query's.
    body["per_page"] = {**body["per_page"], "maximum": 100}
    schemas["ListTicketsRequestBody"] = {"type": "object", "properties": body, **told}
    schemas["IssueInfo"] = {
        "type": "object",
        "properties": {name: {"examples": ["level_10"], **part, **told} for name, part in ISSUE.items()},
        **told,
    }
    items = {"type": "array", "maxItems": 1000, "items": {"$ref": "#/components/schemas/IssueInfo"}, "examples": [[]]}
    total = {"type": "integer", "minimum": 0, "examples": [1]}
    schemas["ListTicketsData"] = {
        "type": "object",
        "properties": {"total": {**total, **told}, "tickets": {**items, **told}},
        **told,
    }
    envelope = json.loads(json.dumps(schemas["ListIncidentsHistoriesResponseBody"]))
    envelope["properties"]["data"]["oneOf"][0] = {"$ref": "#/components/schemas/ListTicketsData"}
    envelope["properties"]["data"]["examples"] = [{"total": 0, "tickets": []}]
    schemas["ListTicketsResponseBody"] = envelope
    document["paths"]["/v1/{ticket_type}/list-tickets"] = {"post": PUBLIC}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the edited contract, its client generated anew by the command that users run."""
    folder = tmp_path_factory.mktemp("tree")
    for part in ("generator", "generated_client", "mock_service", "contract_tests", "spec"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    for name in ("LICENSE", "CHANGELOG.md", "pyproject.toml", "constraints.txt"):
        shutil.copyfile(ROOT / name, folder / name)
    spec = folder / "spec" / "openapi.yaml"
    document = yaml.safe_load(spec.read_text(encoding="utf-8"))
    add_tickets(document)
    spec.write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    lint, generated = (ran(folder, "-m", "generator", command) for command in ("lint", "generate"))
    assert ("", 0) == (lint.stderr, lint.returncode)
    assert ("", 0) == (generated.stderr, generated.returncode)
    return folder


def ran(tree: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of the copy."""
    path = f"{tree}{os.pathsep}{tree / 'generated_client'}"
    told = {**os.environ, "PYTHONPATH": path, **environment}
    return subprocess.run(
        [sys.executable, *words], cwd=tree, env=told, capture_output=True, text=True, check=False, timeout=300
    )


@contextmanager
def mock_of(tree: Path, *words: str) -> Iterator[str]:
    """The address of the copy's mock, while it runs."""
    command = [sys.executable, "-m", "mock_service", "--port", "0", "--tickets", "200", *words]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    with subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().split()[-1]
        finally:
            process.terminate()


PROGRAM = """
import asyncio, sys
from coc_incidents import AsyncClient, Client, IssueInfo
from coc_incidents.fields import tickets as T
with Client(sys.argv[1]) as client:
    found = list(client.iter_tickets("issues_mgmt", T.votes > 100, sort=T.votes.desc(), per_page=7))
    assert found and all(isinstance(ticket, IssueInfo) and ticket.votes > 100 for ticket in found)
    assert [t.votes for t in found] == sorted((t.votes for t in found), reverse=True)
    assert found[0].created_at is None or found[0].created_at.year >= 2025
    total = client.list_tickets("issues_mgmt").total
async def same():
    async with AsyncClient(sys.argv[1]) as client:
        return [ticket.ticket_id async for ticket in client.iter_tickets("issues_mgmt")]
keys = asyncio.run(same())
assert len(set(keys)) == len(keys) == total
print(total)
"""


def test_client_and_command_line_speak_the_third_operation(tree: Path) -> None:
    """Methods, iteration, fields and commands are there, typed, blocking and asynchronous, against the copy's mock."""
    with mock_of(tree) as url:
        program = ran(tree, "-c", PROGRAM, url)
        assert ("", 0) == (program.stderr, program.returncode)
        words = ("-m", "coc_incidents.cli", "tickets", "list", "change", "--format", "jsonl", "--limit", "3")
        listed = ran(tree, *words, COC_ENDPOINT=url, COC_AUTH_TOKEN="x")
        assert 0 == listed.returncode
        assert [True] * 3 == ["ticket_id" in json.loads(line) for line in listed.stdout.splitlines()]
        counted = ran(tree, *words[:2], "tickets", "count", "issues_mgmt", COC_ENDPOINT=url, COC_AUTH_TOKEN="x")
        assert program.stdout == counted.stdout


def test_the_gate_knows_what_the_third_operation_owes(tree: Path) -> None:
    """Its obligations are listed under its own ids, none for features that it does not have."""
    listed = ran(tree, "-m", "contract_tests", "obligations", "--operation", "ListTickets")
    assert ("", 0) == (listed.stderr, listed.returncode)
    ids = {line.split()[0] for line in listed.stdout.splitlines()[:-1]}
    assert {"COC-ListTickets-R-page-slice", "COC-ListTickets-ListTicketsRequestBody.per_page-max"} <= ids
    assert set() == {id for id in ids if "R-condition" in id or "R-count" in id or "R-projection" in id}
    found = json.loads(ran(tree, "-m", "contract_tests", "obligations", "--operation", "ListTickets", "--json").stdout)
    assert {"assumed"} == {one["level"] for one in found}


@pytest.mark.campaign
@pytest.mark.parametrize(
    ("fault", "code", "by"),
    [
        ("", 0, ""),
        ("first-page-always", 1, "R-page"),
        ("not-equal-is-equal", 1, "R-filter-ne"),
        ("sort-ignored", 1, "R-"),
    ],
)
def test_the_gate_judges_the_third_operation(tree: Path, tmp_path: Path, fault: str, code: int, by: str) -> None:
    """A sound mock conforms at level assumed within 700 requests, relations exercised; a faulty one does not."""
    with mock_of(tree, *(["--fault", fault] if fault else [])) as url:
        words = ("--target", url, "--operation", "ListTickets", "--level", "assumed", "--report", str(tmp_path))
        judged = ran(tree, "-m", "contract_tests", *words, *(["--fail-fast"] if fault else []))
    assert code == judged.returncode, judged.stdout
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert all(by in id for id in report["breaches"][:1])
    if not fault:
        relations = {one["id"]: one["verdict"] for one in report["obligations"] if "-R-" in one["id"]}
        assert {"pass"} == set(relations.values())
        assert report["requests"] <= 700
