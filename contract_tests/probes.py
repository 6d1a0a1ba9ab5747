"""Boundary probes: for each keyword of the request, the last valid value and the first invalid one, each alone."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from attrs import evolve, frozen

from contract_tests.bodies import (
    ABSENT,
    AFFIXES,
    FILTER_NAME,
    MEMBERSHIP,
    ORDERS,
    Edit,
    Path,
    Slot,
    build,
    condition_of_length,
    conflicts,
    example_of,
    many_values,
    minimal,
    names_a_property,
    plain,
    sensible,
    slots,
    with_condition,
)
from contract_tests.contract import Operation

#: One character each of 1, 2 and 4 bytes in UTF-8; the contract counts code points, whatever their bytes.
ALPHABETS = {"ASCII": "x", "two-byte": "é", "astral": "😀"}
#: Text that hardly any closed set holds.
FOREIGN = "between"
#: The operator by which a set of operators is known.
EQUALITY = "="
#: Values of another type, by the type that the contract wants; null is the second of each. A whole number with a point
#: (1.0) is a number of either type to JSON, so it is not among them.
NULL = 1
FOREIGN_TYPES: dict[str, dict[str, Any]] = {
    "integer": {"digits as text": "5", "null": None, "a fraction": 1.5, "a boolean": True},
    "boolean": {"its name as text": "true", "null": None, "a number": 1},
    "string": {"a number": 7, "null": None},
    "array": {"null": None, "an object": {}},
    "object": {"null": None},
}


@frozen
class Probe:
    """One body that must be accepted, or refused for exactly one broken keyword at `pointer`.

    `variant` is 0 for the probe next to the bound, and grows with how little it adds to the ones before. That a value
    is refused is open where the `beside` one, well within the bound, is refused as well.
    """

    pointer: str
    keyword: str
    accepts: bool
    case: str
    edits: tuple[Edit, ...]
    context: str = ""
    variant: int = 0
    beside: tuple[Edit, ...] = ()

    @property
    def name(self) -> str:
        """What the ledger counts as one need of the obligation: `string_filters accepts`."""
        return f"{self.context} {'accepts' if self.accepts else 'rejects'}".strip()

    def body(self, operation: Operation) -> Any:
        """The whole request body."""
        return build(operation, self.edits)


@functools.cache
def probes(operation: Operation) -> tuple[Probe, ...]:
    """Every probe of the operation's request body, the most telling first.

    A schema used in several places is probed in each, but with all its variants only in the first: elsewhere the probe
    next to the bound tells whether it is checked at all.
    """
    found: list[Probe] = []
    home: dict[str, str] = {}
    for slot in slots(operation.request):
        first = home.setdefault(_row(slot), slot.context) == slot.context
        found += [probe for probe in _of_slot(operation, slot) if first or probe.variant == 0]
    return tuple(sorted(found, key=lambda probe: probe.variant))


def _row(slot: Slot) -> str:
    """What two places share that one row of the page describes: its table and row, else the place itself."""
    source = slot.schema.get("x-source", {})
    return f"{source['table']} {source['row']}" if "table" in source and "row" in source else slot.schema["x-pointer"]


def bundles(found: Sequence[Probe]) -> list[list[Probe]]:
    """The accepting probes in few groups whose edits do not touch, so that one request tries a whole group."""
    groups: list[list[Probe]] = []
    for probe in found:
        if probe.accepts:
            home = next((group for group in groups if not any(_clash(probe.edits, one.edits) for one in group)), None)
            groups.append([probe]) if home is None else home.append(probe)
    return groups


def _clash(one: Sequence[Edit], other: Sequence[Edit]) -> bool:
    """Whether two probes touch, or would give two filters one name."""
    names = [{edit.value for edit in edits if edit.path[-1:] == (FILTER_NAME,)} for edits in (one, other)]
    return conflicts(one, other) or bool(names[0] & names[1])


def _of_slot(operation: Operation, slot: Slot) -> Iterator[Probe]:
    for keyword, derive in KEYWORDS.items():
        if keyword in slot.schema:
            yield from derive(operation, slot, slot.schema[keyword])
    if slot.required:
        yield _refused(slot, "required", "absent", ABSENT)
    if "items" in slot.schema:
        yield from _second(operation, slot, slot.schema["items"])


def _second(operation: Operation, slot: Slot, items: dict[str, Any]) -> Iterator[Probe]:
    """Two items of which only the second is wrong: a service may check the first alone."""
    good = example_of(operation, (*slot.path, 0))
    if items.get("type") != "object":
        second = Slot((*slot.path, 1), items)
        yield _refused(second, "type", "a number", [good, 7], at=slot.path)
        if "maxLength" in items:
            long = "x" * (items["maxLength"] + 1)
            yield _refused(second, "maxLength", f"{len(long)} characters", [good, long], 1, at=slot.path)
        return
    good = minimal(items, good)
    for name, part in items["properties"].items():
        second = Slot((*slot.path, 1, name), part)
        if "enum" in part:
            foreign = _foreign(part["enum"])
            yield _refused(second, "enum", repr(foreign), [good, {**good, name: foreign}], at=slot.path)
        elif name in items.get("required", ()):
            less = {key: value for key, value in good.items() if key != name}
            yield _refused(second, "required", "absent", [good, less], at=slot.path)
        elif name == FILTER_NAME and "maxLength" in part:
            long = "x" * (part["maxLength"] + 1)
            case = f"{len(long)} characters"
            yield _refused(second, "maxLength", case, [good, {**good, name: long}], 1, at=slot.path)
        elif part.get("items", {}).get("type") == "object":
            yield from _within(slot, second, part["items"], good)


def _within(slot: Slot, second: Slot, items: dict[str, Any], good: dict[str, Any]) -> Iterator[Probe]:
    """The second item's own array of objects, one of which is wrong: a filter of the second count."""
    for name, part in items["properties"].items():
        if "enum" in part:
            wrong = {**minimal(items), name: _foreign(part["enum"])}
            place = Slot((*second.path, 0, name), part)
            value = [good, {**good, str(second.path[-1]): [wrong]}]
            yield _refused(place, "enum", repr(wrong[name]), value, 1, at=slot.path)


