"""`report.html`: one file that opens offline, made from the results tree by `report.html.j2`."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from contract_tests.reports.tree import Tree, groups

HERE = Path(__file__).parent


def html(tree: Tree) -> str:
    """The whole page; everything that came from a target is escaped."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {"pretty": pretty, "lines": str.splitlines}
    return environment.get_template("report.html.j2").render(tree=tree, tables=groups(tree), diff=difference)


def pretty(body: str) -> str:
    """JSON with indentation, or the text as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return body


def difference(message: str) -> list[dict[str, Any]]:
    """A failure's two lines as pieces, `same` where what was received equals what is documented."""
    parts = dict(line.split(":", 1) for line in message.splitlines() if line.startswith(("Received:", "Documented:")))
    received, documented = parts.get("Received", "").split(), parts.get("Documented", "").split()
    matcher = difflib.SequenceMatcher(None, received, documented, autojunk=False)
    shared = {
        (side, at + i)
        for a, b, size in matcher.get_matching_blocks()
        for i in range(size)
        for side, at in ((0, a), (1, b))
    }
    return [
        {"label": label, "words": [{"text": word, "same": (side, index) in shared} for index, word in enumerate(words)]}
        for side, (label, words) in enumerate((("Received", received), ("Documented", documented)))
    ]
