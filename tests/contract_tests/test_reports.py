"""Every report tells the same results, holds no secret, and is valid in its own format."""

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest

from contract_tests import known
from contract_tests.contract import Contract, Operation
from contract_tests.credentials import AccessKey, Headers, Token
from contract_tests.known import KnownFailure, KnownFailuresError
from contract_tests.ledger import Ledger, Verdict
from contract_tests.obligations import obligations
from contract_tests.reports import text
from contract_tests.reports.html import html
from contract_tests.reports.junit import clean, junit
from contract_tests.reports.tree import KEPT, tree
from contract_tests.reports.write import write
from contract_tests.run import Run, Settings, judge
from contract_tests.target import Budget, Target, Wire

from .conftest import JSON, Answer, Direct, empty_service, envelope

SCHEMA = json.loads((Path(text.__file__).parent / "schema.json").read_text(encoding="utf-8"))
TODAY = date(2026, 11, 23)
BROKEN = "COC-T1-per_page-max"
FOLDER = Path("build/my report")


@pytest.fixture(scope="module")
def run(contract: Contract, operation: Operation) -> Run:
    """A run that broke one bound; its answers hold markup, Chinese and a control character."""
    valid = empty_service(operation)

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        if body == b'{"per_page":201}':
            return (
                200,
                {**JSON, "X-Request-Id": "r1"},
                envelope(total=1, tickets=[{"title": "<script>未受理\x01"}]),
            )
        return valid(method, path, headers, body)

    target = Direct(operation, answer)
    target.wire.budget = Budget(requests=10_000)
    return judge(contract, operation, target, Settings(generated=0))


def test_a_long_answer_is_told_by_its_own_length(operation: Operation, contract: Contract) -> None:
    """A report keeps the beginning of a long answer, and says how long the answer was."""
    body = envelope(total=1, tickets=[{"title": "x" * 50_000}])
    valid = empty_service(operation)
    target = Direct(operation, lambda *words: (200, JSON, body) if words[3] == b'{"per_page":201}' else valid(*words))
    found = tree(judge(contract, operation, target, Settings(generated=0)), {}, TODAY)
    assert f"… ({len(body)} characters)" in text.console(found, FOLDER)


def test_a_run_cut_short_conforms_as_far_as_it_went(contract: Contract, operation: Operation, serve: Any) -> None:
    """The verdict of a run that its budget ended does not read like that of a whole one, in any report for people."""
    target = Target(serve(empty_service(operation)), operation, Wire(Budget(requests=3)))
    found = tree(judge(contract, operation, target, Settings()), {}, TODAY)
    assert 0 == found["exit_code"]
    assert "conforms, as far as the run went\n" in text.console(found, FOLDER)
    assert "conforms, as far as the run went\n" in text.markdown(found, FOLDER)
    assert "<h1>Conforms, as far as the run went</h1>" in html(found)


@pytest.fixture
def results(run: Run) -> dict[str, Any]:
    """Its results tree."""
    return tree(run, {}, TODAY)


def test_the_tree_is_what_its_schema_says(results: dict[str, Any]) -> None:
    """`report.json` is valid against the schema in the repository, which forbids unknown members."""
    errors = [error.message[:200] for error in jsonschema_rs.validator_for(SCHEMA).iter_errors(results)]
    assert errors == []
    assert (results["exit_code"], results["breaches"]) == (1, [BROKEN])


def test_a_failure_shows_all(results: dict[str, Any]) -> None:
    """What was sent, what came back, what the contract says and where."""
    shown = text.console(results, FOLDER)
    assert "http://direct does not conform: 1 obligation broken" in shown
    assert "Received:   status 200 GOM.00000000 to per_page: 201" in shown
    assert "Documented: status 400 to per_page: 201: `per_page` is at most 200." in shown
    assert re.search(r"Where:      spec/openapi\.yaml:\d+ \(Table 1, row per_page; documented\)", shown)
    assert """curl -sS -X POST -H 'Content-Type: application/json' --data-binary '{"per_page":201}'""" in shown
    assert f"replay {BROKEN}.1 --report 'build/my report'\n" in shown


def test_junit(results: dict[str, Any]) -> None:
    """One case for each obligation, with real failures and skips; counts agree; no character that XML cannot hold."""
    root = ET.fromstring(junit(results))
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert set(cases) == {one["id"] for one in results["obligations"]}
    failure = cases[BROKEN].find("failure")
    assert failure is not None and "200 {" in str(failure.text)
    assert clean("a\x01\udc00未") == "a��未"
    assert cases["COC-A-none"].find("skipped") is not None
    assert list(cases["COC-T1-page-max"]) == []
    assert sum(int(suite.get("failures", 0)) for suite in root) == 1


