"""False alarms: runs against services that are right. The number of breaches must be zero."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from attrs import asdict, frozen

from contract_tests import mock, variants
from contract_tests.contract import Contract, Level
from contract_tests.run import Settings, judge
from contract_tests.target import Budget, Target, Wire


@frozen
class Alarm:
    """What a run said against a correct service: ids of the obligations that it holds broken."""

    service: str
    level: str
    seed: int
    breaches: tuple[str, ...]
    exit_code: int
    requests: int
    seconds: float


def judged(service: str, url: str, seed: int, level: Level) -> Alarm:
    """A whole run. The mock follows the assumptions, so it is judged under them too; a variant is not."""
    contract = Contract.load()
    target = Target(url, contract.operations[0], Wire(Budget(600)))
    began = time.perf_counter()
    run = judge(contract, contract.operations[0], target, Settings(seed=seed, failing=tuple({Level.DOCUMENTED, level})))
    broken = tuple(f"{result.obligation.id}: {result.message}" for result in run.ledger.breaches())
    return Alarm(
        service, level.value, seed, broken, run.exit_code, target.wire.sent, round(time.perf_counter() - began, 2)
    )


def of_variant(name: str, seed: int) -> Alarm:
    """A run against one correct variant, served in this process."""
    with variants.served(variants.variant(name, seed)) as url:
        return judged(name, url, seed, Level.DOCUMENTED)


def runs(seeds: int, workers: int) -> Iterator[Alarm]:
    """The mock under each seed, then each variant under one."""
    with ExitStack() as stack:
        pool = stack.enter_context(ProcessPoolExecutor(workers))
        urls = [stack.enter_context(mock.started()) for _ in range(workers)]
        waiting = [
            pool.submit(judged, "the mock", urls[seed % workers], seed, Level.ASSUMED) for seed in range(1, seeds + 1)
        ]
        waiting += [pool.submit(of_variant, name, index) for index, name in enumerate(variants.VARIANTS, 1)]
        for each in waiting:
            yield each.result()


def main(seeds: int, workers: int, folder: Path) -> int:
    """Judge them all, print a line each, and write `false-alarms.json`; 1 when there was an alarm."""
    found = []
    for alarm in runs(seeds, workers):
        found.append(alarm)
        said = "; ".join(alarm.breaches) or ("silent" if alarm.exit_code == 0 else "could not judge")
        print(f"{alarm.service}, seed {alarm.seed}, level {alarm.level}: {said}", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps([asdict(alarm) for alarm in found], indent=1, ensure_ascii=False)
    (folder / "false-alarms.json").write_text(text + "\n", "utf-8")
    alarmed = [alarm for alarm in found if alarm.exit_code != 0]
    print(f"{len(found)} runs against correct services, {len(alarmed)} false alarms.", file=sys.stderr)
    return 1 if alarmed else 0
