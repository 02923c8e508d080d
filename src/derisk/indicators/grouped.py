"""Grouped rows: the dataset's rows sorted by the line they stand behind, with each group's sources and worst status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from derisk.data.fields import STATUSES
from derisk.indicators.readings import NO_STATUS, Evidence, join_sources

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Grouped:
    """Rows in groups, counted from 0."""

    frame: pd.DataFrame
    """Rows, sorted by group."""
    starts: np.ndarray
    """First row of each group, and the end of the last, (group + 1,)."""
    source: np.ndarray
    """Ids joined by `; `, (group,)."""
    status: np.ndarray
    """Place in STATUSES of the worst status of a row with a number, -1 in a group without, (group,)."""

    def rows(self, group: int) -> pd.DataFrame:
        """Rows of one group; none for a group below 0."""
        return self.frame.iloc[0:0] if group < 0 else self.frame.iloc[self.starts[group] : self.starts[group + 1]]

    def evidence(self, groups: np.ndarray) -> Evidence:
        """Evidence for lines that rest on one group each; -1 where a line rests on none."""
        if not len(self.source):
            return Evidence(np.full(len(groups), "", dtype=object), np.full(len(groups), NO_STATUS), self.rows)
        return Evidence(
            np.where(groups < 0, "", self.source[groups]),
            np.where(groups < 0, NO_STATUS, self.status[groups]),
            lambda line: self.rows(int(groups[line])),
        )


def group_rows(frame: pd.DataFrame, group: np.ndarray, groups: int) -> Grouped:
    """Rows in groups.

    Args:
        frame: rows of the dataset, with `source` and `status`.
        group: group of each row, (row,).
        groups: how many groups there are, empty ones counted.
    """
    group = np.asarray(group, dtype=np.int64)
    order = np.argsort(group, kind="stable")
    counts = np.bincount(group, minlength=groups)
    starts = np.concatenate([[0], np.cumsum(counts)])
    status = np.full(groups, NO_STATUS, dtype=np.int64)
    rank = {word: place if word != "withheld" else NO_STATUS for place, word in enumerate(STATUSES)}
    np.maximum.at(status, group, np.array([rank[word] for word in frame["status"]], dtype=np.int64))
    return Grouped(frame.iloc[order], starts, _sources_of(frame["source"].to_numpy(), group, groups), status)


def _sources_of(source: np.ndarray, group: np.ndarray, groups: int) -> np.ndarray:
    """Ids of each group's sources, joined; groups mostly have one or two."""
    if not len(source):
        return np.full(groups, "", dtype=object)
    filled, group = np.unique(group, return_inverse=True)
    names, code = np.unique(source.astype(str), return_inverse=True)
    pairs = np.unique(group * len(names) + code)
    at, name = pairs // len(names), pairs % len(names)
    rank = np.arange(len(pairs)) - np.searchsorted(at, at)
    columns = []
    for place in range(int(rank.max()) + 1):
        column = np.full(len(filled), "", dtype=object)
        column[at[rank == place]] = names[name[rank == place]]
        columns.append(column)
    joined = np.full(groups, "", dtype=object)
    joined[filled] = join_sources(columns, len(filled))
    return joined
