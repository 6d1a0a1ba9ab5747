"""One run of the gate: the stages in order of value, the budgets, and how a run ends."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from random import Random

from attrs import define, field, frozen

from contract_tests import (
    authentication,
    boundaries,
    fuzzing,
    linking,
    parameters,
    protocol,
    relation,
    relations,
    rules,
)
from contract_tests.answers import Answers
from contract_tests.bodies import plain
from contract_tests.contract import Contract, Level, Operation
from contract_tests.credentials import Anonymous
from contract_tests.exchange import Exchange, redacted
from contract_tests.ledger import Finding, FirstBreach, Kind, Ledger, Verdict, message
from contract_tests.obligations import obligations
from contract_tests.relation import Session
from contract_tests.target import NO_ANSWER, NOT_HTTP, BudgetSpent, Target, Unreachable

#: More broken answers than these, each whole when asked again, are no accident of the network.
TOLERATED_BREAKS = 3
#: So many requests in a row without a whole answer, and the rest of the run is not worth its time.
HOPELESS = 4
#: Requests after which the relations make way for the probes, which are many and quick.
EARLY = 120
DONE = object()


class Misconfigured(Exception):
    """The target answers, but not as this operation for this caller (401, 403, 404): nothing to judge (exit 2)."""


class Hopeless(Exception):
    """The target has stopped giving whole answers; what it broke is recorded."""


@frozen
class Settings:
    """What a run is told: the levels that fail it, the seed, whether to stop at the first breach, cases to generate."""

    seed: int = 1
    failing: tuple[Level, ...] = (Level.DOCUMENTED,)
    fail_fast: bool = False
    generated: int = 100
    relations_first: bool = True


@define
class Run:
    """A run and its results. `stopped` says why it ended early; `judged` is False when the gate could not judge.

    `remarks` say what a reader must know beside the verdicts. `trace` is the gate's own failure, when it broke down.
    """

    contract: Contract
    operation: Operation
    target: Target
    settings: Settings
    ledger: Ledger
    stopped: str = ""
    judged: bool = True
    remarks: list[str] = field(factory=list)
    trace: str = ""
    began: datetime = field(factory=lambda: datetime.now(UTC))
    seconds: float = 0.0

    @property
    def exit_code(self) -> int:
        """0 conforms, 1 does not conform, 2 could not judge."""
        if not self.judged:
            return 2
        return 1 if self.ledger.breaches() else 0


Stage = tuple[str, Iterator[None]]
Progress = Callable[[str, Run], None]


def judge(
    contract: Contract,
    operation: Operation,
    target: Target,
    settings: Settings,
    progress: Progress | None = None,
) -> Run:
    """Run every stage and give back what was found; never raises for what the target does."""
    owed = obligations(contract, operation, relations.RELATIONS)
    ledger = Ledger.of(owed, failing=settings.failing, fail_fast=settings.fail_fast)
    run = Run(contract, operation, target, settings, ledger)
    session = Session(contract, operation, target, Random(settings.seed))  # noqa: S311 - a seed, no secret
    answers = Answers(contract, operation, ledger)
    clock = time.monotonic()
    try:
        linking.fill(contract, target)
        first = preflight(session)
        target.watch = answers.check
        answers.check(first)
        for name, stage in stages(session, ledger, settings):
            for _ in stage:
                if progress:
                    progress(name, run)
                _hold(target)
    except FirstBreach as breach:
        run.stopped = f"Stopped at the first breach: {breach}."
    except (BudgetSpent, Hopeless) as reason:
        run.stopped = str(reason)
    except (Unreachable, Misconfigured, linking.NoParent) as reason:
        run.stopped, run.judged = str(reason), False
    except KeyboardInterrupt:
        run.stopped, run.judged = "Interrupted.", False
    except Exception as error:
        run.stopped, run.judged = f"The gate itself broke down ({type(error).__name__}); please report it.", False
        run.trace = redacted(traceback.format_exc(), target.wire.credentials.secrets)
    _close(run)
    run.remarks = relations.remarks(session)
    if run.judged and not ledger.breaches() and (why := _too_little(run)):
        run.judged, run.stopped = False, f"{run.stopped} {why}".strip()
    run.seconds = time.monotonic() - clock
    return run


def stages(session: Session, ledger: Ledger, settings: Settings) -> Iterator[Stage]:
    """The most valuable first: what relations find, nothing else finds, and their first requests find most of it.

    `relations_first` off sends the probes of the bounds first: whoever knows that a bound is broken waits less.
    """
    yield "authentication", authentication.run(session, ledger)
    examined = relation.run(relations.RELATIONS, session, ledger)
    probed = boundaries.run(session, ledger)
    if not settings.relations_first:
        yield "boundaries", probed
    yield "learn", _once(lambda: relations.learn(session))
    yield "relations", examined if settings.fail_fast else _until(EARLY, session.target, examined)
    yield "boundaries", probed
    yield "protocol", protocol.run(session, ledger)
    yield "path", parameters.run(session, ledger)
    yield "relations", examined
    left = session.target.wire.left
    count = settings.generated if left is None else min(settings.generated, left)
    yield "generated", fuzzing.run(session, ledger, settings.seed, count)


def _until(requests: int, target: Target, stage: Iterator[None]) -> Iterator[None]:
    """The stage as long as the run has sent fewer requests than that; the rest of it can go on later."""
    while target.wire.sent < requests and next(stage, DONE) is not DONE:
        yield


def preflight(session: Session) -> Exchange:
    """One plain query: is anybody there, and is it this operation, open to this caller?"""
    exchange = session.query(plain(session.operation))
    if exchange.status in (401, 403):
        who = "no credentials" if isinstance(session.target.wire.credentials, Anonymous) else "these credentials"
        raise Misconfigured(
            f"{exchange.url} answers {exchange.status} to {who}; give others with --auth token or aksk."
        )
    if exchange.status == 429:
        raise Misconfigured(f"{exchange.url} answers 429 however long the gate waits. Ask more slowly, or later.")
    elsewhere = _elsewhere(exchange)
    if elsewhere:
        raise Misconfigured(f"{exchange.url} {elsewhere}. Is the base URL right?")
    return exchange


def _elsewhere(exchange: Exchange) -> str | None:
    """What shows that another service answers, or none at all; None when it may be this operation, right or wrong."""
    kind, place = exchange.header("Content-Type") or "no media type", exchange.header("Location")
    if exchange.status == 404:
        return "answers 404: the service is not there"
    if exchange.status in (405, 501):
        return f"answers {exchange.status} to {exchange.method}: the operation is not there"
    if place and 300 <= exchange.status < 400:
        return f"answers {exchange.status} and sends the caller to {place}"
    if exchange.ok and "html" in kind and exchange.json() is None:
        return f"answers {exchange.status} with {kind} instead of JSON"
    said = exchange.error or ""
    return f"gives {said}" if said.startswith((NOT_HTTP, NO_ANSWER)) else None


def _once(step: Callable[[], object]) -> Iterator[None]:
    step()
    yield


def _hold(target: Target) -> None:
    """Give up on a target that gives no whole answer any more."""
    latest = target.exchanges[-HOPELESS:]
    if len(latest) == HOPELESS and all(exchange.error for exchange in latest):
        raise Hopeless(f"Stopped after {HOPELESS} requests in a row without a whole answer.")


def _close(run: Run) -> None:
    """Judge the connection over the whole run, and give a reason for everything that was not exercised."""
    wire, ledger = run.target.wire, run.ledger
    if wire.broken:
        often = len(wire.broken) > TOLERATED_BREAKS
        text = message(f"{len(wire.broken)} of {wire.sent} answers broke off: {wire.broken[0].error}", "a whole answer")
        verdict = Verdict.FAIL if often else Verdict.INCONCLUSIVE
        _add(ledger, rules.ANSWERED.id, Finding(verdict, text, tuple(wire.broken[:3])))
    elif wire.exchanges and not wire.exchanges[-1].error:
        _add(ledger, rules.ANSWERED.id, Finding(Verdict.PASS, "", (wire.exchanges[-1],)))
    for result in ledger:
        if not result.findings:
            of_others = result.obligation.kind is Kind.AUTHENTICATION and not run.stopped
            why = "The run has no credentials of this kind." if of_others else "No request of this run could show it."
            _add(ledger, result.obligation.short, relation.skipped(run.stopped or why))


def _too_little(run: Run) -> str | None:
    """Why a run without a breach is no judgement; None when it is one."""
    if not any(exchange.ok for exchange in run.target.exchanges):
        return "No query was answered with 2xx."
    told = [result.verdict for result in run.ledger if result.obligation.kind in (Kind.RELATION, Kind.REQUEST)]
    judged, broken = (sum(verdict is each for verdict in told) for each in (Verdict.PASS, Verdict.ERROR))
    if not judged + told.count(Verdict.INCONCLUSIVE):
        return "Not one query was judged."
    return f"{broken} obligations got no judgement, and only {judged} passed." if broken > judged else None


def _add(ledger: Ledger, obligation: str, finding: Finding) -> None:
    """Add a finding after the run, when a breach stops nothing any more."""
    ledger.results[obligation].findings.append(finding)
