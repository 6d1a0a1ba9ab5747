"""A whole run: order, budgets, repeatability, and how it ends."""

import json
import re
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest

from contract_tests import authentication, fuzzing, protocol, rules
from contract_tests.answers import Answers
from contract_tests.contract import Contract, Level, Operation
from contract_tests.credentials import AccessKey, Headers, Token
from contract_tests.ledger import FirstBreach, Kind, Ledger, Verdict
from contract_tests.obligations import obligations
from contract_tests.relation import Session, breach, holds, relation, vacuous
from contract_tests.relation import run as run_relations
from contract_tests.run import Settings, judge
from contract_tests.target import Budget, Target, Wire

from .conftest import JSON, REFUSAL, Answer, Direct, empty_service, envelope

Serve = Callable[[Answer], str]
HEADERS = Headers.of(Contract.load().document)
UNAUTHORIZED = b'{"error_code": "APIGW.0301", "error_msg": "Incorrect IAM authentication information"}'


def verdicts(ledger: Ledger) -> dict[str, Verdict]:
    """Verdict by id."""
    return {result.obligation.id: result.verdict for result in ledger}


def failed(ledger: Ledger) -> list[str]:
    """The ids that failed."""
    return [name for name, verdict in verdicts(ledger).items() if verdict is Verdict.FAIL]


@pytest.fixture
def session(contract: Contract, operation: Operation) -> Callable[[Answer], tuple[Session, Ledger]]:
    """A session on a function, with its ledger."""

    def start(answer: Answer) -> tuple[Session, Ledger]:
        ledger = Ledger.of(obligations(contract, operation))
        return Session(contract, operation, Direct(operation, answer), Random(1)), ledger

    return start


def test_the_mock_conforms_within_its_budget(mock_url: str, contract: Contract, operation: Operation) -> None:
    """The default run on the project's mock: no breach, every probe of the request judged, 600 requests at most."""
    target = Target(mock_url, operation, Wire(Budget(requests=600)))
    run = judge(contract, operation, target, Settings(seed=11))
    assert (run.exit_code, run.stopped, failed(run.ledger)) == (0, "", [])
    request = [one for one in run.ledger if one.obligation.kind is Kind.REQUEST and one.obligation.needs]
    assert [one.obligation.id for one in request if one.verdict is not Verdict.PASS] == []
    assert target.wire.sent <= 600


def test_same_seed_same_requests(mock_url: str, contract: Contract, operation: Operation) -> None:
    """Two runs with one seed send the same bytes in the same order; another seed sends others."""

    def sent(seed: int) -> list[bytes]:
        target = Target(mock_url, operation, Wire(Budget(requests=30)))
        judge(contract, operation, target, Settings(seed=seed))
        return [exchange.request_body for exchange in target.exchanges]

    first = sent(5)
    assert sent(5) == first
    assert sent(6) != first
    assert len(first) == 30


def test_a_spent_budget_leaves_the_rest_skipped(mock_url: str, contract: Contract, operation: Operation) -> None:
    """What was not exercised is skipped with the reason, and the run is still a judgement."""
    run = judge(contract, operation, Target(mock_url, operation, Wire(Budget(requests=30))), Settings())
    assert (run.exit_code, run.stopped) == (0, "The budget of 30 requests is spent.")
    result = run.ledger.results["COC-T1-page-max"]
    assert (result.verdict, result.message) == (Verdict.SKIPPED, run.stopped)


@pytest.mark.parametrize(
    ("status", "complaint"),
    [
        (401, "answers 401 to no credentials"),
        (403, "answers 403"),
        (404, "Is the base URL right?"),
        (405, "answers 405 to POST: the operation is not there"),
        (429, "answers 429 however long the gate waits"),
    ],
)
def test_a_target_that_is_not_open(contract: Contract, operation: Operation, status: int, complaint: str) -> None:
    """A target that turns the caller away, or is not the service, cannot be judged."""
    run = judge(contract, operation, Direct(operation, lambda *_: (status, JSON, UNAUTHORIZED)), Settings())
    assert run.exit_code == 2
    assert complaint in run.stopped


@pytest.mark.parametrize(
    ("answer", "complaint"),
    [
        ((200, {"Content-Type": "text/html"}, b"<html>Welcome</html>"), "answers 200 with text/html instead of JSON"),
        ((302, {"Location": "https://login.example"}, b""), "302 and sends the caller to https://login.example"),
    ],
)
def test_another_service_answers(contract: Contract, operation: Operation, answer: Any, complaint: str) -> None:
    """A web site behind the base URL is told as such after one request; it is not judged by 77 breaches."""
    target = Direct(operation, lambda *_: answer)
    run = judge(contract, operation, target, Settings())
    assert (2, 1) == (run.exit_code, target.wire.sent)
    assert complaint in run.stopped