def _foreign(known: Sequence[str]) -> str:
    """A word that is none of a closed set: of operators first one that the set may have had before an edit."""
    likely = sorted({MEMBERSHIP, *AFFIXES, *ORDERS}, reverse=True) if EQUALITY in known else []
    return next(word for word in (*likely, FOREIGN, *(f"{each}x" for each in known)) if word not in known)


def _accepted(operation: Operation, slot: Slot, keyword: str, case: str, value: Any) -> Probe:
    is_condition = slot.path == (operation.query.condition,)
    edits = with_condition(operation, value) if is_condition else [Edit(slot.path, value)]
    return Probe(slot.schema["x-pointer"], keyword, True, f"{slot.name}: {case}", tuple(edits), slot.context)


def _refused(slot: Slot, keyword: str, case: str, value: Any, variant: int = 0, *, at: Path | None = None) -> Probe:
    edits = (Edit(slot.path if at is None else at, value),)
    return Probe(slot.schema["x-pointer"], keyword, False, f"{slot.name}: {case}", edits, slot.context, variant)


def _type(operation: Operation, slot: Slot, wanted: str) -> Iterator[Probe]:
    if slot.path:
        yield _accepted(operation, slot, "type", f"a valid {wanted}", _valid(operation, slot))
    else:
        least = plain(operation)
        yield _accepted(operation, slot, "type", "nothing but what is required" if least else "no member", least)
    foreign = dict(FOREIGN_TYPES[wanted])
    if wanted == "array":
        alone = example_of(operation, (*slot.path, 0))
        foreign = {"one item without its array": alone, **foreign}
        if isinstance(alone, dict):
            del foreign["an object"]
    elif wanted == "object":
        foreign = {"an array of one": [minimal(slot.schema)], **foreign}
    for variant, (case, value) in enumerate(foreign.items()):
        # A null body may be read as an absent one, which the page leaves open.
        if slot.path or value is not None:
            yield _refused(slot, "type", case, value, variant)


def _minimum(operation: Operation, slot: Slot, bound: int) -> Iterator[Probe]:
    yield _accepted(operation, slot, "minimum", str(bound), bound)
    yield _refused(slot, "minimum", str(bound - 1), bound - 1)
    yield _refused(slot, "minimum", str(-bound - 1), -bound - 1, 1)


def _maximum(operation: Operation, slot: Slot, bound: int) -> Iterator[Probe]:
    last = _accepted(operation, slot, "maximum", str(bound), bound)
    # The last page is past the end of most results, which the page lets a service refuse; so is the one before it.
    pages = slot.path == (operation.pagination.page,)
    yield evolve(last, beside=(Edit(slot.path, bound - 1),)) if pages else last
    yield _refused(slot, "maximum", str(bound + 1), bound + 1)
    yield _refused(slot, "maximum", str(2**31), 2**31, 2)
    yield _refused(slot, "maximum", str(2**32 + 1), 2**32 + 1, 3)  # 1 in 32 bits


