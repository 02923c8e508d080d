"""Rules: what no row states but a rule derives, moved by a ratio: values in use, and value added scaled by GDP."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from derisk.network import Network
from derisk.network.record import Floats
from derisk.network.values import REFERENCE_COUNTRY
from derisk.scenario import Realisation
from derisk.sensitivity.central import Central
from derisk.sensitivity.parameter import NO_RANGE_NOTE, NO_RANGE_SHARE, Parameter
from derisk.sensitivity.rows import laid_on, revalued
from derisk.sensitivity.words import row_words
from derisk.vocabulary.regions import COUNTRIES

VALUE_IN_USE = "value_in_use_ratio"
SCALED_VALUE_ADDED = "scaled_value_added_ratio"


def rule_parameters(central: Central) -> Iterator[Parameter]:
    """One for each good with end uses, then one for each sector with value added scaled by GDP."""
    yield from _values_in_use(central)
    yield from _scaled_value_added(central)


def _values_in_use(central: Central) -> Iterator[Parameter]:
    network, figures = central.network, central.ground.figures
    for at, good in enumerate(network.goods):
        rows = network.served & (network.use_good == at)
        if rows.any():
            behind = [row.row_id for row in figures.rows["dependence_share"] if row.good == good]

            def moved(ratio: float, rows: Floats = rows) -> Network:
                worth = network.value_in_use_usd_per_t * np.where(rows, ratio, 1.0)
                return replace(network, value_in_use_usd_per_t=worth)

            yield _parameter(central, VALUE_IN_USE, moved, good=good, row_ids=behind)


def _scaled_value_added(central: Central) -> Iterator[Parameter]:
    network, figures = central.network, central.ground.figures
    scaled = network.value_added_musd - stated_value_added(central)
    for at, use in enumerate(network.uses):
        part = np.where(np.arange(len(network.uses)) == at, scaled, 0.0)
        if (part > 1e-9 * network.value_added_musd).any():
            reference = figures.row("value_added", region=REFERENCE_COUNTRY, use=use)
            behind = [] if reference is None else [reference.row_id]

            def moved(ratio: float, part: Floats = part) -> Network:
                return revalued(replace(network, value_added_musd=network.value_added_musd + (ratio - 1.0) * part))

            yield _parameter(central, SCALED_VALUE_ADDED, moved, use=use, row_ids=behind)


def stated_value_added(central: Central) -> Floats:
    """Value added that countries' own rows state, (region, use) [million USD a year]; the rest is scaled by GDP."""
    network, region_map = central.network, central.ground.region_map
    stated = np.zeros_like(network.value_added_musd)
    for row, value in central.ground.figures.each("value_added"):
        if row.region in COUNTRIES and row.use in network.uses:
            stated[region_map.index(row.region), network.uses.index(row.use)] += value
    return stated


def _parameter(
    central: Central,
    kind: str,
    moved: Callable[[float], Network],
    *,
    row_ids: Sequence[str],
    good: str = "",
    use: str = "",
) -> Parameter:
    def at(ratio: float) -> Realisation:
        return laid_on(central, moved(ratio))

    return Parameter(
        words=row_words(kind, good=good, use=use, region=""),
        kind=kind,
        good=good,
        use=use,
        region="",
        base=1.0,
        low=1.0 - NO_RANGE_SHARE,
        high=1.0 + NO_RANGE_SHARE,
        status="derived",
        row_ids=tuple(row_ids),
        note=NO_RANGE_NOTE,
        held=at,
        anew=at,
    )
