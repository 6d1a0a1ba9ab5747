"""The command line, in processes of its own."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest


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


def test_a_fault_is_chosen_at_start(running, post):
    """`--fault` plants one fault."""
    with running("--fault", "total-is-page-size") as (address, _):
        assert post(address)["data"]["total"] == 10


def test_a_dropped_connection_leaves_the_service_up(running, post):
    """A fault that resets the connection does not stop the process, nor print a traceback."""
    with running("--serve-faults") as (address, process):
        for fault in ("no-answer", "half-an-answer"):
            with pytest.raises((OSError, http.client.HTTPException)):
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
        (["--port", "70000"], "cannot listen on"),
        (["--fault", "nope"], "there is no fault 'nope'"),
        (["--host", "nosuch.invalid"], "cannot listen on nosuch.invalid:0: "),
        (["--workers", "0"], "'0' is no whole number from 1"),
        (["--scenario", os.devnull + "/none"], "cannot read the scenario"),
        (["--scenario", "pyproject.toml"], "is no scenario"),
        (["--database", "nope"], "is no database URL"),
        (["--database", "postgresql://u:secret@host:port/x"], "'postgresql://u:***@host:port/x' is no database URL"),
        (["--database", "sqlite:///file?mode=ro"], "has options after `?`"),
        (["--database", f"sqlite:///{Path(__file__)}"], "file is not a database"),
        (["--database", "mysql://x/y"], "knows no 'mysql' database"),
        (["--database", "sqlite:////nonexistent/folder/file"], "cannot open the database"),
        (["--database", "postgresql://nobody:secret@127.0.0.1:1/x"], "cannot open the database"),
        (["--tickets", "-1"], "--tickets"),
    ],
)
def test_a_mistake_is_one_clear_sentence(arguments, says):
    """What the user got wrong is said in one line, without a password."""
    said = failing("--port", "0", *arguments) if "--port" not in arguments else failing(*arguments)
    assert says in said
    assert "secret" not in said
