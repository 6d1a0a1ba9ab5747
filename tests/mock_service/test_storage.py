"""Databases: both kinds, several processes, and one's own tickets."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.error
from contextlib import closing

import psycopg
import pytest
import sqlalchemy as sa

from mock_service import dataset
from mock_service.contract import Mistake
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
    assert done.stdout.startswith("2 items of ListIncidents are now in ")
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


def test_another_programs_file_is_left_alone(tmp_path, spec):
    """An SQLite file with tables of another program is refused, and not changed in any way."""
    file = tmp_path / "other.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE bookmarks (url)")
        connection.commit()
    before = file.read_bytes()
    with pytest.raises(Mistake, match="holds tables of another program, such as bookmarks; name another file"):
        Store(f"sqlite:///{file}", spec)
    assert (before, [file]) == (file.read_bytes(), list(tmp_path.iterdir()))


def test_a_file_that_was_replaced_is_followed(tmp_path, spec, tickets, client_of):
    """Whatever thread answers, it answers from the file that has the name now; where none has it, 500."""
    operation, file, other = spec.operations[0], tmp_path / "mock.db", tmp_path / "other.db"
    large = [{"field": "title", "operator": "!=", "values": ["x" * 1000 + str(number) for number in range(20)]}]
    with Store(f"sqlite:///{file}", spec) as store:
        store.replace(operation, tickets[:30])
        mock = client_of(store)

        def totals():
            replies = [mock(), mock(string_filters=large)]
            return {reply.json["data"]["total"] if reply.status == 200 else reply.status for reply in replies}

        assert totals() == {30}
        with Store(f"sqlite:///{other}", spec) as made:
            made.replace(operation, tickets[:7])
        other.replace(file)
        assert totals() == {7}
        for left in tmp_path.iterdir():
            left.unlink()
        assert totals() == {500}
        assert list(tmp_path.iterdir()) == []
        with Store(f"sqlite:///{file}", spec) as made:
            made.replace(operation, tickets[:9])
        assert totals() == {9}


def test_a_file_that_was_cut_is_no_crash(tmp_path, running, post):
    """A file that somebody empties under a service is answered 500; the service lives."""
    file = tmp_path / "mock.db"
    with running("--database", f"sqlite:///{file}", tickets=3000) as (address, process):
        assert post(address)["data"]["total"] == 3000
        os.truncate(file, 4096)
        with pytest.raises(urllib.error.HTTPError) as refused:
            post(address, string_filters=[{"field": "title", "operator": "like", "values": ["x"]}])
        with refused.value as answer:
            assert (answer.code, process.poll()) == (500, None)


def test_a_server_that_is_gone_is_answered_500(postgresql, spec, client_of, monkeypatch, capfd):
    """Whatever the driver raises, the caller gets the contract's 500, and stderr a sentence."""
    with Store(postgresql(), spec) as store:
        store.replace(spec.operations[0], dataset.items(spec.operations[0], 10, 1))
        mock, connect = client_of(store), store.engine.raw_connection

        def gone():
            raise psycopg.OperationalError("connection refused")

        monkeypatch.setattr(store.engine, "raw_connection", gone)
        reply = mock()
        monkeypatch.setattr(store.engine, "raw_connection", connect)
        assert (reply.status, reply.json["error_code"]) == (500, "APIGW.0601")
        assert re.fullmatch(r"mock_service: the database \S+ fails: connection refused\n", capfd.readouterr().err)
        assert mock().json["data"]["total"] == 10


@pytest.mark.parametrize(
    ("made", "arguments", "says"),
    [
        ("ENCODING 'LATIN1' LOCALE 'C'", [], "the encoding of .* is LATIN1; create a database with ENCODING 'UTF8'"),
        ("ENCODING 'SQL_ASCII' LOCALE 'C'", [], "the encoding of .* is SQL_ASCII; create a database with"),
        ("ENCODING 'UTF8' CONNECTION LIMIT 0", ["nobody"], "cannot open the database .*too many connections"),
    ],
)
def test_a_postgresql_database_that_will_not_do_is_told(postgresql, spec, made, arguments, says):
    """A database that cannot hold every text, or that lets nobody in, is refused in a sentence."""
    server = sa.make_url(postgresql()).set(drivername="postgresql+psycopg")
    name = f"{server.database}_odd"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        connection.exec_driver_sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE template0 {made}')
        for role in arguments:
            connection.exec_driver_sql(f"DROP ROLE IF EXISTS {role}")
            connection.exec_driver_sql(f"CREATE ROLE {role} LOGIN")
            server = server.set(username=role)
        url = server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        with pytest.raises(Mistake, match=says):
            Store(url, spec)
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("row_factory=x", "has an option 'row_factory', which PostgreSQL does not know"),
        ("prepare_threshold=soon", "prepare_threshold in the database URL is 'soon'; it must be a number of times, or"),
    ],
)
def test_an_option_of_the_url_that_is_none_is_told(spec, option, says):
    """Options are PostgreSQL's own, and one of the driver's."""
    with pytest.raises(Mistake, match=re.escape(says)):
        Store(f"postgresql://nobody@127.0.0.1/none?{option}", spec)


@pytest.mark.parametrize("threshold", ["none", "0"])
def test_when_statements_are_prepared_is_an_option(postgresql, spec, client_of, tickets, threshold):
    """`none` is for a PgBouncer that pools transactions: another connection would not know what was prepared."""
    url = sa.make_url(postgresql()).update_query_dict({"prepare_threshold": threshold})
    with Store(url.render_as_string(hide_password=False), spec) as store:
        store.replace(spec.operations[0], tickets[:10])
        mock = client_of(store)
        assert [mock().json["data"]["total"] for _ in range(7)] == [10] * 7
        with store.engine.connect() as connection:
            prepared = connection.exec_driver_sql("SELECT count(*) FROM pg_prepared_statements").scalar()
        assert (prepared == 0) == (threshold == "none")


def test_a_role_that_may_not_write_is_told(postgresql, spec, tickets):
    """Tickets that cannot be copied are a sentence; the old ones stay."""
    url = sa.make_url(postgresql())
    with Store(postgresql(), spec) as store:
        store.replace(spec.operations[0], tickets[:10])
        with store.engine.begin() as connection:
            connection.exec_driver_sql("CREATE ROLE coc_reader LOGIN")
            connection.exec_driver_sql("GRANT SELECT, DELETE ON ALL TABLES IN SCHEMA public TO coc_reader")
        theirs = url.set(username="coc_reader").render_as_string(hide_password=False)
        try:
            with (
                Store(theirs, spec) as reader,
                pytest.raises(Mistake, match=r"cannot write: permission denied .*holds"),
            ):
                reader.replace(spec.operations[0], tickets[:5])
            assert store.rows('SELECT count(*) FROM "ListIncidents"', ()) == [(10,)]
        finally:
            with store.engine.begin() as connection:
                connection.exec_driver_sql("DROP OWNED BY coc_reader")
                connection.exec_driver_sql("DROP ROLE coc_reader")
