"""Databases that were made for another contract, or by another version of the mock."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pytest
import sqlalchemy as sa
import yaml

from mock_service import contract, database, totals
from mock_service.app import create
from mock_service.layout import LAYOUT, document, row
from mock_service.ledger import digest
from mock_service.sql import key_of
from mock_service.store import Store

NUMBER = 40
NUL = {"field": "approver", "operator": "=", "values": ["a\0b\1"]}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: Any, tmp_path: Path, postgresql: Any, spec: contract.Contract, tickets: list[dict[str, Any]]) -> str:
    """A database of each kind that holds some tickets, one of them approved by somebody with an odd name."""
    found = f"sqlite:///{tmp_path}/mock.db" if request.param == "sqlite" else str(postgresql())
    engine = database.engine(found)
    with engine.begin() as connection:
        for name in sa.inspect(connection).get_table_names():
            connection.exec_driver_sql(f'DROP TABLE "{name}"')
    engine.dispose()
    own = [{**each, "mood": f"mood {serial % 3}"} for serial, each in enumerate(tickets[:NUMBER])]
    own[7] |= {"approver": "a\0b\1"}
    with Store(found, spec) as store:
        store.replace(spec.operations[0], own)
    return found


@pytest.fixture
def edited(tmp_path: Path) -> Callable[..., contract.Contract]:
    """Makes the contract in which an edit has changed the schema of a ticket and the whole document."""

    def make(edit: Callable[[Any, Any], object]) -> contract.Contract:
        document = yaml.safe_load(contract.SPEC.read_text("utf-8"))
        edit(document["components"]["schemas"]["IncidentDataInfo"], document)
        file = tmp_path / "openapi.yaml"
        file.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
        return contract.load(file)

    return make


def with_mood(ticket: Any, _: Any) -> None:
    """The contract gains a property."""
    ticket["properties"]["mood"] = {"type": "string"}


def without_phase(ticket: Any, _: Any) -> None:
    """The contract loses a property."""
    del ticket["properties"]["phase"]


def statements(url: str, *texts: str) -> None:
    """Execute SQL."""
    engine = database.engine(url)
    with engine.begin() as connection:
        for text in texts:
            connection.exec_driver_sql(text)
    engine.dispose()


def index_names(url: str) -> set[str]:
    """The indexes of the tickets' table."""
    engine = database.engine(url)
    found = {str(each["name"]) for each in sa.inspect(engine).get_indexes("ListIncidents")}
    engine.dispose()
    return found


def everything(mock: Any) -> list[Any]:
    """All that a service answers of its tickets, and whose approver has the odd name."""
    return [mock(per_page=200).json, mock(string_filters=[NUL]).json]


OLDER = {
    "without a ledger": ['DROP TABLE "#ledger"'],
    "without totals": [
        'DROP TABLE "#ledger"',
        'DROP TABLE "ListIncidents#total"',
        'DROP TABLE "ListIncidentsHistories"',
    ],
    "one table for all": [
        'DROP TABLE "#ledger"',
        'ALTER TABLE "ListIncidents" ADD COLUMN "#item" BYTEA',
        'UPDATE "ListIncidents" SET "#item" = '
        '(SELECT "#item" FROM "ListIncidents#item" i WHERE i."#serial" = "ListIncidents"."#serial")',
        'DROP TABLE "ListIncidents#item"',
    ],
}


@pytest.mark.parametrize("older", OLDER)
def test_an_older_database_is_refused_and_can_be_renewed(url, older, spec, client_of):
    """What older versions left is not guessed at; `renew` keeps every ticket, and what is only filterable."""
    with Store(url, spec) as store:
        before = everything(client_of(store))
    statements(url, *OLDER[older])
    with pytest.raises(contract.Mistake, match=r"mock_service renew --database URL` stores its items anew"):
        Store(url, spec)
    with Store(url, spec, renew=True) as store:
        assert before == everything(client_of(store))
        assert before[1]["data"]["total"] == 1
    with Store(url, spec) as store:
        assert before == everything(client_of(store))


