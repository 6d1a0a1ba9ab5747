"""`python -m generator lint`: hold the contract against OpenAPI, the API page, its own conventions and the generator.

A document without `source/` beside it is not ours: it is held against OpenAPI and what the generator carries over.
Exit codes: 0 in order, 1 problems (each with file and line), 2 there is no such file.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from generator.document import Document, load
from generator.examples import count_examples, example_problems
from generator.fidelity import fidelity_problems, read_ledger
from generator.links import link_problems
from generator.notices import notices
from generator.places import Place, places
from generator.preflight import preflight_problems
from generator.problems import Problem, Refused
from generator.reach import prune
from generator.shapes import pattern_problems
from generator.tables import read_page
from generator.validity import validity_problems
from generator.versions import stated_problems
from generator.vocabulary import (
    keyword_problems,
    meaning_problems,
    misuse_problems,
    vocabulary_problems,
    without_namesakes,
)

__all__ = ["SPEC", "add_arguments", "problems_in", "run", "validity_problems"]

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "spec" / "openapi.yaml"

EVERY_PROPERTY_HAS = {
    "description": "say what it is, in our own words",
    "examples": "give at least one value that makes sense",
    "x-source": "name the row, the example or the public page it is from",
}
EVERY_OPERATION_HAS = {
    "operationId": "give it the name that the page's address has",
    "summary": "say in a few words what it does",
    "description": "say what it does",
    "tags": "name one; the client has a module for each",
    "x-source": "name where it is from",
}
EVERY_RESPONSE_HAS = {"description": "say when it is answered", "x-source": "name where it is from"}
EVERY_CARRIER_HAS = {"description": "say what it carries", "x-source": "name where it is from"}
CONVENTIONS = {
    "property": EVERY_PROPERTY_HAS,
    "operation": EVERY_OPERATION_HAS,
    "response": EVERY_RESPONSE_HAS,
    **dict.fromkeys(("parameter", "header", "security scheme"), EVERY_CARRIER_HAS),
    "schema": {"description": "say what it is"},
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `lint`."""
    parser.add_argument("--spec", type=Path, default=SPEC, help="the contract, with source/ beside it")


def run(options: argparse.Namespace) -> int:
    """Print what is wrong, or a line that says what was held against what."""
    ours = has_page(options.spec) or _speaks_of_a_page(options.spec)
    problems = problems_in(options.spec) if ours else foreign_problems(foreign(options.spec))
    if options.spec == SPEC and not problems:
        problems = stated_problems(ROOT, load(SPEC).data["info"]["version"])
    if problems:
        count = f"{len(problems)} problem{'s' if len(problems) > 1 else ''}"
        raise Refused(f"The contract is not in order ({count}):", problems)
    for notice in notices(load(options.spec)) if ours else ():
        print(f"to know: {notice}", file=sys.stderr)
    alone = f"{options.spec.name} is in order, as the generator needs it: it has no page's data in source/ beside it."
    print(summary(options.spec) if ours else alone)
    return 0


def has_page(spec: Path) -> bool:
    """Whether the page's data stand beside a contract; a folder `source/` alone may be anybody's."""
    return (spec.parent / "source" / "tables.yaml").is_file()


def foreign(spec: Path) -> Document:
    """A document of others, as the generator reads it: without what no operation uses, or only seems to be ours."""
    document = load(spec, strict=False)
    if isinstance(document.data.get("paths", {}), dict):
        prune(document)
        without_namesakes(document)
    return document


def foreign_problems(document: Document) -> list[Problem]:
    """What is wrong with a document that has no page's data beside it: only what the generator itself needs."""
    return preflight_problems(document) or validity_problems(document) or list(misuse_problems(document))


def _speaks_of_a_page(spec: Path) -> bool:
    """Whether the document says that it follows a page, as ours does; one that cannot be read is `load`'s matter."""
    info = load(spec, strict=False).data.get("info")
    source = info.get("x-source") if isinstance(info, dict) else None
    return isinstance(source, dict) and "page" in source


