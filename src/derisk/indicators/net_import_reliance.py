"""Net import reliance: what part of what a country uses of a good comes, net, from abroad."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.grouped import group_rows
from derisk.indicators.readings import Readings, absences
from derisk.indicators.supply import TONNES
from derisk.indicators.trade import TRADERS, union_listed, with_union

Floats = NDArray[np.float64]
ABOUT: Final = About(
    name="net_import_reliance",
    title="Net import reliance",
    question="What part of what the region uses of the good comes, net, from abroad?",
    formula="NIR = (imports - exports ± stocks) / (production + imports - exports ± stocks)",
    unit="share",
    equation="12.5",
    worse="higher",
    needs=("net_import_reliance", "production", "trade"),
    source="U.S. Geological Survey (2026), Mineral Commodity Summaries",
)


def net_import_reliance(
    import_t: Floats, export_t: Floats, production_t: Floats, stock_draw_t: Floats | float = 0.0
) -> Floats:
    """Net imports over apparent consumption; below 0 for a net exporter [share].

    Equation (12.5) of docs/theory/indicators.md.

    Args:
        import_t, export_t, production_t: tonnes of the good at one stage, in one basis, any one shape [t].
        stock_draw_t: tonnes taken from stocks; below 0 where stocks grew [t].

    Returns:
        Reliance; NaN where apparent consumption is not above zero.
    """
    net = np.asarray(import_t - export_t + stock_draw_t, dtype=np.float64)
    consumption = net + production_t
    return np.divide(net, consumption, out=np.full(np.shape(consumption), np.nan), where=consumption > 0.0)


def measure(ground: Ground) -> Readings:
    """From production and trade in one basis; a `bound` from above where the region may be among other countries."""
    supply, trade = ground.supply, ground.trade
    imports, exports, made = trade.imports.total(), trade.exports.total(), with_union(supply.output_t)
    usable = trade.known & trade.in_basis & (supply.keys["unit"] == TONNES)
    moved = (imports > 0.0) | (exports > 0.0) | (made > 0.0) | np.isnan(made)
    section, trader = np.nonzero(usable[:, None] & moved)
    flows = imports[section, trader], exports[section, trader], made[section, trader]
    whole = supply.absent()[section]
    value = np.where(whole == "", net_import_reliance(*flows), np.nan)
    cell, region = section * len(TRADERS) + trader, np.array(TRADERS, dtype=object)[trader]
    return Readings(
        about=ABOUT,
        keys=ground.supply_keys(section, region),
        value=value,
        absent=absences(
            len(section),
            (whole != "", whole),
            (np.isnan(flows[2]), "output of the region is withheld"),
            (np.isnan(value), "apparent consumption is not above zero"),
        ),
        evidence=(
            supply.evidence_of(section, region),
            trade.imports.grouped.evidence(cell),
            trade.exports.grouped.evidence(cell),
            supply.bound_evidence(section, union_listed(supply.listed)[section, trader]),
        ),
        components={"import_t": flows[0], "export_t": flows[1], "production_t": flows[2]},
        told=lambda line: _tell(flows[0][line], flows[1][line], flows[2][line], value[line]),
    )


def measure_published(ground: Ground) -> Readings:
    """What publishers print of their own regions, stocks counted."""
    rows = ground.rows("net_import_reliance")
    value = rows["value"].to_numpy(dtype=np.float64)
    keys = {name: rows[name].to_numpy() for name in ("material", "stage", "good", "region", "year")}
    return Readings(
        about=ABOUT,
        keys=keys,
        value=value,
        absent=np.where(np.isnan(value), "withheld by the publisher", "").astype(object),
        evidence=(group_rows(rows, np.arange(len(rows)), len(rows)).evidence(np.arange(len(rows))),),
        told=lambda line: f"NIR = {value[line]:.3f}, as published",
    )


def _tell(imports: float, exports: float, made: float, value: float) -> str:
    net = imports - exports
    return f"NIR = ({imports:,.0f} - {exports:,.0f}) / ({made:,.0f} + {net:,.0f}) = {value:.3f}"
