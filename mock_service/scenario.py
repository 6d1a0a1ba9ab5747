"""Rehearse a bad day: latency, throttling, failures, resets, slow bodies and a wrong clock, the same for the same seed.

    seed: 7
    clock_skew: -1200              # seconds that the service's clock is ahead; negative when it is behind
    throttle: {requests: 5, seconds: 1}
    key_lock: {failures: 5, seconds: 300}  # with --auth required; these are the gateway's own figures
    events:
      - {requests: [3, 4], status: 503}
      - {every: 10, reset: true}
      - {share: 0.2, delay: 0.5, says: one in five answers half a second late}
      - {share: 0.05, cut: 100}    # bytes of the body, then the connection closes
      - {trickle: 3}               # seconds that each body takes

An event strikes the requests that it names by number (counted from 1), every so many, or by share; all of them when it
names none. The first event with a status, a reset or a cut decides; delays add up. A window of `throttle` begins with
the first request after the last window; `Retry-After` says when it ends, or what `retry_after` says. A key that was
locked is refused however well it is signed. The wrong clock is the one that signatures are held against, and the one of
the `Date` header.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec

from mock_service import settings
from mock_service.authentication import KeyLock
from mock_service.contract import Contract
from mock_service.messages import GATEWAY, Answer, gateway_body

Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1)]
YEAR = 365 * 24 * 3600
"""Seconds; no clock is further off, and no wait longer."""


class Throttle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many requests are answered in so many seconds; the rest gets 429."""

    requests: Count
    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 1.0
    retry_after: Annotated[int, msgspec.Meta(ge=0, le=YEAR)] | msgspec.UnsetType | None = msgspec.UNSET
    """Value of `Retry-After` in seconds, true or not; null sends no such header; unset tells the window's end."""


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happens to some requests."""

    requests: Annotated[list[Count], msgspec.Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET
    every: Count | msgspec.UnsetType = msgspec.UNSET
    share: Annotated[float, msgspec.Meta(ge=0, le=1)] | msgspec.UnsetType = msgspec.UNSET
    delay: Seconds = 0.0
    status: Annotated[int, msgspec.Meta(ge=400, le=599)] | msgspec.UnsetType = msgspec.UNSET
    reset: bool = False
    cut: Annotated[int, msgspec.Meta(ge=0)] | msgspec.UnsetType = msgspec.UNSET
    trickle: Seconds = 0.0
    says: str = ""
    """For the reader of the file."""

    def __post_init__(self) -> None:
        """Refuse an event that does nothing, or two things of which one hides the other."""
        if not (self.delay or self.decides or self.trickle):
            raise ValueError("the event does nothing; give it a delay, status, reset, cut or trickle")
        if self.reset and (self.status or self.cut is not msgspec.UNSET or self.trickle):
            raise ValueError("a reset answers nothing; leave out status, cut and trickle, or the reset")

    @property
    def decides(self) -> bool:
        """Whether the caller gets something else than the service's answer."""
        return bool(self.status or self.reset or self.cut is not msgspec.UNSET)

    def strikes(self, number: int, chance: random.Random) -> bool:
        """Whether it happens to this request."""
        draw = chance.random()
        chosen = [
            number in self.requests if self.requests else None,
            number % self.every == 0 if self.every else None,
            draw < self.share if self.share is not msgspec.UNSET else None,
        ]
        return all(choice for choice in chosen if choice is not None)


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    seed: int = 1
    clock_skew: Annotated[float, msgspec.Meta(ge=-YEAR, le=YEAR)] = 0.0
    throttle: Throttle | msgspec.UnsetType = msgspec.UNSET
    key_lock: KeyLock | msgspec.UnsetType = msgspec.UNSET
    events: list[Event] = []


def decisive(struck: list[Event]) -> Event | None:
    """The event that decides what the caller gets, if any: the first that can."""
    return next((event for event in struck if event.decides), None)


def read(path: Path) -> Scenario:
    """The scenario of a YAML file; a `Mistake` names the place of what is wrong."""
    return settings.read(path, Scenario, "scenario", "mock_service/scenario.py")


class Director:
    """Plays one scenario over the requests of one process."""

    def __init__(self, scenario: Scenario, contract: Contract, clock: Callable[[], float] = time.monotonic) -> None:
        self.scenario = scenario
        self.clock = clock
        self.numbers = itertools.count(1)
        self.window = (-math.inf, 0)
        self.known = {status: gateway_body(status) for status in GATEWAY}
        self.known |= {400: contract.operations[0].failure, **contract.gateway}

    def throttled(self, throttle: Throttle) -> Answer | None:
        """Count a request; the answer to one too many."""
        now, (began, count) = self.clock(), self.window
        if now - began >= throttle.seconds:
            began, count = now, 0
        self.window = (began, count + 1)
        if count < throttle.requests:
            return None
        limit = f"limit:{throttle.requests},time:{throttle.seconds:g} second"
        answer = self.failure(429, f"The throttling threshold has been reached: policy ip over ratelimit,{limit}")
        wait = throttle.retry_after
        if wait is not None:
            until = began + throttle.seconds - now
            answer.headers["Retry-After"] = str(math.ceil(until) if wait is msgspec.UNSET else wait)
        return answer

    def before(self) -> tuple[Answer | None, list[Event]]:
        """The answer that a request gets in the place of the service's, if any, and the events that strike it."""
        number = next(self.numbers)
        throttle = self.scenario.throttle
        refusal = self.throttled(throttle) if throttle else None
        if refusal is not None:
            return refusal, []
        struck = [
            event
            for index, event in enumerate(self.scenario.events)
            if event.strikes(number, random.Random(f"{self.scenario.seed}/{index}/{number}"))  # noqa: S311
        ]
        breach = decisive(struck)
        return (self.failure(breach.status) if breach and breach.status else None), struck

    def after(self, answer: Answer, struck: list[Event]) -> Answer:
        """The answer as the events leave it."""
        breach = decisive(struck)
        answer.delay += sum(event.delay for event in struck)
        answer.trickle += sum(event.trickle for event in struck)
        if breach is not None:
            answer.reset = answer.reset or breach.reset
            answer.cut = answer.cut if breach.cut is msgspec.UNSET else breach.cut
        return answer

    def failure(self, status: int, message: str = "") -> Answer:
        """The answer of this status, the contract's or the gateway's; else the page of some proxy on the way."""
        if status in self.known:
            said = {"error_msg": message} if message else {}
            return Answer(status, msgspec.json.encode({**self.known[status], **said}))
        page = f"<html><head><title>{status}</title></head><body>{status}</body></html>"
        return Answer(status, page.encode(), {"Content-Type": "text/html"})