def test_a_partial_run_is_an_error_in_junit(contract: Contract, operation: Operation) -> None:
    """A target that could not be judged is an error, not a green file."""
    unreachable = judge(contract, operation, Target("http://127.0.0.1:9", operation), Settings())
    root = ET.fromstring(junit(tree(unreachable, {}, TODAY)))
    assert [error.get("message", "")[:15] for error in root.iter("error")] == ["Nothing answers"]


def test_html_is_one_offline_file(results: dict[str, Any]) -> None:
    """No link leads out, markup from a target is escaped, and the verdict comes first."""
    page = html(results)
    assert "<script>未受理" not in page and "&lt;script&gt;未受理" in page
    assert re.findall(r"""(?:src|href)=["'](?!#)[^"']*["']|url\(|@import""", page) == []
    assert page.index("Does not conform: 1 obligation broken") < page.index("Obligations by table")
    assert page.count('class="pass obligation"') == sum(one["verdict"] == "pass" for one in results["obligations"])


def test_markdown_and_annotations(results: dict[str, Any]) -> None:
    """The summary folds the breach; the annotation points at the line of the contract."""
    assert "## http://direct does not conform: 1 obligation broken" in text.markdown(results, FOLDER)
    first = next(line for line in text.annotations(results) if line.startswith("::error"))
    place = next(one["place"] for one in results["obligations"] if one["id"] == BROKEN)
    assert first.startswith(f"::error file=spec/openapi.yaml,line={place['line']},title={BROKEN}::")
    assert "%0AReceived:" in first and "\n" not in first


def test_written_whole(results: dict[str, Any], tmp_path: Path) -> None:
    """All four files appear, and the JSON reads back as the tree even with a lone surrogate in an answer."""
    write(results, tmp_path / "deep" / "report")
    there = tmp_path / "deep" / "report"
    assert sorted(file.name for file in there.iterdir()) == ["junit.xml", "report.html", "report.json", "summary.md"]
    assert json.loads((there / "report.json").read_text(encoding="utf-8"))["breaches"] == [BROKEN]


def test_equal_runs_have_equal_reports(contract: Contract, operation: Operation, run: Run) -> None:
    """Apart from `observed`, two equal runs report the same."""

    def stable(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: stable(part) for key, part in value.items() if key != "observed"}
        return [stable(part) for part in value] if isinstance(value, list) else value

    target = Direct(operation, run.target.answer)  # type: ignore[attr-defined]
    target.wire.budget = run.target.wire.budget
    again = judge(contract, operation, target, Settings(generated=0))
    assert stable(tree(again, {}, TODAY)) == stable(tree(run, {}, TODAY))


def test_no_secret_in_any_report(contract: Contract, operation: Operation, serve: Callable[[Answer], str]) -> None:
    """Credentials appear nowhere, not even when the service echoes them in its errors."""
    secrets = ["ACCESS-CANARY-0001", "SECRET-CANARY-0002", "SESSION-CANARY-0003", "PROJECT-CANARY-0004"]

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        echoed = json.dumps({"error_code": "x", "error_msg": " ".join([*headers.values(), *secrets])})
        return 500, {**JSON, "X-Request-Id": headers.get("X-Security-Token", "")}, echoed.encode()

    key = AccessKey(secrets[0], secrets[1], Headers.of(contract.document), secrets[3], secrets[2])
    target = Target(serve(answer), operation, Wire(Budget(requests=30), key))
    found = tree(judge(contract, operation, target, Settings(generated=0)), {}, TODAY)
    assert found["exit_code"] == 1
    written = [
        json.dumps(found),
        html(found),
        junit(found).decode(),
        text.console(found, FOLDER),
        text.markdown(found, FOLDER),
    ]
    written += text.annotations(found)
    assert [word for word in secrets for one in written if word in one] == []
    assert not re.search("Signature=[0-9a-f]{64}", "".join(written))


def test_no_part_of_a_secret_in_any_form(contract: Contract, operation: Operation) -> None:
    """A secret that is echoed percent-encoded, escaped, or across the place where a long answer is cut is redacted."""
    secret = 'CANARY/"0005+'
    for form in (secret, 'CANARY/\\"0005+', "CANARY%2F%220005%2B"):
        body = ("x" * (KEPT - 8) + form).encode()
        target = Direct(operation, lambda *_, body=body: (500, JSON, body))
        target.wire.credentials = Token(secret, Headers.of(contract.document))
        found = tree(judge(contract, operation, target, Settings(generated=0, fail_fast=True)), {}, TODAY)
        assert 1 == found["exit_code"]
        assert "CANARY" not in json.dumps(found)


