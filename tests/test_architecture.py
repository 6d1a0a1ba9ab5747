"""The promises between the parts, held by the import contracts in pyproject.toml."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("generator", "mock_service", "contract_tests")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the import contracts over the packages below `root`."""
    paths = os.pathsep.join([str(root), str(root / "generated_client")])
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": paths}
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def copy_of_the_packages(tmp_path: Path) -> Path:
    """A folder with the packages and their import contracts, to break on purpose."""
    sources = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for package in (*PACKAGES, "generated_client/coc_incidents"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=sources)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_parts_keep_apart() -> None:
    """No part imports what it must not know."""
    outcome = lint_imports(ROOT)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize(
    ("module", "forbidden"),
    [
        ("contract_tests", "generator"),
        ("contract_tests", "mock_service"),
        ("contract_tests", "coc_incidents"),
        ("generator", "mock_service"),
        ("mock_service", "generator"),
        ("generated_client/coc_incidents", "generator"),
    ],
)
def test_a_forbidden_import_is_found(copy_of_the_packages: Path, module: str, forbidden: str) -> None:
    """The import contracts go red when one part imports another that it must not know."""
    (copy_of_the_packages / module / "trespass.py").write_text(f"import {forbidden}\n", encoding="utf-8")
    outcome = lint_imports(copy_of_the_packages)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    assert "trespass" in outcome.stdout


def test_the_contract_is_pure_data() -> None:
    """The folder spec/ holds no code."""
    kinds = {path.suffix for path in (ROOT / "spec").rglob("*") if path.is_file()}
    assert kinds <= {".yaml", ".json", ".md"}
