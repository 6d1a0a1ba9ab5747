# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""The course of one call: send, wait, retry, read. It knows no socket and no event loop; `transport` carries it out."""

from __future__ import annotations

import logging
import random
from collections.abc import Awaitable, Callable, Generator, Mapping
from typing import Any, TypeVar

import httpx
from msgspec import Struct, structs

from . import errors
from .answers import Answer, read, retry_after
from .operations import Operation
from .secrecy import redacted

T = TypeVar("T")
log = logging.getLogger("coc_incidents")

_RETRIED_STATUSES = frozenset({429, 502, 503, 504})
_LONGEST_WAIT = 60.0
_LONGEST = 1_000_000


class Event(Struct, frozen=True, kw_only=True):
    """What a hook sees of one attempt; secrets are gone from the headers, and the body is not here."""

    operation: str
    attempt: int
    """Counted from 1."""
    method: str
    url: str
    headers: Mapping[str, str]
    status: int | None = None
    """None when no answer came."""
    request_id: str | None = None
    error: str | None = None
    seconds: float = 0.0


class Patience(Struct, frozen=True, kw_only=True):
    """How long and how often a call tries. All times are seconds."""

    timeout: float = 30.0
    """For one attempt, from the first byte sent to the last one read."""
    max_retries: int = 2
    deadline: float | None = None
    """For all attempts and waits together; None sets no such limit."""
    first_wait: float = 0.5
    """The wait before the first retry; it doubles each time, at most 8 seconds, and varies by up to a half."""

    @classmethod
    def of(
        cls, patience: Patience | None, timeout: float | None, max_retries: int | None, deadline: float | None
    ) -> Patience:
        """That of a client's options; raises `InvalidRequest` where they say it twice."""
        if patience is None:
            return cls().with_(timeout, max_retries, deadline)
        if not isinstance(patience, Patience):
            message = f"patience is a {type(patience).__name__}; it must be Patience(…)"
            raise errors.InvalidRequest(message, member="patience", expected="Patience(…)")
        given = {"timeout": timeout, "max_retries": max_retries, "deadline": deadline}
        for name, value in given.items():
            if value is not None:
                message = f"{name} is given beside patience; say it once, as in Patience({name}={value!r})"
                raise errors.InvalidRequest(message, member=name, value=value)
        return patience.checked()

    def with_(self, timeout: float | None, max_retries: int | None, deadline: float | None) -> Patience:
        """The same, with what a single call asks for."""
        given = {"timeout": timeout, "max_retries": max_retries, "deadline": deadline}
        changes = {name: value for name, value in given.items() if value is not None}
        return structs.replace(self, **changes).checked() if changes else self

    def checked(self) -> Patience:
        """The same; raises `InvalidRequest` for what is no number of seconds, or no number of tries."""
        for name, value in structs.asdict(self).items():
            if value is None and name == "deadline":
                continue
            kind, words = (int, "an integer") if name == "max_retries" else ((int, float), "a number of seconds")
            if isinstance(value, bool) or not isinstance(value, kind) or not 0 <= value <= _LONGEST:
                expected = f"{words} from 0 to {_LONGEST:,}"
                message = f"{name} is {value!r}; it must be {expected}"
                raise errors.InvalidRequest(message, member=name, value=value, expected=expected)
        return self

    def wait(self, attempt: int, asked: float | None) -> float:
        """Seconds to wait after the given attempt (counted from 1); never less than the service asked for."""
        backoff = min(8.0, self.first_wait * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311  # spreads load, guards no secret
        return max(backoff, asked or 0.0)


class Send(Struct, frozen=True):
    """Do one attempt within so many seconds; the driver answers with an `Outcome`."""

    request: httpx.Request
    seconds: float


class Wait(Struct, frozen=True):
    """Let so many seconds pass."""

    seconds: float


class Outcome(Struct, frozen=True):
    """What became of one attempt: a whole answer, or the reason why there is none."""

    seconds: float
    """On a monotonic clock, since the call began."""
    response: httpx.Response | None = None
    raw: bytes = b""
    error: errors.TransportError | None = None


Steps = Generator[Send | Wait | Event, Outcome, Answer[T]]
"""An event is to be told to the hook; only a `Send` and a `Wait` have an outcome."""
Hook = Callable[[Event], None]
"""Hears of each attempt of a blocking client."""
AsyncHook = Callable[[Event], Awaitable[None] | None]
"""Hears of each attempt of an asynchronous client; what it returns is awaited where it can be."""


def steps(
    operation: Operation[T], request: Callable[[], httpx.Request], patience: Patience, *, told: bool = False
) -> Steps[T]:
    """The course of one call, with an event after each attempt where it is to be `told`.

    `request` makes a fresh request for each attempt, so that each is signed anew.
    """
    attempt, elapsed = 0, 0.0
    while True:
        attempt += 1
        left = patience.timeout if patience.deadline is None else min(patience.timeout, patience.deadline - elapsed)
        sent = request()
        outcome = yield Send(sent, left)
        if told or log.isEnabledFor(logging.DEBUG):
            event = _event(operation, attempt, sent, outcome, outcome.seconds - elapsed)
            said = event.status or event.error
            log.debug("%s attempt %d: %s in %.3f s", event.operation, event.attempt, said, event.seconds)
            if told:
                yield event
        elapsed = outcome.seconds
        wait = _wait_before_retry(operation, patience, attempt, outcome)
        if wait is not None:
            yield Wait(wait)
            elapsed += wait
            continue
        if outcome.response is None:
            assert outcome.error is not None
            outcome.error.attempts = attempt
            raise outcome.error
        try:
            return read(operation, outcome.response.status_code, outcome.response.headers, outcome.raw, attempt)
        except errors.StatusError as error:
            error.attempts = attempt
            raise


def _wait_before_retry(operation: Operation[Any], patience: Patience, attempt: int, outcome: Outcome) -> float | None:
    """Seconds to wait before the next attempt, or None when this outcome is final."""
    asked = None
    if outcome.response is not None:
        if outcome.response.status_code not in _RETRIED_STATUSES:
            return None
        asked = retry_after(outcome.response.headers)
    never_arrived = isinstance(outcome.error, errors.ConnectFailed)
    if attempt > patience.max_retries or not (operation.repeatable or never_arrived):
        return None
    wait = patience.wait(attempt, asked)
    if wait > _LONGEST_WAIT or (patience.deadline is not None and outcome.seconds + wait >= patience.deadline):
        return None
    return wait


def _event(operation: Operation[Any], attempt: int, sent: httpx.Request, outcome: Outcome, seconds: float) -> Event:
    response = outcome.response
    return Event(
        operation=operation.name,
        attempt=attempt,
        method=sent.method,
        url=str(sent.url),
        headers=redacted(sent.headers),
        status=None if response is None else response.status_code,
        request_id=None if response is None else response.headers.get("x-request-id"),
        error=None if outcome.error is None else str(outcome.error),
        seconds=seconds,
    )


def in_our_terms(error: httpx.HTTPError | TimeoutError, seconds: float) -> errors.TransportError:
    """The error of the layer below, as ours."""
    text = str(error) or type(error).__name__
    if isinstance(error, (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError, httpx.DecodingError)):
        return errors.AnswerBroken(f"the answer broke off: {text}")
    if isinstance(error, httpx.ConnectTimeout):
        return errors.ConnectFailed(f"no connection within {seconds:g} s")
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return errors.RequestTimeout(f"no whole answer within {seconds:g} s")
    return errors.ConnectFailed(f"no connection: {text}")
