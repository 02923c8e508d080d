"""Uses: the prior tonnes that each sector of each region consumes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from derisk.errors import DatasetError, Problem
from derisk.network.activities import Activity
from derisk.network.figure import Figure
from derisk.network.figures import Figures
from derisk.network.links import Trade
from derisk.network.record import Flags, Floats
from derisk.network.regions import RegionMap
from derisk.network.rules import (
    errors_by_rule,
    least_customs_coverage_share,
    least_draw_ratio,
    least_end_use_share,
    least_use_share,
    relative_error,
)
from derisk.network.stock_building import stock_building_share, stored_shares
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import COUNTRIES, OTHER_COUNTRIES, WORLD
from derisk.vocabulary.uses import DISPOSAL, STOCK_BUILDING, USES


class UsePrior(NamedTuple):
    """What one sector of a region consumes of a good."""

    good: str
    region: int
    use: str
    tonnes: float
    """[t/year]."""
    error: float
    status: str


@dataclass(slots=True)
class RegionalUse:
    """End use of a good in each region, all sectors together."""

    tonnes: Floats
    error: Floats
    status: list[str]
    stated: Flags
    """(region,) whose use is a row of its own."""


def collect_uses(
    figures: Figures,
    region_map: RegionMap,
    activities: Iterable[Activity],
    *,
    supply: dict[str, Floats],
    process_need: dict[str, Floats],
    trade: dict[str, Trade],
) -> list[UsePrior]:
    """End uses of every good that has any, with what went into stocks, and the disposal of residues.

    Raises:
        DatasetError: a good without end-use shares that nothing takes, or whose users no row places.
    """
    uses: list[UsePrior] = []
    problems: list[Problem] = []
    for good in supply:
        if not GOODS[good].traded:
            uses += _disposal(good, supply[good], process_need[good])
        elif _has_end_use(figures, good):
            regional = _regional_use(figures, region_map, good, supply[good], process_need[good], trade.get(good))
            if regional is None:
                problems.append(Problem(what=f"no row places the users of {good}", where="demand_share or trade"))
            else:
                uses += _split(figures, region_map, good, regional)
    if problems:
        raise DatasetError(*problems)
    return uses


def _has_end_use(figures: Figures, good: str) -> bool:
    return any(figure.good == good and figure.value > 0 for figure in figures.rows["end_use_share"])


def spare_for_processes(figures: Figures, good: str, *, supply: Floats, need: Floats) -> float:
    """Tonnes of a good that processes may take together, so that its stated end use remains [t/year].

    Without end uses that is all; with a stated share outside magnets, the rest; else, since end use is
    then what processes leave, what they already take, up to all but a small share.
    """
    world = float(supply.sum())
    if not _has_end_use(figures, good):
        return world
    outside_magnets = figures.find("non_magnet_share", good=good)
    if outside_magnets is not None:
        return (1.0 - outside_magnets) * world
    return min(float(need.sum()), (1.0 - least_end_use_share) * world)


def _disposal(good: str, supply: Floats, need: Floats) -> list[UsePrior]:
    left = np.maximum(supply - need, least_use_share * supply)
    error = errors_by_rule["disposal"]
    return [UsePrior(good, int(at), DISPOSAL, float(left[at]), error, "derived") for at in np.flatnonzero(supply > 0)]


def _regional_use(
    figures: Figures, region_map: RegionMap, good: str, supply: Floats, need: Floats, trade: Trade | None
) -> RegionalUse | None:
    """End use by region: stated demand, else apparent use where customs see the trade, else shares of world use."""
    shares = _stated_shares(figures, region_map, good)
    if trade is not None and _customs_see(figures, good):
        regional = _apparent_use(supply, need, trade)
    elif shares is not None:
        world = _world_end_use(figures, good, supply, need)
        regional = replace(shares, tonnes=shares.tonnes / shares.tonnes.sum() * world)
        _leave_rest(regional, _stated_demand(figures, region_map, good), world)
    else:
        return None
    for at, figure, tonnes in _stated_demand(figures, region_map, good):
        regional.tonnes[at], regional.error[at], regional.status[at] = tonnes, relative_error(figure), figure.status
        regional.stated[at] = True
    return regional


def _leave_rest(regional: RegionalUse, stated: list[tuple[int, Figure, float]], world: float) -> None:
    """Regions without stated demand share what the others leave of world end use, equation (5.20)."""
    others = np.ones(len(regional.tonnes), dtype=np.bool_)
    others[[at for at, _, _ in stated]] = False
    shared = float(regional.tonnes[others].sum())
    if shared > 0.0:
        left = world - sum(tonnes for _, _, tonnes in stated)
        regional.tonnes[others] *= max(left / shared, least_end_use_share)


def _customs_see(figures: Figures, good: str) -> bool:
    """Whether customs rows hold enough of a good's trade to read its use from them."""
    covered = figures.central("customs_coverage_share", good=good)
    return covered is None or covered >= least_customs_coverage_share


