"""GDP effect: what disruptions of a material cost a region in a year, each loss times its chance."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.data.fields import STATUSES
from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Evidence, Readings, absences

Floats = NDArray[np.float64]
ABOUT: Final = About(
    name="gdp_effect",
    title="Probability-weighted effect on output",
    question="What do disruptions of the material cost the region in a year, on average?",
    formula="E = - sum over scenarios of p_s x loss_s",
    unit="musd/year",
    equation="12.14",
    worse="lower",
    needs=("studies",),
    source="U.S. Geological Survey (2025), Open-File Report 2025-1047",
)


def gdp_effect(probability_per_year: Floats, loss_musd: Floats) -> Floats:
    """Expected change of value added in a year; below 0: a loss [musd/year].

    Equation (12.14) of docs/theory/indicators.md.

    Args:
        probability_per_year: chance that each scenario begins in a year, (..., scenario).
        loss_musd: value added that each scenario costs, (..., scenario).
    """
    return np.asarray(-np.sum(probability_per_year * loss_musd, axis=-1))


def measure(ground: Ground) -> Readings:
    """One line for each region and material that a study gives losses for."""
    studies = ground.studies
    keys = sorted({key for study in studies for key in study.loss_musd if _is_asked(ground, key[1])})
    chance = np.array([study.probability_per_year for study in studies])
    loss = np.array([[study.loss_musd.get(key, 0.0) for study in studies] for key in keys])
    loss = loss.reshape(len(keys), len(studies))
    value = gdp_effect(chance, loss)
    names = "; ".join(f"study {study.study}" for study in studies)
    nothing = np.full(len(keys), "", dtype=object)
    return Readings(
        about=ABOUT,
        keys={
            "material": np.array([material for _, material in keys], dtype=object),
            "stage": nothing,
            "good": nothing,
            "region": np.array([region for region, _ in keys], dtype=object),
            "year": np.full(len(keys), max((study.base_year for study in studies), default=0)),
        },
        value=value,
        absent=absences(len(keys)),
        evidence=(
            Evidence(
                np.full(len(keys), names, dtype=object),
                np.full(len(keys), STATUSES.index("assumed")),
                lambda line: ground.rows("gdp").iloc[0:0],
            ),
        ),
        components={"scenarios": np.full(len(keys), len(studies))},
        told=lambda line: (
            "E = -("
            + " + ".join(f"{p:g} × {amount:,.1f} ({s.study})" for p, amount, s in zip(chance, loss[line], studies))
            + f") = {value[line]:,.2f}"
        ),
    )


def _is_asked(ground: Ground, material: str) -> bool:
    return ground.materials is None or material in ground.materials
