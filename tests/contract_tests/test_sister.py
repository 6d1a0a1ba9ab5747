"""The gate on an operation that the page does not have, below another's items: all of it from the contract."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from attrs import evolve

from contract_tests import linking, listing, mock
from contract_tests import parameters as path
from contract_tests.command_line import main, parameters
from contract_tests.contract import Contract, Level, Operation
from contract_tests.ledger import Kind, Ledger, Verdict
from contract_tests.obligations import obligations
from contract_tests.relation import Session
from contract_tests.run import Run, Settings, judge
from contract_tests.target import Budget, Target, Wire

BOTH = (Level.DOCUMENTED, Level.ASSUMED)
FAULTS = {
    "or-is-and": "R-condition",
    "not-equal-is-equal": "R-filter-ne",
    "total-is-one-more": "R-",
    "sort-ignored": "R-",
    "first-count-everywhere": "R-count",
    "code-is-a-number": "error_code-type",
    "refusal-is-422": "S-listed",
}
#: What the mock's own data and a run without credentials cannot show.
NOT_SHOWN = {"TicketInfoEnumData.model_id-type", "S200-empty"}


@pytest.fixture(scope="module")
def sister(contract: Contract) -> Operation:
    """The second operation of the contract."""
    return contract.operation("ListIncidentsHistories")


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A mock that serves every fault too."""
    with mock.started(["--serve-faults", "--tickets", "300"]) as url:
        yield url


def run(contract: Contract, operation: Operation, url: str, **settings: Any) -> Run:
    """One run in which an assumption's breach fails."""
    return judge(contract, operation, Target(url, operation, Wire(Budget(600))), Settings(failing=BOTH, **settings))


def test_a_sound_sister_conforms_and_every_rule_was_exercised(contract: Contract, sister: Operation, url: str) -> None:
    """Within 600 requests no obligation is broken, and none of the request, the answers or relations is left open."""
    found = run(contract, sister, url, generated=20)
    assert (0, [], "") == (found.exit_code, found.ledger.breaches(), found.stopped)
    open_ = {
        sister.short(result.obligation.id).removeprefix("COC-")
        for result in found.ledger
        if result.verdict is not Verdict.PASS and result.obligation.kind is not Kind.AUTHENTICATION
    }
    assert set() == {id for id in open_ - NOT_SHOWN if not id.endswith("-shape")}
    assert len([one for one in found.ledger if one.obligation.kind is Kind.RELATION]) > 30


def test_an_operation_without_total_owes_none(contract: Contract, sister: Operation, url: str) -> None:
    """A contract that says nowhere how many items there are is held to its counts and its pages alone."""
    silent = evolve(sister, pagination=evolve(sister.pagination, total=None))
    found = run(contract, silent, url, generated=0)
    assert (0, [], "") == (found.exit_code, found.ledger.breaches(), found.stopped)
    held = {one.obligation.id: one.verdict for one in found.ledger}
    assert Verdict.PASS is held[sister.full("COC-R-count-total")]


@pytest.mark.parametrize(("fault", "by"), FAULTS.items(), ids=FAULTS)
def test_a_fault_of_the_sister_is_found(contract: Contract, sister: Operation, url: str, fault: str, by: str) -> None:
    """Faults that know no operation break the sister too, and the gate names the rule that is broken."""
    found = run(contract, sister, f"{url}/faults/{fault}", fail_fast=True)
    assert [1, True] == [found.exit_code, by in found.ledger.breaches()[0].obligation.id]


def test_the_page_is_not_held_responsible(contract: Contract, sister: Operation, url: str) -> None:
    """All that the sister owes is assumed: without --level assumed a faulty one conforms."""
    assert {Level.ASSUMED} == {owed.level for owed in listing.listed(contract, sister)}
    target = Target(f"{url}/faults/or-is-and", sister, Wire(Budget(60)))
    found = judge(contract, sister, target, Settings(generated=0))
    assert 0 == found.exit_code
    assert [Verdict.FAIL] == list({one.verdict for one in found.ledger if one.obligation.id.endswith("R-condition")})


