"""Golden records: what the generator makes of a small document, and what it says of each bad one.

After a wanted change, `RECORD=1 pytest tests/generator/test_golden.py` writes the records anew; read their diff.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator import generate, stamp
from generator.problems import Refused

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
BAD = sorted((HERE / "bad").glob("*.yaml"))
RECORDING = bool(os.environ.get("RECORD"))


def recorded(folder: Path) -> dict[str, str]:
    """The code that the document shapes: the runtime and the licence are copies, and the stamp names versions."""
    copies = ("runtime/", "LICENSE", "README.md", stamp.NAME)
    files = stamp.files_in(folder)
    return {name: path.read_text("utf-8") for name, path in files.items() if not any(c in name for c in copies)}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client of the golden document."""
    folder = tmp_path_factory.mktemp("golden") / "client"
    with generate.generated(GOLDEN / "openapi.yaml", "golden") as fresh:
        fresh.rename(folder)
    return folder


def test_the_output_is_the_golden_record(client: Path) -> None:
    """Each file that the generator makes of the golden document is the committed one, byte by byte."""
    found = recorded(client)
    if RECORDING:
        for name, text in found.items():
            path = GOLDEN / "client" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    assert recorded(GOLDEN / "client") == found


def test_the_golden_client_type_checks(client: Path) -> None:
    """What comes of every construct together passes `mypy --strict`."""
    command = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(client.parent / "cache"), "-p", "golden"]
    done = subprocess.run(command, cwd=client, capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr), done.stdout


@pytest.mark.parametrize("path", BAD, ids=[path.stem for path in BAD])
def test_a_bad_document_is_refused_as_recorded(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each bad document is refused with the place, what is wrong there and what would be right; nothing is written."""
    monkeypatch.chdir(path.parent)
    with pytest.raises(Refused) as refusal, generate.generated(Path(path.name), "bad"):
        pass
    snapshot = path.with_suffix(".txt")
    if RECORDING:
        snapshot.write_text(f"{refusal.value}\n", encoding="utf-8")
    assert snapshot.read_text(encoding="utf-8") == f"{refusal.value}\n"
    assert "Traceback" not in str(refusal.value)
