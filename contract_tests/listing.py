"""`obligations` lists what the contract owes; `explain ID` says what one means, on what evidence, and how to fix it."""

from __future__ import annotations

import argparse
import difflib
import json
from collections.abc import Sequence

from contract_tests import relations
from contract_tests.contract import SPEC, Contract, Level, Operation
from contract_tests.ledger import Kind, Obligation
from contract_tests.obligations import ids, obligations
from contract_tests.probes import probes

#: The fix that is not obvious: of a request's keyword, or of one obligation.
FIXES = {
    "type": "Check the type before anything converts it: many frameworks turn 5 into '5', 1.5 into 1 and true into 1, "
    "and read null as absent.",
    "enum": "Compare the whole word, letter case included; an operator that is not listed is an error, not a default.",
    "minimum": "Refuse the value; do not raise it to the bound in silence.",
    "maximum": "Refuse the value; do not cap it in silence, or a client pages over tickets it never sees.",
    "minLength": "Count before trimming.",
    "maxLength": "Count characters (code points), not bytes and not UTF-16 units: é and 😀 are one each.",
    "minItems": "An empty array is not an absent one.",
    "maxItems": "Count the items alone; most services forget the bound of an array inside an array.",
    "required": "Absent is not the empty text: the page allows the one and not the other.",
    "COC-S-media-type": "Set the header on errors too; frameworks answer their own errors as HTML or plain text.",
    "COC-S-constants": "It is text with a leading zero: a number loses it on the way through YAML or JavaScript.",
    "COC-S200-accepted": "Look at what the refused bodies share; `replay` sends each of them again.",
    "COC-S200-success": "A failed query is answered with 400; clients do not look for errors within a 200.",
    "COC-S400-refused": "Map the validator's own status (422 in many frameworks) to 400.",
    "COC-S400-failure": "Answer nothing but the error: a client that reads `data` first would take it for a result.",
    "COC-S5xx-never": "Validate before the query is built; a 500 here is often an unchecked type, or a condition "
    "nested too deep.",
    "COC-X-answered": "Look for workers that die on large answers, and for proxies with a shorter timeout.",
    "COC-X-members-together": "Members that mean nothing together are not refused: the page ties none to another.",
    "COC-X-repeat": "Caches and replicas that lag behind answer with two truths in turn.",
    "COC-X-malformed": "Do not take a body that does not parse for an empty one: the caller gets everything, no error.",
    "COC-A-tampered": "Hash the body as it was received, byte for byte, before anything parses it.",
    "COC-A-expired": "Compare the signed date with the clock in both directions; a date in the future is as wrong.",
    "COC-F-valid": "`replay` sends the body again; take members away until it is accepted.",
}
#: The same for a keyword of an answer.
ANSWER_FIXES = {
    "type": "Where there is no value, leave the member out: null is none of its types, unless the page shows it.",
    "maxLength": "Cut the text when it is stored; clients size their fields by the page.",
    "pattern": "Where the answer is text, it is exactly `true` or `false`, in small letters.",
    "x-timestamp": "Multiply seconds by 1,000 before they leave; a client reads 1744252838 as January 1970.",
}
KINDS = {
    Kind.REQUEST: "Send the value at the bound and the first one beyond it, every other member valid.",
    Kind.ANSWER: "Every answer of the run is checked; it passes when at least one answer had the member.",
    Kind.STATUS: "Every answer of the run is checked.",
    Kind.RELATION: "Several queries on values learned from the target's own tickets must agree with each other.",
    Kind.AUTHENTICATION: "Sent only when the run has credentials (--auth token or aksk).",
    Kind.TRANSPORT: "Judged over the whole run.",
}


class UnknownId(Exception):
    """No obligation has this id; the message names the nearest."""


def listed(contract: Contract, operation: Operation) -> list[Obligation]:
    """Every obligation of the operation, the relations included."""
    return obligations(contract, operation, relations.RELATIONS)


