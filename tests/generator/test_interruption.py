"""Kills, Ctrl-C, full disks, links and names that cannot be: what was there stays whole, and one sentence tells."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from generator import generate, stamp, swap
from generator.__main__ import main
from generator.problems import Refused

DOCUMENT = {
    "openapi": "3.0.3",
    "info": {"title": "Pets", "version": "1.0.0"},
    "paths": {"/pets": {"get": {"responses": {"204": {"description": "none"}}}}},
}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {name: path.read_bytes() for name, path in stamp.files_in(folder).items()}


def test_a_swap_that_was_killed_half_way_is_undone(tmp_path: Path) -> None:
    """Killed between the two renames of the fallback, a run leaves the old folder aside; the next run puts it back."""
    target, left = tmp_path / "client", tmp_path / ".client.new-abc"
    (left / "old").mkdir(parents=True)
    (left / "old" / "file").write_text("whole")
    (left / "client").mkdir()
    swap.recover(target)
    assert {"client/file": b"whole"} == contents(tmp_path)
    assert ["client"] == [path.name for path in tmp_path.iterdir()]


def test_what_a_killed_run_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    """A folder aside is nobody's once its process is gone; one that a run works in, and a user's own, stay."""
    target = tmp_path / "client"
    for name in ("client", ".client.old", ".client.new-abc"):
        (tmp_path / name).mkdir()
    with swap.aside(target) as folder, swap.aside(target) as other:
        assert {target, tmp_path / ".client.old", folder, other} == set(tmp_path.iterdir())
    assert {target, tmp_path / ".client.old"} == set(tmp_path.iterdir())


@pytest.mark.parametrize("can_exchange", [True, False])
def test_a_swap_replaces_the_whole_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, can_exchange: bool) -> None:
    """Nothing of the old folder is left in the new one, with and without the kernel's exchange of names."""
    target, fresh = tmp_path / "client", tmp_path / "work" / "fresh"
    for folder, name in ((target, "old"), (fresh, "new")):
        folder.mkdir(parents=True)
        (folder / name).write_text(name)
    if not can_exchange:
        monkeypatch.setattr(swap, "_exchanged", lambda one, other: False)
    swap.into_place(fresh, target)
    assert {"new": b"new"} == contents(target)
    assert (tmp_path / "work" / ("fresh" if can_exchange else "old") / "old").is_file(), (
        "until the work is cleared away"
    )


@pytest.mark.parametrize(
    ("raised", "code", "told"),
    [
        (KeyboardInterrupt(), 130, "interrupted\n"),
        (OSError(28, "No space left on device", "client/x.py"), 2, "client/x.py: No space left on device\n"),
        (OSError(30, "Read-only file system", "published"), 2, "published: Read-only file system\n"),
        (shutil.Error([("a", "b", "[Errno 28] full")]), 2, "b cannot be copied from a: [Errno 28] full\n"),
    ],
)
def test_an_interruption_or_a_full_disk_is_one_sentence(
    raised: BaseException, code: int, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Ctrl-C, a full disk and a folder that may not be written end in a sentence and an exit code, no traceback."""

    def end(_: object) -> int:
        raise raised

    monkeypatch.setattr(generate, "run", end)
    assert code == main(["generate"])
    assert told == capsys.readouterr().err


def test_a_link_to_a_client_stays_a_link(tmp_path: Path) -> None:
    """Where the output is a link, the folder that it leads to gets the client."""
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("there")
    spec = tmp_path / "api.json"
    spec.write_text(json.dumps(DOCUMENT))
    assert 0 == main(["generate", "--spec", str(spec), "--output", str(tmp_path / "link"), "--package", "pets"])
    assert (tmp_path / "link").is_symlink()
    assert "pets/__init__.py" in contents(tmp_path / "there")


def test_the_folder_one_is_in_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`--output .` would take the ground from under the shell: one sentence, exit 2."""
    monkeypatch.chdir(tmp_path)
    assert 2 == main(["generate", "--output", "."])
    assert f"{tmp_path} is the folder you are in, and would be replaced; name one in it\n" == capsys.readouterr().err


@pytest.mark.parametrize(
    ("package", "near"),
    [
        ("my-client", "my_client"),
        ("a b", "a_b"),
        ("1abc", "abc_client"),
        ("_x", "x"),
        ("x.y", "x_y"),
        ("", "client"),
    ],
)
def test_a_package_that_no_module_can_be_is_refused(
    package: str, near: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that Python cannot import, or pip not install, is one sentence with one that does, exit 2."""
    assert 2 == main(["generate", "--output", str(tmp_path / "client"), "--package", package])
    assert f"--package {package} is no name of a Python module; write it such as {near}\n" == capsys.readouterr().err
    assert [] == list(tmp_path.iterdir())
    generate.check_package(near)


def test_a_package_that_hides_another_is_refused() -> None:
    """A client named like what it imports would import itself."""
    for name in ("json", "httpx", "class"):
        with pytest.raises(Refused, match=f"is taken in Python itself; write it such as {name}_client"):
            generate.check_package(name)
