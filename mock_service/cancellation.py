"""How the work of a request is ended from outside the thread that does it: when it takes too long, when nobody waits
for it any more, or when the service stops.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TypeVar

AGAIN = 0.1
"""Seconds after which work that still goes on is interrupted again: it may have been between two statements."""

T = TypeVar("T")
Interrupt = Callable[[], object]
_CURRENT: ContextVar[Cancellation | None] = ContextVar("cancellation", default=None)


class Cancelled(Exception):
    """The work was ended from outside; what it would have found is not known."""


class Cancellation:
    """Ends one piece of work."""

    def __init__(self) -> None:
        self._cancelled = False
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._interrupt: Interrupt | None = None

    def run(self, work: Callable[[], T]) -> T:
        """Do the work, in this thread; `Cancelled` when it was ended."""
        token = _CURRENT.set(self)
        try:
            return work()
        finally:
            _CURRENT.reset(token)
            self._ended.set()

    def cancel(self) -> None:
        """End the work, from any other thread; return at once, and see to it that it ends."""
        if not self._ended.is_set():
            threading.Thread(target=self._persist, daemon=True).start()

    def _persist(self) -> None:
        self._cancelled = True
        while not self._ended.is_set():
            with self._lock:
                if self._interrupt is not None:
                    self._interrupt()
            self._ended.wait(AGAIN)

    @contextmanager
    def during(self, interrupt: Interrupt) -> Iterator[None]:
        """While it lasts, `interrupt` ends what this thread waits for."""
        if self._cancelled:
            raise Cancelled
        with self._lock:
            self._interrupt = interrupt
        try:
            yield
        finally:
            with self._lock:  # after which nobody interrupts what this connection does next
                self._interrupt = None
            if self._cancelled:
                raise Cancelled


def interruptible(interrupt: Interrupt) -> AbstractContextManager[None]:
    """While it lasts, whoever cancels this thread's work calls `interrupt`; work that nobody can cancel goes on."""
    current = _CURRENT.get()
    return nullcontext() if current is None else current.during(interrupt)
