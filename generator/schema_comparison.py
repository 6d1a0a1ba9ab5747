"""Two versions of a schema, walked side by side in the direction that its values travel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from attrs import define, field, frozen
from openapi_python_client.strings import pascal_case

from generator import intervals
from generator.changes import Change, Direction, Effect, rating_of
from generator.document import Document, Pointer
from generator.rules import CHECKED, Step, by_presence, steps

SUBSCHEMAS = ("items", "additionalProperties", "contains", "propertyNames", "unevaluatedProperties", "unevaluatedItems")
UNIONS = ("oneOf", "anyOf", "allOf", "prefixItems")
STRUCTURE = ("$ref", "properties", "required", "items", "enum", "const", "x-enum-varnames", *UNIONS)
_SCHEMA = {"$comment": "a schema"}


@frozen
class Node:
    """A schema with `null` taken out of its types and unions."""

    pointer: Pointer
    data: dict[str, Any]
    target: Pointer | None
    """Where its `$ref`, or that of the one branch beside null, leads."""

    @property
    def keywords(self) -> dict[str, Any]:
        """What can be compared by value."""
        kept = {name: value for name, value in self.data.items() if name not in STRUCTURE and value is not None}
        return {
            name: _SCHEMA if name in SUBSCHEMAS and isinstance(value, dict) else value for name, value in kept.items()
        }


@define
class SchemaComparison:
    """Collects changes; a place that both directions reach is told once, with the graver rating."""

    old: Document
    new: Document
    found: dict[tuple[str, str, str], Change] = field(factory=dict)
    seen: set[tuple[Pointer, Pointer, Direction]] = field(factory=set)

    def tell(self, place: str, step: Step, direction: Direction | None = None, **names: str) -> None:
        """Record one change; a second one of the same place and values is merged into it."""
        keyword, before, after, effect, client = step
        rating = rating_of(effect, direction or Direction.UNUSED)
        side = direction.value if direction in (Direction.REQUEST, Direction.ANSWER) else ""
        client = "" if client == CHECKED and direction is not Direction.REQUEST else client
        change = Change(rating, place, keyword, before, after, side, client.format_map({"member": "it", **names}))
        key = (place, keyword, change.what)
        known = self.found.get(key)
        if known is not None:
            sides = dict.fromkeys(filter(None, [*known.direction.split(" and "), side]))
            graver = max(known, change, key=lambda one: one.rating)
            change = Change(
                graver.rating, place, keyword, before, after, " and ".join(sides), known.client or change.client
            )
        self.found[key] = change

    def tell_all(self, place: str, found: Iterable[Step], direction: Direction | None = None, **names: str) -> None:
        """Record several changes of one place."""
        for step in found:
            self.tell(place, step, direction, **names)

    def compare_values(self, place: str, old: dict[str, Any], new: dict[str, Any], skip: Iterable[str] = ()) -> None:
        """Compare the members of two objects by the rules, those that are compared elsewhere left out."""
        for name in union(old, new):
            if name not in skip:
                self.tell_all(place, steps(name, old.get(name), new.get(name)))

    def is_seen(self, old: Pointer, new: Pointer, direction: Direction) -> bool:
        """Whether a pair was compared before; notes it."""
        known = (old, new, direction) in self.seen
        self.seen.add((old, new, direction))
        return known

    def compare_schemas(self, old: Pointer, new: Pointer, place: str, direction: Direction) -> None:
        """Two schemas at one place, with what they refer to."""
        if self.is_seen(old, new, direction):
            return
        a, null_before = node(self.old, old)
        b, null_after = node(self.new, new)
        names = {"member": place.rsplit(".", 1)[-1]}
        self.tell_all(place, steps("null", null_before or None, null_after or None), direction, **names)
        if (a.target is None) != (b.target is None):
            classes = (_name(a.target), _name(b.target))
            self.tell(place, ("schema", *classes, Effect.OTHER, "the member has another class"))
            a, b = through(self.old, a), through(self.new, b)
        self.compare_keywords(a, b, place, direction)
        self.compare_members(a, b, place, direction)
        if a.target is not None and b.target is not None:
            self.compare_named(a.target, b.target, direction, place)

    def compare_named(self, old: Pointer, new: Pointer, direction: Direction, place: str = "") -> None:
        """Two schemas with names of their own; another name is another class."""
        if old[:-1] == new[:-1] == ("components", "schemas") and old != new:
            before, after = str(old[-1]), str(new[-1])
            gone = after not in self.old.at(old[:-1]) and before not in self.new.at(new[:-1])
            where, keyword = (before, "schema name") if gone else (place, "$ref")
            client = f"the class {pascal_case(before)} is now {pascal_case(after)}"
            self.tell(where, (keyword, before, after, Effect.LOSS, client))
        self.compare_schemas(old, new, str(old[-1]), direction)

    def compare_keywords(self, a: Node, b: Node, place: str, direction: Direction) -> None:
        """Keywords by their rules, closed sets and their names among them."""
        names = {"member": place.rsplit(".", 1)[-1]}
        before, after = a.keywords, b.keywords
        if a.target is None and b.target is None:
            before, after = ({"type": None, **keywords} for keywords in (before, after))
        if intervals.are_comparable(before) and intervals.are_comparable(after):
            self.tell_all(place, intervals.steps_between(before, after), direction, **names)
            before, after = (_without(side, intervals.KEYWORDS) for side in (before, after))
        for keyword in union(before, after):
            self.tell_all(place, steps(keyword, before.get(keyword), after.get(keyword)), direction, **names)
        self.tell_all(place, steps("enum", _closed(a.data), _closed(b.data)), direction, **names)
        before, after = _value_names(a.data), _value_names(b.data)
        for value in before.keys() & after.keys():
            if before[value] != after[value]:
                client = "a value has another name in clients that name values"
                self.tell(place, ("x-enum-varnames", before[value], after[value], Effect.LOSS, client))

    def compare_members(self, a: Node, b: Node, place: str, direction: Direction) -> None:
        """The schemas inside: members, items, branches."""
        self.compare_properties(a, b, place, direction)
        for keyword in SUBSCHEMAS:
            if isinstance(a.data.get(keyword), dict) and isinstance(b.data.get(keyword), dict):
                inner = f"{place}[]" if keyword == "items" else f"{place}.*"
                self.compare_schemas((*a.pointer, keyword), (*b.pointer, keyword), inner, direction)
        pair = (a.data.get("items"), b.data.get("items"))
        if not all(isinstance(items, dict) for items in pair) and pair[0] != pair[1]:
            steps_of_items = by_presence("items", *pair)
            self.tell_all(place, steps_of_items, direction)
        for keyword in UNIONS:
            self.compare_branches(a, b, keyword, place, direction)

    def compare_properties(self, a: Node, b: Node, place: str, direction: Direction) -> None:
        """Members by name."""
        before, after = a.data.get("properties", {}), b.data.get("properties", {})
        needed_before, needed_after = (set(one.data.get("required", [])) for one in (a, b))
        for name in union(before, after, dict.fromkeys(sorted(needed_before | needed_after))):
            inner = f"{place}.{name}"
            if name in before and name not in after:
                self.tell(inner, ("property", True, None, Effect.LOSS, f"`{name}` is gone"), direction)
            elif name in after and name not in before:
                required = name in needed_after and direction is Direction.REQUEST
                told = "required property" if required else "property"
                effect = Effect.LOSS if required else Effect.ADDITION
                self.tell(inner, (told, None, True, effect, f"a new member `{name}`"), direction)
            elif (name in needed_before) != (name in needed_after):
                effect = Effect.TIGHTER if name in needed_after else Effect.LOOSER
                pair = (name in needed_before or None, name in needed_after or None)
                client = f"`{name}` must be given" if name in needed_after else f"`{name}` may be left out, or be None"
                self.tell(inner, ("required", *pair, effect, client), direction)
            if name in before and name in after:
                pointers = ((*a.pointer, "properties", name), (*b.pointer, "properties", name))
                self.compare_schemas(*pointers, inner, direction)

    def compare_branches(self, a: Node, b: Node, keyword: str, place: str, direction: Direction) -> None:
        """The branches of a union or of `allOf`: equal ones are set aside, the rest compared in order."""
        old, new = _branches(a, keyword), _branches(b, keyword)
        alike = [(one, other) for one in old for other in new if a.data[keyword][one] == b.data[keyword][other]]
        for one, other in alike:
            if one in old and other in new:
                old.remove(one)
                new.remove(other)
                self.compare_schemas((*a.pointer, keyword, one), (*b.pointer, keyword, other), place, direction)
        for one, other in zip(old, new, strict=False):
            inner = f"{place} ({keyword} {one + 1})"
            self.compare_schemas((*a.pointer, keyword, one), (*b.pointer, keyword, other), inner, direction)
        pairs = [(a.data[keyword][one], None) for one in old[len(new) :]] + [
            (None, b.data[keyword][one]) for one in new[len(old) :]
        ]
        for before, after in pairs:
            grown = (before is None) == (keyword in ("oneOf", "anyOf"))
            effect = Effect.LOOSER if grown else Effect.TIGHTER
            self.tell(place, (keyword, before, after, effect, "the type changes"), direction)


def _without(keywords: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in keywords.items() if name not in names}


def node(document: Document, pointer: Pointer) -> tuple[Node, bool]:
    """The schema at a place without its null, and whether null is allowed."""
    data = dict(document.at(pointer))
    nullable = bool(data.pop("nullable", False))
    kinds = data.get("type")
    if isinstance(kinds, list):
        nullable = nullable or "null" in kinds
        rest = [kind for kind in kinds if kind != "null"]
        data["type"] = rest[0] if len(rest) == 1 else rest
    target = document.target(data)
    for keyword in ("oneOf", "anyOf"):
        branches = data.get(keyword, [])
        others = [index for index, branch in enumerate(branches) if branch != {"type": "null"}]
        if len(others) == 1:  # one branch, with or without null beside it, is what it holds
            del data[keyword]
            inner, has_null = node(document, (*pointer, keyword, others[0]))
            nullable = nullable or has_null or len(branches) > 1
            if inner.target is None:  # written out in the branch: its keywords count as if they stood here
                return Node(inner.pointer, {**inner.data, **data}, None), nullable
            target = inner.target
    return Node(pointer, data, target), nullable


def through(document: Document, one: Node) -> Node:
    """The schema that a reference leads to, with what stands beside the reference laid over it."""
    if one.target is None:
        return one
    inner, _ = node(document, one.target)
    deeper = through(document, inner)
    beside = {name: value for name, value in one.data.items() if name != "$ref"}
    return Node(deeper.pointer, {**deeper.data, **beside}, None)


def union(*mappings: Any) -> list[Any]:
    return list(dict.fromkeys(name for mapping in mappings for name in mapping))


def _name(pointer: Pointer | None) -> str:
    return str(pointer[-1]) if pointer else "inline"


def _closed(schema: dict[str, Any]) -> list[Any] | None:
    """The values of `enum` or `const`; None when the set is open."""
    if "const" in schema:
        return [schema["const"]]
    values = schema.get("enum")
    return [value for value in values if value is not None] if isinstance(values, list) else None


def _value_names(schema: dict[str, Any]) -> dict[Any, str]:
    """The names that `x-enum-varnames` gives to values."""
    return dict(zip(map(str, schema.get("enum", [])), schema.get("x-enum-varnames", []), strict=False))


def _branches(one: Node, keyword: str) -> list[int]:
    return [index for index, branch in enumerate(one.data.get(keyword, [])) if branch != {"type": "null"}]
