"""Studies side by side: the same draws are held against each other, others never."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from derisk.errors import InputError
from derisk.study.comparison import compare_studies

MANIFEST = {"seed": 7, "base_year": 2024, "dataset_hash": "a", "derisk_version": "1"}


class ByHand:
    """A study of gallium in two regions and two months: what a draw loses, and the price in Japan's second month."""

    def __init__(self, losses: dict[int, float], price: dict[int, float], **manifest: Any) -> None:
        self.folder = f"by-hand-{id(self)}"
        self.manifest = MANIFEST | manifest
        peak = {"good": "gallium", "region": "JPN", "p50": max(price.values(), default=1.0), "base_quantity_t": 2.0}
        self.summary = {"scenario": "by hand", "start": "2026-01", "months": 2, "peak_price_ratio": [peak]}
        places = [(draw, month) for draw in losses for month in ("2026-01", "2026-02")]
        self.status = pd.DataFrame([{"draw": draw, "month": month, "converged": True} for draw, month in places])
        self.prices = pd.DataFrame(
            [
                {
                    "draw": draw,
                    "month": month,
                    "good": "gallium",
                    "region": "JPN",
                    "delivered_price_ratio": price[draw] if month == "2026-02" else 1.0,
                }
                for draw, month in places
            ]
        )
        shares = {"JPN": 0.75, "DEU": 0.25}
        self._rows = {
            "losses": pd.DataFrame(
                [
                    {
                        "draw": draw,
                        "region": region,
                        "value_added_lost_musd": lost * share,
                        "forgone_value_musd": 1.0,
                        "price_transfer_musd": 1.0,
                    }
                    for draw, lost in losses.items()
                    for region, share in shares.items()
                ]
            ),
            "use": pd.DataFrame(
                [
                    {
                        "draw": draw,
                        "good": "gallium",
                        "region": "JPN",
                        "use": use,
                        "base_quantity_t": 10.0,
                        "shortfall_t": 1.0,
                    }
                    for draw in losses
                    for use in ("semiconductors", "disposal")
                ]
            ),
        }

    def sums(self, name: str, *, by: Any, columns: Any, draws: Any, only: Any = None, without: Any = None) -> Any:
        rows = self._rows[name]
        rows = rows[rows["draw"].isin(draws)]
        for column, words in (only or {}).items():
            rows = rows[rows[column].isin(words)]
        for column, words in (without or {}).items():
            rows = rows[~rows[column].isin(words)]
        return rows.groupby(by, as_index=False)[columns].sum()


def compared(*studies: ByHand, region: str | None = None) -> Any:
    return compare_studies(studies, region=region)  # type: ignore[arg-type]


def test_draws_that_both_have_are_held_against_each_other() -> None:
    first = ByHand({0: 100.0, 1: 300.0, 2: 9000.0}, {0: 2.0, 1: 4.0, 2: 90.0})
    second = ByHand({0: 80.0, 1: 290.0}, {0: 1.5, 1: 3.5})
    found = compared(first, second)
    assert (found.draws, found.apart) == (2, "")
    one, other = found.studies
    assert one.money_musd["value_added_lost_musd"]["p50"] == pytest.approx(200.0)  # the third draw counts nowhere
    assert one.change_musd is None
    assert (other.change_musd["p05"], other.change_musd["p95"]) == pytest.approx((-20.0, -10.0))
    effect = other.effects["gallium", "JPN"]
    assert effect.peak_price_ratio["p50"] == pytest.approx(2.5)
    assert effect.peak_month == "2026-02"
    assert effect.short_share == pytest.approx(0.1)  # what nobody wants is no use


def test_a_region_is_told_alone() -> None:
    (study,) = compared(ByHand({0: 100.0}, {0: 2.0}), region="DEU").studies
    assert study.money_musd["value_added_lost_musd"]["p50"] == pytest.approx(25.0)
    assert study.effects == {}


@pytest.mark.parametrize(
    ("manifest", "why"), [({"seed": 8}, "seed"), ({"dataset_hash": "b"}, "dataset"), ({"base_year": 2020}, "base year")]
)
def test_draws_of_other_chances_are_not_held_against_each_other(manifest: dict[str, Any], why: str) -> None:
    found = compared(ByHand({0: 100.0}, {0: 2.0}), ByHand({0: 80.0}, {0: 2.0}, **manifest))
    assert why in found.apart
    assert found.draws == 0
    assert [study.change_musd for study in found.studies] == [None, None]
    assert found.studies[1].money_musd["value_added_lost_musd"]["p50"] == pytest.approx(80.0)


def test_a_study_without_an_answer_is_named() -> None:
    failed = ByHand({0: 100.0}, {0: 2.0})
    failed.status["converged"] = False
    with pytest.raises(InputError, match="reached equilibrium"):
        compared(ByHand({0: 100.0}, {0: 2.0}), failed)


def test_nothing_is_no_comparison() -> None:
    with pytest.raises(InputError, match="no study"):
        compared()
