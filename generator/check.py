"""`check`: tell whether generated_client/ is what the contract generates; names every file or version that differs."""

from __future__ import annotations

import argparse
import filecmp
import sys
from itertools import repeat
from pathlib import Path

from generator import generate, stamp
from generator.problems import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `check`."""
    generate.add_arguments(parser)
    parser.add_argument("--full", action="store_true", help="generate aside and compare, whatever the stamp says")
    base = "where no release is tagged: the git revision, or file, since which the version has to fit the change"
    parser.add_argument("--base", metavar="BASE", help=base)


def run(options: argparse.Namespace) -> int:
    """0 when the client is current and its version fits the change; 1 with a line a difference on standard error."""
    stamped = not options.full and is_stamped(options.spec, options.output)
    found = [] if stamped else differences(options.spec, options.output, options.package, partial=options.partial)
    if found:
        found.append("run `python -m generator generate`; change the contract, templates or runtime, never the client")
    if options.spec == generate.SPEC:
        found += map(str, _version_problems(options.spec, options.output, options.base))
    for line in found:
        print(line, file=sys.stderr)
    if found:
        return 1
    how = "by its stamp" if stamped else "generated anew and compared"
    print(f"{generate.shown(options.output)} is current ({how})")
    return 0


def _version_problems(spec: Path, folder: Path, base: str | None) -> list[Problem]:
    """Where contract, client, toolkit and changelog tell different versions, or one that does not fit the change."""
    from generator.versions import read_base, version_problems  # noqa: PLC0415  # refused options need not wait for it

    return version_problems(spec, folder, generate.ROOT, read_base(base, spec) if base else None)


def is_stamped(spec: Path, folder: Path) -> bool:
    """Whether the stamp proves the client current: same inputs, same tools, and every file as it was written.

    It cannot see a stamp that was forged to fit an edited file; `--full` sees that too. Neither looks at what tools
    leave in `__pycache__`, `.venv` and their caches: none of it is packed.
    """
    found = stamp.Stamp.read(folder)
    files = {name: path for name, path in stamp.files_in(folder).items() if name != stamp.NAME}
    return (
        found.inputs == generate.inputs(spec)
        and found.tools == stamp.tool_versions()
        and list(found.outputs) == list(files)
        and all(found.outputs[name] == stamp.digest(path) for name, path in files.items())
        and not any(map(stamp.is_odd, files.values(), repeat(folder / stamp.NAME)))
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
            elif stamp.is_odd(present[name], folder / stamp.NAME):
                lines.append(f"{shown}/{name}: is a link or executable, the generator writes a plain file")
        return sorted(lines)
