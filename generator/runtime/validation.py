"""Requests are held against their annotations before they are sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import attrs
import msgspec
from msgspec import Struct, inspect

from .constraints import breaches
from .decoding import decoder
from .errors import InvalidRequest

_encode = msgspec.json.Encoder().encode
_PLACE = re.compile(r" - at `\$\.?(.*)`$", re.DOTALL)
_ITEM = re.compile(r"\[(\d+)\]")
_SOME_KEY = "[...]"
_SHOWN = 80
T = TypeVar("T")


def encoded(body: Any, cls: Any) -> bytes:
    """The JSON of a request body of class `cls`.

    Raises `InvalidRequest` when a member is of a wrong type or out of its range; it names member, value and range.
    """
    if isinstance(cls, type) and (attrs.has(cls) or issubclass(cls, Struct)) and not isinstance(body, (cls, dict)):
        # Members of another class would pass for unknown ones of the body, which are let through.
        raise InvalidRequest(f"the request body is {shown(body)}; it must be a {cls.__name__}", value=body)
    try:
        raw = _encode(body)
    except (TypeError, ValueError, RecursionError) as error:
        raise InvalidRequest(f"the request body cannot be written as JSON: {error}") from None
    try:
        decoder(cls).decode(raw)
    except msgspec.ValidationError as error:
        raise explained(msgspec.json.decode(raw), cls, str(error)) from None
    check(body, lambda: msgspec.json.decode(raw), cls)
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
        raise explained(value, cls, str(error)) from None
    check(body, lambda: value, cls)


def check(value: Any, plain: Callable[[], Any], cls: Any, *, whole: str = "the request body") -> None:
    """Hold a value against what the decoder does not see; `plain` gives it in JSON's types. Raises `InvalidRequest`."""
    for member, found, expected in breaches(value, plain, cls):
        message = f"{named(member, whole)} is {shown(found)}; it must be {expected}"
        raise InvalidRequest(message, member=member or whole, value=found, expected=expected)


def converted(source: Any, cls: type[T]) -> T:
    """An object of class `cls` from plain data; raises `InvalidRequest` like `encoded`."""
    try:
        return msgspec.convert(source, cls)
    except msgspec.ValidationError as error:
        raise explained(source, cls, str(error), whole=f"what {cls.__name__} is made of") from None
    except RecursionError:
        raise InvalidRequest(f"what {cls.__name__} is made of is nested too deep") from None


def explained(value: Any, cls: Any, text: str, *, whole: str = "the request body") -> InvalidRequest:
    """What msgspec says of a value that is no `cls`, in our words: the place, what is there, what would be right."""
    place = _PLACE.search(text)
    member, found, kind = _followed(value, cls, place.group(1) if place else "")
    reason, expected = _PLACE.sub("", text), described(kind)
    if expected == "any value":
        expected = reason
    # What msgspec says of types and bounds is put in our words; what a model says of its members is in words already.
    says = f"; it must be {expected}" if reason.startswith(("Expected", "Object", "Invalid")) else f": {reason}"
    message = f"{named(member, whole)} is {shown(found)}{says}"
    return InvalidRequest(message, member=member, value=found, expected=expected)


def named(member: str, whole: str) -> str:
    """A member in a sentence; an item or a key alone is one of the whole."""
    return f"{whole}{member}" if member.startswith("[") else member or whole


def _followed(value: Any, cls: Any, path: str) -> tuple[str, Any, inspect.Type]:
    """The place that a path of msgspec leads to, in our words, with the value there and its type."""
    member, root, kind = "", value, inspect.type_info(cls)
    steps: list[int | str] = []
    while path:
        item = _ITEM.match(path)
        if item:
            number = int(item[1])
            steps.append(number)
            member, value, kind, path = f"{member}[{number}]", value[number], _items(kind), path[item.end() :]
            continue
        is_map = path.startswith(_SOME_KEY)  # msgspec does not say under which key
        name = _culprit(root, steps, value, cls) if is_map else _beginning(path.removeprefix("."), value)
        if name is None:
            break
        steps.append(name)
        path = path[len(_SOME_KEY) :] if is_map else path.removeprefix(".")[len(name) :]
        member = f"{member}[{name!r}]" if is_map else f"{member}.{name}".removeprefix(".")
        value, kind = value[name], _member(kind, name)
    return member, value, kind


def _beginning(path: str, value: dict[str, Any]) -> str | None:
    """The member that a path begins with: a name may have dots and brackets of its own."""
    names = [name for name in value if re.match(re.escape(name) + r"(?=[.\[]|$)", path)]
    return max(names, key=len, default=None)


def _culprit(root: Any, steps: list[int | str], entries: dict[str, Any], cls: Any) -> str:
    """The key of the first entry of a map that is refused when it stands there alone."""
    for key, entry in entries.items():
        try:
            msgspec.convert(_with(root, steps, {key: entry}), cls)
        except msgspec.ValidationError:
            return key
    return next(iter(entries))


def _with(value: Any, steps: list[int | str], other: Any) -> Any:
    """A value with another one at a place in it."""
    if not steps:
        return other
    first, rest = steps[0], steps[1:]
    if isinstance(value, list):
        return [_with(item, rest, other) if number == first else item for number, item in enumerate(value)]
    return {**value, first: _with(value[first], rest, other)}


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
