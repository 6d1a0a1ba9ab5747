"""Which operations use which parts of a document, and a document without what no operation uses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.document import Document, Pointer, parsed
from generator.places import METHODS, Place, operations

REUSED = (
    *("schemas", "responses", "parameters", "requestBodies", "headers", "examples", "links", "callbacks", "pathItems"),
)


def references_in(node: Any) -> Iterator[Pointer]:
    """Where every local `$ref` below a node leads."""
    if isinstance(node, dict):
        reference = node.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/"):
            yield parsed(reference[1:])[:3]
        for value in node.values():
            yield from references_in(value)
    elif isinstance(node, list):
        for value in node:
            yield from references_in(value)


class Reach:
    """The components that each operation of a document reaches, however far."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._direct: dict[Pointer, set[Pointer]] = {}
        self.operations = list(operations(document))
        self.by_operation = {operation.pointer: self._reached(operation) for operation in self.operations}

    def _reached(self, operation: Place) -> set[Pointer]:
        shared = self._document.at(operation.pointer[:-1]).get("parameters", [])
        found: set[Pointer] = set()
        waiting = [*references_in(operation.node), *references_in(shared)]
        while waiting:
            pointer = waiting.pop()
            if pointer not in found:
                found.add(pointer)
                waiting += self._from(pointer)
        return found

    def _from(self, pointer: Pointer) -> set[Pointer]:
        if pointer not in self._direct:
            try:
                self._direct[pointer] = set(references_in(self._document.at(pointer)))
            except KeyError:  # preflight names a reference that leads nowhere
                self._direct[pointer] = set()
        return self._direct[pointer]

    def users(self, pointer: Pointer) -> list[Pointer]:
        """The operations that hold a place, or reach the component that holds it; none for the document itself."""
        if pointer[:1] == ("paths",):
            shared = len(pointer) < 3 or pointer[2] not in METHODS  # what a path has, all its operations have
            length = min(2 if shared else 3, len(pointer))
            return [found for found in self.by_operation if found[:length] == pointer[:length]]
        return [found for found, reached in self.by_operation.items() if pointer[:3] in reached]

    def unused(self) -> list[Pointer]:
        """The components that no operation reaches."""
        items = (self._document.data.get("paths") or {}).values()
        elsewhere = references_in([item for item in items if isinstance(item, dict) and "$ref" in item])
        used = set().union(*self.by_operation.values(), elsewhere)
        components = self._document.data.get("components", {})
        kinds = [kind for kind in REUSED if kind in components]
        named = [("components", kind, name) for kind in kinds for name in components[kind]]
        return [pointer for pointer in named if pointer not in used]


def prune(document: Document) -> list[Pointer]:
    """Take out of a document, in place, what no operation uses; returns what was taken out."""
    document.data.pop("webhooks", None)
    gone = Reach(document).unused()
    for _, kind, name in gone:
        del document.data["components"][kind][name]
    return gone
