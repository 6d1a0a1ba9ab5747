"""Request bodies that mean something, made from the contract's own examples and nothing else."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Any

from attrs import frozen

from contract_tests.contract import Operation

Path = tuple[str | int, ...]

#: The words of a filter that the page gives a meaning beyond their schema (Table 3, rows name, operator, values).
FILTER_NAME, FILTER_OPERATOR, FILTER_VALUES = "name", "operator", "values"
#: Operators by what they ask of a value: several of them, a text, an order.
MEMBERSHIP, AFFIXES, ORDERS = "in", frozenset({"like", "startwith", "endwith"}), frozenset({">", "<"})


class Absent:
    """The value of a member that is left out."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = Absent()


@frozen
class Slot:
    """One place of the request body: its path (0 for an array's item), its resolved schema, whether it is required."""

    path: Path
    schema: dict[str, Any]
    required: bool = False

    @property
    def context(self) -> str:
        """The path without indices and without the last member: `count_filters.filters`; empty at the top."""
        return ".".join(str(part) for part in self.path[:-1] if isinstance(part, str))

    @property
    def name(self) -> str:
        """The path for people: `string_filters[0].operator`."""
        return (
            "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.path).lstrip(".")
            or "the body"
        )


@frozen
class Edit:
    """Put `value` at `path`; ABSENT leaves the member out."""

    path: Path
    value: Any


def slots(schema: dict[str, Any], path: Path = (), required: bool = False) -> Iterator[Slot]:
    """Every place of a body, parents before children."""
    yield Slot(path, schema, required)
    for name, part in schema.get("properties", {}).items():
        yield from slots(part, (*path, name), name in schema.get("required", ()))
    if "items" in schema:
        yield from slots(schema["items"], (*path, 0))


def minimal(schema: dict[str, Any], example: Any = None) -> Any:
    """The smallest valid value: the example, stripped of what is not required; one item in an array of objects."""
    if example is None:
        example = next(iter(schema.get("examples", ())), None)
    if schema.get("type") == "object":
        given = example if isinstance(example, dict) else {}
        properties = schema.get("properties", {})
        return {name: minimal(properties[name], given.get(name)) for name in schema.get("required", ())}
    if schema.get("type") == "array":
        first = example[0] if isinstance(example, list) and example else None
        if schema["items"].get("type") == "object":
            return [minimal(schema["items"], first)]
        return copy.deepcopy(example) if example else [minimal(schema["items"])]
    return mended(schema, example) if example is not None else next(iter(schema.get("enum", ("x",))))


def mended(schema: dict[str, Any], example: Any) -> Any:
    """The example, each value of a closed set that it has no more replaced: an edit of the set may leave it behind."""
    if isinstance(example, dict):
        parts = schema.get("properties", {})
        return {name: mended(parts.get(name, {}), value) for name, value in example.items()}
    if isinstance(example, list):
        return [mended(schema.get("items", {}), each) for each in example]
    known = schema.get("enum", (example,))
    return example if example in known else next(iter(known))


def build(operation: Operation, edits: Sequence[Edit]) -> Any:
    """The smallest body that has all the edits and what is required: containers on the way to a path are minimal."""
    body: Any = plain(operation)
    for edit in edits:
        if not edit.path:
            return edit.value
        node, schema = body, operation.request
        for depth, part in enumerate(edit.path[:-1], start=1):
            schema = schema["items"] if isinstance(part, int) else schema["properties"][part]
            if isinstance(part, str) and part not in node:
                node[part] = minimal(schema, example_of(operation, edit.path[:depth]))
            node = node[part]
        if isinstance(edit.value, Absent):
            node.pop(edit.path[-1], None)
        else:
            node[edit.path[-1]] = copy.deepcopy(edit.value)
    return body


def plain(operation: Operation) -> dict[str, Any]:
    """The smallest body that the contract allows: nothing but what it requires."""
    return {
        name: minimal(operation.request["properties"][name], example_of(operation, (name,)))
        for name in operation.request.get("required", ())
    }


