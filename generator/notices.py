"""What is in order and still worth knowing: where the contract is ahead of what mock and gate can follow.

A notice is no refusal. The page may have a new operator at any time, the contract follows the page, and the client
takes any operator; only a meaning cannot be read from a contract, and has to be taught to mock and gate in Python.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.document import Document, Pointer
from generator.messages import members, request_member, value_schema
from generator.places import operations
from generator.problems import Problem

FILTERS = frozenset(("in", "=", "!=", "like", "startwith", "endwith", ">", "<"))
SORTS = frozenset(("asc", "desc"))
"""The operators whose meaning mock and gate know; a test holds both to it."""


def notices(contract: Document) -> list[Problem]:
    """Operators of filters and sorts that mock and gate take for valid and give no meaning."""
    found = [
        told
        for operation in operations(contract)
        for role, known in (("string_filters", FILTERS), ("int_filters", FILTERS), ("sort", SORTS))
        if (name := operation.node.get("x-query", {}).get(role)) is not None
        and (member := request_member(contract, operation, name)) is not None
        for told in _unknown(contract, member, known)
    ]
    return list(dict.fromkeys(found))


def _unknown(contract: Document, member: Pointer, known: frozenset[str]) -> Iterator[Problem]:
    if "items" in contract.at(member):
        member = value_schema(contract, (*member, "items")) or member
    operator = members(contract, member).get("operator")
    for index, value in enumerate(contract.at(operator).get("enum", ()) if operator else ()):
        if value not in known:
            what = f"neither mock nor gate knows the operator {value}: one finds nothing by it, one does not judge it"
            expected = "teach it to mock_service/ and contract_tests/ before you rely on either"
            yield contract.problem((*(operator or ()), "enum", index), what, expected)
