"""`review`: one Markdown comment that rates a change, tells a stale client, and names the lines of users that break."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from generator import review

ROOT = Path(__file__).resolve().parents[2]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
USE = """
from coc_incidents import Client


def test_listing(client: Client) -> None:
    assert client.list_incidents().total == 0
    assert client.no_such_method() == 0
"""


def git(folder: Path, *arguments: str) -> None:
    """Run git without the user's own settings."""
    names = ("user.name=T", "user.email=t@example.com", "commit.gpgsign=false", "tag.gpgsign=false")
    settings = [word for name in names for word in ("-c", name)]
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


def released(folder: Path, *more: str) -> Path:
    """A copy of what `review` reads, committed and tagged v0."""
    ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
    for name in ("generator", "generated_client", "spec", *more):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copyfile(ROOT / "LICENSE", folder / "LICENSE")
    if not more:
        (folder / "tests" / "generated_client").mkdir(parents=True)
        (folder / "tests" / "generated_client" / "test_use.py").write_text(USE, encoding="utf-8")
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "Released")
    git(folder, "tag", "v0")
    return folder


def command(tree: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """The generator's command in a tree."""
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    line = [sys.executable, "-m", "generator", *words]
    return subprocess.run(line, cwd=tree, env=environment, capture_output=True, text=True, check=False)


def edit(tree: Path, *pairs: tuple[str, str]) -> None:
    """Replace texts of the contract that must be there."""
    path = tree / "spec" / "openapi.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new, 1)
    path.write_text(text, encoding="utf-8")


def test_a_renamed_method_is_told_with_the_lines_that_break(tmp_path: Path) -> None:
    """The rating, a current client, and the users' lines of the old version that the new client does not take."""
    tree = released(tmp_path)
    edit(tree, ("operationId: ListIncidents\n", "operationId: QueryIncidents\n"))
    assert 0 == command(tree, "generate").returncode
    done = command(tree, "review", "v0")
    assert (1, "") == (done.returncode, done.stderr)
    assert "| the method list_incidents is now query_incidents |" in done.stdout
    assert "raise it, and say in CHANGELOG.md what users notice" in done.stdout
    assert "### Generated client\n\nCurrent: it is what the contract generates." in done.stdout
    uses = done.stdout.partition("### Code written for v0")[2]
    assert re.search(r"Of 2 files of examples and tests, the type checker finds \d+ lines that break:", uses)
    assert '`tests_generated_client_test_use.py:6: error: "Client" has no attribute "list_incidents"' in uses
    assert "generated_client_README_md.py:" in uses
    assert uses.index("README_md.py:") < uses.index("test_use.py:"), "what most users wrote the like of comes first"
    assert "no_such_method" not in uses, "what the old client refused as well is none of the change's"


def test_a_client_that_was_not_generated_is_stale(tmp_path: Path) -> None:
    """A contract edited without `make generate` exits 1, and the files that differ are listed."""
    tree = released(tmp_path)
    shutil.rmtree(tree / "tests")
    edit(tree, ("How many tickets a page holds.", "How many tickets come at once."))
    done = command(tree, "review", "v0")
    assert 1 == done.returncode
    assert "| cosmetic | `ListIncidentsRequestBody.per_page` |" in done.stdout
    stale = (
        "generated_client/coc_incidents/models/list_incidents_request_body.py: differs from what the contract generates"
    )
    assert "**Stale**: run `make generate` and commit it.\n\n- `" in done.stdout
    assert f"- `{stale}`" in done.stdout
    assert "files of examples and tests type-check against the new client." in done.stdout


@pytest.mark.parametrize("base", ["no-such-revision", "--", "HEAD~99999"])
def test_an_unknown_revision_is_one_sentence(base: str) -> None:
    """A revision that is not there exits 2 with one sentence and no traceback."""
    done = command(ROOT, "review", base)
    assert 2 == done.returncode
    assert "Traceback" not in done.stderr


def test_a_long_list_is_cut() -> None:
    """A comment shows the first lines that break, and says how many more there are."""
    lines = [f"a.py:{number}: error: x" for number in range(100)]
    section = review._uses_section("v0", lines, 3)
    assert "finds 100 lines that break" in section
    assert f"- … and {100 - review._SHOWN} more" == section.splitlines()[-1]


@pytest.mark.campaign
def test_the_worked_example_of_contributing_is_real(tmp_path: Path) -> None:
    """CONTRIBUTING.md shows what the command prints, N for the numbers that would age (RECORD=1 writes it anew)."""
    tree = released(tmp_path, "tests/generated_client")
    version = re.search(r"^  version: (\S+)$", (tree / "spec" / "openapi.yaml").read_text("utf-8"), re.MULTILINE)
    assert version is not None
    major = f"{int(version[1].split('.')[0]) + 1}.0.0"
    edit(
        tree,
        ("operationId: ListIncidents\n", "operationId: QueryIncidents\n"),
        (f"version: {version[1]}", f"version: {major}"),
    )
    assert 0 == command(tree, "generate").returncode
    done = command(tree, "review", "HEAD")
    assert 1 == done.returncode
    lines = done.stdout.rstrip().splitlines()
    broken = [line for line in lines if line.startswith("- ")]
    shown = [next(line for line in broken if words in line) for words in ("README", "_test_")]
    told = [line for line in lines if line not in broken]
    comment = numberless("\n".join([*told, *shown, "- … and 2 more"]))
    text = CONTRIBUTING.read_text("utf-8")
    example = re.search(r"````markdown\n(.*?)\n````", text, re.DOTALL)
    assert example is not None
    if os.environ.get("RECORD"):
        CONTRIBUTING.write_text(text.replace(example[1], comment), encoding="utf-8")
        return
    assert nameless(example[1]) == nameless(comment)


def numberless(comment: str) -> str:
    """A comment without the numbers that the next test of the client changes."""
    return re.sub(r"(Of |finds |and |\.py:)\d+(?= files| lines| more|:)", r"\1N", comment)


def nameless(comment: str) -> str:
    """A comment without the name of a test's file: another test may break first."""
    return re.sub(r"_test_\w+\.py", "…", comment)
