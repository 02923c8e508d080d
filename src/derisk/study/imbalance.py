"""Imbalance: how far a month's tables are from adding up, good by good and region by region."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from derisk.study.labels import MonthRows


def worst_imbalance(tables: Mapping[str, MonthRows], *, goods: int, regions: int) -> float:
    """Largest gap between what enters a good's region in a month and what leaves it, over the sum of absolute terms.

    Args:
        tables: the month's `production`, `flows`, `use` and `stocks` as index arrays and tonnes.
        goods: number of goods.
        regions: number of regions.
    """
    gap, size = np.zeros((goods, regions)), np.zeros((goods, regions))

    def enter(table: str, region: str, tonnes: np.ndarray) -> None:
        place = (tables[table]["good"], tables[table][region])
        np.add.at(gap, place, tonnes)
        np.add.at(size, place, np.abs(tonnes))

    flows = tables["flows"]
    abroad = np.where(flows["origin"] != flows["destination"], flows["quantity_t"], 0.0)
    enter("production", "region", tables["production"]["quantity_t"])
    enter("flows", "destination", abroad)
    enter("flows", "origin", -abroad)
    enter("use", "region", -tables["use"]["quantity_t"])
    enter("stocks", "region", tables["stocks"]["opening_t"])
    enter("stocks", "region", -tables["stocks"]["quantity_t"])
    full = size > 0.0
    return float(np.max(np.abs(gap[full]) / size[full], initial=0.0))
