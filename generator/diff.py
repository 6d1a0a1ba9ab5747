"""`python -m generator diff BASE`: what changed in the contract since BASE, for whom, and which version it makes.

BASE is a git revision or a file. Exit codes: 0 told, 1 a change as grave as `--fail-on`, 2 a document cannot be read.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from attrs import frozen

from generator.changes import Change, Rating
from generator.comparison import changes
from generator.document import load
from generator.lint import SPEC
from generator.problems import Refused
from generator.validity import validity_problems
from generator.versions import gravest, next_version, parts, read_base


@frozen
class Difference:
    """All that changed between two versions."""

    base: str
    base_version: str
    version: str
    changes: list[Change]

    @property
    def rating(self) -> Rating | None:
        """The gravest rating; None when nothing changed."""
        return gravest(self.changes)

    @property
    def proposed(self) -> str:
        """The version that the changes ask for."""
        return next_version(self.base_version, self.rating)

    @property
    def fits(self) -> bool:
        """Whether `info.version` is at least the proposed one."""
        return parts(self.version) >= parts(self.proposed)

    @property
    def counts(self) -> dict[str, int]:
        """How many changes of each rating."""
        found = Counter(change.rating for change in self.changes)
        return {str(rating): found[rating] for rating in sorted(Rating, reverse=True)}

    @property
    def conclusion(self) -> str:
        """The sentence at the end."""
        told = ", ".join(f"{count} {rating}" for rating, count in self.counts.items())
        if not self.changes:
            return self._unchanged
        verdict = "it fits" if self.fits else "raise it, and say in CHANGELOG.md what users notice"
        return (
            f"{told} since {self.base} ({self.base_version}). "
            f"Next version: {self.proposed}; info.version is {self.version}: {verdict}."
        )

    @property
    def _unchanged(self) -> str:
        since = f"since {self.base} ({self.base_version})"
        if self.version == self.base_version:
            return f"Nothing changed {since}."
        lowered = "" if self.fits else ", which is lower; set it back, as a version only rises"
        return f"Nothing changed {since} but info.version: it is {self.version}{lowered}."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of `diff`."""
    parser.add_argument("base", metavar="BASE", help="a git revision (v1.2.0, main, HEAD~1) or a file")
    parser.add_argument("--spec", type=Path, default=SPEC, help="the contract as it is now")
    parser.add_argument("--format", choices=FORMATS, default="table")
    parser.add_argument("--fail-on", choices=[str(rating) for rating in Rating], help="exit 1 on a change as grave")


def run(options: argparse.Namespace) -> int:
    """Print the difference in the format asked for."""
    found = difference(options.base, options.spec)
    print(FORMATS[options.format](found))
    threshold = Rating[options.fail_on.upper()] if options.fail_on else None
    return int(threshold is not None and found.rating is not None and found.rating >= threshold)


def difference(base: str, spec: Path = SPEC) -> Difference:
    """What changed from a git revision or file to the contract; raises Refused when one of the two cannot be read."""
    try:
        old, new = read_base(base, spec), load(spec, strict=False)
    except Refused as refusal:
        refusal.exit_code = 2
        raise
    for document in (old, new):
        if problems := validity_problems(document):
            raise Refused(f"{document.path} is no valid OpenAPI document:", problems, exit_code=2)
    return Difference(base, old.data["info"]["version"], new.data["info"]["version"], changes(old, new))


def as_table(found: Difference) -> str:
    """For a terminal: a line a change, and what the Python client makes of it below."""
    width = max((len(change.place) for change in found.changes), default=0)
    lines = []
    for change in found.changes:
        side = f"  [{change.direction}]" if change.direction else ""
        lines.append(f"{change.rating!s:<10}  {change.place:<{width}}  {change.what}{side}")
        if change.client:
            lines.append(f"{'':<10}  {'':<{width}}  client: {change.client}")
    return "\n".join([*lines, "", found.conclusion] if lines else [found.conclusion])


def as_markdown(found: Difference) -> str:
    """For a pull request's comment."""
    title = f"### Contract: {found.base_version} → {found.proposed}" if found.changes else "### Contract: no change"
    if not found.changes:
        return f"{title}\n\n{found.conclusion}"
    cells = [(str(one.rating), f"`{one.place}`", one.what, one.direction, one.client) for one in found.changes]
    rows = ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in cells]
    head = ["| rating | where | what | direction | Python client |", "|---|---|---|---|---|"]
    return "\n".join([title, "", *head, *rows, "", found.conclusion])


def as_json(found: Difference) -> str:
    """For programs."""
    data: dict[str, Any] = {
        "base": found.base,
        "base_version": found.base_version,
        "version": found.version,
        "proposed_version": found.proposed,
        "version_fits": found.fits,
        "rating": str(found.rating) if found.rating is not None else None,
        "counts": found.counts,
        "changes": [change.as_json() for change in found.changes],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


FORMATS: dict[str, Callable[[Difference], str]] = {"table": as_table, "json": as_json, "markdown": as_markdown}
