"""The second operation of the contract, in the client and on its command line, against the mock."""

from __future__ import annotations

import inspect
import json
from typing import Any

import httpx
import pytest
from coc_incidents import AsyncClient, Client, CocTicketHistoryBaseInfoV2, F, TokenAuth, cli, errors
from coc_incidents.fields import incidents_histories as H

INCIDENT = "IM202504101040380143525888"


@pytest.fixture
def client(mock: str) -> dict[str, Any]:
    return {"base_url": mock, "auth": TokenAuth("any")}


@pytest.fixture
def environment(mock: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line's way to the mock."""
    monkeypatch.setenv("COC_ENDPOINT", mock)
    monkeypatch.setenv("COC_AUTH_TOKEN", "token")
    monkeypatch.setenv("COLUMNS", "200")


def test_histories_are_filtered_sorted_projected_and_counted(call: Any, client: dict[str, Any]) -> None:
    """An expression over the entries' own fields selects what it says; counts, iteration and totals agree."""
    everything = call("iter_incidents_histories", INCIDENT, client=client)
    done = (H.status == "INCIDENT_STATUS_RESOLVED") | H.status.startswith("INCIDENT_STATUS_COMP")
    found = call("iter_incidents_histories", INCIDENT, done, sort=H.start_time.asc(), client=client)
    assert {CocTicketHistoryBaseInfoV2} == {type(entry) for entry in found}
    assert {"INCIDENT_STATUS_RESOLVED", "INCIDENT_STATUS_COMPLETED"} == {entry.status for entry in found}
    assert [entry.start_time for entry in found] == sorted(entry.start_time for entry in found)
    assert 0 < len(found) < len(everything) == call("list_incidents_histories", INCIDENT, client=client).total
    resolved = H.status == "INCIDENT_STATUS_RESOLVED"
    counted = call("count_incidents_histories", INCIDENT, resolved=resolved, none=H.action == "none", client=client)
    assert {"resolved": sum(e.status == "INCIDENT_STATUS_RESOLVED" for e in everything), "none": 0} == counted
    short = call("iter_incidents_histories", INCIDENT, fields=["action", "start_time"], max_items=1, client=client)
    assert [None, True] == [short[0].status, short[0].started_at.year >= 2025]


def test_display_names_and_unknown_incidents(call: Any, client: dict[str, Any]) -> None:
    """Coded values have their names; an incident that nobody knows has no entries; its number is checked first."""
    entry = next(e for e in call("iter_incidents_histories", INCIDENT, client=client) if e.status == "incident_draft")
    assert ("DRAFT", "草稿") == (entry.display("status"), entry.display("status", "zh"))
    assert [] == call("iter_incidents_histories", "nobody", client=client)
    with pytest.raises(errors.InvalidRequest, match="incident_id"):
        call("iter_incidents_histories", "I" * 51, client=client)
    with pytest.raises(errors.BadRequest):
        call("iter_incidents_histories", INCIDENT, F.level_id == "level_10", client=client)


def test_both_clients_have_the_same_methods_of_both_operations() -> None:
    """Each method of the second operation stands in both clients, with one signature."""
    names = {name for name in dir(Client) if name.endswith(("_histories", "_histories_pages"))}
    assert {"list_incidents_histories", "iter_incidents_histories", "count_incidents_histories"} <= names
    for name in names:
        one, other = (inspect.signature(getattr(made, name)) for made in (Client, AsyncClient))
        assert list(one.parameters) == list(other.parameters)


def test_entries_of_one_key_all_come(call: Any) -> None:
    """What all stands in one answer comes as it is: two entries of the same moment are two entries."""
    entries = [{"start_time": 5, "action": "a"}, {"start_time": 5, "action": "b"}]
    answer = {"error_code": "0", "data": {"total": 2, "info": entries}}
    found = call("iter_incidents_histories", INCIDENT, handler=lambda _: httpx.Response(200, json=answer))
    assert ["a", "b"] == [entry.action for entry in found]


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_what_has_no_pages_offers_nothing_that_they_need(kind: Any) -> None:
    """Neither arguments nor docstrings speak of pages where there are none, nor of the other operation's fields."""
    for method in (kind.iter_incidents_histories, kind.iter_incidents_histories_pages):
        assert not {"unique", "prefetch", "page", "per_page"} & inspect.signature(method).parameters.keys()
        said = " ".join(str(method.__doc__).split())
        assert "`incidents_histories.start_time.desc()`, of the module `fields`" in said
        assert not any(word in said for word in ("resume", "F.", "prefetch"))
    assert "`P1=incidents_histories.status ==" in str(kind.count_incidents_histories.__doc__)


def test_the_first_operation_keeps_its_commands(environment: None, capsys: pytest.CaptureFixture[str]) -> None:
    """`list`, `export` and `count` speak of incidents as before, and have the options that they had."""
    assert 0 == cli.main(["count", "--where", "level_id = level_10"])
    assert int(capsys.readouterr().out) > 0
    for command in ("list", "export", "count"):
        with pytest.raises(SystemExit) as left:
            cli.main([command, "--help"])
        shown = capsys.readouterr().out
        assert (0, True) == (left.value.code, "level_id in (level_10, level_20)" in shown)
        assert "histories" not in shown


def test_the_second_operation_has_commands_of_its_own(environment: None, capsys: pytest.CaptureFixture[str]) -> None:
    """`histories list | export | count INCIDENT_ID` come from the contract, with the entries' columns and fields."""
    assert 0 == cli.main(["histories", "list", INCIDENT, "--limit", "3", "--where", "status = incident_draft"])
    shown = capsys.readouterr()
    columns = ["start_time", "stop_time", "action_name_en", "operator", "status", "comment"]
    assert columns == shown.out.splitlines()[0].split()
    assert "DRAFT" in shown.out
    assert 0 == cli.main(["histories", "count", INCIDENT, "drafts=status = incident_draft", "all=action != x"])
    drafts, everything = (int(line.split("\t")[1]) for line in capsys.readouterr().out.splitlines())
    assert 0 < drafts < everything
    assert 2 == cli.main(["histories", "list", INCIDENT, "--fields", "ticket_id"])
    assert "'ticket_id' is no property" in capsys.readouterr().err


def test_an_export_of_one_incident_is_all_or_nothing(
    environment: None, tmp_path: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without pages there is nothing to go on with, and no option for their size."""
    target = tmp_path / "histories.jsonl"
    assert 0 == cli.main(["histories", "export", INCIDENT, "--output", str(target)])
    entries = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    times = [entry["start_time"] for entry in entries]
    assert sorted(times) == times
    assert [target] == list(tmp_path.iterdir())
    for words in (["list", INCIDENT, "--per-page", "5"], ["export", INCIDENT, "--resume"]):
        with pytest.raises(SystemExit) as left:
            cli.main(["histories", *words])
        assert 2 == left.value.code
