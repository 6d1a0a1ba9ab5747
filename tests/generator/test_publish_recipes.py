"""Recipes: what is proven is really run, what is missing is never green, and the docs say what the recipes say."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from generator import publish
from generator.problems import Refused
from generator.publishing import forms, recipes, service
from generator.publishing.documents import load_contract, token_header, write_json

ROOT = Path(__file__).parents[2]
CONTRACT = load_contract()
PLAIN: dict[str, Any] = {
    **dict.fromkeys(("title", "generator", "version", "verified", "watch", "run", "program"), ""),
    "takes": "openapi-3.1.json",
    "tools": [],
    "generate": [],
    "keeps": [],
    "build": [],
}


@pytest.fixture
def outcome_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Carries out one recipe, written for the test, and gives its outcome."""
    monkeypatch.setattr(recipes, "LANGUAGES", tmp_path / "languages")
    monkeypatch.setattr(recipes, "WORK", tmp_path / "work")
    for name in ("openapi", "examples"):
        (tmp_path / "published" / name).mkdir(parents=True)
    (tmp_path / "published/examples/ListIncidents-page.json").write_text("{}", "utf-8")
    write_json(tmp_path / "published/openapi/openapi-3.1.json", CONTRACT)

    def carry_out(**words: Any) -> recipes.Outcome:
        (tmp_path / "languages/klingon").mkdir(parents=True)
        (tmp_path / "languages/klingon/recipe.yaml").write_text(json.dumps(PLAIN | words), "utf-8")
        chosen = recipes.choose(["klingon"], everything=False)
        return next(recipes.carry_out(chosen, tmp_path / "published", verify=True))

    return carry_out


def test_programs_send_the_token_in_the_header_that_the_contract_names() -> None:
    """A contract that calls the header otherwise shows which programs in other languages to change."""
    sources = [
        path.read_text("utf-8")
        for path in recipes.LANGUAGES.rglob("*")
        if path.suffix in {".go", ".java", ".kt", ".ts"}
    ]
    lines = [line for source in sources for line in source.splitlines() if "COC_AUTH_TOKEN" in line and '"X-' in line]
    assert len(lines) >= 5
    assert all(f'"{token_header(CONTRACT)}"' in line for line in lines)


def test_a_missing_tool_is_skipped_with_its_install_command(outcome_of: Any) -> None:
    """Without its toolchain a recipe is skipped, says what to install, and the exit code is not 0."""
    outcome = outcome_of(tools=[{"command": "klingon-compiler", "install": "apt-get install klingon"}], build=["true"])
    assert outcome.state == "skipped"
    assert "klingon-compiler is missing, install it with: apt-get install klingon" in str(outcome)


def test_a_failing_command_fails_with_its_last_words(outcome_of: Any) -> None:
    """A command that ends badly fails the recipe, and its last words are shown."""
    outcome = outcome_of(build=["sh -c 'echo type error in line 3; exit 4'"])
    assert outcome.state == "failed"
    assert "exits with 4:\ntype error in line 3" in outcome.says


def test_a_program_that_checks_nothing_fails(outcome_of: Any) -> None:
    """A program that is content with a wrong token proves nothing, and fails."""
    outcome = outcome_of(run="true")
    assert outcome.state == "failed"
    assert "its token is wrong: it proves nothing" in outcome.says


def test_a_program_that_is_missing_fails(outcome_of: Any) -> None:
    """A command that does not exist is a failure with a sentence, not a traceback."""
    assert "there is no such program" in outcome_of(build=["no-such-command-anywhere"]).says


