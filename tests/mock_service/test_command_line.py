"""The command line, in processes of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mock_service import cli, server
from mock_service.contract import Mistake
from mock_service.store import Store

ROOT = Path(__file__).resolve().parents[2]


def failing(*arguments: str) -> str:
    """What the mock says when it cannot start; it exits with 2 and shows no traceback."""
    done = subprocess.run(
        [sys.executable, "-m", "mock_service", *arguments], check=False, capture_output=True, text=True, timeout=20
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


def test_it_serves_until_told_to_stop(running, post):
    """It says where it listens, answers there, with every fault at its own address, and stops on SIGTERM with 0."""
    with running("--serve-faults") as (address, process):
        assert address.startswith("http://127.0.0.1:")
        assert post(address)["data"]["total"] == 50
        assert post(f"{address}/faults/total-is-page-size")["data"]["total"] == 10
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
        assert process.stderr.read() == ""


def test_the_demo_account_is_told(running):
    """With authentication the account that is let in is told on stderr; it is let in, and nobody else is."""
    with running("--auth", "required", "--workers", "2") as (address, process):
        statuses = [asked(address, token) for token in ("demo-token", "wrong", "")]
        process.terminate()
        said = process.communicate(timeout=20)[1]
    assert [200, 401, 401] == statuses
    account = "HUAWEICLOUD_SDK_AK=DEMOACCESSKEY HUAWEICLOUD_SDK_SK=demo-secret-key or COC_AUTH_TOKEN=demo-token"
    assert f"demo account: {account}\n" == said


def asked(address: str, token: str) -> int:
    """The status of a request with a token."""
    request = urllib.request.Request(f"{address}/v2/incidents/list", b"", {"X-Auth-Token": token})
    request.add_header("Content-Type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def test_make_contract_signs():
    """`make contract` judges the mock with authentication on, as the demo account."""
    command = ["make", "--no-print-directory", "--dry-run", "--always-make", "contract"]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=20)
    assert "-m contract_tests --target mock --auth aksk" in done.stdout


@pytest.mark.parametrize(("host", "expected"), [("127.0.0.2", "127.0.0.2"), ("::1", "[::1]"), ("[::1]", "[::1]")])
def test_it_listens_where_it_is_told(capsys, host, expected):
    """Another address than the loopback interface's first is used when it is named; IPv6 stands in brackets."""
    if ":" in host and not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with server.bind(host, 0) as listener:
        server.announce(listener)
        port = listener.getsockname()[1]
    assert f"listening on http://{expected}:{port}\n" == capsys.readouterr().out


def test_nobody_is_kept_waiting_before_it_serves():
    """Until there are tickets the port is taken, and callers are refused; another service may be quicker."""
    with server.bind("127.0.0.1", 0) as listener, server.bind("127.0.0.1", listener.getsockname()[1]) as slower:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(listener.getsockname(), timeout=5)
        server.listen(listener)
        socket.create_connection(listener.getsockname(), timeout=5).close()
        with pytest.raises(Mistake, match=r"cannot listen on 127\.0\.0\.1:.*Address already in use"):
            server.listen(slower)


def test_many_tickets_are_counted(monkeypatch, capsys, spec):
    """Who asks for many sees how far it is; who asks for a few is not bothered."""
    monkeypatch.setattr(cli, "STEP", 20)
    with Store("sqlite://", spec) as store:
        cli.fill(spec, store, 45, 1)
    said = capsys.readouterr().err
    assert said.startswith("mock_service: 20 of 45 items made\nmock_service: 40 of 45 items made\n")


