"""Ground: what indicators are made from, read from a dataset once and shared, each part when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from derisk.indicators.governance import STABILITY, Governance, read_governance
from derisk.indicators.grouped import group_rows
from derisk.indicators.study_losses import StudyLosses
from derisk.indicators.supply import Supply, read_supply, yearly
from derisk.indicators.trade import Trade, read_trade

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data import Dataset

ANY_YEAR: Final = 9999
"""A last year that leaves none out."""


class Ground:
    """The dataset as arrays.

    Args:
        dataset: the reference dataset, or a user's own.
        materials: only these; None for all.
        studies: losses of studies, for the indicators that need them.
    """

    def __init__(
        self, dataset: Dataset, *, materials: Sequence[str] | None = None, studies: Sequence[StudyLosses] = ()
    ) -> None:
        self.dataset = dataset
        self.materials = None if materials is None else tuple(materials)
        self.studies = tuple(studies)

    @cached_property
    def supply(self) -> Supply:
        """Output by section: good, year and country."""
        return read_supply(self.dataset, self.materials)

    @cached_property
    def trade(self) -> Trade:
        """Shipments by section, importer and exporter."""
        return read_trade(self.dataset, self.supply.place_of(), self.materials)

    @cached_property
    def governance(self) -> Governance:
        """Mean of the six dimensions of governance."""
        return read_governance(self.dataset)

    @cached_property
    def stability(self) -> Governance:
        """Political stability alone."""
        return read_governance(self.dataset, (STABILITY,))

    def rows(self, *fields: str, **words: Any) -> pd.DataFrame:
        """Chosen rows about whole years of some fields, with the year as a number."""
        return yearly(self.dataset.observations(field=fields, material=self.materials, **words))

    def economy(self, *fields: str) -> pd.DataFrame:
        """Likewise rows about regions, whatever the material."""
        return yearly(self.dataset.observations(field=fields))

    def supply_keys(self, sections: np.ndarray, region: np.ndarray | str) -> dict[str, np.ndarray]:
        """Keys of lines about some sections in some regions."""
        keys = {name: self.supply.keys[name][sections] for name in ("material", "stage", "good", "year")}
        regions = np.full(len(sections), region, dtype=object) if isinstance(region, str) else region
        return {**keys, "region": regions}

    def newest(self, frame: pd.DataFrame, goods: np.ndarray, materials: np.ndarray, up_to: np.ndarray) -> Newest:
        """The newest row up to a year about each good, else about its material as a whole.

        Args:
            frame: rows of one field that good, material and year tell apart.
            goods: good of each line, (line,); likewise its material and the last year that counts.
        """
        by_key: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for row, (material, good, year) in enumerate(zip(frame["material"], frame["good"], frame["year"].tolist())):
            by_key.setdefault((material, good), []).append((year, row))
        chosen = np.full(len(goods), -1, dtype=np.int64)
        for line, (good, material, last) in enumerate(zip(goods, materials, up_to.tolist())):
            stated = by_key.get((material, good)) or by_key.get((material, "")) or []
            chosen[line] = max((entry for entry in stated if entry[0] <= last), default=(0, -1))[1]
        return Newest(frame, chosen)


class Newest:
    """One row for each line, or none."""

    def __init__(self, frame: pd.DataFrame, row: np.ndarray) -> None:
        values = np.append(frame["value"].to_numpy(dtype=np.float64), np.nan)
        self.value = values[row]
        self.evidence = group_rows(frame, np.arange(len(frame)), len(frame)).evidence(row)


def newest_of_each(frame: pd.DataFrame, words: Sequence[str]) -> pd.DataFrame:
    """Rows of the newest year of each combination of words."""
    newest = frame.groupby(list(words))["year"].transform("max")
    return frame[(frame["year"] == newest).to_numpy(dtype=bool)]
