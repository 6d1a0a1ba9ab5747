"""`check`: tell whether generated_client/ is what the contract generates; names every file that differs."""

from __future__ import annotations

import argparse
import filecmp
import sys
from pathlib import Path

from generator import generate, stamp


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    generate.add_arguments(parser)
    parser.add_argument("--full", action="store_true", help="generate aside and compare, whatever the stamp says")


def run(options: argparse.Namespace) -> int:
    """0 when the client is current; 1 with one line a difference on standard error."""
    if not options.full and is_stamped(options.spec, options.output):
        print(f"{generate.shown(options.output)} is current (by its stamp)")
        return 0
    found = differences(options.spec, options.output, options.package, partial=options.partial)
    for line in found:
        print(line, file=sys.stderr)
    if found:
        print(
            "run `python -m generator generate`; change the contract, templates or runtime, never the client",
            file=sys.stderr,
        )
        return 1
    print(f"{generate.shown(options.output)} is current (generated anew and compared)")
    return 0


def is_stamped(spec: Path, folder: Path) -> bool:
    """Whether the stamp proves the client current: same inputs, same tools, and every file as it was written.

    The one thing it cannot see is a stamp that was forged to fit an edited file; `--full` sees that too.
    """
    found = stamp.Stamp.read(folder)
    files = {name: path for name, path in stamp.files_in(folder).items() if name != stamp.NAME}
    return (
        found.inputs == generate.inputs(spec)
        and found.tools == stamp.tool_versions()
        and list(found.outputs) == list(files)
        and all(found.outputs[name] == stamp.digest(path) for name, path in files.items())
    )


def differences(spec: Path, folder: Path, package: str = generate.PACKAGE, *, partial: bool = False) -> list[str]:
    """One line for each file that is stale, edited, missing or stray."""
    with generate.generated(spec, package, partial=partial) as fresh:
        wanted, present = stamp.files_in(fresh), stamp.files_in(folder)
        shown = generate.shown(folder)
        lines = [f"{shown}/{name}: missing" for name in wanted.keys() - present.keys()]
        lines += [f"{shown}/{name}: stray, the generator does not write it" for name in present.keys() - wanted.keys()]
        for name in wanted.keys() & present.keys():
            if not filecmp.cmp(wanted[name], present[name], shallow=False):
                lines.append(f"{shown}/{name}: differs from what the contract generates")
        return sorted(lines)
