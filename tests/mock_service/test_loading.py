"""`load`: what is wrong is told with its place, and whatever goes wrong, the old tickets stay."""

from __future__ import annotations

import gzip
import json
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from mock_service import cli, contract, database, dataset, loading
from mock_service.app import create
from mock_service.store import Store

OLD = 30
LINE = b'{"ticket_id": "a", "title": "b"}\n'


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: Any, tmp_path: Path, postgresql: Any, spec: contract.Contract, tickets: Any) -> Iterator[Store]:
    """A store of each kind with some tickets."""
    with Store(f"sqlite:///{tmp_path}/mock.db" if request.param == "sqlite" else postgresql(), spec) as found:
        found.replace(spec.operations[0], tickets[:OLD])
        yield found


@pytest.fixture
def load(spec: contract.Contract, tmp_path: Path) -> Callable[[Store, bytes], int]:
    """Loads bytes as a file; the number of tickets."""

    def loaded(store: Store, content: bytes) -> int:
        file = tmp_path / "own.jsonl"
        file.write_bytes(content)
        return loading.load(store, spec.operations[0], str(file))

    return loaded


def held(store: Store) -> int:
    """How many tickets a store holds, rows and JSON alike."""
    [(number,)] = store.rows('SELECT count(*) FROM "ListIncidents" JOIN "ListIncidents#item" USING ("#serial")', ())
    return int(number)


def url_of(store: Store) -> str:
    """The database of a store."""
    return store.engine.url.set(drivername=store.engine.dialect.name).render_as_string(hide_password=False)


def start(store: Store, **options: Any) -> subprocess.Popen[str]:
    """`load -` in a process of its own."""
    command = [sys.executable, "-m", "mock_service", "load", "-", "--database", url_of(store)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, **options)


def lines(number: int) -> str:
    """Tickets as JSON Lines."""
    return "".join(f'{{"ticket_id": "new {serial}", "title": "{"x" * 200}"}}\n' for serial in range(number))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "own.jsonl holds no ticket; the old ones stay"),
        (b"\n \r\n", "own.jsonl holds no ticket; the old ones stay"),
        (LINE + b'{"ticket_id": "\xff"}', "line 2 is not UTF-8: byte 16 of the line is 0xff"),
        (LINE.decode().encode("utf-16"), "line 1 is UTF-16; write the file as UTF-8"),
        (gzip.compress(LINE), "line 1 is compressed; unpack the file first"),
        (b'{"ticket_id": "\\ud83d\\ude00 \\uD83D"}', "line 1 has half a character: \\uD83D, a surrogate that lacks"),
        (b'{"ticket_id": "\\ude00"}', "line 1 has half a character: \\ude00, a surrogate that lacks"),
        (b'{"ticket_id": "a", "handle_time": NaN}', "line 1 is not JSON: "),
        (b'{"ticket_id": "a", "foreign": 1e400}', "line 1 cannot be read: Number out of range"),
        (b'{"ticket_id": "a", "foreign": ' + b"[" * 9000 + b"]" * 9000 + b"}", "line 1 is nested too deeply"),
        (b'{"ticket_id": "a", "foreign": ' + b"[" * 64 + b"]" * 64 + b"}", "line 1 is nested too deeply"),
        (b'{"ticket_id": "a", "title": "' + b"x" * 10_000_000 + b'"}', "line 1: title: value is longer than 255"),
        (
            b'{"data": {"tickets": []}}',
            "line 1 has no 'ticket_id'; each line holds one ticket, not an answer or a list",
        ),
        (b"\xef\xbb\xbf" + LINE + LINE, "line 2 has the ticket_id of line 1: 'a'"),
    ],
    ids=range(14),
)
def test_what_cannot_be_loaded_is_told_in_short(store, load, content, says):
    """The file, the line and what would be right; the old tickets stay."""
    with pytest.raises(contract.Mistake) as mistake:
        load(store, content)
    assert says in str(mistake.value)
    assert len(str(mistake.value)) < 400
    assert OLD == held(store)


def test_files_of_other_systems_are_loaded(store, load, client_of):
    """A byte order mark, lines that end in two characters, blank ones, and a last one that does not end."""
    assert 2 == load(
        store, b"\xef\xbb\xbf" + LINE.replace(b"\n", b"\r\n") + b"\r\n" + LINE.replace(b'"a"', b'"c"').strip()
    )
    assert {"a", "c"} == {ticket["ticket_id"] for ticket in client_of(store)().tickets}


def test_a_line_without_an_end_is_told(store, load, monkeypatch):
    """A file that has no lines is not read to its end, wherever that is."""
    monkeypatch.setattr(loading, "LONGEST_LINE", len(LINE))
    assert 1 == load(store, LINE)
    with pytest.raises(contract.Mistake, match=rf"line 2 is longer than {len(LINE)} bytes; each line holds one ticket"):
        load(store, LINE + b"0" * (len(LINE) + 1))
    with Path("/dev/zero").open("rb") as endless, pytest.raises(contract.Mistake, match="line 1 is longer than"):
        next(loading.Source(store.operations[0], {}).tickets(endless, "it"))


