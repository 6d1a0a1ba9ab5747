"""Writes every report of a run into one folder; each file appears whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

from contract_tests.reports.html import html
from contract_tests.reports.junit import junit
from contract_tests.reports.text import markdown
from contract_tests.reports.tree import Tree

FILES = ("report.json", "report.html", "junit.xml", "summary.md")


def write(tree: Tree, folder: Path) -> None:
    """All of FILES; OSError when the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = (
        json.dumps(tree, indent=2, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n",
        html(tree).encode("utf-8", "backslashreplace"),
        junit(tree),
        markdown(tree, folder).encode("utf-8", "backslashreplace"),
    )
    for name, content in zip(FILES, contents, strict=True):
        aside = folder / f".{name}.new"
        aside.write_bytes(content)
        aside.replace(folder / name)
