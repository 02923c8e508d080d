"""Subject: what a study offers to its brief, and sums over its converged draws."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd

from derisk.losses import range_levels
from derisk.losses.order import by_size
from derisk.losses.tail import FEW_DRAWS
from derisk.study import draws_converged
from derisk.study.peaks import told_peak
from derisk.vocabulary.names import month_in_sentence
from derisk.vocabulary.uses import PSEUDO_USES

ONE_DRAW_WORDS = "the only draw, so without a range"
MEDIAN_RANGE = "median; whiskers over the range of the converged draws"


class Studied(Protocol):
    """A finished study: its folder, its summary and its tables."""

    @property
    def folder(self) -> Path: ...
    @property
    def manifest(self) -> dict[str, Any]: ...
    @property
    def summary(self) -> dict[str, Any]: ...
    @property
    def scenario_text(self) -> str: ...
    @property
    def prices(self) -> pd.DataFrame: ...
    @property
    def quotes(self) -> pd.DataFrame: ...
    @property
    def status(self) -> pd.DataFrame: ...
    @property
    def balance_changes(self) -> list[dict[str, Any]]: ...
    @property
    def without_remedies(self) -> Studied | None: ...
    def sums(
        self,
        name: str,
        *,
        by: Sequence[str],
        columns: Sequence[str],
        draws: Sequence[int],
        only: Mapping[str, Collection[str]] | None = None,
        without: Mapping[str, Collection[str]] | None = None,
    ) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of the draws and the ends of their range: 5 and 95 %, of few draws the lowest and the highest."""

    p05: float
    p50: float
    p95: float


def quantiles(draws: int) -> tuple[float, float, float]:
    """Low end, median and high end of a range over so many draws."""
    low, high = range_levels(draws)
    return low, 0.5, high


def most_draws(draws: int) -> str:
    """The draws that a range holds: `nine draws in ten`, or `all draws` where they are few."""
    return "nine draws in ten" if draws >= FEW_DRAWS else "all draws"


def end_words(key: str, draws: int) -> str:
    """What the end `p05` or `p95` of a range is: a quantile, of few draws the lowest or the highest."""
    if draws < FEW_DRAWS:
        return {"p05": "lowest", "p95": "highest"}[key]
    return f"{key[1:].lstrip('0')} % quantile"


def spread_of(values: np.ndarray[Any, Any]) -> Spread:
    """Spread of one outcome over draws; zeros where there is no draw."""
    if len(values) == 0:
        return Spread(0.0, 0.0, 0.0)
    low, middle, high = np.quantile(values, quantiles(len(values)))
    return Spread(float(low), float(middle), float(high))


def converged_draws(study: Studied) -> list[int]:
    """Draws of which every month converged, in order."""
    return draws_converged(study.status)


def failure_words(study: Studied) -> str:
    """Why draws reached no equilibrium: the most frequent reason of their first such month; empty where all did."""
    status = study.status
    failed = status[~status["converged"].astype(bool)] if len(status) else status
    if len(failed) == 0:
        return ""
    first = failed.sort_values(["draw", "month"]).groupby("draw", observed=True).first()
    clauses = first["reason"].astype(str).str.removeprefix("with stores: ").str.split("[:;]", regex=True).str[0]
    reason, number = clauses.mode().iloc[0].strip(), len(first)
    month = month_in_sentence(str(first.loc[clauses == clauses.mode().iloc[0], "month"].astype(str).min()))
    return f"{number} left out: {reason or 'the search for one stopped'}, first in {month}"


def middle_words(study: Studied) -> str:
    """What the bars and dots of a figure show, for its caption."""
    draws = len(converged_draws(study))
    return f"median of the converged draws, with a line over {most_draws(draws)}" if draws > 1 else ONE_DRAW_WORDS


def is_rationed(peak: Mapping[str, Any]) -> bool:
    """Whether users reach the value of the good to them in at least half of the draws."""
    return float(peak.get("rationed_share") or 0.0) >= 0.5