def problems_in(spec: Path = SPEC) -> list[Problem]:
    """Everything that is not in order with the contract and the page's data beside it, in the order of their lines.

    Raises Refused only when the contract cannot be read at all.
    """
    contract = load(spec)
    problems = validity_problems(contract)
    if problems:
        return problems
    problems = preflight_problems(contract) + list(convention_problems(contract))
    misused = [*bare_problems(contract), *vocabulary_problems(contract)]
    misused += [*keyword_problems(contract), *pattern_problems(contract)]
    misused = misused or [*meaning_problems(contract), *link_problems(contract)]
    if not misused:  # the page is compared by what the extensions say
        try:
            page = read_page(spec.parent / "source")
            problems += example_problems(contract, page)
            problems += fidelity_problems(contract, page, read_ledger(spec.parent / "source" / "deviations.yaml"))
        except Refused as refusal:
            problems += refusal.problems
    return sorted([*problems, *misused], key=lambda problem: (str(problem.file), problem.line))


def convention_problems(contract: Document) -> Iterator[Problem]:
    """Where the contract leaves its own conventions (spec/README.md)."""
    for place in places(contract):
        inline = place.kind == "schema" and len(place.pointer) != len(("components", "schemas", "name"))
        elsewhere = "$ref" in place.node and place.kind != "property"
        for member, expected in CONVENTIONS.get(place.kind, {}).items():
            if not (inline or elsewhere or place.node.get(member)):
                yield contract.problem(place.pointer, f"the {place.kind} {place.name} has no {member}", expected)
        if place.kind == "operation":
            yield from _status_problems(contract, place)
        if place.kind in ("schema", "property"):
            yield from _enum_name_problems(contract, place)
    for path in contract.moved:
        what = f"the operations of {path[1]} stand elsewhere, where mock and gate do not look"
        yield contract.problem(path, what, "write them under their path")
    version = contract.data["info"]["version"]
    if not re.fullmatch(r"\d+\.\d+\.\d+", version):
        what = f"info.version is {version!r}"
        yield contract.problem(("info", "version"), what, "write MAJOR.MINOR.PATCH, such as 1.2.0")


def bare_problems(contract: Document) -> Iterator[Problem]:
    """Members whose schema is a bare true or false, which JSON Schema allows and which says nothing."""
    holders = {"schema": "properties", "property": "properties", "components": "schemas"}
    for place in places(contract):
        holder = holders.get(place.kind, "")
        for name, schema in place.node.get(holder, {}).items():
            if not isinstance(schema, dict):
                what = f"the schema of {name} is {schema}"
                yield contract.problem((*place.pointer, holder, name), what, "write a schema with a type")


def _status_problems(contract: Document, operation: Place) -> Iterator[Problem]:
    for status in operation.node["responses"]:
        if not re.fullmatch(r"\d{3}", status):
            what = f"the answer {status} makes every status conform, so that no check of statuses can fail"
            yield contract.problem((*operation.pointer, "responses", status), what, "name each status by its number")


def _enum_name_problems(contract: Document, place: Place) -> Iterator[Problem]:
    values = place.node.get("enum", [])
    if "x-enum-varnames" in place.node:
        return
    odd = [value for value in values if isinstance(value, str) and not re.fullmatch(r"[A-Za-z]\w*", value)]
    if odd:
        what = f"the value {odd[0]!r} gives no name to a member of a Python enum"
        yield contract.problem((*place.pointer, "enum"), what, "name the values with x-enum-varnames")


def summary(spec: Path) -> str:
    """One line about a contract in order."""
    contract, page = load(spec), read_page(spec.parent / "source")
    deviations = read_ledger(spec.parent / "source" / "deviations.yaml").deviations
    rows = sum(len(table.rows) for table in page.tables.values())
    return (
        f"{spec.name} is in order: {rows} rows of {len(page.tables)} tables are matched or excused "
        f"({len(deviations)} deviations), {count_examples(contract, page)} examples are valid."
    )
