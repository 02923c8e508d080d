"""The brief in a real browser: opens from the disk, asks for nothing else, complains about nothing."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from terminal import derisk_here

from derisk.brief import numbers_without_lineage

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


LONG_WORD = "Llanfairpwllgwyngyll" * 15
HOSTILE = {
    "name": "<script>alert('n')</script> & \"quotes\" 镓 غاليوم " + LONG_WORD[:120],
    "question": "</script><img src=x onerror=alert(1)> 如果中国停止出口会怎样? ماذا يحدث؟ " + LONG_WORD,
    "base_year": 2024,
    "months": 2,
    "measures": [
        {
            "kind": "export_ban",
            "by": "CHN",
            "goods": ["gallium"],
            "from": "2025-01",
            "why": "</td></table><script>alert(2)</script> " + LONG_WORD,
        }
    ],
}


@pytest.fixture(scope="module")
def hostile_study(tmp_path_factory) -> Path:
    """A study whose words try to break the page."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "hostile.yml").write_text(json.dumps(HOSTILE, ensure_ascii=False), encoding="utf-8")
    derisk_here("run", str(folder / "hostile.yml"), "--out", str(folder / "study"), "--draws", "2")
    return folder / "study"


@pytest.fixture(params=["calm_study", "washington_study", "hostile_study"])
def any_brief(request) -> Path:
    study = request.getfixturevalue(request.param)
    return Path(study[0] if isinstance(study, tuple) else study) / "brief.html"


def test_every_number_has_its_lineage(any_brief):
    html = any_brief.read_text(encoding="utf-8")
    assert numbers_without_lineage(html) == []
    assert re.findall(r"<script(?![^>]*application/json)", html) == []
    assert "<img" not in html


def test_shares_of_the_refiner_are_those_of_the_meeting(brief):
    html = brief.read_text(encoding="utf-8").replace("\N{NO-BREAK SPACE}", " ")
    section = html[html.index('id="h-refiner"') : html.index('id="h-sure"')]
    shares = re.findall(r"(\d+\.\d) %</text>", section)
    assert len(shares) == 10
    assert {"44.0", "46.6", "87.1"} <= set(shares)
    assert "May 2025 edition" in section
    assert "First use of NdFeB magnets, assumed" in section


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
def test_brief_never_scrolls_sideways(browser, any_brief, width):
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(any_brief.absolute().as_uri())
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
            }).map(text => text.lastChild.textContent);
        })"""
    )
    assert outside == []
    page.close()


@pytest.mark.browser
def test_brief_prints_on_a4(browser, any_brief):
    page = browser.new_page()
    page.goto(any_brief.absolute().as_uri())
    assert page.pdf(format="A4", prefer_css_page_size=True).startswith(b"%PDF")
    page.close()
