"""What the brief tells a reader: whose price, which range, what is assumed, what the levers do."""

from __future__ import annotations

import copy
import re

import pandas as pd
import pytest
from make_study import make_study

from derisk.brief import numbers_without_lineage, render_brief
from derisk.brief.figures.flow_map import draw_flow_map
from derisk.brief.figures.mine_to_use import draw_mine_to_use
from derisk.brief.figures.months import columns_of
from derisk.brief.headline import saved_words
from derisk.brief.ledger import Ledger
from derisk.brief.measures import (
    LEVERS,
    controlled_materials,
    lever_words,
    measure_rows,
    read_measures,
    restricted_materials,
    restrictors,
    value_words,
)
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import MINUS, money, percent
from derisk.brief.provenance import chosen_changes
from derisk.brief.subject import failure_words, flow_sums, price_peaks
from derisk.vocabulary.names import good_label, in_sentence, scenario_label

TONNES = ("base_quantity_t", "quantity_t")


def plain(html: str) -> str:
    """The words of markup, without tags and unbreakable spaces."""
    return re.sub("<[^>]*>", "", html).replace("\N{NO-BREAK SPACE}", " ")


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
    then, now = (run["value_added_lost_musd"]["p50"] for run in (study.summary["without_remedies"], study.summary))
    share = f"{percent(1.0 - now / then)} less; in all draws they save between USD 50.0 million and USD 150 million."
    assert plain(f"The levers lower the value added at risk from {money(then)} to {money(now)}, {share}") in text
    assert "USD 100 million" not in text  # the median draw by draw is another number
    tile = text.split("Value added at risk, without the levers")[1][:400]
    assert money(then).replace("\N{NO-BREAK SPACE}", " ") in tile
    assert "an upper bound: what stands still if users find no way round" in tile
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


def test_levers_are_explained_where_there_are_some(study):
    bare, with_lever = copy.copy(study), copy.copy(study)
    bare.scenario_text = "measures: [{kind: outage, by: CHL, goods: copper_concentrate}]"
    with_lever.scenario_text = "measures: [{kind: stockpile_release, by: USA, goods: gallium, quantity_t: 2}]"
    assert "bars mark the levers" not in render_brief(bare)
    assert "bars mark the levers" in render_brief(with_lever)


def test_the_coalition_is_defined_where_a_measure_names_it(study, brief):
    assert brief.count("The coalition: the G7, the EU, Australia") == 1
    elsewhere = copy.copy(study)
    elsewhere.scenario_text = "measures: [{kind: outage, by: CHL, goods: copper_concentrate}]"
    assert "The coalition: " not in render_brief(elsewhere)


def test_titles_write_regions_with_capitals():
    assert scenario_label("magnets-to-europe") == "Magnets to Europe"


def test_titles_write_months_with_capitals_beside_a_year_alone():
    assert scenario_label("rare-earths-april-2025") == "Rare earths April 2025"
    assert scenario_label("what-may-come") == "What may come"


def test_a_minus_among_transfers_is_explained():
    study = make_study(draws=2, months=1, with_remedies=False)
    assert "A minus means" not in render_brief(study)
    study.summary["by_region"][0]["price_transfer_musd"] = -5.0
    hit = study.summary["by_region"][0]["region"]
    study.losses.loc[study.losses["region"] == hit, "value_added_lost_musd"] += 100.0
    assert "A minus means" in render_brief(study)


def test_a_refiner_who_restricts_nothing_of_it_is_not_printed(study):
    from made_dataset import CONTEXT, MadeDataset

    elsewhere = copy.copy(study)
    elsewhere.scenario_text = "measures: [{kind: outage, by: CHL, goods: copper_concentrate}]"
    assert 'id="h-refiner"' not in render_brief(elsewhere, dataset=MadeDataset(), context=CONTEXT)
    ban = "measures: [{kind: export_ban, by: CHN, goods: [gallium]}]"
    elsewhere.scenario_text = ban
    assert 'id="h-refiner"' not in render_brief(elsewhere, dataset=MadeDataset(), context=CONTEXT)
    elsewhere.scenario_text = ban.replace("gallium", "ndfeb_magnet")
    assert 'id="h-refiner"' in render_brief(elsewhere, dataset=MadeDataset(), context=CONTEXT)


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


def test_panels_over_the_months_fill_their_rows():
    counts = {1: 2, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3, 7: 4, 8: 4}
    assert {panels: columns_of(panels) for panels in counts} == counts


