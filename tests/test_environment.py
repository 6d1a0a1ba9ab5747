"""Where the project is checked out, and with which PATH, must not matter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_a_path_with_blanks_does_not_split_the_constraints(tmp_path: Path) -> None:
    """pip reads the constraints that the Makefile names, wherever the checkout is."""
    folder = tmp_path / "my own  work"
    folder.mkdir()
    for name in ("Makefile", "constraints.txt"):
        shutil.copyfile(ROOT / name, folder / name)
    told = "@printf '%s' \"$$PIP_CONSTRAINT\""
    show = ["make", "--no-print-directory", "--eval", f"show:; {told}", "show"]
    constraint = subprocess.run(show, cwd=folder, capture_output=True, text=True, check=True).stdout
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run", "--no-index", "pip"]
    done = subprocess.run(
        install, env={**os.environ, "PIP_CONSTRAINT": constraint}, capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr


def test_the_servers_programs_are_found_without_sbin_in_the_path() -> None:
    """`.ci/postgresql` looks where `runuser` is, also for whoever has a PATH without it."""
    script = "mktemp() { exit 0; }; . .ci/postgresql /nowhere; :"
    traced = ["bash", "-c", f"set -e; trap 'echo $PATH' EXIT; {script}"]
    done = subprocess.run(traced, cwd=ROOT, env={"PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)
    assert "/usr/sbin" in done.stdout.split(":")


def test_what_is_installed_has_the_contract(tmp_path: Path) -> None:
    """Mock and gate find it in a wheel, too, where there is no checkout around them."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True)
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    code = "import mock_service.contract as m, contract_tests.contract as g; m.load(); g.Contract.load(); print(m.SPEC)"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "installed")}
    found = subprocess.check_output([sys.executable, "-c", code], cwd=tmp_path, env=environment, text=True)
    assert str(tmp_path / "installed" / "spec" / "openapi.yaml") == found.strip()