def list_obligations(words: Sequence[str]) -> int:
    """`obligations [--operation ID] [--json]`: one line each."""
    made = argparse.ArgumentParser(prog="python -m contract_tests obligations", description="List every obligation.")
    made.add_argument("--json", action="store_true", help="as JSON")
    made.add_argument("--operation", metavar="ID", help="whose obligations (default: the contract's first operation)")
    options = made.parse_args(words)
    contract = Contract.load(SPEC)
    owed = listed(contract, contract.operation(options.operation))
    if options.json:
        print(json.dumps([_row(one) for one in owed], indent=2, ensure_ascii=False))
        return 0
    width = max(len(one.id) for one in owed)
    for one in owed:
        print(f"{one.id:{width}}  {one.level.value:10}  {one.says}")
    documented = sum(one.level is Level.DOCUMENTED for one in owed)
    print(f"{len(owed)} obligations: {documented} documented, {len(owed) - documented} assumed")
    return 0


def explain(words: Sequence[str]) -> int:
    """`explain ID`: what it means, why it has its level, what exercises it, and the fix; the id names the operation."""
    made = argparse.ArgumentParser(prog="python -m contract_tests explain", description="Explain one obligation.")
    made.add_argument("id", help="as in COC-T1-per_page-max")
    made.add_argument("--operation", metavar="ID", help="look among the obligations of this operation alone")
    options = made.parse_args(words)
    contract = Contract.load(SPEC)
    among = [contract.operation(options.operation)] if options.operation else contract.operations
    owed = {one.id: (operation, one) for operation in among for one in listed(contract, operation)}
    if options.id not in owed:
        nearest = difflib.get_close_matches(options.id, owed, n=3, cutoff=0.4)
        there = ", ".join(nearest) or "see `obligations`"
        raise UnknownId(f"no obligation has the id {options.id}; the nearest: {there}.")
    print("\n".join(_explained(contract, *owed[options.id])))
    return 0


def _explained(contract: Contract, operation: Operation, one: Obligation) -> list[str]:
    source = one.source.text if one.source else "the contract"
    lines = [
        one.id,
        f"  says       {one.says}",
        f"  level      {one.level.value}: {_why(contract, operation, one)}",
        f"  severity   {one.severity.value}",
        f"  contract   {'/'.join(contract.path.parts[-2:])}:{one.line}  {one.pointer}",
        f"  page       {source}",
        f"  exercised  {KINDS[one.kind]}",
    ]
    names = ids(contract, operation)
    cases = [probe for probe in probes(operation) if names[probe.pointer, probe.keyword] == one.short]
    lines += [f"             {'accepts' if probe.accepts else 'rejects'}  {probe.case}" for probe in cases]
    by_keyword = ANSWER_FIXES if one.kind is Kind.ANSWER else FIXES
    fix = one.hint or FIXES.get(one.short) or by_keyword.get(one.keyword, "")
    return [*lines, f"  fix        {fix}"] if fix else lines


def _why(contract: Contract, operation: Operation, one: Obligation) -> str:
    if one.level is Level.DOCUMENTED:
        return "the page says it; a breach fails the gate."
    assumption = contract.assumption(one.pointer, one.keyword)
    says = assumption.says if assumption else operation.assumptions[one.assumption].says if one.assumption else ""
    silent = "the page does not have the operation" if not operation.documented else "the page does not say it"
    reason = f"we assume: {says}" if says else f"{silent}; public material does, or the mock needs it."
    return f"{reason} A breach is a warning, and fails the gate only with --level assumed."


def _row(one: Obligation) -> dict[str, object]:
    return {
        "id": one.id,
        "says": one.says,
        "level": one.level.value,
        "kind": one.kind.value,
        "severity": one.severity.value,
        "pointer": one.pointer,
        "keyword": one.keyword,
        "line": one.line,
        "table": one.source.table if one.source else None,
        "row": one.source.row if one.source else None,
    }
