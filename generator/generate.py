"""`generate`: lint the contract, write the client aside, prove that it imports, then swap the whole folder."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generator import stamp, swap
from generator.problems import Refused

ROOT = Path(__file__).resolve().parent.parent
SPEC = ROOT / "spec" / "openapi.yaml"
CLIENT = ROOT / "generated_client"
PACKAGE = "coc_incidents"
PROJECT = "coc-incidents"
HEADER = "Generated from {spec} by `python -m generator generate`; do not edit."
_HERE = Path(__file__).parent
_CODE = ("annotations.py", "generate.py", "operations.py", "rendering.py", "stamp.py", "views.py")
_PROBE = "import sys; sys.path.insert(0, sys.argv[1]); import {package}.operations as o, {package}; o.prepare()"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `generate`."""
    parser.add_argument("--spec", type=Path, default=SPEC, help="the contract (default: spec/openapi.yaml)")
    parser.add_argument("--output", type=Path, default=CLIENT, help="the folder to write (default: generated_client)")
    parser.add_argument("--package", default=PACKAGE, help="the import name (default: %(default)s)")


def run(options: argparse.Namespace) -> int:
    """Write the client; on any failure the old one is left whole."""
    with generated(options.spec, options.package, beside=options.output) as folder:
        swap.into_place(folder, options.output)
    print(f"{options.output} is current with {options.spec}")
    return 0


@contextmanager
def generated(spec: Path, package: str = PACKAGE, *, beside: Path | None = None) -> Iterator[Path]:
    """A freshly generated client in a folder of its own, which is gone afterwards unless it was moved.

    Raises `Refused` when the contract does not pass `lint`, holds what the generator cannot carry over, or leads to
    code that does not import.
    """
    from generator.rendering import render  # noqa: PLC0415  # heavy, and `check` seldom needs it

    _lint(spec)
    if beside is not None:
        swap.recover(beside)
        beside.parent.mkdir(parents=True, exist_ok=True)
    parent = beside.parent if beside is not None else None
    with tempfile.TemporaryDirectory(prefix=f".{PACKAGE}.new-", dir=parent, ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary) / "client"
        render(spec, folder, package)
        _format(folder)
        _head(folder, spec)
        _write_stamp(folder, spec)
        _import_in_fresh_process(folder, package)
        yield folder


def _lint(spec: Path) -> None:
    """The whole lint where the page's data lies beside the contract; else what the generator itself needs."""
    from generator.document import load  # noqa: PLC0415
    from generator.lint import problems_in, validity_problems  # noqa: PLC0415
    from generator.preflight import preflight_problems  # noqa: PLC0415

    if (spec.parent / "source").is_dir():
        problems = problems_in(spec)
    else:
        document = load(spec)
        problems = preflight_problems(document) or validity_problems(document)
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


def _import_in_fresh_process(folder: Path, package: str) -> None:
    _run([sys.executable, "-I", "-B", "-c", _PROBE.format(package=package), str(folder)], "importing")
    for left in folder.rglob("__pycache__"):
        shutil.rmtree(left)
