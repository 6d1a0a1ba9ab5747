"""Exercises authentication, when the run has credentials: none, wrong, expired and tampered ones get no ticket."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from attrs import evolve
from requests import PreparedRequest
from requests.auth import AuthBase

from contract_tests import rules
from contract_tests.bodies import plain
from contract_tests.credentials import AccessKey, Anonymous, Headers, Token
from contract_tests.ledger import Ledger, Verdict, message
from contract_tests.relation import Session

#: Stands for every credential that is wrong; as long as a real one, and never valid.
WRONG = "0" * 40


class Tampered(AuthBase):
    """Signs one body and sends another."""

    def __init__(self, key: AccessKey) -> None:
        self.key = key

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        sent = request.body
        request.body = b'{"a": 1}'
        self.key(request)
        request.body = sent
        return request


def attempts(session: Session) -> Iterator[tuple[rules.Rule, AuthBase]]:
    """Every way to be somebody else, given who the run is; what needs no key of one's own is tried by everybody."""
    own = session.target.wire.credentials
    yield rules.NO_CREDENTIALS, Anonymous()
    headers = Headers.of(session.contract.document)
    if headers.token:
        yield rules.WRONG_TOKEN, Token(WRONG, headers)
    if headers.date:
        yield rules.WRONG_KEY, AccessKey(WRONG[:20], WRONG, headers)
    if isinstance(own, AccessKey):
        window = timedelta(seconds=_window(session))
        yield rules.WRONG_SECRET, evolve(own, secret=WRONG)
        yield rules.TAMPERED, Tampered(own)
        yield rules.EXPIRED, evolve(own, at=datetime.now(UTC) - 2 * window)
        yield rules.EXPIRED, evolve(own, at=datetime.now(UTC) + 2 * window)


def run(session: Session, ledger: Ledger) -> Iterator[None]:
    """All attempts, then a request with the right credentials to see that they still work."""
    if isinstance(session.target.wire.credentials, Anonymous):
        return
    for rule, credentials in attempts(session):
        exchange = session.target.query(plain(session.operation), auth=credentials)
        if exchange.error:
            ledger.record(rule.id, Verdict.ERROR, f"No judgement: {exchange.error}.", [exchange])
        elif exchange.ok:
            ledger.record(rule.id, Verdict.FAIL, message(f"status {exchange.status}", "401, and no ticket"), [exchange])
        else:
            ledger.record(rule.id, Verdict.PASS, "", [exchange])
            verdict = Verdict.PASS if exchange.status == 401 else Verdict.FAIL
            text = "" if verdict is Verdict.PASS else message(f"status {exchange.status}", "401")
            ledger.record(rules.UNAUTHORIZED_401.id, verdict, text, [exchange])
        yield


def _window(session: Session) -> int:
    """How far a signature's date may be from the service's clock, in seconds, as the contract says."""
    schemes = session.contract.document.get("components", {}).get("securitySchemes", {}).values()
    signing = [scheme["x-request-signing"] for scheme in schemes if "x-request-signing" in scheme]
    return int(signing[0]["window_seconds"]) if signing else 900
