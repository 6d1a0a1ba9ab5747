"""The score of the gate: its catalogue, what it counts as found, and its table."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import define, evolve, field

from contract_tests import mock, score, stock
from contract_tests.contract import Contract, Level
from contract_tests.target import Target

FAMILIES = {
    "answers",
    "authentications",
    "bounds",
    "combinations",
    "conditions",
    "connections",
    "counting",
    "operators",
    "paging",
    "projections",
    "refusals",
    "sorting",
    "statuses",
    "totals",
}


def test_catalogue_is_large_and_told() -> None:
    """At least 150 faults in every family of the issue, each with a sentence, each name once."""
    faults = [fault for fault in score.catalogue() if fault.family != score.UNOBSERVABLE]
    assert set() == FAMILIES - {fault.family for fault in faults}
    assert len(faults) >= 150
    assert len({fault.name for fault in faults}) == len(faults)
    assert [] == [fault.name for fault in faults if not fault.says.endswith(".")]


def test_catalogue_is_the_mocks_own() -> None:
    """The mock can be told to have each of them."""
    told = subprocess.run(  # the mock is another program to the gate
        [sys.executable, "-m", "mock_service", "faults"], capture_output=True, text=True, check=True
    )
    assert sorted(line.split()[0] for line in told.stdout.splitlines()) == sorted(f.name for f in score.catalogue())


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("in-takes-the-first-value", "COC-R-"),
        ("like-folds-case", "COC-R-filter-"),
        ("size-too-large", "COC-T1-per_page"),
    ],
)
def test_found_by(name: str, found: str) -> None:
    """A documented fault, an assumed one and a bound, each found by an obligation of its own kind."""
    fault = next(fault for fault in score.catalogue() if fault.name == name)
    with mock.started(["--serve-faults", "--tickets", "120"]) as url:
        outcome = score.judged(fault, f"{url}/faults/{name}", 1, {})
    assert str(outcome.found).startswith(found)
    assert 1 == outcome.exit_code


def test_unobservable_faults_change_no_answer() -> None:
    """What is left out of the score answers byte for byte like the sound mock, to a query that touches it."""
    operation = Contract.load().operations[0]
    queries = [
        {"sort_filter": {"field": "x" * length, "operator": "desc", "values": ["x"]}} for length in (255, 256, 300)
    ]
    filters = [{"field": "ticket_id", "operator": operator, "values": ["IM", "1"]} for operator in ("like", "!=", "in")]
    queries += [{"string_filters": filters[:2]}, {"int_filters": filters[1:]}, {"contain_total": False}, {}]
    left_out = [fault.name for fault in score.catalogue() if fault.family == score.UNOBSERVABLE]
    with mock.started(["--serve-faults", "--tickets", "50"]) as url:
        sound = Target(url, operation)
        for name in left_out:
            wrong = Target(f"{url}/faults/{name}", operation)
            for query in queries:
                assert _said(sound, query) == _said(wrong, query), name
            wrong.wire.close()
        sound.wire.close()


def _said(target: Target, query: dict[str, object]) -> tuple[int, bytes]:
    """Status and body; a refusal's words may name another place."""
    exchange = target.query(query)
    return exchange.status, exchange.response_body if exchange.ok else b""


