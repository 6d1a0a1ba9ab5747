"""Every obligation, derived from the contract: keywords of the request and the answers, statuses, rules, relations.

Ids are stable: `COC-T1-per_page-max` is Table 1, row `per_page`, keyword `maximum`; `COC-S400-shape` a status;
`COC-X-…` a rule of the exchange; `COC-A-…` authentication; `COC-F-…` generated bodies; `COC-R-…` a relation. Those of
another operation than the contract's first name it: `COC-ListIncidentsHistories-R-condition`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from attrs import evolve

from contract_tests import rules
from contract_tests.bodies import slots
from contract_tests.contract import Contract, Level, Operation
from contract_tests.ledger import Kind, Obligation, Severity
from contract_tests.probes import probes
from contract_tests.relation import Relation
from contract_tests.schemas import flat

SHORT = {
    "minimum": "min",
    "maximum": "max",
    "minLength": "minlength",
    "maxLength": "maxlength",
    "minItems": "minitems",
    "maxItems": "maxitems",
    "x-timestamp": "unit",
}
#: Keywords that a value can break; `required` belongs to the member that may not be absent.
KEYWORDS = tuple(
    "type enum minimum maximum minLength maxLength minItems maxItems pattern x-timestamp required".split()  # noqa: SIM905
)
SAYS = {
    "type": "{name} is of type {value}.",
    "enum": "{name} is one of {value}.",
    "minimum": "{name} is at least {value}.",
    "maximum": "{name} is at most {value}.",
    "minLength": "{name} has at least {value} characters.",
    "maxLength": "{name} has at most {value} characters.",
    "minItems": "{name} has at least {value} items.",
    "maxItems": "{name} has at most {value} items.",
    "pattern": "{name}, as text, matches {value}.",
    "x-timestamp": "{name} counts milliseconds where it is a number, not seconds.",
    "required": "{name} is mandatory.",
}


Ids = dict[tuple[str, str], str]


def ids(contract: Contract, operation: Operation) -> Ids:
    """(JSON pointer, keyword) → id, for every keyword of the request and the answers, in the order of the contract.

    Where two schemas share a table and a row, the later one's ids name the schema: `COC-T3-SortFilterV2.operator-enum`.
    """
    answers = [flat(response.schema) for response in operation.responses.values() if response.schema]
    places = {slot.schema["x-pointer"]: slot for body in [operation.request, *answers] for slot in slots(body)}
    found: Ids = {}
    taken: set[str] = set()
    for pointer, slot in places.items():
        schema, member = _owner(pointer)
        source = contract.source(pointer)
        table = f"T{source.table}-" if source and source.table else ""
        items = "items-" if pointer.endswith("/items") else ""
        for keyword in (word for word in KEYWORDS if word in slot.schema or word == "required"):
            tail = f"{items}{SHORT.get(keyword, keyword)}"
            name = f"COC-{table}{member}-{tail}" if table else f"COC-{schema}.{member}-{tail}"
            found[pointer, keyword] = f"COC-{table}{schema}.{member}-{tail}" if name in taken else name
            taken.add(found[pointer, keyword])
    return found


def _owner(pointer: str) -> tuple[str, str]:
    """The schema and the member that a place belongs to."""
    parts = pointer.removesuffix("/items").split("/")
    if parts[1] != "components":
        return "request" if "requestBody" in parts else "answer", "body"
    return parts[3], parts[-1]


def obligations(contract: Contract, operation: Operation, relations: Sequence[Relation] = ()) -> list[Obligation]:
    """All of them, in the order of the contract: request, answers, statuses and rules, relations."""
    names = ids(contract, operation)
    found = {owed.id: owed for owed in _of_request(contract, operation, names)}
    for owed in _of_answers(contract, operation, names):
        found.setdefault(owed.id, owed)
    for rule in rules.of(operation):
        found[rule.id] = rule.obligation(contract, operation)
    found |= {owed.id: owed for owed in _of_path(contract, operation)}
    for relation in relations:
        if relation.applies(operation):
            found[relation.id] = relation.obligation(contract, operation)
    return [_of_operation(operation, owed) for owed in found.values()]


def _of_operation(operation: Operation, owed: Obligation) -> Obligation:
    """The obligation under the operation's own id; assumed where the page does not have the operation."""
    level = owed.level if operation.documented else Level.ASSUMED
    return evolve(owed, id=operation.full(owed.id), short=owed.id, level=level)


def _of_request(contract: Contract, operation: Operation, names: Ids) -> Iterator[Obligation]:
    needs: dict[tuple[str, str], set[str]] = {}
    for probe in probes(operation):
        needs.setdefault((probe.pointer, probe.keyword), set()).add(probe.name)
    schemas = {slot.schema["x-pointer"]: slot.schema for slot in slots(operation.request)}
    for pointer, keyword in names:
        if (pointer, keyword) in needs:
            wanted = tuple(sorted(needs[pointer, keyword]))
            owed = _keyword(contract, pointer, keyword, schemas[pointer].get(keyword))
            yield evolve(owed, id=names[pointer, keyword], needs=wanted)


def _of_answers(contract: Contract, operation: Operation, names: Ids) -> Iterator[Obligation]:
    for response in operation.responses.values():
        for slot in slots(flat(response.schema or {})):
            pointer = slot.schema.get("x-pointer", "")
            for keyword in KEYWORDS:
                present = slot.required if keyword == "required" else keyword in slot.schema
                if present and slot.path:
                    owed = _keyword(contract, pointer, keyword, slot.schema.get(keyword))
                    owed = evolve(owed, kind=Kind.ANSWER, severity=Severity.CRITICAL, needs=("seen",))
                    yield evolve(owed, id=names[pointer, keyword])


def _of_path(contract: Contract, operation: Operation) -> Iterator[Obligation]:
    """The greatest length of each parameter in the path; an unknown parent, where the contract assumes something."""
    for parameter in operation.parameters:
        pointer = parameter.schema["x-pointer"]
        if "maxLength" in parameter.schema:
            says = f"`{parameter.name}` in the path has at most {parameter.schema['maxLength']} characters."
            owed = _keyword(contract, pointer, "maxLength", parameter.schema["maxLength"])
            yield evolve(owed, id=rules.path_length(parameter.name), says=says, needs=("accepts", "rejects"))
        assumed = operation.assumptions.get(rules.UNKNOWN_PARENT)
        if parameter.link is not None and assumed is not None:
            yield Obligation(
                id=rules.unknown_parent(parameter.name),
                says=assumed.says,
                level=Level.ASSUMED,
                kind=Kind.STATUS,
                pointer=assumed.pointer,
                line=contract.line(assumed.pointer),
                source=contract.source(pointer),
                assumption=assumed.id,
            )


def _keyword(contract: Contract, pointer: str, keyword: str, value: Any) -> Obligation:
    member = _owner(pointer)[1]
    subject = f"Each item of `{member}`" if pointer.endswith("/items") else f"`{member}`"
    shown = value
    if isinstance(value, list):
        shown = (" or " if keyword == "type" else " ").join(value)
    return Obligation(
        id="",
        says=SAYS[keyword].format(name=subject, value=shown),
        level=contract.level(pointer, keyword),
        kind=Kind.REQUEST,
        pointer=pointer,
        keyword=keyword,
        line=contract.line(f"{pointer}/{keyword}"),
        source=contract.source(pointer),
    )
