"""Requests are held against their annotations before they are sent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec
from msgspec import Struct, inspect

from .errors import InvalidRequest
from .operations import decoder
from .wire import Model

_encode = msgspec.json.Encoder().encode
_PLACE = re.compile(r" - at `\$\.?(.*)`$", re.DOTALL)
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")
_SHOWN = 80
T = TypeVar("T")


def encoded(body: Any, cls: Any) -> bytes:
    """The JSON of a request body of class `cls`.

    Raises `InvalidRequest` when a member is of a wrong type or out of its range; it names member, value and range.
    """
    if isinstance(cls, type) and issubclass(cls, (Model, Struct)) and not isinstance(body, (cls, dict)):
        # Members of another class would pass for unknown ones of the body, which are let through.
        raise InvalidRequest(f"the request body is {shown(body)}; it must be a {cls.__name__}", value=body)
    try:
        raw = _encode(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequest(f"the request body cannot be written as JSON: {error}") from None
    try:
        decoder(cls).decode(raw)
    except msgspec.ValidationError as error:
        raise _explained(msgspec.json.decode(raw), cls, str(error)) from None
    return raw


def check_parts(body: Any, cls: Any, as_they_are: tuple[type, ...]) -> None:
    """Hold a body in parts, of class `cls`, against its annotations; values of the types `as_they_are` stay such.

    Raises `InvalidRequest` like `encoded`.
    """
    try:
        value = msgspec.to_builtins(body, builtin_types=as_they_are)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequest(f"the request body cannot be sent: {error}; a file is sent as bytes or a File") from None
    try:
        msgspec.convert(value, cls, builtin_types=as_they_are)
    except msgspec.ValidationError as error:
        raise _explained(value, cls, str(error)) from None


def converted(source: Any, cls: type[T]) -> T:
    """An object of class `cls` from plain data; raises `InvalidRequest` like `encoded`."""
    try:
        return msgspec.convert(source, cls)
    except msgspec.ValidationError as error:
        raise _explained(source, cls, str(error), whole=f"what {cls.__name__} is made of") from None
    except RecursionError:
        raise InvalidRequest(f"what {cls.__name__} is made of is nested too deep") from None


def _explained(value: Any, cls: Any, text: str, *, whole: str = "the request body") -> InvalidRequest:
    place = _PLACE.search(text)
    member = place.group(1) if place else ""
    kind: inspect.Type = inspect.type_info(cls)
    for step in _STEP.findall(member):
        if step.startswith("["):
            value, kind = value[int(step[1:-1])], _items(kind)
        else:
            value, kind = value[step], _member(kind, step)
    reason, expected = _PLACE.sub("", text), described(kind)
    if expected == "any value":
        expected = reason
    # What msgspec says of types and bounds is put in words of ours; what a model says of its members is in words.
    says = f"; it must be {expected}" if reason.startswith(("Expected", "Object", "Invalid")) else f": {reason}"
    message = f"{member or whole} is {shown(value)}{says}"
    return InvalidRequest(message, member=member, value=value, expected=expected)


def unknown_members(value: Any, cls: Any) -> Iterator[tuple[str, str, list[str]]]:
    """Each member of plain data that a class does not know: its place, its name, and the names that it could be."""
    return _unknown(value, inspect.type_info(cls), "")


def _unknown(value: Any, kind: inspect.Type, place: str) -> Iterator[tuple[str, str, list[str]]]:
    plain = _plain(kind)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from _unknown(item, _items(plain), f"{place}[{number}]")
    elif isinstance(value, dict) and isinstance(plain, (inspect.DataclassType, inspect.StructType)):
        known = [field.encode_name for field in plain.fields]
        for name, item in value.items():
            inner = f"{place}.{name}" if place else name
            if name in known:
                yield from _unknown(item, _member(plain, name), inner)
            else:
                yield inner, name, known


def shown(value: Any) -> str:
    """A value in a sentence: its beginning and its size where it is long."""
    return repr(value) if len(repr(value)) <= _SHOWN else f"{repr(value)[:_SHOWN]}… ({_size(value)})"


def _size(value: Any) -> str:
    if isinstance(value, str):
        return f"{len(value):,} characters"
    return f"{len(value):,} items" if isinstance(value, list) else f"{len(repr(value)):,} characters as text"


def _plain(kind: inspect.Type) -> inspect.Type:
    if isinstance(kind, inspect.Metadata):
        return _plain(kind.type)
    if isinstance(kind, inspect.UnionType):
        for part in kind.types:
            if not isinstance(_plain(part), (inspect.NoneType, inspect.AnyType)):
                return _plain(part)
    return kind


def _items(kind: inspect.Type) -> inspect.Type:
    plain = _plain(kind)
    return plain.item_type if isinstance(plain, inspect.ListType) else inspect.AnyType()


def _member(kind: inspect.Type, name: str) -> inspect.Type:
    plain = _plain(kind)
    if isinstance(plain, (inspect.DataclassType, inspect.StructType)):
        return next((field.type for field in plain.fields if field.encode_name == name), inspect.AnyType())
    return plain.value_type if isinstance(plain, inspect.DictType) else inspect.AnyType()


def described(kind: inspect.Type) -> str:  # noqa: PLR0911  # one line a type
    """A type and its range as a clause: `an integer from 1 to 200`, `text of at most 255 characters`."""
    plain = _plain(kind)
    if isinstance(plain, (inspect.IntType, inspect.FloatType)):
        name = "an integer" if isinstance(plain, inspect.IntType) else "a number"
        return name + _range(plain)
    if isinstance(plain, inspect.StrType):
        pattern = f" that matches {plain.pattern}" if plain.pattern else ""
        return "text" + _length(plain.min_length, plain.max_length, "characters") + pattern
    if isinstance(plain, inspect.ListType):
        return "a list" + _length(plain.min_length, plain.max_length, "items")
    if isinstance(plain, inspect.LiteralType):
        return "one of " + ", ".join(map(str, plain.values))
    if isinstance(plain, inspect.BoolType):
        return "true or false"
    if isinstance(plain, (inspect.DataclassType, inspect.StructType)):
        return f"a {plain.cls.__name__}"
    return "bytes or a File" if isinstance(plain, inspect.BytesType) else "any value"


def _range(kind: inspect.IntType | inspect.FloatType) -> str:
    low = kind.ge if kind.ge is not None else kind.gt
    high = kind.le if kind.le is not None else kind.lt
    after, before = kind.gt is not None, kind.lt is not None
    parts = []
    if low is not None and high is not None and not (after or before):
        parts.append(f" from {low:,} to {high:,}")
    else:
        if low is not None:
            parts.append(f" {'above' if after else 'of at least'} {low:,}")
        if high is not None:
            parts.append(f" {'below' if before else 'of at most'} {high:,}")
    if kind.multiple_of is not None:
        parts.append(f" that is a multiple of {kind.multiple_of}")
    return " and".join(parts)


def _length(least: int | None, most: int | None, unit: str) -> str:
    if least and most is not None:
        return f" of {least:,} to {most:,} {unit}"
    if most is not None:
        return f" of at most {most:,} {unit}"
    return f" of at least {least:,} {unit}" if least else ""