def test_a_new_property_is_filtered_after_a_renewal(url, edited, client_type):
    """Tickets may have held the property before the contract had it."""
    wider = edited(with_mood)
    with pytest.raises(contract.Mistake, match="it has no column 'mood'"):
        Store(url, wider)
    with Store(url, wider, renew=True) as store:
        mood = {"field": "mood", "operator": "=", "values": ["mood 1"]}
        client = client_type(create(wider, store))
        assert client(string_filters=[mood]).json["data"]["total"] == len(range(1, NUMBER, 3))


def test_a_property_that_the_contract_lost_stays_in_the_tickets(url, spec, client_of, edited, client_type):
    """A renewal there and back answers what was answered before."""
    narrower = edited(without_phase)
    with Store(url, spec) as store:
        before = everything(client_of(store))
    with pytest.raises(contract.Mistake, match="made for another contract"):
        Store(url, narrower)
    with Store(url, narrower, renew=True) as store:
        assert before[0] == client_type(create(narrower, store))(per_page=200).json
        phase = {"field": "phase", "operator": "=", "values": ["x"]}
        assert client_type(create(narrower, store))(string_filters=[phase]).status == 400
    with Store(url, spec, renew=True) as store:
        assert before == everything(client_of(store))


def test_tickets_that_no_longer_fit_are_told_and_stay(url, spec, client_of, edited):
    """A renewal that would store what the contract forbids changes nothing."""
    stricter = edited(lambda ticket, _: ticket["properties"]["title"].update(maxLength=3))
    with Store(url, spec) as store:
        before = everything(client_of(store))
    with pytest.raises(contract.Mistake, match=r"'IM\w+' among the items .* title: value is longer than 3 characters"):
        Store(url, stricter, renew=True)
    with Store(url, spec) as store:
        assert before == everything(client_of(store))


def test_words_of_the_contract_need_no_renewal(url, edited):
    """A description, an example or another order of the properties changes no ticket."""

    def reword(ticket: Any, document: Any) -> None:
        ticket["properties"] = dict(reversed(ticket["properties"].items()))
        ticket["properties"]["title"] |= {"description": "Other words.", "examples": ["other"]}
        document["info"]["description"] = "Other words."

    with Store(url, edited(reword)) as store:
        assert store.rows('SELECT count(*) FROM "ListIncidents"', ()) == [(NUMBER,)]


def test_indexes_that_are_missing_or_other_are_made_at_the_start(url, spec, edited, capfd):
    """A service never looks for an index that is not there, nor uses one that stands in another order."""
    before = index_names(url)
    statements(url, 'DROP INDEX "ListIncidents_update_time"')
    Store(url, spec).close()
    assert before == index_names(url)
    assert "making 1 indexes of ListIncidents" in capfd.readouterr().err

    def sort_otherwise(_: Any, document: Any) -> None:
        query = document["paths"]["/v2/incidents/list"]["post"]["x-query"]
        query["default_sort"] = {"field": "update_time", "operator": "desc"}

    other = edited(sort_otherwise)
    with Store(url, other) as store:
        parts = {each["name"]: each["column_names"] for each in sa.inspect(store.engine).get_indexes("ListIncidents")}
    assert parts["ListIncidents_level_id"] == ["level_id", "update_time#", "update_time", "#serial"]
    assert before == index_names(url)