def test_a_port_that_speaks_no_http(contract: Contract, operation: Operation) -> None:
    """A mail server at the port is told in one line, with what it said, control characters escaped."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet() -> None:
            for _ in range(2):  # the gate asks twice for an answer that breaks off
                connection, _address = server.accept()
                with connection:
                    connection.sendall(b"220 mail.example ESMTP\r\n")
                    connection.recv(65536)

        greeting = threading.Thread(target=greet, daemon=True)
        greeting.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        run = judge(contract, operation, Target(url, operation, Wire(Budget(), timeout=5)), Settings())
        greeting.join(5)
    assert 2 == run.exit_code
    assert "gives no HTTP: '220 mail.example ESMTP" in run.stopped


def test_a_port_that_answers_nothing(contract: Contract, operation: Operation) -> None:
    """A server that hangs up on every request cannot be judged; it may be a port of TLS."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def hang_up() -> None:
            for _ in range(2):
                connection, _address = server.accept()
                with connection:
                    connection.recv(65536)

        silence = threading.Thread(target=hang_up, daemon=True)
        silence.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        run = judge(contract, operation, Target(url, operation, Wire(Budget(), timeout=5)), Settings(fail_fast=True))
        silence.join(5)
    assert (2, 2) == (run.exit_code, run.target.wire.sent)
    assert "gives no answer: Remote end closed connection without response" in run.stopped


def test_nothing_seen_is_nothing_judged(serve: Serve, contract: Contract, operation: Operation) -> None:
    """A budget that ends before the first answer is accepted leaves no judgement: exit 2, not 0."""
    url = serve(lambda *_: (429, {**JSON, "Retry-After": "0"}, UNAUTHORIZED))
    run = judge(contract, operation, Target(url, operation, Wire(Budget(requests=2))), Settings())
    assert (2, "The budget of 2 requests is spent. No query was answered with 2xx.") == (run.exit_code, run.stopped)


def test_one_answer_is_no_judgement(mock_url: str, contract: Contract, operation: Operation) -> None:
    """A run that ends before the first query is judged has nothing to say: exit 2."""
    run = judge(contract, operation, Target(mock_url, operation, Wire(Budget(requests=1))), Settings())
    assert (2, "The budget of 1 requests is spent. Not one query was judged.") == (run.exit_code, run.stopped)


def test_a_gateway_that_turns_most_away_leaves_no_judgement(contract: Contract, operation: Operation) -> None:
    """Exit 0 would be said of a service that hardly answered."""
    valid, seen = empty_service(operation), []

    def answer(*request: Any) -> tuple[int, dict[str, str], bytes]:
        seen.append(request)
        return valid(*request) if len(seen) < 20 else (429, JSON, UNAUTHORIZED)

    run = judge(contract, operation, Direct(operation, answer), Settings(generated=0))
    assert run.exit_code == 2
    assert re.search(r"\d+ obligations got no judgement, and only \d+ passed\.", run.stopped)


def test_fail_fast_stops_at_the_first_breach(contract: Contract, operation: Operation) -> None:
    """One breach is recorded, and nothing is sent after it."""
    target = Direct(operation, lambda *_: (500, JSON, UNAUTHORIZED))
    run = judge(contract, operation, target, Settings(fail_fast=True))
    assert (run.exit_code, failed(run.ledger), target.wire.sent) == (1, [rules.NEVER_FAILS.id], 1)


def test_a_target_that_dies_midway(serve: Serve, contract: Contract, operation: Operation) -> None:
    """The results so far stay, and the run says that it could not judge."""
    target = Target(serve(empty_service(operation)), operation, Wire(Budget(requests=400), timeout=2))

    def progress(stage: str, run: Any) -> None:
        if run.target.wire.sent > 40:
            run.target.base_url = "http://127.0.0.1:9"

    run = judge(contract, operation, target, Settings(), progress)
    assert (run.exit_code, run.judged) == (2, False)
    assert "Nothing answers at" in run.stopped
    assert Verdict.PASS in verdicts(run.ledger).values()


