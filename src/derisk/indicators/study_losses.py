"""Study losses: what a study says is lost in its months, with the chance that its scenario begins in a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from derisk.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class StudyLosses:
    """Value added lost over a study's horizon, mean over its draws, by region and material."""

    study: str
    probability_per_year: float
    """Chance that the scenario begins in a year [0, 1]."""
    loss_musd: Mapping[tuple[str, str], float]
    """By (region, material), over the whole horizon."""
    base_year: int

    def __post_init__(self) -> None:
        if not 0.0 <= self.probability_per_year <= 1.0:
            raise InputError(
                Problem(f"probability {self.probability_per_year} of study '{self.study}'", allowed="from 0 to 1")
            )


def read_study_losses(
    study: str, losses: pd.DataFrame, *, draws: int, base_year: int, probability_per_year: float
) -> StudyLosses:
    """The losses of a study's table `losses`.

    Args:
        study: name of the study, as lines will cite it.
        losses: columns region, material, value_added_lost_musd; one row for each draw, month and use.
        draws: converged draws; rows of zeros may be left out, so the table does not tell.
    """
    lost = losses["value_added_lost_musd"].to_numpy(dtype=np.float64)
    found: dict[tuple[str, str], float] = {}
    for region, material, amount in zip(losses["region"].astype(str), losses["material"].astype(str), lost.tolist()):
        found[region, material] = found.get((region, material), 0.0) + amount
    share = 1.0 / max(draws, 1)
    return StudyLosses(study, probability_per_year, {key: share * loss for key, loss in found.items()}, base_year)
