"""The gate's own score: which planted faults it finds, and that it is silent on services that are right.

    python -m contract_tests score                         every fault of contract_tests/faults/, by family
    python -m contract_tests score --family paging         some of them; also --fault NAME
    python -m contract_tests score --against schemathesis  the stock CLI on the same faults beside the last score
    python -m contract_tests score --false-alarms 50       the mock under 50 seeds, and every correct variant

A fault is found when a run that stops at its first breach exits 1. One that only breaks an assumption is judged under
`--level assumed`. Exit 0: all found, nine of ten semantic ones within 100 requests, no false alarm; 1: not so; 2: could
not score.
"""

from __future__ import annotations

import argparse
import importlib.util
import inspect
import json
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

from attrs import asdict, frozen

from contract_tests import alarms, mock, stock
from contract_tests.contract import Contract, Level
from contract_tests.credentials import AccessKey, Anonymous, Headers, Token, from_environment
from contract_tests.run import Settings, judge
from contract_tests.target import Budget, Target, Wire

FAULTS = Path(__file__).resolve().parent / "faults"
#: Its faults change no answer (a test proves it), so no client can find them; they are named and left out.
UNOBSERVABLE = "unobservable"
#: Its faults show only to a caller with credentials.
GUARDED = "authentications"
KINDS = ("token", "aksk")
#: Seconds to wait for an answer; a fault that answers later is found so.
PATIENCE = 8.0
REQUESTS = 600
#: More than `contain_all` answers, so that its limit shows.
TICKETS = ("--tickets", "1200")
#: Families that the probes of the bounds find; they go first there, which changes the time and not the verdict.
PROBED = frozenset({"bounds", "refusals", "statuses"})
#: Families of what a query means: what stock tools do not find.
SEMANTIC = frozenset(
    {"operators", "conditions", "paging", "totals", "sorting", "projections", "counting", "combinations"}
)
#: Within so many requests a run finds so large a share of the documented semantic faults.
EARLY = 100
SHARE = 0.9
BOTH = (Level.DOCUMENTED, Level.ASSUMED)


@frozen
class Fault:
    """A planted fault: its file is its family; `level` is `assumed` when only an assumption is broken."""

    name: str
    family: str
    says: str
    level: Level


@frozen
class Outcome:
    """What a run made of one service. `found` names the first obligation it broke; seconds of the run."""

    name: str
    family: str
    level: str
    says: str
    found: str | None
    exit_code: int
    requests: int
    seconds: float
    stock: bool | None = None


def catalogue(folder: Path = FAULTS) -> list[Fault]:
    """Every fault, by file and then in the order written."""
    found = []
    for file in sorted(folder.glob("[!_]*.py")):
        spec = importlib.util.spec_from_file_location(f"scored_faults.{file.stem}", file)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        assumed = getattr(module, "ASSUMED", ())
        for name, function in vars(module).items():
            if inspect.isfunction(function) and [*inspect.signature(function).parameters] == ["service"]:
                says = " ".join((inspect.getdoc(function) or "").split())
                level = Level.ASSUMED if function in assumed else Level.DOCUMENTED
                found.append(Fault(name.replace("_", "-"), file.stem, says, level))
    return found


@cache
def known() -> Contract:
    """The contract, read once a worker."""
    return Contract.load()


def judged(fault: Fault, url: str, seed: int, environment: dict[str, str]) -> Outcome:
    """Runs against one service, up to the first breach: one, or one for each kind of credentials."""
    outcome, headers = None, Headers.of(known().document)
    for kind in KINDS if fault.family == GUARDED else ("none",):
        outcome = _judged(fault, url, seed, from_environment(kind, environment, headers))
        if outcome.found:
            break
    assert outcome is not None
    return outcome


def _judged(fault: Fault, url: str, seed: int, caller: Anonymous | Token | AccessKey) -> Outcome:
    contract = known()
    target = Target(url, contract.operations[0], Wire(Budget(REQUESTS), caller, PATIENCE))
    began = time.perf_counter()
    failing = BOTH if fault.level is Level.ASSUMED else (Level.DOCUMENTED,)
    settings = Settings(seed=seed, failing=failing, fail_fast=True, relations_first=fault.family not in PROBED)
    run = judge(contract, contract.operations[0], target, settings)
    breaches = run.ledger.breaches()
    found = breaches[0].obligation.id if run.judged and breaches else None
    seconds = round(time.perf_counter() - began, 2)
    sent = target.wire.sent
    return Outcome(fault.name, fault.family, fault.level.value, fault.says, found, run.exit_code, sent, seconds)


