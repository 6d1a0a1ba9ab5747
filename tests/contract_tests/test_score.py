"""The score of the gate: its catalogue, what it counts as found, and its table."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from contract_tests import mock, score
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


def test_table_counts_by_family() -> None:
    """One line a family, and one for all; the stock tool's column only where it was asked."""
    outcomes = [
        score.Outcome("a", "paging", Level.DOCUMENTED.value, "A.", "COC-R-page-slice", 1, 30, 1.0, True),
        score.Outcome("b", "paging", Level.DOCUMENTED.value, "B.", None, 0, 600, 9.0),
    ]
    lines = score.table(outcomes).splitlines()
    assert ["| paging | 2 | 1 | 1 of 1 |", "| **all** | 2 | 1 | 1 of 1 |"] == lines[-2:]
