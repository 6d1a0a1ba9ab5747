"""Our ratings beside those of `redocly diff`, a differ of others: they part only where we know why.

It needs Node, so that it is a campaign: `pytest -m campaign tests/generator/test_diff_redocly.py`.
"""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
import yaml

REDOCLY = ("npx", "--yes", "@redocly/cli@2.77.0")

# Where the two part on what is breaking: name of the pair, by the reason.
PARTINGS = {
    "it does not tell 'at least 0' from nothing": {"minLength 0 added"},
    "it does not compare the sizes of steps and formats": {"multipleOf doubled", "int32 to int64"},
    "it sees a union written otherwise, not the values it allows": {
        *("null of a reference", "null of a reference by anyOf", "null written otherwise", "const to enum"),
        *("null of a type by oneOf", "null in two spellings", "closed set opened"),
    },
    "it takes a request's member that is gone for one that is ignored": {
        *("member added", "required member added", "member renamed"),
    },
    "it does not put the parts of allOf together": {
        *("a reference in allOf", "a reference in allOf, with words", "allOf written out"),
        "a part of allOf that contradicts",
    },
    "it compares the spelling of a bound, not what it allows": {
        *("an integer's bound in two spellings", "an integer's upper bound in two spellings"),
        *("an integer's bound between integers", "a nullable integer's bound in two spellings"),
    },
    "it takes a default for words": {"default changed", "default added", "default true is not 1"},
    "it looks at what travels, not at the classes of a client": {"another class", "a class written out"},
    "it does not know our extensions": {
        *("an enum's name changed", "known value added", "known value replaced", "timestamp", "timestamp unit"),
        *("success value added",),
    },
    "it passes over a keyword that it has no rule for": {"a keyword without a rule"},
    "it does not follow where a member travels": {"read only", "write only"},
}


def pairs() -> dict[str, tuple[Any, Any, str, str]]:
    """The pairs of members, with our ratings."""
    path = Path(__file__).with_name("test_diff_ratings.py")
    specification = importlib.util.spec_from_file_location("pairs", path)
    assert specification is not None and specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    found: dict[str, tuple[Any, Any, str, str]] = module.MEMBERS
    return found


def written(path: Path, members: list[Any]) -> Path:
    """One contract with every pair's member, each in a request and in an answer."""
    paths: dict[str, Any] = {}
    for number, member in enumerate(members):
        content = {"content": {"application/json": {"schema": {"type": "object", "properties": {"m": member}}}}}
        fine = {"200": {"description": "fine"}}
        paths[f"/request{number}"] = {"post": {"operationId": f"r{number}", "requestBody": content, "responses": fine}}
        paths[f"/answer{number}"] = {"get": {"operationId": f"a{number}", "responses": {"200": fine["200"] | content}}}
    data = {
        "openapi": "3.1.0",
        "info": {"title": "T", "version": "1.0.0"},
        "paths": paths,
        "components": {"schemas": {"Thing": {"type": "object"}, "Other": {"type": "object"}}},
    }
    path.write_text(json.dumps(yaml.safe_load(yaml.safe_dump(data))), encoding="utf-8")
    return path


def breaking(base: Path, revision: Path) -> dict[str, set[int]]:
    """The numbers of the pairs that Redocly calls breaking, for requests and for answers."""
    command = [*REDOCLY, "diff", base.name, revision.name, "--format", "json", "--fail-on", "none"]
    done = subprocess.run(command, cwd=base.parent, capture_output=True, text=True, check=True)
    found: dict[str, set[int]] = defaultdict(set)
    for change in json.loads(done.stdout)["changes"]:
        match = re.match(r"#/paths/~1(request|answer)(\d+)/", change["path"])
        if match and change["impact"] == "major":
            found[match[1]].add(int(match[2]))
    return found


@pytest.mark.campaign
@pytest.mark.skipif(shutil.which("npx") is None, reason="Node is not installed")
def test_redocly_agrees_but_where_we_know_why(tmp_path: Path) -> None:
    """On every pair, both directions, Redocly calls breaking what we do, the listed partings aside."""
    known = pairs()
    files = [written(tmp_path / f"{side}.json", [pair[side] for pair in known.values()]) for side in (0, 1)]
    forward, back = breaking(files[0], files[1]), breaking(files[1], files[0])
    parted = set()
    for number, (name, pair) in enumerate(known.items()):
        theirs = [number in times[side] for side in ("request", "answer") for times in (forward, back)]
        ours = [letter == "B" for letter in pair[2].replace(" ", "")]
        if ours != theirs:
            parted.add(name)
    assert set().union(*PARTINGS.values()) == parted
