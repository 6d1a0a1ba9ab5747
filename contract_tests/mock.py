"""`--target mock`: the project's mock as a process of its own, on a free port, for the length of one run."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO

MARK = "listening on "


class MockFailed(Exception):
    """The mock did not start; the message holds what it said."""


@contextmanager
def started(arguments: Sequence[str] = ()) -> Iterator[str]:
    """The base URL of a mock that answers; it is stopped on the way out. `arguments` go to `python -m mock_service`."""
    command = [sys.executable, "-m", "mock_service", "--port", "0", *arguments]
    # A pipe that nobody reads is full after 64 kB of complaints, and then the mock stands still.
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as complaints:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=complaints, text=True)  # noqa: S603
        try:
            yield _listening(process, complaints)
        finally:
            process.terminate()
            try:
                process.communicate(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()


def _listening(process: subprocess.Popen[str], complaints: IO[str]) -> str:
    """Wait for the line `listening on URL`; its stream ends when the mock dies, so this never waits for nothing."""
    said = []
    for line in process.stdout or ():
        if MARK in line:
            return line.split(MARK, 1)[1].split()[0]
        said.append(line)
    process.wait()
    complaints.seek(0)
    raise MockFailed(f"The mock did not start: {''.join([*said, complaints.read()]).strip() or 'it said nothing'}")