def test_odd_texts_come_back_as_they_were(store, load, client_of):
    """NUL, which neither database has in its texts, characters of four bytes, a whole number written with a point."""
    own = {"ticket_id": "a\0b", "title": "\0\1 😀 \u2028", "create_time": 1735689600000.0}
    assert 1 == load(store, json.dumps(own).encode())
    filters = [
        {"field": "ticket_id", "operator": "=", "values": ["a\0b"]},
        {"field": "title", "operator": "startwith", "values": ["\0\1 😀"]},
        {"field": "create_time", "operator": "=", "values": ["1735689600000"]},
    ]
    assert [own] == client_of(store)(string_filters=filters).tickets


def test_what_is_exported_loads_and_is_exported_alike(store, spec, tickets, running, tmp_path):
    """The client's `export` writes what `load` reads, and nothing changes on the way."""
    files = [tmp_path / "one.jsonl", tmp_path / "other.jsonl"]
    store.replace(spec.operations[0], tickets[:300])
    for file in files:
        with running("--database", url_of(store)) as (address, _):
            command = ["coc-incidents", "export", "--format", "jsonl", "--output", str(file)]
            environment = {**os.environ, "COC_ENDPOINT": address, "COC_AUTH_TOKEN": "any"}
            script = Path(sys.executable).parent / command[0]
            subprocess.run([script, *command[1:]], check=True, capture_output=True, env=environment)
        assert 300 == loading.load(store, spec.operations[0], str(file))
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_load_waits_for_another(store, load, spec):
    """Two loads at once happen one after the other, and the one that waits says so."""
    waiting = threading.Event()
    done: list[int] = []
    thread = threading.Thread(target=lambda: done.append(load(store, LINE)))
    with Store(url_of(store), spec) as other, pytest.MonkeyPatch.context() as patch:
        with database.writing(other.engine):
            patch.setattr(database, "tell_of_waiting", lambda name: waiting.set() or name == store.name)
            thread.start()
            assert waiting.wait(20)
            assert [] == done
        thread.join(20)
    assert ([1], 1) == (done, held(store))


def test_an_interrupted_load_says_so(store):
    """Ctrl-C while lines are still to come."""
    process = start(store)
    process.stdin.write(lines(10_000))
    process.stdin.flush()
    assert "10,000 lines read" in process.stderr.readline()
    process.send_signal(signal.SIGINT)
    said = process.communicate()[1]
    assert (2, 1) == (process.returncode, said.count("\n")), said
    assert said.startswith("mock_service: interrupted; ")
    assert OLD == held(store)


def test_a_full_disk_is_told(tmp_path, spec, tickets):
    """A disk without room for the new tickets keeps the old ones."""
    with Store(f"sqlite:///{tmp_path}/mock.db", spec) as store:
        store.replace(spec.operations[0], tickets[:OLD])
        limit = 1_000_000
        process = start(store, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        said = process.communicate(lines(9_000))[1]
        assert (2, 1) == (process.returncode, said.count("\n")), said
        assert said.startswith("mock_service: cannot write: ")
        assert OLD == held(store)


def test_a_connection_that_is_lost_is_told(postgresql, spec, tickets):
    """A PostgreSQL server that ends the connection of a load keeps the old tickets."""
    with Store(postgresql(), spec) as store:
        store.replace(spec.operations[0], tickets[:OLD])
        process = start(store)
        process.stdin.write(lines(10_000))
        process.stdin.flush()
        assert "10,000 lines read" in process.stderr.readline()
        own = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        holding = f"locktype = 'advisory' AND objid = {database.LOCK} AND {own}"
        with store.engine.connect() as connection:
            connection.execute(sa.text(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {holding}"))
        said = process.communicate(lines(10))[1]
        assert (2, 1) == (process.returncode, said.count("\n")), said
        assert said.startswith("mock_service: cannot write: ")
        assert OLD == held(store)


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://u:sec/ret@nowhere.invalid/x", "cannot open the database"),
        ("postgresql://u:sec@ret@nowhere.invalid/x", "has more than one `@`; write %40"),
        ("postgresql://127.0.0.1:1/x?user=u&password=secret", "cannot open the database postgresql://127.0.0.1:1/x"),
        ("sqlite+pysqlcipher://:secret@/x.db", "knows no 'sqlite+pysqlcipher' database"),
        ("mysql://u:secret@h/x", "knows no 'mysql' database"),
    ],
)
def test_no_password_is_told(spec, url, says):
    """However wrong a URL is, what may be its password is not repeated."""
    with pytest.raises(contract.Mistake) as mistake:
        Store(url, spec)
    assert says in str(mistake.value)
    assert [] == [part for part in ("secret", "sec", "ret@") if part in str(mistake.value)]


@pytest.mark.campaign
def test_a_million_lines_are_loaded_in_bounded_memory(tmp_path, spec):
    """1,000,000 tickets need less than 1 GiB."""
    with Store(f"sqlite:///{tmp_path}/mock.db", spec) as store:
        with start(store) as process:
            for batch in range(100):
                for ticket in dataset.items(spec.operations[0], 10_000, batch):
                    ticket["ticket_id"] = f"{batch} {ticket['ticket_id']}"
                    process.stdin.write(json.dumps(ticket) + "\n")
            process.stdin.close()
            _, process.returncode, used = os.wait4(process.pid, 0)
        assert 0 == process.returncode
        assert held(store) == 1_000_000
        assert used.ru_maxrss < 1024 * 1024


@pytest.fixture
def sigint() -> Iterator[None]:
    """Puts back what Ctrl-C did."""
    before = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGINT, before)


