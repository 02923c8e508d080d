"""A study of three months and two draws small enough to check by hand: one maker, two buyers, one good."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

MONTHS = ("2020-01", "2020-02", "2020-03")
BASE_T = {("CHN", "JPN"): 10.0, ("CHN", "USA"): 30.0, ("CHN", "CHN"): 60.0}
SHARE = {  # of base, by month
    ("CHN", "JPN"): (0.5, 0.0, 2.0),
    ("CHN", "USA"): (1.0, 1.0, 1.0),
    ("CHN", "CHN"): (1.0, 1.0, 1.0),
}
PRICE_RATIO = {"CHN": (1.0, 0.8, 1.0), "JPN": (2.0, 4.0, 3.0), "USA": (1.0, 1.0, 2.0)}
DRAWS = {0: 1.0, 1: 2.0}
"""Prices abroad of draw 1 are twice those of draw 0."""


@dataclass(frozen=True)
class TinyStudy:
    prices: pd.DataFrame
    flows: pd.DataFrame
    status: pd.DataFrame


def tiny_study(*, failed_draw: int | None = None) -> TinyStudy:
    """The study; a failed draw has a month without equilibrium."""
    flows = [
        (draw, month, "gallium", origin, destination, base * SHARE[origin, destination][step], base)
        for draw in DRAWS
        for step, month in enumerate(MONTHS)
        for (origin, destination), base in BASE_T.items()
    ]
    prices = [
        (draw, month, "gallium", region, ratios[step] * (DRAWS[draw] if region != "CHN" else 1.0))
        for draw in DRAWS
        for step, month in enumerate(MONTHS)
        for region, ratios in PRICE_RATIO.items()
    ]
    status = [(draw, month, draw != failed_draw or month != MONTHS[1]) for draw in DRAWS for month in MONTHS]
    flow_columns = ["draw", "month", "good", "origin", "destination", "quantity_t", "base_quantity_t"]
    return TinyStudy(
        prices=_words(pd.DataFrame(prices, columns=["draw", "month", "good", "region", "delivered_price_ratio"])),
        flows=_words(pd.DataFrame(flows, columns=flow_columns)),
        status=pd.DataFrame(status, columns=["draw", "month", "converged"]),
    )


def _words(frame: pd.DataFrame) -> pd.DataFrame:
    columns = [name for name in ("month", "good", "region", "origin", "destination") if name in frame]
    return frame.astype(dict.fromkeys(columns, "category"))
