# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""What the decoder does not hold of a contract: items that must differ, decimal steps, and times without a zone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from fractions import Fraction
from math import isfinite
from typing import Any

import msgspec
from msgspec import Struct, inspect

_HELD_HERE = ("uniqueItems", "multipleOf")
_OBJECTS = (inspect.StructType, inspect.DataclassType)
Breach = tuple[str, Any, str]
"""A place, the value there, and what it would have to be."""


class _Concerns(Struct, frozen=True):
    """What there is to look at in values of a type."""

    of: Any
    """The type, which is kept: it is known by its identity."""
    kind: inspect.Type
    bounds: bool
    times: bool


_known: dict[int, _Concerns] = {}


def breaches(value: Any, plain: Callable[[], Any], of: Any) -> Iterator[Breach]:
    """Where a value of a type breaks what is held here; `plain` gives it in JSON's types, if they are asked for."""
    concerns = _known.get(id(of)) or _noted(of)
    if concerns.bounds:
        yield from _breaches(plain(), concerns.kind, "")
    if concerns.times:
        yield from _naive(msgspec.to_builtins(value, builtin_types=(datetime, bytes, bytearray, memoryview)), "")


def _noted(of: Any) -> _Concerns:
    kind = inspect.type_info(of)
    kinds = list(_all(kind, set()))
    bounds = any(isinstance(each, inspect.Metadata) and _told(each).keys() & {*_HELD_HERE} for each in kinds)
    times = any(isinstance(each, inspect.DateTimeType) for each in kinds)
    _known[id(of)] = found = _Concerns(of, kind, bounds, times)
    return found


def _told(kind: inspect.Metadata) -> dict[str, Any]:
    return kind.extra_json_schema or {}


def _all(kind: inspect.Type, seen: set[Any]) -> Iterator[inspect.Type]:
    """A type and all types in it."""
    yield kind
    if isinstance(kind, _OBJECTS):
        if kind.cls in seen:
            return
        seen.add(kind.cls)
    for inner in _inner(kind):
        yield from _all(inner, seen)


def _inner(kind: inspect.Type) -> list[inspect.Type]:
    if isinstance(kind, inspect.Metadata):
        return [kind.type]
    if isinstance(kind, inspect.UnionType):
        return list(kind.types)
    if isinstance(kind, inspect.ListType):
        return [kind.item_type]
    if isinstance(kind, inspect.DictType):
        return [kind.value_type]
    return [field.type for field in kind.fields] if isinstance(kind, _OBJECTS) else []


def _breaches(value: Any, kind: inspect.Type, place: str) -> Iterator[Breach]:
    if isinstance(kind, inspect.Metadata):
        yield from _of_bounds(value, _told(kind), place)
        yield from _breaches(value, kind.type, place)
    elif isinstance(kind, inspect.UnionType):
        for part in kind.types:
            yield from _breaches(value, part, place)
    elif isinstance(kind, inspect.ListType) and isinstance(value, list):
        for number, item in enumerate(value):
            yield from _breaches(item, kind.item_type, f"{place}[{number}]")
    elif isinstance(value, dict):
        inner = {field.encode_name: field.type for field in kind.fields} if isinstance(kind, _OBJECTS) else {}
        for name, item in value.items():
            inner_kind = kind.value_type if isinstance(kind, inspect.DictType) else inner.get(name)
            if inner_kind is not None:
                yield from _breaches(item, inner_kind, f"{place}.{name}".removeprefix("."))


def _of_bounds(value: Any, told: dict[str, Any], place: str) -> Iterator[Breach]:
    if told.get("uniqueItems") and isinstance(value, list) and len({_identity(item) for item in value}) < len(value):
        yield place, value, "a list in which no item comes twice"
    step = told.get("multipleOf")
    if step is None or isinstance(value, bool) or not isinstance(value, int | float):
        return
    if not _is_multiple(value, step):
        yield place, value, f"a multiple of {step}"


def _is_multiple(value: float, step: float) -> bool:
    """By the decimals that JSON has, not by the halves of halves that stand for them."""
    if isinstance(value, float) and not isfinite(value):
        return False
    exact = Fraction(value) if isinstance(value, int) else Fraction(str(value))
    return not exact % Fraction(str(step))


def _identity(value: Any) -> str:
    """A JSON value as text that is the same for equal values: 1 is 1.0, and not true."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{name!r}:{_identity(value[name])}" for name in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_identity, value)) + "]"
    return repr(int(value) if isinstance(value, float) and value.is_integer() else value)


def _naive(value: Any, place: str) -> Iterator[Breach]:
    """Times without a zone: the contract's `date-time` has one, and nobody could tell which was meant."""
    if isinstance(value, datetime) and value.tzinfo is None:
        yield place, value, "an aware datetime, such as datetime.now(timezone.utc)"
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in pairs:
        yield from _naive(item, f"{place}[{step}]" if isinstance(value, list) else f"{place}.{step}".removeprefix("."))
