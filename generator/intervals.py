"""The bounds of numbers as an interval: what a change of them does to the numbers that are allowed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil, floor, isfinite
from typing import Any

from attrs import frozen

from generator.changes import Effect
from generator.rules import CHECKED, Step, type_set

LOWER = ("minimum", "exclusiveMinimum")
UPPER = ("maximum", "exclusiveMaximum")
KEYWORDS = (*LOWER, *UPPER)
_FLAGS = ("exclusiveMinimum", "exclusiveMaximum")
_WORDS = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "exclusiveMaximum": "below"}


@frozen
class _End:
    """One end of an interval."""

    keyword: str
    """The keyword that decides."""
    value: Any
    """As it is written."""
    number: float
    excluded: bool

    def keeps(self, sign: int) -> tuple[float, bool]:
        """A key that grows with what this end keeps out; `sign` is 1 for a lower end and -1 for an upper one."""
        return sign * self.number, self.excluded


def are_comparable(schema: Mapping[str, Any]) -> bool:
    """Whether the bounds of a schema are numbers; in OpenAPI 3.0 an exclusive one is a flag."""
    given = {name: schema[name] for name in KEYWORDS if name in schema}
    return all(_is_number(value) or (name in _FLAGS and isinstance(value, bool)) for name, value in given.items())


def steps_between(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Step]:
    """What happened at each end, told by what it allows: `exclusiveMinimum: 0` of integers is their `minimum: 1`."""
    for names, sign in ((LOWER, 1), (UPPER, -1)):
        before, after = _end(old, names, sign), _end(new, names, sign)
        if before is None or after is None:
            if before is not None:
                yield before.keyword, before.value, None, Effect.LOOSER, CHECKED
            if after is not None:
                yield after.keyword, None, after.value, Effect.TIGHTER, CHECKED
        elif before.keeps(sign) != after.keeps(sign):
            effect = Effect.TIGHTER if after.keeps(sign) > before.keeps(sign) else Effect.LOOSER
            if before.keyword == after.keyword:
                yield before.keyword, before.value, after.value, effect, CHECKED
            else:
                told = "lower bound" if sign > 0 else "upper bound"
                yield told, _spelled(before), _spelled(after), effect, CHECKED


def _spelled(end: _End) -> str:
    return f"{_WORDS[end.keyword]} {end.value}"


def _end(schema: Mapping[str, Any], names: tuple[str, str], sign: int) -> _End | None:
    """The end that the tighter of the two keywords makes; None where neither stands."""
    inclusive, exclusive = (schema.get(name) for name in names)
    if isinstance(exclusive, bool):  # OpenAPI 3.0: a flag beside the bound
        inclusive, exclusive = (None, inclusive) if exclusive else (inclusive, None)
    ends = [
        _settled(_End(name, value, value, excluded), schema, sign)
        for name, value, excluded in zip(names, (inclusive, exclusive), (False, True), strict=True)
        if value is not None
    ]
    return max(ends, key=lambda end: end.keeps(sign), default=None)


def _settled(end: _End, schema: Mapping[str, Any], sign: int) -> _End:
    """Of integers, the end is the last integer that is allowed."""
    kinds = type_set(schema.get("type"))
    if "integer" not in kinds or "number" in kinds:
        return end
    nearest = ceil(end.number) if sign > 0 else floor(end.number)
    last = nearest + sign if end.excluded and nearest == end.number else nearest
    return _End(end.keyword, end.value, last, excluded=False)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and isfinite(value)
