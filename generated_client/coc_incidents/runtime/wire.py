# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Members that travel in two forms, and have one type in Python."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Annotated, Any, Optional, TypeVar

import attrs
import msgspec
from msgspec import UNSET

from .errors import InvalidRequest
from .spelling import on_the_wire
from .validation import converted

T = TypeVar("T")

if TYPE_CHECKING:
    Milliseconds = int
    Flag = bool
    NotNull = Annotated[T, "never null in Python"]
else:
    # What the decoder lets in; `__attrs_post_init__` leaves an int, a bool or None of it.
    Milliseconds = int | str
    Flag = bool | str
    # A null among the items is let in, and dropped.
    NotNull = Optional

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FLAGS = {"true": True, "false": False, "": None}
_MILLISECOND = timedelta(milliseconds=1)


def milliseconds(text: str) -> int | None:
    """Milliseconds since 1970-01-01 UTC from their decimal text; None for an empty text."""
    if text.isdecimal():
        return int(text)
    if not text.strip():
        return None
    if not text.lstrip("-").isdecimal():
        raise ValueError(f"{text[:40]!r} is no time in milliseconds")
    return int(text)


def flag(text: str) -> bool | None:
    """A truth value from its text, `true` or `false`; None for an empty text."""
    if text in _FLAGS:
        return _FLAGS[text]
    plain = text.strip().lower()
    if plain not in _FLAGS:
        raise ValueError(f"{text[:40]!r} is neither true nor false")
    return _FLAGS[plain]


def moment(value: int | None) -> datetime | None:
    """The aware datetime (UTC) of a time in milliseconds; None for None, and for a time that a datetime cannot hold."""
    try:
        return None if value is None else _EPOCH + value * _MILLISECOND
    except OverflowError:
        return None


def text_of(value: object) -> str:
    """A value as the text that a filter compares: a datetime in milliseconds, a truth value as `true` or `false`.

    A whole number has no fraction, whatever its type: the service compares texts. Raises `TypeError` or `ValueError`
    for a value of another type, a datetime without a zone, and a float that is no number.
    """
    if isinstance(value, Enum):
        return text_of(value.value)  # as text, Python has `Level.P1` for a member of many an enum
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone; pass an aware datetime, such as datetime.now(timezone.utc)")
        return str((value - _EPOCH) // _MILLISECOND)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return str(int(value))
    if isinstance(value, float) and isfinite(value):
        return str(value)
    several = hasattr(value, "__iter__") and not isinstance(value, (bytes, bytearray))
    hint = "; pass several values one by one, as in in_(*values)" if several else ""
    raise TypeError(f"{value!r} is neither text, a number, a truth value nor a datetime{hint}")


class Model:
    """The base of all models: `to_dict`, `from_dict`, and a `repr` of what is set."""

    __slots__ = ("__weakref__",)

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in _members(self) if value is not None and value is not UNSET)
        return f"{type(self).__name__}({', '.join(shown)})"

    def to_dict(self) -> dict[str, Any]:
        """The members that are set, as JSON types; an absent or null member is left out."""
        return {name: _plain(value) for name, value in _members(self) if value is not None and value is not UNSET}

    @classmethod
    def from_dict(cls: type[T], source: dict[str, Any]) -> T:
        """The inverse of `to_dict`. Unknown members are dropped; raises `InvalidRequest` for a wrong type."""
        return converted(source, cls)


def display_name(
    model: Any, member: str, lang: str, *, keys: dict[str, Any], labels: dict[str, dict[str, str]]
) -> str | None:
    """The display name of a coded member: the answer's own, else the contract's, else the value itself.

    `keys` says where the answer has names: `entries` is the member that lists them, the others are members of an entry.
    """
    if not isinstance(member, str) or not hasattr(model, member):
        raise InvalidRequest(f"{member!r} is no property of {type(model).__name__}", member="member", value=member)
    value = getattr(model, member)
    if lang not in keys["names"]:
        raise InvalidRequest(f"lang is {lang!r}; there are {', '.join(keys['names'])}", member="lang", value=lang)
    if value is None:
        return None
    name_of = on_the_wire(type(model), member)
    for entry in getattr(model, keys["entries"]) or ():
        if getattr(entry, keys["property"]) == name_of and getattr(entry, keys["value"]) == value:
            name: str | None = getattr(entry, keys["names"][lang])
            if name:
                return name
    known = labels.get(value, {}) if isinstance(value, str) else {}
    return known.get(lang) or str(value)


def _members(model: Any) -> list[tuple[str, Any]]:
    return [(a.name, getattr(model, a.name)) for a in attrs.fields(type(model))]


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    return value if isinstance(value, (str, int, float, bool)) else msgspec.to_builtins(value)
