"""The gate's command line. `python -m contract_tests --help` says it all.

Exit codes: 0 conforms, 1 does not conform, 2 could not judge (unreachable, misconfigured, spec broken).
"""

from __future__ import annotations

import argparse
import importlib
import ipaddress
import os
import ssl
import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from contract_tests import again, credentials, known, listing, mock
from contract_tests.contract import SPEC, Contract, ContractError, Level, Operation
from contract_tests.exchange import redacted
from contract_tests.progress import Progress
from contract_tests.reports import text
from contract_tests.reports.tree import tree
from contract_tests.reports.write import FILES, write
from contract_tests.run import Run, Settings, judge
from contract_tests.target import Budget, Target, Unreachable, Wire

DEFAULT_REQUESTS = 600
#: The longest time that an option takes, in seconds: eleven days, which every clock of Python can count.
LONGEST = 1e6
#: What a user did wrong, told in one sentence; everything else is a fault of the gate and shows its trace.
MISTAKES = (
    ContractError,
    credentials.CredentialsMissing,
    known.KnownFailuresError,
    mock.MockFailed,
    again.ReportError,
    listing.UnknownId,
    Unreachable,
    OSError,
)


class UsageError(Exception):
    """An option's value cannot be used; the message says which and what would be right."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate or one of its subcommands; gives back the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    try:
        if words and words[0] in COMMANDS:
            return COMMANDS[words[0]](words[1:])
        return gate(parser().parse_args(words))
    except (*MISTAKES, UsageError) as mistake:
        print(f"Could not judge: {mistake}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Could not judge: interrupted before the first request.", file=sys.stderr)
        return 2
    except Exception:
        print(redacted(traceback.format_exc(), credentials.secrets(os.environ)), end="", file=sys.stderr)
        print("Could not judge: the gate itself broke down; please report it with the lines above.", file=sys.stderr)
        return 2


def parser() -> argparse.ArgumentParser:
    """The options of a run."""
    made = argparse.ArgumentParser(
        prog="python -m contract_tests",
        description="Judge a service against the contract in spec/openapi.yaml.",
        epilog="Subcommands: obligations, explain ID, replay CASE, compare A.json B.json, score. Credentials come from "
        "the environment: COC_AUTH_TOKEN, or HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and their siblings.",
    )
    made.add_argument("--target", required=True, help="base URL of the service, or `mock` for the project's own mock")
    made.add_argument("--auth", choices=("none", "token", "aksk"), default="none", help="who to be (default: none)")
    made.add_argument("--level", choices=("documented", "assumed"), default="documented", help="what fails the gate")
    made.add_argument("--seed", type=int, default=1, help="same seed and target: same requests (default: 1)")
    made.add_argument("--report", type=Path, default=Path("contract-report"), metavar="DIR", help="where reports go")
    made.add_argument(
        "--max-requests", type=_positive, default=DEFAULT_REQUESTS, metavar="N", help=f"default: {DEFAULT_REQUESTS}"
    )
    made.add_argument("--max-time", type=_seconds, metavar="S", help="seconds for the whole run (default: no limit)")
    made.add_argument("--rate-limit", type=_rate, metavar="N/s", help="requests a second at most, as in 5/s")
    made.add_argument(
        "--timeout",
        type=_seconds,
        default=10.0,
        metavar="S",
        help="seconds to wait for an answer's next byte; three times that for all of it (default: 10)",
    )
    made.add_argument(
        "--ca-file", type=Path, metavar="FILE", help="PEM file of authorities to trust instead of the usual"
    )
    made.add_argument("--known-failures", type=Path, metavar="FILE", help="YAML list of id, reason, link, expires")
    made.add_argument(
        "--read-only",
        action=argparse.BooleanOptionalAction,
        help="send only the operation's own method and path (default: for every target that is not loopback)",
    )
    made.add_argument("--fail-fast", action="store_true", help="stop at the first breach")
    made.add_argument("--spec", type=Path, default=SPEC, metavar="FILE", help="another contract")
    made.add_argument("--operation", metavar="ID", help="operationId to judge (default: the contract's first)")
    made.add_argument(
        "--path-parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a value in the operation's path (default: learned from the target by the contract's links)",
    )
    return made


def gate(options: argparse.Namespace) -> int:
    """One run, its reports and its exit code."""
    fresh(options.report)
    contract = Contract.load(options.spec)
    operation = contract.operation(options.operation)
    failing = (Level.DOCUMENTED, Level.ASSUMED) if options.level == "assumed" else (Level.DOCUMENTED,)
    settings = Settings(seed=options.seed, failing=failing, fail_fast=options.fail_fast)
    caller = credentials.from_environment(options.auth, os.environ, credentials.Headers.of(contract.document))
    there = {owed.id for owed in listing.listed(contract, operation)}
    accepted = known.load(options.known_failures, there) if options.known_failures else {}
    with ExitStack() as stack:
        url = options.target
        if url == "mock":
            url = stack.enter_context(mock.started(["--auth", "none" if options.auth == "none" else "required"]))
        base = checked(url)
        read_only = options.read_only if options.read_only is not None else not loopback(base)
        wire = Wire(Budget(options.max_requests, options.max_time, options.rate_limit), caller, options.timeout)
        wire.verify = trusted(options.ca_file)
        target = Target(base, operation, wire, read_only, parameters=parameters(operation, options.path_parameter))
        with Progress(sys.stderr) as progress:
            run = judge(contract, operation, target, settings, progress)
    if run.trace:
        print(run.trace, end="", file=sys.stderr)
    return report(run, options.report, accepted)


def report(run: Run, folder: Path, accepted: dict[str, known.KnownFailure]) -> int:
    """Write the reports, print the summary, and give back the exit code."""
    results = tree(run, accepted, datetime.now(UTC).date())
    write(results, folder)
    code: int = results["exit_code"]
    if os.environ.get("GITHUB_ACTIONS") == "true":
        print("\n".join(text.annotations(results)))
    print(text.console(results, folder), end="", file=sys.stderr if code == 2 else sys.stdout)
    print(f"Report: {folder / 'report.html'}", file=sys.stderr if code == 2 else sys.stdout)
    return code


def fresh(folder: Path) -> None:
    """Take away the reports of an earlier run, and find out before this one that its own cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in FILES:
            (folder / name).unlink(missing_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"--report {folder}: nothing can be written there ({error.strerror}).") from error


