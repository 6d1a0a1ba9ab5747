"""A call on a thread of its own that nobody waits for: not when it is given up, and not when the program ends."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Apart(Generic[T]):
    """A call that runs from now on; its result, or its error, is for whoever asks."""

    def __init__(self, call: Callable[[], T]) -> None:
        self._outcomes: SimpleQueue[Callable[[], T]] = SimpleQueue()
        Thread(target=self._run, args=(call,), name="coc-incidents", daemon=True).start()

    def _run(self, call: Callable[[], T]) -> None:
        try:
            found = call()
        except BaseException as error:  # whatever it is, it is the asker's
            self._outcomes.put(_raising(error))
        else:
            self._outcomes.put(lambda: found)

    def result(self, seconds: float | None = None) -> T:
        """The result, once it is there; raises `TimeoutError` when it is not within so many seconds."""
        try:
            outcome = self._outcomes.get(timeout=seconds)
        except Empty:
            raise TimeoutError from None
        return outcome()


def _raising(error: BaseException) -> Callable[[], Any]:
    def outcome() -> Any:
        raise error

    return outcome
