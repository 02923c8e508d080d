"""Measures as the brief tells them: controls and levers, who is behind them, and what the levers do."""

from __future__ import annotations

import copy
import re

from make_study import make_study
from plain_text import plain

from derisk.brief import numbers_without_lineage, render_brief
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
from derisk.brief.numbers import MINUS, money, percent


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


def test_levers_that_make_it_worse_are_said_to():
    before = {"value_added_lost_musd": {"p50": 100.0}, "converged_draws": 4}
    summary = {"value_added_lost_musd": {"p50": 110.0}, "without_remedies": before, "converged_draws": 4}
    summary["saved_musd"] = {"p05": -20.0, "p50": -9.0, "p95": 1.0}
    text = plain(saved_words(summary, Ledger()))
    assert "The levers raise the value added at risk from USD 100 million to USD 110 million, 10 % more" in text
    assert text.endswith(f"in all draws they add between {MINUS}USD 1.00 million and USD 20.0 million.")


def test_controls_on_an_element_group_are_controls_on_rare_earths():
    ban = {"kind": "export_ban", "by": "CHN", "goods": ["gallium", "yttrium_oxide", "ndfeb_magnet"]}
    assert controlled_materials([ban]) == ["gallium", "rare_earths"]
    assert restricted_materials([ban], by="CHN") == {"gallium", "rare_earths"}


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


def test_an_outage_has_no_other_side_and_a_ban_without_one_is_on_all() -> None:
    outage = {"kind": "outage", "by": ["CHN"], "goods": ["gallium"], "from": "2026-01", "why": "a"}
    rows = measure_rows([outage, {**outage, "kind": "export_ban"}], Ledger())
    assert [str(row.to) for row in rows] == ["", "all"]
