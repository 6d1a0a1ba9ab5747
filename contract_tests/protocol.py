"""Exercises the rules of the exchange: malformed and odd bodies, other media types, methods and paths, repetition."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contract_tests import rules
from contract_tests.bodies import plain
from contract_tests.boundaries import TURNED_AWAY, accepted
from contract_tests.contract import Operation
from contract_tests.exchange import Exchange
from contract_tests.ledger import Ledger, Verdict, message
from contract_tests.relation import Session
from contract_tests.schemas import find
from contract_tests.target import encode

#: What is wrong, and the body that has it wrong.
MALFORMED = {
    "an object that ends early": b'{"',
    "no JSON at all": b"not json",
    "a member without a value": b'{"a": }',
    "single quotes": b"{'a': 1}",
    "a comma too many": b'{"a": 1,}',
    "something after the object": b"{}}",
    "bytes that are no UTF-8": b'{"a": "\xff\xfe"}',
}
#: What well-known parsers let pass by default; the page says nothing of it, so that only our assumption is broken.
LENIENT = frozenset(list(MALFORMED)[3:])
FOREIGN_MEDIA = ("text/plain", "application/xml", "application/x-www-form-urlencoded")
FOREIGN_METHODS = ("GET", "PUT", "PATCH", "DELETE")
#: Arrays in one another: a parser that calls itself for each leaves its stack.
DEPTH = 20_000
#: Half of a character beyond 16 bits.
HALF = "\ud83d"
#: How often the same request is sent.
REPETITIONS = 4


def run(session: Session, ledger: Ledger) -> Iterator[None]:
    """All rules of the exchange, one request at a time."""
    examples = session.operation.examples.items()
    for name, body in [pair for pair in examples if session.operation.objection(pair[1]) is None]:
        exchange = session.query(body)
        _record(
            ledger,
            rules.EXAMPLE,
            accepted(session.operation, exchange),
            exchange,
            case=f"example {name}",
            documented="200",
        )
        yield
    yield from _repeat(session, ledger)
    for case, raw in MALFORMED.items():
        exchange = session.query(raw)
        if case not in LENIENT:
            _record(ledger, rules.MALFORMED, not exchange.ok, exchange, case=case, documented="400, or another refusal")
        _record(ledger, rules.MALFORMED_400, exchange.status == 400, exchange, case=case, documented="400")
        yield
    if session.operation.objection({}) is None:
        exchange = session.query(None)
        _record(
            ledger, rules.ABSENT_BODY, accepted(session.operation, exchange), exchange, case="no body", documented="200"
        )
        yield
    for media in FOREIGN_MEDIA:
        exchange = session.target.query(plain(session.operation), media_type=media)
        _record(ledger, rules.FOREIGN_MEDIA, exchange.status == 400, exchange, case=media, documented="400")
        yield
    for body in odd_bodies(session.operation):
        session.query(body)  # what every answer owes is judged as it comes: no request makes the service fail
        yield
    yield from _elsewhere(session, ledger)


def odd_bodies(operation: Operation) -> Iterator[bytes | dict[str, Any]]:
    """Bodies of which the page does not say whether they are refused; that the service does not fail it says of all.

    Texts where a number is compared, in each list of filters; signs that SQL, C and UTF-16 stumble over; numbers that
    are none, and JSON as deep as a stack.
    """
    key, ints, page = operation.query.key, operation.query.int_filters, operation.pagination.page
    number = next((name for name, part in operation.item.items() if "integer" in part.get("type", ())), key)
    odd = (
        (number, "=", "no number"),
        (number, ">", ""),
        (key, "=", "a\0b"),
        (key, "like", HALF),
        ("o'clock", "=", "x"),
    )
    for field, operator, value in [each for each in odd if operation.takes(each[1])]:
        yield _filtered(operation, operation.query.string_filters, field, operator, value)
    for value in ("no number", "9" * 400) if ints else ():
        yield _filtered(operation, str(ints), number, "=", value)
    yield from (f'{{"{page}":{word}}}'.encode() for word in ("NaN", "1e400") if page)
    yield b'{"a":' + b"[" * DEPTH + b"]" * DEPTH + b"}"


def _filtered(operation: Operation, member: str, field: str, operator: str, value: str) -> dict[str, Any]:
    return {**plain(operation), member: [{"field": field, "operator": operator, "values": [value]}]}


def _elsewhere(session: Session, ledger: Ledger) -> Iterator[None]:
    """Other methods and an unknown path; never on a read-only target."""
    if session.target.read_only:
        for rule in (rules.FOREIGN_METHOD, rules.FOREIGN_PATH):
            ledger.record(rule.id, Verdict.SKIPPED, "The target is read-only: no other method or path is sent.")
        return
    for method in FOREIGN_METHODS:
        exchange = session.target.query(None, method=method)
        _record(ledger, rules.FOREIGN_METHOD, exchange.status == 404, exchange, case=method, documented="404")
        yield
    exchange = session.target.query(plain(session.operation), path=session.target.path + "-unknown")
    _record(ledger, rules.FOREIGN_PATH, exchange.status == 404, exchange, case="an unknown path", documented="404")
    yield


def _repeat(session: Session, ledger: Ledger) -> Iterator[None]:
    """The same bytes several times: an answer that changes and changes back does not come from moving data."""
    seen: list[str] = []
    exchanges: list[Exchange] = []
    body = encode(plain(session.operation))
    for _ in range(REPETITIONS):
        exchanges.append(session.query(body))
        seen.append(_gist(session, exchanges[-1]))
        yield
    if len(set(seen)) == 1:
        ledger.record(rules.REPEATED.id, Verdict.PASS, "", exchanges[:1])
    elif any(one in seen[:index] and one != seen[index - 1] for index, one in enumerate(seen)):
        text = message("; then ".join(seen), "one answer to one request")
        ledger.record(rules.REPEATED.id, Verdict.FAIL, text, exchanges)
    else:
        ledger.record(rules.REPEATED.id, Verdict.INCONCLUSIVE, "The data moved while it was read.", exchanges)


def _gist(session: Session, exchange: Exchange) -> str:
    """What may not change between two answers: status, number of tickets, total; not their order, which is open."""
    items = find(exchange.json(), session.operation.pagination.items)
    count = len(items) if isinstance(items, list) else 0
    return f"status {exchange.status}, {count} tickets of {session.total(exchange)}"


def _record(ledger: Ledger, rule: rules.Rule, ok: bool, exchange: Exchange, *, case: str, documented: str) -> None:
    verdict, text = (
        (Verdict.PASS, "") if ok else (Verdict.FAIL, message(f"status {exchange.status} to {case}", documented))
    )
    if exchange.error or exchange.status in TURNED_AWAY:
        verdict, text = Verdict.ERROR, f"No judgement: {exchange.error or exchange.status}."
    ledger.record(rule.id, verdict, text, [exchange], case=case)
