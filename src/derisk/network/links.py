"""Links: prior flows between regions, from customs rows, from gravity, or latent."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from derisk.network.figures import Figures
from derisk.network.record import Flags, Floats
from derisk.network.regions import RegionMap
from derisk.network.rules import (
    errors_by_rule,
    latent_share,
    least_error,
    least_use_share,
    passed_on_most,
    relative_error,
)


@dataclass(frozen=True, slots=True)
class Trade:
    """Customs rows of one good, merged to regions; what stays inside a region is left out."""

    tonnes: Floats
    """(origin, destination) [t/year]."""
    error: Floats
    """(origin, destination) relative."""
    status: dict[tuple[int, int], str]
    """Status of the largest row behind each pair."""

    @property
    def stated(self) -> bool:
        """Whether the dataset has any row of trade in the good."""
        return bool(self.status)


@dataclass(frozen=True, slots=True)
class LinkSeeds:
    """Prior flows of one good over all pairs of regions."""

    tonnes: Floats
    """(origin, destination) [t/year]."""
    error: Floats
    """(origin, destination) relative."""
    observed: Flags
    """(origin, destination) true where customs rows state the flow."""


def collect_trade(figures: Figures, region_map: RegionMap) -> dict[str, Trade]:
    """Customs rows by good."""
    count = len(region_map.regions)
    trade: dict[str, Trade] = {}
    largest: dict[tuple[str, int, int], float] = {}
    for figure, value in figures.each("trade"):
        origin, destination = region_map.index(figure.region), region_map.index(figure.partner)
        if figure.value <= 0 or origin == destination:
            continue
        if figure.good not in trade:
            trade[figure.good] = Trade(np.zeros((count, count)), np.zeros((count, count)), {})
        rows = trade[figure.good]
        rows.tonnes[origin, destination] += value
        rows.error[origin, destination] += value * relative_error(figure, trade=True)
        if figure.value > largest.get((figure.good, origin, destination), 0.0):
            largest[figure.good, origin, destination] = figure.value
            rows.status[origin, destination] = figure.status
    for rows in trade.values():
        np.divide(rows.error, rows.tonnes, out=rows.error, where=rows.tonnes > 0)
    return trade


def no_trade(count: int) -> Trade:
    """A good without customs rows."""
    return Trade(np.zeros((count, count)), np.zeros((count, count)), {})


def seed_links(trade: Trade, *, supply: Floats, need: Floats, distance_km: Floats) -> LinkSeeds:
    """Prior flows of a good: stated or gravity trade, home deliveries, and latent links.

    Args:
        trade: customs rows.
        supply: output of each region [t/year], (region,).
        need: input and use of each region [t/year], (region,).
        distance_km: (region, region).
    """
    possible = (supply[:, None] > 0) & (need > 0)
    stated = np.where(possible, return_reexports(trade.tonnes, supply), 0.0)
    stated_error = np.where(trade.error > 0, trade.error, errors_by_rule["returned_trade"])
    home, unstated = explain_rest(stated, supply=supply, need=need, distance_km=distance_km)
    unstated = np.where(possible, unstated, 0.0)
    flows = stated + unstated
    latent = _latent_flows(possible & (flows == 0), supply, need, distance_km)
    mixed = stated * np.maximum(stated_error, least_error) + unstated * errors_by_rule["gravity_trade"]
    error = np.divide(mixed, flows, out=np.full_like(flows, errors_by_rule["latent_link"]), where=flows > 0)
    tonnes = flows + latent
    at_home = np.arange(len(supply))
    tonnes[at_home, at_home] = np.where(np.diag(possible), home, 0.0)
    error[at_home, at_home] = errors_by_rule["home_delivery"]
    return LinkSeeds(tonnes=tonnes, error=error, observed=possible & (trade.tonnes > 0))


def return_reexports(flows: Floats, supply: Floats) -> Floats:
    """Trade by origin of output: exports beyond a region's own output go back to its suppliers.

    Equation (5.7) of docs/theory/network.md. A region that exports more than it makes passes on part
    of what it imports; each such tonne is booked from the maker to the last importer. Exports that
    neither output nor imports explain disappear.

    Args:
        flows: (origin, destination) [t/year], zero diagonal.
        supply: (region,) [t/year].
    """
    exported, imported = flows.sum(axis=1), flows.sum(axis=0)
    surplus = np.maximum(exported - supply, 0.0)
    passed_share = np.divide(surplus, imported, out=np.zeros_like(supply), where=imported > 0)
    passed_share = np.minimum(passed_share, passed_on_most)
    own_share = np.divide(exported - surplus, exported, out=np.zeros_like(supply), where=exported > 0)
    split = np.divide(flows, exported[:, None], out=np.zeros_like(flows), where=exported[:, None] > 0)
    own = own_share[:, None] * flows
    onward = passed_share[:, None] * split
    arrivals = np.linalg.solve((np.eye(len(supply)) - onward).T, own.T).T
    returned = arrivals * (1.0 - passed_share)
    np.fill_diagonal(returned, 0.0)
    return np.where(returned > 1e-12 * max(float(returned.max()), 1e-300), returned, 0.0)


def explain_rest(stated: Floats, *, supply: Floats, need: Floats, distance_km: Floats) -> tuple[Floats, Floats]:
    """Home deliveries, and the least further trade that supply and need require.

    Equation (5.8) of docs/theory/network.md. What a region makes and does not ship stays home up to what
    it needs and does not receive; surpluses then meet deficits as surplus x deficit / distance, rows and
    columns fitted. Without customs rows this is all trade, and needs are first scaled to world supply.

    Args:
        stated: flows that customs rows explain, (origin, destination) [t/year].
        supply: (region,) [t/year].
        need: (region,) [t/year].
        distance_km: (region, region).

    Returns:
        Home deliveries (region,) and further flows (origin, destination) [t/year].
    """
    scale = 1.0 if stated.any() else supply.sum() / need.sum()
    left, wanted = supply - stated.sum(axis=1), scale * need - stated.sum(axis=0)
    home = np.clip(np.minimum(left, wanted), 0.0, None)
    surplus, deficit = np.maximum(left - home, 0.0), np.maximum(wanted - home, 0.0)
    flows = np.zeros_like(distance_km)
    least = 1e-9 * float(supply.sum())  # below it a difference is rounding
    givers, takers = np.flatnonzero(surplus > least), np.flatnonzero(deficit > least)
    if len(givers) and len(takers):
        moved = min(float(surplus.sum()), float(deficit.sum()))
        rows = surplus[givers] * (moved / surplus.sum())
        columns = deficit[takers] * (moved / deficit.sum())
        flows[np.ix_(givers, takers)] = _fit(
            rows[:, None] * columns / distance_km[np.ix_(givers, takers)], rows, columns
        )
    least_home = least_use_share * np.minimum(supply, need)
    return np.maximum(home, least_home), flows


def _latent_flows(open_pairs: Flags, supply: Floats, need: Floats, distance_km: Floats) -> Floats:
    """Equation (5.9): a small share of world output over all pairs that could trade and do not."""
    pull = np.where(open_pairs, supply[:, None] * need / distance_km, 0.0)
    np.fill_diagonal(pull, 0.0)
    total = pull.sum()
    return pull * (latent_share * supply.sum() / total) if total > 0 else pull


def _fit(flows: Floats, rows: Floats, columns: Floats) -> Floats:
    """Positive flows scaled by row and by column until they sum to both margins."""
    for _ in range(50):
        flows = flows * (rows / flows.sum(axis=1))[:, None]
        sums = flows.sum(axis=0)
        flows = flows * (columns / sums)
        if np.abs(sums / columns - 1).max() < 1e-6:
            break
    return flows
