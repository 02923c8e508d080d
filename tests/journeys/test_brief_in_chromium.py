"""The brief in a real browser: opens from the disk, asks for nothing else, complains about nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or "/usr/bin/chromium"


@pytest.fixture(scope="module")
def browser():
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium is not installed: apt-get install chromium")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as session:
        opened = session.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def brief(washington_study) -> Path:
    return Path(washington_study[0]) / "brief.html"


@pytest.mark.browser
def test_brief_asks_for_nothing_and_complains_about_nothing(browser, brief):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    requested, complaints = [], []
    page.on("request", lambda request: requested.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(brief.absolute().as_uri())
    page.wait_for_load_state("networkidle")
    assert requested == [brief.absolute().as_uri()]
    assert complaints == []
    assert page.locator("h1").count() == 1
    assert page.locator("figure svg").count() >= 5
    assert page.locator("figure svg").first.is_visible()
    page.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_brief_never_scrolls_sideways(browser, brief, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(brief.absolute().as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


@pytest.mark.browser
def test_text_of_drawings_stays_inside_them(browser, brief):
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(brief.absolute().as_uri())
    outside = page.evaluate(
        """() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
            const frame = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => {
                const box = text.getBoundingClientRect();
                return box.left < frame.left - 3 || box.right > frame.right + 3 || box.bottom > frame.bottom + 3;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []
    page.close()


@pytest.mark.browser
def test_brief_prints_on_a4(browser, brief):
    page = browser.new_page()
    page.goto(brief.absolute().as_uri())
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