def _world_end_use(figures: Figures, good: str, supply: Floats, need: Floats) -> float:
    world = float(supply.sum())
    outside_magnets = figures.find("non_magnet_share", good=good)
    if outside_magnets is not None:
        return outside_magnets * world
    return max(world - float(need.sum()), least_end_use_share * world)


def _stated_shares(figures: Figures, region_map: RegionMap, good: str) -> RegionalUse | None:
    """Shares of world use by region; the share of other countries goes by GDP to those without a row."""
    count = len(region_map.regions)
    shares = RegionalUse(np.zeros(count), np.zeros(count), [""] * count, np.zeros(count, dtype=np.bool_))
    rows = [row for row in figures.each("demand_share") if row[0].good == good and row[0].region != WORLD]
    rest = _gdp_beside(figures, region_map, {figure.region for figure, _ in rows})
    for figure, value in rows:
        share = np.zeros(count)
        if figure.region == OTHER_COUNTRIES and rest.any():
            share += rest / rest.sum()
        else:
            share[region_map.index(figure.region)] = 1.0
        share *= max(value, least_draw_ratio * figure.value)
        shares.tonnes += share
        shares.error += share * relative_error(figure)
        for at in np.flatnonzero(share):
            shares.status[at] = shares.status[at] or figure.status
    if not shares.tonnes.any():
        return None
    np.divide(shares.error, shares.tonnes, out=shares.error, where=shares.tonnes > 0)
    return shares


def _gdp_beside(figures: Figures, region_map: RegionMap, listed: set[str]) -> Floats:
    """GDP of each region's countries that are not listed [USD]."""
    total = np.zeros(len(region_map.regions))
    for row in figures.rows["gdp"]:
        if row.region in COUNTRIES and row.region not in listed:
            total[region_map.position[row.region]] += row.value
    return total


def _apparent_use(supply: Floats, need: Floats, trade: Trade) -> RegionalUse:
    """Output plus imports less exports and process input, at least a small share of what is available."""
    imported, exported = trade.tonnes.sum(axis=0), trade.tonnes.sum(axis=1)
    apparent = supply + imported - exported - need
    tonnes = np.maximum(apparent, least_use_share * (supply + imported))
    doubt = 0.05 * supply + errors_by_rule["reported_trade"] * (imported + exported) + 0.1 * need
    rule = errors_by_rule["apparent_use"]
    error = np.clip(np.divide(doubt, tonnes, out=np.full_like(doubt, rule), where=tonnes > 0), rule, 1.0)
    return RegionalUse(tonnes, error, ["derived"] * len(tonnes), np.zeros(len(tonnes), dtype=np.bool_))


def _stated_demand(figures: Figures, region_map: RegionMap, good: str) -> list[tuple[int, Figure, float]]:
    """Demand rows of countries that are regions of their own: the region's place, the row, and its tonnes."""
    return [
        (region_map.index(figure.region), figure, max(value, least_draw_ratio * figure.value))
        for figure, value in figures.each("demand")
        if figure.good == good
        and figure.use == ""
        and figure.value > 0
        and figure.region in COUNTRIES
        and figure.region in region_map.regions
    ]


def _split(figures: Figures, region_map: RegionMap, good: str, regional: RegionalUse) -> list[UsePrior]:
    world, elsewhere = _sector_shares(figures, good, ""), _sector_shares(figures, good, OTHER_COUNTRIES)
    listed = {figure.region for figure in figures.rows["end_use_share"] if figure.good == good}
    stored = stored_shares(stock_building_share(figures, good), regional.tonnes, regional.stated)
    rows: list[UsePrior] = []
    for at in np.flatnonzero(regional.tonnes > 0).tolist():
        region, tonnes = region_map.regions[at], float(regional.tonnes[at])
        error, status = float(regional.error[at]), regional.status[at]
        own = _sector_shares(figures, good, region) if region in listed else {}
        shares = own or elsewhere or world
        total = sum(shares.values())
        used = tonnes * (1.0 - float(stored[at]))
        rows += [UsePrior(good, at, use, used * share / total, error, status) for use, share in shares.items()]
        if stored[at] > 0.0:  # as doubtful as the use it is part of, so that balancing moves both alike
            rows.append(UsePrior(good, at, STOCK_BUILDING, tonnes * float(stored[at]), error, "derived"))
    return rows


def _sector_shares(figures: Figures, good: str, region: str) -> dict[str, float]:
    """Shares stated for just this place; `''` and WLD are everywhere."""
    places = (region,) if region else ("", WORLD)
    shares: dict[str, float] = {}
    for use in USES:
        for place in places:
            at = figures.position.get(("end_use_share", (good, place, "", use)))
            if at is not None and figures.rows["end_use_share"][at].value > 0:
                central = figures.rows["end_use_share"][at].value
                shares[use] = max(float(figures.values["end_use_share"][at]), least_draw_ratio * central)
                break
    return shares
