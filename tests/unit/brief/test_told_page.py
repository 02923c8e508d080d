"""The page around the figures: titles, lists for phones, sources, what later years lend, and what is counted only."""

from __future__ import annotations

import re

import pandas as pd
from make_study import make_study
from plain_text import plain

from derisk.brief import numbers_without_lineage, render_brief
from derisk.brief.figures.mine_to_use import draw_mine_to_use
from derisk.brief.figures.months import columns_of
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import MINUS
from derisk.brief.provenance import chosen_changes
from derisk.vocabulary.names import good_label, in_sentence, scenario_label

TONNES = ("base_quantity_t", "quantity_t")


def test_the_most_valuable_shortage_leads(study, brief):
    first = study.without_remedies.summary["shortfall_by_region"][0]
    text = re.sub("<[^>]*>", "", brief)
    assert f"The most valuable shortage is that of {in_sentence(good_label(first['good']))} in" in text


def test_changes_are_those_of_the_goods_touched():
    changes = [{"good": good, "n": n} for n, good in enumerate(["refined_copper"] * 5 + ["gallium"] * 3)]
    assert [c["n"] for c in chosen_changes(changes, ["gallium"])] == [5, 6]
    assert [c["n"] for c in chosen_changes(changes, ["germanium"])] == [0, 1, 5, 6]


def test_titles_write_regions_with_capitals():
    assert scenario_label("magnets-to-europe") == "Magnets to Europe"


def test_titles_write_months_with_capitals_beside_a_year_alone():
    assert scenario_label("rare-earths-april-2025") == "Rare earths April 2025"
    assert scenario_label("what-may-come") == "What may come"


def test_panels_over_the_months_fill_their_rows():
    counts = {1: 2, 2: 2, 3: 3, 4: 4, 5: 3, 6: 3, 7: 4, 8: 4}
    assert {panels: columns_of(panels) for panels in counts} == counts


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


def test_a_narrow_list_escapes_its_words_and_scales_its_bars():
    assert bar_shares([4.0, 1.0, -1.0]) == [1.0, 0.25, 0.0]
    assert bar_shares([0.0]) == [0.0]
    lines = (Line("<n>", "", ("1",), 0.25), Line("more", "", ("2",), 0.5, is_gain=True))
    html = narrow_list([Group("<t>", ("a",), lines), Group("none", (), ())])
    assert "<n>" not in html
    assert "<t>" not in html
    assert '<i style="width:25%">' in html
    assert '<i class="gain" style="width:50%">' in html
    assert "none" not in html


def test_every_figure_has_something_in_its_place_on_a_phone(brief):
    figures = re.findall(r"<figure.*?</figure>", brief, re.S)
    assert len(figures) >= 9
    assert all('class="narrow"' in figure for figure in figures)
    assert '<figure class="several">' in brief
    assert '<span class="drawn"> Arrows point at the buyer' in brief


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


def test_sources_about_the_goods_come_first_and_the_others_are_counted() -> None:
    from made_dataset import CONTEXT, MadeDataset

    html = render_brief(make_study(draws=2, months=1), dataset=MadeDataset(), context=CONTEXT)
    listed, _, others = html[html.index('id="h-sources"') :].partition("<details><summary>Other sources")
    assert "Mineral Commodity Summaries 2026" in listed
    assert "Global Critical Minerals Outlook" not in listed
    assert "Global Critical Minerals Outlook" in others
    assert re.search(r"other sources, <data[^>]*>1</data> in all", listed)


def test_what_users_pay_less_is_told_in_one_sense_with_and_without_the_levers():
    study = make_study(draws=6, months=1)
    spread = {"mean": -2.0, "p05": -3.0, "p50": -2.0, "p95": -1.0, "cvar95": -1.0}
    study.summary["price_transfer_musd"] = {**spread, "p50": -2.5}
    study.summary["without_remedies"] = study.summary["without_remedies"] | {"price_transfer_musd": spread}
    tile = plain(render_brief(study)).split("Paid less by users, without the levers")[1][:300]
    assert "USD 2.00 million" in tile
    assert "with the levers USD 2.50 million; others receive that much less" in " ".join(tile.split())
    assert MINUS not in tile
