"""Assess: prices, shortfalls and cuts of a study laid on purchases, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from derisk.data import load_dataset
from derisk.exposure import Mapped, assess, good_supply

MONTHS = ("2026-01", "2026-02")


def table(places: dict[str, str], **columns: dict[str, tuple[float, float]]) -> pd.DataFrame:
    """A study's table of two goods and two months, words of places as categories."""
    lines = [
        {
            "draw": 0,
            "month": month,
            "good": good,
            **places,
            **{name: cells[good][at] for name, cells in columns.items()},
        }
        for good in ("gallium", "refined_copper")
        for at, month in enumerate(MONTHS)
    ]
    return pd.DataFrame(lines).astype(dict.fromkeys(set(places) - {"use"}, "category"))


def study() -> Any:
    """One draw, two months: gallium doubles in Japan in the second month and half is short; copper rests."""
    prices = table({"region": "JPN"}, delivered_price_ratio={"gallium": (1.0, 2.0), "refined_copper": (1.0, 1.0)})
    prices["region"] = prices["region"].cat.add_categories("CHN")
    use = table(
        {"region": "JPN", "use": "semiconductors"},
        base_quantity_t={"gallium": (10.0, 10.0), "refined_copper": (9.0, 9.0)},
        shortfall_t={"gallium": (0.0, 5.0), "refined_copper": (0.0, 0.0)},
    )
    flows = table(
        {"origin": "CHN", "destination": "JPN"},
        base_quantity_t={"gallium": (8.0, 8.0), "refined_copper": (9.0, 9.0)},
        quantity_t={"gallium": (8.0, 0.0), "refined_copper": (9.0, 9.0)},
    )
    return SimpleNamespace(prices=prices, use=use, flows=flows, summary={"scenario": "by hand"})


def purchase(good: str, **changes: Any) -> Mapped:
    words = {
        "line": 2, "item": good, "good": good, "quantity_t": 1.0, "value_usd": 1200.0, "supplier": "CHN",
        "revenue_usd": None, "fate": "mapped", "doubts": (),
    }  # fmt: skip
    return Mapped(**{**words, **changes})


def test_a_purchase_by_hand() -> None:
    (item,) = assess([purchase("gallium", revenue_usd=24_000.0)], study=study(), buyer="JPN").items
    assert item.price_ratio == pytest.approx(1.5)
    assert item.peak_price_ratio == pytest.approx(2.0)
    assert item.peak_month == "2026-02"
    assert item.short_share == pytest.approx(0.25)
    assert item.short_months == pytest.approx(0.5)
    assert [(m.month, m.price_ratio, m.short_share) for m in item.by_month] == [
        ("2026-01", 1.0, 0.0),
        ("2026-02", 2.0, 0.5),
    ]
    assert item.supplier_cut_share == pytest.approx(0.5)
    assert item.extra_cost_usd == pytest.approx(100.0 * 0.5)  # half of the second month's tonnes at twice the price
    assert item.lost_sales_usd == pytest.approx(2000.0 * 0.5)
    assert item.expected_loss_usd == pytest.approx(1050.0)


def test_no_shock_no_loss_and_unknown_goods_stay_unknown() -> None:
    copper, other = assess([purchase("refined_copper"), purchase("rhodium")], study=study(), buyer="JPN").items
    assert copper.expected_loss_usd == pytest.approx(0.0)
    assert copper.supplier_cut_share == pytest.approx(0.0)
    assert copper.peak_month == ""
    assert other.price_ratio is None
    assert other.expected_loss_usd is None


def test_a_good_of_the_market_that_no_measure_reaches_rests() -> None:
    """A study's tables leave such goods out: they are at their base, not unknown."""
    (item,) = assess([purchase("antimony", revenue_usd=24_000.0)], study=study(), buyer="JPN").items
    assert (item.price_ratio, item.short_share, item.supplier_cut_share) == (1.0, 0.0, 0.0)
    assert item.expected_loss_usd == pytest.approx(0.0)


def test_every_line_counts_once() -> None:
    bought = [purchase("gallium"), purchase("", fate="not mapped", value_usd=None)]
    coverage = assess(bought, study=None, buyer="JPN").coverage()
    assert [(row["lines"], row["value_usd"], row["lines_without_value"]) for row in coverage] == [
        (1, 1200.0, 0), (0, 0, 0), (1, 0, 1),
    ]  # fmt: skip


def test_a_line_that_is_not_mapped_has_no_concentration() -> None:
    """It once had that of materials of which no good is known."""
    lines = [purchase("", fate="not mapped"), purchase("gallium")]
    unknown, known = assess(lines, study=None, buyer="JPN", supply=good_supply(load_dataset())).items
    assert (unknown.world_concentration, unknown.largest_supplier, unknown.largest_supplier_share) == (None, "", None)
    assert known.largest_supplier == "CHN"


def test_a_month_without_a_line_of_use_leaves_the_others_short() -> None:
    """Where the table of use lacks a month, nothing is short in it, and the other months stay as they are."""
    made = study()
    made.use = made.use[made.use["month"] != MONTHS[0]]
    (item,) = assess([purchase("gallium")], study=made, buyer="JPN").items
    assert item.short_share == pytest.approx(0.25)
