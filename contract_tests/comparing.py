"""When two showings of an item are the same: the part that the contract knows, arrays of objects in no order.

What else a service shows, and in which order it names an item's labels, the page leaves open.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any

Schemas = Mapping[str, Mapping[str, Any]]


def known(item: Mapping[str, Any], properties: Schemas) -> dict[str, Any]:
    """The members of an item that the contract knows, in a form that can be compared."""
    return {name: _part(item[name], properties[name]) for name in properties if name in item}


def _part(value: Any, schema: Mapping[str, Any]) -> Any:
    inner = schema.get("items", {}).get("properties")
    if not inner or not isinstance(value, list):
        return value
    parts = [known(each, inner) if isinstance(each, dict) else each for each in value]
    return sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))


def without(items: Sequence[Mapping[str, Any]], names: Collection[str]) -> list[dict[str, Any]]:
    """The items without these members."""
    return [{name: value for name, value in item.items() if name not in names} for item in items]


def part_of(some: Any, whole: Any) -> bool:
    """Whether an array holds nothing that another does not, or nothing at all."""
    if not isinstance(some or [], list) or not isinstance(whole or [], list):
        return False
    left = list(whole or [])
    for each in some or []:
        if each not in left:
            return False
        left.remove(each)
    return True
