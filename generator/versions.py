"""Versions: which one a set of changes asks for, and whether contract, client and changelog tell the same one."""

from __future__ import annotations

import difflib
import re
import subprocess
import tomllib
from pathlib import Path

from generator.changes import Change, Rating
from generator.document import Document, load, loads
from generator.problems import Problem, Refused, shown

PROJECT, CHANGELOG = "pyproject.toml", "CHANGELOG.md"


def next_version(version: str, rating: Rating | None) -> str:
    """The version after one, by the gravest change: major, minor or patch; before 1.0.0 one step less."""
    major, minor, patch = parts(version)
    if rating is None:
        return version
    if rating is Rating.BREAKING and major:
        return f"{major + 1}.0.0"
    if rating is Rating.BREAKING or (rating is Rating.COMPATIBLE and major):
        return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def parts(version: str) -> tuple[int, int, int]:
    """`1.2.3` as numbers; what does not begin so is 0.0.0."""
    match = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    return (int(match[1]), int(match[2]), int(match[3])) if match else (0, 0, 0)


def version_problems(spec: Path, client: Path, root: Path, base: Document | None = None) -> list[Problem]:
    """Where the client's version, or what `root` states, is not `info.version`, or where that does not fit the change.

    The change is the one since the newest release (a git tag `v…`). Where there is none, it is the one since `base`;
    without a base either, nothing can be said of it.
    """
    contract = load(spec, strict=False)
    version = contract.data["info"]["version"]
    problems = _client_problems(client / PROJECT, version) + stated_problems(root, version)
    base = released(spec) or base
    if base is not None:
        problems += _change_problems(contract, base, version)
    return problems


def stated_problems(root: Path, version: str) -> list[Problem]:
    """Where the toolkit's own version and the newest one of the changelog, both written by hand, are another."""
    wrong = f"the toolkit is {{found}}, the contract {version}"
    toolkit = _project_problems(root / PROJECT, version, wrong, f'write version = "{version}"')
    return toolkit + _changelog_problems(root / CHANGELOG, version)


def _client_problems(path: Path, version: str) -> list[Problem]:
    wrong = f"the client is {{found}}, the contract {version}"
    return _project_problems(path, version, wrong, "run `python -m generator generate`")


def _project_problems(path: Path, version: str, wrong: str, expected: str) -> list[Problem]:
    """Where a pyproject.toml does not tell the version."""
    try:
        text = path.read_text(encoding="utf-8")
        found = tomllib.loads(text)["project"]["version"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        return [Problem(path, 0, f"tells no version ({error})", expected)]
    if found == version:
        return []
    line = next((number for number, line in enumerate(text.splitlines(), 1) if line.startswith("version")), 0)
    return [Problem(path, line, wrong.format(found=found), expected)]


def _changelog_problems(path: Path, version: str) -> list[Problem]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        return [Problem(path, 0, f"cannot be read: {error.strerror}", f"write it, with a heading `## {version}`")]
    headings = [(number, match[1]) for number, line in enumerate(lines, 1) if (match := re.match(r"## (\d\S*)", line))]
    if not headings or headings[0][1] != version:
        newest = headings[0] if headings else (1, "none")
        what = f"the newest version is {newest[1]}, the contract's is {version}"
        return [Problem(path, newest[0], what, f"put `## {version}` on top, with what users notice")]
    below = lines[headings[0][0] : headings[1][0] - 1 if len(headings) > 1 else None]
    if not any(line.startswith("- ") for line in below):
        return [
            Problem(path, headings[0][0], f"{version} says nothing", "add one line for each thing that users notice")
        ]
    return []


def _change_problems(contract: Document, base: Document, version: str) -> list[Problem]:
    from generator.comparison import changes  # noqa: PLC0415  # heavy, and seldom needed by `check`

    found = changes(base, contract)
    before = base.data["info"]["version"]
    wanted = next_version(before, gravest(found))
    if parts(version) >= parts(wanted):
        return []
    if not found:
        what = f"info.version is {version}, which is before {before}, and nothing else changed"
        return [contract.problem(("info", "version"), what, f"set it back to {before}: a version only rises")]
    first = found[0]
    what = f"info.version is {version}; since {before} there is a {first.rating} change ({first.place}: {first.what})"
    return [contract.problem(("info", "version"), what, f"raise it to {wanted}")]


def gravest(found: list[Change]) -> Rating | None:
    """The gravest rating; None when nothing changed."""
    return max((change.rating for change in found), default=None)


def read_base(base: str, spec: Path) -> Document:
    """The contract at a git revision, or a file."""
    if Path(base).is_file():
        return load(Path(base), strict=False)
    text = git(spec.resolve().parent, "show", f"{base}:./{spec.name}")
    if text is not None:
        return loads(text, Path(f"{base}:{spec.name}"), strict=False)
    if git(spec.resolve().parent, "rev-parse") is None:
        what = f"{base} is no file, and {shown(spec.resolve().parent)} is in no git repository"
        raise Refused(f"{what}; name the file that holds the earlier contract", exit_code=2)
    tags = (git(spec.resolve().parent, "tag") or "").split()
    near = difflib.get_close_matches(base, tags, 1, 0)
    hint = f"; the nearest tag is {near[0]}" if near else ""
    sentence = (
        f"{base} is neither a file nor a git revision that has {spec.name}{hint}; name one that is, such as HEAD~1"
    )
    raise Refused(sentence, exit_code=2)


def released(spec: Path) -> Document | None:
    """The contract as last released: at the newest git tag `v…` before this state; None when there is none."""
    tag = git(spec.parent, "describe", "--tags", "--match", "v[0-9]*", "--abbrev=0")
    text = git(spec.parent, "show", f"{tag.strip()}:./{spec.name}") if tag else None
    return loads(text, Path(f"{tag.strip()}:{spec.name}"), strict=False) if tag and text else None


def git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None when it fails or is not there."""
    try:
        done = subprocess.run(  # noqa: S603
            ["git", *arguments],  # noqa: S607
            cwd=folder,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
