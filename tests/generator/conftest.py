"""Clients of edited contracts, and of documents of others, imported under names of their own."""

from __future__ import annotations

import copy
import importlib
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from generator import generate

ROOT = Path(__file__).resolve().parents[2]
CONTRACT = yaml.safe_load((ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8"))
Edit = Callable[[dict[str, Any]], object]


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """A copy of the contract and its source data."""
    shutil.copytree(ROOT / "spec", tmp_path / "spec")
    return tmp_path / "spec" / "openapi.yaml"


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Edit], Path]:
    """Writes a copy of the contract with one edit."""

    def write(edit: Edit) -> Path:
        document = copy.deepcopy(CONTRACT)
        edit(document)
        path = tmp_path / "openapi.json"
        path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")
        return path

    return write


@pytest.fixture
def client_of(
    tmp_path: Path, written: Callable[[Edit], Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Edit], ModuleType]]:
    """Generates a client of the edited contract and imports it under a name of its own."""
    names: list[str] = []

    def make(edit: Edit) -> ModuleType:
        package = f"variant_{len(names)}_{tmp_path.name.replace('-', '_')}"
        names.append(package)
        folder = alive.enter_context(generate.generated(written(edit), package))
        monkeypatch.syspath_prepend(str(folder))
        return importlib.import_module(package)

    with ExitStack() as alive:
        yield make
    for name in [loaded for loaded in sys.modules if loaded.split(".")[0] in names]:
        del sys.modules[name]


@pytest.fixture
def client_of_document(client_of: Callable[[Edit], ModuleType]) -> Callable[[str], ModuleType]:
    """Generates a client of a document of others, given as YAML, and imports it likewise."""

    def make(text: str) -> ModuleType:
        def replace(document: dict[str, Any]) -> None:
            document.clear()
            document.update(yaml.safe_load(text))

        return client_of(replace)

    return make