def test_an_interrupt_keeps_the_results(contract: Contract, operation: Operation) -> None:
    """Ctrl-C ends the run with what it has."""

    def progress(stage: str, run: Any) -> None:
        if run.target.wire.sent > 10:
            raise KeyboardInterrupt

    run = judge(contract, operation, Direct(operation, empty_service(operation)), Settings(), progress)
    assert (run.exit_code, run.stopped) == (2, "Interrupted.")
    assert Verdict.PASS in verdicts(run.ledger).values()


def test_answers_that_break_off_fail(serve: Serve, contract: Contract, operation: Operation) -> None:
    """A service whose answers end early again and again does not conform, and is soon left alone."""
    valid, seen = empty_service(operation), []

    def answer(*request: Any) -> tuple[int, dict[str, str], bytes]:
        seen.append(request)
        status, headers, body = valid(*request)
        return (status, headers, body) if len(seen) < 20 else (200, {**JSON, "Content-Length": "999"}, body)

    run = judge(contract, operation, Target(serve(answer), operation, Wire(Budget(), timeout=2)), Settings())
    assert rules.ANSWERED.id in failed(run.ledger)
    assert (run.exit_code, len(seen) < 30) == (1, True)


@pytest.mark.parametrize(
    "stumble", [b"no number", b"999999999", b"\\u0000", b"\\ud83d", b"o'clock", b'[""]', b"NaN", b"1e400", b"[[[["]
)
def test_an_odd_body_breaks_no_service(contract: Contract, operation: Operation, stumble: bytes) -> None:
    """What of such bodies the page leaves open; 500 it does not."""
    valid = empty_service(operation)
    ledger = Ledger.of(obligations(contract, operation))
    target = Direct(operation, lambda *words: (500, JSON, b"{}") if stumble in words[3] else valid(*words))
    target.watch = Answers(contract, operation, ledger).check
    for body in protocol.odd_bodies(operation):
        target.query(body)
    assert rules.NEVER_FAILS.id in failed(ledger)


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (lambda request: request[3][:1] != b"{" or request[3] == b"{}}", {rules.MALFORMED.id}),
        (lambda request: b"approver" in request[3], {rules.EXAMPLE.id}),
    ],
    ids=["malformed bodies accepted", "the page's example refused"],
)
def test_protocol(
    operation: Operation,
    session: Callable[[Answer], tuple[Session, Ledger]],
    wrong: Callable[[Any], bool],
    expected: set[str],
) -> None:
    """A right service passes the rules of the exchange; each wrong one fails at its rule."""
    valid = empty_service(operation)
    good, clean = session(valid)
    list(protocol.run(good, clean))
    assert failed(clean) == []

    def answer(*request: Any) -> tuple[int, dict[str, str], bytes]:
        status, headers, body = valid(*request)
        turned = (200, JSON, envelope(total=0)) if status == 400 else (400, JSON, REFUSAL)
        return turned if request[3] and wrong(request) else (status, headers, body)

    bad, ledger = session(answer)
    list(protocol.run(bad, ledger))
    documented = {name for name in failed(ledger) if ledger.results[name].obligation.level is Level.DOCUMENTED}
    assert documented == expected


def test_an_answer_that_flips_is_a_fault_and_one_that_moves_is_not(
    session: Callable[[Answer], tuple[Session, Ledger]],
) -> None:
    """Data that grows is no breach; an answer that changes and changes back is one."""
    for totals, expected in (
        ([1, 2, 1, 2], Verdict.FAIL),
        ([1, 2, 3, 4], Verdict.INCONCLUSIVE),
        ([1] * 4, Verdict.PASS),
    ):
        left = iter([0, *totals, *[0] * 99])
        started, ledger = session(lambda *_, left=left: (200, JSON, envelope(total=next(left))))
        list(protocol.run(started, ledger))
        assert verdicts(ledger)[rules.REPEATED.id] is expected


def test_a_read_only_target_is_not_probed_elsewhere(
    operation: Operation, session: Callable[[Answer], tuple[Session, Ledger]]
) -> None:
    """No other method or path is sent, and the rules say why they are skipped."""
    started, ledger = session(empty_service(operation))
    started.target.read_only = True
    list(protocol.run(started, ledger))
    assert {(one.method, one.url) for one in started.target.exchanges} == {("POST", "http://direct/v2/incidents/list")}
    assert verdicts(ledger)[rules.FOREIGN_METHOD.id] is Verdict.SKIPPED
    assert "read-only" in ledger.results[rules.FOREIGN_METHOD.id].message


