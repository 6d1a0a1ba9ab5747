# Generated from spec/openapi.yaml by `python -m generator generate`; do not edit.
"""Names that Python spells otherwise than the wire does; the classes of models know both."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs
from msgspec import Struct


@cache
def _renamed(kind: Any) -> Mapping[str, str]:
    if not (isinstance(kind, type) and issubclass(kind, Struct)):
        return {}
    pairs = zip(kind.__struct_fields__, kind.__struct_encode_fields__, strict=True)
    return {attribute: name for attribute, name in pairs if attribute != name}


def on_the_wire(kind: Any, attribute: str) -> str:
    """The name on the wire of an attribute of a class."""
    return _renamed(kind).get(attribute, attribute)


def in_python(kind: Any, name: str) -> str:
    """The attribute of a class that has a name on the wire; the name itself where there is none."""
    return next((attribute for attribute, other in _renamed(kind).items() if other == name), name)


@cache
def attributes(kind: Any) -> frozenset[str]:
    """The attributes that a class of models has."""
    if issubclass(kind, Struct):
        return frozenset(kind.__struct_fields__)
    return frozenset(each.name for each in attrs.fields(kind))
