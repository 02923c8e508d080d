"""Prices as the brief tells them: whose, where, in which month, by how much, and what they rest on."""

from __future__ import annotations

import re

import pytest
from make_study import make_study
from plain_text import plain

from derisk.brief import numbers_without_lineage, render_brief
from derisk.brief.figures.months import draw_months
from derisk.brief.ledger import Ledger
from derisk.brief.subject import price_peaks
from derisk.vocabulary.names import good_label, in_sentence


def test_rationed_markets_are_marked():
    study = make_study(draws=2, months=1, with_remedies=False)
    for row in study.summary["peak_price_ratio"]:
        row["rationed_share"] = 1.0 if row["good"] == "gallium" else 0.0
    html = render_brief(study)
    assert html.count(">rationed<") >= 1
    assert "Some users of gallium go without" in html
    assert not re.search(r"The price of gallium rises most", html)


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


def test_a_good_that_prints_as_unmoved_has_no_row_of_prices():
    study = make_study(draws=2, months=2, with_remedies=False)
    rows = [row for row in study.summary["peak_price_ratio"] if row["good"] in ("gallium", "germanium")]
    study.summary["peak_price_ratio"] = [{**row, "p50": 1.03} if row["good"] == "germanium" else row for row in rows]
    section = render_brief(study).split('id="prices-t"')[1].split("</svg>")[0]
    assert ">Gallium<" in section
    assert ">Germanium<" not in section


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


def marked_multiples(study) -> list[float]:
    """Multiples of the base that stand in the drawing of the months: marks of the scale, and peaks."""
    drawing = str(draw_months(study, Ledger()).drawings[0]).replace("\N{NO-BREAK SPACE}", " ")
    return [float(words) for words in re.findall(r">× ([\d.]+)</text>", drawing)]


def test_a_price_that_collapses_at_home_leaves_the_prices_of_users_readable():
    study = make_study(draws=2, months=6, with_remedies=False)
    assert "holds the good back. " in str(draw_months(study, Ledger()).caption)
    highest = max(marked_multiples(study))
    study.quotes = study.quotes.assign(home_price_usd_per_t=study.quotes["base_price_usd_per_t"] * 1e-9)
    assert "holds the good back, cut off at the foot of the scale. " in str(draw_months(study, Ledger()).caption)
    assert 0.4 / highest <= min(marked_multiples(study)) < 1.0


def test_the_price_told_is_of_the_good_that_costs_users_most_and_its_lineage_says_so():
    study = make_study(draws=6, months=2, with_remedies=False)
    for row in study.summary["peak_price_ratio"]:
        row["rationed_share"] = 0.0
    peaks = price_peaks(study.summary)
    first, last = peaks[0]["good"], peaks[-1]["good"]
    study.summary["by_good"] = [
        {"good": last, "paid_above_base_musd": 812.0},
        {"good": first, "paid_above_base_musd": 811.0},
    ]
    html = render_brief(study)
    told = f"Dearer {in_sentence(good_label(last))} costs users most, USD 812 million above base prices: users in"
    assert told in plain(html)
    assert "rises most" not in html
    assert "told is the good rationed nowhere whose users pay most above base prices" in html
    assert "the price told is that of the good rationed nowhere" in html
    assert numbers_without_lineage(html) == []


@pytest.mark.parametrize(("rationed_share", "in_words"), [(0.0, False), (0.2, True)])
def test_a_range_that_ends_in_rationing_ends_in_words(rationed_share, in_words):
    study = make_study(draws=6, months=2, with_remedies=False)
    for row in study.summary["peak_price_ratio"]:
        row["rationed_share"] = rationed_share
    text = plain(render_brief(study))
    assert bool(re.search(r"in all draws between [\d.]+ times and rationing at any price", text)) is in_words
    assert ("a line ends at the good’s worth" in text) is in_words