def test_levers_that_make_it_worse_are_said_to():
    before = {"value_added_lost_musd": {"p50": 100.0}, "converged_draws": 4}
    summary = {"value_added_lost_musd": {"p50": 110.0}, "without_remedies": before, "converged_draws": 4}
    summary["saved_musd"] = {"p05": -20.0, "p50": -9.0, "p95": 1.0}
    text = plain(saved_words(summary, Ledger()))
    assert "The levers raise the value added at risk from USD 100 million to USD 110 million, 10 % more" in text
    assert text.endswith(f"in all draws they add between {MINUS}USD 1.00 million and USD 20.0 million.")


@pytest.mark.parametrize(("end_use", "payers"), [(True, "users"), (False, "plants")])
def test_who_pays_the_highest_price_is_said(end_use, payers):
    study = make_study(draws=2, months=1, with_remedies=False)
    peak = max(study.summary["peak_price_ratio"], key=lambda row: row["p50"])
    study.summary["peak_price_ratio"] = [{**peak, "rationed_share": 0.0, "end_use": end_use}]
    assert f"rises most: {payers} in " in render_brief(study)


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


@pytest.mark.parametrize(("status", "told"), [("assumed", True), ("reported", False)])
def test_a_price_that_rests_on_an_assumed_elasticity_says_so_with_its_range(status, told):
    study = make_study(draws=6, months=2, with_remedies=False)
    good = price_peaks(study.summary)[0]["good"]
    stated = {"good": good, "value": 0.05, "low": 0.02, "high": 0.15, "status": status, "row_id": "b45c54d2b48c"}
    study.summary["demand_elasticities"] = [stated]
    html = render_brief(study)
    words = "The price rests on an assumption: how far users cut back, an elasticity of demand of 0.05, in the draws "
    assert (words + "0.02 to 0.15" in plain(html)) is told
    assert ("derisk data why --row b45c54d2b48c" in html) is told
    assert re.search(
        r"at the peak, in [A-Z][a-z]+ \d{4}[a-z, ]*; in all draws between [\d.]+ and [\d.]+ times", plain(html)
    )
    assert numbers_without_lineage(html) == []


def test_failed_draws_say_why():
    study = make_study(draws=6, months=2, with_remedies=False)
    assert failure_words(study).startswith("1 left out: ")
    failed = study.status["draw"] == 3
    study.status.loc[failed, "reason"] = "with stores: no equilibrium after 90 steps: residual 2e-3 at CHN; without: no"
    assert failure_words(study) == "1 left out: no equilibrium after 90 steps, first in January 2026"
    html = render_brief(study)
    assert "5 of 6 draws reached equilibrium; 1 left out: no equilibrium after 90 steps" in plain(html)
    assert numbers_without_lineage(html) == []
    study.status["converged"] = True
    assert failure_words(study) == ""


def test_a_region_that_makes_nothing_of_a_stage_is_not_named_there():
    rows = [("natural_graphite", "CHN", "CHN", 70.0), ("natural_graphite", "CHN", "IND", 30.0)]
    rows += [("battery_anode", "CHN", "JPN", 60.0), ("battery_anode", "JPN", "JPN", 10.0)]
    flows = pd.DataFrame([(*row, row[3]) for row in rows], columns=["good", "origin", "destination", *TONNES])
    svg = draw_mine_to_use(flows, Ledger(), material="graphite", restrictors=["CHN"]).svg
    assert "India" not in svg
    assert "Used as such" in svg
    assert ">0\N{NO-BREAK SPACE}%<" not in svg


def test_what_no_longer_flows_is_pale_and_both_shares_are_printed():
    rows = [("gallium", "CHN", "CHN", 60.0, 60.0), ("gallium", "CHN", "USA", 30.0, 10.0)]
    rows += [("gallium", "JPN", "USA", 10.0, 15.0)]
    flows = pd.DataFrame(rows, columns=["good", "origin", "destination", *TONNES])
    figure = draw_mine_to_use(flows, Ledger(), material="gallium", restrictors=["CHN"])
    bands = re.findall(r'<path [^>]*fill-opacity="0\.(\d+)"', figure.svg)
    assert sorted(bands[2:]) == ["13", "42", "42", "42"]  # the first two are the legend's; one band loses a part
    told = [words.replace("\N{NO-BREAK SPACE}", "") for words in re.findall(r">([^<>]*%|→)<", figure.svg)]
    assert told[:5] == ["100%", "→", "85%", "90%", "→"]
    assert told.count("60%") == 1  # what stays as it was is printed once
    assert "Metal from scrap counts where it is recovered" in figure.caption
    assert "25%" in plain(figure.narrow).replace(" ", "")


