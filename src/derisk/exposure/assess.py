"""Assess: what a scenario does to each purchase, from a study's prices, shortfalls and flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from derisk.exposure.mapping import FATES, Mapped
from derisk.losses import range_levels
from derisk.vocabulary.processes import market_goods
from derisk.vocabulary.regions import COUNTRIES, REST_OF_EU, REST_OF_WORLD
from derisk.vocabulary.uses import PSEUDO_USES

if TYPE_CHECKING:
    from derisk.study import Study

_MONTHS = 12.0
CALM_RATIO: Final = 5e-4
"""A price that moves by less, as a part of its base, counts as the base year's."""


@dataclass(frozen=True, slots=True)
class MonthExposure:
    """A good in the buyer's region in one month, medians over draws."""

    month: str
    price_ratio: float
    """Delivered price over the base year's."""
    short_share: float
    """Of the tonnes wanted."""


@dataclass(frozen=True, slots=True)
class ItemExposure:
    """One purchase under a scenario; money over the scenario's months, means and percentiles over draws."""

    purchase: Mapped
    world_concentration: float | None
    """Herfindahl-Hirschman index of world supply of the good, 0 to 1."""
    largest_supplier: str
    largest_supplier_share: float | None
    price_ratio: float | None
    """Delivered price over the base year's, mean over months, median over draws."""
    peak_price_ratio: float | None
    """The highest month's, median over draws."""
    short_share: float | None
    """Share of the buyer's region's wanted tonnes that is short, mean over months, median over draws."""
    supplier_cut_share: float | None
    """Share of the supplier's deliveries to the buyer's region that stops, median over draws."""
    extra_cost_usd: float | None
    """Expected: dearer tonnes, for the tonnes still bought."""
    lost_sales_usd: float | None
    """Expected: sales that stop, where the list states them."""
    loss_p05_usd: float | None
    loss_p95_usd: float | None
    peak_month: str = ""
    """The month whose median price is highest; '' where the price stays at its base."""
    short_months: float | None = None
    """Months' worth of the good that is short in the buyer's region, median over draws."""
    by_month: tuple[MonthExposure, ...] = ()
    """The price and the shortage of each month."""

    @property
    def expected_loss_usd(self) -> float | None:
        """Extra cost and lost sales; the two never overlap, as a tonne is either bought or short."""
        parts = [part for part in (self.extra_cost_usd, self.lost_sales_usd) if part is not None]
        return sum(parts) if parts else None


@dataclass(frozen=True, slots=True)
class Assessment:
    """All purchases, and how much of the list could be mapped, by lines and by value."""

    scenario: str
    buyer: str
    """Region of the study in which the company buys."""
    items: tuple[ItemExposure, ...]

    def coverage(self) -> list[dict[str, float | int | str]]:
        """Lines and stated value by fate, every line once."""
        rows: list[dict[str, float | int | str]] = []
        for fate in FATES:
            lines = [item.purchase for item in self.items if item.purchase.fate == fate]
            value = sum(purchase.value_usd or 0.0 for purchase in lines)
            without = sum(1 for purchase in lines if purchase.value_usd is None)
            rows.append({"fate": fate, "lines": len(lines), "value_usd": value, "lines_without_value": without})
        return rows


@dataclass(frozen=True, slots=True)
class Supply:
    """Concentration of a good's world supply."""

    concentration: float | None = None
    largest: str = ""
    largest_share: float | None = None


def assess(
    purchases: Sequence[Mapped], *, study: Study | None, buyer: str, supply: Mapping[str, Supply] | None = None
) -> Assessment:
    """What a scenario does to a company's purchases.

    Args:
        purchases: as `map_purchases` returns them.
        study: a finished study; without one, only concentration is filled in.
        buyer: country in which the company buys.
        supply: concentration by good.
    """
    effects = _Effects(study, buyer) if study is not None else None
    items = tuple(_item(purchase, effects, (supply or {}).get(purchase.good, Supply())) for purchase in purchases)
    name = "" if study is None else str(study.summary["scenario"])
    return Assessment(name, effects.region if effects else buyer, items)


