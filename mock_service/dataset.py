"""A deterministic data set for any operation, made from the contract alone.

Every known value of an open or closed set occurs, empty and absent values too, texts that queries stumble over, equal
times, and texts that are parts of each other. The same seed makes the same items, byte for byte. The contract's own
example items come first.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, chain, count, islice
from typing import Any

from mock_service.contract import Operation, Schema, types_of, without_null

TEXTS = (
    "Disk full",
    "Disk full on order-db",
    "Disk full on order-db-01",
    "disk full",
    "磁盘已满",
    "订单库磁盘已满，写入失败",
    "告警：CPU 使用率 100%",
    "🔥 order-db is down 🔥",
    "👩‍🚀 e\u0301té",
    "100% of writes fail",
    "100 of writes fail",
    "order_db",
    "orderXdb",
    "It's \"quoted\"; -- ' OR 1=1",
    "back\\slash \\% \\_",
    "%",
    "_",
    " leading and trailing ",
    "tab\tand\nnew line",
    "שלום עולם",
    "42",
    "-7",
    "007",
    "9223372036854775808",
    "a & b | (c)",
    "null",
    "true",
)
"""What free text may say; `%`, `_`, quotes and backslashes mean nothing to a filter."""
CODES = 12
"""Different values of a code that has no known set, such as a user's id."""
ABSENT, EMPTY, ODD = 0.06, 0.03, 0.02
"""Shares of items in which a property is absent, is the empty text, or holds one of TEXTS though it is a code."""
DAY = 86_400_000
FIRST_DAY = 1_735_689_600_000
"""Milliseconds; the times of a data set begin on 2025-01-01 UTC and spread over 120 days."""
PRIME, SCATTER = 2**31 - 1, 1_327_217_885
"""Multiples of the second, modulo the first, are all different; times four, they are milliseconds of some 100 days."""
CLOCK = ""
"""The member that holds an item's time, in milliseconds since the first day, while the item is made."""

Item = dict[str, Any]
Make = Callable[[int, Item], Any]
"""Makes one value from the item's serial number and what the item holds so far."""


def items(
    operation: Operation, number: int, seed: int, parents: Mapping[str, Sequence[str]] | None = None
) -> Iterator[Item]:
    """`number` items of an operation; what is filterable but not answered is among their members.

    `parents` are the values that a path parameter takes, for example the tickets that have histories: the first has
    most items, the second half as many, the third a third, and so on.
    """
    chance = random.Random(f"{operation.id}/{seed}")  # noqa: S311
    makers = {name: maker(operation, name, schema, chance) for name, schema in operation.columns.items()}
    makers |= {name: nullable(makers[name]) for name in operation.nullable - {operation.key}}
    makers |= {name: shared(values, chance) for name, values in (parents or {}).items() if values}
    always = {operation.key, operation.default_sort["field"], *operation.parameters}
    always |= set(operation.item.get("required", []))
    clock = 0
    for serial, example in zip(range(number), chain(examples(operation), iter(dict, None)), strict=False):
        if serial % 5:  # every fifth item shares its predecessor's times
            clock = chance.randrange(120 * DAY)
        item: Item = {CLOCK: clock}
        for name, make in makers.items():
            if name in always or chance.random() >= ABSENT:
                value = make(serial, item)
                if value is not None or name in operation.nullable:
                    item[name] = value
        del item[CLOCK]
        hidden = {name: value for name, value in item.items() if name not in operation.item["properties"]}
        yield {**hidden, **example} if example else item


def examples(operation: Operation) -> list[Item]:
    """The items in the contract's example answer."""
    found: Any = operation.success
    for step in operation.pagination["items"].strip("/").split("/"):
        found = found.get(step) or {}
    return list(found)


def maker(operation: Operation, name: str, schema: Schema, chance: random.Random) -> Make:
    """What makes the values of one property, by its schema."""
    schema = without_null(schema) if name in operation.nullable else schema
    types = types_of(schema)
    if name == operation.key:
        return unique(schema)
    if "array" in types:
        return labels(operation, schema)
    if types != ["string"]:
        return scalar(schema, types, chance)
    known = schema.get("x-extensible-enum") or schema.get("enum")
    if known:
        return lambda serial, _: known[serial] if serial < len(known) else chance.choice(known)
    samples = [value for value in [*schema.get("examples", []), *filtered(operation, name)] if isinstance(value, str)]
    if any(" " in sample for sample in samples):
        return prose(schema, chance)
    return codes(name, schema, samples, chance)


def nullable(make: Make) -> Make:
    """The same values, and null for every tenth item."""
    return lambda serial, item: None if serial % 10 == 9 else make(serial, item)


def shared(values: Sequence[str], chance: random.Random) -> Make:
    """One of the values, the earlier the likelier."""
    weights = list(accumulate(1 / rank for rank in range(1, len(values) + 1)))
    return lambda _serial, _item: chance.choices(values, cum_weights=weights)[0]


