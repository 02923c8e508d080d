"""The document: one file, valid, safe with hostile names, the same for the same study."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
from make_study import make_study

from derisk.brief import render_brief, write_brief
from derisk.brief.ledger import Ledger
from derisk.brief.method import method_lines

VOID = {"meta", "link", "br", "hr", "img", "input"}
PARTS = (
    "shortfalls",
    "prices",
    "value-at-risk",
    "levers",
    "mine-to-use",
    "flow-map",
    "months",
    "refiner",
    "sure",
    "measures",
    "method",
    "sources",
    "lineage",
)


class Outline(HTMLParser):
    """Checks nesting and collects headings, ids and addresses."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.figures_without_caption = 0

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        self.ids += [named["id"]] if "id" in named else []
        self.addresses += [named[key] for key in ("src", "href", "xlink:href") if named.get(key)]
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "figure":
            self.figures_without_caption += 1
        if tag == "figcaption":
            self.figures_without_caption -= 1
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        pass

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(html: str) -> Outline:
    reader = Outline()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def test_outline(brief):
    seen = outline(brief)
    assert seen.headings.count(1) == 1
    assert seen.headings[0] == 1
    assert all(later - earlier <= 1 for earlier, later in zip(seen.headings, seen.headings[1:], strict=False))
    assert seen.figures_without_caption == 0
    assert len(seen.ids) == len(set(seen.ids))
    assert '<html lang="en">' in brief


def test_parts_stand_in_order(brief):
    places = [brief.index(f'id="h-{part}"') for part in PARTS]
    assert places == sorted(places)


def test_nothing_is_fetched(brief):
    fetched = [a for a in outline(brief).addresses if not a.startswith(("data:,", "https://pubs.usgs.gov/"))]
    assert fetched == []
    assert "@import" not in brief
    assert set(re.findall(r"url\(([^)]*)\)", brief)) <= {"#map-edge"}
    assert re.findall(r"<script(?![^>]*application/json)", brief) == []


def test_drawings_have_name_and_description(brief):
    drawings = re.findall(r"<svg.*?</svg>", brief, re.S)
    assert len(drawings) >= 8
    for drawing in drawings:
        assert re.search(r'role="img" aria-labelledby="\S+-t \S+-d"', drawing)
        assert re.search(r"<title[^>]*>[^<]+</title><desc[^>]*>[^<]+</desc>", drawing)


def test_same_study_same_bytes(study, brief):
    from made_dataset import CONTEXT, MadeDataset

    assert render_brief(study, dataset=MadeDataset(), context=CONTEXT) == brief


def test_order_of_rows_does_not_matter():
    study = make_study(draws=3, months=2)
    shuffled = make_study(draws=3, months=2)
    for name in ("prices", "flows", "use", "losses", "status"):
        frame = getattr(shuffled, name).sample(frac=1.0, random_state=1).reset_index(drop=True)
        setattr(shuffled, name, frame)
    assert len(render_brief(shuffled)) == len(render_brief(study))


def test_labels_as_categories_give_the_same_brief():
    study, labelled = make_study(draws=2, months=2), make_study(draws=2, months=2)
    for run in (labelled, labelled.without_remedies):
        for name in ("prices", "flows", "use", "losses"):
            frame = getattr(run, name).copy()
            for column in set(frame.columns) & {"good", "region", "use", "origin", "destination", "material", "month"}:
                frame[column] = pd.Categorical(frame[column])
            setattr(run, name, frame)
    assert render_brief(labelled) == render_brief(study)


def test_hostile_words_are_text():
    study = make_study(draws=2, months=1)
    attack = '</script><script>alert(1)</script><img src=x onerror="alert(2)">'
    study.summary = copy.deepcopy(study.summary) | {"question": attack, "scenario": attack, "answer": attack}
    study.summary["sources"] = [attack]
    study.scenario_text = study.scenario_text.replace("ferrite motors", "'" + attack + "'").replace(
        "by: AUS", "by: '<b>'"
    )
    study.use = study.use.assign(region=study.use["region"].replace({"USA": "<i>1</i>"}))
    html = render_brief(study)
    outline(html)
    assert "<img" not in html
    assert "<script>alert" not in html
    assert "<i>1" not in html
    assert "<b>" not in html


def test_a_javascript_address_is_no_link(brief):
    assert "javascript:" not in brief


def test_failed_draws_are_left_out_and_counted(study, brief):
    assert study.summary["converged_draws"] == 7
    assert re.search(r">7</data> of <data[^>]*>8</data> draws reached equilibrium", brief)


def test_a_study_in_which_nothing_happens():
    study = make_study(draws=2, months=1, with_remedies=False)
    for name in ("use", "losses"):
        frame = getattr(study, name)
        zeros = {c: 0.0 for c in ("shortfall_t", "value_added_lost_musd", "price_transfer_musd") if c in frame}
        setattr(study, name, frame.assign(**zeros))
    study.prices = study.prices.assign(delivered_price_ratio=1.0)
    study.flows = study.flows.assign(quantity_t=study.flows["base_quantity_t"])
    nothing = dict.fromkeys(("mean", "p05", "p50", "p95", "cvar95"), 0.0)
    study.summary |= {
        "value_added_lost_musd": nothing,
        "price_transfer_musd": nothing,
        "by_region": [],
        "by_use": [],
        "shortfall": [],
        "peak_price_ratio": [],
    }
    html = render_brief(study)
    outline(html)
    assert "<figure>" not in html
    assert "the same in all draws" in html
    assert "falls in sectors" not in html


def test_a_study_without_equilibrium():
    study = make_study(draws=2, months=1, with_remedies=False)
    kept = ("scenario", "question", "answer", "base_year", "start", "months", "draws", "without_remedies", "sources")
    study.summary = {key: study.summary[key] for key in kept} | {"converged_draws": 0}
    study.status = study.status.assign(converged=False)
    html = render_brief(study)
    outline(html)
    assert "equilibrium" in html
    assert "<svg" not in html


def test_documents_named_in_the_method_exist_and_hold_its_equations():
    root = Path(__file__).resolve().parents[3]
    ledger = Ledger()
    method_lines(ledger)
    assert len(ledger.entries) == 5
    for entry in ledger.entries.values():
        text = (root / entry["document"]).read_text(encoding="utf-8")
        cited = re.findall(r"\(\d+\.\d+\)", entry["filter"])
        assert cited or entry["document"] == "docs/decisions/draws.md"
        assert [number for number in cited if number not in text] == []


def test_write_brief(tmp_path, study):
    path = write_brief(study, out=tmp_path / "brief.html")
    assert path.read_text(encoding="utf-8") == render_brief(study)