def price_peaks(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One price peak a good, where most tonnes are short and its price rises much; the highest comes first.

    Of a good rationed somewhere, only regions where it is rationed are looked at.
    """
    rows = [row for row in summary.get("peak_price_ratio") or [] if is_ratio(row.get("p50"))]
    shortfall = summary.get("shortfall") or []
    chosen = []
    for good in sorted({str(row["good"]) for row in rows}):
        own = [row for row in rows if row["good"] == good]
        own = [row for row in own if is_rationed(row)] or own
        peak = told_peak(own, [row for row in shortfall if row["good"] == good])
        chosen.append(peak)
    return sorted(chosen, key=lambda peak: by_size(peak["p50"], peak["good"]))


def is_ratio(value: Any) -> bool:
    """Whether a value is a finite number above nothing."""
    return isinstance(value, int | float) and math.isfinite(value) and value > 0


def of_draws(frame: pd.DataFrame, draws: Sequence[int]) -> pd.DataFrame:
    """Rows of the given draws."""
    wanted = frame["draw"].isin(list(draws))
    return frame if wanted.all() else frame[wanted]


def flow_sums(study: Studied) -> pd.DataFrame:
    """Tonnes and base tonnes by good, origin and destination, summed over months and converged draws."""
    keys, columns = ["good", "origin", "destination"], ["quantity_t", "base_quantity_t"]
    return study.sums("flows", by=keys, columns=columns, draws=converged_draws(study))


def draw_sums(
    sums: pd.DataFrame, *, keys: Sequence[str], column: str, draws: Sequence[int]
) -> dict[Any, np.ndarray[Any, Any]]:
    """For each key (a tuple of several), the column's sum in every draw; a draw without rows counts as zero.

    Args:
        sums: rows with the keys, `draw` and the column.
        keys: columns of words.
        column: what is added up.
        draws: draws in the order wanted.
    """
    if len(sums) == 0:
        return {}
    by_draw = sums.groupby([*keys, "draw"], observed=True, sort=True)[column].sum().unstack("draw")
    table = by_draw.reindex(columns=list(draws)).fillna(0.0)
    names = [key[0] if isinstance(key, tuple) and len(keys) == 1 else key for key in table.index]
    return dict(zip(names, table.to_numpy(dtype=float), strict=True))


def loss_sums(study: Studied, key: str) -> dict[str, np.ndarray[Any, Any]]:
    """Value added lost in every converged draw by the words of a column [million USD]."""
    draws, column = converged_draws(study), "value_added_lost_musd"
    return draw_sums(
        study.sums("losses", by=[key, "draw"], columns=[column], draws=draws), keys=(key,), column=column, draws=draws
    )


def end_use_sums(
    study: Studied, keys: Sequence[str], *, only: Mapping[str, Collection[str]] | None = None
) -> pd.DataFrame:
    """Tonnes used and short in end uses, not disposal or stock building, by the keys and converged draw.

    Args:
        study: gives the table `use`.
        keys: columns of words.
        only: by column, the words whose rows alone count.
    """
    return study.sums(
        "use",
        by=[*keys, "draw"],
        columns=["quantity_t", "shortfall_t"],
        draws=converged_draws(study),
        only=only,
        without={"use": PSEUDO_USES},
    )


def total_losses(study: Studied) -> np.ndarray[Any, Any]:
    """Value added lost in every converged draw [million USD], in order of draw."""
    draws, column = converged_draws(study), "value_added_lost_musd"
    sums = study.sums("losses", by=["draw"], columns=[column], draws=draws).set_index("draw")[column]
    return sums.reindex(draws).fillna(0.0).to_numpy(dtype=float)


def base_prices(study: Studied) -> dict[str, float]:
    """Base price of each good [USD/t]: the median of delivered price over its ratio to the base."""
    rows = study.prices[study.prices["delivered_price_ratio"] > 0.0]
    ratio = rows["delivered_price_usd_per_t"] / rows["delivered_price_ratio"]
    return {str(good): float(value) for good, value in ratio.groupby(rows["good"], observed=True).median().items()}


def hardest_hit(study: Studied) -> list[tuple[str, float]]:
    """Materials with their share of the value added lost in the mean draw, largest first."""
    sums = {material: float(np.sum(by_draw)) for material, by_draw in loss_sums(study, "material").items()}
    total = sum(sums.values())
    ranked = (
        sorted(((float(value) / total, str(name)) for name, value in sums.items()), key=lambda p: by_size(*p))
        if total > 0
        else []
    )
    return [(name, share) for share, name in ranked]