def test_totals_follow_the_contracts_known_values(url, edited, client_type, monkeypatch):
    """A property that becomes one of few values is counted with the others at the next start."""
    monkeypatch.setattr(totals, "COMMON", 2)

    def more_known(ticket: Any, _: Any) -> None:
        ticket["properties"]["mtm_region"]["x-extensible-enum"] = ["cn-north-4"]

    with Store(url, edited(more_known)) as store:
        numbers = [
            store.rows(f'SELECT {number} FROM "{table}" WHERE mtm_region IS NOT NULL', ())
            for number, table in (("count(*)", "ListIncidents"), ('sum("#number")', "ListIncidents#combined"))
        ]
        assert numbers[0] == numbers[1] != [(0,)]
        region = {"field": "mtm_region", "operator": "!=", "values": ["x"]}
        assert client_type(create(edited(more_known), store))(string_filters=[region]).json["data"]["total"] == NUMBER


def test_a_start_that_lacks_nothing_does_not_write(url, spec):
    """While somebody else loads, or on a server that only reads, a service starts all the same."""
    engine = database.engine(url)
    with database.writing(engine), Store(url, spec) as store:
        store.fill(spec.operations[0], [])
        assert store.rows('SELECT count(*) FROM "ListIncidents"', ()) == [(NUMBER,)]
    engine.dispose()


def test_services_that_start_at_once_on_an_empty_database(tmp_path, postgresql):
    """The first makes tables and tickets, the others wait for them."""
    for url in (f"sqlite:///{tmp_path}/new.db", postgresql()):
        command = [sys.executable, "-m", "mock_service", "--port", "0", "--tickets", "5", "--database", url]
        pipe = subprocess.PIPE
        started = [subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) for _ in range(4)]
        assert all(each.stdout.readline().startswith("listening on ") for each in started)
        for each in started:
            each.terminate()
            said = each.communicate()[1].splitlines()
            assert (each.returncode, [line for line in said if "waiting" not in line]) == (0, [])


def test_the_command_renews(tmp_path, spec, tickets):
    """What the refusal says to do helps."""
    url = f"sqlite:///{tmp_path}/mock.db"
    with Store(url, spec) as store:
        store.replace(spec.operations[0], tickets[:NUMBER])
    statements(url, 'DROP TABLE "#ledger"')
    served, renewed = (
        subprocess.run(
            [sys.executable, "-m", "mock_service", *arguments, "--database", url],
            check=False,
            capture_output=True,
            text=True,
        )
        for arguments in (["--port", "0"], ["renew"])
    )
    assert (2, 1) == (served.returncode, served.stderr.count("\n")), served.stderr
    assert (0, f"{url} is as this version and contract need it\n") == (renewed.returncode, renewed.stdout)
    with Store(url, spec) as store:
        assert store.rows('SELECT count(*) FROM "ListIncidents"', ()) == [(NUMBER,)]


def test_a_table_of_somebody_else_is_left_alone(tmp_path, spec):
    """A table that only has the name of ours is not renewed."""
    url = f"sqlite:///{tmp_path}/other.db"
    statements(url, 'CREATE TABLE "ListIncidents" (a INTEGER)', 'INSERT INTO "ListIncidents" VALUES (1)')
    with pytest.raises(contract.Mistake, match="holds no items of the mock; name another database"):
        Store(url, spec, renew=True)
    engine = database.engine(url)
    with engine.connect() as connection:
        assert connection.exec_driver_sql('SELECT * FROM "ListIncidents"').all() == [(1,)]
    engine.dispose()


def test_a_change_of_what_is_stored_raises_the_layouts_number(spec):
    """Else databases of before the change would be read as if they were of after it."""
    item = {"properties": {name: {"type": "string"} for name in "abcdefgh"}}
    operation = attrs.evolve(spec.operations[0], item=item, query={"key": "a", "also_filterable": ["z"]})
    values = ["x\0\1y", -70, 1e20, [{"p": 1.5}], True, None, "007"]
    ticket = {"z": "only to filter", "foreign": [None], **dict(zip("abcdefg", values, strict=True))}
    names = [part for name in "abcdefghz" for part in (name, key_of(name))]
    stored = [row(operation, names, 1, ticket), document(operation, ticket)]
    assert (1, "08956942105de1db") == (LAYOUT, digest(repr(stored)))
