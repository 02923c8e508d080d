"""Imbalance: how far a month's tables are from adding up, good by good and region by region."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.study.labels import MonthRows

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class NodeTerms:
    """What enters each good's region less what leaves it, and the sum of absolute terms, without stocks [t]."""

    regions: int
    gap: Floats
    size: Floats

    def worst(self, stocks: MonthRows) -> float:
        """Largest gap over the sum of absolute terms, once the month's opening and closing stocks are counted."""
        gap, size = self.gap.copy(), self.size.copy()
        place = stocks["good"] * self.regions + stocks["region"]
        gap[place] += stocks["opening_t"] - stocks["quantity_t"]
        size[place] += np.abs(stocks["opening_t"]) + np.abs(stocks["quantity_t"])
        full = size > 0.0
        return float(np.max(np.abs(gap[full]) / size[full], initial=0.0))


def node_terms(tables: Mapping[str, MonthRows], *, goods: int, regions: int) -> NodeTerms:
    """The terms of every good and region of a month.

    Args:
        tables: the month's `production`, `flows` and `use` as index arrays and tonnes.
        goods: number of goods.
        regions: number of regions.
    """
    production, flows, use = tables["production"], tables["flows"], tables["use"]
    abroad = np.where(flows["origin"] != flows["destination"], flows["quantity_t"], 0.0)
    entries = [
        (production["good"] * regions + production["region"], production["quantity_t"]),
        (flows["good"] * regions + flows["destination"], abroad),
        (flows["good"] * regions + flows["origin"], -abroad),
        (use["good"] * regions + use["region"], -use["quantity_t"]),
    ]
    place, tonnes = (np.concatenate(column) for column in zip(*entries, strict=True))
    gap, size = (
        np.bincount(place, weights, minlength=goods * regions).astype(np.float64) for weights in (tonnes, abs(tonnes))
    )
    return NodeTerms(regions, gap, size)
