"""One line on a terminal that says how far a run is; nothing where the output is no terminal."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TextIO

from contract_tests.run import Run

EVERY = 0.1


class Progress:
    """Rewrites its line ten times a second at most, and takes it away at the end."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.shown = stream.isatty()
        self.last = 0.0

    def __call__(self, stage: str, run: Run) -> None:
        """After each step of a run."""
        if self.shown and time.monotonic() - self.last > EVERY:
            self.last = time.monotonic()
            wire, breaches = run.target.wire, len(run.ledger.breaches())
            limit = f" of {wire.budget.requests}" if wire.budget.requests else ""
            self.stream.write(f"\r\x1b[K{stage}: {wire.sent}{limit} requests, {breaches} broken")
            self.stream.flush()

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.shown:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