@pytest.mark.parametrize(
    ("credentials", "rule_ids"),
    [
        (Token("right", HEADERS), {"COC-A-none", "COC-A-wrong-token", "COC-A-wrong-key"}),
        (
            AccessKey("A" * 20, "right", HEADERS),
            {"COC-A-none", "COC-A-wrong-token", "COC-A-wrong-key", "COC-A-wrong-secret", "COC-A-tampered"}
            | {"COC-A-expired", "COC-A-unsigned-date"},
        ),
    ],
    ids=["token", "key"],
)
def test_authentication(
    serve: Serve, contract: Contract, operation: Operation, credentials: Any, rule_ids: set[str]
) -> None:
    """With credentials every way to be somebody else is tried; a service that lets all of them in fails each rule."""
    for status, expected in ((401, Verdict.PASS), (200, Verdict.FAIL)):
        url = serve(lambda *_, status=status: (status, JSON, UNAUTHORIZED if status == 401 else envelope()))
        target = Target(url, operation, Wire(Budget(), credentials))
        ledger = Ledger.of(obligations(contract, operation))
        list(authentication.run(Session(contract, operation, target, Random(1)), ledger))
        assert {name for name in rule_ids if verdicts(ledger)[name] is expected} == rule_ids


TOKEN = "aRightToken-0123456789"
HOLDER, OWNER = Token(TOKEN, HEADERS), AccessKey("A" * 20, "right", HEADERS)