def _min_length(operation: Operation, slot: Slot, bound: int) -> Iterator[Probe]:
    if _is_free(operation, slot):
        yield _accepted(operation, slot, "minLength", f"{bound} characters", "f" * bound)
    yield _refused(slot, "minLength", f"{bound - 1} characters", "x" * (bound - 1))


def _max_length(operation: Operation, slot: Slot, bound: int) -> Iterator[Probe]:
    if slot.path == (operation.query.condition,):
        yield _accepted(operation, slot, "maxLength", f"{bound} characters", condition_of_length(operation, bound))
        edits = tuple(with_condition(operation, condition_of_length(operation, bound + 1)))
        yield Probe(slot.schema["x-pointer"], "maxLength", False, f"{slot.name}: {bound + 1} characters", edits)
        return
    if "minLength" not in slot.schema and _is_free(operation, slot):
        yield _accepted(operation, slot, "maxLength", "no character", "")
    for variant, (alphabet, character) in enumerate(ALPHABETS.items()):
        if _is_free(operation, slot):
            yield _accepted(operation, slot, "maxLength", f"{bound} {alphabet} characters", character * bound)
        if variant == 0 or (_is_free(operation, slot) and alphabet == "astral"):
            case = f"{bound + 1} {alphabet} characters"
            yield _refused(slot, "maxLength", case, character * (bound + 1), variant)


def _min_items(operation: Operation, slot: Slot, bound: int) -> Iterator[Probe]:
    yield _accepted(operation, slot, "minItems", f"{bound} items", _items(operation, slot, bound))
    yield _refused(slot, "minItems", f"{bound - 1} items", _items(operation, slot, bound - 1))


def _max_items(operation: Operation, slot: Slot, bound: int) -> Iterator[Probe]:
    edits = many_values(operation, slot, _items(operation, slot, bound))
    if edits:
        yield Probe(slot.schema["x-pointer"], "maxItems", True, f"{slot.name}: {bound} items", edits, slot.context)
    yield _refused(slot, "maxItems", f"{bound + 1} items", _items(operation, slot, bound + 1))


def _enum(operation: Operation, slot: Slot, values: list[str]) -> Iterator[Probe]:
    for value in values:
        edits = sensible(operation, slot, value)
        if edits:
            case = f"{slot.name}: {value!r}"
            yield Probe(slot.schema["x-pointer"], "enum", True, case, tuple(edits), slot.context)
    word = next((value for value in values if value.isalpha()), "")
    unknown = _foreign(values)
    foreign = (unknown, word.upper(), f" {word}", "", word.capitalize()) if word else (unknown, "")
    for variant, value in enumerate(foreign):
        if value not in values:
            yield _refused(slot, "enum", repr(value), value, variant)


#: Keyword → the probes of a slot that has it. A keyword that says nothing of validity (`format`) has none.
KEYWORDS: dict[str, Callable[[Operation, Slot, Any], Iterator[Probe]]] = {
    "type": _type,
    "minimum": _minimum,
    "maximum": _maximum,
    "minLength": _min_length,
    "maxLength": _max_length,
    "minItems": _min_items,
    "maxItems": _max_items,
    "enum": _enum,
}


def _is_free(operation: Operation, slot: Slot) -> bool:
    """Whether any text makes sense here: not the name of a property, no closed set, no value of an integer filter."""
    of_integers = slot.path[0] == operation.query.int_filters and isinstance(slot.path[-1], int)
    return not ("enum" in slot.schema or of_integers or names_a_property(operation, slot.path))


def _valid(operation: Operation, slot: Slot) -> Any:
    is_condition = slot.path == (operation.query.condition,)
    return example_of(operation, slot.path) if not is_condition else "f"


def _items(operation: Operation, slot: Slot, count: int) -> list[Any]:
    """`count` items that make sense: the example's over and over, or numbers as text where any text does.

    No two filters have one name: what a service makes of that, the page leaves open.
    """
    items = slot.schema["items"]
    first = (*slot.path, 0)
    if items.get("type") == "object":
        example = example_of(operation, first) or {}
        named = FILTER_NAME in example
        return [{**example, **({FILTER_NAME: f"{example[FILTER_NAME]}{n}"} if named else {})} for n in range(count)]
    if "maxLength" in items and not names_a_property(operation, first):
        return [str(number) for number in range(count)]
    example = example_of(operation, slot.path)
    return [example[number % len(example)] for number in range(count)]
