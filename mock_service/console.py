"""What is told to whoever runs the mock, on stderr, if anybody reads it."""

from __future__ import annotations

import contextlib
import select
import sys

PIPE = 4096
"""Bytes that a pipe takes at once when it takes any (`PIPE_BUF`)."""


def say(line: str, end: str = "\n") -> None:
    """Write a line. Nobody's work fails because it cannot be told."""
    if sys.stderr is not None:
        try:
            print(line, file=sys.stderr, flush=True, end=end)
        except (OSError, ValueError):
            sys.stderr = None  # what it still holds would be written at exit, where it would fail again


class Log:
    """What a service tells while it serves. It waits for no reader: lines that nobody reads are lost, and counted."""

    lost = 0

    def __call__(self, line: str) -> None:
        """Write a line, or the end of one that is longer than a pipe takes."""
        if not ready():
            self.lost += 1
            return
        line = line.encode(errors="replace")[-PIPE // 2 :].decode(errors="ignore")
        if self.lost:
            line = f"({self.lost:,} lines that nobody read are lost)\n{line}"
            self.lost = 0
        say(line)


def ready() -> bool:
    """Whether stderr takes a line without waiting for somebody to read."""
    with contextlib.suppress(OSError, ValueError):  # a closed one holds nobody up
        return sys.stderr is None or bool(select.select([], [sys.stderr], [], 0)[1])
    return True


def on_terminal() -> bool:
    """Whether somebody sees the lines as they come."""
    with contextlib.suppress(OSError, ValueError):
        return sys.stderr is not None and sys.stderr.isatty()
    return False