def test_what_refiners_sell_each_other_is_not_counted_as_used():
    rows = [("nickel_ore", "IDN", "IDN", 100.0, 60.0), ("nickel_matte", "IDN", "CHN", 50.0, 50.0)]
    rows += [("refined_nickel", "CHN", "JPN", 100.0, 80.0)]
    flows = pd.DataFrame(rows, columns=["good", "origin", "destination", *TONNES])
    figure = draw_mine_to_use(flows, Ledger(), material="nickel", restrictors=["IDN"])
    told = [words.replace("\N{NO-BREAK SPACE}", "") for words in re.findall(r">([^<>]*%)<", figure.svg)]
    assert set(told) == {"100%", "60%", "80%"}
    assert "or moves on as nickel matte and intermediates" in figure.caption
    assert "Nickel matte" not in figure.caption.split("there")[0]


def test_the_rest_of_the_world_is_told_of_beside_the_map():
    study = make_study(draws=3, months=2, with_remedies=False)
    flows = flow_sums(study)
    figure = draw_flow_map(study, flows, Ledger(), restrictors=["CHN"])
    assert "Rest of world" not in figure.svg
    assert "Left out is trade with the rest of the world" in figure.caption
    inside = flows[(flows["origin"] != "ROW") & (flows["destination"] != "ROW")]
    assert "Left out" not in draw_flow_map(study, inside, Ledger(), restrictors=["CHN"]).caption


def test_a_good_that_prints_as_unmoved_has_no_row_of_prices():
    study = make_study(draws=2, months=2, with_remedies=False)
    rows = [row for row in study.summary["peak_price_ratio"] if row["good"] in ("gallium", "germanium")]
    study.summary["peak_price_ratio"] = [{**row, "p50": 1.03} if row["good"] == "germanium" else row for row in rows]
    section = render_brief(study).split('id="prices-t"')[1].split("</svg>")[0]
    assert ">Gallium<" in section
    assert ">Germanium<" not in section


def test_terms_of_a_measure_are_written_for_readers():
    text = """measures:
  - {kind: export_ban, by: CHN, goods: gallium, announced: 2026-01, from: 2026-07, why: x}
  - {kind: stockpile_release, by: JPN, goods: gallium, from: 2026-07, quantity_t: 5, release_price_ratio: 1.2, why: x}
"""
    ban, release = measure_rows(read_measures(text), Ledger())
    assert [plain(term) for term in ban.terms] == ["announced Jan 2026"]
    assert [plain(term) for term in release.terms] == ["quantity 5 t", "sold from 1.2 times the base price on"]


def test_many_goods_of_a_lever_are_counted_not_listed():
    goods = ["gallium", "germanium", "refined_copper", "refined_cobalt", "magnesium"]
    words = plain(lever_words([{"kind": "recycling", "goods": goods}], Ledger()))
    assert words == " They are recycling (gallium, germanium, refined copper and 2 more)."


def test_a_narrow_list_escapes_its_words_and_scales_its_bars():
    assert bar_shares([4.0, 1.0, -1.0]) == [1.0, 0.25, 0.0]
    assert bar_shares([0.0]) == [0.0]
    html = narrow_list([Group("<t>", ("a",), (Line("<n>", "", ("1",), 0.25),)), Group("none", (), ())])
    assert "<n>" not in html
    assert "<t>" not in html
    assert "width:25%" in html
    assert "none" not in html


def test_every_figure_has_something_in_its_place_on_a_phone(brief):
    figures = re.findall(r"<figure.*?</figure>", brief, re.S)
    assert len(figures) >= 9
    assert all('class="narrow"' in figure for figure in figures)
    assert '<figure class="several">' in brief
    assert '<span class="drawn"> Arrows point at the buyer' in brief


def test_a_peak_in_the_last_month_is_said_to_rise_still():
    study = make_study(draws=2, months=3, with_remedies=False)
    rows, last = study.summary["peak_price_ratio"], sorted(study.prices["month"].unique())[-1]
    for row in rows:
        row["month"] = study.summary["start"]
    calm = plain(render_brief(study))
    for row in rows:
        row["month"] = last
    rising = plain(render_brief(study))
    assert "still rising in this last month looked at" in rising
    assert "its peak lies beyond" in rising
    assert "still rising" not in calm


@pytest.mark.parametrize(("draws", "told"), [(19, "all draws"), (25, "nine draws in ten")])
def test_a_range_of_few_draws_is_that_of_all_of_them(draws, told):
    other = {"all draws": "nine draws in ten", "nine draws in ten": "all draws"}[told]
    text = plain(render_brief(make_study(draws=draws, months=1)))
    assert f"{told} between" in text
    assert f"a line over {told}" in text
    assert f"range of {told}" in text
    assert other not in text


