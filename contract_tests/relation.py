"""Relations: rules that hold between several answers, run on values learned from the target's own answers.

A relation is a generator function, named after its rule, that sends queries and yields what it found:

    @relation("COC-R-page-partition", says="The pages together hold each ticket once.", about="page")
    def page_partition(session: Session) -> Iterator[Finding]:
        ...
        yield breach("ticket IM1 on pages 1 and 2", "no ticket is on two pages")
        yield holds(case="per_page 7")
        yield vacuous("the target has no tickets")

What it sent since its last yield becomes the finding's evidence, unless the finding brings its own `exchanges`. One
failing finding fails it; otherwise one that holds lets it pass; nothing but vacuous ones leave it inconclusive. The
runner advances all relations in turn, one finding each, in the order given (most valuable first); when the budget is
spent the rest is skipped.

The package `contract_tests.relations` offers `RELATIONS`, the tuple of all, and `learn(session)`, which fills `sample`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any

from attrs import define, field, frozen

from contract_tests import comparing
from contract_tests.contract import Contract, Level, Operation
from contract_tests.exchange import Exchange
from contract_tests.ledger import Finding, FirstBreach, Kind, Ledger, Obligation, Severity, Verdict, message
from contract_tests.schemas import find
from contract_tests.target import BudgetSpent, Target, Unreachable


@define
class Session:
    """What a relation works with. `sample` holds tickets learned from the target, filled by `relations.learn`."""

    contract: Contract
    operation: Operation
    target: Target
    random: Random
    sample: list[dict[str, Any]] = field(factory=list)
    notes: dict[str, Any] = field(factory=dict)

    def query(self, body: object) -> Exchange:
        """Send one query of the operation, JSON-encoded."""
        return self.target.query(body)

    def items(self, exchange: Exchange) -> list[Any]:
        """The tickets of an answer, as far as the contract knows them; empty when it has none."""
        found = find(exchange.json(), self.operation.pagination.items)
        known = self.operation.item
        return [
            comparing.known(item, known) if isinstance(item, dict) else item
            for item in (found if isinstance(found, list) else ())
        ]

    def total(self, exchange: Exchange) -> int | None:
        """The answer's total, or None when it is absent."""
        place = self.operation.pagination.total
        value = find(exchange.json(), place) if place else None
        return value if isinstance(value, int) else None


Rule = Callable[[Session], Iterator[Finding]]


@frozen
class Relation:
    """A rule with what the ledger needs to know. `about` is a role of x-query or x-pagination: its place and row.

    `needs` are the roles without which an operation does not owe it; that of `about` unless others are given. Nor
    does one whose filters do not take its `operator`, if it is about one.
    """

    id: str
    says: str
    rule: Rule
    about: str = ""
    assumption: str | None = None
    severity: Severity = Severity.CRITICAL
    hint: str = ""
    needs: tuple[str, ...] | None = None
    operator: str = ""

    @property
    def level(self) -> Level:
        """`assumed` when it rests on an assumption of the contract, else `documented`."""
        return Level.ASSUMED if self.assumption else Level.DOCUMENTED

    def applies(self, operation: Operation) -> bool:
        """Whether the operation has what the relation is about, and makes its assumption."""
        roles = (self.about,) if self.needs is None else self.needs
        has = all(operation.member(role) for role in roles if role)
        takes = not self.operator or operation.takes(self.operator)
        return has and takes and (self.assumption is None or self.assumption in operation.assumptions)

    def obligation(self, contract: Contract, operation: Operation) -> Obligation:
        """The ledger's entry; KeyError when `assumption` is none of the operation's."""
        member = operation.member(self.about) if self.about else None
        schema = operation.request["properties"].get(member) if member else None
        pointer = schema["x-pointer"] if schema else operation.pointer
        if self.assumption:
            pointer = operation.assumptions[self.assumption].pointer
        return Obligation(
            id=self.id,
            says=self.says,
            level=self.level,
            kind=Kind.RELATION,
            severity=self.severity,
            pointer=pointer,
            line=contract.line(pointer),
            source=contract.source(schema["x-pointer"] if schema else operation.pointer),
            hint=self.hint,
            assumption=self.assumption or "",
        )


def relation(
    id: str,
    *,
    says: str,
    about: str = "",
    assumption: str | None = None,
    severity: Severity = Severity.CRITICAL,
    hint: str = "",
    needs: tuple[str, ...] | None = None,
    operator: str = "",
) -> Callable[[Rule], Relation]:
    """Make a Relation of a rule; an `assumption` (id in the operation's x-assumption) lowers its level."""
    return lambda rule: Relation(id, says, rule, about, assumption, severity, hint, needs, operator)


def holds(case: str = "", exchanges: Sequence[Exchange] = ()) -> Finding:
    """The rule held, on answers that could have broken it."""
    return Finding(Verdict.PASS, "", tuple(exchanges), case)


def breach(received: str, documented: str, case: str = "", exchanges: Sequence[Exchange] = ()) -> Finding:
    """The rule is broken under every reading that the page allows (or, for an assumption, under ours)."""
    return Finding(Verdict.FAIL, message(received, documented), tuple(exchanges), case)


def vacuous(reason: str, case: str = "", exchanges: Sequence[Exchange] = ()) -> Finding:
    """The target's data cannot show whether the rule holds; never a pass."""
    return Finding(Verdict.INCONCLUSIVE, reason, tuple(exchanges), case)


@frozen
class Elsewhere(Finding):
    """A finding of another relation's obligation, `owner`, by a query that showed more than its own rule."""

    owner: str = ""


def skipped(reason: str) -> Finding:
    """The rule was not exercised, and why."""
    return Finding(Verdict.SKIPPED, reason)


def run(relations: Sequence[Relation], session: Session, ledger: Ledger) -> Iterator[None]:
    """Advance the relations in turn, one finding each, until all are done; record every finding as it comes."""
    running = [(relation, relation.rule(session)) for relation in relations if relation.applies(session.operation)]
    while running:
        for pair in list(running):
            if not _advance(*pair, session, ledger):
                running.remove(pair)
            yield


def _advance(relation: Relation, findings: Iterator[Finding], session: Session, ledger: Ledger) -> bool:
    """Take one finding; False when the relation has no more."""
    start = len(session.target.exchanges)
    try:
        finding = next(findings, None)
    except (BudgetSpent, Unreachable, FirstBreach):
        raise
    except Exception as error:
        finding = Finding(Verdict.ERROR, f"The rule broke on these answers: {type(error).__name__}: {error}")
    if finding is None:
        return False
    evidence = finding.exchanges or tuple(session.target.exchanges[start:])
    owner = finding.owner if isinstance(finding, Elsewhere) and finding.owner in ledger.results else relation.id
    ledger.record(owner, finding.verdict, finding.message, evidence, case=finding.case)
    return True