def test_unknown_fault_is_a_users_mistake(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A name that is none exits 2 with a sentence, and runs nothing."""
    assert 2 == score.main(["--fault", "no-such-fault", "--report", str(tmp_path / "score")])
    assert "no fault or family ['no-such-fault']" in capsys.readouterr().err
    assert not (tmp_path / "score").exists()


def test_score_that_cannot_be_written_is_not_made(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """A report folder that cannot be is told before minutes of work, with exit 2."""
    (tmp_path / "file").write_text("")
    assert 2 == score.main(["--fault", "size-too-large", "--report", str(tmp_path / "file" / "score")])
    assert "nothing can be written there" in capsys.readouterr().err


def test_table_counts_by_family() -> None:
    """One line a family, and one for all; the stock tool's column only where it was asked."""
    outcomes = [
        score.Outcome("a", "paging", Level.DOCUMENTED.value, "A.", "COC-R-page-slice", 1, 30, 1.0, True),
        score.Outcome("b", "paging", Level.DOCUMENTED.value, "B.", None, 0, 600, 9.0),
    ]
    lines = score.table(outcomes).splitlines()
    assert ["| paging | 2 | 1 | 1 | 1 of 1 |", "| **all** | 2 | 1 | 1 | 1 of 1 |"] == lines[-2:]


@pytest.mark.parametrize(("requests", "expected"), [(100, 0), (101, 1)])
def test_a_late_gate_fails_its_score(requests: int, expected: int, tmp_path: Path) -> None:
    """All found is not enough: of the documented semantic faults nine of ten are found within 100 requests."""
    found = [
        *(score.Outcome(f"early {i}", "paging", "documented", "A.", "COC-R-total", 1, 40, 1.0) for i in range(8)),
        score.Outcome("turning point", "sorting", "documented", "B.", "COC-R-sort", 1, requests, 1.0),
        score.Outcome("late", "totals", "documented", "C.", "COC-R-total", 1, 300, 1.0),
        score.Outcome("no semantic fault", "answers", "documented", "D.", "COC-T5-data-type", 1, 300, 1.0),
        score.Outcome("an assumption", "sorting", "assumed", "E.", "COC-R-sort-assumed", 1, 300, 1.0),
    ]
    assert expected == score.report(found, 1.0, score.options(["--report", str(tmp_path)]))
    told = json.loads((tmp_path / "score.json").read_text("utf-8"))["early"]
    assert {"requests": 100, "semantic": 10, "found": 9 - expected, "share": 0.9 - expected / 10} == told


@define
class ScriptedCli:
    """Stands in for the stock CLI: fails where it is told to, and writes down where it was sent."""

    failing: frozenset[str]
    setting: str = "a setting"
    sent: list[str] = field(factory=list)

    def fails(self, path: str = "") -> tuple[bool, str]:
        """As the CLI's own."""
        self.sent.append(path)
        return path in self.failing, "ST108 Response violates schema" if path in self.failing else ""


def _outcomes(*names: str) -> list[score.Outcome]:
    return [score.Outcome(name, "paging", "documented", f"{name}.", "COC-R-page-slice", 1, 9, 1.0) for name in names]


def test_stock_outcomes_survive(tmp_path: Path) -> None:
    """An outcome is a line of a file; a later run asks only for what is not there, and passes over a line cut short."""
    file = tmp_path / "stock.jsonl"
    first = ScriptedCli(frozenset({"/faults/a"}))
    half = stock.beside(_outcomes("a", "b", "c", "d"), 2, 1, first, file)
    assert [True, None, False, None] == [one.stock for one in half]
    assert ["", "", "", "/faults/a", "/faults/c"] == first.sent
    with file.open("a") as opened:
        opened.write('{"name": "b", "sa\n')
    second = ScriptedCli(frozenset({"/faults/d"}))
    whole = stock.beside(_outcomes("a", "b", "c", "d"), 1, 1, second, file)
    assert [True, False, False, True] == [one.stock for one in whole]
    assert ["", "", "", "/faults/b", "/faults/d"] == second.sent


def test_stock_outcomes_of_another_setting_are_not_used(tmp_path: Path) -> None:
    """Another release, option or contract, or a fault that says something else now, is measured anew."""
    file = tmp_path / "stock.jsonl"
    stock.beside(_outcomes("a"), 1, 1, ScriptedCli(frozenset({"/faults/a"})), file)
    other = ScriptedCli(frozenset(), "another setting")
    assert [False] == [one.stock for one in stock.beside(_outcomes("a"), 1, 1, other, file)]
    changed = [evolve(one, says="It does something else.") for one in _outcomes("a")]
    assert [False] == [one.stock for one in stock.beside(changed, 1, 1, ScriptedCli(frozenset()), file)]


def test_stock_that_cries_wolf_is_not_measured(tmp_path: Path) -> None:
    """When the stock CLI fails against the sound mock, no fault counts as found and nothing is written."""
    file = tmp_path / "stock.jsonl"
    with pytest.raises(stock.StockFailed, match="ST108 Response violates schema"):
        stock.beside(_outcomes("a"), 1, 1, ScriptedCli(frozenset({"", "/faults/a"})), file)
    assert not file.exists()


def test_stock_that_does_not_run_is_no_miss(tmp_path: Path) -> None:
    """Exit codes of the CLI other than 0 and 1 stop the measurement; they say nothing about the service."""
    cli = evolve(stock.Cli.of(Contract.load(), "not a URL", "token", tmp_path), operation="NoSuchOperation")
    with pytest.raises(stock.StockFailed, match="the stock CLI exited 2"):
        cli.fails()


def test_score_is_read_back_only_whole(tmp_path: Path) -> None:
    """The last score counts when it has the seed and every fault as it is now; a part of it answers for a part."""
    faults = score.catalogue()[:3]
    outcomes = [score.Outcome(f.name, f.family, f.level.value, f.says, "COC-S200-shape", 1, 5, 1.0) for f in faults]
    chosen = score.options(["--against", "schemathesis", "--report", str(tmp_path)])
    assert [] == score.stored(faults, chosen)
    score.report(outcomes, 3.0, chosen)
    assert outcomes == score.stored(faults, chosen)
    assert outcomes[:1] == score.stored(faults[:1], chosen)
    assert [] == score.stored([*faults[:2], evolve(faults[2], says="Another.")], chosen)
    assert [] == score.stored(faults, score.options(["--seed", "2", "--report", str(tmp_path)]))


@pytest.mark.campaign
def test_stock_beside_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The stock CLI is silent on the sound mock, finds a broken type, and does not see a filter gone wrong."""
    words = ["--fault", "total-is-text", "--fault", "in-takes-the-first-value", "--fault", "everybody-let-in"]
    assert 0 == score.main([*words, "--against", "schemathesis", "--report", str(tmp_path)])
    assert "| **all** | 3 | 3 | 3 | 2 of 3 |" in capsys.readouterr().out
    by = {one["name"]: one["by"] for one in map(json.loads, (tmp_path / "stock.jsonl").read_text().splitlines())}
    assert {
        "total-is-text": "ST108 Response violates schema",
        "in-takes-the-first-value": "",
        "everybody-let-in": "ST401 API accepts requests without authentication",
    } == by
