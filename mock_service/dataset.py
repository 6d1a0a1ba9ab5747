"""A deterministic data set for any operation, made from the contract alone.

Every known value of an open or closed set occurs, empty and absent values too, texts that queries stumble over, equal
times, and texts that are parts of each other. The same seed makes the same items, byte for byte. The contract's own
example items come first.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import accumulate, chain, count, islice
from typing import Any

from mock_service.contract import Mistake, Operation, Schema, types_of, validator, without_null

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
        if not operation.item_validator.is_valid(item):
            item = mended(operation, item, always)
        hidden = {name: value for name, value in item.items() if name not in operation.item["properties"]}
        yield {**hidden, **example} if example else item


def mended(operation: Operation, item: Item, always: Container[str]) -> Item:
    """The item without the values that the contract does not take; a `Mistake` names one that cannot be left out."""
    properties = operation.item["properties"]
    found = {n: v for n, v in item.items() if n not in properties or validator(properties[n]).is_valid(v)}
    for name in item.keys() - found.keys():
        if name in always:
            raise Mistake(
                f"the mock cannot make values of {name!r} that its schema in the contract takes; give it examples"
                + (", the first with digits at its end that can be counted on" if name == operation.key else "")
            )
    if flaw := operation.flaw(found):
        raise Mistake(f"the mock cannot make items that the contract takes: {flaw}")
    return found


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
    if "array" in types or "object" in types:
        return composed(operation, name, schema, chance)
    if types != ["string"]:
        return scalar(schema, types, chance, later=name != operation.default_sort["field"])
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


def scalar(schema: Schema, types: list[str], chance: random.Random, *, later: bool) -> Make:
    """A time, a boolean or a number. `later` are the times that follow the one by which items are listed."""
    if "x-timestamp" in schema:
        minutes = 3 if later else 1
        return lambda serial, item: as_text(types, serial, FIRST_DAY + item[CLOCK] + 60_000 * chance.randrange(minutes))
    if "boolean" in types:
        return lambda serial, _: as_text(types, serial + chance.randrange(2), chance.random() < 0.5)
    step = Decimal(str(schema.get("multipleOf", 1 if "integer" in types else "0.25")))
    low = lowest(schema, step)
    high = max(low, highest(schema, step, low * step))

    def number(serial: int, _: Item) -> Any:
        found = chance.randint(low, high) * step
        return as_text(types, serial, int(found) if found == found.to_integral_value() else float(found))

    return number


def lowest(schema: Schema, step: Decimal) -> int:
    """How many steps the least number is that a schema takes; 0 when it does not say."""
    least = Decimal(str(schema.get("minimum", schema.get("exclusiveMinimum", 0)))) / step
    found = int(least.to_integral_value(ROUND_CEILING))
    return found + (found == least and "exclusiveMinimum" in schema)


def highest(schema: Schema, step: Decimal, low: Decimal) -> int:
    """How many steps the greatest number is that a schema takes; when it does not say, one that is well above `low`."""
    most = Decimal(str(schema.get("maximum", schema.get("exclusiveMaximum", low + 2000)))) / step
    found = int(most.to_integral_value(ROUND_FLOOR))
    return found - (found == most and "exclusiveMaximum" in schema)


def composed(operation: Operation, name: str, schema: Schema, chance: random.Random) -> Make:
    """An array or an object, by the schemas of what it is made of."""
    if "array" in types_of(schema):
        return labels(operation, schema) or lists(operation, name, schema, chance)
    return objects(operation, name, schema, chance)


def objects(operation: Operation, name: str, schema: Schema, chance: random.Random) -> Make:
    """An object, each member by its schema."""
    required = set(schema.get("required", ()))
    makers = {
        member: maker(operation, f"{name}.{member}", found, chance)
        for member, found in schema.get("properties", {}).items()
    }

    def make(serial: int, item: Item) -> Item:
        wanted = {m: make for m, make in makers.items() if m in required or chance.random() >= ABSENT}
        values = {member: make(serial, item) for member, make in wanted.items()}
        return {member: value for member, value in values.items() if value is not None}

    return make


def lists(operation: Operation, name: str, schema: Schema, chance: random.Random) -> Make:
    """A list of a few elements, each by its schema."""
    make = maker(operation, f"{name}[]", schema.get("items") or {}, chance)
    least = schema.get("minItems", 0)
    most = min(schema.get("maxItems", least + 2), least + 2)

    def several(serial: int, item: Item) -> list[Any]:
        found = [make(serial, item) for _ in range(chance.randint(least, most))]
        return [value for value in found if value is not None]

    return several


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
    start = int(digits or schema.get("minimum", 0))
    if "string" not in types_of(schema):
        return lambda serial, _: start + serial
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
        return long_enough(schema, (text if chance.random() < 0.5 else f"{text} #{chance.randrange(500)}")[:longest])

    return make


def long_enough(schema: Schema, text: str) -> str:
    """The text, again and again until it has the length that its schema wants."""
    least = schema.get("minLength", 0)
    return text if len(text) >= least else (text * least)[:least]


def codes(name: str, schema: Schema, samples: list[str], chance: random.Random) -> Make:
    """Codes like the samples, from a small pool, so that items share them."""
    longest = int(schema.get("maxLength", 255))
    pool = list(dict.fromkeys(samples))
    if "pattern" not in schema:
        base = next((sample for sample in pool if sample), name)
        alike = (long_enough(schema, variation(base, number, chance)) for number in count(1))
        pool += [code[:longest] for code in islice(alike, max(0, CODES - len(pool)))]

    def make(serial: int, _: Item) -> str | None:
        if serial < len(pool):
            return pool[serial]
        draw = chance.random()
        if "pattern" in schema or draw > EMPTY + ODD:
            return chance.choice(pool) if pool else None
        if draw < EMPTY and not schema.get("minLength"):
            return ""
        return long_enough(schema, chance.choice(TEXTS)[:longest])

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


def labels(operation: Operation, schema: Schema) -> Make | None:
    """A list of display names, one entry for each coded value of the item; None when its schema's example shows none.

    The schema's example tells its members' roles: one names a property of the item, one a value of that property, and
    those that end in a language (`_en`) hold the value's name in it.
    """
    properties = operation.item["properties"]
    sample: list[Any] = next((each for each in schema.get("examples", ()) if isinstance(each, list)), [])
    entry = sample[0] if sample and isinstance(sample[0], dict) else {}
    named = next((member for member, value in entry.items() if value in properties), None)
    coded = next(
        (member for member, value in entry.items() if named and value != entry[named] and "_" in str(value)), None
    )
    if named is None or coded is None:
        return (lambda _serial, _item: sample) if sample else None
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
