"""By-product dependence: what part of a good is won only because something else is."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.grouped import group_rows
from derisk.indicators.readings import Readings, absences
from derisk.vocabulary.regions import WORLD

Floats = NDArray[np.float64]
ABOUT: Final = About(
    name="by_product_dependence",
    title="By-product dependence",
    question="What part of the good is won only because another metal is?",
    formula="B = sum over countries of b_c output_c / sum of output_c; b_c the share won as a by-product",
    unit="share",
    equation="12.13",
    worse="higher",
    needs=("by_product_share",),
    source="Nassar, Graedel and Harper (2015), Science Advances 1, e1400180",
)


def by_product_dependence(by_product_share: Floats, production_t: Floats) -> Floats:
    """Share of output won as a by-product, over countries or deposits [share].

    Equation (12.13) of docs/theory/indicators.md.

    Args:
        by_product_share: share of each one's output won as a by-product, (..., region).
        production_t: output of each, (..., region) [t].

    Returns:
        Share, (...); NaN where nothing is made.
    """
    made = np.sum(production_t, axis=-1, dtype=np.float64)
    won = np.sum(by_product_share * production_t, axis=-1)
    return np.divide(won, made, out=np.full(np.shape(made), np.nan), where=made > 0.0)


def measure(ground: Ground) -> Readings:
    """The dataset states the share for the world as a whole, so its output weighs nothing."""
    rows = ground.rows("by_product_share")
    stated = rows["value"].to_numpy(dtype=np.float64)
    value = by_product_dependence(stated[:, None], np.ones((len(rows), 1)))
    group = np.arange(len(rows))
    region = rows["region"].to_numpy()
    keys = {name: rows[name].to_numpy() for name in ("material", "stage", "good", "year")}
    return Readings(
        about=ABOUT,
        keys={**keys, "region": np.where(region == "", WORLD, region).astype(object)},
        value=value,
        absent=absences(len(rows), (np.isnan(value), "the share is withheld")),
        evidence=(group_rows(rows, group, len(rows)).evidence(group),),
        told=lambda line: f"B = {value[line]:.2f}, stated for the good as a whole",
    )
