"""Bodies that Schemathesis generates from the contract, made to mean something, sent, judged by its checks and ours.

Whatever text the schema allows is "valid" to a generator; a service may refuse a condition that does not parse or a
field that no ticket has. So each valid body is adapted first: texts that name a property become such names, a condition
joins the filters that are there, unknown members go. A body is invalid only by keywords that the page supports.
"""

from __future__ import annotations

import functools
import json
import os
import sys
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path as FilePath
from random import Random
from typing import Any

import jsonschema_rs
import pytest
import requests
import schemathesis
from attrs import frozen
from schemathesis.core.failures import Failure, FailureGroup

from contract_tests import rules
from contract_tests.bodies import FILTER_NAME, FILTER_OPERATOR, MEMBERSHIP, Path, example_of, names_a_property, slots
from contract_tests.boundaries import accepted, refused
from contract_tests.contract import Contract, Level, Operation
from contract_tests.exchange import Exchange
from contract_tests.ledger import Ledger, Verdict, message
from contract_tests.relation import Session
from contract_tests.schemas import DIALECT
from contract_tests.target import encode

AnyCase = schemathesis.Case[Any]

#: What `generated.py` makes cases of, and where it puts them.
REQUESTED: ContextVar[Any] = ContextVar("REQUESTED")
COLLECTED: ContextVar[list[AnyCase]] = ContextVar("COLLECTED")
#: Quiet, and deaf to the configuration of whatever project the gate runs in.
PYTEST_OPTIONS = ("-pno:cacheprovider", "-pno:terminal", "-c", os.devnull, "--import-mode=importlib", "-Wignore")

#: Schemathesis' checks that no level of certainty bears on; bodies and statuses of ours are judged by `answers`.
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_headers_conformance")
#: Parts of the cases sent that come from each phase; an example is always sent.
SHARES = {"coverage": 0.6, "fuzzing": 0.4}


class NothingGenerated(Exception):
    """A phase of Schemathesis made no case, so that it would judge nothing and pass."""


@frozen
class Generated:
    """One case to send: its body as bytes, whether it is valid, and the case it came from."""

    case: AnyCase
    body: bytes
    valid: bool
    origin: str


def run(session: Session, ledger: Ledger, seed: int, count: int) -> Iterator[None]:
    """Send `count` generated bodies and record the three rules about them."""
    if count < 1:
        return
    try:
        cases = chosen(session.contract, session.operation, seed, count)
    except NothingGenerated as reason:
        for rule in (rules.GENERATED_VALID, rules.GENERATED_INVALID, rules.GENERATED_ANSWERS):
            ledger.record(rule.id, Verdict.ERROR, str(reason))
        return
    for generated in cases:
        request = session.target.prepare(generated.body)
        response = session.target.deliver(request)
        exchange = session.target.exchanges[-1]
        _judge(session.operation, ledger, generated, exchange)
        if response is not None:
            _check(ledger, generated, response, exchange)
        yield


def _judge(operation: Operation, ledger: Ledger, generated: Generated, exchange: Exchange) -> None:
    rule = rules.GENERATED_VALID if generated.valid else rules.GENERATED_INVALID
    ok = accepted(operation, exchange) if generated.valid else refused(exchange)
    if ok:
        ledger.record(rule.id, Verdict.PASS, "", [exchange], case=generated.origin)
    elif exchange.error or exchange.status >= 500:
        ledger.record(rule.id, Verdict.ERROR, f"No judgement: status {exchange.status}.", [exchange])
    else:
        documented = "200: the body is valid" if generated.valid else f"400: {generated.origin}"
        ledger.record(rule.id, Verdict.FAIL, message(f"status {exchange.status}", documented), [exchange])


def _check(ledger: Ledger, generated: Generated, response: requests.Response, exchange: Exchange) -> None:
    checks = [getattr(schemathesis.checks, name) for name in CHECKS]
    try:
        generated.case.validate_response(response, checks=checks)
    except FailureGroup as group:
        for failure in group.exceptions:
            says = failure.message if isinstance(failure, Failure) else str(failure)
            title = getattr(failure, "title", type(failure).__name__)
            wanted = next(iter(says.splitlines()), "an answer as the contract has it")
            ledger.record(rules.GENERATED_ANSWERS.id, Verdict.FAIL, message(title, wanted), [exchange])
    else:
        ledger.record(rules.GENERATED_ANSWERS.id, Verdict.PASS, "", [exchange])


