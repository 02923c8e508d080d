"""Supply: price and concentration of each good, from the reference dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from derisk.exposure.assess import Supply
from derisk.indicators import Wanted, compute_indicators
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import WORLD

if TYPE_CHECKING:
    from derisk.data import Dataset


def good_prices(dataset: Dataset) -> dict[str, float]:
    """Newest yearly world price of each good that has one [USD per tonne of its basis]."""
    rows = dataset.observations(field="price", region=WORLD)
    yearly = rows[rows["period"].str.fullmatch(r"\d{4}") & rows["value"].notna()].sort_values("period")
    newest = yearly.drop_duplicates("good", keep="last")
    return {
        good: float(quote) * GOODS[good].price_mass_ratio
        for good, quote in zip(newest["good"], newest["value"], strict=True)
    }


def good_supply(dataset: Dataset) -> dict[str, Supply]:
    """Concentration of each good's world supply in its newest year; materials without a good stand apart."""
    hhi = {line["good"]: line["value"] for line in _world(dataset, "hhi")}
    top = {line["good"]: line["components"] for line in _world(dataset, "top_share")}
    return {
        good: Supply(
            value,
            str(top.get(good, {}).get("largest", "")).split("; ")[0],
            top.get(good, {}).get("largest_share"),
        )
        for good, value in hhi.items()
        if good
    }


def _world(dataset: Dataset, indicator: str) -> list[dict[str, Any]]:
    lines = compute_indicators(dataset, Wanted(indicator=indicator, region=WORLD))
    return [line for line in lines if line["value"] is not None]
