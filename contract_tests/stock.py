"""The stock Schemathesis CLI on the same faults, at its best setting, to stand beside the gate's score."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING

from attrs import evolve

from contract_tests import mock
from contract_tests.contract import SPEC

if TYPE_CHECKING:
    from contract_tests.score import Outcome

#: Checks that fail on the sound mock, as any text that the schema allows is "positive" to them.
WOLF = "positive_data_acceptance"
COMMAND = ("-m", "schemathesis.cli", "run", str(SPEC), "--checks", "all", "--exclude-checks", WOLF, "--seed", "1")
LIMITS = ("--max-examples", "100", "--continue-on-failure", "--request-timeout", "3", "--no-color", "--workers", "1")


def finds(url: str) -> bool:
    """Whether the stock CLI fails against the service."""
    command = [sys.executable, *COMMAND, *LIMITS, "--url", url]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)  # noqa: S603
    return ended.returncode == 1


def beside(outcomes: Sequence[Outcome], every: int, workers: int) -> Iterator[Outcome]:
    """The outcomes with what the stock CLI finds, for every Nth of each family; the sound mock must pass it first."""
    with ExitStack() as stack:
        pool = stack.enter_context(ThreadPoolExecutor(workers))
        url = stack.enter_context(mock.started(["--serve-faults"]))
        if finds(url):
            print("The stock CLI fails against the sound mock; its kills below are overstated.", file=sys.stderr)
        seen: Counter[str] = Counter()
        waiting = []
        for outcome in outcomes:
            asked = seen[outcome.family] % every == 0
            seen[outcome.family] += 1
            waiting.append(pool.submit(finds, f"{url}/faults/{outcome.name}") if asked else None)
        for outcome, result in zip(outcomes, waiting, strict=True):
            yield evolve(outcome, stock=result.result() if result else None)
