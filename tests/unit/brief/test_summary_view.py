"""The terminal's summary: the same numbers as the brief, on one screen."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from derisk.cli import summary_view
from derisk.cli.summary_view import print_summary


def printed(summary, width: int) -> str:
    stream = io.StringIO()
    print_summary(summary, Console(file=stream, width=width))
    return stream.getvalue().replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("width", [80, 140])
def test_screen(study, width):
    text = printed(study.summary, width)
    for words in (
        "Washington 2026",
        "Value added at risk",
        "With the levers",
        "Who runs short",
        "Prices at their peak",
        "7 of 8 draws",
    ):
        assert words in text
    assert max(len(line) for line in text.splitlines()) <= width
    assert len(text.splitlines()) <= 56
    assert "…" not in text


def test_on_a_narrow_screen_words_take_two_lines_and_no_number_is_cut(study):
    party = {"party": "Stockpile release of a good with a long name, by the coalition", "part_musd": -1900.0}
    side = {
        "side": "levers",
        "rule": "shapley",
        "draws": 2,
        "parties": [party | {"alone_musd": -1.0, "last_musd": 2e3}],
    }
    text = printed(study.summary | {"attribution": {"draws": 2, "solves": 2, "sides": [side]}}, 58)
    assert all(words in text for words in ("−1.90 bn", "2.00 bn", "as the last"))
    assert "over every order in which they could come; parts add up." in " ".join(text.split())
    assert "shapley" not in text
    assert "…" not in text


def test_without_levers(study):
    text = printed(study.without_remedies.summary, 100)
    assert "With the levers" not in text
    assert "Before and after" not in text


def test_words_in_brackets_are_not_markup(study):
    assert "[red]all[/red]" in printed(study.summary | {"question": "[red]all[/red]?"}, 100)


def test_without_equilibrium(study):
    keys = ("scenario", "question", "answer", "draws", "months", "start")
    assert "Washington" in printed({k: study.summary[k] for k in keys} | {"converged_draws": 0}, 80)


def test_the_strongest_assumptions_take_a_line_each(study):
    row = {"parameter": "Price of gallium in the base year", "outcome_low_musd": 80.0, "outcome_high_musd": 2_500.0}
    ranked = {"outcome_musd": 100.0, "largest": [row, row | {"outcome_low_musd": None}, row, row]}
    text = printed(study.summary | {"without_remedies": None, "sensitivity": ranked}, 80)
    lines = [line for line in text.splitlines() if "Price of gallium" in line]
    assert len(lines) == 3
    assert "80.0 m" in lines[0]
    assert "2.50 bn" in lines[0]
    assert "no equilibrium" in lines[1]
    assert "100 m" in lines[1]
    assert "one assumption at either end" in text
    assert "one assumption at either end" not in printed(study.summary, 80)


def test_a_peak_is_told_where_most_tonnes_are_short_as_in_the_answer(study):
    peak = {"good": "refined_cobalt", "month": "2026-12", "p05": 2.1, "p95": 3.1}
    short = {"good": "refined_cobalt", "use": "electronics", "shortfall_share": 0.2}
    summary = study.summary | {
        "peak_price_ratio": [peak | {"region": "TZA", "p50": 2.8213}, peak | {"region": "CHN", "p50": 2.8202}],
        "shortfall": [short | {"region": "TZA", "shortfall_t": 1.0}, short | {"region": "CHN", "shortfall_t": 9.0}],
    }
    table = summary_view._prices(summary)
    assert [str(cell) for cell in table.columns[1].cells] == ["China"]


def test_what_a_range_is_and_what_is_left_out_is_said(study):
    few = study.without_remedies.summary | {"range": "lowest to highest of 7 draws"}
    text = printed(few, 80)
    assert "lowest to highest of 7 draws" in text
    assert "5 to 95 %" not in text
    many = few | {"shortfall_by_region": few["shortfall_by_region"] * 9}
    shown = len(summary_view._most_valuable(many["shortfall_by_region"]))
    assert f"and {len(many['shortfall_by_region']) - shown} more, however small" in printed(many, 80)


def test_the_economy_s_sentence_is_one_region_s_and_a_peak_at_the_end_is_marked(study):
    alone = study.without_remedies.summary
    spread = {"p05": 1.0, "p50": 2000.0, "p95": 3.0}
    carried = {"region": "USA", "propagated_low_musd": spread, "propagated_high_musd": spread | {"p50": 3000.0}}
    last = {"good": "gallium", "region": "JPN", "month": "2026-12", "p05": 2.0, "p50": 3.0, "p95": 4.0}
    summary = alone | {"start": "2026-01", "months": 12, "peak_price_ratio": [last], "shortfall": []}
    text = " ".join(printed(summary | {"propagation": {"regions": [carried]}}, 100).split())
    assert "In the United States alone up to USD" in text
    assert "with the suppliers of those who run short, and up to USD" in text
    assert "Dec 2026*" in text
    assert "still rising" in text