@functools.lru_cache(maxsize=8)
def chosen(contract: Contract, operation: Operation, seed: int, count: int) -> tuple[Generated, ...]:
    """The cases to send, the same for the same contract, seed and count; no body twice."""
    full = jsonschema_rs.validator_for({**operation.request, "$schema": DIALECT})
    sure = documented(contract, operation.request) if operation.documented else operation.request
    certain = jsonschema_rs.validator_for({**sure, "$schema": DIALECT})
    by_phase: dict[str, dict[bytes, Generated]] = {"examples": {}, **{phase: {} for phase in SHARES}}
    for case in generate(contract.path, operation.id, seed, count):
        phase = _phase(case)
        body = case.body
        if isinstance(body, bytes):
            found = Generated(case, body, False, "bytes that are no JSON")
        elif isinstance(body, schemathesis.core.NotSet) or body is None:
            continue
        elif full.is_valid(body):
            found = Generated(case, encode(adapted(operation, body)), True, phase)
        elif not certain.is_valid(body):
            origin = getattr(case.meta.phase.data, "description", None) if case.meta else None
            found = Generated(case, encode(body), False, origin or "the body breaks the schema")
        else:
            continue
        by_phase[phase].setdefault(found.body, found)
    random = Random(seed)  # noqa: S311 - a seed, no secret
    sample = list(by_phase["examples"].values())
    rest = max(0, count - len(sample))
    for phase, share in SHARES.items():
        pool = list(by_phase[phase].values())
        sample += random.sample(pool, min(len(pool), round(share * rest)))
    return tuple(sample[:count])


def generate(path: FilePath, operation_id: str, seed: int, count: int) -> list[AnyCase]:
    """Every case of Schemathesis' examples, coverage and fuzzing phases for one operation; pytest drives it."""
    schema = schemathesis.openapi.from_path(path, config=schemathesis.Config.from_dict(configuration(seed, count)))
    collected: list[AnyCase] = []
    requested, kept = REQUESTED.set(schema.include(operation_id=operation_id)), COLLECTED.set(collected)
    try:
        # The file reads what is requested when it is imported, so it is imported anew each time.
        sys.modules.pop("contract_tests.generated", None)
        status = pytest.main([*PYTEST_OPTIONS, str(FilePath(__file__).with_name("generated.py"))])
    finally:
        REQUESTED.reset(requested)
        COLLECTED.reset(kept)
    missing = {"examples", *SHARES} - {_phase(case) for case in collected}
    if status != pytest.ExitCode.OK or missing:
        raise NothingGenerated(
            f"Schemathesis made no case in {', '.join(sorted(missing))} (pytest ended with {status!r})."
        )
    return collected


def _phase(case: AnyCase) -> str:
    return case.meta.phase.name.value if case.meta else "fuzzing"


def configuration(seed: int, count: int) -> dict[str, Any]:
    """Schemathesis' settings: repeatable, nothing learned from answers, no other methods, no vacuous run."""
    off = {"responses": False}
    return {
        "seed": seed,
        "cache": {"enabled": False},
        "suppress-health-check": ["all"],
        "generation": {
            "max-examples": max(1, round(SHARES["fuzzing"] * count)),
            "allow-x00": False,
            "database": "none",
            "allow-extra-parameters": False,
            "with-security-parameters": False,
        },
        "phases": {
            "examples": {"fill-missing": True, "extra-data-sources": off},
            "coverage": {"unexpected-methods": [], "extra-data-sources": off},
            "fuzzing": {"error-feedback": {"enabled": False}, "extra-data-sources": off},
            "stateful": {"enabled": False},
        },
    }


def documented(contract: Contract, schema: dict[str, Any]) -> dict[str, Any]:
    """The schema without the keywords that only an assumption supports."""
    pointer = schema.get("x-pointer", "")
    found = {
        key: value
        for key, value in schema.items()
        if key.startswith("x-") or key in ("properties", "items") or contract.level(pointer, key) is Level.DOCUMENTED
    }
    if "properties" in found:
        found["properties"] = {name: documented(contract, part) for name, part in found["properties"].items()}
    if "items" in found:
        found["items"] = documented(contract, found["items"])
    return found


def adapted(operation: Operation, body: Any) -> Any:
    """The body with everything in it that means nothing replaced by something that does; still valid."""
    known = {slot.path: slot.schema for slot in slots(operation.request)}
    found = _adapted(operation, known, body, ())
    condition, filters = operation.query.condition, found.get(operation.query.string_filters)
    if condition in found and filters:
        for index, each in enumerate(filters):
            each[FILTER_NAME] = f"f{index}"
        found[condition] = " & ".join(each[FILTER_NAME] for each in filters)
    else:
        found.pop(condition, None)
    return found


def _adapted(operation: Operation, known: dict[Path, dict[str, Any]], value: Any, path: Path) -> Any:
    if isinstance(value, dict):
        members = {name: part for name, part in value.items() if (*path, name) in known}
        return {name: _adapted(operation, known, part, (*path, name)) for name, part in members.items()}
    if isinstance(value, list):
        return [_adapted(operation, known, part, (*path, 0)) for part in value]
    if path == (operation.pagination.page,):
        return 1  # a later page may be past the end, which a service may refuse
    if isinstance(value, float):
        value = int(value)
    if isinstance(value, str) and path[-1] == FILTER_OPERATOR:
        single = path[0] in (operation.query.sort, operation.query.group)
        return example_of(operation, path) if single or not operation.takes(MEMBERSHIP) else MEMBERSHIP
    types = operation.member("types")
    of_integers = len(path) > 1 and path[0] == operation.query.int_filters and path[-1] == 0
    if isinstance(value, str) and (of_integers or path[0] == types or names_a_property(operation, path)):
        return example_of(operation, path)
    return json.loads(json.dumps(value))
