"""Names of the document that the client uses itself: each class keeps a name of its own, and the client works."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from coc_incidents.transport import AsyncBaseClient, BaseClient
from openapi_python_client.strings import ClassName

from generator.flattening import TAKEN
from generator.naming import METHODS

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


def test_every_method_that_a_client_has_of_itself_is_kept_from_operations() -> None:
    """An operation of that name would hide what every client needs, so that it gets another name."""
    own = {name for kind in (BaseClient, AsyncBaseClient) for name in dir(kind) if not name.startswith("_")}
    assert own == METHODS


def test_names_that_the_client_adds_are_each_there_once(client_of: Callable[[Any], ModuleType]) -> None:
    """A datetime, a class of known values or a constant whose name is taken gets another; members keep theirs."""

    def crowd(document: dict[str, Any]) -> None:
        members = document["components"]["schemas"]["CocTicketHistoryBaseInfoV2"]["properties"]
        for name in ("started_at", "Mood", "any"):
            members[name] = {"type": "string"}
        members["mood"] = {"type": "string", "x-extensible-enum": ["a-b", "a_b", "-", " "]}
        members["mood_"] = {"type": "string", "x-extensible-enum": ["pausing", "PAUSING"]}
        members["any"] |= {"x-extensible-enum": ["x"]}

    kind = client_of(crowd).CocTicketHistoryBaseInfoV2
    found = kind.from_dict({"started_at": "text", "start_time": 5, "Mood": "m", "mood": "a_b"})
    assert ("text", "m", "a_b") == (found.started_at, found.Mood, found.mood)
    assert datetime(1970, 1, 1, microsecond=5000, tzinfo=UTC) == found.start_time_at
    assert {"A_B": "a-b", "A_B_2": "a_b", "VALUE": "-", "VALUE_2": " "} == dict(kind.MoodValues.__members__)
    assert ["PAUSING", "PAUSING_2"] == list(kind.MoodValues_2.__members__)
    assert "x" == kind.AnyValues.X
