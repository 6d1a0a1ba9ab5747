"""Planted faults: services that are wrong on purpose, so that whoever judges services can be judged.

A fault is a function of one argument, the `Service`, in a file of `contract_tests/faults/`. It replaces or wraps methods of
that one object; the file's name is the fault's family, its docstring the sentence that `python -m mock_service faults` prints, and its
name, with hyphens, what `--fault` takes:

    def total_is_page_size(service):
        '''The total counts the items of the page, not of the result.'''
        service.total = lambda where: 10

    def page_starts_at_zero(service):
        '''Page 1 skips the first page.'''
        window = service.window
        service.window = lambda body: (window(body)[0] + window(body)[1], window(body)[1])

The seams, in the order of a request. All that passes through them is plain: `body` is the decoded request (a dict, after `complete`
with the contract's defaults), a filter is the dict that the caller sent, an item is a dict.

| seam | in | out |
|---|---|---|
| `authenticate(request)` | request | an answer that refuses, or None |
| `decode(request)` | `.body`, `.headers`, `.method`, `.query` | the JSON value |
| `violations(body)` | any JSON value | list of breaches, each with `.pointer`, `.keyword`, `.message`; a fault drops those it does not see |
| `complete(body)` | valid body | body with defaults |
| `check(body)` | body | None, or raises for unknown fields; `known(name, pointer)` refuses one |
| `type_wanted(body)` | body | bool |
| `predicate(filter)` | `{field, operator, values}` | SQL condition; combine with `&`, `|`, `~`; also `service.everything`, `service.nothing` |
| `joined(condition, filters)` | text, list of filters | SQL condition |
| `combine(postfix, named)` | names and operators in postfix order, `{name: SQL condition}` | SQL condition |
| `selection(body, parameters)` | body, path parameters | SQL condition of the whole query |
| `order(body)` | body | list of (field, "asc" or "desc") |
| `window(body)` | body | (items to skip, items to answer) |
| `total(where)` | SQL condition | int |
| `wants_total(body)` | body | bool |
| `counts(body, parameters)` | body, path parameters | list of int |
| `fields(body)` | body | list of property names, empty for all |
| `project(item, fields)` | an item with all properties | the item to answer |
| `page(items, body)` | the items of this page | the items to answer |
| `search(body, parameters)` | body | `{"items": …, "total": …, "count_results": …}` |
| `envelope(data)` | the above | the whole JSON answer |
| `refuse(message)` | text | the 400 answer |
| `answer(answer)` | `.status`, `.headers`, `.body`, `.delay` (s), `.cut` (bytes), `.reset` | the same, last of all |

`service.operation` (`.query`, `.pagination`, `.columns`, `.member(role)`) tells the names of members, so that a fault names none
itself; `service.of(body, role)` reads one: role is a key of `x-query` or `x-pagination`.
"""

from __future__ import annotations

import difflib
import importlib.util
import inspect
from collections.abc import Callable
from pathlib import Path
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
    """Every fault by its name, read from the files of `folder`, which are loaded by their path and imported by nobody."""
    found: dict[str, Fault] = {}
    for file in sorted(folder.glob("[!_]*.py")):
        spec = importlib.util.spec_from_file_location(f"planted_faults.{file.stem}", file)
        if spec is None or spec.loader is None:
            raise Mistake(f"cannot read the faults of {file}")
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except Exception as error:
            raise Mistake(f"the faults of {file} do not load: {type(error).__name__}: {error}") from error
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
                hyphened = name.replace("_", "-")
                if hyphened in found:
                    raise Mistake(f"two faults are named {hyphened!r}; rename the one in {file}")
                says = " ".join((inspect.getdoc(function) or "").split())
                found[hyphened] = Fault(hyphened, file.stem.replace("_", "-"), says, function)
    return found


def named(name: str) -> Fault:
    """The fault of this name; a `Mistake` names the nearest."""
    faults = catalogue()
    if name not in faults:
        near = difflib.get_close_matches(name, faults, 1)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise Mistake(f"there is no fault {name!r}; {hint}`python -m mock_service faults` lists them all")
    return faults[name]
