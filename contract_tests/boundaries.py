"""Exercises the probes: what the contract allows is accepted, what breaks exactly one bound is refused with 400."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from contract_tests import rules
from contract_tests.bodies import Edit, Slot, build, example_of, slots, with_condition
from contract_tests.contract import Level, Operation
from contract_tests.covering import covering
from contract_tests.exchange import Exchange
from contract_tests.ledger import Ledger, Verdict, message
from contract_tests.obligations import Ids, ids
from contract_tests.probes import Probe, bundles, probes
from contract_tests.relation import Session

#: Statuses that say nothing of the request's body: the caller, not the query, was turned away.
TURNED_AWAY = frozenset({401, 403, 408, 429})


def accepted(operation: Operation, exchange: Exchange) -> bool:
    """Whether the service took the request: 2xx, and no envelope that says failure."""
    body = exchange.json()
    envelope = body if isinstance(body, dict) else {}
    told = all(envelope.get(name, values[0]) in values for name, values in operation.success_values.items())
    return exchange.ok and told


def refused(exchange: Exchange) -> bool:
    """Whether the service turned the request down, with 400 or another 4xx."""
    return 400 <= exchange.status < 500 and exchange.status not in TURNED_AWAY


def run(session: Session, ledger: Ledger) -> Iterator[None]:
    """All probes, the most telling first; gives back control after each request."""
    names = ids(session.contract, session.operation)
    derived = probes(session.operation)
    for group in bundles(derived):
        yield from _accept(session, ledger, names, group)
    refusing = [probe for probe in derived if not probe.accepts]
    for probe in [probe for probe in refusing if probe.variant == 0]:
        _refuse(session, ledger, names[probe.pointer, probe.keyword], probe)
        yield
    for case, edits in companies(session.operation, session.random):
        _company(session, ledger, case, edits)
        yield
    for probe in [probe for probe in refusing if probe.variant > 0]:
        _refuse(session, ledger, names[probe.pointer, probe.keyword], probe)
        yield


def _accept(session: Session, ledger: Ledger, names: Ids, group: Sequence[Probe]) -> Iterator[None]:
    """One request for the whole group; each probe on its own when that one is not accepted."""
    exchange = session.query(build(session.operation, [edit for probe in group for edit in probe.edits]))
    if accepted(session.operation, exchange):
        for probe in group:
            ledger.record(
                names[probe.pointer, probe.keyword], Verdict.PASS, "", [exchange], case=probe.case, probe=probe.name
            )
        ledger.record(rules.ACCEPTED.id, Verdict.PASS, "", [exchange])
        yield
        return
    yield
    broken = False
    for probe in group if len(group) > 1 else ():
        alone = session.query(probe.body(session.operation))
        broken |= _judge_accepted(session, ledger, names[probe.pointer, probe.keyword], probe, alone)
        yield
    if len(group) == 1:
        _judge_accepted(session, ledger, names[group[0].pointer, group[0].keyword], group[0], exchange)
    elif not broken:
        text = message(_status(exchange), "200: each of these members is accepted alone")
        ledger.record(rules.TOGETHER.id, Verdict.FAIL, text, [exchange], case=", ".join(probe.case for probe in group))


def _judge_accepted(session: Session, ledger: Ledger, obligation: str, probe: Probe, exchange: Exchange) -> bool:
    """Record whether a valid value was accepted; True when it was not."""
    if accepted(session.operation, exchange):
        ledger.record(obligation, Verdict.PASS, "", [exchange], case=probe.case, probe=probe.name)
        return False
    if exchange.status in TURNED_AWAY or exchange.error:
        ledger.record(obligation, Verdict.ERROR, f"No judgement: {_status(exchange)}.", [exchange], case=probe.case)
        return True
    if probe.beside and refused(exchange) and refused(session.query(build(session.operation, probe.beside))):
        why = f"{_status(exchange)} to {probe.case}, and to one less: it may be refused for another reason."
        ledger.record(obligation, Verdict.INCONCLUSIVE, why, session.target.exchanges[-2:], case=probe.case)
        return True
    documented = f"status 200 to {probe.case}: {ledger.results[obligation].obligation.says}"
    text = message(f"{_status(exchange)} to {probe.case}", documented)
    ledger.record(obligation, Verdict.FAIL, text, [exchange], case=probe.case, probe=probe.name)
    return True


def _refuse(session: Session, ledger: Ledger, obligation: str, probe: Probe) -> None:
    """Send one body that breaks exactly one bound and record whether it was refused."""
    exchange = session.query(probe.body(session.operation))
    owed = ledger.results[obligation].obligation
    documented = f"status 400 to {probe.case}: {owed.says}"
    if refused(exchange):
        ledger.record(obligation, Verdict.PASS, "", [exchange], case=probe.case, probe=probe.name)
        if owed.level is Level.DOCUMENTED or not session.operation.documented:
            ok = Verdict.PASS if exchange.status == 400 else Verdict.FAIL
            text = "" if exchange.status == 400 else message(f"{_status(exchange)} to {probe.case}", documented)
            ledger.record(rules.REFUSED.id, ok, text, [exchange])
    elif exchange.ok:
        text = message(f"{_status(exchange)} to {probe.case}", documented)
        ledger.record(obligation, Verdict.FAIL, text, [exchange], case=probe.case, probe=probe.name)
    else:
        ledger.record(obligation, Verdict.ERROR, f"No judgement: {_status(exchange)}.", [exchange], case=probe.case)


def companies(operation: Operation, random: Random) -> Iterator[tuple[str, list[Edit]]]:
    """Optional members in few groups, in which each two are once both present, both absent, and only one of them.

    The members of the body, and those of the first object in it that has optional members beside required ones.
    """
    top = [slot for slot in slots(operation.request) if len(slot.path) == 1 and not slot.required]
    parent = next((slot.path[:-1] for slot in slots(operation.request) if slot.required), ())
    below = [slot for slot in slots(operation.request) if slot.path[:-1] == parent and not slot.required and parent]
    for members in (top, below):
        for row in covering(len(members), random):
            chosen = [slot for slot, present in zip(members, row, strict=True) if present]
            yield ", ".join(slot.name for slot in chosen), [edit for slot in chosen for edit in _valid(operation, slot)]


def _valid(operation: Operation, slot: Slot) -> list[Edit]:
    if slot.path == (operation.query.condition,):
        return with_condition(operation, "f")
    return [Edit(slot.path, example_of(operation, slot.path))]


def _company(session: Session, ledger: Ledger, case: str, edits: Sequence[Edit]) -> None:
    exchange = session.query(build(session.operation, edits))
    if accepted(session.operation, exchange):
        ledger.record(rules.TOGETHER.id, Verdict.PASS, "", [exchange], case=case)
    elif refused(exchange) or exchange.ok:
        text = message(f"{_status(exchange)} to {case}", f"status 200 to {case}: none is mandatory")
        ledger.record(rules.TOGETHER.id, Verdict.FAIL, text, [exchange], case=case)
    else:
        ledger.record(rules.TOGETHER.id, Verdict.ERROR, f"No judgement: {_status(exchange)}.", [exchange], case=case)


def _status(exchange: Exchange) -> str:
    """`status 200`, with the envelope's own words when it has any."""
    if exchange.error:
        return f"no whole answer ({exchange.error})"
    body = exchange.json()
    said = [str(body[name]) for name in ("error_code", "error_msg") if body.get(name)] if isinstance(body, dict) else []
    return " ".join([f"status {exchange.status}", *said])
