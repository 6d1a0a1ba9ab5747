"""`generate`: lint the contract, write the client aside, prove that it imports, then swap the whole folder."""

from __future__ import annotations

import argparse
import keyword
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator import stamp, swap
from generator.problems import Problem, Refused

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "spec" / "openapi.yaml"
CLIENT = ROOT / "generated_client"
PACKAGE = "coc_incidents"
PROJECT = "coc-incidents"
HEADER = "Generated from {spec} by `python -m generator generate`; do not edit."
LEFT_OUT = "LEFT_OUT.md"
_MARKS = (stamp.NAME, f"{PACKAGE}/operations.py")
"""Files by which a client is known; one of them may be lost."""
_LEFT_OUT = """# Left out

Operations of the document that this client does not have, each with the first reason:

{lines}
"""
_NEEDED = ("attr", "attrs", "httpx", "msgspec", "rich")
_HERE = Path(__file__).parent
_CODE = tuple(
    f"{module}.py"
    for module in (
        *("annotations", "arguments", "audit", "carriers", "credentials", "dialect", "document", "flattening"),
        *("generate", "inventory", "losses", "naming", "operations", "places", "queries", "reach", "references"),
        *("rendering", "stamp", "views"),
    )
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `generate`."""
    parser.add_argument("--spec", type=Path, default=SPEC, help="the contract (default: spec/openapi.yaml)")
    parser.add_argument("--output", type=Path, default=CLIENT, help="the folder to write (default: generated_client)")
    parser.add_argument("--package", default=PACKAGE, help="the import name (default: %(default)s)")
    parser.add_argument(
        "--partial", action="store_true", help="leave out operations that cannot be carried over, and name them"
    )


def run(options: argparse.Namespace) -> int:
    """Write the client; on any failure the old one is left whole."""
    output = options.output.resolve()  # where a link leads is written, and the link stays
    check_output(output)
    with generated(options.spec, options.package, beside=output, partial=options.partial) as folder:
        left_out = (folder / LEFT_OUT).read_text(encoding="utf-8") if (folder / LEFT_OUT).exists() else ""
        swap.into_place(folder, output)
    if left_out:
        print(left_out.partition("\n\n")[2].strip(), file=sys.stderr)
    print(f"{options.output} is current with {options.spec}")
    return 0


def check_package(package: str) -> None:
    """Raise `Refused` (exit code 2) for a name that no module, or no distribution, can have."""
    taken = {*sys.stdlib_module_names, *keyword.kwlist, *_NEEDED}
    if package in taken or not re.fullmatch(r"[A-Za-z](\w*[A-Za-z0-9])?", package, re.ASCII):
        near = re.sub(r"\W+", "_", package, flags=re.ASCII).strip("_0123456789")
        near = f"{near}_client".strip("_") if near in taken or not near else near
        what = "taken in Python itself" if package in taken else "no name of a Python module"
        raise Refused(f"--package {package} is {what}; write it such as {near}", exit_code=2)


def check_output(output: Path) -> None:
    """Raise `Refused` (exit code 2) where a client cannot be written, or where something else would be lost by it."""
    if output in (Path.cwd(), Path(output.anchor)):
        raise Refused(f"{output} is the folder you are in, and would be replaced; name one in it", exit_code=2)
    if output.exists() and not output.is_dir():
        raise Refused(f"{output} is a file; name a folder for the client", exit_code=2)
    if output.is_dir() and any(output.iterdir()) and not any((output / name).is_file() for name in _MARKS):
        what = f"{output} holds something else than a client (neither {' nor '.join(_MARKS)})"
        raise Refused(f"{what} and would be replaced; name a new or an empty folder", exit_code=2)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=output.parent):
            pass
    except OSError as error:
        what = f"{output.parent} cannot be written: {error.strerror}"
        raise Refused(f"{what}; name a folder in one that can", exit_code=2) from None


@contextmanager
def generated(
    spec: Path, package: str = PACKAGE, *, beside: Path | None = None, partial: bool = False
) -> Iterator[Path]:
    """A freshly generated client in a folder of its own, which is gone afterwards unless it was moved.

    Raises `Refused` when the contract does not pass `lint`, holds what the generator cannot carry over (`partial`
    leaves out the operations that do), or leads to code that does not import.
    """
    check_package(package)
    if beside is not None:
        beside.parent.mkdir(parents=True, exist_ok=True)
    prefix = f"{package}-"
    place = swap.aside(beside) if beside is not None else tempfile.TemporaryDirectory(prefix=prefix)
    with place as temporary:
        folder = Path(temporary) / "client"
        left_out = _rendered(spec, folder, package, partial)
        if left_out:
            (folder / LEFT_OUT).write_text(_LEFT_OUT.format(lines="\n".join(f"- {line}" for line in left_out)), "utf-8")
        _format(folder)
        _head(folder, spec)
        _write_stamp(folder, spec)
        yield folder


def _rendered(spec: Path, folder: Path, package: str, partial: bool) -> list[str]:
    """Write the client, unformatted; returns a line for each operation that is left out."""
    from generator.audit import audit_problems, inventory  # noqa: PLC0415
    from generator.document import load  # noqa: PLC0415  # heavy all, and `check` seldom needs them
    from generator.lint import foreign, foreign_problems, has_page, problems_in  # noqa: PLC0415
    from generator.losses import leave_out  # noqa: PLC0415
    from generator.rendering import render  # noqa: PLC0415

    ours = has_page(spec)
    _refuse(spec, problems_in(spec) if ours else [])
    document = load(spec) if ours else foreign(spec)
    left_out: list[str] = []
    while True:
        try:
            if not ours:
                _refuse(spec, foreign_problems(document))
            render(document, folder, package)
            _refuse(spec, audit_problems(document, inventory(folder, package)))
            return left_out
        except Refused as refusal:
            found = leave_out(document, refusal.problems) if partial else []
            if not found:
                raise
            left_out += found
            shutil.rmtree(folder, ignore_errors=True)


def _refuse(spec: Path, problems: list[Problem]) -> None:
    if problems:
        raise Refused(f"{spec} is not in order; the client is left as it was", problems)


def _format(folder: Path) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    isolated = ["--isolated", "--no-cache", str(folder)]
    _run(
        [*ruff, "check", "--fix-only", "--select", "I,F401,UP006,UP007", "--target-version", "py311", *isolated],
        "ruff check",
    )
    _run([*ruff, "format", "--line-length", "120", "--target-version", "py311", *isolated], "ruff format")


def _run(command: list[str], what: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        detail = (done.stderr or done.stdout).strip()
        raise Refused(f"{what} failed on the generated client; the old client is left as it was\n{detail}")


def _head(folder: Path, spec: Path) -> None:
    """Say in each file's first line where it is from. A licence is not ours to change."""
    marks = {".py": "# {}", ".toml": "# {}", ".typed": "# {}", ".md": "<!-- {} -->"}
    text = HEADER.format(spec=shown(spec))
    for path in stamp.files_in(folder).values():
        if path.suffix in marks or path.name in ("py.typed",):
            mark = marks.get(path.suffix, "# {}")
            path.write_text(mark.format(text) + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")


def shown(path: Path) -> str:
    """A path for people: relative to the repository where it lies in it, else its name."""
    return path.resolve().relative_to(ROOT).as_posix() if path.resolve().is_relative_to(ROOT) else path.name


def inputs(spec: Path) -> dict[str, str]:
    """Digests of all that shapes the client."""
    folders = (_HERE / "templates", _HERE / "runtime")
    paths = [spec.resolve(), ROOT / "LICENSE", *(_HERE / name for name in _CODE)]
    paths += [path for folder in folders for path in stamp.files_in(folder).values()]
    return stamp.hashes(ROOT, [path for path in paths if path.is_file()])


def _write_stamp(folder: Path, spec: Path) -> None:
    outputs = stamp.hashes(folder, stamp.files_in(folder).values())
    written = stamp.Stamp(inputs(spec), stamp.tool_versions(), outputs)
    (folder / stamp.NAME).write_text(written.text("# " + HEADER.format(spec=shown(spec))), encoding="utf-8")
