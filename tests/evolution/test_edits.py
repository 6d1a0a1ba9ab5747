"""Twenty edits of the contract: each leads, by `make generate` alone, to client, mock and gate that agree with it.

Each edit is made in a copy of the tree, and everything after it is that tree's own command: `generate`, `check`,
`diff`, the mock, the gate, and a program that uses the client. No edit comes with an edit of Python. The mock of the
contract as it was is judged by the new gate, which has to notice what the edit asks for. `make test` makes four edits
at once, `make campaign` each of them alone.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from attrs import Factory, frozen

from generator.audit import inventory
from generator.changes import Rating
from generator.versions import next_version

ROOT = Path(__file__).resolve().parents[2]
CONTRACT: dict[str, Any] = yaml.safe_load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"))
REQUEST, TICKET, FILTERS = "ListIncidentsRequestBody", "IncidentDataInfo", "ObjectFilterV2"
Schemas = dict[str, Any]


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
    """Requests that client and mock then take."""
    rejects: tuple[dict[str, Any], ...] = ()
    """Requests that both then refuse."""
    obliges: tuple[str, ...] = ()
    """Words of obligations that the gate then has."""
    noticed: str = ""
    """Words of what the new gate finds wrong with the old mock; empty: nothing, since the old one may stay as it is."""
    base: dict[str, Any] = Factory(lambda: {"page": 1})
    """A request that selects everything."""
    asks_for: str = ""
    """The member that an iteration without a body then names as missing."""
    page: tuple[str, str] | None = None
    """What changed on the page, as a text of its tables and its replacement; None: the tree has no page's data."""


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
        noticed="`locale`",
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
        noticed="`per_page` is at most 100",
        page=("range: '1 to 200'", "range: '1 to 100'"),
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
        noticed="`per_page` is at most 500",
        page=("range: '1 to 200'", "range: '1 to 500'"),
    ),
    "new bound of the request": Edit(
        put("CountFilterV2", "name", minLength=1),
        BREAKING,
        "CountFilterV2",
        "name",
        {"minLength": 1},
        accepts=({"count_filters": [{"name": "x", "filters": [FILTER]}]},),
        rejects=({"count_filters": [{"name": "", "filters": [FILTER]}]},),
        obliges=("`name` has at least 1",),
        noticed="`name` has at least 1",
    ),
    "bound of the request gone": Edit(
        put(REQUEST, "page", maximum=None),
        COMPATIBLE,
        REQUEST,
        "page",
        {"minimum": 1, "maximum": None},
        accepts=({"page": 1_000_001},),
        rejects=({"page": 0},),
    ),
    "fewest items of the request": Edit(
        put(REQUEST, "fields", minItems=1),
        BREAKING,
        REQUEST,
        "fields",
        {"minItems": 1},
        accepts=({"fields": ["title"]},),
        rejects=({"fields": []},),
        obliges=("`fields` has at least 1",),
        noticed="`fields` has at least 1",
    ),
    "an empty text of the request allowed": Edit(
        put(REQUEST, "condition", minLength=None, **{"x-assumption": None}),
        COMPATIBLE,
        REQUEST,
        "condition",
        {"minLength": None, "maxLength": 10_000},
        accepts=({"condition": ""}, {"condition": "", "string_filters": [FILTER]}),
        rejects=({"condition": "a" * 10_001},),
    ),
    "tighter bound of the answer": Edit(
        put(TICKET, "title", maxLength=100),
        COMPATIBLE,
        TICKET,
        "title",
        {"maxLength": 100},
        noticed="`title` has at most 100",
        page=(
            "{row: title, type: String, mandatory: 'No', range: 'Length: 0 to 255",
            "{row: title, type: String, mandatory: 'No', range: 'Length: 0 to 100",
        ),
    ),
    "looser bound of the answer": Edit(
        put(TICKET, "title", maxLength=999),
        BREAKING,
        TICKET,
        "title",
        {"maxLength": 999},
        page=(
            "{row: title, type: String, mandatory: 'No', range: 'Length: 0 to 255",
            "{row: title, type: String, mandatory: 'No', range: 'Length: 0 to 999",
        ),
    ),
    "member of the request renamed": Edit(
        renamed(REQUEST, "contain_sub_ticket", "sub_tickets"),
        BREAKING,
        REQUEST,
        "sub_tickets",
        {"type": "boolean"},
        rejects=({"sub_tickets": 1},),
        obliges=("`sub_tickets` is of type boolean",),
        noticed="`sub_tickets` is of type boolean",
    ),
    "member of the answer renamed": Edit(
        renamed(TICKET, "phase", "stage"), BREAKING, TICKET, "stage", {}, noticed="the answer was 400"
    ),
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
        noticed="`page` is mandatory",
        page=("{row: page, type: Integer, mandatory: 'No'", "{row: page, type: Integer, mandatory: 'Yes'"),
    ),
    "member without a role required": Edit(
        require(REQUEST, "contain_sub_ticket"),
        BREAKING,
        REQUEST,
        "contain_sub_ticket",
        {"type": "boolean"},
        accepts=({"contain_sub_ticket": True},),
        rejects=({}, {"page": 1}),
        noticed="`contain_sub_ticket` is mandatory",
        base={"contain_sub_ticket": False},
        asks_for="contain_sub_ticket",
    ),
    "new enum value of the request": Edit(
        put("SortFilterV2", "operator", enum=["desc", "asc", "none"], **{"x-enum-varnames": ["DESC", "ASC", "NONE"]}),
        COMPATIBLE,
        "SortFilterV2",
        "operator",
        {"enum": ["asc", "desc", "none"]},
        accepts=({"sort_filter": {**FILTER, "operator": "none"}},),
        rejects=({"sort_filter": {**FILTER, "operator": "None"}},),
        noticed="`operator` is one of",
    ),
    "new operator of the filters": Edit(
        put(FILTERS, "operator", enum=["=", "between"], **{"x-enum-varnames": ["EQ", "BETWEEN"]}),
        BREAKING,
        FILTERS,
        "operator",
        {"enum": ["=", "between"]},
        accepts=({"string_filters": [{**FILTER, "operator": "between", "values": ["a", "b"]}]},),
        rejects=({"string_filters": [{**FILTER, "operator": "like"}]},),
        noticed="`operator` is one of",
    ),
    "enum value of the request removed": Edit(
        put(FILTERS, "operator", enum=["="], **{"x-enum-varnames": ["EQ"]}),
        BREAKING,
        FILTERS,
        "operator",
        {"enum": ["="]},
        accepts=({"string_filters": [FILTER]},),
        rejects=({"string_filters": [{**FILTER, "operator": "like"}]},),
        noticed="operator",
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
        noticed="error_msg",
    ),
    "type of a request member changed": Edit(
        put(REQUEST, "contain_all", type="string", default="false", examples=["false"]),
        BREAKING,
        REQUEST,
        "contain_all",
        {"type": "string"},
        accepts=({"contain_all": "true"},),
        rejects=({"contain_all": True},),
        obliges=("`contain_all` is of type string",),
        noticed="`contain_all`",
    ),
}
TOGETHER = (
    "new member of the request",
    "tighter bound of the request",
    "member of the answer renamed",
    "new operation",
)
PARTS = ("generator", "generated_client", "mock_service", "contract_tests", "spec")
FILES = ("Makefile", "pyproject.toml", "constraints.txt", "LICENSE", "CHANGELOG.md")
BASE = ROOT / "spec" / "openapi.yaml"
PROBE = """
import json, sys
from msgspec import ValidationError
from coc_incidents import Client, F, errors, models
address, (requests, base), member = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
told, asks_for = [], ""
with Client(address) as client:
    for request in requests:
        try:
            client.list_incidents(models.ListIncidentsRequestBody.from_dict(request))
            told.append("accepted")
        except (errors.InvalidRequest, ValidationError):
            told.append("refused before it was sent")
        except errors.Error as error:
            told.append(f"{type(error).__name__}: {error}")
    body = models.ListIncidentsRequestBody.from_dict(base)
    tickets = list(client.list_incidents(body))[:3]
    shown = hasattr(tickets[0], member) if member else None
    same = next(client.iter_incidents(body=body)) == tickets[0] and len(tickets) == 3
    counted = client.count_incidents(body=body, every=F.ticket_id == tickets[0].ticket_id)["every"]
    try:
        next(client.iter_incidents(body=None))
        client.count_incidents(body=None, every=F.ticket_id == "none")
    except errors.InvalidRequest as error:
        asks_for = error.member
json.dump([told, same, counted, shown, asks_for], sys.stdout)
"""


