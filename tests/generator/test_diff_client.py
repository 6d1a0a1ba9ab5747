"""What diff says of the Python client is what the generator does to it."""

from __future__ import annotations

import ast
from pathlib import Path

from generator.comparison import changes
from generator.document import load, loads
from generator.generate import generated

SPEC = Path("spec/openapi.yaml")

EDITS = (
    ("CountFilterV2", "CountGroup"),
    ("operationId: ListIncidents\n", "operationId: FindIncidents\n"),
    ("        mtm_region:\n          type: string\n", "        mtm_place:\n          type: string\n"),
    ("enum: [desc, asc]\n          x-enum-varnames: [DESC, ASC]", "enum: [desc]\n          x-enum-varnames: [DESC]"),
    ("x-extensible-enum: [level_10, level_20, ", "x-extensible-enum: [level_20, "),
    ("            level_10: {en: P1, zh: P1}\n", ""),
)


def surface(folder: Path) -> set[str]:
    """The public names of a client: classes, their members and methods, and the members of classes inside them."""
    names: set[str] = set()
    for path in [*(folder / "models").glob("*.py"), folder / "client.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                names.add(node.name)
                names |= {f"{node.name}.{name}" for child in node.body for name in _names(child)}
    return names


def _names(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def test_what_diff_says_of_the_client_is_so(tmp_path: Path) -> None:
    """Each name that diff calls gone, renamed or new is so in the client that is generated from the edited contract."""
    text = SPEC.read_text(encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "openapi.yaml").write_text(text, encoding="utf-8")
    for old, new in EDITS:
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "openapi.yaml").write_text(text, encoding="utf-8")
    with generated(tmp_path / "old" / "openapi.yaml", "before") as folder:
        before = surface(folder / "before")
    with generated(tmp_path / "openapi.yaml", "after") as folder:
        after = surface(folder / "after")
    told = {change.client for change in changes(load(SPEC), loads(text, tmp_path / "openapi.yaml"))}

    assert {
        "the class CountFilterV2 is now CountGroup",
        "the method list_incidents is now find_incidents",
        "`mtm_region` is gone",
        "a new member `mtm_place`",
        "the constant of this value of `level_id` is gone",
        "the type checker refuses this value of `operator`",
    } == told - {""}
    assert {
        "CountFilterV2",
        "Client.list_incidents",
        "IncidentDataInfo.mtm_region",
        "LevelId.LEVEL_10",
    } <= before - after
    assert {"CountGroup", "Client.find_incidents", "IncidentDataInfo.mtm_place"} <= after - before
