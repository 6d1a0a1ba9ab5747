"""What is told to whoever runs the mock, on stderr, if anybody reads it."""

from __future__ import annotations

import contextlib
import sys


def say(line: str, end: str = "\n") -> None:
    """Write a line. Nobody's work fails because it cannot be told."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True, end=end)


def on_terminal() -> bool:
    """Whether somebody sees the lines as they come."""
    with contextlib.suppress(OSError, ValueError):
        return sys.stderr is not None and sys.stderr.isatty()
    return False
