"""The command line: readable output, exact exports, resuming, and exit codes that scripts can trust."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from coc_incidents import cli

CREATED = 1744252838072


class Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that has gone is what some tests want."""


class Service:
    """An honest service on a loopback port; `before` may spoil the n-th request by answering a status."""

    def __init__(self, count: int) -> None:
        self.tickets = [
            {"ticket_id": f"IM{n:04}", "title": f'disk, "{n}" 磁盘', "level_id": "level_10", "create_time": CREATED + n}
            for n in range(count)
        ]
        self.bodies: list[dict[str, Any]] = []
        self.before: Callable[[int], int | None] = lambda number: None
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                service.bodies.append(body)
                status = service.before(len(service.bodies)) or 200
                raw = json.dumps(service.answer(body) if status == 200 else {"error_code": "X.1"}).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)

            def log_message(self, *arguments: Any) -> None:
                """Say nothing."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def answer(self, body: dict[str, Any]) -> dict[str, Any]:
        number, size = body.get("page", 1), body.get("per_page", 10)
        data: dict[str, Any] = {
            "total": len(self.tickets),
            "tickets": self.tickets[(number - 1) * size : number * size],
        }
        if "count_filters" in body:
            data["count_results"] = [7 for _ in body["count_filters"]]
        return {"error_code": "0", "data": data}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    made = Service(25)
    monkeypatch.setenv("COC_ENDPOINT", made.url)
    monkeypatch.setenv("COC_AUTH_TOKEN", "token")
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.delenv("HUAWEICLOUD_SDK_AK", raising=False)
    monkeypatch.delenv("HUAWEICLOUD_SDK_SK", raising=False)
    yield made
    made.close()


def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "coc_incidents.cli", *arguments], capture_output=True, check=False, **options
    )


def test_a_table_is_readable(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """The contract's columns, display names for codes, times in words, and how many there are."""
    assert 0 == cli.main(["list", "--limit", "2"])
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert ["ticket_id", "level_id", "work_flow_status", "title", "assignee", "create_time"] == lines[0].split()
    assert ["IM0000", "P1"] == lines[1].split()[:2]
    assert "2025-04-10 02:40:38" in lines[1]
    assert "2 of 25 items" in shown.err