def example_of(operation: Operation, path: Path) -> Any:
    """What the contract shows at `path`: the outermost example that reaches it, else the place's own."""
    schema, example = operation.request, None
    for part in path:
        schema = schema["items"] if isinstance(part, int) else schema["properties"][part]
        inner = example[0] if isinstance(part, int) and example else None
        inner = example.get(part) if isinstance(example, dict) else inner
        example = inner if inner is not None else next(iter(schema.get("examples", ())), None)
    return mended(schema, example)


def names_a_property(operation: Operation, path: Path) -> bool:
    """Whether the text at `path` must be the name of a ticket property, as the contract's example there is one."""
    return example_of(operation, path) in [*operation.item, *operation.query.also_filterable]


def with_condition(operation: Operation, text: str) -> list[Edit]:
    """The edits that send `text` as the condition, beside one string filter for each name in it."""
    role = operation.query.string_filters
    names = list(dict.fromkeys(re.findall(r"[^\s()&|]+", text)))
    filters = [{**minimal(operation.request["properties"][role])[0], FILTER_NAME: name} for name in names]
    return [Edit((role,), filters), Edit((str(operation.query.condition),), text)]


def condition_of_length(operation: Operation, length: int) -> str:
    """A condition of exactly `length` characters, spelled as the page spells its own: long names joined by ` | `.

    Long names, so that few operands make a long condition: how many there may be, or how deep they nest, nobody says.
    """
    schema = operation_schema(operation, (operation.query.string_filters, 0, FILTER_NAME))
    longest, joint = int(schema.get("maxLength", 50)), " | "
    count = -(-(length + len(joint)) // (longest + len(joint)))
    each, more = divmod(length - len(joint) * (count - 1), count)
    return joint.join(["g" * (each + 1)] * more + ["f" * each] * (count - more))


def sensible(operation: Operation, slot: Slot, operator: str) -> list[Edit]:
    """The edits of a filter that every reading of the page takes with this operator; none where it leaves that open.

    An order wants an integer, an affix a text, and only `in` several values; an integer filter compares integers, and
    what operators a group filter takes, nobody says.
    """
    holder = slot.path[:-1]
    example = example_of(operation, holder)
    if slot.path[0] == operation.query.sort or operator == example[FILTER_OPERATOR]:
        return [Edit(slot.path, operator)]
    if slot.path[0] == operation.query.group or (slot.path[0] == operation.query.int_filters and operator in AFFIXES):
        return []
    if operator in ORDERS and operation.query.int_filters:
        example = example_of(operation, (operation.query.int_filters, 0))
    return [Edit(holder, {**minimal(operation_schema(operation, holder), example), **_one(example, operator)})]


def many_values(operation: Operation, slot: Slot, items: list[Any]) -> tuple[Edit, ...]:
    """The edits that send so many items; values of a filter with `in`, and none where they name the property once."""
    if slot.path[-1] != FILTER_VALUES or not operation.takes(MEMBERSHIP):
        return (Edit(slot.path, items),)
    if names_a_property(operation, (*slot.path, 0)):
        return ()
    return (Edit((*slot.path[:-1], FILTER_OPERATOR), MEMBERSHIP), Edit(slot.path, items))


def _one(example: dict[str, Any], operator: str) -> dict[str, Any]:
    return {FILTER_OPERATOR: operator, FILTER_VALUES: example[FILTER_VALUES][:1]}


def operation_schema(operation: Operation, path: Path) -> dict[str, Any]:
    """The resolved schema of one place of the request body."""
    schema = operation.request
    for part in path:
        schema = schema["items"] if isinstance(part, int) else schema["properties"][part]
    return schema


def conflicts(first: Sequence[Edit], second: Sequence[Edit]) -> bool:
    """Whether one edit's path contains another's."""
    return any(
        one.path[: len(two.path)] == two.path or two.path[: len(one.path)] == one.path
        for one, two in itertools.product(first, second)
    )
