"""Links between operations: that they lead to an operation, with its parameters, by places that an answer has."""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import Document, Pointer, parsed
from generator.messages import media_schema, members, value_schema
from generator.places import Place, operations, places
from generator.problems import Problem
from generator.vocabulary import nearest

_BODY = "$response.body#"


def link_problems(contract: Document) -> Iterator[Problem]:
    """Names and pointers of links that lead nowhere, at which mock and gate would not find what they follow."""
    by_id = {str(place.node.get("operationId")): place for place in operations(contract)}
    for place in places(contract):
        if place.kind == "link" and "operationId" in place.node:
            target = by_id.get(place.node["operationId"])
            if target is None:
                what = f"the link {place.name} leads to {place.node['operationId']}, and there is no such operation"
                yield contract.problem((*place.pointer, "operationId"), what, nearest(place.node["operationId"], by_id))
            else:
                yield from _parameter_problems(contract, place, target)


def _parameter_problems(contract: Document, link: Place, target: Place) -> Iterator[Problem]:
    known = list(_parameters(contract, target))
    for name, expression in link.node.get("parameters", {}).items():
        here = (*link.pointer, "parameters", name)
        if name.rpartition(".")[2] not in known:
            what = f"the link {link.name} gives {name}, and {target.node['operationId']} has no such parameter"
            yield contract.problem(here, what, nearest(name, known))
        pointer = str(expression).removeprefix(_BODY)
        if pointer != expression and not _is_there(contract, link.pointer[:-2], parsed(pointer)):
            what = f"the link {link.name} finds {name} at {pointer}, and the answer's schema has no such place"
            yield contract.problem(here, what, "write a JSON pointer through its properties, with 0 for each item")


def _parameters(contract: Document, operation: Place) -> Iterator[str]:
    for owner in (operation.pointer, operation.pointer[:-1]):
        for index in range(len(contract.at(owner).get("parameters", []))):
            yield contract.resolved((*owner, "parameters", index))[1]["name"]


def _is_there(contract: Document, response: Pointer, steps: Pointer) -> bool:
    """Whether an answer has a place, by its schema."""
    found = media_schema(contract, response)
    for step in steps:
        if found is None:
            return False
        of_items = "items" in contract.at(found) and str(step).isdecimal()
        found = value_schema(contract, (*found, "items")) if of_items else members(contract, found).get(str(step))
    return found is not None
