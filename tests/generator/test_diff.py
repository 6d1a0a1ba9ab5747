"""`python -m generator diff BASE`: where the base comes from, what is printed, which version it makes."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from generator.__main__ import main
from generator.changes import Rating
from generator.document import Document, load
from generator.versions import next_version, version_problems

SPEC = Path("spec/openapi.yaml")


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """The contract, committed and tagged v1.0.0 in a repository of its own."""
    (tmp_path / "spec").mkdir()
    target = tmp_path / "spec" / "openapi.yaml"
    shutil.copy(SPEC, target)
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "The contract")
    git(tmp_path, "tag", f"v{version()}")
    return target


def git(folder: Path, *arguments: str) -> None:
    """Run git without the user's own settings."""
    settings = [
        "-c",
        "user.name=T",
        "-c",
        "user.email=t@example.com",
        "-c",
        "commit.gpgsign=false",
        "-c",
        "tag.gpgsign=false",
    ]
    subprocess.run(["git", *settings, *arguments], cwd=folder, check=True, capture_output=True)


def version() -> str:
    """The contract's version."""
    return str(load(SPEC).data["info"]["version"])


def major() -> str:
    """The version after a breaking change."""
    return next_version(version(), Rating.BREAKING)


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there, once."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_nothing_changed_is_one_sentence(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a change there is one sentence and exit 0."""
    assert 0 == main(["diff", f"v{version()}", "--spec", str(spec), "--fail-on", "cosmetic"])
    assert f"Nothing changed since v{version()} ({version()}).\n" == capsys.readouterr().out