def _item(purchase: Mapped, effects: _Effects | None, supply: Supply) -> ItemExposure:
    known = supply.concentration, supply.largest, supply.largest_share
    effect = effects.of(purchase.good) if effects else None
    if effects is None or effect is None:
        return ItemExposure(purchase, *known, *(None,) * 8)
    price, short = effect
    bought = (price - 1.0) * (1.0 - short)
    extra = None if purchase.value_usd is None else (purchase.value_usd / _MONTHS * bought).sum(axis=1)
    lost = None if purchase.revenue_usd is None else (purchase.revenue_usd / _MONTHS * short).sum(axis=1)
    parts = [part for part in (extra, lost) if part is not None]
    loss = sum(parts) if parts else None
    return ItemExposure(
        purchase,
        *known,
        price_ratio=float(np.median(price.mean(axis=1))),
        peak_price_ratio=float(np.median(price.max(axis=1))),
        short_share=float(np.median(short.mean(axis=1))),
        supplier_cut_share=effects.cut(purchase.good, purchase.supplier),
        extra_cost_usd=None if extra is None else float(extra.mean()),
        lost_sales_usd=None if lost is None else float(lost.mean()),
        loss_p05_usd=None if loss is None else float(np.quantile(loss, range_levels(len(loss))[0])),
        loss_p95_usd=None if loss is None else float(np.quantile(loss, range_levels(len(loss))[1])),
        peak_month=_peak_month(price, effects.months),
        short_months=float(np.median(short.sum(axis=1))),
        by_month=tuple(map(MonthExposure, effects.months, _medians(price), _medians(short))),
    )


def _medians(of_months: np.ndarray) -> list[float]:
    """Medians over draws of a (draw, month) array."""
    medians: list[float] = np.median(of_months, axis=0).tolist()
    return medians


def _peak_month(price_ratio: np.ndarray, months: Sequence[str]) -> str:
    """The month of the highest median over draws of a price, (draw, month); '' where it never leaves its base."""
    medians = np.median(price_ratio, axis=0)
    return months[int(medians.argmax())] if medians.max() >= 1.0 + CALM_RATIO else ""


class _Effects:
    """A study's prices and shortfalls in one region, by good, as (draw, month)."""

    def __init__(self, study: Study, buyer: str) -> None:
        regions = set(study.prices["region"].cat.categories)
        self.region = region_of(buyer, regions)
        self._regions = regions
        prices, use = study.prices, study.use
        self._price = prices[prices["region"] == self.region]
        self._use = use[(use["region"] == self.region) & ~use["use"].isin(PSEUDO_USES)]
        flows = study.flows
        self._flows = flows[flows["destination"] == self.region]
        self._known: dict[str, tuple[np.ndarray, np.ndarray] | None] = {}
        self._calm = _calm_goods(study)
        self.months = tuple(map(str, sorted(prices["month"].unique())))
        self._shape = (prices["draw"].nunique(), len(self.months))

    def of(self, good: str) -> tuple[np.ndarray, np.ndarray] | None:
        """Price ratio and short share by draw and month; None where the region does not buy the good."""
        if good in self._calm:
            return np.ones(self._shape), np.zeros(self._shape)
        if good not in self._known:
            price = _grid(self._price[self._price["good"] == good], "delivered_price_ratio")
            use = self._use[self._use["good"] == good]
            self._known[good] = None if price is None else (price.to_numpy(), _short_share(use, price))
        return self._known[good]

    def cut(self, good: str, supplier: str) -> float | None:
        """Share of the supplier's base deliveries that stops, over all months; None where it delivered nothing."""
        if not supplier:
            return None
        if good in self._calm:
            return 0.0
        origin = region_of(supplier, self._regions)
        flows = self._flows[(self._flows["good"] == good) & (self._flows["origin"] == origin)]
        sums = flows.groupby("draw", observed=True)[["quantity_t", "base_quantity_t"]].sum()
        sums = sums[sums["base_quantity_t"] > 0.0]
        if sums.empty:
            return None
        return float((1.0 - sums["quantity_t"] / sums["base_quantity_t"]).clip(0.0, 1.0).median())


def _calm_goods(study: Study) -> frozenset[str]:
    """Goods of the market that no measure of the scenario reaches: at their base, and not in the study's tables."""
    return frozenset(market_goods()) - set(study.prices["good"].unique())


def _grid(frame: pd.DataFrame, column: str) -> pd.DataFrame | None:
    """Sums of a column by (draw, month); None where there is nothing."""
    if frame.empty or frame[column].isna().all():
        return None
    return frame.pivot_table(index="draw", columns="month", values=column, aggfunc="sum", observed=True)


def _short_share(use: pd.DataFrame, price: pd.DataFrame) -> np.ndarray:
    """Short over wanted tonnes by the draws and months of the prices.

    No use of its own in the region (a refiner's feed) is short of nothing, and so is a month without a line of use.
    """
    wanted, short = (
        np.zeros(price.shape)
        if (grid := _grid(use, column)) is None
        else grid.reindex(index=price.index, columns=price.columns).fillna(0.0).to_numpy()
        for column in ("base_quantity_t", "shortfall_t")
    )
    return np.clip(np.divide(short, wanted, out=np.zeros(price.shape), where=wanted > 0.0), 0.0, 1.0)


def region_of(country: str, regions: set[str]) -> str:
    """Region of a study in which a country lies."""
    if country in regions:
        return country
    return REST_OF_EU if country in COUNTRIES and COUNTRIES[country].eu_member else REST_OF_WORLD