@pytest.mark.parametrize("sign", ["x", '"', "é"])
def test_no_part_of_a_secret_in_a_message_that_is_cut(contract: Contract, operation: Operation, sign: str) -> None:
    """A message shows the beginning of a long text, in which only the beginning of the secret may be."""
    secret = f"CANARY-{sign}{'0123456789' * 30}"
    body = json.dumps({"error_code": "GOM.00007256", "error_msg": "e" * 60 + secret}).encode()
    target = Direct(operation, lambda *_: (400, JSON, body))
    target.wire.credentials = Token(secret, Headers.of(contract.document))
    found = json.dumps(tree(judge(contract, operation, target, Settings(generated=0, fail_fast=True)), {}, TODAY))
    assert "e" * 60 + "***" in found
    assert "CANARY" not in found


def entry(**changes: Any) -> KnownFailure:
    """A known failure that fits."""
    fits = {"id": BROKEN, "reason": "the cap is silent", "link": "https://example.com/1", "expires": date(2026, 12, 31)}
    return KnownFailure(**{**fits, **changes})


def test_a_known_failure_does_not_fail_the_gate(run: Run) -> None:
    """The breach is shown, named with its reason, and not counted."""
    found = tree(run, {BROKEN: entry()}, TODAY)
    assert (found["exit_code"], found["breaches"], found["complaints"]) == (0, [], [])
    assert "Known failures, not counted: COC-T1-per_page-max" in text.console(found, FOLDER)
    assert "the cap is silent" in html(found)


def test_an_entry_that_was_not_judged_is_no_complaint(contract: Contract, operation: Operation) -> None:
    """A run that ends early does not know whether a known failure is needed."""
    unjudged = Run(
        contract, operation, Target("http://x", operation), Settings(), Ledger.of(obligations(contract, operation))
    )
    found = tree(unjudged, {BROKEN: entry()}, TODAY)
    assert (found["exit_code"], found["complaints"]) == (0, [])


@pytest.mark.parametrize(
    ("known_failure", "complaint"),
    [
        (entry(expires=date(2026, 11, 22)), "expired on 2026-11-22"),
        (entry(id="COC-T1-page-max"), "is not needed any more (verdict: pass)"),
    ],
)
def test_an_expired_or_unused_entry_fails(run: Run, known_failure: KnownFailure, complaint: str) -> None:
    """A promise that is broken, or not needed, is told and fails the run."""
    found = tree(run, {known_failure.id: known_failure}, TODAY)
    assert found["exit_code"] == 1
    assert complaint in found["complaints"][0]
    assert complaint in text.console(found, FOLDER)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("{", "cannot be read"),
        ("a: b", "a list of entries is expected"),
        ("- {id: COC-T1-page-max}", "it needs exactly id, reason, link, expires"),
        ("- {id: COC-T1-page-max, reason: r, link: l, expires: soon}", "expires must be a day"),
        ("- {id: COC-T1-page-max, reason: '', link: l, expires: 2027-01-01}", "must be texts that say something"),
        ("- {id: COC-NO, reason: r, link: l, expires: 2027-01-01}", "the contract has no obligation COC-NO"),
        ("- &a {id: COC-T1-page-max, reason: r, link: l, expires: 2027-01-01}\n- *a", "is listed twice"),
    ],
)
def test_a_file_of_known_failures_that_cannot_be_used(
    contract: Contract, operation: Operation, tmp_path: Path, content: str, complaint: str
) -> None:
    """The complaint names the file, the entry and what would be right."""
    file = tmp_path / "known.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(KnownFailuresError, match=re.escape(str(file)) + ".*" + re.escape(complaint)):
        known.load(file, {owed.id for owed in obligations(contract, operation)})


def test_known_failures_load(tmp_path: Path) -> None:
    """YAML with a day, quoted or not."""
    file = tmp_path / "known.yaml"
    file.write_text(f"- {{id: {BROKEN}, reason: r, link: l, expires: '2027-01-31'}}", encoding="utf-8")
    assert known.load(file, {BROKEN}) == {BROKEN: KnownFailure(BROKEN, "r", "l", date(2027, 1, 31))}


def test_coverage_counts_what_was_judged(contract: Contract, operation: Operation, run: Run) -> None:
    """All probes of a whole run are judged, a failing one included; of an empty run none is."""
    covered = tree(run, {}, TODAY)["coverage"]["request"]
    assert covered["judged"] == covered["needed"] > 200
    run_of_nothing = Run(contract, operation, run.target, Settings(), Ledger.of(obligations(contract, operation)))
    assert tree(run_of_nothing, {}, TODAY)["coverage"]["request"]["judged"] == 0
    assert {one.verdict for one in run_of_nothing.ledger} == {Verdict.SKIPPED}
