"""Stock rows: opening and closing tonnes of a good in a region, users' stores and stockpiles together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from derisk.path import Month, purchases_t
from derisk.scenario import Realisation
from derisk.study.labels import MonthRows


def stock_rows(realisation: Realisation, months: Sequence[Month]) -> list[MonthRows]:
    """Rows of each month; one without equilibrium releases, buys and draws nothing.

    Args:
        realisation: its stockpiles, sellers and buyers.
        months: the solved months, with what users and traders hold.
    """
    shape = (len(realisation.network.goods), len(realisation.network.regions))
    held = np.zeros(shape)
    present = np.zeros(shape, dtype=np.bool_)
    for release in realisation.releases:
        held[release.good, release.region] += release.held_t
        present[release.good, release.region] = True
    for build in realisation.builds:
        present[build.good, build.region] = True
    for month in months:
        present[month.holdings.good, month.holdings.region] = True
    good, region = np.nonzero(present)
    rows: list[MonthRows] = []
    for month in months:
        opening, after = held.copy(), held.copy()
        if month.equilibrium.converged:
            for release in realisation.releases:
                after[release.good, release.region] -= month.equilibrium.production[release.process]
            for build, bought in zip(realisation.builds, purchases_t(realisation, month.equilibrium), strict=True):
                after[build.good, build.region] += bought
        held = after.copy()
        at = (month.holdings.good, month.holdings.region)
        np.add.at(opening, at, month.holdings.opening_t)
        np.add.at(after, at, month.holdings.closing_t)
        rows.append(
            {"good": good, "region": region, "opening_t": opening[good, region], "quantity_t": after[good, region]}
        )
    return rows
