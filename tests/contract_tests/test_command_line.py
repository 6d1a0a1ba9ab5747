"""The command line: options, exit codes, one clear sentence for each mistake, and nothing secret in what it prints."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contract_tests import listing, mock
from contract_tests.command_line import loopback, main
from contract_tests.contract import Contract

from .conftest import JSON, Answer, empty_service, envelope

Serve = Callable[[Answer], str]
DEMO = {"HUAWEICLOUD_SDK_AK": "DEMOACCESSKEY", "HUAWEICLOUD_SDK_SK": "demo-secret-key", "COC_AUTH_TOKEN": "demo-token"}

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def too_large(operation: Any) -> Answer:
    """A service that accepts more than 200 tickets a page."""
    valid = empty_service(operation)

    def answer(method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], bytes]:
        return (200, JSON, envelope(total=0)) if body == b'{"per_page":201}' else valid(method, path, headers, body)

    return answer


def test_a_run_that_conforms(serve: Serve, operation: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 0, the verdict on the console, and every report in the folder."""
    url = serve(empty_service(operation))
    assert main(["--target", url, "--report", str(tmp_path), "--max-requests", "60"]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(f"{url} conforms, as far as the run went\n")
    assert f"Report: {tmp_path / 'report.html'}" in shown
    assert json.loads((tmp_path / "report.json").read_text())["requests"] == 60


def test_a_run_that_does_not(
    serve: Serve, too_large: Answer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 1 and the breach; replay sends its bytes again, compare tells the runs apart, GitHub gets an annotation."""
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    seen: list[bytes] = []
    url = serve(lambda *words: (seen.append(words[3]), too_large(*words))[1])
    folder = str(tmp_path / "a")
    assert main(["--target", url, "--report", folder, "--max-requests", "320"]) == 1
    assert "::error file=spec/openapi.yaml,line=" in capsys.readouterr().out
    assert main(["replay", "COC-T1-per_page-max.1", "--report", folder]) == 0
    assert seen[-1] == b'{"per_page":201}'
    assert "now   200" in capsys.readouterr().out
    good = serve(lambda *words: (400, JSON, b"{}"))
    assert main(["replay", "COC-T1-per_page-max.1", "--report", folder, "--target", good]) == 1
    assert main(["--target", url, "--report", str(tmp_path / "b"), "--max-requests", "1"]) == 2
    reports = [str(tmp_path / name / "report.json") for name in "ab"]
    capsys.readouterr()
    assert main(["compare", *reports]) == 1
    assert "COC-T1-per_page-max: fail -> skipped" in capsys.readouterr().out
    assert main(["compare", reports[0], reports[0]]) == 0


def test_known_failures_by_file(serve: Serve, too_large: Answer, tmp_path: Path) -> None:
    """A known failure lets the run pass; one that is not needed fails it."""
    file = tmp_path / "known.yaml"
    url = serve(too_large)
    for name, expected in (("COC-T1-per_page-max", 0), ("COC-T1-page-max", 1)):
        file.write_text(f"- {{id: {name}, reason: r, link: l, expires: 2999-01-01}}", encoding="utf-8")
        words = ["--target", url, "--report", str(tmp_path), "--max-requests", "320", "--known-failures", str(file)]
        assert main(words) == expected


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (
            ["--target", "ftp://x"],
            "--target ftp://x: not a base URL; it must look like https://host[:port], or be `mock`.",
        ),
        (["--target", "http://u:canary@x"], "--target: a base URL holds no credentials"),
        (["--target", "http://127.0.0.1:9", "--auth", "token"], "COC_AUTH_TOKEN is not set; --auth needs it."),
        (["--target", "http://127.0.0.1:9", "--spec", "/no/such.yaml"], "/no/such.yaml: cannot be read"),
        (
            ["--target", "http://127.0.0.1:9", "--operation", "X"],
            "--operation X: the contract has no such query operation",
        ),
        (["--target", "http://127.0.0.1:9", "--known-failures", "/no"], "/no: cannot be read"),
        (
            ["--target", "https://127.0.0.1:9", "--ca-file", "/no.pem"],
            "--ca-file /no.pem: cannot be used: No such file",
        ),
        (["--target", "https://127.0.0.1:9", "--ca-file", __file__], "cannot be used: no certificate in PEM is in it."),
        (["--target", "mock", "--report", "/dev/null/x"], "--report /dev/null/x: nothing can be written there (Not a"),
        (["replay", "X", "--report", "/no"], "/no/report.json: cannot be read as a report"),
        (["compare", "/no/a", "/no/b"], "/no/a: cannot be read as a report"),
        (
            ["explain", "COC-T1-perpage-max"],
            "no obligation has the id COC-T1-perpage-max; the nearest: COC-T1-per_page-max",
        ),
    ],
)
def test_a_mistake_is_one_sentence(
    words: list[str], complaint: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, what is wrong and what would be right; no trace, no secret."""
    monkeypatch.delenv("COC_AUTH_TOKEN", raising=False)
    assert main(words) == 2
    shown = capsys.readouterr().err
    assert shown.startswith("Could not judge: ") and complaint in shown
    assert "Traceback" not in shown and "canary" not in shown
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--max-requests", "0"],
        ["--max-time", "-1"],
        ["--timeout", "1e300"],
        ["--rate-limit", "1e-300/s"],
        ["--rate-limit", "fast"],
        ["--seed", "x"],
        ["--level", "all"],
        [],
    ],
)
def test_an_option_that_cannot_be_used(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """argparse's own exit code is 2 as well, and it names the option."""
    with pytest.raises(SystemExit) as stopped:
        main(["--target", "http://127.0.0.1:9", *words] if words else [])
    assert stopped.value.code == 2
    assert (words[0] if words else "--target") in capsys.readouterr().err


def test_reports_of_an_earlier_run_do_not_stay(tmp_path: Path) -> None:
    """A job that shows what lies in the folder shows no other run's verdict."""
    for name in ("report.json", "report.html", "junit.xml", "summary.md", "mine.txt"):
        (tmp_path / name).write_text("conforms", encoding="utf-8")
    assert main(["--target", "ftp://x", "--report", str(tmp_path)]) == 2
    assert [file.name for file in tmp_path.iterdir()] == ["mine.txt"]


def test_a_failure_of_the_gate_is_told_as_such(
    serve: Serve, operation: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit 2, not 1, whatever breaks in it: the report so far, and a trace without secrets."""

    def broken(*_: object) -> None:
        raise RuntimeError("token-canary-0001 broke it")

    monkeypatch.setenv("COC_AUTH_TOKEN", "token-canary-0001")
    words = ["--target", serve(empty_service(operation)), "--auth", "token", "--report", str(tmp_path)]
    with monkeypatch.context() as patched:
        patched.setattr("contract_tests.relations.learn", broken)
        assert main(words) == 2
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["stopped"] == "The gate itself broke down (RuntimeError); please report it."
    monkeypatch.setattr("contract_tests.command_line.write", broken)
    assert main([*words, "--max-requests", "3"]) == 2
    shown = capsys.readouterr().err
    assert shown.count("RuntimeError: *** broke it") == 2
    assert "canary" not in shown


def test_a_closed_stderr_is_no_failure() -> None:
    """With 2>&- nothing is said, and the exit code is that of the mistake."""
    command = f"exec {sys.executable} -m contract_tests --target ftp://x 2>&-"
    assert subprocess.run(["sh", "-c", command], cwd=ROOT, check=False).returncode == 2


def test_a_closed_port(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, one clear sentence, and a report that says the same."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert main(["--target", f"http://127.0.0.1:{port}", "--report", str(tmp_path)]) == 2
    first = capsys.readouterr().err.splitlines()[0]
    base = f"http://127.0.0.1:{port}"
    assert first == f"Could not judge {base}: Nothing answers at {base}/v2/incidents/list (Connection refused)."
    assert json.loads((tmp_path / "report.json").read_text())["verdict"] == "could not judge"


def test_the_mock_as_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--target mock` starts the project's mock, judges it and stops it."""
    assert main(["--target", "mock", "--report", str(tmp_path), "--max-requests", "30"]) == 0
    url = capsys.readouterr().out.split()[0]
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=1):
        pass


@pytest.mark.parametrize("kind", ["token", "aksk"])
def test_a_target_that_asks_for_credentials(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the mock's demo account the run is judged, authentication included, and no secret is printed or written."""
    for name, value in DEMO.items():
        monkeypatch.setenv(name, value)
    words = ["--target", "mock", "--auth", kind, "--report", str(tmp_path), "--max-requests", "40"]
    assert main(words) == 0
    results = json.loads((tmp_path / "report.json").read_text())
    verdicts = {one["id"]: one["verdict"] for one in results["obligations"] if one["kind"] == "authentication"}
    others = {"token": [], "aksk": ["wrong-secret", "tampered", "expired", "unsigned-date"]}[kind]
    expected = {f"COC-A-{name}" for name in ["none", "401", "wrong-token", "wrong-key", *others]}
    assert {name for name, verdict in verdicts.items() if verdict == "pass"} == expected
    shown = capsys.readouterr()
    written = "".join(file.read_text() for file in tmp_path.iterdir()) + shown.out + shown.err
    assert [word for word in DEMO.values() if word in written] == []


def test_a_mock_that_does_not_start() -> None:
    """What the mock complained of is handed on."""
    with (
        pytest.raises(mock.MockFailed, match=r"did not start: (.|\n)*--no-such-option"),
        mock.started(["--no-such-option"]),
    ):
        pass


def test_every_obligation_is_listed_and_explained(capsys: pytest.CaptureFixture[str], contract: Contract) -> None:
    """`obligations` lists them all, and `explain` knows one of each sort."""
    assert main(["obligations", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert len({row["id"] for row in rows}) == len(rows) > 200
    for row in {(row["kind"], row["keyword"], row["level"]): row for row in rows}.values():
        assert main(["explain", row["id"]]) == 0
        assert row["says"] in capsys.readouterr().out
    assert main(["obligations"]) == 0
    assert f"{len(rows)} obligations:" in capsys.readouterr().out


def test_explain_says_it_all(capsys: pytest.CaptureFixture[str]) -> None:
    """The meaning, the level with its reason, the place, the probes, and the fix that is not obvious."""
    assert main(["explain", "COC-T1-condition-minlength"]) == 0
    shown = capsys.readouterr().out
    for part in (
        "assumed: we assume: An empty condition is out of range",
        "Table 1, row condition",
        "rejects  condition:",
    ):
        assert part in shown
    assert main(["explain", "COC-T3-name-maxlength"]) == 0
    assert "not UTF-16 units" in capsys.readouterr().out


def test_a_fix_belongs_to_an_obligation(contract: Contract) -> None:
    """No fix is written for an id that is gone."""
    ids = {owed.id for owed in listing.listed(contract, contract.operations[0])}
    assert [name for name in listing.FIXES if name.startswith("COC-") and name not in ids] == []


def test_ids_are_stable(capsys: pytest.CaptureFixture[str]) -> None:
    """Ids that reports and known failures rely on; a change here breaks people's files."""
    main(["obligations", "--json"])
    ids = {row["id"] for row in json.loads(capsys.readouterr().out)}
    assert ids >= {
        "COC-T1-per_page-max", "COC-T1-per_page-min", "COC-T1-string_filters-maxitems", "COC-T2-filters-maxitems",
        "COC-T3-operator-enum", "COC-T3-values-items-maxlength", "COC-T3-field-required", "COC-T5-total-type",
        "COC-T3-SortFilterV2.operator-enum", "COC-T6-title-maxlength", "COC-T7-name_zh-type", "COC-S400-shape",
        "COC-S200-shape", "COC-S-listed", "COC-S5xx-never", "COC-X-answered", "COC-A-none", "COC-F-valid",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://127.0.0.1:1", True), ("http://localhost", True), ("http://[::1]:1", True), ("https://x.example", False)],
)
def test_only_loopback_is_probed_freely(url: str, expected: bool) -> None:
    """Every other target is read-only unless told otherwise."""
    assert loopback(url) is expected


def test_the_first_operation_is_chosen(contract: Contract) -> None:
    """Without --operation the contract's first is judged."""
    assert contract.operation() is contract.operation("ListIncidents")


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "a stopped job"])
def test_ctrl_c_leaves_a_valid_report(serve: Serve, operation: Any, tmp_path: Path, sign: signal.Signals) -> None:
    """An interrupt midway: exit 2, and a whole report of what was found until then."""
    valid, enough = empty_service(operation), threading.Event()
    seen: list[object] = []

    def answer(*words: Any) -> tuple[int, dict[str, str], bytes]:
        seen.append(words)
        if len(seen) == 25:
            enough.set()
        return valid(*words)

    command = [sys.executable, "-m", "contract_tests", "--target", serve(answer), "--report", str(tmp_path)]
    process = subprocess.Popen(
        [*command, "--rate-limit", "50/s"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert enough.wait(60)
    process.send_signal(sign)
    _, complaint = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in complaint) == (2, False)
    results = json.loads((tmp_path / "report.json").read_text())
    assert (results["stopped"], results["requests"] >= 20) == ("Interrupted.", True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_while_python_imports_is_a_sentence(number: signal.Signals, tmp_path: Path) -> None:
    """Ctrl-C before the program is there ends it with exit 2 and one sentence, never a trace."""
    slow = tmp_path / "jsonschema_rs.py"  # stands in for a package that takes its time; it says when it is loaded
    slow.write_text("import signal\nprint('loading', flush=True)\nsignal.pause()\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "contract_tests", "--target", "mock"],
        env={**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert "loading\n" == process.stdout.readline()
    process.send_signal(number)
    _, said = process.communicate(timeout=10)
    assert (2, "Could not judge: interrupted before the first request.\n") == (process.returncode, said)
