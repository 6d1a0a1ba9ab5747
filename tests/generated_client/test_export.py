"""Exports: whole files or none, resuming to the same bytes, and no word of what is not so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from coc_incidents import cli


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_on_a_terminal_alone(service: Any, tmp_path: Path, terminal: bool) -> None:
    """A long export moves a bar on standard error where that is a terminal, and writes none into a file."""
    ours, theirs = os.openpty()
    words = [sys.executable, "-m", "coc_incidents.cli", "export", "--per-page", "5", "--output", str(tmp_path / "out")]
    with (tmp_path / "said").open("wb") as file:
        where = theirs if terminal else file.fileno()
        done = subprocess.run(
            words, stderr=where, stdout=subprocess.PIPE, check=False, env={**os.environ, "TERM": "xterm"}
        )
    os.close(theirs)
    said = os.read(ours, 100_000) if terminal else (tmp_path / "said").read_bytes()
    os.close(ours)
    assert (0, b"") == (done.returncode, done.stdout)
    assert terminal == (b"\x1b[" in said and b"25/25" in said)
    assert b"25 items in" in said


def test_an_export_holds_every_item_oldest_first(service: Any, tmp_path: Path) -> None:
    """A file of whole lines, sorted so that new tickets come behind; nothing is left beside it."""
    output = tmp_path / "out.jsonl"
    assert 0 == cli.main(["export", "--output", str(output), "--per-page", "10"])
    assert service.tickets == [json.loads(line) for line in output.read_text().splitlines()]
    assert {("create_time", "asc")} == {
        (b["sort_filter"]["field"], b["sort_filter"]["operator"]) for b in service.bodies
    }
    assert [output] == list(tmp_path.iterdir())


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_an_interrupted_export_resumes_to_the_same_bytes(
    service: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """After a failure amid an export, `--resume` completes it to what one run would have written."""
    words = ["export", "--format", form, "--per-page", "10", "--since", "9000d", "--output"]
    assert 0 == cli.main([*words, str(tmp_path / "whole")])
    service.before = lambda number: 400 if number == 3 + 2 else None
    assert 1 == cli.main([*words, str(tmp_path / "parts")])
    assert "go on with --resume" in capsys.readouterr().err
    with (tmp_path / "parts.part").open("ab") as file:
        file.write(b"half a line" * 1000)
    began = service.bodies[-1]["int_filters"]
    service.bodies.clear()
    service.before = lambda number: None
    assert 0 == cli.main([*words, str(tmp_path / "parts"), "--resume"])
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "parts").read_bytes()
    assert [(2, began), (3, began)] == [(body["page"], body["int_filters"]) for body in service.bodies]


def test_another_query_cannot_resume(service: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of one query is not continued with another, and a complete one is not touched."""
    output = str(tmp_path / "out")
    service.before = lambda number: 400 if number == 2 else None
    assert 1 == cli.main(["export", "--output", output, "--per-page", "10"])
    assert 2 == cli.main(["export", "--output", output, "--per-page", "10", "--where", "title = a", "--resume"])
    service.before = lambda number: None
    assert 0 == cli.main(["export", "--output", output, "--per-page", "10", "--resume"])
    assert 2 == cli.main(["export", "--output", output, "--per-page", "10", "--resume"])
    said = capsys.readouterr().err
    assert "holds another query" in said
    assert "is complete; there is nothing to resume" in said


def test_ctrl_c_leaves_whole_pages_and_exits_130(service: Any, tmp_path: Path) -> None:
    """An interrupt ends the command without a traceback; what is written so far can be resumed."""
    output = tmp_path / "out"
    reached, go_on = threading.Event(), threading.Event()

    def hold(number: int) -> None:
        if number == 3:
            reached.set()
            go_on.wait(10)

    service.before = hold
    words = [sys.executable, "-m", "coc_incidents.cli", "export", "--output", str(output), "--per-page", "10"]
    process = subprocess.Popen(words, stderr=subprocess.PIPE)
    assert reached.wait(10)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=10)
    go_on.set()
    assert 130 == process.returncode
    assert b"Traceback" not in said
    assert b"--resume" in said
    assert 20 == len(output.with_name("out.part").read_text().splitlines())
    assert not output.exists()