def trusted(file: Path | None) -> str | bool:
    """What `verify` of requests is to be: the file's authorities, or those that requests brings along."""
    if file is None:
        return True
    try:
        ssl.create_default_context(cafile=str(file))
    except OSError as error:  # that of ssl is one, too
        why = error.strerror if not isinstance(error, ssl.SSLError) else "no certificate in PEM is in it"
        raise UsageError(f"--ca-file {file}: cannot be used: {why}.") from error
    return str(file)


def parameters(operation: Operation, given: Sequence[str]) -> dict[str, str]:
    """The values of `--path-parameter`."""
    known = [parameter.name for parameter in operation.parameters]
    found = dict(word.partition("=")[::2] for word in given)
    for name, value in found.items():
        if name not in known or not value:
            there = f"it has {', '.join(known)}" if known else "it has none"
            raise UsageError(f"--path-parameter {name}: {operation.id} takes NAME=VALUE of its path; {there}.")
    return found


def checked(url: str) -> str:
    """The base URL, when it is one: http or https, a host, no credentials in it."""
    try:
        parts = urlsplit(url)
        whole = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError:
        whole = False
    if not whole:
        raise UsageError(f"--target {url}: not a base URL; it must look like https://host[:port], or be `mock`.")
    if parts.username or parts.password or parts.query:
        raise UsageError("--target: a base URL holds no credentials and no query; credentials go by --auth.")
    return url.rstrip("/")


def loopback(url: str) -> bool:
    """Whether the target is on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _positive(word: str) -> int:
    if not word.isdigit() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"{word!r} is not a whole number of 1 or more")
    return int(word)


def _seconds(word: str) -> float:
    try:
        seconds = float(word)
    except ValueError:
        seconds = 0.0
    if not 1 / LONGEST <= seconds <= LONGEST:
        raise argparse.ArgumentTypeError(f"{word!r} is not a number of seconds above 0, up to {LONGEST:,.0f}")
    return seconds


def _rate(word: str) -> float:
    try:
        return _seconds(word.removesuffix("/s"))
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{word!r} is not a rate such as 5/s") from None


def _score(words: Sequence[str]) -> int:
    score = importlib.import_module("contract_tests.score")  # the catalogue is heavy, and only this needs it
    return int(score.main(words))


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "obligations": listing.list_obligations,
    "explain": listing.explain,
    "replay": again.replay,
    "compare": again.compare,
    "score": _score,
}
