"""Every example in the contract, and every saved example of the page, held against its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.document import Document, Pointer, spelled
from generator.fidelity import ABSENT, member_of
from generator.places import Place, places
from generator.problems import Problem
from generator.shapes import Validators, shape_problems, value_problems
from generator.tables import Page

CARRIERS = ("media type", "header", "parameter")


def example_problems(contract: Document, page: Page) -> Iterator[Problem]:
    """Examples that break their schema, or are not the page's although they say so."""
    validators = Validators(contract)
    for place in places(contract):
        for pointer, schema in _examples(contract, place):
            name = f"the example of {place.kind} {place.name}"
            yield from shape_problems(contract, pointer, validators.of(schema), name)
        if place.kind == "media type":
            yield from _copy_problems(contract, place, page)
    for name, schema_name in page.document.data["examples"].items():
        yield from _page_example_problems(contract, page, name, schema_name, validators)


def count_examples(contract: Document, page: Page) -> int:
    """How many examples `example_problems` looks at."""
    return sum(len(list(_examples(contract, place))) for place in places(contract)) + len(page.examples)


def _examples(contract: Document, place: Place) -> Iterator[tuple[Pointer, Pointer]]:
    """Where the examples of a place stand, each with its schema."""
    if place.kind in ("schema", "property"):
        for index in range(len(place.node.get("examples", []))):
            yield (*place.pointer, "examples", index), place.pointer
    if place.kind in CARRIERS and "schema" in place.node:
        schema = (*place.pointer, "schema")
        if "example" in place.node:
            yield (*place.pointer, "example"), schema
        for name in place.node.get("examples", {}):
            pointer, example = contract.resolved((*place.pointer, "examples", name))
            if "value" in example:
                yield (*pointer, "value"), schema


def _copy_problems(contract: Document, place: Place, page: Page) -> Iterator[Problem]:
    for name, example in place.node.get("examples", {}).items():
        source = example.get("x-source", {}).get("example")
        if source is None:
            continue
        pointer = (*place.pointer, "examples", name)
        if source not in page.examples:
            what = f"the page has no example {source}"
            yield contract.problem((*pointer, "x-source"), what, f"it has {', '.join(page.examples)}")
        elif (where := first_difference(example.get("value"), page.examples[source])) is not None:
            what = f"the example says it is the page's {source}, and differs from it at {where or 'its root'}"
            yield contract.problem((*pointer, "value"), what, "copy the page's example as it is")


def _page_example_problems(
    contract: Document, page: Page, name: str, schema_name: str, validators: Validators
) -> Iterator[Problem]:
    schema = ("components", "schemas", schema_name)
    here: Pointer = ("examples", name)
    if member_of(contract.data, spelled(schema)) is ABSENT:
        yield page.document.problem(here, f"the contract has no schema {schema_name}", "name the example's schema")
        return
    for what, expected in value_problems(page.examples[name], validators.of(schema), f"the page's example {name}"):
        yield contract.problem(schema, what, f"the schema takes what the page shows; it has {expected}")
    for pointer in undeclared(contract, schema, page.examples[name]):
        what = f"the page's example {name} shows {spelled(pointer)}, which the schema does not declare"
        yield contract.problem(schema, what, "declare the member, with the example as its x-source")


def undeclared(contract: Document, schema: Pointer, value: Any, where: Pointer = ()) -> Iterator[Pointer]:
    """The members of a value that no property of its schema declares."""
    schema, node = contract.resolved(schema)
    for index in range(len(node.get("oneOf", []))):
        if contract.at((*schema, "oneOf", index)) != {"type": "null"}:
            yield from undeclared(contract, (*schema, "oneOf", index), value, where)
    if "oneOf" in node:
        return
    if isinstance(value, list) and "items" in node:
        for index, item in enumerate(value):
            yield from undeclared(contract, (*schema, "items"), item, (*where, index))
    if isinstance(value, dict):
        for name, member in value.items():
            if name in node.get("properties", {}):
                yield from undeclared(contract, (*schema, "properties", name), member, (*where, name))
            else:
                yield (*where, name)


def first_difference(one: Any, other: Any, where: str = "") -> str | None:
    """The JSON pointer of the first place where two JSON values differ (1 is not true); None when they are equal."""
    if type(one) is not type(other):
        return where
    if isinstance(one, dict):
        for name in [*one, *[name for name in other if name not in one]]:
            inner = f"{where}/{name}"
            if name not in one or name not in other:
                return inner
            if (found := first_difference(one[name], other[name], inner)) is not None:
                return found
        return None
    if isinstance(one, list) and len(one) == len(other):
        pairs = zip(one, other, strict=True)
        places_found = (first_difference(*pair, f"{where}/{index}") for index, pair in enumerate(pairs))
        return next((place for place in places_found if place is not None), None)
    return None if one == other else where
