"""Setting: what another process needs to know of a study to solve its draws, as plain data and back."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derisk.data import Dataset, load_dataset
from derisk.errors import InputError, Problem
from derisk.scenario import Scenario
from derisk.scenario.loading import scenario_from
from derisk.study.finish import scenario_hash


@dataclass(frozen=True, slots=True)
class Setting:
    """Everything that the numbers of a study depend on, and where they go."""

    scenario: Scenario
    """With its remedies."""
    dataset: Dataset
    """The reference dataset, without the scenario's own figures."""
    folder: Path
    """The study's folder."""
    seed: int
    """Of the draws."""

    def as_plain(self) -> dict[str, Any]:
        """The setting as JSON holds it; the dataset by its folder, and measures with the keys of their draws."""
        return {
            "scenario": self.scenario.resolved(),
            "scenario_hash": scenario_hash(self.scenario),
            "places": [measure.place for measure in self.scenario.measures],
            "dataset": str(self.dataset.folder.absolute()),
            "dataset_hash": self.dataset.hash,
            "folder": str(self.folder.absolute()),
            "seed": self.seed,
        }


def read_setting(plain: dict[str, Any]) -> Setting:
    """The setting that another process states.

    Raises:
        InputError: its scenario or its dataset is not one that plain data and a folder give.
    """
    stated = scenario_from(plain["scenario"])
    measures = tuple(measure.placed(place, None) for measure, place in zip(stated.measures, plain["places"]))
    scenario = stated.model_copy(update={"measures": measures})
    dataset = load_dataset(plain["dataset"])
    if (scenario_hash(scenario), dataset.hash) != (plain["scenario_hash"], plain["dataset_hash"]):
        raise InputError(
            Problem(
                "the scenario or the dataset is another than the run's",
                where=plain["dataset"],
                allowed="a scenario as files state it, a dataset as its folder holds it",
                hint="draws are then solved on threads",
            )
        )
    return Setting(scenario, dataset, Path(plain["folder"]), plain["seed"])
