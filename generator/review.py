"""`review BASE`: what a change of the contract means, as one Markdown comment for its pull request.

It rates the change, tells whether the committed client is current, and type-checks what users of BASE wrote (the
examples of its README and the tests of its client) against the new client: the type checker finds what broke for them.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from generator import check, diff, generate
from generator.problems import Refused
from generator.versions import git

USED = ("generated_client/README.md", "tests/generated_client")
"""What speaks for the users of a version: paths in the repository."""
_SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `review`."""
    parser.add_argument("base", metavar="BASE", help="the git revision that users have: v1.2.0, origin/main")
    parser.add_argument("--spec", type=Path, default=generate.SPEC, help="the contract as it is now")
    parser.add_argument("--output", type=Path, default=generate.CLIENT, help="the committed client")


def run(options: argparse.Namespace) -> int:
    """Print the comment. 0 when the client is current, the version fits and nothing that users wrote broke; else 1."""
    found = diff.difference(options.base, options.spec)
    stale = check.differences(options.spec, options.output)
    with tempfile.TemporaryDirectory(prefix="review-") as folder:
        broken, compiled = broken_uses(options.base, options.output, Path(folder))
    sections = [diff.FORMATS["markdown"](found), _client_section(stale), _uses_section(options.base, broken, compiled)]
    print("\n\n".join(sections))
    return int(bool(stale or broken) or not found.fits)


def _client_section(stale: list[str]) -> str:
    if not stale:
        return "### Generated client\n\nCurrent: it is what the contract generates."
    return "\n".join(["### Generated client", "", "**Stale**: run `make generate` and commit it.", "", *_listed(stale)])


def _uses_section(base: str, broken: list[str], compiled: int) -> str:
    head = f"### Code written for {base}\n\n"
    if not broken:
        return f"{head}{compiled} files of examples and tests type-check against the new client."
    told = f"Of {compiled} files of examples and tests, the type checker finds {len(broken)} lines that break:"
    return "\n".join([head + told, "", *_listed(broken)])


def _listed(lines: list[str]) -> list[str]:
    rest = [f"- … and {len(lines) - _SHOWN} more"] if len(lines) > _SHOWN else []
    return [f"- `{line}`" for line in lines[:_SHOWN]] + rest


def broken_uses(base: str, client: Path, folder: Path) -> tuple[list[str], int]:
    """Type errors of what users of `base` wrote, against a client; and how many files were checked.

    An error that the old client gives as well is none of the change's. Those in the README come first: most users wrote
    the like.
    """
    uses = written_uses(base, folder / "uses")
    before = folder / "before"
    extract(base, client.name, before)
    old = set(_type_errors(uses, before / client.name))
    broken = [line for line in _type_errors(uses, client) if line not in old]
    return sorted(broken, key=lambda line: "README" not in line.partition(":")[0]), len(uses)


def written_uses(base: str, folder: Path) -> list[Path]:
    """The examples and client tests of a revision, one file each."""
    folder.mkdir(parents=True)
    found = []
    for path in _told("ls-tree", "-r", "--name-only", base, "--", *USED).splitlines():
        text = _told("show", f"{base}:{path}")
        name = re.sub(r"\W+", "_", path.removesuffix(".py"))
        code = text if path.endswith(".py") else "\n\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
        (folder / f"{name}.py").write_text(code, encoding="utf-8")
        found.append(folder / f"{name}.py")
    return found


def _told(*arguments: str) -> str:
    """What git prints; raises Refused when it fails."""
    found = git(generate.ROOT, *arguments)
    if found is None:
        raise Refused(f"git {' '.join(arguments[:3])} fails; name a revision that exists here", exit_code=2)
    return found


def extract(base: str, path: str, folder: Path) -> None:
    """A folder of a revision, written out."""
    for name in _told("ls-tree", "-r", "--name-only", base, "--", path).splitlines():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_told("show", f"{base}:{name}"), encoding="utf-8")


def _type_errors(uses: list[Path], client: Path) -> list[str]:
    """What mypy says of files that import a client."""
    if not uses:
        return []
    names = [path.name for path in uses]
    command = [sys.executable, "-m", "mypy", "--no-error-summary", "--no-incremental", "--follow-imports=silent"]
    environment = {"MYPYPATH": str(client.resolve()), "PATH": ""}
    done = subprocess.run(  # noqa: S603  # our own mypy on files we wrote
        [*command, "--check-untyped-defs", "--ignore-missing-imports", *names],
        cwd=uses[0].parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode not in (0, 1):
        raise Refused(f"mypy cannot check the code of users:\n{done.stderr or done.stdout}", exit_code=2)
    return [line for line in done.stdout.splitlines() if ": error: " in line]
