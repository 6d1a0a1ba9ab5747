"""Where the members of requests and answers stand: from an operation, or a JSON pointer, to their schemas."""

from __future__ import annotations

from generator.document import Document, Pointer, parsed
from generator.places import Place


def request_member(contract: Document, operation: Place, name: str) -> Pointer | None:
    """The schema of a member of the operation's JSON request; None when there is none."""
    return members(contract, request_schema(contract, operation)).get(name)


def answer_member(contract: Document, operation: Place, pointer: str) -> Pointer | None:
    """The schema of the place that a JSON pointer names in the answer 200; None when there is none."""
    found = media_schema(contract, (*operation.pointer, "responses", "200"))
    for step in parsed(pointer):
        found = members(contract, found).get(str(step))
        if found is None:
            return None
    return found


def item_schema(contract: Document, operation: Place) -> Pointer | None:
    """The schema of one item of a page, as x-pagination names it."""
    pointer = operation.node.get("x-pagination", {}).get("items")
    array = answer_member(contract, operation, pointer) if pointer else None
    return value_schema(contract, (*array, "items")) if array is not None and "items" in contract.at(array) else None


def request_schema(contract: Document, operation: Place) -> Pointer | None:
    """The schema of the operation's JSON request."""
    return media_schema(contract, (*operation.pointer, "requestBody"))


def media_schema(contract: Document, carrier: Pointer) -> Pointer | None:
    """The schema of the JSON that a request body or an answer carries."""
    try:
        pointer, node = contract.resolved(carrier)
        media_type = next(name for name in node["content"] if name.split(";")[0].endswith("json"))
    except (KeyError, StopIteration):
        return None
    return value_schema(contract, (*pointer, "content", media_type, "schema"))


def value_schema(contract: Document, pointer: Pointer) -> Pointer | None:
    """The schema itself: through `$ref`, and through `oneOf` or `anyOf` with null."""
    try:
        pointer, node = contract.resolved(pointer)
    except KeyError:
        return None
    if not isinstance(node, dict):  # a bare true or false has no members
        return None
    for keyword in ("oneOf", "anyOf"):
        branches = node.get(keyword, [])
        others = [index for index, branch in enumerate(branches) if branch != {"type": "null"}]
        if len(others) == 1:
            return value_schema(contract, (*pointer, keyword, others[0]))
    return pointer


def members(contract: Document, pointer: Pointer | None) -> dict[str, Pointer]:
    """The schemas of an object's members, those of its parts (`allOf`) included, by name."""
    if pointer is None:
        return {}
    node = contract.at(pointer)
    found: dict[str, Pointer] = {}
    for index in range(len(node.get("allOf") or [])):
        found |= members(contract, value_schema(contract, (*pointer, "allOf", index)))
    own = {name: value_schema(contract, (*pointer, "properties", name)) for name in node.get("properties") or {}}
    return found | {name: place for name, place in own.items() if place is not None}
