"""Exercises the parameters in an operation's path: their bounds, and what an unknown parent is answered."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from contract_tests import rules
from contract_tests.bodies import plain
from contract_tests.boundaries import accepted, refused
from contract_tests.contract import Parameter
from contract_tests.ledger import Ledger, Verdict, message
from contract_tests.relation import Session
from contract_tests.schemas import find

#: A value that no parent has.
UNKNOWN = "x"


def run(session: Session, ledger: Ledger) -> Iterator[None]:
    """A value of the greatest length, one beyond it, and one that nobody has; never on a read-only target."""
    for parameter in session.operation.parameters:
        bound, unknown = rules.path_length(parameter.name), rules.unknown_parent(parameter.name)
        if session.target.read_only:
            for id in {bound, unknown} & ledger.results.keys():
                ledger.record(id, Verdict.SKIPPED, "The target is read-only: no other path is sent.")
            continue
        if bound in ledger.results:
            yield from _bounds(session, ledger, parameter, int(parameter.schema["maxLength"]))
        if unknown in ledger.results:
            exchange = session.target.query(plain(session.operation), path=_path(session, parameter, UNKNOWN))
            items = find(exchange.json(), session.operation.pagination.items)
            ok = accepted(session.operation, exchange) and not items
            text = "" if ok else message(f"status {exchange.status}, {len(items or ())} items", "200, and no items")
            ledger.record(unknown, Verdict.PASS if ok else Verdict.FAIL, text, [exchange])
            yield


def _bounds(session: Session, ledger: Ledger, parameter: Parameter, most: int) -> Iterator[None]:
    for length, probe in ((most, "accepts"), (most + 1, "rejects")):
        exchange = session.target.query(plain(session.operation), path=_path(session, parameter, UNKNOWN * length))
        # A value within the bound that nobody has may be unknown, which is no refusal of its length.
        taken = accepted(session.operation, exchange) or exchange.status == 404
        ok = refused(exchange) if probe == "rejects" else taken
        wanted = "400" if probe == "rejects" else "200"
        text = "" if ok else message(f"status {exchange.status} to {length} characters", wanted)
        verdict = Verdict.PASS if ok else Verdict.FAIL
        ledger.record(
            rules.path_length(parameter.name), verdict, text, [exchange], case=f"{length} characters", probe=probe
        )
        yield


def _path(session: Session, parameter: Parameter, value: str) -> str:
    """The operation's path with another value of one parameter."""
    return evolve(session.target, parameters={**session.target.parameters, parameter.name: value}).path
