"""Planted faults: services that are wrong on purpose, so that whoever judges services can be judged.

A fault is a function whose one parameter is named `service`, in a file of `contract_tests/faults/`. It replaces or
wraps methods of that one object. The file's name is the fault's family, its docstring the sentence that
`python -m mock_service faults` prints, and its name, with hyphens, what `--fault` takes:

    def total_is_ten(service):
        '''The total is always 10.'''
        service.total = lambda where: 10

    def page_starts_at_zero(service):
        '''Page 1 skips the first page.'''
        window = service.window
        service.window = lambda body: (window(body)[0] + window(body)[1], window(body)[1])

With `--serve-faults` one process serves them all over one store: `http://HOST:PORT/faults/page-starts-at-zero` is the
base URL of the service that has this fault, and no other.

The seams, in the order of a request. `body` is the decoded request with the contract's defaults filled in, a filter is
the dict that the caller sent, an item is a dict, a condition is SQL: combine it with `&`, `|` and `~`, and with
`service.everything` and `service.nothing`.

    authenticate(request)            an answer that refuses, or None
    decode(request)                  the JSON value of request.body (.headers, .method, .query)
    violations(value)                breaches of the schema, each with .pointer .keyword .message; drop those not to see
    complete(value)                  body
    check(body)                      raises for unknown fields; known(name, pointer) refuses one
    selection(body, parameters)      the condition of the whole query
    type_wanted(body)                bool
    predicate(filter)                condition, of one {field, operator, values}
    joined(text, filters)            condition, of the string filters under the caller's condition
    combine(postfix, named)          condition, of names and operators in postfix order and {name: condition}
    order(body)                      list of (field, "asc" or "desc"), the strongest first
    window(body)                     (items to skip, items to answer)
    total(where)                     int
    wants_total(body)                bool
    counts(body, parameters)         list of int
    fields(body)                     property names, empty for all
    project(item, fields)            the item to answer, from one with all properties
    page(items, body)                the items of this page
    search(body, parameters)         {"items": …, "total": …, "count_results": …}
    envelope(found)                  the whole JSON answer, from the above
    refuse(message)                  the 400 answer
    answer(answer)                   the last word: .status .headers .body .delay (s) .cut (bytes) .reset

`service.operation` (`.query`, `.pagination`, `.columns`, `.member(role)`) tells the names of members, so that a fault
names none itself; `service.of(body, role)` reads one: a role is a key of `x-query` or `x-pagination`.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from attrs import frozen

from mock_service.contract import Mistake

CATALOGUE = Path(__file__).resolve().parent.parent / "contract_tests" / "faults"


@frozen
class Fault:
    """One way to be wrong."""

    name: str
    family: str
    says: str
    """One sentence: what a client sees."""
    plant: Callable[[Any], None]
    """Changes one service."""


def catalogue(folder: Path = CATALOGUE) -> dict[str, Fault]:
    """Every fault by its name, from the files of `folder`; they are loaded by their path, as no import leads there."""
    found: dict[str, Fault] = {}
    for file in sorted(folder.glob("[!_]*.py")):
        if "(service)" not in file.read_text("utf-8"):
            continue
        spec = importlib.util.spec_from_file_location(f"planted_faults.{file.stem}", file)
        if spec is None or spec.loader is None:
            raise Mistake(f"cannot read the faults of {file}")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise Mistake(f"the faults of {file} do not load: {type(error).__name__}: {error}") from error
        for fault in faults_of(module, file.stem.replace("_", "-")):
            if fault.name in found:
                raise Mistake(f"two faults are named {fault.name!r}; rename the one in {file}")
            found[fault.name] = fault
    return found


def faults_of(module: ModuleType, family: str) -> Iterator[Fault]:
    """The faults that one file defines."""
    for name, function in vars(module).items():
        if inspect.isfunction(function) and [*inspect.signature(function).parameters] == ["service"]:
            says = " ".join((inspect.getdoc(function) or "").split())
            yield Fault(name.replace("_", "-"), family, says, function)


def named(name: str) -> Fault:
    """The fault of this name; a `Mistake` names the nearest."""
    faults = catalogue()
    if name not in faults:
        near = difflib.get_close_matches(name, faults, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise Mistake(f"there is no fault {name!r}; {hint}`python -m mock_service faults` lists them all")
    return faults[name]
