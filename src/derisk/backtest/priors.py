"""Priors: what publications and judgement say of the global parameters before the cases are looked at."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_RANGE_SD: Final = 2.0 * 1.645
"""A range from low to high is taken as nine tenths of a normal distribution."""


@dataclass(frozen=True, slots=True)
class Prior:
    """One parameter that is estimated: its centre and range, on a scale on which it has no bounds."""

    name: str
    value: float
    low: float
    high: float
    scale: str
    """`log` for positive numbers, `logit` for shares below 1."""

    def place(self, value: float) -> float:
        """A value on the unbounded scale, in standard deviations from the centre."""
        return (self._unbounded(value) - self._unbounded(self.value)) / self._sd

    def value_at(self, place: float) -> float:
        """The value at so many standard deviations from the centre."""
        at = self._unbounded(self.value) + place * self._sd
        return math.exp(at) if self.scale == "log" else 1.0 / (1.0 + math.exp(-at))

    @property
    def _sd(self) -> float:
        return (self._unbounded(self.high) - self._unbounded(self.low)) / _RANGE_SD

    def _unbounded(self, value: float) -> float:
        return math.log(value) if self.scale == "log" else math.log(value / (1.0 - value))


def load_priors() -> tuple[Prior, ...]:
    """The parameters estimated, in the order of the table."""
    text = resources.files("derisk.backtest").joinpath("priors.csv").read_text(encoding="utf-8")
    return tuple(
        Prior(row["name"], float(row["value"]), float(row["low"]), float(row["high"]), row["scale"])
        for row in csv.DictReader(text.splitlines())
    )


def values_at(priors: Sequence[Prior], places: Floats) -> dict[str, float]:
    """Parameters by name at some place, in standard deviations from the priors' centres."""
    return {prior.name: prior.value_at(float(place)) for prior, place in zip(priors, places, strict=True)}


def places_of(priors: Sequence[Prior], values: Mapping[str, float]) -> Floats:
    """The place of parameters, in standard deviations from the priors' centres."""
    return np.array([prior.place(values[prior.name]) for prior in priors])