def scored(faults: Sequence[Fault], seed: int, workers: int) -> Iterator[Outcome]:
    """Outcomes in the order of the faults; each worker has a mock of its own that serves them all."""
    with ExitStack() as stack:
        pool = stack.enter_context(ProcessPoolExecutor(workers))
        mocks = [Mocks(stack) for _ in range(workers)]
        waiting = []
        for index, fault in enumerate(faults):
            own = mocks[index % workers]
            url = own.guarded if fault.family == GUARDED else own.plain
            waiting.append(pool.submit(judged, fault, f"{url}/faults/{fault.name}", seed, own.environment))
        for each in waiting:
            yield each.result()


class Mocks:
    """Two mocks with every fault: one that anybody may ask, and one that wants credentials, made up for this score."""

    def __init__(self, stack: ExitStack) -> None:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        key, secret, token = (secrets.token_hex(10), secrets.token_hex(20), secrets.token_hex(20))
        account = {"name": "score", "access_key": key, "secret_key": secret, "token": token}
        accounts = folder / "accounts.yaml"
        accounts.write_text(json.dumps({"accounts": [account]}), "utf-8")
        self.plain = stack.enter_context(mock.started(["--serve-faults", *TICKETS]))
        guarded = ["--serve-faults", *TICKETS, "--auth", "required", "--accounts", str(accounts)]
        self.guarded = stack.enter_context(mock.started(guarded))
        self.environment = {
            "HUAWEICLOUD_SDK_AK": key,
            "HUAWEICLOUD_SDK_SK": secret,
            "COC_AUTH_TOKEN": token,
        }


def table(outcomes: Sequence[Outcome]) -> str:
    """Kills by family, in Markdown."""
    families = dict.fromkeys(outcome.family for outcome in outcomes)
    beside = any(outcome.stock is not None for outcome in outcomes)
    lines = [
        f"| family | faults | found | within {EARLY} requests |" + (" stock Schemathesis |" if beside else ""),
        "|---|---|---|---|" + "---|" * beside,
    ]
    for family in (*families, None):
        of = [outcome for outcome in outcomes if family in (None, outcome.family)]
        numbers = (len(of), sum(outcome.found is not None for outcome in of), sum(map(early, of)))
        row = [family or "**all**", *map(str, numbers)]
        asked = [outcome for outcome in of if outcome.stock is not None]
        row += [f"{sum(bool(outcome.stock) for outcome in asked)} of {len(asked)}"] if beside else []
        lines.append(f"| {' | '.join(row)} |")
    return "\n".join(lines)


def early(outcome: Outcome) -> bool:
    """Whether the fault was found within the first requests of its run."""
    return outcome.found is not None and outcome.requests <= EARLY


def semantic(outcomes: Sequence[Outcome]) -> tuple[int, int]:
    """Of the documented semantic faults, how many were found early, and how many there are."""
    own = [one for one in outcomes if one.family in SEMANTIC and one.level == Level.DOCUMENTED.value]
    return sum(map(early, own)), len(own)


def options(words: Sequence[str]) -> argparse.Namespace:
    """The options of `score`."""
    made = argparse.ArgumentParser(prog="python -m contract_tests score", description="Score the gate itself.")
    made.add_argument("--family", action="append", help="only the faults of this file")
    made.add_argument("--fault", action="append", metavar="NAME", help="only this fault")
    made.add_argument("--seed", type=int, default=1, help="seed of every run (default: 1)")
    made.add_argument(
        "--workers", type=_positive, default=os.cpu_count() or 1, help="runs at once (default: one a core)"
    )
    made.add_argument("--against", choices=["schemathesis"], help="measure the stock tool beside ours (slow)")
    made.add_argument(
        "--every", type=_positive, default=1, metavar="N", help="with --against: every Nth fault of a family"
    )
    made.add_argument("--false-alarms", type=int, metavar="SEEDS", help="judge what is right instead")
    made.add_argument("--report", type=Path, default=Path("build/score"), metavar="DIR", help="where the JSON goes")
    return made.parse_args(words)


