"""The stock Schemathesis CLI on the same faults, at its best setting, to stand beside the gate's score.

Each run ends at its first failure, and each outcome is a line of `stock.jsonl` as soon as it is known: a measurement
that was broken off goes on where it stopped, and `--every 4`, then `--every 2`, then all share what they measured.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import asdict, evolve, field, frozen

from contract_tests.credentials import Headers

if TYPE_CHECKING:
    from contract_tests.contract import Contract
    from contract_tests.score import Outcome

#: Checks that fail on the sound mock, so that they would count every fault as found.
WOLVES = (
    # Any text that the schema allows is sound to it: conditions that do not parse, names of no field. The page answers
    # 400 to those. Its only dial is the statuses it takes for an acceptance, and with 400 among them it finds nothing.
    "positive_data_acceptance",
    # It wants 405 for a method that the contract does not name; the vendor's gateway answers 404, and so does the mock.
    "unsupported_method",
)
#: `ignored_auth` stays: all faults are served by a mock that asks for a token, and the CLI is given one.
SETTING = (
    *("--checks", "all", "--exclude-checks", ",".join(WOLVES)),
    # The stateful phase follows links between operations; with one selected it is an error of the run.
    *("--phases", "examples,coverage,fuzzing"),
    *("--seed", "1", "--max-examples", "100", "--generation-database", "none"),
    *("--max-failures", "1", "--no-shrink", "--request-timeout", "8", "--no-color", "--workers", "1"),
)
#: Runs against the sound mock that have to be silent before any fault is counted.
SOUND = 3
#: Seconds until a run that hangs is ended; it has found nothing. A whole run takes some 20.
PATIENCE = 300
FAILURE = re.compile(r"^\s*❌ ((?:ST\d+ )?.*?): \d+$", re.MULTILINE)


class StockFailed(Exception):
    """The stock CLI cannot be measured; the message says why."""


@frozen
class Measured:
    """What the stock CLI made of one fault; `by` names the check that failed, or why the run ended."""

    name: str
    says: str
    setting: str
    found: bool
    by: str


@frozen
class Cli:
    """The CLI on one operation of a service. `folder` holds the contract as JSON, which it loads ten times faster.

    Each run starts in an empty folder: no configuration, no examples of an earlier run. `setting` is what an outcome
    depends on beside the fault: release, options and contract.
    """

    url: str
    operation: str
    header: str
    """Of the token, as the contract has it."""
    token: str = field(repr=False)
    folder: Path
    setting: str

    @classmethod
    def of(cls, contract: Contract, url: str, token: str, folder: Path) -> Cli:
        """Writes the contract into the folder."""
        text = json.dumps(contract.document, default=str)
        (folder / "openapi.json").write_text(text, "utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        setting = f"schemathesis {version('schemathesis')} {' '.join(SETTING)}, contract {digest}"
        header = Headers.of(contract.document).token or ""
        return cls(url, contract.operations[0].id, header, token, folder, setting)

    def fails(self, path: str = "") -> tuple[bool, str]:
        """Whether the CLI exits 1 against the service at this path, and the check that failed."""
        command = [sys.executable, "-m", "schemathesis.cli", "run", "openapi.json", *SETTING]
        command += ["--include-operation-id", self.operation, "--url", self.url + path]
        command += ["--header", f"{self.header}: {self.token}"]
        with tempfile.TemporaryDirectory(dir=self.folder) as own:
            (Path(own) / "openapi.json").symlink_to(self.folder / "openapi.json")
            try:
                ended = subprocess.run(  # noqa: S603
                    command, cwd=own, capture_output=True, text=True, check=False, timeout=PATIENCE
                )
            except subprocess.TimeoutExpired:
                return False, f"ended after {PATIENCE} seconds"
        if ended.returncode not in (0, 1):
            said = (ended.stderr or ended.stdout).strip()[-500:]
            raise StockFailed(f"the stock CLI exited {ended.returncode}: {said}")
        named = FAILURE.search(ended.stdout)
        return ended.returncode == 1, named[1] if named else "an error" if ended.returncode else ""


def beside(outcomes: Sequence[Outcome], every: int, workers: int, cli: Cli, file: Path) -> list[Outcome]:
    """The outcomes with what the stock CLI finds, for every Nth of each family; StockFailed if it fails on sound."""
    known = remembered(file, cli.setting)
    asked = sampled(outcomes, every)
    waiting = [one for one in asked if (one.name, one.says) not in known]
    if waiting:
        with ExitStack() as stack:
            pool = ThreadPoolExecutor(workers)
            stack.callback(pool.shutdown, cancel_futures=True)
            silent(pool, cli)
            written = stack.enter_context(file.open("a", encoding="utf-8"))
            running = {pool.submit(cli.fails, f"/faults/{one.name}"): one for one in waiting}
            for ended in as_completed(running):
                one, (found, by) = running[ended], ended.result()
                measured = Measured(one.name, one.says, cli.setting, found, by)
                known[one.name, one.says] = measured
                print(f"{one.name:36} stock: {by or 'NOT FOUND'}", flush=True)
                print(json.dumps(asdict(measured), ensure_ascii=False), file=written, flush=True)
    return [evolve(one, stock=known[one.name, one.says].found) if one in asked else one for one in outcomes]


def sampled(outcomes: Sequence[Outcome], every: int) -> list[Outcome]:
    """Every Nth of each family, its first one always."""
    seen: Counter[str] = Counter()
    chosen = []
    for outcome in outcomes:
        if seen[outcome.family] % every == 0:
            chosen.append(outcome)
        seen[outcome.family] += 1
    return chosen


def silent(pool: ThreadPoolExecutor, cli: Cli) -> None:
    """Raise StockFailed when the CLI fails against the sound mock: what it finds elsewhere would say nothing."""
    for failed, by in pool.map(cli.fails, [""] * SOUND):
        if failed:
            raise StockFailed(f"the stock CLI fails against the sound mock ({by}), so its finds would say nothing.")


def remembered(file: Path, setting: str) -> dict[tuple[str, str], Measured]:
    """The outcomes of earlier runs at this setting, by name and sentence of the fault."""
    found = (Measured(**line) for line in lines(file))
    return {(one.name, one.says): one for one in found if one.setting == setting}


def lines(file: Path) -> Iterator[dict[str, Any]]:
    """The lines that are whole; the last one may have been cut off."""
    for line in file.read_text("utf-8").splitlines() if file.exists() else ():
        try:
            yield json.loads(line)
        except ValueError:
            continue
