"""Indicators: one published measure of supply risk a file, from the dataset's rows, with what each value rests on."""

from derisk.indicators.catalogue import CATALOGUE, find_indicator, list_indicators, needs_study
from derisk.indicators.compute import Wanted, compute_indicators, measure, readings
from derisk.indicators.explanation import explain
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Readings
from derisk.indicators.study_losses import StudyLosses, read_study_losses

__all__ = [
    "CATALOGUE",
    "Ground",
    "Readings",
    "StudyLosses",
    "Wanted",
    "compute_indicators",
    "explain",
    "find_indicator",
    "list_indicators",
    "measure",
    "needs_study",
    "read_study_losses",
    "readings",
]