def _positive(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number of 1 or more")
    return int(word)


def main(words: Sequence[str]) -> int:
    """Score; print the table and write `score.json` and `score.md`."""
    chosen = options(words)
    if chosen.false_alarms is not None:
        return alarms.main(chosen.false_alarms, chosen.workers, chosen.report)
    faults = [fault for fault in catalogue() if fault.family != UNOBSERVABLE]
    names = {fault.name for fault in faults} | {fault.family for fault in faults}
    unknown = {*(chosen.family or ()), *(chosen.fault or ())} - names
    if unknown:
        print(
            f"Could not score: no fault or family {sorted(unknown)}; `python -m mock_service faults` lists them.",
            file=sys.stderr,
        )
        return 2
    if chosen.family or chosen.fault:
        faults = [f for f in faults if f.family in (chosen.family or ()) or f.name in (chosen.fault or ())]
    try:
        chosen.report.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        print(
            f"Could not score: --report {chosen.report}: nothing can be written there ({error.strerror}).",
            file=sys.stderr,
        )
        return 2
    return against(faults, chosen) if chosen.against else own(faults, chosen)


def own(faults: Sequence[Fault], chosen: argparse.Namespace) -> int:
    """The gate's outcomes, printed as they come, and the score."""
    began = time.perf_counter()
    outcomes = []
    for outcome in scored(faults, chosen.seed, chosen.workers):
        outcomes.append(outcome)
        mark = f"{outcome.found} after {outcome.requests} requests" if outcome.found else "NOT FOUND"
        print(f"{outcome.name:36} {mark}", flush=True)
    return report(outcomes, time.perf_counter() - began, chosen)


def against(faults: Sequence[Fault], chosen: argparse.Namespace) -> int:
    """The stock CLI beside the last score of these faults; without one, that is made first."""
    outcomes = stored(faults, chosen)
    if not outcomes:
        own(faults, chosen)
        outcomes = stored(faults, chosen)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        mocks = Mocks(stack)
        cli = stock.Cli.of(known(), mocks.guarded, mocks.environment["COC_AUTH_TOKEN"], folder)
        file = chosen.report / "stock.jsonl"
        try:
            outcomes = stock.beside(outcomes, chosen.every, chosen.workers, cli, file)
        except stock.StockFailed as error:
            print(f"Could not score: {error}", file=sys.stderr)
            return 2
    lines = [table(outcomes), "", f"Setting: {cli.setting}", f"Every outcome: {file}"]
    print("\n".join(lines))
    (chosen.report / "stock.md").write_text("\n".join(lines) + "\n", "utf-8")
    return 1 if any(outcome.found is None for outcome in outcomes) else 0


def stored(faults: Sequence[Fault], chosen: argparse.Namespace) -> list[Outcome]:
    """What the last score under this seed says of these faults; nothing when it lacks one, or one was changed."""
    file = chosen.report / "score.json"
    last = json.loads(file.read_text("utf-8")) if file.exists() else None
    if last is None or last["seed"] != chosen.seed:
        return []
    found = {(one["name"], one["says"]): Outcome(**one) for one in last["faults"]}
    outcomes = [found[fault.name, fault.says] for fault in faults if (fault.name, fault.says) in found]
    return outcomes if len(outcomes) == len(faults) else []


def report(outcomes: Sequence[Outcome], seconds: float, chosen: argparse.Namespace) -> int:
    """Write and print the score; 1 when a fault was not found, or of all of them too few were found early."""
    missed = [outcome.name for outcome in outcomes if outcome.found is None]
    soon, of = semantic(outcomes)
    share = soon / of if of else 1.0
    lines = [
        table(outcomes),
        "",
        f"{len(outcomes) - len(missed)} of {len(outcomes)} found in {seconds:.0f} s with {chosen.workers} workers, "
        f"seed {chosen.seed}; {sum(map(early, outcomes))} within {EARLY} requests.",
        f"Documented semantic faults within {EARLY} requests: {soon} of {of} ({share:.0%}; promised {SHARE:.0%}).",
        f"Not found: {', '.join(missed)}." if missed else "Nothing was missed.",
    ]
    print("\n".join(lines))
    result: dict[str, Any] = {
        "seed": chosen.seed,
        "seconds": round(seconds, 1),
        "families": Counter(outcome.family for outcome in outcomes),
        "early": {"requests": EARLY, "semantic": of, "found": soon, "share": round(share, 4)},
        "missed": missed,
        "faults": [asdict(outcome) for outcome in outcomes],
    }
    (chosen.report / "score.json").write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (chosen.report / "score.md").write_text("\n".join(lines) + "\n", "utf-8")
    late = share < SHARE and not (chosen.family or chosen.fault)
    return 1 if missed or late else 0
