"""Names of the document that the client uses itself: each class keeps a name of its own, and the client works."""

from __future__ import annotations

import re
from pathlib import Path

from openapi_python_client.strings import ClassName

from generator.flattening import TAKEN

TEMPLATES = Path(__file__).resolve().parents[2] / "generator" / "templates"
BESIDE_CLASSES = ("client", "literal_enum", "model", "models_init", "operations", "package_init")
"""The templates of modules that hold or import classes of the document."""
_IMPORTED = re.compile(r"^(?:from \S+ )?import \(?([^(\n]*(?:\n    [^\n]*)*)", re.MULTILINE)
_DEFINED = re.compile(r"^(?:(?:async )?def|class) (\w+)|^(\w+)(?=[:=] )", re.MULTILINE)


def test_every_name_that_the_modules_use_is_kept_from_classes() -> None:
    """A class that was named like what a template imports or defines would hide it, so that it gets another name."""
    used: set[str] = set()
    for name in BESIDE_CLASSES:
        text = (TEMPLATES / f"{name}.py.jinja").read_text(encoding="utf-8")
        used.update(word for names in _IMPORTED.findall(text) for word in re.findall(r"\w+", names))
        used.update(word for pair in _DEFINED.findall(text) for word in pair)
    classes = {word for word in used if word and str(ClassName(word, "field_")) == word}
    assert {"UnsetType", "File", "UUID", "OPERATIONS"} <= classes
    assert classes == TAKEN
