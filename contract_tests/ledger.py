"""The ledger: every obligation, and what a run found of it. One tree of results feeds every report."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Sequence

from attrs import Factory, define, field, frozen

from contract_tests.contract import Level, Source
from contract_tests.exchange import Exchange


class Verdict(enum.Enum):
    """What a run says of an obligation. Nothing that was not exercised counts as passed."""

    PASS = "pass"  # noqa: S105 - a verdict, no password
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    SKIPPED = "skipped"
    ERROR = "error"


class Severity(enum.Enum):
    """How much a breach hurts a client."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"


class Kind(enum.Enum):
    """What an obligation is about."""

    REQUEST = "request"
    ANSWER = "answer"
    STATUS = "status"
    RELATION = "relation"
    AUTHENTICATION = "authentication"
    TRANSPORT = "transport"


@frozen
class Obligation:
    """One thing the service owes: a keyword, a status or a relation, with its place in the spec and on the page.

    `id` is stable (`COC-T1-per_page-max`), `short` what the checks call it in every operation. `assumption` is the one
    that it rests on. `needs` names the kinds of probe without which it cannot pass, as `("accepts", "rejects")` of a
    bound.
    """

    id: str
    says: str
    level: Level
    kind: Kind
    severity: Severity = Severity.MAJOR
    pointer: str = ""
    keyword: str = ""
    line: int = 0
    source: Source | None = None
    needs: tuple[str, ...] = ()
    hint: str = ""
    assumption: str = ""
    short: str = field(default=Factory(lambda self: self.id, takes_self=True))


@frozen
class Finding:
    """One observation of an obligation. `case` names the variant (`level_id like`), `probe` which of `needs` it is."""

    verdict: Verdict
    message: str = ""
    exchanges: tuple[Exchange, ...] = ()
    case: str = ""
    probe: str = ""


@define
class Result:
    """An obligation with all its findings."""

    obligation: Obligation
    findings: list[Finding] = field(factory=list)

    @property
    def verdict(self) -> Verdict:
        """The worst finding; a pass needs every probe that the obligation needs, and at least one."""
        seen = {finding.verdict for finding in self.findings}
        for verdict in (Verdict.FAIL, Verdict.ERROR):
            if verdict in seen:
                return verdict
        passed = {finding.probe for finding in self.findings if finding.verdict is Verdict.PASS}
        if Verdict.PASS in seen and passed.issuperset(self.obligation.needs):
            return Verdict.PASS
        if Verdict.INCONCLUSIVE in seen or passed:
            return Verdict.INCONCLUSIVE
        return Verdict.SKIPPED

    @property
    def message(self) -> str:
        """The first finding's message that explains the verdict."""
        for finding in self.findings:
            if finding.verdict is self.verdict and finding.message:
                return finding.message
        missing = set(self.obligation.needs) - {found.probe for found in self.findings if found.verdict is Verdict.PASS}
        if self.verdict is Verdict.INCONCLUSIVE and missing:
            return f"Not exercised: {', '.join(sorted(missing))}."
        return "" if self.verdict is Verdict.PASS else "Not exercised."


class FirstBreach(Exception):
    """Raised by a ledger that stops at its first breach (`--fail-fast`); carries the obligation's id."""


@define
class Ledger:
    """Obligations by short id, in the order of the contract. `record` is the only way in.

    With `fail_fast` the first failing finding whose level is in `failing` raises FirstBreach after it is recorded.
    """

    results: dict[str, Result] = field(factory=dict)
    failing: frozenset[Level] = frozenset({Level.DOCUMENTED})
    fail_fast: bool = False

    @classmethod
    def of(
        cls,
        obligations: Iterable[Obligation],
        *,
        failing: Iterable[Level] = (Level.DOCUMENTED,),
        fail_fast: bool = False,
    ) -> Ledger:
        """A ledger in which nothing is exercised yet; ids are unique or ValueError."""
        ledger = cls(failing=frozenset(failing), fail_fast=fail_fast)
        for obligation in obligations:
            if obligation.short in ledger.results:
                raise ValueError(f"two obligations have the id {obligation.short}")
            ledger.results[obligation.short] = Result(obligation)
        return ledger

    def record(
        self,
        obligation_id: str,
        verdict: Verdict,
        message: str = "",
        exchanges: Sequence[Exchange] = (),
        *,
        case: str = "",
        probe: str = "",
    ) -> None:
        """Add a finding; KeyError for an id that the ledger does not have."""
        result = self.results[obligation_id]
        result.findings.append(Finding(verdict, message, tuple(exchanges), case, probe))
        if self.fail_fast and verdict is Verdict.FAIL and result.obligation.level in self.failing:
            raise FirstBreach(result.obligation.id)

    def __iter__(self) -> Iterator[Result]:
        return iter(self.results.values())

    def breaches(self) -> list[Result]:
        """The results that fail the run: verdict fail, at a level that counts."""
        return [result for result in self if result.verdict is Verdict.FAIL and result.obligation.level in self.failing]


def message(received: str, documented: str) -> str:
    """A failure's two aligned lines."""
    return f"Received:   {received}\nDocumented: {documented}"
