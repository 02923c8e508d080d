"""Values: reference prices, elasticities, value added and the value of a good in use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from derisk.errors import DatasetError, Problem
from derisk.network.figure import BORROWED
from derisk.network.figures import Figures
from derisk.network.record import Flags, Floats, Integers
from derisk.network.regions import RegionMap
from derisk.network.rules import (
    disposal_value_ratio,
    greatest_value_in_use_ratio,
    least_value_in_use_ratio,
    residue_price_share,
)
from derisk.network.uses import UsePrior
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.processes import PROCESSES, network_goods, recovered_from
from derisk.vocabulary.uses import DISPOSAL, PSEUDO_USES, STOCK_BUILDING, USES

REFERENCE_COUNTRY = "USA"
"""The country whose published value added stands, scaled by GDP, for those without rows."""


def collect_prices(figures: Figures) -> dict[str, float]:
    """Reference price of each good that something makes [USD per t of its basis].

    Raises:
        DatasetError: a traded good has no price row.
    """
    prices: dict[str, float] = {}
    problems: list[Problem] = []
    for good in _goods_made(figures):
        quote = figures.find("price", good=good)
        if quote is not None:
            prices[good] = quote * GOODS[good].price_mass_ratio
            continue
        metal = recovered_from(good)
        metal_quote = None if GOODS[good].traded else figures.find("price", good=metal)
        if metal_quote is None:
            problems.append(Problem(what=f"no row states a price of {good}", where="price, region WLD"))
        else:
            prices[good] = residue_price_share * metal_quote * GOODS[metal].price_mass_ratio
    if problems:
        raise DatasetError(*problems)
    return prices


def _goods_made(figures: Figures) -> list[str]:
    """Goods with output or input rows, joint products and residues included, in vocabulary order."""
    stated = {row.good for field in ("production", "residue_supply", "residue_share") for row in figures.rows[field]}
    stated |= {row.good for kind in PROCESSES.values() if kind.ratios for row in figures.rows[kind.ratios]}
    stated |= {good for good in network_goods() if figures.rows[f"input_{good}"]}
    return [good for good in network_goods() if good in stated]


def collect_trade_elasticities(figures: Figures, goods: Sequence[str]) -> Floats:
    """Elasticity of substitution among suppliers, (good,); residues, which do not travel, take 1.

    Raises:
        DatasetError: a traded good has no row.
    """
    found = [figures.find("trade_elasticity", good=good) if GOODS[good].traded else 1.0 for good in goods]
    missing = [good for good, value in zip(goods, found, strict=True) if value is None]
    if missing:
        raise DatasetError(*(Problem(what=f"no row states trade_elasticity of {good}") for good in missing))
    return np.array(found, dtype=np.float64)


def collect_stock_cover(figures: Figures, goods: Sequence[str], regions: Sequence[str]) -> Floats:
    """Months of use held, (good, region): the region's row, else the world's, else not a number."""
    cover = [[figures.find("stock_cover", good=good, region=region) for region in regions] for good in goods]
    return np.array([[np.nan if value is None else value for value in row] for row in cover], dtype=np.float64)


def collect_gdp(figures: Figures) -> dict[str, float]:
    """GDP by country [USD]."""
    return {figure.region: value for figure, value in figures.each("gdp")}


def collect_value_added(figures: Figures, region_map: RegionMap) -> tuple[Floats, Flags]:
    """Value added of each sector [million USD a year], and whether any of it is assumed, both (region, use).

    Assumed is what is scaled by GDP, and what rests on a country's assumed row. Disposal and stock building add none.

    Raises:
        DatasetError: the reference country lacks a sector, or a region its GDP.
    """
    gdp = collect_gdp(figures)
    members = {region: region_map.members(region) for region in region_map.regions}
    region_gdp = {region: sum(gdp.get(c, 0.0) for c in countries) for region, countries in members.items()}
    reference = {use: figures.find("value_added", region=REFERENCE_COUNTRY, use=use) for use in USES}
    problems = [
        Problem(what=f"no row states value_added of {use}", where=REFERENCE_COUNTRY)
        for use, value in reference.items()
        if value is None
    ]
    problems += [Problem(what=f"no row states gdp of {r}") for r, total in region_gdp.items() if total <= 0]
    if problems:
        raise DatasetError(*problems)
    per_gdp = {use: (value or 0.0) / region_gdp[REFERENCE_COUNTRY] for use, value in reference.items()}
    added = np.zeros((len(region_map.regions), len(USES) + len(PSEUDO_USES)))
    assumed = np.zeros(added.shape, dtype=np.bool_)
    listed = {figure.region for figure in figures.rows["value_added"]}
    for r, region in enumerate(region_map.regions):
        if listed.isdisjoint(members[region]):
            added[r, : len(USES)] = [per_gdp[use] * region_gdp[region] for use in USES]
            assumed[r, : len(USES)] = True
            continue
        for u, use in enumerate(USES):
            rows = {c: _stated_row(figures, c, use) for c in members[region]}
            stated = [row for row in rows.values() if row is not None]
            unstated_gdp = sum(gdp.get(c, 0.0) for c, row in rows.items() if row is None)
            added[r, u] = sum(value for _, value in stated) + per_gdp[use] * unstated_gdp
            assumed[r, u] = unstated_gdp > 0 or any(status in ("assumed", BORROWED) for status, _ in stated)
    return added, assumed


def _stated_row(figures: Figures, country: str, use: str) -> tuple[str, float] | None:
    """Status and value of a country's own row."""
    at = figures.position.get(("value_added", ("", country, "", use)))
    return None if at is None else (figures.rows["value_added"][at].status, float(figures.values["value_added"][at]))