def test_the_table_says_what_changed_for_whom(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A tightened bound of the request is one breaking line, with what the client does and the next version."""
    edit(spec, "maximum: 200\n", "maximum: 100\n")
    assert 0 == main(["diff", f"v{version()}", "--spec", str(spec)])
    assert [
        "breaking    ListIncidentsRequestBody.per_page  maximum 200 → 100  [request]",
        f"{'':<47}client: checks `per_page` against the new bound before it sends",
        "",
        f"1 breaking, 0 compatible, 0 cosmetic since v{version()} ({version()}). "
        f"Next version: {major()}; info.version is {version()}: raise it, and say in CHANGELOG.md what users notice.",
    ] == capsys.readouterr().out.splitlines()


def test_json_has_the_same_as_data(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Programs get every change with its rating, place, values, direction and effect on the client."""
    edit(spec, "maximum: 200\n", "maximum: 500\n")
    assert 0 == main(["diff", f"v{version()}", "--spec", str(spec), "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert {
        "base": f"v{version()}",
        "base_version": version(),
        "version": version(),
        "proposed_version": next_version(version(), Rating.COMPATIBLE),
        "version_fits": False,
        "rating": "compatible",
        "counts": {"breaking": 0, "compatible": 1, "cosmetic": 0},
        "changes": [
            {
                "rating": "compatible",
                "place": "ListIncidentsRequestBody.per_page",
                "keyword": "maximum",
                "before": 200,
                "after": 500,
                "direction": "request",
                "client": "checks `per_page` against the new bound before it sends",
            }
        ],
    } == told


def test_markdown_is_a_table_for_a_comment(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Markdown has one row a change, and a vertical bar in a value does not break the row."""
    edit(spec, "description: How many tickets a page holds.", "description: Tickets | page.")
    assert 0 == main(["diff", f"v{version()}", "--spec", str(spec), "--format", "markdown"])
    lines = capsys.readouterr().out.splitlines()
    words = "description How many tickets a page holds. → Tickets \\| page."
    assert f"| cosmetic | `ListIncidentsRequestBody.per_page` | {words} | request |  |" == lines[4]


@pytest.mark.parametrize(("threshold", "code"), [("breaking", 0), ("compatible", 1), ("cosmetic", 1)])
def test_fail_on_sets_the_exit_code(threshold: str, code: int, spec: Path) -> None:
    """`--fail-on` exits 1 when a change is at least as grave as it says."""
    edit(spec, "maximum: 200\n", "maximum: 500\n")
    assert code == main(["diff", f"v{version()}", "--spec", str(spec), "--fail-on", threshold])


def test_a_file_is_a_base_too(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file that exists is the base, without git."""
    base = tmp_path / "before.yaml"
    shutil.copy(SPEC, base)
    edit(spec, "operationId: ListIncidents", "operationId: QueryIncidents")
    assert 0 == main(["diff", str(base), "--spec", str(spec)])
    assert "the method list_incidents is now query_incidents" in capsys.readouterr().out


def test_outside_a_repository_there_is_no_revision(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without git a base is a file; another name gives exit 2 and one sentence that says so."""
    shutil.copy(SPEC, tmp_path)
    assert 2 == main(["diff", "v1.0.0", "--spec", str(tmp_path / SPEC.name)])
    told = capsys.readouterr().err
    assert told.startswith("v1.0.0 is no file, and ")
    assert "is in no git repository; name the file" in told


def test_an_unknown_base_is_told(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A base that is neither file nor revision gives exit 2, one sentence and the nearest tag."""
    assert 2 == main(["diff", "v0.9", "--spec", str(spec)])
    assert (
        f"v0.9 is neither a file nor a git revision that has openapi.yaml; the nearest tag is v{version()}; "
        "name one that is, such as HEAD~1\n"
    ) == capsys.readouterr().err


def test_a_base_that_is_no_contract_is_told(spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A base that is no valid OpenAPI document gives exit 2 with file and line, not a comparison."""
    base = tmp_path / "before.yaml"
    base.write_text("openapi: 3.1.0\ninfo: {title: T}\npaths: {}\n", encoding="utf-8")
    assert 2 == main(["diff", str(base), "--spec", str(spec)])
    assert f"{base}:2: " in capsys.readouterr().err


@pytest.mark.parametrize(
    ("before", "rating", "after"),
    [
        ("1.2.3", Rating.BREAKING, "2.0.0"),
        ("1.2.3", Rating.COMPATIBLE, "1.3.0"),
        ("1.2.3", Rating.COSMETIC, "1.2.4"),
        ("1.2.3", None, "1.2.3"),
        ("0.2.3", Rating.BREAKING, "0.3.0"),
        ("0.2.3", Rating.COMPATIBLE, "0.2.4"),
        ("0.2.3", Rating.COSMETIC, "0.2.4"),
    ],
)
def test_the_next_version_follows_the_gravest_change(before: str, rating: Rating | None, after: str) -> None:
    """Breaking is major, compatible minor, cosmetic patch; before 1.0.0 one step less."""
    assert after == next_version(before, rating)


@pytest.fixture
def release(spec: Path) -> Path:
    """A repository in which contract, client, toolkit and changelog tell one version."""
    folder = spec.parent.parent
    (folder / "generated_client").mkdir()
    (folder / "generated_client" / "pyproject.toml").write_text(f'[project]\nname = "x"\nversion = "{version()}"\n')
    (folder / "pyproject.toml").write_text(f'[project]\nname = "toolkit"\nversion = "{version()}"\n')
    (folder / "CHANGELOG.md").write_text(f"# Changelog\n\n## {version()}\n\n- The first.\n")
    return folder


def told(folder: Path, base: Document | None = None) -> list[str]:
    """The problems of the versions, without the folder."""
    found = version_problems(folder / "spec" / "openapi.yaml", folder / "generated_client", folder, base)
    return [str(problem).replace(f"{folder}/", "") for problem in found]


def test_versions_that_match_are_in_order(release: Path) -> None:
    """Nothing changed since the tag, and all four tell its version: no problem."""
    assert [] == told(release)


def test_a_client_of_another_version_is_told(release: Path) -> None:
    """The client's pyproject.toml must tell the contract's version."""
    edit(release / "generated_client" / "pyproject.toml", f'"{version()}"', '"0.9.0"')
    what = f"the client is 0.9.0, the contract {version()}; run `python -m generator generate`"
    assert [f"generated_client/pyproject.toml:3: {what}"] == told(release)


def test_a_client_without_version_is_told(release: Path) -> None:
    """A client that is not there, or tells no version, is a problem and no traceback."""
    (release / "generated_client" / "pyproject.toml").unlink()
    assert ["generated_client/pyproject.toml: tells no version"] == [line.split(" (")[0] for line in told(release)]


def test_a_toolkit_of_another_version_is_told(release: Path) -> None:
    """The toolkit is released with the contract, under the same version: its own pyproject.toml must tell it."""
    edit(release / "pyproject.toml", f'"{version()}"', '"0.9.0"')
    what = f'the toolkit is 0.9.0, the contract {version()}; write version = "{version()}"'
    assert [f"pyproject.toml:3: {what}"] == told(release)


def test_a_changelog_of_another_version_is_told(release: Path) -> None:
    """The changelog's newest heading must be the contract's version."""
    edit(release / "CHANGELOG.md", f"## {version()}", "## 0.9.0")
    assert [f"CHANGELOG.md:3: the newest version is 0.9.0, the contract's is {version()}"] == [
        line.split(";")[0] for line in told(release)
    ]


def test_an_empty_entry_of_the_changelog_is_told(release: Path) -> None:
    """A heading alone tells users nothing."""
    edit(release / "CHANGELOG.md", "- The first.", "")
    assert [f"CHANGELOG.md:3: {version()} says nothing; add one line for each thing that users notice"] == told(release)


def test_a_change_without_its_version_is_told(release: Path) -> None:
    """A breaking change since the newest tag, under the old version, is told with the version that it makes."""
    edit(release / "spec" / "openapi.yaml", "maximum: 200\n", "maximum: 100\n")
    lines = told(release)
    assert 1 == len(lines)
    assert (
        f"info.version is {version()}; since {version()} there is a breaking change "
        f"(ListIncidentsRequestBody.per_page: maximum 200 → 100); raise it to {major()}"
    ) in lines[0]


def test_a_change_with_its_version_is_in_order(release: Path) -> None:
    """The version raised in all four places, the change is in order."""
    edit(release / "spec" / "openapi.yaml", "maximum: 200\n", "maximum: 100\n")
    edit(release / "spec" / "openapi.yaml", f"version: {version()}", f"version: {major()}")
    edit(release / "generated_client" / "pyproject.toml", f'"{version()}"', f'"{major()}"')
    edit(release / "pyproject.toml", f'"{version()}"', f'"{major()}"')
    edit(release / "CHANGELOG.md", f"## {version()}", f"## {major()}\n\n- Pages hold 100.\n\n## {version()}")
    assert [] == told(release)


def test_a_version_that_sinks_is_told(release: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A lower version than the release's, and no other change, is named as what it is, by `check` and by `diff`."""
    for name in ("spec/openapi.yaml", "generated_client/pyproject.toml", "pyproject.toml", "CHANGELOG.md"):
        edit(release / name, version(), "0.9.0")
    what = f"info.version is 0.9.0, which is before {version()}, and nothing else changed; set it back to {version()}"
    assert [what] == [line.partition(": ")[2].rpartition(":")[0] for line in told(release)]
    assert 0 == main(["diff", f"v{version()}", "--spec", str(release / "spec" / "openapi.yaml")])
    lowered = "it is 0.9.0, which is lower; set it back, as a version only rises."
    since = f"Nothing changed since v{version()} ({version()}) but info.version"
    assert f"{since}: {lowered}\n" == capsys.readouterr().out


def test_without_a_release_the_base_counts(release: Path) -> None:
    """Where no tag is, a change is held against the base that is named; without one, nothing can be said of it."""
    base = load(release / "spec" / "openapi.yaml")
    git(release, "tag", "--delete", f"v{version()}")
    edit(release / "spec" / "openapi.yaml", "maximum: 200\n", "maximum: 100\n")
    assert [] == told(release)
    assert [f"raise it to {major()}"] == [line.rpartition("; ")[2] for line in told(release, base)]
