"""`replay CASE` sends a saved case again, byte for byte; `compare A.json B.json` tells two runs apart."""

from __future__ import annotations

import argparse
import base64
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from contract_tests import credentials
from contract_tests.contract import SPEC, Contract
from contract_tests.exchange import redacted
from contract_tests.reports.tree import VERSION, Tree
from contract_tests.target import Budget, Target, Wire


class ReportError(Exception):
    """A report cannot be used; the message says which and why."""


def read(path: Path) -> Tree:
    """A `report.json` of this version."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(f"{path}: cannot be read as a report: {error}") from error
    if not isinstance(found, dict) or found.get("version") != VERSION or "obligations" not in found:
        raise ReportError(f"{path}: not a report.json of version {VERSION}.")
    return found


def replay(words: Sequence[str]) -> int:
    """`replay CASE`: exit 0 when every answer has the status that it had then, 1 when one has not."""
    made = argparse.ArgumentParser(prog="python -m contract_tests replay", description="Send a saved case again.")
    made.add_argument("case", help="as a report names it: COC-T1-per_page-max.1")
    made.add_argument("--report", type=Path, default=Path("contract-report"), metavar="DIR", help="the run's reports")
    made.add_argument("--target", help="another base URL (default: where it was sent then)")
    made.add_argument("--auth", choices=("none", "token", "aksk"), default="none")
    options = made.parse_args(words)
    report = read(options.report / "report.json")
    cases = {finding["case"]: finding for one in report["obligations"] for finding in one["evidence"]}
    if options.case not in cases:
        there = ", ".join(cases) or "none"
        raise ReportError(f"{options.report / 'report.json'}: no case {options.case}; it has: {there}.")
    contract = Contract.load(SPEC)
    caller = credentials.from_environment(options.auth, os.environ, credentials.Headers.of(contract.document))
    target = Target(options.target or report["target"], contract.operations[0], Wire(Budget(), caller))
    print(cases[options.case]["message"])
    changed = False
    for saved in cases[options.case]["exchanges"]:
        changed |= _again(target, report["target"], saved)
    return 1 if changed else 0


def _again(target: Target, base: str, saved: dict[str, Any]) -> bool:
    """Send one saved request; print then and now; True when the status is another."""
    request = saved["request"]
    body = request["body"]
    raw = base64.b64decode(body["base64"]) if "base64" in body else body["text"].encode("utf-8", "surrogatepass")
    media = next((value for name, value in request["headers"].items() if name.lower() == "content-type"), None)
    path = urlsplit(request["url"]).path.removeprefix(urlsplit(base).path.rstrip("/"))
    now = target.query(raw or None, method=request["method"], path=path, media_type=media)
    then = saved["response"]
    answer = redacted(now.response_body.decode("utf-8", "replace"), target.wire.credentials.secrets)
    print(f"\n{now.as_curl()}")
    print(f"then  {then['error'] or then['status']}  {then['body'][:300]}")
    print(f"now   {now.error or now.status}  {answer[:300]}")
    return bool(now.status != then["status"])


def compare(words: Sequence[str]) -> int:
    """`compare A.json B.json`: exit 0 when every verdict is the same, 1 when one changed."""
    made = argparse.ArgumentParser(
        prog="python -m contract_tests compare", description="What changed between two runs."
    )
    made.add_argument("before", type=Path, metavar="A.json")
    made.add_argument("after", type=Path, metavar="B.json")
    options = made.parse_args(words)
    before, after = read(options.before), read(options.after)
    print(f"{before['verdict']} -> {after['verdict']}")
    if before["contract"]["sha256"] != after["contract"]["sha256"]:
        print(f"contract: {before['contract']['version']} -> {after['contract']['version']} (the file differs)")
    old, new = _verdicts(before), _verdicts(after)
    changes = [
        f"{name}: {old.get(name, 'not there')} -> {new.get(name, 'not there')}"
        for name in {**old, **new}
        if old.get(name) != new.get(name)
    ]
    print("\n".join(changes) or "no verdict changed")
    return 1 if changes else 0


def _verdicts(report: Tree) -> dict[str, str]:
    return {one["id"]: one["verdict"] for one in report["obligations"]}
