"""The README's examples run, in order, against the mock; and both type checkers accept them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "generated_client" / "README.md").read_text(encoding="utf-8")
CODE = "\n\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL))


def test_the_examples_run(mock: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A reader who pastes the examples sees them work; the one that fails on purpose prints what the comment says."""
    monkeypatch.setenv("COC_ENDPOINT", mock)
    monkeypatch.setenv("COC_AUTH_TOKEN", "any")
    names: dict[str, object] = {"__name__": "readme"}
    exec(compile(CODE, "README.md", "exec"), names)
    names["client"].close()  # type: ignore[attr-defined]
    shown = capsys.readouterr().out
    assert re.match(r"300 \['IM", shown)
    said = re.search(r"print\(error\)  # (.*)", README)
    assert said is not None
    assert said.group(1) in shown


@pytest.mark.parametrize(
    "checker", [["mypy", "--strict"], ["pyright", "--pythonpath", sys.executable]], ids=["mypy", "pyright"]
)
def test_type_checkers_accept_the_examples_and_the_client(tmp_path: Path, checker: list[str]) -> None:
    """`mypy --strict` and pyright find nothing in the examples nor in the client, and do find a misspelt property.

    Were `F.levelid` no error, mypy would call the comment on its line unused.
    """
    example = tmp_path / "readme.py"
    misspelt = "\n\nF.levelid  # type: ignore[attr-defined]\n" if checker[0] == "mypy" else ""
    example.write_text(CODE + misspelt, encoding="utf-8")
    checked = [example, ROOT / "generated_client" / "coc_incidents"]
    checked += [Path(__file__).parent] if checker[0] == "mypy" else []  # whoever tests with the client is typed, too
    words = [sys.executable, "-m", *checker, *map(str, checked)]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout + done.stderr