def test_a_reader_that_goes_away_is_no_error(service: Any) -> None:
    """`coc-incidents export | head` ends quietly."""
    service.tickets = service.tickets * 400
    for number, one in enumerate(service.tickets):
        service.tickets[number] = {**one, "ticket_id": f"IM{number}"}
    reading, writing = os.pipe()
    words = [sys.executable, "-m", "coc_incidents.cli", "export"]
    process = subprocess.Popen(words, stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    os.read(reading, 10)
    os.close(reading)
    _, said = process.communicate(timeout=20)
    assert (0, b"") == (process.returncode, said)




def beside(output: Path) -> set[str]:
    return {path.name for path in output.parent.iterdir()}


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [(["--per-page", "201"], None, 2), (["--where", "title ="], None, 2), ([], 401, 1), ([], 403, 1), (["--resume"], 401, 1)],
)
def test_nothing_is_touched_before_the_first_page_has_come(
    service: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], status: int | None, code: int
) -> None:
    """A mistake in the command, or a refusal, leaves what was there, makes nothing, and advises no `--resume`."""
    service.before = lambda number: status
    output = tmp_path / "kept"
    if "--resume" not in words:
        output.write_text("precious")
    assert code == cli.main(["export", "--output", str(output), *words])
    assert ({"kept"} if output.exists() else set()) == beside(output)
    assert not output.exists() or "precious" == output.read_text()
    assert "--resume" not in capsys.readouterr().err


