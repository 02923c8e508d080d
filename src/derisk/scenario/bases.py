"""Bases: the base year's exports, which quotas in tonnes or in shares are measured against."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.network.record import Integers, Network
from derisk.scenario.ground import Ground
from derisk.scenario.measures import Measure
from derisk.scenario.schema import Scenario

_MONTHS = 12.0


@dataclass(frozen=True, slots=True)
class QuotaBase:
    """What one region may ship under one quota, beside what it shipped over the same links in the base year."""

    measure: str
    """Key of the measure, such as `measures[0]`."""
    kind: str
    region: str
    """Who ships."""
    to: tuple[str, ...]
    goods: tuple[str, ...]
    quantity_t_per_year: float
    """Median of the quota, tonnes of different goods counted by its weights [t/year]."""
    base_exports_t_per_year: float
    """What went over the same links in the base year, counted likewise [t/year]."""

    @property
    def share_of_base(self) -> float | None:
        """The quota over the base year's exports; None where there were none."""
        return self.quantity_t_per_year / self.base_exports_t_per_year if self.base_exports_t_per_year > 0.0 else None


@dataclass(frozen=True, slots=True)
class BaseTrade:
    """What a region ships of a good in the base year, or what goes between it and one partner [t/year]."""

    region: str
    exports_t_per_year: float
    share_of_exports: float
    """Of all exports listed, from 0 to 1."""
    stated_share: float
    """Of these tonnes, over links that a row of the dataset states, from 0 to 1; the rest follows from the balance."""
    stated_t_per_year: float
    """What those rows state, before the year was balanced [t/year]."""


def quota_bases(scenario: Scenario, network: Network) -> tuple[QuotaBase, ...]:
    """Each quota and known volume of a scenario beside the base year's exports, region by region.

    Args:
        scenario: uses the measures `export_quota` and `export_volume`, at their medians.
        network: balanced base year.
    """
    ground = Ground(network)
    limits = [m for m in scenario.measures if m.kind in ("export_quota", "export_volume")]
    return tuple(_base(measure, region, ground) for measure in limits for region in _actors(measure, ground))


def base_exports(
    network: Network, good: str, *, origin: str | None = None, destination: str | None = None
) -> tuple[BaseTrade, ...]:
    """Who ships a good in the base year, to `destination` if named, or where it goes from `origin`, the most first.

    Args:
        network: balanced base year.
        good: a good of the network.
        origin: a region of the network; left out, every region's exports.
        destination: a region of the network; left out, exports to every region.
    Raises:
        ScenarioError: the network has no such good.
    """
    ground = Ground(network)
    regions = np.arange(len(network.regions))
    by = regions if origin is None else ground.regions([origin])
    to = regions if destination is None else ground.regions([destination])
    links = ground.links(by=by, to=to, goods=ground.goods([good]))
    at = (network.origin if origin is None else network.destination)[links]
    flow_t = _MONTHS * network.base_flow_t[links]
    tonnes, stated = (
        np.bincount(at, counted, len(regions)) for counted in (flow_t, flow_t * network.link_observed[links])
    )
    told_t = np.bincount(at, _stated_tonnes(network, links), len(regions))
    total = float(tonnes.sum())
    order = sorted(regions.tolist(), key=lambda region: (-tonnes[region], network.regions[region]))
    return tuple(
        BaseTrade(
            region=network.regions[r],
            exports_t_per_year=float(tonnes[r]),
            share_of_exports=float(tonnes[r]) / total,
            stated_share=float(stated[r] / tonnes[r]),
            stated_t_per_year=float(told_t[r]),
        )
        for r in order
        if tonnes[r] > 0
    )


def _stated_tonnes(network: Network, links: Integers) -> NDArray[np.float64]:
    """What rows state of links, 0 where none does; a stated flow that balancing left alone is no change [t/year]."""
    moved_from = {
        (change.good, change.region, change.partner): change.reported_t_per_year
        for change in network.changes
        if change.kind == "trade"
    }
    words = (
        (network.goods[network.good[i]], network.regions[network.origin[i]], network.regions[network.destination[i]])
        for i in links
    )
    left_alone = _MONTHS * network.base_flow_t[links] * network.link_observed[links]
    return np.array([moved_from.get(word, as_is) for word, as_is in zip(words, left_alone.tolist(), strict=True)])


def home_deliveries_t(network: Network, good: str, region: str) -> float:
    """What the makers of a region, or of each in a bloc, deliver of a good at home in the base year [t/year]."""
    ground = Ground(network)
    at_home = np.isin(network.origin, ground.regions([region])) & (network.origin == network.destination)
    here = np.isin(network.good, ground.goods([good])) & at_home
    return _MONTHS * float(network.base_flow_t[here].sum())


def _actors(measure: Measure, ground: Ground) -> list[str]:
    return [ground.network.regions[region] for region in ground.regions(getattr(measure, "by", ())).tolist()]


def _base(measure: Measure, region: str, ground: Ground) -> QuotaBase:
    to = tuple(getattr(measure, "to", ()))
    links = ground.links(by=ground.regions([region]), to=ground.regions(to), goods=ground.goods(measure.goods))
    weights = {good: float(getattr(measure, "weights", {}).get(good, 1.0)) for good in measure.goods}
    counted = np.array([weights.get(good, 1.0) for good in ground.network.goods])
    base_t = _MONTHS * float(counted[ground.network.good[links]] @ ground.network.base_flow_t[links])
    numbers = measure.draw(lambda key: 0.5)
    share = numbers.get("share_of_base")
    quantity_t = numbers["quantity_t_per_year"] if share is None else share * base_t
    return QuotaBase(measure.place, measure.kind, region, to, tuple(measure.goods), quantity_t, base_t)
