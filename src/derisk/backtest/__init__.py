"""Backtest: episodes of the past run through the program, and how far its answers lie from what was observed."""

from derisk.backtest.cases import Case, Observation, find_case, load_cases
from derisk.backtest.given import Volume, given_volume, load_volumes
from derisk.backtest.run import FROM_TEXT, GIVEN_VOLUME, MODES, CaseResult, run_backtest
from derisk.backtest.scores import Forecast, Scores, score

__all__ = [
    "FROM_TEXT",
    "GIVEN_VOLUME",
    "MODES",
    "Case",
    "CaseResult",
    "Forecast",
    "Observation",
    "Scores",
    "Volume",
    "find_case",
    "given_volume",
    "load_cases",
    "load_volumes",
    "run_backtest",
    "score",
]
