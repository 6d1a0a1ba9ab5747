"""Rehearse a bad day: latency, throttling, failures, resets, slow bodies and a wrong clock, the same for the same seed.

    seed: 7
    clock_skew: -1200              # seconds that the service's clock is ahead; negative when it is behind
    throttle: {requests: 5, seconds: 1, retry_after: 1}
    events:
      - {requests: [3, 4], status: 503}
      - {every: 10, reset: true}
      - {share: 0.2, delay: 0.5, says: one in five answers half a second late}
      - {share: 0.05, cut: 100}    # bytes of the body, then the connection closes
      - {trickle: 3}               # seconds that each body takes

An event strikes the requests that it names by number (counted from 1), every so many, or by share; all of them when it
names none. The first event with a status, a reset or a cut decides; delays add up.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import msgspec

from mock_service.contract import Contract, Mistake
from mock_service.messages import Answer

Seconds = Annotated[float, msgspec.Meta(ge=0, le=3600)]
Count = Annotated[int, msgspec.Meta(ge=1)]


class Throttle(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """So many requests are answered in so many seconds; the rest gets 429."""

    requests: Count
    seconds: Annotated[float, msgspec.Meta(gt=0, le=3600)] = 1.0
    retry_after: Annotated[int, msgspec.Meta(ge=0)] | None = 1
    """Value of `Retry-After` in seconds; null sends no such header."""


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that happens to some requests."""

    requests: list[Count] = []
    every: Count | None = None
    share: Annotated[float, msgspec.Meta(ge=0, le=1)] | None = None
    delay: Seconds = 0.0
    status: Annotated[int, msgspec.Meta(ge=400, le=599)] | None = None
    reset: bool = False
    cut: Annotated[int, msgspec.Meta(ge=0)] | None = None
    trickle: Seconds = 0.0
    says: str = ""
    """For the reader of the file."""

    def strikes(self, number: int, chance: random.Random) -> bool:
        """Whether it happens to this request."""
        draw = chance.random()
        chosen = [
            number in self.requests if self.requests else None,
            number % self.every == 0 if self.every else None,
            draw < self.share if self.share is not None else None,
        ]
        return all(choice for choice in chosen if choice is not None)


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    seed: int = 1
    clock_skew: float = 0.0
    throttle: Throttle | None = None
    events: list[Event] = []


def read(path: Path) -> Scenario:
    """The scenario of a YAML file; a `Mistake` names the place of what is wrong."""
    try:
        return msgspec.yaml.decode(path.read_bytes(), type=Scenario)
    except OSError as error:
        raise Mistake(f"cannot read the scenario {path}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise Mistake(f"{path} is no scenario: {' '.join(str(error).split())}") from error


class Director:
    """Plays one scenario over the requests of one process."""

    def __init__(self, scenario: Scenario, contract: Contract, clock: Callable[[], float] = time.monotonic) -> None:
        self.scenario = scenario
        self.contract = contract
        self.clock = clock
        self.numbers = itertools.count(1)
        self.window = (clock(), 0)

    def throttled(self) -> bool:
        """Count a request; whether it is one too many."""
        throttle = self.scenario.throttle
        if throttle is None:
            return False
        began, count = self.window
        if self.clock() - began >= throttle.seconds:
            began, count = self.clock(), 0
        self.window = (began, count + 1)
        return count >= throttle.requests

    def before(self) -> tuple[Answer | None, list[Event]]:
        """The answer that a request gets in the place of the service's, if any, and the events that strike it."""
        number = next(self.numbers)
        throttle = self.scenario.throttle
        if throttle is not None and self.throttled():
            answer = self.failure(429)
            if throttle.retry_after is not None:
                answer.headers["Retry-After"] = str(throttle.retry_after)
            return answer, []
        struck = [
            event
            for index, event in enumerate(self.scenario.events)
            if event.strikes(number, random.Random(f"{self.scenario.seed}/{index}/{number}"))  # noqa: S311
        ]
        status = next((event.status for event in struck if event.status or event.reset or event.cut is not None), None)
        return (self.failure(status) if status else None), struck

    def after(self, answer: Answer, struck: list[Event]) -> Answer:
        """The answer as the events leave it."""
        breach = next((event for event in struck if event.status or event.reset or event.cut is not None), Event())
        answer.delay += sum(event.delay for event in struck)
        answer.trickle += sum(event.trickle for event in struck)
        answer.reset = answer.reset or breach.reset
        answer.cut = breach.cut if breach.cut is not None else answer.cut
        return answer

    def failure(self, status: int) -> Answer:
        """The contract's answer of this status; for one that it does not know, the page of some proxy on the way."""
        if status in self.contract.gateway:
            return Answer(status, msgspec.json.encode(self.contract.gateway[status]))
        page = f"<html><head><title>{status}</title></head><body>{status}</body></html>"
        return Answer(status, page.encode(), {"Content-Type": "text/html"})
