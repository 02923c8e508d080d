"""Reserve life: how many years reserves would last at the output of the year."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.grouped import group_rows
from derisk.indicators.readings import Readings, absences
from derisk.indicators.supply import REGIONS, TONNES
from derisk.vocabulary.regions import WORLD

Floats = NDArray[np.float64]
ABOUT: Final = About(
    name="reserve_life",
    title="Reserve life",
    question="For how many years would reserves last at this year's output?",
    formula="R/P = reserves / output of the year",
    unit="years",
    equation="12.12",
    worse="lower",
    needs=("reserves", "production"),
    source="U.S. Geological Survey (2026), Mineral Commodity Summaries, appendix C",
)


def reserve_life(reserves_t: Floats, production_t: Floats) -> Floats:
    """Years that reserves last at constant output [years].

    Equation (12.12) of docs/theory/indicators.md.

    Args:
        reserves_t: what can be won economically today, any shape [t].
        production_t: output of the year, in the same basis [t].

    Returns:
        Years; NaN where nothing is made.
    """
    made = np.asarray(production_t, dtype=np.float64)
    return np.divide(reserves_t, made, out=np.full(np.shape(made), np.nan), where=made > 0.0)


def measure(ground: Ground) -> Readings:
    """Reserve life of every country with reserves, and of the world; both numbers of one year."""
    supply = ground.supply
    rows = ground.rows("reserves")
    rows = rows[rows["region"].isin((*REGIONS, WORLD)).to_numpy(dtype=bool) & (rows["good"] != "").to_numpy(dtype=bool)]
    places = supply.place_of()
    section = np.array([places.get(key, -1) for key in zip(rows["good"], rows["year"].tolist())], dtype=np.int64)
    in_tonnes = (section >= 0) & (supply.keys["unit"][section] == TONNES) if supply.size else section >= 0
    reserves, region = rows["value"].to_numpy(dtype=np.float64), rows["region"].to_numpy()
    made = np.where(in_tonnes, _output(ground, section, region), np.nan)
    value = reserve_life(reserves, made)
    group = np.arange(len(rows))
    return Readings(
        about=ABOUT,
        keys={name: rows[name].to_numpy() for name in ("material", "stage", "good", "region", "year")},
        value=value,
        absent=absences(
            len(rows),
            (np.isnan(reserves), "reserves are withheld"),
            (~in_tonnes, "no output of the good in the year"),
            (np.isnan(made), "output is withheld, or has no world total"),
            (np.isnan(value), "no output of the region is listed"),
        ),
        evidence=(
            group_rows(rows, group, len(rows)).evidence(group),
            supply.evidence_of(np.where(in_tonnes, section, -1), region),
        ),
        components={"reserves_t": reserves, "production_t": made},
        told=lambda line: f"R/P = {reserves[line]:,.0f} / {made[line]:,.0f} = {value[line]:.1f} years",
    )


def _output(ground: Ground, section: np.ndarray, region: np.ndarray) -> Floats:
    """Output of each line's country, or of the world, NaN where unknown."""
    supply = ground.supply
    if not supply.size:
        return np.full(len(section), np.nan)
    place = np.array([REGIONS.index(word) if word != WORLD else -1 for word in region], dtype=np.int64)
    return np.where(place >= 0, supply.output_t[section, place], supply.world_t[section])
