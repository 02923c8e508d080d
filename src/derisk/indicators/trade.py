"""Trade: what each country takes from each other of each good in each year, as arrays over shipments and traders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.indicators.grouped import Grouped, group_rows
from derisk.indicators.supply import PLACE_OF_REGION, REGIONS, yearly
from derisk.vocabulary.regions import EUROPEAN_UNION, bloc_members

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data import Dataset

TRADERS: Final[tuple[str, ...]] = (*REGIONS, EUROPEAN_UNION)
"""Importers and exporters: every country, and the European Union as one."""
UNION: Final = len(REGIONS)
IS_MEMBER: Final = np.isin(np.array(REGIONS), bloc_members("eu27"))
"""Whether each country is a member of the European Union, (region,)."""


@dataclass(frozen=True, slots=True)
class Side:
    """Shipments as one side sees them: each under its country, and under the Union where it crosses its border."""

    section: np.ndarray
    """Section of the supply, (entry,)."""
    trader: np.ndarray
    """Place in TRADERS of who takes or ships, (entry,)."""
    other: np.ndarray
    """Place in REGIONS of the country at the other end, (entry,)."""
    quantity: np.ndarray
    """Tonnes in the good's basis, or gross weight, (entry,)."""
    grouped: Grouped
    """Rows by section and trader: group section x traders + trader."""
    sections: int

    @property
    def cell(self) -> np.ndarray:
        """Section and trader as one number, (entry,)."""
        return self.section * len(TRADERS) + self.trader

    def total(self, amount: np.ndarray | None = None) -> np.ndarray:
        """Quantities, or other amounts, summed, (section, trader)."""
        amounts = self.quantity if amount is None else amount
        return np.bincount(self.cell, amounts, minlength=self.sections * len(TRADERS)).reshape(-1, len(TRADERS))

    def others(self, cell: int) -> np.ndarray:
        """Entries of one section and trader, largest first."""
        entries = np.flatnonzero(self.cell == cell)
        return entries[np.argsort(-self.quantity[entries], kind="stable")]


@dataclass(frozen=True, slots=True)
class Trade:
    """Shipments of goods that have a supply section of the same good, hence of the same stage, and year."""

    imports: Side
    exports: Side
    in_basis: np.ndarray
    """Whether the section's shipments are in the good's basis, (section,)."""
    known: np.ndarray
    """Whether the section has any shipment, (section,)."""
    elsewhere: pd.DataFrame
    """Who imports which good in which year where its output is not known: `material stage good partner year`."""


def read_trade(dataset: Dataset, places: Mapping[tuple[str, int], int], materials: Sequence[str] | None) -> Trade:
    """Shipments of every section: in the good's basis where those are known, else by gross weight.

    Args:
        places: section of each good and year.
    """
    frame = yearly(dataset.observations(field=("trade", "trade_gross"), material=materials))
    between = frame["region"].isin(REGIONS) & frame["partner"].isin(REGIONS) & (frame["region"] != frame["partner"])
    frame = frame[between.to_numpy(dtype=bool) & (frame["value"] > 0.0).to_numpy(dtype=bool)]
    section = np.array([places.get(key, -1) for key in zip(frame["good"], frame["year"].tolist())], dtype=np.int64)
    sections = max(places.values(), default=-1) + 1
    is_basis = (frame["field"] == "trade").to_numpy(dtype=bool)
    in_basis = np.zeros(sections + 1, dtype=bool)
    in_basis[section[is_basis & (section >= 0)]] = True
    elsewhere = frame[section < 0][["material", "stage", "good", "partner", "year"]].drop_duplicates()
    kept = (section >= 0) & (is_basis | ~in_basis[section])
    frame, section = frame[kept], section[kept]
    known = np.bincount(section, minlength=sections) > 0
    return Trade(
        _side(frame, section, sections, trader="partner", other="region"),
        _side(frame, section, sections, trader="region", other="partner"),
        in_basis[:sections],
        known,
        elsewhere[(elsewhere["good"] != "").to_numpy(dtype=bool)],
    )


def _side(frame: pd.DataFrame, section: np.ndarray, sections: int, *, trader: str, other: str) -> Side:
    here = np.array([PLACE_OF_REGION[word] for word in frame[trader]], dtype=np.int64)
    there = np.array([PLACE_OF_REGION[word] for word in frame[other]], dtype=np.int64)
    across = np.flatnonzero(IS_MEMBER[here] & ~IS_MEMBER[there])
    row = np.concatenate([np.arange(len(frame)), across])
    place = np.concatenate([here, np.full(len(across), UNION)])
    section = section[row]
    return Side(
        section=section,
        trader=place,
        other=there[row],
        quantity=frame["value"].to_numpy(dtype=np.float64)[row],
        grouped=group_rows(frame.iloc[row], section * len(TRADERS) + place, sections * len(TRADERS)),
        sections=sections,
    )


def union_listed(listed: np.ndarray) -> np.ndarray:
    """Whether countries, and all members of the Union behind them, are listed, (section, trader)."""
    return np.concatenate([listed, listed[:, IS_MEMBER].all(axis=1, keepdims=True)], axis=1)


def with_union(amount: np.ndarray) -> np.ndarray:
    """Amounts of countries with the Union's sum behind them, (section, trader)."""
    return np.concatenate([amount, amount[:, IS_MEMBER].sum(axis=1, keepdims=True)], axis=1)
