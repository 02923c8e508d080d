"""The document: one file, valid, safe with hostile names, the same for the same study."""

from __future__ import annotations

import copy
import re
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
from make_study import make_study

from derisk.brief import numbers_without_lineage, render_brief, write_brief
from derisk.brief.figures.mine_to_use import draw_mine_to_use
from derisk.brief.headline import saved_share
from derisk.brief.ledger import Ledger
from derisk.brief.measures import (
    LEVERS,
    controlled_materials,
    read_measures,
    restricted_materials,
    restrictors,
    value_words,
)
from derisk.brief.method import method_lines
from derisk.brief.provenance import chosen_changes
from derisk.brief.subject import price_peaks
from derisk.vocabulary.names import good_label, in_sentence, scenario_label

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
    from make_study import CONTEXT, MadeDataset

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
    outline(render_brief(study))


def test_rationed_markets_are_marked():
    study = make_study(draws=2, months=1, with_remedies=False)
    for row in study.summary["peak_price_ratio"]:
        row["rationed_share"] = 1.0 if row["good"] == "gallium" else 0.0
    html = render_brief(study)
    assert html.count(">rationed<") >= 1
    assert "Some users of gallium go without" in html
    assert not re.search(r"The price of gallium rises most", html)


def test_one_draw_claims_no_range():
    html = render_brief(make_study(draws=1, months=2))
    assert html.count("one draw, so no range") == 2
    assert "nine draws in ten" not in html
    assert "the only draw" in html


def test_figures_show_the_controls_without_the_levers_and_say_so(study, brief):
    assert brief.count('<span class="run">Without the levers.</span>') == 6
    assert "ithout the levers" not in render_brief(study.without_remedies).split("h-sure")[0]
    alone = study.without_remedies.losses
    whole = study.losses["value_added_lost_musd"].sum()
    assert alone["value_added_lost_musd"].sum() > 1.1 * whole
    assert "Paid more by users, without the levers" in brief
    assert "an upper bound" in brief.split("</header>")[0]


def test_both_bounds_and_the_paired_saving_are_printed():
    study = make_study(draws=6, months=1)
    study.summary["saved_musd"] = {"mean": 90.0, "p05": 50.0, "p50": 100.0, "p95": 150.0, "cvar95": 150.0}
    html = render_brief(study)
    text = re.sub("<[^>]*>", "", html).replace("\N{NO-BREAK SPACE}", " ")
    assert "Tonnes given up are worth, without the levers" in text
    assert "a low estimate of the loss" in text
    assert "The levers take USD 100 million off the value added at risk" in text
    assert "in nine draws in ten between USD 50.0 million and USD 150 million" in text
    assert numbers_without_lineage(html) == []


def test_the_most_valuable_shortage_leads(study, brief):
    first = study.without_remedies.summary["shortfall_by_region"][0]
    text = re.sub("<[^>]*>", "", brief)
    assert f"The most valuable shortage is that of {in_sentence(good_label(first['good']))} in" in text


def test_one_price_a_good_in_the_region_short_of_most():
    summary = {
        "shortfall": [
            {"good": "gallium", "region": region, "use": "other", "shortfall_t": short}
            for region, short in (("USA", 5.0), ("MEX", 0.1))
        ],
        "peak_price_ratio": [
            {"good": "gallium", "region": region, "month": "2026-01", "p50": p50, "rationed_share": 0.0}
            for region, p50 in (("MEX", 9.0), ("USA", 8.0))
        ],
    }
    assert [peak["region"] for peak in price_peaks(summary)] == ["USA"]


def test_levers_that_raise_a_price_are_said_to():
    study = make_study(draws=2, months=1)
    peak = next(row for row in study.summary["peak_price_ratio"] if row["good"] == "gallium" and row["region"] == "JPN")
    assert "They raise the price of" not in render_brief(study)
    study.summary["without_remedies"] = study.summary["without_remedies"] | {
        "peak_price_ratio": [{**peak, "p50": peak["p50"] / 2, "rationed_share": 0.0}]
    }
    assert "They raise the price of gallium." in render_brief(study)


def test_changes_are_those_of_the_goods_touched():
    changes = [{"good": good, "n": n} for n, good in enumerate(["refined_copper"] * 5 + ["gallium"] * 3)]
    assert [c["n"] for c in chosen_changes(changes, ["gallium"])] == [5, 6]
    assert [c["n"] for c in chosen_changes(changes, ["germanium"])] == [0, 1, 5, 6]


def test_the_coalition_is_defined_where_a_measure_names_it(study, brief):
    assert brief.count("The coalition: the G7, the EU, Australia") == 1
    elsewhere = copy.copy(study)
    elsewhere.scenario_text = "measures: [{kind: outage, by: CHL, goods: copper_concentrate}]"
    assert "The coalition: " not in render_brief(elsewhere)


