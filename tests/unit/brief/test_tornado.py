"""The tornado: bars from solves, ticks from slopes, and ends without an answer said to be such."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest

from derisk.brief.figures.tornado import draw_tornado
from derisk.brief.ledger import Ledger
from derisk.drawing.canvas import ACCENT, REMEDY


@dataclass
class Asked:
    summary: dict[str, Any]


def row(words: str, **changes: Any) -> dict[str, Any]:
    return {
        "parameter": words,
        "kind": "demand_elasticity",
        "good": "gallium",
        "use": "",
        "region": "",
        "low": 0.05,
        "base": 0.1,
        "high": 0.3,
        "outcome_low_musd": 80.0,
        "outcome_high_musd": 150.0,
        "first_order_low_musd": 90.0,
        "first_order_high_musd": 140.0,
        "status": "assumed",
        "row_ids": "0e68815409e2",
        "note": "",
    } | changes


def drawn(*rows: dict[str, Any], outcome: float | None = 100.0):
    ledger = Ledger()
    study = Asked({"sensitivity": {"outcome_musd": outcome, "assumptions": 9, "largest": list(rows), "notes": []}})
    return draw_tornado(study, ledger), ledger


def boxes(svg: str, colour: str) -> list[tuple[float, float]]:
    found = re.findall(rf'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)" height="14" fill="{colour}"/>', svg)
    return [(float(x), float(x) + float(width)) for x, width in found]


def test_bars_end_where_the_solves_do():
    figure, _ = drawn(row("How far prices make users cut gallium"))
    (less,), (more,) = boxes(figure.svg, REMEDY), boxes(figure.svg, ACCENT)
    assert less[1] == pytest.approx(more[0], abs=0.2)
    assert (more[1] - more[0]) / (less[1] - less[0]) == pytest.approx(50.0 / 20.0, rel=0.01)


def test_ends_on_one_side_are_both_drawn():
    figure, _ = drawn(row("A", outcome_low_musd=110.0))
    assert boxes(figure.svg, REMEDY) == []
    long, short = boxes(figure.svg, ACCENT)
    assert long[0] == pytest.approx(short[0], abs=0.2)
    assert long[1] > short[1]


def test_an_end_without_equilibrium_is_said_to_be_such():
    figure, _ = drawn(row("A", outcome_high_musd=None))
    assert "no equilibrium" in figure.svg
    assert "Where there is no equilibrium" in figure.caption
    assert boxes(figure.svg, ACCENT) == []
    whole, _ = drawn(row("A"))
    assert "no equilibrium" not in whole.svg + whole.caption


def test_an_assumption_without_derivative_has_no_tick():
    ticks = [figure.svg.count('stroke-width="2"') for figure, _ in (drawn(row("A")), drawn(_without_derivative()))]
    assert ticks[0] - ticks[1] == 2


def _without_derivative() -> dict[str, Any]:
    return row("A", first_order_low_musd=None, first_order_high_musd=None)


def test_values_come_from_rows_scenario_or_rule():
    _, ledger = drawn(
        row("A"),
        row("B", kind="export_quota.share_of_base", status="scenario", row_ids="measures[2].share_of_base"),
        row("C", kind="value_in_use_ratio", status="derived", note="no range stated: ten per cent either way"),
    )
    entries = list(ledger.entries.values())
    assert {tuple(entry["row_ids"]) for entry in entries if "row_ids" in entry} == {("0e68815409e2",)}
    assert {entry["scenario"] for entry in entries if "scenario" in entry} == {"measures[2].share_of_base"}
    asks = {entry["ask"] for entry in entries if "ask" in entry}
    assert asks == {"derisk data why --row 0e68815409e2"}
    assert any("a tenth more" in entry.get("rule", "") for entry in entries)


@pytest.mark.parametrize("summary", [{}, {"sensitivity": None}])
def test_without_assumptions_there_is_no_figure(summary):
    assert draw_tornado(Asked(summary), Ledger()) is None


def test_a_calm_study_has_no_figure():
    assert drawn(outcome=0.0)[0] is None
    assert drawn(row("A"), outcome=None)[0] is None


def test_long_words_take_two_lines_and_no_more():
    figure, _ = drawn(row("How far prices make " + "machinery and vehicles " * 9 + "cut gallium"))
    lines = re.findall(r'<text x="0" y="[\d.]+" data-lineage="[^"]*">([^<]*)</text>', figure.svg)
    assert len(lines) == 2
    assert lines[1].endswith("…")