def test_no_two_operations_share_an_id(contract: Contract) -> None:
    """Each id belongs to one obligation of one operation; `explain` finds it in whichever has it."""
    ids = [owed.id for operation in contract.operations for owed in listing.listed(contract, operation)]
    assert sorted(set(ids)) == sorted(ids)
    assert all(id.startswith("COC-") for id in ids)


def test_explain_and_obligations_know_every_operation(capsys: pytest.CaptureFixture[str]) -> None:
    """An id is explained whosever it is; `obligations --operation` lists one operation's."""
    assert 0 == main(["explain", "COC-ListIncidentsHistories-T3-operator-enum"])
    shown = capsys.readouterr().out
    assert "the page does not have the operation" in shown
    assert "rejects  string_filters[0].operator: 'between'" in shown
    assert 2 == main(["explain", "COC-T1-per_page-max", "--operation", "ListIncidentsHistories"])
    assert "no obligation has the id COC-T1-per_page-max" in capsys.readouterr().err
    assert 0 == main(["obligations", "--operation", "ListIncidentsHistories"])
    assert "0 documented" in capsys.readouterr().out
    assert 2 == main(["obligations", "--operation", "ListNothing"])
    assert "it has ListIncidents, ListIncidentsHistories" in capsys.readouterr().err


def test_a_link_followed_backwards_gives_the_path_its_value(contract: Contract, sister: Operation, url: str) -> None:
    """Of the first tickets that the linking operation answers, the one with most histories is taken."""
    target = Target(url, sister, Wire(Budget(20)))
    linking.fill(contract, target)
    first, *tried = target.exchanges
    assert "/v2/incidents/list" == first.url.removeprefix(url)
    most = max(len(exchange.json()["data"]["info"]) for exchange in tried)
    assert most == len(target.query({}).json()["data"]["info"]) > 10
    assert {"incident_id": target.parameters["incident_id"]} == target.parameters


def test_a_value_that_is_given_is_not_looked_for(contract: Contract, sister: Operation, url: str) -> None:
    """`--path-parameter` goes into every request, and the linking operation is not asked."""
    target = Target(url, sister, Wire(Budget(5)), parameters=parameters(sister, ["incident_id=IM 1"]))
    judge(contract, sister, target, Settings())
    assert {f"{url}/v2/incidents/IM%201/histories"} == {exchange.url for exchange in target.exchanges}


def test_the_bound_of_a_parameter_in_the_path_is_probed(contract: Contract, sister: Operation, url: str) -> None:
    """A service that takes longer values than the contract breaks its obligation; one that does not keeps it."""
    verdicts = []
    for most in (50, 40):
        parameter = evolve(sister.parameters[0], schema={**sister.parameters[0].schema, "maxLength": most})
        told = evolve(sister, parameters=(parameter,))
        ledger = Ledger.of(obligations(contract, told))
        session = Session(contract, told, Target(url, told, Wire(Budget(9))), Random(1))
        assert 3 == len(list(path.run(session, ledger)))
        verdicts.append(ledger.results["COC-path.incident_id-maxlength"].verdict)
        assert Verdict.PASS is ledger.results["COC-X-unknown-incident_id"].verdict
    assert [Verdict.PASS, Verdict.FAIL] == verdicts


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--operation", "ListIncidentsHistories", "--path-parameter", "x=1"], "it has incident_id"),
        (["--operation", "ListIncidentsHistories", "--path-parameter", "incident_id"], "takes NAME=VALUE"),
        (["--path-parameter", "x=1"], "it has none"),
    ],
)
def test_a_wrong_path_parameter_is_a_users_mistake(
    words: list[str], says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2 and a sentence that names what would be right."""
    assert 2 == main(["--target", "http://127.0.0.1:9", "--report", str(tmp_path), *words])
    assert says in capsys.readouterr().err


def test_nothing_to_start_from_cannot_be_judged(contract: Contract, sister: Operation, url: str) -> None:
    """When the linking operation answers nothing, the run says so, and how to go on."""
    nowhere = f"{url}/faults/no-such-fault"
    found = run(contract, sister, nowhere)
    assert (2, True) == (found.exit_code, "give one with --path-parameter incident_id=VALUE" in found.stopped)
    lonely = evolve(sister, parameters=(evolve(sister.parameters[0], link=None, example=None),))
    assert "Nothing tells a value for incident_id" in run(contract, lonely, url).stopped