def test_titles_write_regions_with_capitals():
    assert scenario_label("magnets-to-europe") == "Magnets to Europe"


def test_a_minus_among_transfers_is_explained():
    study = make_study(draws=2, months=1, with_remedies=False)
    assert "A minus means" not in render_brief(study)
    study.summary["by_region"][0]["price_transfer_musd"] = -5.0
    hit = study.summary["by_region"][0]["region"]
    study.losses.loc[study.losses["region"] == hit, "value_added_lost_musd"] += 100.0
    assert "A minus means" in render_brief(study)


def test_a_refiner_who_restricts_nothing_of_it_is_not_printed(study):
    from make_study import CONTEXT, MadeDataset

    elsewhere = copy.copy(study)
    elsewhere.scenario_text = "measures: [{kind: outage, by: CHL, goods: copper_concentrate}]"
    assert 'id="h-refiner"' not in render_brief(elsewhere, dataset=MadeDataset(), context=CONTEXT)
    ban = "measures: [{kind: export_ban, by: CHN, goods: [gallium]}]"
    elsewhere.scenario_text = ban
    assert 'id="h-refiner"' not in render_brief(elsewhere, dataset=MadeDataset(), context=CONTEXT)
    elsewhere.scenario_text = ban.replace("gallium", "ndfeb_magnet")
    assert 'id="h-refiner"' in render_brief(elsewhere, dataset=MadeDataset(), context=CONTEXT)


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


def test_measures_of_a_scenario(study):
    measures = read_measures(study.scenario_text)
    assert [m["kind"] in LEVERS for m in measures] == [False, False, True, True, True]
    assert restrictors(measures) == ["CHN"]
    assert value_words({"triangular": [1, 2, 4]}, unit=" months") == "1 to 4 months, likeliest 2"
    assert value_words({"uniform": [1, 2]}) == "1 to 2"
    assert value_words({"lognormal": [3, 0.5]}, unit=" t") == "lognormal (3, 0.5) t"
    assert value_words(0.1, key="intensity_cut_share").replace("\N{NO-BREAK SPACE}", " ") == "10 %"
    choice = {"choice": {"values": [24, 27, 30], "weights": [2, 2, 1]}}
    assert value_words(choice, unit=" months") == "one of 24, 27 or 30 months (weights 2, 2, 1)"
    assert read_measures("a: [b") == []


def test_levers_that_make_it_worse_are_said_to():
    before = {"value_added_lost_musd": {"p50": 100.0}}
    summary = {"value_added_lost_musd": {"p50": 110.0}, "without_remedies": before}
    text = re.sub("<[^>]*>", "", saved_share(summary, Ledger()))
    assert "The levers add USD\N{NO-BREAK SPACE}10.0\N{NO-BREAK SPACE}million to the value added at risk" in text


def test_a_good_rationed_somewhere_is_not_given_a_price_elsewhere():
    study = make_study(draws=2, months=1, with_remedies=False)
    peaks = sorted(study.summary["peak_price_ratio"], key=lambda row: -row["p50"])
    good = peaks[0]["good"]
    rows = [row for row in peaks if row["good"] == good]
    assert len(rows) > 1
    study.summary["peak_price_ratio"] = rows
    for number, row in enumerate(rows):
        row["rationed_share"] = 1.0 if number == 0 else 0.0
    html = render_brief(study)
    assert "go without" in html
    assert f"that of {in_sentence(good_label(good))} rises most" not in html


def test_controls_on_an_element_group_are_controls_on_rare_earths():
    ban = {"kind": "export_ban", "by": "CHN", "goods": ["gallium", "yttrium_oxide", "ndfeb_magnet"]}
    assert controlled_materials([ban]) == ["gallium", "rare_earths"]
    assert restricted_materials([ban], by="CHN") == {"gallium", "rare_earths"}


def test_rare_earths_run_from_ore_through_the_oxides_that_magnets_take():
    goods = ("rare_earth_concentrate", "lacen_oxide", "ndpr_oxide", "yttrium_oxide", "dytb_oxide", "ndfeb_magnet")
    columns = ("good", "origin", "destination", "base_quantity_t", "quantity_t")
    flows = pd.DataFrame([(good, "CHN", "JPN", 10.0, 4.0) for good in goods], columns=columns)
    figure = draw_mine_to_use(flows, Ledger(), material="rare_earths", restrictors=["CHN"])
    assert "mined in: rare-earth concentrate; refined in: Nd-Pr oxide and Dy-Tb oxide; made in: NdFeB" in figure.caption
    assert draw_mine_to_use(flows, Ledger(), material="gallium", restrictors=["CHN"]) is None
