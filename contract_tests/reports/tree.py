"""The results tree: what `report.json` holds, and the only thing that the other reports are made from.

`schema.json` beside this file is its JSON Schema. Nothing secret enters it: headers are redacted, and so is every
secret value that a service might echo. What differs between two equal runs is under `observed` alone.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from contract_tests.exchange import Exchange, redacted, shown_headers
from contract_tests.known import KnownFailure
from contract_tests.ledger import Finding, Kind, Result, Verdict
from contract_tests.run import Run

VERSION = "1.0"
VERDICTS = {0: "conforms", 1: "does not conform", 2: "could not judge"}
#: Characters of an answer that a report keeps; a page of 200 tickets has some 300,000.
KEPT = 20_000
#: Findings of one obligation that a report keeps with their evidence.
EVIDENCE = 3
REQUEST_HEADERS = frozenset(("content-type",))
"""Those that are shown beside the ones that carry credentials, whose values are not."""
RESPONSE_HEADERS = frozenset(("content-type", "retry-after", "location"))

#: What obligations that no table holds are shown under, by kind.
TITLES = {
    "relation": "Relations",
    "status": "Statuses",
    "request": "Requests",
    "answer": "Other answers",
    "transport": "Connection",
    "authentication": "Authentication",
}

Tree = dict[str, Any]


def tree(run: Run, known: Mapping[str, KnownFailure], today: date) -> Tree:
    """The whole results tree of a run. Known failures do not fail it, but unused and expired ones do."""
    contract = run.contract
    results = [_obligation(result, run, known) for result in run.ledger]
    complaints = list(_complaints(results, known, today)) if run.judged else []
    breaches = [one["id"] for one in results if one["breach"]]
    code = 2 if not run.judged else 1 if breaches or complaints else 0
    settings = run.settings
    found = {
        "version": VERSION,
        "verdict": VERDICTS[code],
        "exit_code": code,
        "stopped": run.stopped,
        "gate": {"version": _gate_version()},
        "target": run.target.base_url,
        "contract": {
            "title": contract.document["info"]["title"],
            "version": str(contract.document["info"]["version"]),
            "file": _relative(run),
            "sha256": hashlib.sha256(contract.path.read_bytes()).hexdigest(),
            "operation": run.operation.id,
        },
        "settings": {
            "seed": settings.seed,
            "failing_levels": [level.value for level in settings.failing],
            "auth": run.target.wire.credentials.kind,
            "read_only": run.target.read_only,
            "max_requests": run.target.wire.budget.requests,
            "max_seconds": run.target.wire.budget.seconds,
            "rate_limit": run.target.wire.budget.rate,
        },
        "requests": run.target.wire.sent,
        "counts": _counts(results),
        "coverage": _coverage(run),
        "breaches": breaches,
        "complaints": complaints,
        "remarks": run.remarks,
        "obligations": results,
        "observed": {"began": run.began.isoformat(timespec="seconds"), "seconds": round(run.seconds, 3)},
    }
    clean: Tree = _redact(found, run.target.wire.credentials.secrets)
    return clean


def groups(tree: Tree) -> list[tuple[str, list[Tree]]]:
    """The obligations as every report shows them: by the page's tables, then by kind, each in the contract's order."""
    found: dict[str, list[Tree]] = {}
    for one in tree["obligations"]:
        table = one["source"]["table"] if one["kind"] in (Kind.REQUEST.value, Kind.ANSWER.value) else None
        found.setdefault(f"Table {table}" if table else TITLES[one["kind"]], []).append(one)
    order = [*(f"Table {number}" for number in range(1, 10)), *TITLES.values()]
    return [(name, found[name]) for name in order if name in found]


def _obligation(result: Result, run: Run, known: Mapping[str, KnownFailure]) -> Tree:
    owed = result.obligation
    entry, secrets = known.get(owed.id), run.target.wire.credentials.secrets
    fails = result.verdict is Verdict.FAIL and owed.level in run.ledger.failing
    telling = [finding for finding in result.findings if finding.verdict is result.verdict]
    kept = telling[:EVIDENCE] if result.verdict is not Verdict.PASS else []
    return {
        "id": owed.id,
        "says": owed.says,
        "level": owed.level.value,
        "kind": owed.kind.value,
        "severity": owed.severity.value,
        "place": {"file": _relative(run), "line": owed.line, "pointer": owed.pointer, "keyword": owed.keyword},
        "source": _source(result),
        "verdict": result.verdict.value,
        "message": result.message,
        "breach": fails and entry is None,
        "known": entry and {"reason": entry.reason, "link": entry.link, "expires": entry.expires.isoformat()},
        "needs": list(owed.needs),
        "passed_probes": sorted({one.probe for one in result.findings if one.verdict is Verdict.PASS and one.probe}),
        "findings": dict(Counter(finding.verdict.value for finding in result.findings)),
        "evidence": [_finding(owed.id, number, finding, secrets) for number, finding in enumerate(kept, start=1)],
    }


def _source(result: Result) -> Tree:
    source = result.obligation.source
    return {
        "table": source.table if source else None,
        "row": source.row if source else None,
        "text": source.text if source else "the contract",
    }


def _finding(obligation: str, number: int, finding: Finding, secrets: tuple[str, ...]) -> Tree:
    return {
        "case": f"{obligation}.{number}",
        "about": finding.case,
        "message": finding.message,
        "exchanges": [_exchange(exchange, secrets) for exchange in finding.exchanges[-3:]],
    }


def _exchange(exchange: Exchange, secrets: tuple[str, ...]) -> Tree:
    text = exchange.response_body.decode("utf-8", "replace")
    return {
        "request": {
            "method": exchange.method,
            "url": exchange.url,
            "headers": _kept(exchange.request_headers, REQUEST_HEADERS | exchange.secret, exchange.secret),
            "body": _encoded(exchange.request_body),
        },
        "response": {
            "status": exchange.status,
            "error": exchange.error,
            "headers": _kept(exchange.response_headers, RESPONSE_HEADERS, exchange.secret),
            "body": redacted(text, secrets)[:KEPT],  # in this order: of a secret across the cut, a part would stay
            "length": len(text),
        },
        "curl": exchange.as_curl(),
        "observed": {"seconds": round(exchange.elapsed, 4), "request_id": exchange.header("X-Request-Id")},
    }


def _encoded(body: bytes) -> Tree:
    """The exact bytes: as text where they are UTF-8, else as base64."""
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(body).decode()}


def _kept(headers: dict[str, str], names: frozenset[str], secret: frozenset[str]) -> dict[str, str]:
    return {name: value for name, value in shown_headers(headers, secret).items() if name.lower() in names}


def _counts(results: list[Tree]) -> Tree:
    verdicts = [verdict.value for verdict in Verdict]
    return {
        level: {
            verdict: sum(one["verdict"] == verdict and one["level"] == level for one in results) for verdict in verdicts
        }
        for level in ("documented", "assumed")
    }


def _coverage(run: Run) -> Tree:
    """Of the probes that the contract's request needs, how many got a judgement."""
    owed = [result for result in run.ledger if result.obligation.kind is Kind.REQUEST and result.obligation.needs]
    judged = (Verdict.PASS, Verdict.FAIL)
    seen = [
        {finding.probe for finding in result.findings if finding.verdict in judged} & set(result.obligation.needs)
        for result in owed
    ]
    return {"request": {"judged": sum(map(len, seen)), "needed": sum(len(result.obligation.needs) for result in owed)}}


def _complaints(results: list[Tree], known: Mapping[str, KnownFailure], today: date) -> Iterable[str]:
    """What is wrong with the known failures: an unused entry hides the next breach, an expired one a broken promise.

    What this run did not judge says nothing of them.
    """
    for one in results:
        entry = known.get(one["id"])
        if entry and entry.expires < today:
            yield f"The known failure {entry.id} expired on {entry.expires.isoformat()} ({entry.link})."
        elif entry and one["verdict"] == Verdict.PASS.value:
            yield f"The known failure {entry.id} is not needed any more (verdict: pass); take it out."


def _relative(run: Run) -> str:
    """The contract's file as a repository names it: from its root, where `spec/` is."""
    return "/".join(run.contract.path.parts[-2:])


def _gate_version() -> str:
    try:
        return version("coc-incidents-toolkit")
    except PackageNotFoundError:
        return "source"


def _redact(value: Any, secrets: tuple[str, ...]) -> Any:
    if isinstance(value, dict):
        return {key: _redact(part, secrets) for key, part in value.items()}
    if isinstance(value, list):
        return [_redact(part, secrets) for part in value]
    return redacted(value, secrets) if isinstance(value, str) else value
