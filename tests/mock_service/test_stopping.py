"""A stop at any moment: what has begun is finished, nothing is left behind, and nobody sees a traceback."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mock_service.store import Store

PATH = "/v2/incidents/list"
BODY = b'{"per_page": 1}'
FILTERED = b'{"string_filters": [{"field": "title", "operator": "=", "values": ["x"]}]}'
REQUEST = f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(FILTERED)}\r\n\r\n".encode() + FILTERED
STOPS = [signal.SIGTERM, signal.SIGINT]


def begun(address: str) -> socket.socket:
    """A connection whose request the service waits for the body of."""
    host, port = address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)), timeout=20)
    lines = [f"POST {PATH} HTTP/1.1", "Host: x", "Expect: 100-continue", f"Content-Length: {len(BODY)}", "", ""]
    connection.sendall("\r\n".join(lines).encode())
    assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
    return connection


def script(before: str, *arguments: str) -> subprocess.Popen[str]:
    """The mock with something of it replaced before it starts."""
    code = f"import os, signal\nfrom mock_service import cli, server\n{before}\nraise SystemExit(cli.main())"
    command = [sys.executable, "-c", code, "--port", "0", "--tickets", "5", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("workers", ["1", "3"])
@pytest.mark.parametrize("stop", STOPS)
def test_a_stop_finishes_what_has_begun(running, stop, workers):
    """A request on its way at the time of a stop is answered whole, then all processes end, with exit code 0."""
    with running("--workers", workers) as (address, process):
        with begun(address) as connection:
            process.send_signal(stop)
            connection.sendall(BODY)
            answer = http.client.HTTPResponse(connection)
            answer.begin()
            assert (answer.status, answer.read()[-2:]) == (200, b"}}")
        said = process.communicate(timeout=20)  # until the last process that holds the pipe has ended
        assert (process.returncode, *said) == (0, "", "")


def test_a_stop_in_the_middle_of_an_answer(running, tmp_path):
    """An answer of which some has been sent is sent to its end."""
    file = tmp_path / "slow.yaml"
    file.write_text("events: [{trickle: 0.5}]")
    with running("--scenario", str(file)) as (address, process), begun(address) as connection:
        connection.sendall(BODY)
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        process.send_signal(signal.SIGTERM)
        assert len(answer.read()) == int(answer.headers["Content-Length"])
        said = process.communicate(timeout=20)
        assert (process.returncode, *said) == (0, "", "")


def test_a_stop_waits_for_no_one_for_ever(tmp_path):
    """A request that takes longer than a stop allows is dropped, not answered 500, and without a traceback."""
    file = tmp_path / "slow.yaml"
    file.write_text("events: [{delay: 3000}]")
    with script("server.GRACE = 0.2", "--scenario", str(file)) as process:
        with begun(process.stdout.readline().split()[-1]) as connection:
            connection.sendall(BODY)
            process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionResetError):
                connection.recv(100)
        said = process.communicate(timeout=20)[1]
        assert (process.returncode, "Traceback" in said) == (0, False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, spec, tickets, tmp_path, postgresql) -> str:
    """The URL of a database of each kind with some tickets."""
    url = f"sqlite:///{tmp_path}/mock.db" if request.param == "sqlite" else postgresql()
    with Store(url, spec) as made:
        made.replace(spec.operations[0], tickets[:20])
    return url


def test_a_stop_ends_a_search(database, endless):
    """A stop waits its time for a search, and no longer; the process ends with exit code 0 and no traceback."""
    before = (
        "from mock_service import service, store\n"
        "server.GRACE = 0.2\n"
        "store.Store.quick = False\n"
        "def endless(*_):\n"
        "    print('searching', flush=True)\n"
        f"    return service.Sql({endless!r})\n"
        "service.Service.predicate = endless\n"
    )
    with script(before, "--database", database) as process:
        host, port = process.stdout.readline().split("//")[1].split(":")
        connection = socket.create_connection((host, int(port)), timeout=20)
        try:
            connection.sendall(REQUEST)
            assert process.stdout.readline() == "searching\n"
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            said = process.communicate(timeout=20)[1]
            assert time.monotonic() - began < 10
        finally:
            process.kill()
            connection.close()
    assert (process.returncode, "Traceback" in said) == (0, False)


@pytest.mark.parametrize(
    ("before", "workers"),
    [
        ("server.gc.freeze = lambda: os.kill(os.getpid(), signal.SIGTERM)", "1"),
        ("cli.fill = lambda *_: os.kill(os.getppid(), signal.SIGTERM) or signal.pause()", "2"),
    ],
    ids=["one process", "workers"],
)
def test_a_stop_before_it_serves_is_heard(before, workers):
    """Told to stop while it starts, it stops, and does not say that it listens."""
    with script(before, "--workers", workers) as process:
        try:
            said = process.communicate(timeout=20)
        finally:
            process.kill()
        assert (process.returncode, *said) == (0, "", "")


@pytest.mark.parametrize("stop", STOPS)
def test_a_container_stops_while_it_starts(tmp_path, stop):
    """A container's first process heeds no signal that it has no handler for; the mock then has some from the start."""
    slow = tmp_path / "scenario.yaml"
    os.mkfifo(slow)
    first = "import os, runpy\nos.getpid = lambda: 1\nrunpy.run_module('mock_service', run_name='__main__')"
    command = [sys.executable, "-c", first, "--scenario", str(slow)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with slow.open("w"):  # which waits until the mock reads it
            process.send_signal(stop)
            said = process.communicate(timeout=20)
        assert (process.returncode, *said) == (128 + stop, "", "")


def test_ctrl_c_shows_no_traceback(tmp_path):
    """Ctrl-C while it starts ends it as any program, silently."""
    slow = tmp_path / "scenario.yaml"
    os.mkfifo(slow)
    command = [sys.executable, "-m", "mock_service", "--scenario", str(slow)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with slow.open("w"):  # which waits until the mock reads it
            process.send_signal(signal.SIGINT)
            said = process.communicate(timeout=20)
        assert (process.returncode, *said) == (-signal.SIGINT, "", "")


def test_workers_do_not_outlive_their_parent(running):
    """Workers whose parent was killed end by themselves and set the port free."""
    with running("--workers", "2") as (address, process):
        process.kill()
        assert process.communicate(timeout=20) == ("", "")  # all who held the pipe have ended
    host, port = address.removeprefix("http://").split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)), timeout=5)


def test_a_worker_that_dies_takes_the_others_with_it(running):
    """A service with a worker less would be slow without a word; it ends with exit code 1 and says why."""
    with running("--workers", "2") as (_, process):
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text()
        os.kill(int(children.split()[0]), signal.SIGKILL)
        said = process.communicate(timeout=20)
        assert (process.returncode, *said) == (1, "", "mock_service: a worker died; stopping the others\n")


def test_other_children_may_end(tmp_path):
    """The process may have been a shell with a command in the background, or adopt orphans, as a container's first."""
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    shell = 'read line < "$0" & echo $!; exec "$@"'
    mock = [sys.executable, "-m", "mock_service", "--port", "0", "--tickets", "5", "--workers", "2"]
    command = ["bash", "-c", shell, str(gate), *mock]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        other = int(process.stdout.readline())
        assert process.stdout.readline().startswith("listening on ")
        gate.write_text("go\n")
        while Path(f"/proc/{other}").exists():  # until the mock has seen its end
            time.sleep(0.01)
        process.terminate()
        assert process.communicate(timeout=20) == ("", "")
        assert process.returncode == 0