HISTORIES = 1


def test_entries_of_several_parents_may_have_one_key(store, spec, load, tmp_path):
    """What is below another item is unique within that; a number and its text are the same key."""
    operation = spec.operations[HISTORIES]
    file = tmp_path / "histories.jsonl"
    file.write_text('{"incident_id": "A", "start_time": 1}\n{"incident_id": "B", "start_time": 1}\n')
    assert 2 == loading.load(store, operation, str(file))
    file.write_text('{"incident_id": "A", "start_time": 1}\n{"incident_id": "A", "start_time": "1"}\n')
    with pytest.raises(contract.Mistake, match="line 2 has the incident_id and start_time of line 1: 'A', '1'; each"):
        loading.load(store, operation, str(file))


@pytest.mark.usefixtures("sigint")
def test_entries_without_their_parent_are_refused_or_given_one(store, spec, client_type, tmp_path):
    """What answers leave out, as they are below one path, is told by --parameter; else nobody could ask for them."""
    operation = spec.operations[HISTORIES]
    file = tmp_path / "histories.jsonl"
    file.write_text('{"start_time": 1, "operator": "x"}\n{"start_time": 2}\n')
    with pytest.raises(contract.Mistake, match=r"line 1 has no text 'incident_id'; .* --parameter incident_id=VALUE"):
        loading.load(store, operation, str(file))
    command = ["load", str(file), "--database", url_of(store), "--operation", operation.id]
    assert 2 == cli.main([*command, "--parameter", "incidentid=A"])
    assert 0 == cli.main([*command, "--parameter", "incident_id=A/1"])
    found = client_type(create(spec, store), operation.path.replace("{incident_id}", "A%2F1"))().json["data"]
    assert [{"start_time": 2}, {"start_time": 1, "operator": "x"}] == found["info"]


@pytest.mark.usefixtures("sigint")
def test_ctrl_c_is_too_late_once_tickets_are_being_committed(store, load, monkeypatch):
    """Who is told of an interruption finds the old tickets; from the commit on there is none."""
    signal.signal(signal.SIGINT, database.interrupt)
    pass_it = database.pass_the_point_of_no_return
    monkeypatch.setattr(
        database, "pass_the_point_of_no_return", lambda: pass_it() or signal.raise_signal(signal.SIGINT)
    )
    assert (1, 1) == (load(store, LINE), held(store))
    signal.signal(signal.SIGINT, database.interrupt)
    monkeypatch.setattr(
        database, "pass_the_point_of_no_return", lambda: signal.raise_signal(signal.SIGINT) or pass_it()
    )
    with pytest.raises(contract.Mistake, match=r"interrupted; the database .* still holds what it held before"):
        load(store, LINE + LINE.replace(b'"a"', b'"b"'))
    assert 1 == held(store)


def test_what_is_committed_is_loaded_though_the_log_stays(tmp_path, spec, load, monkeypatch):
    """A disk too full to empty SQLite's log has the new tickets all the same."""
    with Store(f"sqlite:///{tmp_path}/mock.db", spec) as store:

        def full(*_):
            raise sa.exc.OperationalError("PRAGMA wal_checkpoint", None, Exception("database or disk is full"))

        engine = store.engine
        monkeypatch.setattr(store, "engine", SimpleNamespace(connect=full, url=engine.url))
        monkeypatch.setattr(database, "writing", lambda _, writing=database.writing: writing(engine))
        assert (1, 1) == (load(store, LINE), held(store))
        monkeypatch.undo()


@pytest.mark.parametrize("output", ["2>/dev/full", "2>&-", ">/dev/full"])
def test_a_load_that_nobody_hears_of_is_a_load(store, output):
    """Tickets are loaded though progress or success cannot be told."""
    command = f"{sys.executable} -m mock_service load - --database '{url_of(store)}' {output}"
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["sh", "-c", command], input=lines(10_001), check=False, capture_output=True, text=True, env=buffered
    )
    assert (0, 10_001) == (done.returncode, held(store)), done.stderr
    assert ("10,001 items of ListIncidents are now in" in done.stdout + done.stderr) or output == "2>&-"
