"""`check`: every way in which the client can differ from its contract is found, and the file is named."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from generator import check, generate, stamp, versions
from generator.__main__ import main

ROOT = Path(__file__).resolve().parents[2]
MODEL = "coc_incidents/models/incident_data_info.py"


@pytest.fixture
def client(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "generated_client", tmp_path / "client")


def edit(client: Path) -> None:
    path = client / MODEL
    path.write_text(path.read_text(encoding="utf-8") + "\n# by hand\n", encoding="utf-8")


def edit_without_changing_the_size(client: Path) -> None:
    path = client / MODEL
    path.write_text(path.read_text(encoding="utf-8").replace("level_10", "level_11", 1), encoding="utf-8")


def remove(client: Path) -> None:
    (client / MODEL).unlink()


def stray(client: Path) -> None:
    (client / "coc_incidents" / "extra.py").write_text("")


def run(client: Path, *, full: bool = False, spec: Path = generate.SPEC, base: str | None = None) -> int:
    given = {"spec": spec, "output": client, "package": generate.PACKAGE, "partial": False, "full": full, "base": base}
    return check.run(type("Options", (), given)())


@pytest.mark.parametrize("full", [False, True])
def test_the_committed_client_is_current(client: Path, full: bool) -> None:
    """Nobody forgot to generate: the committed client is what the contract generates."""
    assert 0 == run(client, full=full)


def link(client: Path) -> None:
    path = client / MODEL
    shutil.move(path, client.parent / "away.py")
    path.symlink_to(client.parent / "away.py")


def make_executable(client: Path) -> None:
    (client / MODEL).chmod(0o755)


ODD = f"{MODEL}: is a link or executable, the generator writes a plain file"


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (link, ODD),
        (make_executable, ODD),
        (edit, f"{MODEL}: differs from what the contract generates"),
        (edit_without_changing_the_size, f"{MODEL}: differs from what the contract generates"),
        (remove, f"{MODEL}: missing"),
        (stray, "coc_incidents/extra.py: stray, the generator does not write it"),
    ],
)
def test_every_difference_is_found_and_named(
    client: Path, capsys: pytest.CaptureFixture[str], spoil: Callable[[Path], None], said: str
) -> None:
    """An edit by hand, a lost, an untracked, a linked or an executable file exits 1, and is named alone."""
    spoil(client)
    assert 1 == run(client)
    lines = capsys.readouterr().err.splitlines()
    assert [f"client/{said}"] == lines[:-1]
    assert "python -m generator generate" in lines[-1]


def test_a_client_of_an_older_contract_is_stale(
    client: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """After an edit of the contract the classes that follow from it differ, until the client is generated anew."""
    text = (ROOT / "spec" / "openapi.yaml").read_text(encoding="utf-8").replace("maximum: 200\n", "maximum: 100\n")
    spec = tmp_path / "openapi.yaml"
    spec.write_text(text, encoding="utf-8")
    assert 1 == run(client, spec=spec)
    assert "list_incidents_request_body.py: differs" in capsys.readouterr().err


def test_a_forged_stamp_is_found_in_full(client: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edit whose hash was put into the stamp passes the stamp alone, and not `--full`."""
    before = stamp.digest(client / MODEL)
    edit(client)
    path = client / stamp.NAME
    path.write_text(path.read_text(encoding="utf-8").replace(before, stamp.digest(client / MODEL)), encoding="utf-8")
    assert 0 == run(client)
    assert 1 == run(client, full=True)
    assert f"{MODEL}: differs" in capsys.readouterr().err


def test_what_interpreters_leave_behind_is_no_difference(client: Path) -> None:
    """Bytecode beside the sources does not make a client stale."""
    (client / "coc_incidents" / "__pycache__").mkdir(exist_ok=True)
    (client / "coc_incidents" / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"")
    assert 0 == run(client)


def test_the_stamp_knows_every_module_that_writes_the_client() -> None:
    """A change to whatever module rendering imports makes the client stale."""
    sources = {path.stem: path.read_text(encoding="utf-8") for path in Path(generate.__file__).parent.glob("*.py")}
    known: set[str] = set()
    waiting = ["rendering"]
    while waiting:
        module = waiting.pop()
        if module not in known and module in sources:
            known.add(module)
            waiting += re.findall(r"from generator(?:\.| import )(\w+)", sources[module])
    stamped = set(tomllib.loads((generate.CLIENT / stamp.NAME).read_text(encoding="utf-8"))["inputs"])
    assert {f"generator/{module}.py" for module in known - {"problems"}} <= stamped


def test_an_unchanged_tree_is_checked_without_generating() -> None:
    """The stamp decides alone: the libraries that generate are not even imported."""
    code = (
        "import json, sys; from generator.__main__ import main; code = main(['check']);"
        "print(json.dumps([code, sorted({'openapi_python_client', 'jinja2'} & set(sys.modules))]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert [0, []] == json.loads(done.stdout.splitlines()[-1])


def test_the_versions_have_to_match(
    client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A current client is not in order when the changelog's newest version is another."""
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8").replace("## ", "## 99.0.0\n\n- A change.\n\n## ", 1)
    (tmp_path / "CHANGELOG.md").write_text(changelog, "utf-8")
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(check, "is_stamped", lambda *_: True)
    assert 1 == run(client)
    assert "the newest version is 99.0.0" in capsys.readouterr().err


def test_a_change_is_held_against_the_base_that_is_named(
    client: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--base` makes the gate on versions work where no release is tagged: the change asks for its version."""
    base = tmp_path / "before.yaml"
    base.write_text(generate.SPEC.read_text("utf-8").replace("maximum: 200\n", "maximum: 300\n"), "utf-8")
    monkeypatch.setattr(versions, "released", lambda _: None)
    assert 1 == run(client, base=str(base))
    assert "(ListIncidentsRequestBody.per_page: maximum 300 → 200); raise it to" in capsys.readouterr().err
    assert 2 == main(["check", "--base", "no-such-revision"])
    assert "no-such-revision is neither a file nor a git revision" in capsys.readouterr().err


def test_a_pull_request_is_held_against_its_base() -> None:
    """The workflow that decides names the branch that a pull request goes to: without tags, nothing else is known."""
    steps = yaml.safe_load((ROOT / ".github/workflows/contract-change.yml").read_text("utf-8"))["jobs"]["review"][
        "steps"
    ]
    assert 'python -m generator check --full --base "origin/${GITHUB_BASE_REF}"' in steps[-1]["run"]
    assert "continue-on-error" not in steps[-1]
