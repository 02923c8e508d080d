"""Central: the central case of an episode solved in memory, with any values of the global parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from derisk.backtest.cases import Case
from derisk.backtest.estimates import ModelError
from derisk.backtest.given import Volume
from derisk.backtest.run import FROM_TEXT, GIVEN_VOLUME, forecasts_of, lag_between, prepare
from derisk.backtest.scores import Forecast
from derisk.data import Dataset
from derisk.network import Network, build_network
from derisk.path import SlowRows, load_parameters, months_of, read_slow_rows
from derisk.scenario import Realisation, Scenario, realise
from derisk.study.readiness import ready_dataset
from derisk.study.tables import tables_of_draw


@dataclass(frozen=True, slots=True)
class Episode:
    """A case in a mode, ready to be solved again and again."""

    case: Case
    mode: str
    scenario: Scenario
    network: Network
    realisation: Realisation
    rows: SlowRows

    def forecasts(self, parameters: Mapping[str, float]) -> list[Forecast]:
        """The central case's forecasts; none are predicted where a month has no equilibrium.

        Args:
            parameters: global parameters by name; those not named keep their value in the table.
        """
        months = months_of(self.realisation, self.rows, parameters=load_parameters(given=parameters))
        tables = _Tables(tables_of_draw(0, self.realisation, months))
        lag_months = lag_between(self.network)
        found = forecasts_of(self.case, tables, mode=self.mode, lag_months=lag_months, model_error=ModelError(0.0, 0.0))
        return [forecast for forecast, _ in found]


def episodes(cases: Sequence[Case], volumes: Iterable[Volume], dataset: Dataset) -> tuple[Episode, ...]:
    """Every case in the two modes; those given volumes only where prices were observed."""
    known = tuple(volumes)
    found = []
    for case in cases:
        priced = not all(row.reading.of_tonnes for row in case.observations)
        for mode in (FROM_TEXT, GIVEN_VOLUME) if priced else (FROM_TEXT,):
            scenario = prepare(case, known, mode=mode, beyond=0)
            assumed = ready_dataset(scenario, dataset)
            network = build_network(assumed, base_year=scenario.base_year)
            rows = read_slow_rows(assumed, network, months=scenario.months)
            found.append(Episode(case, mode, scenario, network, realise(scenario, network), rows))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Tables:
    """Frames of one draw as a metric reads them."""

    frames: Mapping[str, pd.DataFrame]

    @property
    def prices(self) -> pd.DataFrame:
        return self.frames["prices"]

    @property
    def flows(self) -> pd.DataFrame:
        return self.frames["flows"]

    @property
    def status(self) -> pd.DataFrame:
        return self.frames["status"]
