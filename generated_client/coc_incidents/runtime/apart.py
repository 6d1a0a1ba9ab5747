# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Calls on a thread of their own that nobody waits for: not when they are given up, and not when the program ends."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Apart(Generic[T]):
    """One thread, from the first call on until `leave`. Each call that is asked has its result, in turn."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[Callable[[], T] | None] = SimpleQueue()
        self._outcomes: SimpleQueue[Callable[[], T]] = SimpleQueue()
        self._thread: Thread | None = None

    def ask(self, call: Callable[[], T]) -> None:
        """Begin a call."""
        if self._thread is None:
            queues = (self._calls, self._outcomes)
            self._thread = Thread(target=_run, args=queues, name="coc-incidents", daemon=True)
            self._thread.start()
        self._calls.put(call)

    def result(self, seconds: float | None = None) -> T:
        """The result, or the error, of the oldest call; raises `TimeoutError` when it is not there in time."""
        try:
            outcome = self._outcomes.get(timeout=seconds)
        except Empty:
            raise TimeoutError from None
        return outcome()

    def leave(self) -> None:
        """Let the thread end with the call that it is at."""
        self._calls.put(None)


def _run(calls: SimpleQueue[Callable[[], T] | None], outcomes: SimpleQueue[Callable[[], T]]) -> None:
    for call in iter(calls.get, None):
        outcomes.put(_outcome(call))
        del call  # what it holds is not needed while the next one is awaited


def _outcome(call: Callable[[], T]) -> Callable[[], T]:
    try:
        found = call()
    except BaseException as error:  # whatever it is, it is the asker's
        return _raising(error)
    return lambda: found


def _raising(error: BaseException) -> Callable[[], Any]:
    def outcome() -> Any:
        raise error

    return outcome
