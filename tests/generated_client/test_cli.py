"""The command line: readable output, exact formats, and exit codes that scripts can trust."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from coc_incidents import cli


def test_a_table_is_readable(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The contract's columns, display names for codes, times in words, and how many there are."""
    assert 0 == cli.main(["list", "--limit", "2"])
    shown = capsys.readouterr()
    lines = shown.out.splitlines()
    assert ["ticket_id", "level_id", "work_flow_status", "title", "assignee", "create_time"] == lines[0].split()
    assert ["IM0000", "P1"] == lines[1].split()[:2]
    assert "2025-04-10 02:40:38" in lines[1]
    assert "2 of 25 items" in shown.err


def test_a_table_in_a_pipe_is_whole(service: Any, monkeypatch: pytest.MonkeyPatch, command: Any) -> None:
    """Where no terminal sets a width nothing is cut, and a row is one line."""
    monkeypatch.delenv("COLUMNS")
    service.tickets[0] |= {"ticket_id": "IM" + "0" * 200, "title": "long " * 50}
    lines = command("list", "--limit", "1").stdout.decode().splitlines()
    assert 2 == len(lines)
    assert "IM" + "0" * 200 in lines[1]
    assert "long " * 49 in lines[1]


def test_a_table_says_nothing_that_a_terminal_would_obey(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A title with control sequences is shown as text: it neither clears the screen nor breaks the row."""
    service.tickets[0]["title"] = "a\x1b[2Jb\r\nc"
    assert 0 == cli.main(["list", "--limit", "1"])
    assert "a [2Jb  c" in capsys.readouterr().out


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_formats_for_programs_are_exact(service: Any, form: str, command: Any) -> None:
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
def test_no_items_is_an_empty_document(service: Any, form: str, command: Any) -> None:
    """An empty result is valid output of its format."""
    service.tickets.clear()
    done = command("list", "--format", form, "--fields", "title")
    assert {"json": b"[\n\n]\n", "jsonl": b"", "csv": b"title\r\n"}[form] == done.stdout
    assert 0 == done.returncode


def test_words_become_filters(service: Any) -> None:
    """`--where`, `--since` and `--sort` arrive as filters, condition and sort."""
    where = 'level_id in (level_10, level_20) and title ~ "disk"'
    assert 0 == cli.main(
        ["list", "--where", where, "--since", "2025-04-10", "--sort", "title:desc", "--format", "jsonl"]
    )
    body = service.bodies[0]
    assert [("level_id", "in"), ("title", "like")] == [(f["field"], f["operator"]) for f in body["string_filters"]]
    assert [["1744243200000"]] == [each["values"] for each in body["int_filters"]]
    assert ("title", "desc") == (body["sort_filter"]["field"], body["sort_filter"]["operator"])


def test_counting(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """One condition gives its number; several named ones come from one request, one line each."""
    assert 0 == cli.main(["count", "--where", "level_id = level_10"])
    assert 0 == cli.main(["count", "P1=level_id=level_10", "open = work_flow_status != done"])
    assert "25\nP1\t7\nopen\t7\n" == capsys.readouterr().out
    assert 2 == len(service.bodies)


def test_a_body_has_the_further_members(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """`--body` is sent with every command; what is no body of the operation is a mistake in the command."""
    for command in (["list"], ["export"], ["count"], ["count", "a=level_id=x"]):
        assert 0 == cli.main([*command, "--body", '{"contain_sub_ticket": false}'])
    assert [False] * 4 == [body["contain_sub_ticket"] for body in service.bodies]
    for wrong in ('{"contain_sub_ticket": 1}', "{", "[]"):
        assert 2 == cli.main(["count", "--body", wrong])
        assert "--body is no body of ListIncidents" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["list", "--where", "levelid = x"], 2, "did you mean level_id?"),
        (["list", "--where", "title ="], 2, "column 8: found the end, expected a value"),
        (["list", "--since", "yesterday"], 2, "'yesterday' is no time"),
        (["list", "--fields", ","], 2, "--fields ',' names no property; there are"),
        (["export", "--fields", ""], 2, "names no property"),
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
    service: Any, capsys: pytest.CaptureFixture[str], words: list[str], code: int, says: str
) -> None:
    """A mistake in the command exits 2, a failure 1; both with one clear sentence and no traceback."""
    assert code == cli.main(words)
    said = capsys.readouterr().err
    assert says in said
    assert said.startswith("coc-incidents: ")


def test_a_refusal_of_the_service_exits_1(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The service's own words reach the reader."""
    service.before = lambda number: 403
    assert 1 == cli.main(["list"])
    assert "status 403 X.1; the caller needs coc:ticket:list" in capsys.readouterr().err


def test_missing_credentials_exit_2(service: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, command: Any) -> None:
    """Without credentials the command says what to set."""
    monkeypatch.delenv("COC_AUTH_TOKEN")
    monkeypatch.setenv("HOME", str(tmp_path))
    done = command("list")
    assert 2 == done.returncode
    assert b"set HUAWEICLOUD_SDK_AK" in done.stderr


def test_the_package_is_the_command(service: Any) -> None:
    """`python -m coc_incidents` does what the script does, where that is not on the path."""
    words = [sys.executable, "-m", "coc_incidents", "count"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (0, "25\n", "") == (done.returncode, done.stdout, done.stderr)


def test_help_and_version_need_nothing(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` and `--version` work without credentials or network."""
    for words in (["--version"], ["list", "--help"], ["export", "--help"], ["count", "--help"]):
        with pytest.raises(SystemExit) as ended:
            cli.main(words)
        assert 0 == ended.value.code
    assert "level_id in (level_10, level_20)" in capsys.readouterr().out


def test_counts_take_any_name(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is an argument of the client's method is a name like any other."""
    assert 0 == cli.main(["count", "body=level_id = a", "timeout=level_id = b", "level 1=level_id = c"])
    assert "body\t7\ntimeout\t7\nlevel 1\t7\n" == capsys.readouterr().out


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_an_encoding_without_a_letter_is_no_failure(service: Any, command: Any, encoding: str) -> None:
    """What an output cannot write is written as an escape; help, tables and complaints come all the same."""
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    shown = command("list", "--limit", "1", "--lang", "zh", env=environment)
    assert (0, True) == (shown.returncode, rb"\u78c1\u76d8" in shown.stdout)
    assert 0 == command("list", "--help", env=environment).returncode
    wrong = command("list", "--where", "title = 磁 磁", env=environment)
    assert (2, False, True) == (wrong.returncode, b"Traceback" in wrong.stderr, rb"\u78c1" in wrong.stderr)


@pytest.mark.parametrize("where", ["(" * 400 + "title = a" + ")" * 400, "not " * 1000 + "title = a"])
def test_conditions_nested_too_deep_are_told(service: Any, capsys: pytest.CaptureFixture[str], where: str) -> None:
    """What Python cannot walk is a sentence with the column where it became too much."""
    assert 2 == cli.main(["count", "--where", where])
    assert "expected at most 50 parentheses and nots in each other" in capsys.readouterr().err
    assert 0 == cli.main(["count", "--where", "(" * 25 + "not not " * 12 + "title = a" + ")" * 25])


def test_a_count_needs_a_total(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Where the body asks for none it is a mistake in the command; where the service says none, a failure."""
    assert 2 == cli.main(["count", "--body", '{"contain_total": false}'])
    assert "--body says that contain_total is false; without names, count needs it" in capsys.readouterr().err
    assert 0 == cli.main(["count", "--body", '{"contain_total": false}', "a=level_id=x"])
    service.answer = lambda body: {"error_code": "0", "data": {"tickets": []}}
    assert 1 == cli.main(["count"])
    assert "a success without $.data.total" in capsys.readouterr().err
    assert 0 == cli.main(["list", "--limit", "0", "--body", '{"page": 2}'])


def test_a_page_in_the_body_does_not_change_a_count(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """The total is that of all pages."""
    assert 0 == cli.main(["count", "--body", '{"page": 2}'])
    assert "25\n" == capsys.readouterr().out


def test_everything_at_once_has_no_more_than_the_limit(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Who wants two items of an answer that lacks others gets two items."""
    assert 0 == cli.main(["list", "--body", '{"contain_all": true}', "--limit", "2", "--format", "jsonl"])
    assert 2 == len(capsys.readouterr().out.splitlines())


def test_items_of_a_list_that_lacks_some_are_shown(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """What came is in the table, before the sentence that says what did not."""
    service.answer = lambda body: {"error_code": "0", "data": {"total": 9, "tickets": service.tickets[:8]}}
    assert 1 == cli.main(["list", "--body", '{"contain_all": true}'])
    shown = capsys.readouterr()
    assert (9, True) == (len(shown.out.splitlines()), "hold 8 of 9 items" in shown.err)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"contain_totl": true}', "--body has contain_totl, which ListIncidents does not know; did you mean contain_total"),
        ('{"sort_filter": {"field": "a", "operator": "desc", "values": ["a"], "valuez": []}}', "sort_filter.valuez"),
        ('{"string_filters": [{"field": "a", "operator": "=", "values": ["a"], "nam": "b"}]}', "string_filters[0].nam"),
        ('{"zzzzzz": 1}', "there are page, per_page"),
    ],
)
def test_a_slip_in_the_body_is_told(service: Any, capsys: pytest.CaptureFixture[str], body: str, says: str) -> None:
    """A member that the contract does not know would do nothing, without a word."""
    assert 2 == cli.main(["list", "--body", body])
    assert says in capsys.readouterr().err
    assert [] == service.bodies


def test_a_refusal_says_nothing_that_a_terminal_would_obey(service: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """Control signs in the service's words are blanks."""
    service.answer = lambda body: {"error_code": "X.1", "error_msg": "a\x1b[2Jb\rc"}
    assert 1 == cli.main(["list"])
    assert "X.1: a [2Jb c" in capsys.readouterr().err
