"""Databases: both kinds, several processes, and one's own tickets."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys

import pytest

from mock_service import dataset
from mock_service.store import Store

QUERY = {
    "string_filters": [{"field": "title", "operator": "like", "values": ["disk", "磁盘", "%"]}],
    "sort_filter": {"field": "title", "operator": "asc", "values": ["title"]},
    "per_page": 200,
}


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path, postgresql, spec) -> str:
    """The URL of an empty database of each kind."""
    url = f"sqlite:///{tmp_path}/mock.db" if request.param == "sqlite" else postgresql()
    with Store(url, spec) as store:
        store.replace(spec.operations[0], [])
    return url


def command(*arguments: str) -> list[str]:
    """The mock's command line."""
    return [sys.executable, "-m", "mock_service", *arguments]


def lines(tickets) -> str:
    """Tickets as JSON Lines."""
    return "".join(json.dumps(ticket, ensure_ascii=False) + "\n" for ticket in tickets)


def test_each_database_gives_the_same_answers(database, spec, client_of, tickets, mock):
    """What one kind of database answers, the other answers too."""
    with Store(database, spec) as store:
        store.fill(spec.operations[0], tickets)
        assert client_of(store)(**QUERY).json == mock(**QUERY).json
        assert client_of(store)().json == mock().json


def test_tickets_are_made_once(database, running, post):
    """A database that holds tickets is used as it is."""
    with running("--database", database, tickets=20) as (address, _):
        assert post(address)["data"]["total"] == 20
    with running("--database", database, tickets=30) as (address, _):
        assert post(address)["data"]["total"] == 20


def test_workers_share_one_port_and_one_database(database, running, post):
    """Several processes answer at one address, and stop together."""
    with running("--database", database, "--workers", "2", tickets=20) as (address, process):
        assert {post(address)["data"]["total"] for _ in range(10)} == {20}
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_services_of_several_hosts_share_one_data_set(database, running, post, tmp_path):
    """What one process loads, every service answers from then on, whatever it has counted before."""
    file = tmp_path / "own.jsonl"
    with running("--database", database) as (one, _), running("--database", database, "--workers", "2") as (two, _):
        for number in (3, 1, 2):
            file.write_text("".join(f'{{"ticket_id": "{number} {serial}"}}\n' for serial in range(number)))
            subprocess.run(command("load", str(file), "--database", database), capture_output=True, check=True)
            found = [post(address, per_page=5)["data"] for address in (one, two) * 4]
            assert {data["total"] for data in found} == {number}
            assert {ticket["ticket_id"][0] for data in found for ticket in data["tickets"]} == {str(number)}


def test_workers_in_memory_hold_the_same_tickets(running, post):
    """Each process makes the same tickets from the same seed."""
    with running("--workers", "2") as (address, _):
        assert len({json.dumps(post(address, per_page=50)) for _ in range(10)}) == 1