def test_the_old_file_stays_until_the_new_one_is_whole(
    service: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Pages go beside the file, which is replaced at the end, and keeps its permissions; nothing is left beside it."""
    output = tmp_path / "out"
    output.write_text("precious")
    output.chmod(0o600)
    words = ["export", "--per-page", "10", "--output", str(output)]
    service.before = lambda number: 400 if number == 3 else None
    assert 1 == cli.main(words)
    assert f"{output}.part holds whole pages so far; go on with --resume" in capsys.readouterr().err
    assert ("precious", {"out", "out.part", "out.part.progress"}) == (output.read_text(), beside(output))
    service.before = lambda number: None
    assert 0 == cli.main([*words, "--resume"])
    assert (25, {"out"}, 0o600) == (len(output.read_text().splitlines()), beside(output), output.stat().st_mode & 0o777)


def test_pages_that_moved_are_not_gone_on_with(
    service: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where tickets left since, others are on pages that were read: `--resume` is refused, and the file untouched."""
    output = tmp_path / "out"
    words = ["export", "--per-page", "10", "--output", str(output)]
    service.before = lambda number: 400 if number == 2 else None
    assert 1 == cli.main(words)
    part = output.with_name("out.part").read_bytes()
    service.before = lambda number: None
    del service.tickets[0]
    assert 1 == cli.main([*words, "--resume"])
    assert "there are 24 items now, and there were 25, so that the pages have moved" in capsys.readouterr().err
    assert part == output.with_name("out.part").read_bytes()
    service.tickets.append({"ticket_id": "IM9", "title": "new", "level_id": "level_10"})
    assert 0 == cli.main([*words, "--resume"])
    assert 0 == cli.main(words)
    assert service.tickets == [json.loads(line) for line in output.read_text().splitlines()]


def test_tickets_that_leave_amid_an_export_take_no_other_along(service: Any, tmp_path: Path) -> None:
    """Tickets of pages that were read are done and leave: each of the others is in the file, once."""
    output, stay = tmp_path / "out", service.tickets[10:]

    def leave(number: int) -> None:
        if number == 2:
            del service.tickets[:10]

    service.before = leave
    assert 0 == cli.main(["export", "--per-page", "10", "--output", str(output)])
    found = [json.loads(line)["ticket_id"] for line in output.read_text().splitlines()]
    assert len(set(found)) == len(found) == 25
    assert {ticket["ticket_id"] for ticket in stay} <= set(found)


def test_an_interruption_amid_a_second_reading_is_gone_on_with_from_before(service: Any, tmp_path: Path) -> None:
    """While pages are read again, the progress stays where nothing is lost and nothing comes twice."""
    output = tmp_path / "out"

    def fail(number: int) -> int | None:
        if number == 2:
            del service.tickets[:5]
        return 400 if number == 3 else None

    service.before = fail
    assert 1 == cli.main(["export", "--per-page", "10", "--output", str(output)])
    progress = json.loads(output.with_name("out.part.progress").read_bytes())
    assert (2, 10, 25) == (progress["next_page"], progress["items"], progress["total"])


def test_an_export_that_may_lack_items_takes_no_ones_place(
    service: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What came stays beside the file, and cannot be gone on with, which would make it look whole."""
    honest, output = service.answer, tmp_path / "out"

    def lacking(body: dict[str, Any]) -> Any:
        found = honest(body)
        if body["page"] == 2:
            del found["data"]["tickets"][0]
        return found

    service.answer = lacking
    words = ["export", "--per-page", "10", "--output", str(output)]
    assert 1 == cli.main(words)
    said = capsys.readouterr().err
    assert "hold 24 of 25 items" in said
    assert f"{output}.part holds what came; export anew" in said
    assert {"out.part"} == beside(output)
    assert 2 == cli.main([*words, "--resume"])
    assert "out.part cannot be gone on with; export anew, without --resume" in capsys.readouterr().err


def test_an_export_of_an_older_version_is_gone_on_with(service: Any, tmp_path: Path) -> None:
    """There, pages were in the file itself, and its progress, without a total, in FILE.progress."""
    output = tmp_path / "out"
    words = ["export", "--per-page", "10", "--output", str(output)]
    service.before = lambda number: 400 if number == 3 else None
    assert 1 == cli.main(words)
    progress = json.loads(output.with_name("out.part.progress").read_bytes())
    del progress["total"]
    output.with_name("out.part").rename(output)
    output.with_name("out.part.progress").unlink()
    output.with_name("out.progress").write_text(json.dumps(progress))
    service.before = lambda number: None
    assert 0 == cli.main([*words, "--resume"])
    assert service.tickets == [json.loads(line) for line in output.read_text().splitlines()]
    output.with_name("out.progress").write_text(json.dumps(progress))
    assert 0 == cli.main(words)
    assert {"out"} == beside(output)


def test_a_page_in_the_body_is_where_an_export_begins(service: Any, tmp_path: Path) -> None:
    """Interrupted, it goes on as advised: behind the pages that it has."""
    output = tmp_path / "out"
    words = ["export", "--per-page", "5", "--body", '{"page": 2}', "--output", str(output)]
    service.before = lambda number: 400 if number == 3 else None
    assert 1 == cli.main(words)
    service.before = lambda number: None
    assert 0 == cli.main([*words, "--resume"])
    assert [2, 3, 4, 4, 5] == [body["page"] for body in service.bodies]
    assert service.tickets[5:] == [json.loads(line) for line in output.read_text().splitlines()]


def test_what_is_no_file_is_written_through(
    service: Any, tmp_path: Path, command: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """`-` is standard output; a device gets the bytes, a link leads to its file, and a folder is refused."""

    def tickets(raw: bytes) -> list[Any]:
        return [json.loads(line) for line in raw.splitlines()]

    for where in ([], ["--output", "-"], ["--output", "/dev/stdout"]):
        done = command("export", *where, cwd=tmp_path)
        assert (0, service.tickets, b"") == (done.returncode, tickets(done.stdout), done.stderr)
    assert 0 == cli.main(["export", "--output", os.devnull])
    assert not Path(f"{os.devnull}.part.progress").exists()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "file")
    assert 0 == cli.main(["export", "--output", str(link)])
    assert service.tickets == tickets((tmp_path / "file").read_bytes())
    assert {"link", "file"} == beside(link)
    assert link.is_symlink()
    capsys.readouterr()
    assert 2 == cli.main(["export", "--output", str(tmp_path)])
    assert f"{tmp_path} is a folder; name a file in it" in capsys.readouterr().err