def test_help_is_read_anywhere():
    """Where output is not Unicode, too."""
    command = [sys.executable, "-m", "mock_service", "--help"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=20, env=environment)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_that_has_seen_enough_is_no_mistake():
    """`faults | head -1` ends without a word; an output that takes no more is told."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, "-m", "mock_service", "faults"]
    with os.fdopen(writer, "wb") as closed, Path("/dev/full").open("wb") as full:
        ends = [
            subprocess.run(command, check=False, stdout=output, stderr=subprocess.PIPE, text=True, timeout=20)
            for output in (closed, full)
        ]
    assert [(0, ""), (2, "mock_service: cannot write to standard output: No space left on device\n")] == [
        (end.returncode, end.stderr) for end in ends
    ]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--host", "a" * 300], "cannot listen on aaa"),
        (["--fault", ""], "there is no fault ''"),
        (["--accounts", "x.yaml"], "--accounts does nothing without --auth required"),
        (
            ["--auth", "required", "--accounts", "/nonexistent"],
            "cannot read the file of accounts /nonexistent: No such",
        ),
        (["--auth", "required", "--accounts", os.curdir], "cannot read the file of accounts .: Is a directory"),
        (["--scenario", "{lock}"], "the scenario's key_lock does nothing without --auth required"),
        (["--scenario", "{day}", "--workers", "2"], "a scenario counts requests in one process; leave --workers out"),
    ],
)
def test_what_does_not_go_together_is_told(tmp_path, capsys, arguments, says):
    """Options that cannot be carried out are refused with a sentence and exit code 2 before anything is served."""
    files = {"{day}": "events: []", "{lock}": "key_lock: {}"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert cli.main(["--port", "0", *(str(tmp_path / each) if each in files else each for each in arguments)]) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n"), says in said.err) == ("", 1, True)


@pytest.mark.parametrize("number", ["0", "-1", "65", "1000", "2.5", "two", "9" * 5000])
def test_workers_are_a_few(capsys, number):
    """From 1 to 64 processes; a slip of the finger does not take the machine down."""
    with pytest.raises(SystemExit) as ended:
        cli.main([f"--workers={number}"])
    assert ended.value.code == 2
    assert "is no whole number from 1 to 64" in capsys.readouterr().err


def test_a_fault_is_chosen_at_start(running, post):
    """`--fault` plants one fault."""
    with running("--fault", "total-is-page-size") as (address, _):
        assert post(address)["data"]["total"] == 10


def test_a_dropped_connection_leaves_the_service_up(running, post):
    """A fault that resets the connection does not stop the process, nor print a traceback."""
    with running("--serve-faults") as (address, process):
        for fault in ("no-answer", "half-an-answer"):
            with pytest.raises((OSError, http.client.HTTPException)):
                for _ in range(10):  # one of them begins with the tenth answer
                    post(f"{address}/faults/{fault}")
        assert post(address)["data"]["total"] == 50
        process.terminate()
        assert process.stderr.read() == ""


def test_a_taken_port_is_told():
    """A port that somebody has is a mistake of the user's."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = failing("--port", str(taken.getsockname()[1]))
    assert re.fullmatch(r"mock_service: cannot listen on 127\.0\.0\.1:\d+: Address already in use; .*\n", said)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--port", "70000"], "argument --port: '70000' is no whole number from 0 to 65,535"),
        (["--port", "-1"], "argument --port: '-1' is no whole number from 0 to 65,535"),
        (["--prot=1"], "unrecognized arguments: --prot=1; --help tells what there is"),
        (["--fault", "nope"], "there is no fault 'nope'"),
        (["--host", "nosuch.invalid"], "cannot listen on nosuch.invalid:0: "),
        (["--scenario", os.devnull + "/none"], "cannot read the scenario"),
        (["--scenario", "pyproject.toml"], "is no scenario"),
        (["--database", "nope"], "is no database URL"),
        (
            ["--database", "sqlite:////no/such/folder/x.db"],
            "cannot open the database sqlite:////no/such/folder/x.db: th",
        ),
        (["--database", "postgresql://u:secret@host:port/x"], "'postgresql://u:***@host:port/x' is no database URL"),
        (["--database", "sqlite:///file?mode=ro"], "has options after `?`"),
        (["--database", f"sqlite:///{Path(__file__)}"], "file is not a database"),
        (["--database", "mysql://x/y"], "knows no 'mysql' database"),
        (["--database", "sqlite://my.db"], "names a host; write sqlite:///FILE, with three slashes"),
        (["--database", "sqlite:///\udcff.db"], "is no UTF-8; rename the file"),
        (["renew"], "name the database to renew"),
        (["renew", "--database", "sqlite:////nonexistent/x.db"], "there is no file /nonexistent/x.db"),
        (["--database", "sqlite:////nonexistent/folder/file"], "cannot open the database"),
        (["--database", "postgresql://nobody:secret@127.0.0.1:1/x"], "cannot open the database"),
        (["--tickets", "-1"], "argument --tickets: '-1' is no whole number from 0 to 100,000,000"),
        (
            ["--tickets", "9" * 5000],
            "argument --tickets: '99999999999999999999' is no whole number from 0 to 100,000,000",
        ),
        (["lod", "x.jsonl"], "invalid choice: 'lod'"),
    ],
)
def test_a_mistake_is_one_clear_sentence(capsys, arguments, says):
    """What the user got wrong is said in one line, without a password, and with exit code 2."""
    try:
        code = cli.main([*([] if {"--port", "renew"} & {*arguments} else ["--port", "0"]), *arguments])
    except SystemExit as ended:
        code = ended.code
    said = capsys.readouterr()
    assert (code, said.out, said.err.count("\n")) == (2, "", 1)
    assert says in said.err
    assert "secret" not in said.err


@pytest.mark.parametrize("database", ["sqlite:////nonexistent/x.db", "postgresql://nobody@127.0.0.1:1/x"])
def test_a_mistake_is_told_once_however_many_workers(database):
    """What is wrong with the database is said by one process, with exit code 2."""
    said = failing("--port", "0", "--workers", "3", "--database", database)
    assert (said.count("\n"), "cannot open the database" in said) == (1, True), said


def test_it_runs_without_anybody_to_talk_to():
    """With stderr closed it serves and stops as ever, and says nothing elsewhere."""
    code = "import os, sys; os.close(2); sys.stderr = None; from mock_service.cli import main; raise SystemExit(main())"
    options = ["--port", "0", "--tickets", "5", "--workers", "2", "--auth", "required"]
    with subprocess.Popen([sys.executable, "-c", code, *options], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith("listening on ")
        process.terminate()
        assert (process.communicate(timeout=20)[0], process.returncode) == ("", 0)


def test_a_corrupt_database_is_told(tmp_path):
    """Bytes that are no longer a database's are a sentence and exit code 2."""
    file = tmp_path / "mock.db"
    with running_once("--database", f"sqlite:///{file}", "--tickets", "1500"):
        pass
    content = bytearray(file.read_bytes())
    for start in range(200_000, len(content), 4096):
        content[start : start + 64] = b"x" * 64
    file.write_bytes(content)
    said = failing("--port", "0", "--database", f"sqlite:///{file}")
    assert (said.count("\n"), "malformed" in said) == (1, True), said


@contextmanager
def running_once(*arguments: str) -> Iterator[None]:
    """The mock, until it has started."""
    command = [sys.executable, "-m", "mock_service", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline().startswith("listening on "), process.stderr.read()
        yield
        process.terminate()
        process.communicate(timeout=20)