@pytest.mark.parametrize(
    ("states", "expected"),
    [(["passed"], 0), (["passed", "skipped"], 2), (["skipped", "failed"], 1), (["generated"], 0), ([], 0)],
)
def test_the_exit_code_tells_the_worst(
    states: list[str], expected: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Exit 1 when a proof failed, 2 when one was skipped, 0 only when all that was asked for is done."""
    outcomes = [recipes.Outcome(recipes.read("go"), state, "") for state in states]
    monkeypatch.setattr(recipes, "carry_out", lambda *_, **__: iter(outcomes))
    monkeypatch.setattr(publish, "build_client", lambda *_: None)
    options = argparse.Namespace(language=["go"], verify=True, tag=None, output=tmp_path / "out")
    assert publish.run(options) == expected


def test_the_callers_credentials_stay_out(outcome_of: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A recipe's commands do not see the keys of whoever runs them."""
    monkeypatch.setenv("HUAWEICLOUD_SDK_SK", "a-real-secret")
    monkeypatch.setenv("COC_AUTH_TOKEN", "a-real-token")
    outcome = outcome_of(build=["sh -c 'env | grep -c a-real; exit 9'"])
    assert "exits with 9:\n0" in outcome.says


def test_an_unknown_language_is_refused() -> None:
    """A language without a recipe is refused, and those with one are named."""
    with pytest.raises(Refused, match=r"No recipe for cobol; there are .*go, java") as refusal:
        recipes.choose(["cobol"], everything=False)
    assert refusal.value.exit_code == 2


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_is_pinned_and_takes_what_it_says(name: str) -> None:
    """A recipe reads the form that it names, and each version it states is one that its files or our pins fix."""
    recipe = recipes.read(name)
    text = "\n".join(recipe.generate)
    if recipe.generate:
        assert recipe.takes in text
    if recipe.program:
        assert (recipe.folder / recipe.program).is_file()
    files = [path for path in recipe.folder.rglob("*") if path.name in ("package.json", "go.mod")]
    pins = "\n".join(path.read_text("utf-8") for path in [ROOT / "constraints.txt", *files])
    for version in recipe.version.split(", ") if recipe.version else []:
        assert re.search(rf"(==|@|\"|v){re.escape(version)}\b", pins), f"{version} is pinned nowhere"


def test_no_lock_file_records_an_address() -> None:
    """Lock files name versions and hashes, never the registry that they came from."""
    locks = [*recipes.LANGUAGES.rglob("package-lock.json")]
    assert locks
    assert [str(path) for path in locks if '"resolved"' in path.read_text("utf-8")] == []


def test_the_docs_have_the_table_of_the_recipes() -> None:
    """docs/languages.md says of each language what its recipe says."""
    assert recipes.table() in (ROOT / "docs/languages.md").read_text("utf-8")


def run_python_program(address: str, token: str = service.TOKEN) -> subprocess.CompletedProcess[str]:
    """The Python program of the recipes, with the client installed here."""
    recipe = recipes.read("python")
    example = ROOT / "spec/source/examples/request.json"
    settings = {"COC_ENDPOINT": address, "COC_AUTH_TOKEN": token, "COC_EXAMPLE": str(example)}
    command = [sys.executable, str(recipe.folder / recipe.program)]
    return subprocess.run(command, env={**os.environ, **settings}, capture_output=True, text=True, check=False)


def test_the_python_program_is_content_with_a_right_service_alone(tmp_path: Path) -> None:
    """The program passes against the mock, and not with a wrong token."""
    with service.mock_service(tmp_path) as address:
        assert run_python_program(address).returncode == 0
        assert run_python_program(address, token="wrong").returncode != 0


def test_the_python_program_notices_a_wrong_answer(tmp_path: Path) -> None:
    """The program fails against a mock that answers the first page whatever is asked for."""
    with service.mock_service(tmp_path, "--fault", "first-page-always") as address:
        assert "wrong answer" in run_python_program(address).stderr


def test_a_mock_that_does_not_come_up_says_why(tmp_path: Path) -> None:
    """When the mock refuses to start, its own last words are in the refusal."""
    with pytest.raises(Refused, match="there is no fault 'no-such-fault'"):
        service.mock_service(tmp_path, "--fault", "no-such-fault").__enter__()


def test_the_wire_service_sends_what_the_wire_form_says(tmp_path: Path) -> None:
    """Every member of a union comes with the type that the wire form keeps, in every ticket."""
    wire, changes = forms.wire_form(CONTRACT)
    unions = [change for change in changes if " or " in change.contract and "/IncidentDataInfo/" in change.at]
    kept = {change.at.rpartition("/")[2]: change.form for change in unions}
    with service.wire_service(tmp_path, CONTRACT, wire) as address:
        headers = {"X-Auth-Token": service.TOKEN}
        answer = httpx.post(address + "/v2/incidents/list", json={"contain_all": True}, headers=headers).json()
    tickets = answer["data"]["tickets"]
    assert len(tickets) > 100
    seen = {(name, forms.json_type(ticket[name])) for ticket in tickets for name in kept if name in ticket}
    assert seen == set(kept.items())


def test_the_release_job_verifies_before_it_attaches() -> None:
    """A tag releases; a pull request rehearses; only a tag attaches, and only what was verified."""
    text = (ROOT / ".github/workflows/release.yml").read_text("utf-8")
    workflow = yaml.load(text, Loader=yaml.BaseLoader)
    assert workflow["on"]["push"]["tags"] == ["v*"]
    assert "pull_request" in workflow["on"]
    jobs = workflow["jobs"]
    assert (jobs["attach"]["needs"], jobs["attach"]["if"]) == ("publish", "github.ref_type == 'tag'")
    commands = [step.get("run", "") for step in jobs["publish"]["steps"]]
    assert any("generator publish --verify --tag" in command for command in commands)
    parser = argparse.ArgumentParser()
    publish.add_arguments(parser)
    known = {option for action in parser._actions for option in action.option_strings}
    used = {option for command in commands for line in re.findall(r"generator publish (.*)", command)
            for option in re.findall(r"--\w+", line)}  # fmt: skip
    assert used - known == set()


def test_one_recipe_that_cannot_be_judged_does_not_stop_the_others(
    outcome_of: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the mock does not come up for a recipe, that recipe fails, with the reason, and the run goes on."""

    def broken(*_: Any) -> Any:
        raise Refused("The mock does not start.")

    monkeypatch.setattr(recipes, "_service", broken)
    outcome = outcome_of(run="true")
    assert (outcome.state, outcome.says) == ("failed", "The mock does not start.")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in recipes.LANGUAGES.glob("*/recipe.yaml")))
def test_no_command_needs_a_shell(name: str) -> None:
    """A recipe's commands run without a shell: none begins with a word of its grammar, or joins two commands."""
    recipe = recipes.read(name)
    words = [shlex.split(command) for command in (*recipe.generate, *recipe.build, recipe.run) if command]
    grammar = {"for", "while", "if", "cd", "export", "&&", "||", "|", ";", ">"}
    assert [] == [command for command in words if command[0] in grammar or grammar & set(command)]
