"""Gaps: how far a licence parts the price abroad from the price at home, good by good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from derisk.backtest.run import CaseResult
from derisk.study import draws_converged

LICENCE: Final = "export_licence"
WANTED: Final = 0.10
"""A licence should part the two prices by more than this share of the base price."""


@dataclass(frozen=True, slots=True)
class Gap:
    """The widest gap of a licensed good in the months of a case, the median over its draws."""

    case: str
    good: str
    month: str
    gap_ratio: float
    """Price abroad over price at home; 1 in the base year."""

    @property
    def reached(self) -> bool:
        """Whether the gap is as wide as wanted."""
        return self.gap_ratio > 1.0 + WANTED


def licence_gaps(results: Iterable[CaseResult]) -> list[Gap]:
    """The gaps of every good that a case licenses."""
    return [gap for result in results if result.study is not None for gap in _gaps(result)]


def _gaps(result: CaseResult) -> list[Gap]:
    licensed = {good for measure in result.scenario.measures if measure.kind == LICENCE for good in measure.goods}
    if result.study is None or not licensed:
        return []
    quotes = result.study.table("quotes")
    kept = quotes[quotes["draw"].isin(draws_converged(result.study.status)) & quotes["good"].isin(licensed)]
    ratio = kept["abroad_price_usd_per_t"] / kept["home_price_usd_per_t"]
    by = {"good": kept["good"].astype(str), "month": kept["month"].astype(str)}
    table = pd.DataFrame(by | {"ratio": ratio.replace(np.inf, np.nan)}).dropna()
    medians = table.groupby(["good", "month"], as_index=False)["ratio"].median()
    widest = medians.loc[medians.groupby("good")["ratio"].idxmax()]
    rows = zip(widest["good"], widest["month"], widest["ratio"], strict=True)
    return [Gap(result.case.name, str(good), str(month), float(ratio)) for good, month, ratio in rows]
