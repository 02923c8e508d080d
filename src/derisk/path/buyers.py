"""Buyers: what the stockpiles that a scenario fills have bought, and what is left to buy."""

from __future__ import annotations

import numpy as np

from derisk.market import Equilibrium
from derisk.network.record import Floats
from derisk.scenario import Realisation


def purchases_t(realisation: Realisation, equilibrium: Equilibrium) -> Floats:
    """Tonnes that each of the scenario's buyers took in a month, (build,) [t]."""
    matrix = realisation.network.process_good_matrix
    bought = [
        -equilibrium.production[build.process] * matrix[build.process, build.good] for build in realisation.builds
    ]
    return np.array(bought, dtype=np.float64)


def room_ratio(realisation: Realisation, bought_t: Floats) -> Floats:
    """Capacity of buyers whose tonnes are nearly bought, over a month's purchase, (process,); 1 elsewhere.

    Args:
        realisation: gives buyers and what they may buy a month and in all.
        bought_t: (build,) what each has bought so far [t].
    """
    ratio = np.ones(len(realisation.process_names))
    for build, bought in zip(realisation.builds, bought_t.tolist(), strict=True):
        month_t = realisation.network.capacity_t[build.process]
        if month_t > 0.0:
            ratio[build.process] = min(1.0, max(0.0, build.held_t - bought) / month_t)
    return ratio