@pytest.mark.parametrize(
    ("lets_in", "caller", "rule"),
    [
        (
            lambda sent, _: bool(sent.get("X-Auth-Token")) and TOKEN.startswith(sent["X-Auth-Token"]),
            HOLDER,
            "wrong-token",
        ),
        (lambda sent, _: sent.get("X-Auth-Token") == "", HOLDER, "wrong-token"),
        (lambda sent, _: sent.get("X-Auth-Token", "").lower() == TOKEN.lower(), HOLDER, "wrong-token"),
        (lambda _, body: b"filters" in body, HOLDER, "none"),
        (lambda _, body: b"contain_all" in body, HOLDER, "none"),
        (lambda sent, _: re.search("Signature=[0-9a-f]{8}$", sent.get("Authorization", "")), OWNER, "wrong-secret"),
        (lambda sent, _: "x-sdk-date" not in sent.get("Authorization", "x-sdk-date"), OWNER, "unsigned-date"),
    ],
    ids=["half a token", "no token", "any case", "with a filter", "everything", "half a signature", "unsigned date"],
)
def test_a_door_that_is_ajar(serve: Serve, operation: Operation, lets_in: Any, caller: Any, rule: str) -> None:
    """Whoever has nearly the right credentials, or asks otherwise than plainly, is tried, too."""

    def answer(_method: str, _path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return (200, JSON, envelope(total=0)) if lets_in(headers, body) else (401, JSON, UNAUTHORIZED)

    assert f"COC-A-{rule}" in failed(tried(serve(answer), operation, caller))


def tried(url: str, operation: Operation, caller: Any) -> Ledger:
    """The rules of authentication, after one query, on a service."""
    contract = Contract.load()
    ledger = Ledger.of(obligations(contract, operation))
    target = Target(url, operation, Wire(Budget(), caller))
    target.query({})
    list(authentication.run(Session(contract, operation, target, Random(1)), ledger))
    return ledger


def test_a_window_that_is_too_wide(serve: Serve, operation: Operation) -> None:
    """A minute beyond the window is beyond it."""

    def answer(_method: str, _path: str, headers: dict[str, str], _body: bytes) -> tuple[int, dict[str, str], bytes]:
        sent = datetime.strptime(headers.get("X-Sdk-Date", "20250101T000000Z"), "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
        off = abs((datetime.now(UTC) - sent).total_seconds())
        return (200, JSON, envelope(total=0)) if off < 970 else (401, JSON, UNAUTHORIZED)

    assert "COC-A-expired" in failed(tried(serve(answer), operation, OWNER))


def test_a_refusal_carries_no_ticket(serve: Serve, operation: Operation) -> None:
    """401 with the tickets in it is no refusal."""
    body = json.dumps({"error_code": "x", "error_msg": "y", "data": {"tickets": [{"ticket_id": "IM1"}]}}).encode()
    ledger = tried(serve(lambda *_: (401, JSON, body)), operation, HOLDER)
    assert "Received:   status 401, with 1 tickets" in ledger.results["COC-A-none"].message


def test_generated_bodies_mean_something(contract: Contract, operation: Operation) -> None:
    """A valid case names properties that exist and a condition that parses; the same seed makes the same cases."""
    cases = fuzzing.chosen(contract, operation, 3, 40)
    assert [case.body for case in fuzzing.chosen(contract, operation, 3, 40)] == [case.body for case in cases]
    known = {*operation.item, *operation.query.also_filterable}
    for body in (json.loads(case.body) for case in cases if case.valid):
        filters = body.get("string_filters") or []
        assert {one["field"] for one in filters} <= known
        assert set(body.get("fields") or []) <= known
        if "condition" in body:
            assert set(body["condition"].split(" & ")) == {one["name"] for one in filters}
    assert {case.valid for case in cases} == {True, False}


def test_a_generated_page_is_not_past_the_end(operation: Operation) -> None:
    """A service may refuse such a page, so that the valid body means something else there."""
    assert fuzzing.adapted(operation, {"page": 1_000_000, "per_page": 7.0}) == {"page": 1, "per_page": 7}


def test_generated_bodies_are_judged(operation: Operation, session: Callable[[Answer], tuple[Session, Ledger]]) -> None:
    """A right service passes; one that accepts everything, or refuses everything, fails at its rule."""
    for answer, expected in (
        (empty_service(operation), []),
        (lambda *_: (200, JSON, envelope(total=0)), [rules.GENERATED_INVALID.id]),
        (lambda *_: (400, JSON, REFUSAL), [rules.GENERATED_VALID.id]),
    ):
        started, ledger = session(answer)
        list(fuzzing.run(started, ledger, 3, 40))
        assert failed(ledger) == expected


def test_a_generator_that_makes_nothing_judges_nothing(
    operation: Operation, session: Callable[[Answer], tuple[Session, Ledger]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A phase without cases is an error of the gate, never a pass."""
    monkeypatch.setattr(fuzzing, "SHARES", {**fuzzing.SHARES, "a phase of tomorrow": 0.0})
    started, ledger = session(empty_service(operation))
    list(fuzzing.run(started, ledger, 4, 3))
    result = ledger.results[rules.GENERATED_VALID.id]
    assert (result.verdict, started.target.wire.sent) == (Verdict.ERROR, 0)
    assert "made no case in a phase of tomorrow" in result.message


def test_relations_take_turns(session: Callable[[Answer], tuple[Session, Ledger]], contract: Contract) -> None:
    """One finding each in turn; what was sent since is the evidence; the worst finding is the verdict."""
    order = []

    @relation("COC-R-good", says="Good.", about="page")
    def good(running: Session) -> Any:
        for number in range(2):
            order.append(f"good {number}")
            running.query({"page": number + 1})
            yield holds()

    @relation("COC-R-bad", says="Bad.", assumption="total-absent")
    def bad(running: Session) -> Any:
        order.append("bad")
        yield vacuous("nothing to see")
        yield breach("this", "that")

    @relation("COC-R-broken", says="Broken.")
    def broken(running: Session) -> Any:
        yield holds()
        raise ValueError("no number")

    started, _ = session(lambda *_: (200, JSON, envelope()))
    ledger = Ledger.of([one.obligation(contract, started.operation) for one in (good, bad, broken)])
    for _ in run_relations((good, bad, broken), started, ledger):
        pass
    assert order == ["good 0", "bad", "good 1"]
    assert [one.value for one in verdicts(ledger).values()] == ["pass", "fail", "error"]
    assert [len(finding.exchanges) for finding in ledger.results["COC-R-good"].findings] == [1, 1]
    assert ledger.results["COC-R-bad"].obligation.level is Level.ASSUMED
    assert ledger.results["COC-R-good"].obligation.source.text == "Table 1, row page"
    assert ledger.breaches() == []


def test_nothing_vacuous_passes(contract: Contract, operation: Operation) -> None:
    """Inconclusive findings never add up to a pass, and a probe that is missing keeps an obligation from passing."""
    ledger = Ledger.of(obligations(contract, operation), fail_fast=True)
    owed = "COC-T1-page-max"
    ledger.record(owed, Verdict.PASS, probe="accepts")
    assert (ledger.results[owed].verdict, ledger.results[owed].message) == (
        Verdict.INCONCLUSIVE,
        "Not exercised: rejects.",
    )
    ledger.record(owed, Verdict.PASS, probe="rejects")
    assert ledger.results[owed].verdict is Verdict.PASS
    with pytest.raises(FirstBreach):
        ledger.record(owed, Verdict.FAIL, "no", probe="rejects")
    with pytest.raises(ValueError, match="two obligations have the id"):
        Ledger.of(obligations(contract, operation) * 2)
