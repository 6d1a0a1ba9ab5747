"""What a change between two versions of a contract means, and for whom."""

from __future__ import annotations

import json
from enum import Enum, IntEnum
from typing import Any

from attrs import frozen


class Rating(IntEnum):
    """How much a change asks of those who use the contract; the higher, the more."""

    COSMETIC = 0
    """Words only."""
    COMPATIBLE = 1
    """What worked still works."""
    BREAKING = 2
    """Something that worked may fail."""

    def __str__(self) -> str:
        return self.name.lower()


class Direction(Enum):
    """Which way a value travels, and who sends it."""

    REQUEST = "request"
    ANSWER = "answer"
    UNUSED = "unused"
    """A schema that no operation names; only the generated client has it."""


class Effect(Enum):
    """What a change does to the set of values that are allowed."""

    TIGHTER = "tighter"
    LOOSER = "looser"
    OTHER = "other"
    """Neither contains the other, or it cannot be told: some old values are gone, some new ones come."""
    WORDS = "words"
    """The same values."""
    ADDITION = "addition"
    """Something new that nobody has to use."""
    LOSS = "loss"
    """Something that was there to use is gone, or means something else."""


_RATINGS = {
    Effect.TIGHTER: {Direction.REQUEST: Rating.BREAKING, Direction.ANSWER: Rating.COMPATIBLE},
    Effect.LOOSER: {Direction.REQUEST: Rating.COMPATIBLE, Direction.ANSWER: Rating.BREAKING},
}


def rating_of(effect: Effect, direction: Direction) -> Rating:
    """The rating of an effect on values that travel in one direction.

    A sender may send only what is allowed, so that tightening breaks callers in a request; a reader has to understand
    all that is allowed, so that loosening breaks readers in an answer.
    """
    if effect is Effect.WORDS:
        return Rating.COSMETIC
    if effect is Effect.ADDITION:
        return Rating.COMPATIBLE
    if effect in _RATINGS and direction is not Direction.UNUSED:
        return _RATINGS[effect][direction]
    return Rating.COSMETIC if direction is Direction.UNUSED and effect in _RATINGS else Rating.BREAKING


@frozen
class Change:
    """One difference between two versions, at one place."""

    rating: Rating
    place: str
    """A schema's member (`ObjectFilterV2.values`), or an operation's part (`POST /v2/incidents/list · answer 429`)."""
    keyword: str
    """The keyword or part that changed, such as `maximum`, `property`, `operation`."""
    before: Any
    """The value before; None when there was none."""
    after: Any
    """The value after; None when there is none."""
    direction: str
    """`request`, `answer`, `request and answer`, or empty when the change is no matter of direction."""
    client: str
    """What a user of the Python client notices; empty when nothing."""

    @property
    def what(self) -> str:
        """The change in a few words."""
        if self.before is None:
            return f"{self.keyword} {shown(self.after)} added" if self.after is not True else f"{self.keyword} added"
        if self.after is None:
            return (
                f"{self.keyword} {shown(self.before)} removed" if self.before is not True else f"{self.keyword} removed"
            )
        before, after = shown_apart(self.before, self.after)
        return f"{self.keyword} {before} → {after}"

    def as_json(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "rating": str(self.rating),
            "place": self.place,
            "keyword": self.keyword,
            "before": self.before,
            "after": self.after,
            "direction": self.direction,
            "client": self.client,
        }


def shown(value: Any) -> str:
    """A value in at most 60 characters."""
    text = _text(value)
    return text if len(text) <= 60 else f"{text[:45]} … {text[-12:]}"


def shown_apart(before: Any, after: Any) -> tuple[str, str]:
    """Two values that differ, shortened so that one sees where: from a little before the first difference on."""
    one, other = _text(before), _text(after)
    if one == other:  # text and number, say
        return json.dumps(before, ensure_ascii=False), json.dumps(after, ensure_ascii=False)
    if shown(before) != shown(after):
        return shown(before), shown(after)
    first = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), len(one))
    start = max(0, min(first, len(other)) - 20)
    return _window(one, start), _window(other, start)


def _window(text: str, start: int) -> str:
    return f"… {text[start : start + 45]}" + (" …" if len(text) > start + 45 else "")


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value.strip() else json.dumps(value, ensure_ascii=False)
