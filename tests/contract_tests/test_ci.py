"""The ready-made CI hands its settings to the gate, and nothing gets lost on the way."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from contract_tests.command_line import parser

Gate = Callable[..., subprocess.CompletedProcess[str]]
CI = Path(__file__).resolve().parents[2] / "ci"
ACTION = yaml.safe_load((CI / "github" / "action.yml").read_text(encoding="utf-8"))
TEMPLATE = yaml.safe_load((CI / "gitlab" / "contract.yml").read_text(encoding="utf-8"))


@pytest.fixture
def gate(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the script as in a job that is set up: `make` has nothing to do."""
    make = tmp_path / "bin" / "make"
    make.parent.mkdir()
    make.write_text("#!/bin/sh\n", encoding="utf-8")
    make.chmod(0o755)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GITHUB_")}
    environment = {**kept, "PATH": f"{make.parent}:{kept['PATH']}"}

    def run(**settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([CI / "gate"], env=environment | settings, capture_output=True, text=True, check=False)

    return run


def test_the_gate_on_the_mock(gate: Gate, tmp_path: Path) -> None:
    """The script judges the project's own mock, writes the reports and appends the summary."""
    summary = tmp_path / "summary"
    outcome = gate(TARGET="mock", REPORT=str(tmp_path / "report"), MAX_REQUESTS="20", GITHUB_STEP_SUMMARY=str(summary))
    assert outcome.returncode == 0, outcome.stderr
    assert "conforms" in summary.read_text(encoding="utf-8")
    assert (tmp_path / "report" / "junit.xml").is_file()


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({}, "TARGET is not set; it must name the base URL"),
        ({"TARGET": "mock", "READ_ONLY": "maybe"}, "READ_ONLY is 'maybe'; it must be true, false or empty."),
        ({"TARGET": "nonsense"}, "--target nonsense: not a base URL"),
    ],
)
def test_a_setting_that_cannot_be_used(gate: Gate, settings: dict[str, str], complaint: str) -> None:
    """The job fails with one sentence, before anything is sent."""
    outcome = gate(**settings)
    assert outcome.returncode == 2
    assert complaint in outcome.stderr


def test_every_input_reaches_the_script() -> None:
    """Each input of the action is an environment variable that the script reads; none is text in a shell."""
    step = next(step for step in ACTION["runs"]["steps"] if step.get("run"))
    used = {value.strip("${} ").removeprefix("inputs.") for value in step["env"].values()}
    assert used == set(ACTION["inputs"]) - {"artifact"}
    assert "${{" not in step["run"]
    script = (CI / "gate").read_text(encoding="utf-8")
    assert [name for name in step["env"] if name not in script] == []
    assert [name for name in TEMPLATE[".contract"]["variables"] if name != "GATE" and name not in script] == []


def test_every_setting_is_an_option() -> None:
    """What the script passes on, the gate knows; of requests each way to it allows as many."""
    most = {str(parser().get_default("max_requests"))}
    assert most == {TEMPLATE[".contract"]["variables"]["MAX_REQUESTS"], ACTION["inputs"]["max-requests"]["default"]}
    options = {action.option_strings[0] for action in parser()._actions if action.option_strings}
    names = [
        "target",
        "report",
        "auth",
        "level",
        "seed",
        "max-requests",
        "max-time",
        "rate-limit",
        "ca-file",
        "known-failures",
        "read-only",
    ]
    assert [name for name in names if f"--{name}" not in options] == []


def test_reports_are_kept_whatever_the_verdict() -> None:
    """Artifacts are uploaded when the gate fails, too."""
    assert ACTION["runs"]["steps"][-1]["if"] == "always()"
    assert TEMPLATE[".contract"]["artifacts"]["when"] == "always"


def test_the_reports_of_a_job_are_where_its_artifacts_are() -> None:
    """No variable of the job moves the reports from the folder that the template keeps."""
    artifacts = TEMPLATE[".contract"]["artifacts"]
    assert TEMPLATE[".contract"]["script"] == ['REPORT=contract-report "$GATE"']
    assert {path.split("/")[0] for path in (*artifacts["paths"], artifacts["reports"]["junit"])} == {"contract-report"}
