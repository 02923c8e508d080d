"""Comparison: the answers of finished studies side by side, over the draws that all of them have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd

from derisk.errors import InputError, Problem
from derisk.losses import spread
from derisk.study.study import Study, draws_converged
from derisk.vocabulary.uses import PSEUDO_USES

MONEY: Final = ("value_added_lost_musd", "forgone_value_musd", "price_transfer_musd")
_RISEN: Final = 1.005
"""A price below this multiple of its base in every study is not listed."""

Spread = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """What one study does to a good at one place; None where the scenario does not reach the good."""

    peak_price_ratio: Spread
    """Highest month of the delivered price over the base year's."""
    peak_month: str
    """The month of the highest median."""
    short_share: float
    """Share of what users want over all months that is missing, median."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One study of a comparison."""

    study: str
    scenario: str
    money_musd: Mapping[str, Spread]
    """Spread of each word of `MONEY`, summed over months, in the region or the world."""
    change_musd: Spread | None
    """Value added at risk less that of the first study, draw by draw; None of the first, or without shared draws."""
    effects: Mapping[tuple[str, str], Effect]
    """By good and region of the buyers."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Studies side by side."""

    studies: tuple[Compared, ...]
    places: tuple[tuple[str, str], ...]
    """Goods and regions whose price rises in any study, the highest first."""
    draws: int
    """Draws that all studies share, or 0."""
    apart: str
    """Why the studies share no draws, '' where they do: then each is told over draws of its own."""


def compare_studies(studies: Sequence[Study], *, region: str | None = None) -> Comparison:
    """Answers of studies side by side.

    A draw of one seed meets the same chances in every scenario, so studies of one seed, dataset, base year and span
    are compared draw by draw.

    Args:
        studies: finished studies; the first is the one the others are held against.
        region: a region of the studies: its losses, prices and shortages alone; the world's if left out.

    Raises:
        InputError: no study, or one without a draw that reached equilibrium.
    """
    if not studies:
        raise InputError(
            Problem("no study to compare", "the studies", "finished study folders", "derisk run makes one")
        )
    converged = [draws_converged(study.status) for study in studies]
    for study, draws in zip(studies, converged, strict=True):
        if not draws:
            what, hint = f"no draw of '{study.folder}' reached equilibrium", "leave it out"
            raise InputError(Problem(what, str(study.folder), "a study with an answer", hint))
    apart = _apart(studies)
    shared = sorted(set.intersection(*map(set, converged)))
    apart = apart or ("" if shared else "no draw reached equilibrium in all of them")
    counted = converged if apart else [shared] * len(studies)
    places = _places(studies, region)
    first = _money(studies[0], counted[0], region)
    return Comparison(
        tuple(
            _compared(study, draws, region=region, places=places, first=None if apart or study is studies[0] else first)
            for study, draws in zip(studies, counted, strict=True)
        ),
        places,
        0 if apart else len(shared),
        apart,
    )


def _apart(studies: Sequence[Study]) -> str:
    """What keeps studies from being compared draw by draw; '' where nothing does."""
    for name in ("seed", "base_year", "dataset_hash", "derisk_version"):
        if len({study.manifest[name] for study in studies}) > 1:
            return f"their {name.replace('_', ' ')} differs"
    spans = {(study.summary["start"], study.summary["months"]) for study in studies}
    return "they look at different months" if len(spans) > 1 else ""


def _money(study: Study, draws: Sequence[int], region: str | None) -> pd.DataFrame:
    """Money of each draw over all months, (draw, word of `MONEY`); 0 in a draw without a loss."""
    only = None if region is None else {"region": [region]}
    sums = study.sums("losses", by=["draw"], columns=list(MONEY), draws=draws, only=only)
    return sums.set_index("draw")[list(MONEY)].reindex(list(draws), fill_value=0.0)


def _compared(
    study: Study,
    draws: Sequence[int],
    *,
    region: str | None,
    places: Sequence[tuple[str, str]],
    first: pd.DataFrame | None,
) -> Compared:
    money = _money(study, draws, region)
    change = None if first is None else (money - first)["value_added_lost_musd"]
    return Compared(
        str(study.folder),
        str(study.summary["scenario"]),
        {name: spread(money[name]) for name in MONEY},
        None if change is None else spread(change),
        {place: effect for place in places if (effect := _effect(study, draws, *place)) is not None},
    )


def _places(studies: Sequence[Study], region: str | None) -> tuple[tuple[str, str], ...]:
    """Of each good the region asked for, or the one where dearer tonnes cost most; the highest price first."""
    rows = [row for study in studies for row in study.summary["peak_price_ratio"] if row["p50"] >= _RISEN]
    rows = [row for row in rows if region in (None, row["region"])]
    rows.sort(key=lambda row: -(row["p50"] - 1.0) * row["base_quantity_t"])
    place: dict[str, str] = {}
    highest: dict[str, float] = {}
    for row in rows:
        place.setdefault(row["good"], row["region"])
        if row["region"] == place[row["good"]]:
            highest[row["good"]] = max(row["p50"], highest.get(row["good"], 0.0))
    return tuple((good, place[good]) for good in sorted(place, key=lambda good: (-highest[good], good)))


def _effect(study: Study, draws: Sequence[int], good: str, region: str) -> Effect | None:
    prices = study.prices
    chosen = prices[(prices["good"] == good) & (prices["region"] == region) & prices["draw"].isin(draws)]
    if chosen.empty or chosen["delivered_price_ratio"].isna().all():
        return None
    grid = chosen.pivot_table(index="draw", columns="month", values="delivered_price_ratio", observed=True)
    tonnes = study.sums(
        "use",
        by=["draw"],
        columns=["base_quantity_t", "shortfall_t"],
        draws=draws,
        only={"good": [good], "region": [region]},
        without={"use": PSEUDO_USES},
    )
    wanted = tonnes[tonnes["base_quantity_t"] > 0.0]
    short = (wanted["shortfall_t"] / wanted["base_quantity_t"]).median() if len(wanted) else 0.0
    return Effect(spread(grid.max(axis=1)), str(grid.median(axis=0).idxmax()), float(short))