def test_users_who_pay_less_are_said_to_in_positive_numbers():
    study = make_study(draws=3, months=1, with_remedies=False)
    study.summary["price_transfer_musd"] = {"mean": -2.0, "p05": -3.0, "p50": -2.0, "p95": -1.0, "cvar95": -1.0}
    text = plain(render_brief(study))
    assert "Paid less by users" in text
    assert "all draws between USD 1.00 million and USD 3.00 million" in text
    assert "no gain to the world" in text
    assert "Paid more by users" not in text


def test_a_printed_page_has_its_title_at_the_foot_and_words_cannot_leave_the_style_sheet():
    study = make_study(draws=1, months=1, with_remedies=False)
    study.summary["scenario"] = 'End"} </style><b>\\ of it'
    html = render_brief(study)
    foot = re.search(r'@bottom-left \{ content: "([^"]*)"', html)
    assert foot is not None
    assert foot[1] == "End style b of it: a derisk brief"
    assert html.count("</style>") == 1
    assert 'counter(page) " of " counter(pages)' in html


def test_what_a_later_year_lends_is_told_in_the_right_number_and_not_told_where_it_lends_nothing():
    study = make_study(draws=1, months=1, with_remedies=False)
    line = {"field": "price", "subject": "gallium", "year": 2030, "rule": "as it is", "left_out": []}
    line |= {"rows": 1, "least_ratio": 1.0, "greatest_ratio": 1.0}
    study.summary["borrowed"] = {"share": 0.02, "by_material": {}, "figures": 1, "lines": [line]}
    assert "1 figure is lent or moved. It carries a wider range." in plain(render_brief(study))
    study.summary["borrowed"] |= {"figures": 7}
    assert "7 figures are lent or moved" in plain(render_brief(study))
    study.summary["borrowed"] = {"share": 0.0, "by_material": {}, "figures": 1, "lines": [line | {"year": 2001}]}
    assert "lent or moved" not in plain(render_brief(study))


def test_shortages_that_are_not_drawn_are_counted(monkeypatch):
    study = make_study(draws=1, months=1, with_remedies=False)
    whole = plain(render_brief(study))
    monkeypatch.setattr("derisk.brief.figures.shortfalls.ROWS", 1)
    cut = plain(render_brief(study))
    assert re.search(r"\d+ more shortages? (is|are) left to the tables\.", cut)
    counts = [int(n) for text in (whole, cut) for n in re.findall(r"(\d+) more shortage", text) or ["0"]]
    assert counts[0] < counts[1]
    assert numbers_without_lineage(render_brief(study)) == []


@pytest.mark.parametrize(("draws", "told"), [(3, False), (25, True)])
def test_the_worst_draws_are_told_where_the_range_does_not_say_them(draws, told):
    text = plain(render_brief(make_study(draws=draws, months=1, with_remedies=False)))
    assert ("mean of the worst twentieth of the draws" in text) is told


def test_sources_about_the_goods_come_first_and_the_others_are_counted() -> None:
    from made_dataset import CONTEXT, MadeDataset

    html = render_brief(make_study(draws=2, months=1), dataset=MadeDataset(), context=CONTEXT)
    listed, _, others = html[html.index('id="h-sources"') :].partition("<details><summary>Other sources")
    assert "Mineral Commodity Summaries 2026" in listed
    assert "Global Critical Minerals Outlook" not in listed
    assert "Global Critical Minerals Outlook" in others
    assert re.search(r"other sources, <data[^>]*>1</data> in all", listed)


def test_an_outage_has_no_other_side_and_a_ban_without_one_is_on_all() -> None:
    outage = {"kind": "outage", "by": ["CHN"], "goods": ["gallium"], "from": "2026-01", "why": "a"}
    rows = measure_rows([outage, {**outage, "kind": "export_ban"}], Ledger())
    assert [str(row.to) for row in rows] == ["", "all"]


def test_what_users_pay_less_is_told_in_one_sense_with_and_without_the_levers():
    study = make_study(draws=6, months=1)
    spread = {"mean": -2.0, "p05": -3.0, "p50": -2.0, "p95": -1.0, "cvar95": -1.0}
    study.summary["price_transfer_musd"] = {**spread, "p50": -2.5}
    study.summary["without_remedies"] = study.summary["without_remedies"] | {"price_transfer_musd": spread}
    tile = plain(render_brief(study)).split("Paid less by users, without the levers")[1][:300]
    assert "USD 2.00 million" in tile
    assert "with the levers USD 2.50 million; others receive that much less" in " ".join(tile.split())
    assert MINUS not in tile
