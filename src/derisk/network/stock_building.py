"""Stock building: what a base year of glut made and put into stocks, told apart from what was used."""

from __future__ import annotations

import numpy as np

from derisk.distributions import triangular_quantile
from derisk.network.figures import Figures, Quantile
from derisk.network.record import Flags, Floats
from derisk.network.rules import (
    greatest_stock_building_share,
    least_stock_building_share,
    other_boundaries,
    stock_building_value_ratio,
)
from derisk.vocabulary.regions import WORLD


def stock_building_share(figures: Figures, good: str) -> float:
    """Part of the world's output of a good that one publication says nobody used in the base year.

    Equation (5.20a) of docs/theory/network.md, of central values, so that all draws share one shape. Nothing, 0, where
    the base year lacks one of the two rows, they are of two publications or known to count different things, or
    the part is within rounding or beyond what stocks take.
    """
    demand = figures.row("demand", good=good, region=WORLD)
    output = figures.row("production", good=good, region=WORLD)
    if demand is None or output is None or output.value <= 0.0:
        return 0.0
    if not demand.year == output.year == figures.base_year or demand.source != output.source:
        return 0.0
    if (good, demand.source) in other_boundaries:
        return 0.0
    share = 1.0 - demand.value / output.value
    return share if least_stock_building_share <= share <= greatest_stock_building_share else 0.0


def stored_shares(share: float, use_t: Floats, stated: Flags) -> Floats:
    """Part of each region's use that went into stocks, (region,): of those whose use no row states, all alike.

    Args:
        share: of the world's use, as `stock_building_share` gives it.
        use_t: (region,) use with what went into stocks [t/year].
        stated: (region,) regions whose use is a row of its own, which says what was used.
    """
    unstated_t = float(use_t[~stated].sum())
    if share <= 0.0 or unstated_t <= 0.0:
        return np.zeros(len(use_t))
    of_unstated = min(share * float(use_t.sum()) / unstated_t, greatest_stock_building_share)
    return np.where(stated, 0.0, of_unstated)


def draw_value_ratio(quantile: Quantile | None) -> float:
    """Price above which nobody builds stocks, over the base price: the mode, or drawn as triangular."""
    low, mode, high = stock_building_value_ratio
    return mode if quantile is None else triangular_quantile(quantile("stock_building_value_ratio"), low, mode, high)