def scalar(schema: Schema, types: list[str], chance: random.Random) -> Make:
    """A time, a boolean or an integer."""
    if "x-timestamp" in schema:
        return lambda serial, item: as_text(types, serial, FIRST_DAY + item[CLOCK] + 60_000 * chance.randrange(3))
    if "boolean" in types:
        return lambda serial, _: as_text(types, serial + chance.randrange(2), chance.random() < 0.5)
    low, high = schema.get("minimum", 0), schema.get("maximum", 2000)
    return lambda serial, _: as_text(types, serial, chance.randint(low, high))


def as_text(types: list[str], serial: int, value: Any) -> Any:
    """The value as its schema says, or now and then as text where the schema takes both."""
    if "string" in types and serial % 8 == 3:
        return str(value).lower()
    return value


def unique(schema: Schema) -> Make:
    """Numbers that count up from the contract's example, in its shape: `IM…888`, `IM…889`, …; times in no order."""
    if "x-timestamp" in schema:
        return moment
    sample = str(next(iter(schema.get("examples", [])), ""))
    prefix = sample.rstrip("0123456789")
    digits = sample.removeprefix(prefix)
    start = int(digits or 0)
    return lambda serial, _: f"{prefix}{start + serial:0{len(digits)}}"


def moment(serial: int, item: Item) -> int:
    """A time that no other item has; the item's later times follow it."""
    item[CLOCK] = serial * SCATTER % PRIME * 4
    return FIRST_DAY + int(item[CLOCK])


def prose(schema: Schema, chance: random.Random) -> Make:
    """Free text: one of TEXTS, alone or numbered; the longest that the schema allows, once."""
    longest = int(schema.get("maxLength", 255))

    def make(serial: int, _: Item) -> str:
        if serial == 1:
            return ("长🔥" * longest)[:longest]
        text = "" if chance.random() < EMPTY and not schema.get("minLength") else chance.choice(TEXTS)
        return (text if chance.random() < 0.5 else f"{text} #{chance.randrange(500)}")[:longest]

    return make


def codes(name: str, schema: Schema, samples: list[str], chance: random.Random) -> Make:
    """Codes like the samples, from a small pool, so that items share them."""
    longest = int(schema.get("maxLength", 255))
    pool = list(dict.fromkeys(samples))
    if "pattern" not in schema:
        base = next((sample for sample in pool if sample), name)
        alike = (variation(base, number, chance) for number in count(1))
        pool += [code[:longest] for code in islice(alike, max(0, CODES - len(pool)))]

    def make(serial: int, _: Item) -> str | None:
        if serial < len(pool):
            return pool[serial]
        draw = chance.random()
        if "pattern" in schema or draw > EMPTY + ODD:
            return chance.choice(pool) if pool else None
        if draw < EMPTY and not schema.get("minLength"):
            return ""
        return chance.choice(TEXTS)[:longest]

    return make


def variation(code: str, number: int, chance: random.Random) -> str:
    """Another code of the same look: new digits where it has some, else a number behind it."""
    if re.fullmatch(r"[0-9a-f]{8,}", code):
        return f"{chance.getrandbits(4 * len(code)):0{len(code)}x}"
    if re.search(r"\d", code) and number > 2:
        return re.sub(r"\d", lambda _: str(chance.randrange(10)), code)
    return f"{code}-{number}"


def filtered(operation: Operation, name: str) -> list[str]:
    """What the contract's example requests look for in a property; a path parameter's examples."""
    role = operation.member("string_filters")
    filters = [
        each for example in operation.example_requests for each in example.get(role, []) if each["field"] == name
    ]
    return [value for each in filters for value in each["values"]]


def labels(operation: Operation, schema: Schema) -> Make:
    """A list of display names, one entry for each coded value of the item.

    The schema's example tells its members' roles: one names a property of the item, one a value of that property, and
    those that end in a language (`_en`) hold the value's name in it.
    """
    properties = operation.item["properties"]
    sample: list[Any] = next(iter(schema.get("examples", [])), [])
    entry = sample[0] if sample and isinstance(sample[0], dict) else {}
    named = next((member for member, value in entry.items() if value in properties), None)
    coded = next(
        (member for member, value in entry.items() if named and value != entry[named] and "_" in str(value)), None
    )
    if named is None or coded is None:
        return lambda _serial, _item: sample or None
    sets = {name: found["x-enum-labels"] for name, found in properties.items() if "x-enum-labels" in found}

    def make(_serial: int, item: Item) -> list[Item] | None:
        found = []
        for name, names in sets.items():
            if item.get(name) in names:
                texts = names[item[name]]
                rest = {m: texts.get(m.rpartition("_")[2]) for m in entry if m not in (named, coded)}
                found.append(
                    {named: name, coded: item[name], **{m: text for m, text in rest.items() if text is not None}}
                )
        return found or None

    return make