def test_ones_own_tickets_are_loaded(database, tmp_path, running, post, tickets):
    """`load` replaces all tickets by those of a file: what comes out is what went in, without nulls."""
    file = tmp_path / "own.jsonl"
    file.write_text(lines([{**tickets[5], "title": None}, tickets[6]]), "utf-8")
    done = subprocess.run(
        command("load", str(file), "--database", database), capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("2 tickets of ListIncidents are now in ")
    with running("--database", database) as (address, _):
        found = post(address, sort_filter={"field": "ticket_id", "operator": "asc", "values": ["x"]})["data"]["tickets"]
    absent = {"title", "approver"}
    assert found[0] == {name: value for name, value in tickets[5].items() if name not in absent}
    assert found[1]["ticket_id"] == tickets[6]["ticket_id"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ('{"ticket_id": "a"}\n{', "line 2 is not JSON"),
        ("[]", "line 1 is not an object"),
        ('{"title": "x"}', "line 1 has no 'ticket_id'"),
        ('{"ticket_id": 5}', 'line 1: ticket_id: value is not of type "string"'),
        ('{"ticket_id": "a"}\n\n{"ticket_id": "a"}', "line 3 has the ticket_id of line 1: 'a'"),
    ],
)
def test_a_line_that_is_no_ticket_refuses_the_file(tmp_path, spec, client_of, content, says):
    """The line is named, and the old tickets stay."""
    url = f"sqlite:///{tmp_path}/mock.db"
    file = tmp_path / "own.jsonl"
    file.write_text(content)
    with Store(url, spec) as store:
        store.fill(spec.operations[0], dataset.items(spec.operations[0], 30, 1))
        done = subprocess.run(
            command("load", str(file), "--database", url), check=False, capture_output=True, text=True
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert says in done.stderr
        assert client_of(store)().json["data"]["total"] == 30


def test_a_load_that_is_killed_leaves_the_old_tickets(database, spec, tickets, client_of, tmp_path):
    """Readers see the old tickets while a load is on its way, and after it was killed in the middle."""
    with Store(database, spec) as store:
        store.fill(spec.operations[0], tickets[:30])
        loading = subprocess.Popen(
            command("load", "-", "--database", database), stdin=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for serial, ticket in enumerate(dataset.items(spec.operations[0], 10_000, 2)):
            loading.stdin.write(lines([{**ticket, "ticket_id": f"new {serial}"}]).encode())
        loading.stdin.flush()
        assert b"10,000 lines read" in loading.stderr.readline()
        assert client_of(store)().json["data"]["total"] == 30
        loading.kill()
        loading.communicate()
        assert client_of(store)().json["data"]["total"] == 30
        store.replace(spec.operations[0], tickets[:10])
        assert client_of(store)().json["data"]["total"] == 10


def test_an_answer_is_of_one_load(database, spec, tickets, client_of, monkeypatch):
    """Tickets that are replaced while a request is on its way are answered as they stood when it began."""
    url, operation = database, spec.operations[0]
    with Store(url, spec) as store, Store(url, spec) as other:
        monkeypatch.setattr(other, "_settle", lambda: None)  # it would wait for the reader
        store.replace(operation, tickets[:30])
        mock, documents = client_of(store), store.documents

        def replaced(*given):
            monkeypatch.setattr(store, "documents", documents)
            other.replace(operation, tickets[100:105])
            return documents(*given)

        old = mock(per_page=50).json["data"]
        monkeypatch.setattr(store, "documents", replaced)
        assert old == mock(per_page=50).json["data"]
        new = mock(per_page=50).json["data"]
        assert new["total"] == 5
        assert {each["ticket_id"] for each in new["tickets"]} == {each["ticket_id"] for each in tickets[100:105]}


def test_many_tickets_are_noticed_by_a_running_service(tmp_path, spec):
    """Whether a query is over at once is judged anew after a load, by whichever process."""
    url, operation = f"sqlite:///{tmp_path}/mock.db", spec.operations[0]
    with Store(url, spec) as store, Store(url, spec) as other:
        assert store.quick
        other.replace(operation, dataset.items(operation, 5_100, 1))
        assert not store.quick
        other.replace(operation, dataset.items(operation, 10, 1))
        assert store.quick


def test_a_table_of_another_contract_is_told(tmp_path, spec):
    """A database that was made from an older contract is refused, with the column that it lacks."""
    import sqlite3

    file = tmp_path / "old.db"
    with Store(f"sqlite:///{file}", spec):
        pass
    connection = sqlite3.connect(file)
    connection.execute('ALTER TABLE "ListIncidents" DROP COLUMN description')
    connection.close()
    done = subprocess.run(command("--database", f"sqlite:///{file}"), check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "it has no column 'description'" in done.stderr


def test_a_database_that_fails_is_answered_500(database, spec, tickets, client_of, capfd):
    """A database that breaks under a running service is told on stderr, and answered as the contract has it."""
    operation = spec.operations[0]
    with Store(database, spec) as store:
        store.replace(operation, tickets[:10])
        mock = client_of(store)
        with store.engine.begin() as connection:
            connection.exec_driver_sql('ALTER TABLE "ListIncidents" RENAME TO gone')
        reply = mock()
        with store.engine.begin() as connection:
            connection.exec_driver_sql('ALTER TABLE gone RENAME TO "ListIncidents"')
        assert (reply.status, reply.json["error_code"]) == (500, "APIGW.0601")
        assert re.match(r"mock_service: the database \S+ fails: .*ListIncidents", capfd.readouterr().err)
        assert mock().json["data"]["total"] == 10


def test_loading_into_memory_is_a_mistake():
    """Tickets loaded into memory would be gone at once."""
    done = subprocess.run(command("load", os.devnull), check=False, capture_output=True, text=True)
    assert (done.returncode, "name the database to load into" in done.stderr) == (2, True)


def test_the_data_set_is_the_same_for_the_same_seed(spec):
    """Tickets are made from the seed alone, and cover every known value of the contract."""
    operation = spec.operations[0]
    one, again, other = (list(dataset.items(operation, 2000, seed)) for seed in (1, 1, 2))
    assert one == again != other
    for name, schema in operation.item["properties"].items():
        found = [ticket.get(name) for ticket in one]
        assert [value for value in schema.get("x-extensible-enum", []) if value not in found] == []
        assert name in (operation.key, "create_time") or None in found
    texts = " ".join(str(ticket.get("title")) for ticket in one)
    assert all(part in texts for part in ("磁盘", "🔥", "'", '"', "%", "_", "\\"))
    assert any(ticket.get("title") == "" for ticket in one)
    assert len({str(ticket["create_time"]) for ticket in one}) < 1990