def test_a_table_in_a_pipe_is_whole(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no terminal sets a width nothing is cut, and a row is one line."""
    monkeypatch.delenv("COLUMNS")
    service.tickets[0] |= {"ticket_id": "IM" + "0" * 200, "title": "long " * 50}
    lines = command("list", "--limit", "1").stdout.decode().splitlines()
    assert 2 == len(lines)
    assert "IM" + "0" * 200 in lines[1]
    assert "long " * 49 in lines[1]


def test_a_table_says_nothing_that_a_terminal_would_obey(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """A title with control sequences is shown as text: it neither clears the screen nor breaks the row."""
    service.tickets[0]["title"] = "a\x1b[2Jb\r\nc"
    assert 0 == cli.main(["list", "--limit", "1"])
    assert "a [2Jb  c" in capsys.readouterr().out


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_shows_on_a_terminal_alone(service: Service, tmp_path: Path, terminal: bool) -> None:
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


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_formats_for_programs_are_exact(service: Service, form: str) -> None:
    """Every value comes out as it is on the wire, whatever quotes and letters it holds."""
    done = command(
        "list", "--limit", "12", "--format", form, "--fields", "ticket_id,title,create_time", "--per-page", "5"
    )
    assert (0, b"") == (done.returncode, done.stderr)
    wanted = [{name: one[name] for name in ("ticket_id", "title", "create_time")} for one in service.tickets[:12]]
    text = done.stdout.decode()
    if form == "csv":
        assert [{k: str(v) for k, v in one.items()} for one in wanted] == list(
            csv.DictReader(io.StringIO(text, newline=""))
        )
    else:
        assert wanted == (json.loads(text) if form == "json" else [json.loads(line) for line in text.splitlines()])
    assert ["ticket_id", "title", "create_time"] == service.bodies[0]["fields"]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_no_items_is_an_empty_document(service: Service, form: str) -> None:
    """An empty result is valid output of its format."""
    service.tickets.clear()
    done = command("list", "--format", form, "--fields", "title")
    assert {"json": b"[\n\n]\n", "jsonl": b"", "csv": b"title\r\n"}[form] == done.stdout
    assert 0 == done.returncode


def test_words_become_filters(service: Service) -> None:
    """`--where`, `--since` and `--sort` arrive as filters, condition and sort."""
    where = 'level_id in (level_10, level_20) and title ~ "disk"'
    assert 0 == cli.main(
        ["list", "--where", where, "--since", "2025-04-10", "--sort", "title:desc", "--format", "jsonl"]
    )
    body = service.bodies[0]
    assert [("level_id", "in"), ("title", "like")] == [(f["field"], f["operator"]) for f in body["string_filters"]]
    assert [["1744243200000"]] == [each["values"] for each in body["int_filters"]]
    assert ("title", "desc") == (body["sort_filter"]["field"], body["sort_filter"]["operator"])


def test_counting(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """One condition gives its number; several named ones come from one request, one line each."""
    assert 0 == cli.main(["count", "--where", "level_id = level_10"])
    assert 0 == cli.main(["count", "P1=level_id=level_10", "open = work_flow_status != done"])
    assert "25\nP1\t7\nopen\t7\n" == capsys.readouterr().out
    assert 2 == len(service.bodies)


def test_a_body_has_the_further_members(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """`--body` is sent with every command; what is no body of the operation is a mistake in the command."""
    for command in (["list"], ["export"], ["count"], ["count", "a=level_id=x"]):
        assert 0 == cli.main([*command, "--body", '{"contain_sub_ticket": false}'])
    assert [False] * 4 == [body["contain_sub_ticket"] for body in service.bodies]
    for wrong in ('{"contain_sub_ticket": 1}', "{", "[]"):
        assert 2 == cli.main(["count", "--body", wrong])
        assert "--body is no body of ListIncidents" in capsys.readouterr().err


def test_an_export_holds_every_item_oldest_first(service: Service, tmp_path: Path) -> None:
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
    service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """After a failure amid an export, `--resume` completes it to what one run would have written."""
    words = ["export", "--format", form, "--per-page", "10", "--since", "9000d", "--output"]
    assert 0 == cli.main([*words, str(tmp_path / "whole")])
    service.before = lambda number: 400 if number == 3 + 2 else None
    assert 1 == cli.main([*words, str(tmp_path / "parts")])
    assert "go on with --resume" in capsys.readouterr().err
    with (tmp_path / "parts").open("ab") as file:
        file.write(b"half a line" * 1000)
    began = service.bodies[-1]["int_filters"]
    service.bodies.clear()
    service.before = lambda number: None
    assert 0 == cli.main([*words, str(tmp_path / "parts"), "--resume"])
    assert (tmp_path / "whole").read_bytes() == (tmp_path / "parts").read_bytes()
    assert [(2, began), (3, began)] == [(body["page"], body["int_filters"]) for body in service.bodies]


def test_another_query_cannot_resume(service: Service, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
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


def test_ctrl_c_leaves_whole_pages_and_exits_130(service: Service, tmp_path: Path) -> None:
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
    assert 20 == len(output.read_text().splitlines())


def test_a_reader_that_goes_away_is_no_error(service: Service) -> None:
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


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["list", "--where", "levelid = x"], 2, "did you mean level_id?"),
        (["list", "--where", "title ="], 2, "column 8: found the end, expected a value"),
        (["list", "--since", "yesterday"], 2, "'yesterday' is no time"),
        (["list", "--fields", "nosuch"], 2, "'nosuch' is no property"),
        (["list", "--sort", "title:up"], 2, "the direction is asc or desc"),
        (["list", "--limit", "-1"], 2, "--limit is -1; it must be 0 or more"),
        (["list", "--per-page", "500"], 2, "per_page is 500; it must be an integer from 1 to 200"),
        (["count", "P1"], 2, "'P1' is no NAME=CONDITION"),
        (["export", "--resume"], 2, "--resume needs --output"),
        (["export", "--output", "/nonexistent/out"], 1, "No such file or directory"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    service: Service, capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    """A mistake in the command exits 2, a failure 1; both with one clear sentence and no traceback."""
    assert code == cli.main(words)
    said = capsys.readouterr().err
    assert says in said
    assert said.startswith("coc-incidents: ")


def test_a_refusal_of_the_service_exits_1(service: Service, capsys: pytest.CaptureFixture[str]) -> None:
    """The service's own words reach the reader."""
    service.before = lambda number: 403
    assert 1 == cli.main(["list"])
    assert "status 403 X.1; the caller needs coc:ticket:list" in capsys.readouterr().err


def test_missing_credentials_exit_2(service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without credentials the command says what to set."""
    monkeypatch.delenv("COC_AUTH_TOKEN")
    monkeypatch.setenv("HOME", str(tmp_path))
    done = command("list")
    assert 2 == done.returncode
    assert b"set HUAWEICLOUD_SDK_AK" in done.stderr


def test_help_and_version_need_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` and `--version` work without credentials or network."""
    for words in (["--version"], ["list", "--help"], ["export", "--help"], ["count", "--help"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert 0 == ended.value.code
    assert "level_id in (level_10, level_20)" in capsys.readouterr().out
