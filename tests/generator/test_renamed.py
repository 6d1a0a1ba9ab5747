"""A contract whose names Python cannot spell: the wire has them as they are, in filters, sorts, pages and counts."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import httpx
import pytest

TEXT = Path("spec/openapi.yaml").read_text(encoding="utf-8")
RENAMED = {
    "per_page": "page-size",
    "ticket_id": "ticket-id",
    "string_filters": "string-filters",
    "sort_filter": "sort-filter",
    "count_filters": "count-filters",
    "count_results": "count-results",
    "contain_all": "from",
    "error_code": "error-code",
    "prop_id": "prop-id",
    "name_en": "name-en",
    "level_id": "class",
}
ROLES = ("string_filters", "count_results")
PAGE = ("        page:\n          type: integer", "        page-no:\n          type: integer")
TICKETS = ("        tickets:\n          type: array", "        ticket-list:\n          type: array")


def renamed() -> str:
    """The contract with members that hold hyphens, or are words of Python."""
    text = TEXT
    for old, new in RENAMED.items():
        text = re.sub(rf"\b{old}\b(?![-\w])", new, text)
    for role in ROLES:  # these are words of the extension itself
        text = text.replace(f"        {RENAMED[role]}: ", f"        {role}: ")
    text = text.replace("        page: page\n", "        page: page-no\n").replace("/data/tickets", "/data/ticket-list")
    for old, new in (PAGE, TICKETS):
        assert old in text
        text = text.replace(old, new)
    return text


@pytest.fixture
def sent() -> list[Any]:
    """The bodies of the requests."""
    return []


@pytest.fixture
def module(client_of_document: Callable[[str], ModuleType]) -> ModuleType:
    """The client of the contract with other names."""
    return client_of_document(renamed())


@pytest.fixture
def service(sent: list[Any]) -> httpx.MockTransport:
    """A service with three tickets."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content)
        sent.append(body)
        size, page = body.get("page-size", 10), body.get("page-no", 1)
        entry = {"prop-id": "class", "biz_id": "level_10", "name-en": "Highest"}
        tickets = [
            {"ticket-id": f"IM{number}", "class": "level_10", "enum_data_list": [entry]}
            for number in range(3)[(page - 1) * size : page * size]
        ]
        data = {"total": 3, "ticket-list": tickets, "count-results": [7] * len(body.get("count-filters", []))}
        return httpx.Response(200, json={"error-code": "0", "data": data})

    return httpx.MockTransport(answer)


@pytest.fixture
def client(module: ModuleType, service: httpx.MockTransport) -> Any:
    """A client on the service."""
    return module.Client("https://renamed.test", transport=service)


def test_an_iteration_speaks_in_the_contracts_names(module: ModuleType, client: Any, sent: list[Any]) -> None:
    """Page, size, filter, sort and projection travel under their own names; items are told apart by their key."""
    urgent = module.F.class_ == "level_10"
    found = client.iter_incidents(
        urgent, sort=module.F.ticket_id.desc(), fields=["ticket-id", "class"], page_size=2, unique=True
    )
    assert ["IM0", "IM1", "IM2"] == [ticket.ticket_id for ticket in found]
    first = sent[0]
    assert (1, 2, ["ticket-id", "class"]) == (first["page-no"], first["page-size"], first["fields"])
    assert ("class", "ticket-id") == (first["string-filters"][0]["field"], first["sort-filter"]["field"])
    assert [1, 2] == [body["page-no"] for body in sent]
    assert module.F["class"].name == module.F.class_.name == "class"


def test_counts_and_bodies_speak_in_the_contracts_names(module: ModuleType, client: Any, sent: list[Any]) -> None:
    """Counts go and come under their own names, and a body may be a dict with the names of the wire."""
    assert {"urgent": 7} == client.count_incidents(urgent=module.F.class_ == "level_10")
    assert ["ticket-id"] == sent[-1]["fields"]
    assert "class" == sent[-1]["count-filters"][0]["filters"][0]["field"]
    assert 3 == len(list(client.iter_incidents(body={"page-size": 3, "from": False})))
    assert (1, 3, False) == tuple(sent[-1][name] for name in ("page-no", "page-size", "from"))
    with pytest.raises(module.errors.InvalidRequest, match="is in the body, and asked for beside it"):
        list(client.iter_incidents(body={"page-size": 3}, page_size=2))
    page = client.list_incidents({"page-no": 2, "page-size": 2})
    assert (2, 2, 1, 3) == (page.number, page.size, len(page), page.total)


def test_a_failure_is_told_by_the_member_of_the_contract(module: ModuleType) -> None:
    """The member that tells success from failure is found under its own name."""
    answer = httpx.Response(200, json={"error-code": "GOM.1", "error_msg": "bad", "data": None})
    with (
        module.Client("https://renamed.test", transport=httpx.MockTransport(lambda _: answer)) as client,
        pytest.raises(module.errors.Unsuccessful, match="bad"),
    ):
        client.list_incidents()


def test_the_command_line_speaks_in_the_contracts_names(
    module: ModuleType,
    service: httpx.MockTransport,
    sent: list[Any],
    capsysbinary: pytest.CaptureFixture[bytes],
) -> None:
    """Columns, conditions and orders are the contract's properties, and so are the keys of what is written."""
    cli = importlib.import_module(f"{module.__name__}.cli")
    run = importlib.import_module(f"{module.__name__}.runtime.cli").run

    def command(*words: str) -> str:
        made = lambda: module.Client("https://renamed.test", transport=service)  # noqa: E731
        assert 0 == run(made, cli.LISTINGS, "renamed", "1", words)
        return capsysbinary.readouterr().out.decode()

    found = command("list", "--where", "class = level_10", "--sort", "class", "--format", "jsonl", "--fields", "class")
    assert ['{"class":"level_10"}'] * 3 == found.splitlines()
    assert ("class", "class") == (sent[-1]["string-filters"][0]["field"], sent[-1]["sort-filter"]["field"])
    assert "ticket-id,class" == command("list", "--format", "csv", "--fields", "ticket-id,class").splitlines()[0]
    shown = command("list", "--fields", "ticket-id,class", "--limit", "1").split()
    assert ["ticket-id", "class", "IM0", "Highest"] == shown


def test_display_names_are_found_under_the_contracts_names(client: Any) -> None:
    """An entry that names a property by its name on the wire serves the attribute that Python spells otherwise."""
    assert "Highest" == next(client.iter_incidents()).display("class_")
