# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Filters as Python expressions; `conditions` has them as the wire does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, NoReturn

import attrs
from attrs import frozen

from .errors import InvalidFilter
from .wire import text_of

Value = str | int | float | bool | datetime | Enum
"""What a property can be compared with. The wire gets text: a datetime in milliseconds, a bool as `true` or `false`."""

_OPPOSITES = {"=": "!=", "in": "!=", "!=": "=", ">": "<=", "<=": ">", "<": ">=", ">=": "<"}
_NO_BOOL = "a filter has no truth value; join filters by & and |, with each comparison in parentheses"


class Expression:
    """Filters joined by `&` and `|`; `~` turns one round where the contract has the opposite operator."""

    def __and__(self, other: Expression) -> Expression:
        return _joined("&", self, other)

    def __or__(self, other: Expression) -> Expression:
        return _joined("|", self, other)

    def __invert__(self) -> Expression:
        raise NotImplementedError

    def __bool__(self) -> bool:
        # `a and b`, or `1 < F.x < 2`, would silently drop a filter.
        raise TypeError(_NO_BOOL)


@frozen(cache_hash=True)
class Filter(Expression):
    """One property compared with values, as the wire has it."""

    field: str
    operator: str
    values: tuple[str, ...]
    is_integer: bool = attrs.field(default=False, kw_only=True)
    """Whether the property holds integers, and all values are decimal integers."""
    operators: frozenset[str] = attrs.field(default=frozenset(), eq=False, repr=False, kw_only=True)
    """The operators that the contract has."""

    def __invert__(self) -> Filter:
        opposite = _OPPOSITES.get(self.operator)
        if opposite is None or opposite not in self.operators or len(self.values) != 1:
            raise InvalidFilter(
                f"~ has nothing to turn {self.field} {self.operator} {_shown(self.values)} into: "
                "the contract has no opposite operator; "
                "write the wanted values, or join several != with &",
                member=self.field,
            )
        return Filter(self.field, opposite, self.values, is_integer=self.is_integer, operators=self.operators)


@frozen(cache_hash=True)
class Joined(Expression):
    """Expressions joined by one operator, `&` or `|`; no part is joined by the same one."""

    operator: str
    parts: tuple[Expression, ...]

    def __invert__(self) -> Expression:
        return _joined("|" if self.operator == "&" else "&", *(~part for part in self.parts))


@frozen
class Sort:
    """A property to sort by, and the direction: `desc` (largest first) or `asc`."""

    field: str
    direction: str


def _joined(operator: str, *parts: Expression) -> Expression:
    flat: list[Expression] = []
    for part in parts:
        if not isinstance(part, Expression):
            raise TypeError(f"{part!r} is no filter; {_NO_BOOL}")
        inner = part.parts if isinstance(part, Joined) and part.operator == operator else (part,)
        flat += inner
    flat = list(dict.fromkeys(flat))
    return flat[0] if len(flat) == 1 else Joined(operator, tuple(flat))


def _shown(values: tuple[str, ...]) -> str:
    return repr(values[0]) if len(values) == 1 else f"({len(values)} values)"


@frozen(eq=False)
class Field:
    """One property to filter and sort by. Comparing it makes a filter."""

    name: str
    operators: frozenset[str] = attrs.field(repr=False)
    holds_integers: bool = attrs.field(default=False, repr=False)
    is_time: bool = attrs.field(default=False, repr=False)

    def where(self, operator: str, *values: Value) -> Filter:
        """Any operator of the contract, under its own name."""
        if operator not in self.operators:
            raise InvalidFilter(
                f"the contract has no operator {operator!r}; it has {', '.join(sorted(self.operators))}",
                member=self.name,
            )
        texts = tuple(dict.fromkeys(self._text(value) for value in values))
        if not texts:
            raise InvalidFilter(f"a filter on {self.name} needs at least one value", member=self.name)
        integers = self.holds_integers and all(re.fullmatch(r"-?[0-9]+", text) for text in texts)
        return Filter(self.name, operator, texts, is_integer=integers, operators=self.operators)

    def _text(self, value: Value) -> str:
        if (self.holds_integers or self.is_time) and isinstance(value, float) and 0 < abs(value % 1) < 1:
            message = f"{self.name} holds whole numbers, and {value!r} is none; round it, as in round({value!r})"
            raise InvalidFilter(message, member=self.name, value=value)
        try:
            return text_of(value)
        except (TypeError, ValueError) as error:
            raise InvalidFilter(f"{self.name} cannot be compared: {error}", member=self.name, value=value) from None

    def in_(self, *values: Value) -> Filter:
        """Is one of the values."""
        return self.where("in", *values)

    def contains(self, value: Value) -> Filter:
        """Its text holds the value."""
        return self.where("like", value)

    def startswith(self, value: Value) -> Filter:
        """Its text begins with the value."""
        return self.where("startwith", value)

    def endswith(self, value: Value) -> Filter:
        """Its text ends with the value."""
        return self.where("endwith", value)

    def __eq__(self, value: Value) -> Filter:  # type: ignore[override]
        return self.where("=", value)

    def __ne__(self, value: Value) -> Filter:  # type: ignore[override]
        return self.where("!=", value)

    def __gt__(self, value: Value) -> Filter:
        return self.where(">", value)

    def __lt__(self, value: Value) -> Filter:
        return self.where("<", value)

    def __ge__(self, value: Value) -> Filter:
        return self.where(">=", value)

    def __le__(self, value: Value) -> Filter:
        return self.where("<=", value)

    __hash__ = None  # type: ignore[assignment]

    if not TYPE_CHECKING:  # a checker knows that there is none

        def __and__(self, _: object) -> NoReturn:
            # `F.a == x & F.b == y` is `F.a == (x & F.b) == y` to Python.
            raise TypeError(_NO_BOOL)

        __rand__ = __or__ = __ror__ = __and__

    def asc(self) -> Sort:
        """Smallest first."""
        return Sort(self.name, "asc")

    def desc(self) -> Sort:
        """Largest first."""
        return Sort(self.name, "desc")


class Fields:
    """The properties of one kind of item as attributes; other keys that the service filters on as `F["key"]`."""

    _operators: frozenset[str] = frozenset()
    _extra: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Field:
        if not isinstance(name, str) or not name:
            raise InvalidFilter(f'{name!r} is no key to filter by; write its name, as in F["key"]', value=name)
        return next((known for known in self if known.name == name), None) or Field(name, self._operators)

    def __iter__(self) -> Iterator[Field]:
        return (value for value in vars(type(self)).values() if isinstance(value, Field))

    if not TYPE_CHECKING:  # a checker knows the attributes, and shall refuse others

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(f"{name} cannot be set; == compares it, as in F.{name} == {value!r}")

        def __getattr__(self, name: str) -> Field:
            import difflib  # noqa: PLC0415  # only a mistake needs it

            names = [known.name for known in self]
            near = difflib.get_close_matches(name, [*names, *self._extra], 3, 0.5)
            hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(names)}"
            if name in self._extra:
                hint = f'write F["{name}"], as it is no property of the items'
            raise AttributeError(f"{name!r} is no property to filter by; {hint}", name=name, obj=self)