def collect_dependence(figures: Figures, uses: Sequence[UsePrior]) -> Floats:
    """Share of a sector's product lines that stop without the good, (use_row,); disposal and stock building 0.

    Raises:
        DatasetError: a pair of good and use has no row.
    """
    return _by_use(figures, uses, "dependence_share", aside=0.0)


def collect_demand_elasticities(figures: Figures, uses: Sequence[UsePrior]) -> Floats:
    """Elasticity of use to its price, positive, (use_row,); disposal and stock building 1.

    Raises:
        DatasetError: a good has no row.
    """
    return _by_use(figures, uses, "demand_elasticity", aside=1.0)


def _by_use(figures: Figures, uses: Sequence[UsePrior], field: str, *, aside: float) -> Floats:
    found: dict[tuple[str, str], float | None] = {}
    for row in uses:
        about = (row.good, row.use)
        if about not in found:
            stated = figures.find(field, good=row.good, use=row.use)
            general = figures.find(field, good=row.good) if stated is None else stated
            found[about] = aside if row.use in PSEUDO_USES else general
    problems = [
        Problem(what=f"no row states {field} of {good}, {use}") for (good, use), value in found.items() if value is None
    ]
    if problems:
        raise DatasetError(*problems)
    return np.array([found[row.good, row.use] for row in uses], dtype=np.float64)


def value_in_use(
    value_added_musd: Floats,
    dependence_share: Floats,
    use_t_per_year: Floats,
    price: Floats,
    *,
    group: Integers,
    set_ratio: Floats,
) -> Floats:
    """Value a user puts on a tonne before it stops [USD/t], (use_row,).

    Equation (5.10) of docs/theory/network.md: value added that depends on the good, over its tonnes, both
    summed over the regions, kept between 3 and 1,000 times the price; disposal and stock building take tonnes
    up to a set multiple of it. It is the average product of the dependent tonnes: no row states what the first or the
    last is worth.

    Args:
        value_added_musd: of each row's sector and region [million USD a year], (use_row,).
        dependence_share: (use_row,).
        use_t_per_year: (use_row,).
        price: of each row's good [USD/t], (use_row,).
        group: one number for each good and sector, (use_row,).
        set_ratio: multiple of the price for rows that are no end use, not a number for the others, (use_row,).
    """
    _, of_row = np.unique(group, return_inverse=True)
    dependent_usd = np.bincount(of_row, value_added_musd * dependence_share * 1e6)
    dependent = (dependent_usd / np.bincount(of_row, use_t_per_year))[of_row]
    bounded = np.clip(dependent, least_value_in_use_ratio * price, greatest_value_in_use_ratio * price)
    return np.where(np.isnan(set_ratio), bounded, set_ratio * price)


def set_value_ratios(use_sector: Integers, uses: Sequence[str], *, stock_building_ratio: float) -> Floats:
    """Value in use over the base price where it is set, not a number for end uses, (use_row,).

    Args:
        use_sector: index into `uses`, (use_row,).
        uses: names.
        stock_building_ratio: of what is put into stocks; disposal's never varies.
    """
    ratios = {DISPOSAL: disposal_value_ratio, STOCK_BUILDING: stock_building_ratio}
    by_use = np.array([ratios.get(use, np.nan) for use in uses])
    return by_use[use_sector]


def price_list(prices: Mapping[str, float], goods: Sequence[str]) -> Floats:
    """Prices in network order, (good,)."""
    return np.array([prices[good] for good in goods])