def tree_with(edits: Sequence[Edit], folder: Path) -> Path:
    """A copy of all that `make generate`, the mock and the gate are, with edits of the contract."""
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in PARTS:
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    for name in FILES:
        shutil.copyfile(ROOT / name, folder / name)
    document = copy.deepcopy(CONTRACT)
    for edit in edits:
        edit.apply(document)
    (folder / "spec" / "openapi.yaml").write_text(json.dumps(document, indent=1, ensure_ascii=False), encoding="utf-8")
    if any(edit.page is None for edit in edits):  # what the page has to say: test_fidelity.py
        shutil.rmtree(folder / "spec" / "source")
        return folder
    tables = folder / "spec" / "source" / "tables.yaml"
    for edit in edits:
        assert edit.page is not None
        text = tables.read_text(encoding="utf-8")
        assert edit.page[0] in text
        tables.write_text(text.replace(*edit.page, 1), encoding="utf-8")
    return folder


def ran(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command of the tree itself, as a user there runs it."""
    environment = {**os.environ, "PYTHONPATH": f"{tree}{os.pathsep}{tree / 'generated_client'}"}
    command = [sys.executable, *words]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


@contextmanager
def mock_of(tree: Path) -> Iterator[str]:
    """The address of the mock of a tree."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "mock_service", "--port", "0", "--tickets", "300"]
    with subprocess.Popen(command, cwd=tree, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield next(
                line.removeprefix("listening on ").strip()
                for line in process.stdout
                if line.startswith("listening on ")
            )
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def old_mock() -> Iterator[str]:
    """The mock of the contract as it was before any edit."""
    with mock_of(ROOT) as address:
        yield address


def test_make_generate_is_the_command_that_is_run_here() -> None:
    """`make generate` runs `python -m generator generate`, without more words, and nothing else."""
    command = ["make", "--no-print-directory", "--dry-run", "generate"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert ".venv/bin/python -m generator generate" == done.stdout.splitlines()[-1]


def test_there_are_twenty_edits() -> None:
    """The promise is of twenty scripted edits."""
    assert 20 <= len(EDITS)


@pytest.mark.campaign
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_contract_is_all_it_takes(name: str, tmp_path: Path, old_mock: str) -> None:
    """After `generate`, client, mock and gate of the tree agree with the contract, and `diff` tells what it means."""
    edit = EDITS[name]
    tree = tree_with([edit], tmp_path)
    regenerates(tree, edit.rating)
    client_holds([edit], tree)
    gate_has([edit], tree)
    with mock_of(tree) as address:
        mock_and_client_agree(edit, tree, address)
        judged = gate(tree, address)
        assert ("conforms", []) == (judged["verdict"], judged["breaches"])
    if edit.noticed:
        assert edit.noticed in " ".join(noticed(tree, old_mock, "--fail-fast"))


def test_four_edits_at_once_take_no_more(tmp_path: Path, old_mock: str) -> None:
    """Edits of several kinds, made together, lead to the gravest rating, and each to what it leads to alone."""
    edits = [EDITS[name] for name in TOGETHER]
    tree = tree_with(edits, tmp_path)
    regenerates(tree, max(edit.rating for edit in edits))
    client_holds(edits, tree)
    gate_has(edits, tree)
    with mock_of(tree) as address:
        for edit in edits:
            mock_and_client_agree(edit, tree, address)
        judged = gate(tree, address, "--max-requests", "60")
        assert ("conforms", []) == (judged["verdict"], judged["breaches"])
    said = " ".join(noticed(tree, old_mock, "--max-requests", "300"))
    assert [] == [edit.noticed for edit in edits if edit.noticed not in said]


def regenerates(tree: Path, rating: Rating) -> None:
    """`generate` and `check` are content, and `diff` gives the rating and the version that follows."""
    generated = ran(tree, "-m", "generator", "generate")
    assert (0, "") == (generated.returncode, generated.stderr)
    assert 0 == ran(tree, "-m", "generator", "check").returncode
    told = json.loads(ran(tree, "-m", "generator", "diff", str(BASE), "--format", "json").stdout)
    assert (str(rating), next_version(told["base_version"], rating)) == (told["rating"], told["proposed_version"])


def client_holds(edits: Sequence[Edit], tree: Path) -> None:
    """The client's own inventory has the members as edited, and every operation."""
    document = json.loads((tree / "spec" / "openapi.yaml").read_text("utf-8"))
    client = inventory(tree / "generated_client", "coc_incidents")
    assert [method["post"]["operationId"] for method in document["paths"].values()] == [
        operation["name"] for operation in client["operations"]
    ]
    for edit in edits:
        held = client["components"][edit.schema]["properties"]
        assert (edit.member in held) == (edit.holds is not None)
        wanted = edit.holds or {}
        told = flat(held.get(edit.member, {}))
        assert wanted == {keyword: told.get(keyword) for keyword in wanted}


def flat(schema: dict[str, Any]) -> dict[str, Any]:
    """The keywords of a schema and of the alternatives in it."""
    found = dict(schema)
    for part in schema.get("anyOf", []):
        found |= {keyword: value for keyword, value in flat(part).items() if value != "null"}
    return found


def mock_and_client_agree(edit: Edit, tree: Path, address: str) -> None:
    """What the contract takes, both take; what it refuses, the client refuses unsent and the mock with 400."""
    requests = [*edit.accepts, *edit.rejects]
    sent = [httpx.post(f"{address}/v2/incidents/list", json=request).status_code for request in requests]
    assert [200] * len(edit.accepts) + [400] * len(edit.rejects) == sent
    member = edit.member if edit.schema == TICKET else ""
    done = ran(tree, "-c", PROBE, address, json.dumps([requests, edit.base]), member)
    assert 0 == done.returncode, done.stderr
    told, *rest = json.loads(done.stdout)
    assert ["accepted"] * len(edit.accepts) + ["refused before it was sent"] * len(edit.rejects) == told
    assert [True, 1, edit.holds is not None if member else None, edit.asks_for] == rest


def gate_has(edits: Sequence[Edit], tree: Path) -> None:
    """The gate's obligations speak of what was edited."""
    done = ran(tree, "-m", "contract_tests", "obligations")
    assert 0 == done.returncode
    assert [] == [words for edit in edits for words in edit.obliges if words not in done.stdout]


def gate(tree: Path, address: str, *options: str) -> dict[str, Any]:
    """The report of the tree's gate about a service; a breach of an assumption counts, too."""
    report = tree / "report"
    words = ["--target", address, "--report", str(report), "--level", "assumed", *options]
    done = ran(tree, "-m", "contract_tests", *words)
    assert 2 != done.returncode, done.stderr
    found: dict[str, Any] = json.loads((report / "report.json").read_text("utf-8"))
    return found


def noticed(tree: Path, address: str, *options: str) -> list[str]:
    """What the tree's gate finds wrong with a service of the contract as it was."""
    judged = gate(tree, address, *options)
    assert "does not conform" == judged["verdict"]
    return [one["says"] + one["message"] for one in judged["obligations"] if one["breach"]]
