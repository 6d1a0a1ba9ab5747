"""`report.html` in a real browser: it filters, searches, opens what a link names, and fits a phone."""

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract_tests.contract import Contract, Operation
from contract_tests.reports.html import html
from contract_tests.reports.tree import tree
from contract_tests.run import Settings, judge

from .conftest import JSON, Direct, empty_service, envelope

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine (apt-get install chromium)")

#: Uses the page as a person does and writes what it sees into the title.
PROBE = """<script>
  const see = () => [...document.querySelectorAll('.obligation')].filter(node => !node.hidden).map(node => node.id);
  const put = (id, value) => { const tool = document.getElementById(id); tool.value = value;
    tool.dispatchEvent(new Event('input')); const seen = see(); tool.value = ''; tool.dispatchEvent(new Event('input'));
    return seen; };
  document.title = JSON.stringify({
    all: see().length, said: document.getElementById('shown').textContent,
    failed: put('verdict', 'fail'), assumed: put('level', 'assumed').length,
    found: put('search', 'table 7 name_zh maxlength'),
    opened: [...document.querySelectorAll('details[open]')].map(node => node.id),
    wide: document.documentElement.scrollWidth, window: document.documentElement.clientWidth});
</script>"""


@pytest.fixture(scope="module")
def page(contract: Contract, operation: Operation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a run with one breach."""
    valid = empty_service(operation)

    def answer(*request: Any) -> tuple[int, dict[str, str], bytes]:
        return (200, JSON, envelope(total=0)) if request[3] == b'{"page":0}' else valid(*request)

    run = judge(contract, operation, Direct(operation, answer), Settings(generated=0))
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(html(tree(run, {}, date(2026, 11, 23))) + PROBE, encoding="utf-8")
    return file


def seen(page: Path, profile: Path, fragment: str = "", width: int = 1280) -> dict[str, Any]:
    """What the probe saw."""
    words = ["--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}", f"--window-size={width},1000"]
    command = [str(BROWSER), *words, "--dump-dom", f"file://{page}{fragment}"]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    title = re.search("<title>(.*?)</title>", shown)
    assert title is not None
    found: dict[str, Any] = json.loads(title[1].replace("&amp;", "&").replace("&lt;", "<"))
    return found


def test_the_page_works(page: Path, tmp_path: Path) -> None:
    """Verdict, level and search narrow the list; the breach stands open and so does what the link names."""
    found = seen(page, tmp_path, "#COC-T1-page-max")
    assert found["said"] == f"{found['all']} of {found['all']}"
    assert found["failed"] == ["COC-T1-page-min"]
    assert found["found"] == ["COC-T7-name_zh-maxlength"]
    assert 10 < found["assumed"] < found["all"]
    assert set(found["opened"]) == {"COC-T1-page-min", "COC-T1-page-max"}


def test_the_page_fits_a_phone(page: Path, tmp_path: Path) -> None:
    """Nothing is wider than a narrow window."""
    found = seen(page, tmp_path, width=500)
    assert found["window"] <= 500
    assert found["wide"] <= found["window"]
