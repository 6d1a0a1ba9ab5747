"""The reference page in Chromium, at the width of a desk and of a hand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator.publishing.documents import load_contract, write_text
from generator.publishing.reference import reference_page

playwright = pytest.importorskip("playwright.sync_api", reason="pip install -c constraints.txt playwright")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium: apt-get install chromium, or name one in CHROMIUM")

QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
QUIET += ["--disable-background-networking", "--disable-component-update"]
WIDTHS = {"desk": {"width": 1280, "height": 900}, "hand": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests here."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(params=WIDTHS)
def page(browser: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """The reference page, open; every request and every complaint of the browser is noted."""
    write_text(tmp_path / "reference.html", reference_page(load_contract()))
    tab = browser.new_page(viewport=WIDTHS[request.param])
    tab.requested, tab.complaints = [], []
    tab.on("request", lambda sent: tab.requested.append(sent.url))
    tab.on("console", lambda message: tab.complaints.append(message.text))
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.goto((tmp_path / "reference.html").as_uri())
    yield tab
    tab.close()


def test_it_renders_and_loads_nothing(page: Any) -> None:
    """The page shows its title, fits the width, asks for nothing but itself, and the browser does not complain."""
    contract = load_contract()
    assert page.title() == f"{contract['info']['title']} {contract['info']['version']}"
    assert page.locator("h1").is_visible()
    properties = [len(schema["properties"]) for schema in contract["components"]["schemas"].values()]
    parameters = [len(method.get("parameters", ())) for path in contract["paths"].values() for method in path.values()]
    assert page.locator(".member").count() == sum(properties) + sum(parameters)
    overhang = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(overhang) == 0
    assert [address for address in page.requested if not address.startswith(("file:", "data:"))] == []
    assert page.complaints == []


def test_it_searches(page: Any) -> None:
    """Each word narrows the search, the best hit comes first and leads there, and no hit is said plainly."""
    search, results = page.locator("#search"), page.locator("#results a")
    search.fill("per_page")
    assert results.first.get_attribute("href") == "#ListIncidentsRequestBody.per_page"
    hits = results.count()
    search.fill("per_page 200")
    assert 0 < results.count() <= hits
    results.first.click()
    assert page.url.endswith("#ListIncidentsRequestBody.per_page")
    assert page.locator("[id='ListIncidentsRequestBody.per_page']").bounding_box()["y"] < page.viewport_size["height"]
    search.fill("no such thing anywhere")
    assert page.locator("#found").inner_text() == "Nothing found"
    search.press("Escape")
    assert page.locator("#results").is_hidden()


def test_it_shows_the_program_of_a_language(page: Any) -> None:
    """A tab shows the program of its language, by mouse and by keyboard, and hides the others."""
    tabs = page.locator("[role=tab]")
    assert tabs.all_inner_texts()[:5] == ["curl", "Python", "TypeScript", "Go", "Java"]
    page.get_by_role("tab", name="Go").click()
    shown = page.locator("[role=tabpanel]:visible")
    assert shown.count() == 1
    assert "package main" in shown.inner_text()
    page.keyboard.press("ArrowRight")
    assert "public class Program" in page.locator("[role=tabpanel]:visible").inner_text()


def test_every_link_leads_somewhere(page: Any) -> None:
    """Each link inside the page has its target there."""
    broken = """[...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute("href").slice(1))
        .filter((id) => !document.getElementById(id))"""
    assert page.evaluate(broken) == []
