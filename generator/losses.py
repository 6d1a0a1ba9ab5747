"""What the parser could not carry over, as problems with a place; and a document without the operations they touch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from generator.document import Document, Pointer, parsed
from generator.problems import Problem
from generator.reach import Reach, prune

_OPERATION = re.compile(r"\w+ parsing (\w+) (\S+) within ")
_OBJECT = re.compile(r"<openapi_python_client\S+ object at \w+> ?")
_SCHEMA = re.compile(r"schema (/components/schemas/[^\s:]+)")


def losses(document: Document, data: Any) -> Iterator[Problem]:
    """One problem for each operation that the parser left out, or whose body, answer or schema it left out."""
    reach = Reach(document)
    errors = [error for found in data.endpoint_collections_by_tag.values() for error in found.parse_errors]
    for error in [*data.errors, *errors]:
        told = " ".join(_OBJECT.sub("", f"{error.detail or error.header or ''}").split()).partition(" Failure to")[0]
        for pointer in _concerned(reach, error.header or ""):
            what = f"{_label(pointer)} cannot be carried over ({told.rstrip('.')})"
            yield document.problem(pointer, what, "write it in a form that the generator knows")


def _concerned(reach: Reach, header: str) -> Iterable[Pointer]:
    operation, schema = _OPERATION.search(header), _SCHEMA.search(header)
    if operation:
        return [("paths", operation[2], operation[1].lower())]
    if schema:
        return reach.users(parsed(schema[1]))
    return [found.pointer for found in reach.operations]  # the parser does not say where: nothing is safe


def _label(pointer: Pointer) -> str:
    return f"{str(pointer[2]).upper()} {pointer[1]}" if len(pointer) > 2 else str(pointer)


def leave_out(document: Document, problems: list[Problem]) -> list[str]:
    """Take the operations that the problems touch out of the document, in place; one line for each of them."""
    reach = Reach(document)
    reasons: dict[Pointer, str] = {}
    for problem in problems:
        for pointer in reach.users(problem.pointer):
            reasons.setdefault(pointer, problem.what)
    for pointer in reasons:
        _, path, method = pointer
        del document.data["paths"][path][method]
    prune(document)
    return [f"{_label(pointer)}: {reason.removeprefix(_label(pointer)).strip()}" for pointer, reason in reasons.items()]
