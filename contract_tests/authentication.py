"""Exercises authentication, when the run has credentials: none, wrong, expired and tampered ones get no ticket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from attrs import evolve, frozen
from requests import PreparedRequest
from requests.auth import AuthBase

from contract_tests import rules
from contract_tests.bodies import example_of, plain
from contract_tests.credentials import AccessKey, Anonymous, Headers, Token
from contract_tests.exchange import Exchange
from contract_tests.ledger import Ledger, Verdict, message
from contract_tests.relation import Session
from contract_tests.schemas import find

#: Stands for every credential that is wrong; as long as a real one, and never valid.
WRONG = "0" * 40


#: Seconds beyond the clock window at which a signature is too old, and too new, whatever rounds.
BEYOND = 60
#: Characters of a signature that are kept; a comparison that stops there lets it in.
KEPT = 8
HEX = re.compile("[0-9A-Fa-f]+")


@frozen
class Tampered(AuthBase):
    """Signs one body and sends another."""

    key: AccessKey

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        sent = request.body
        request.body = b'{"a": 1}'
        self.key(request)
        request.body = sent
        return request


@frozen
class Cut(AuthBase):
    """Sends the beginning of the right signature."""

    key: AccessKey

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        self.key(request)
        signed, _, signature = str(request.headers["Authorization"]).rpartition("Signature=")
        request.headers["Authorization"] = f"{signed}Signature={signature[:KEPT]}"
        return request


def attempts(session: Session) -> Iterator[tuple[rules.Rule, AuthBase]]:
    """Every way to be somebody else, given who the run is; what needs no key of one's own is tried by everybody.

    With one's own access key there are three wrong signatures: a gateway locks a key after five in a row.
    """
    own = session.target.wire.credentials
    yield rules.NO_CREDENTIALS, Anonymous()
    headers = Headers.of(session.contract.document)
    if headers.token:
        yield rules.WRONG_TOKEN, Token(WRONG, headers)
        yield rules.WRONG_TOKEN, Token("", headers)
    if isinstance(own, Token):
        yield from ((rules.WRONG_TOKEN, evolve(own, token=near)) for near in _near(own.token))
    if headers.date:
        yield rules.WRONG_KEY, AccessKey(WRONG[:20], WRONG, headers)
    if isinstance(own, AccessKey):
        yield rules.WRONG_SECRET, evolve(own, secret=WRONG)
        yield rules.WRONG_SECRET, Cut(own)
        yield rules.TAMPERED, Tampered(own)
        earlier, later, long = _clocks(session)
        yield rules.EXPIRED, evolve(own, at=earlier - long)
        yield rules.EXPIRED, evolve(own, at=later + long)
        yield rules.UNSIGNED_DATE, evolve(own, unsigned=frozenset({str(headers.date).lower()}))


def _near(token: str) -> list[str]:
    """Half of a token, and the token in other letters' case, unless it is a number of hexadecimal digits."""
    near = [token[: len(token) // 2], *([] if HEX.fullmatch(token) else [token.swapcase()])]
    return [each for each in near if each != token]


def bodies(session: Session) -> list[dict[str, Any]]:
    """The plain query, one with a filter, and one for everything: each may take another way through a service."""
    operation, least = session.operation, plain(session.operation)
    filters, everything = operation.query.string_filters, operation.pagination.all
    found = [least, {**least, filters: [example_of(operation, (filters, 0))]}]
    return [*found, *([{**least, everything: True}] if everything else [])]


def run(session: Session, ledger: Ledger) -> Iterator[None]:
    """All attempts with a plain query, and those that anybody can make with others, too."""
    if isinstance(session.target.wire.credentials, Anonymous):
        return
    plainly, *others = bodies(session)
    tried = list(attempts(session))
    free = [(rule, auth) for rule, auth in tried if isinstance(auth, Anonymous) or getattr(auth, "token", "") == WRONG]
    for body, ways in ((plainly, tried), *((other, free) for other in others)):
        for rule, auth in ways:
            _judge(session, ledger, rule, session.target.query(body, auth=auth))
            yield


def _judge(session: Session, ledger: Ledger, rule: rules.Rule, exchange: Exchange) -> None:
    """No ticket comes with any answer, and the answer is 401."""
    shown = find(exchange.json(), session.operation.pagination.items)
    if exchange.error:
        ledger.record(rule.id, Verdict.ERROR, f"No judgement: {exchange.error}.", [exchange])
    elif exchange.ok or shown:
        tickets = f", with {len(shown)} tickets" if isinstance(shown, list) and shown else ""
        text = message(f"status {exchange.status}{tickets}", "401, and no ticket")
        ledger.record(rule.id, Verdict.FAIL, text, [exchange])
    else:
        ledger.record(rule.id, Verdict.PASS, "", [exchange])
        verdict = Verdict.PASS if exchange.status == 401 else Verdict.FAIL
        text = "" if verdict is Verdict.PASS else message(f"status {exchange.status}", "401")
        ledger.record(rules.UNAUTHORIZED_401.id, verdict, text, [exchange])


def _clocks(session: Session) -> tuple[datetime, datetime, timedelta]:
    """The earlier and the later of two clocks, the service's and one's own, and how long after them is too long.

    A service that tells no time is given the whole window once more.
    """
    own, window = datetime.now(UTC), timedelta(seconds=_window(session))
    try:
        told = parsedate_to_datetime(session.target.exchanges[-1].header("Date") or "")
    except (IndexError, TypeError, ValueError):
        return own, own, 2 * window
    told = told.replace(tzinfo=told.tzinfo or UTC)
    return min(own, told), max(own, told), window + timedelta(seconds=BEYOND)


def _window(session: Session) -> int:
    """How far a signature's date may be from the service's clock, in seconds, as the contract says."""
    schemes = session.contract.document.get("components", {}).get("securitySchemes", {}).values()
    signing = [scheme["x-request-signing"] for scheme in schemes if "x-request-signing" in scheme]
    return int(signing[0]["window_seconds"]) if signing else 900
