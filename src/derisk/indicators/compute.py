"""Compute: indicators of a dataset as readings, and as plain lines chosen by words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from derisk.errors import InputError, Problem
from derisk.indicators.catalogue import CATALOGUE, MEASURES, find_indicator
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Readings, join_readings
from derisk.vocabulary.goods import GOODS, MATERIALS, STAGES, members
from derisk.vocabulary.regions import BLOCS, COUNTRIES, SPECIAL_REGIONS, bloc_members
from derisk.vocabulary.spellings import unknown_id

if TYPE_CHECKING:
    from derisk.data import Dataset
    from derisk.indicators.study_losses import StudyLosses


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines are asked for; None for any.

    `material` holds the element groups of a family, `region` a country, a special region or a bloc. Without a year,
    the newest line with a value of each good and region stands, unless `every_year`.
    """

    indicator: str | None = None
    material: str | None = None
    stage: str | None = None
    good: str | None = None
    region: str | None = None
    year: int | None = None
    every_year: bool = False

    def __post_init__(self) -> None:
        known = {
            "indicator": tuple(CATALOGUE),
            "material": tuple(MATERIALS),
            "stage": STAGES,
            "good": tuple(GOODS),
            "region": (*COUNTRIES, *SPECIAL_REGIONS, *BLOCS),
        }
        problems = [
            unknown_id(name, getattr(self, name), words)
            for name, words in known.items()
            if getattr(self, name) is not None and getattr(self, name) not in words
        ]
        if self.year is not None and not 1900 <= self.year <= 2100:
            problems.append(Problem(f"year {self.year} is no year of the dataset", allowed="from 1900 to 2100"))
        if problems:
            raise InputError(*problems)

    def materials(self) -> tuple[str, ...] | None:
        """The material and its element groups."""
        return None if self.material is None else members(self.material)

    def regions(self) -> tuple[str, ...] | None:
        """The region, or the countries of the bloc."""
        if self.region is None:
            return None
        return bloc_members(self.region) if self.region in BLOCS else (self.region,)


def measure(ground: Ground, indicator: str) -> Readings:
    """One indicator over everything the ground holds.

    Raises:
        InputError: no such indicator.
    """
    find_indicator(indicator)
    return join_readings([way(ground) for way in MEASURES[indicator]])


def readings(ground: Ground, wanted: Wanted) -> list[Readings]:
    """Indicators asked for, each with the lines asked for."""
    names = tuple(CATALOGUE) if wanted.indicator is None else (wanted.indicator,)
    return [_select(measure(ground, name), wanted) for name in names]


def compute_indicators(
    dataset: Dataset, wanted: Wanted | None = None, *, studies: Sequence[StudyLosses] = ()
) -> list[dict[str, Any]]:
    """Lines {indicator, material, stage, good, region, year, value, unit, source, status, absent, components}.

    A line whose inputs are missing has value None and says in `absent` which; the others stand as they would.

    Args:
        dataset: the reference dataset, or a user's own.
        wanted: which lines; the newest of every indicator if left out.
        studies: losses of studies, for `gdp_effect` and `expected_loss_share`.
    """
    asked = wanted or Wanted()
    ground = Ground(dataset, materials=asked.materials(), studies=studies)
    return [line for found in readings(ground, asked) for line in found.lines()]


def _select(found: Readings, wanted: Wanted) -> Readings:
    keep = np.ones(found.size, dtype=bool)
    words: Iterable[tuple[str, tuple[str, ...] | None]] = (
        ("material", wanted.materials()),
        ("stage", None if wanted.stage is None else (wanted.stage,)),
        ("good", None if wanted.good is None else (wanted.good,)),
        ("region", wanted.regions()),
    )
    for name, allowed in words:
        if allowed is not None:
            keep &= np.isin(found.keys[name].astype(str), np.array(allowed))
    if wanted.year is not None:
        keep &= found.keys["year"] == wanted.year
    chosen = found.at(keep)
    return chosen if wanted.year is not None or wanted.every_year else chosen.at(_newest(chosen))


def _newest(found: Readings) -> np.ndarray:
    """Lines of the newest year with a value of each good and region, or of the newest year where none has one."""
    best: dict[tuple[str, ...], tuple[bool, int, int]] = {}
    stated = (~np.isnan(found.value)).tolist()
    columns = [found.keys[name].tolist() for name in ("material", "stage", "good", "region")]
    for line, (key, year) in enumerate(zip(zip(*columns), found.keys["year"].tolist())):
        best[key] = max(best.get(key, (False, -1, -1)), (stated[line], year, line))
    return np.array(sorted(line for _, _, line in best.values()), dtype=np.int64)
