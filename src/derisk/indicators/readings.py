"""Readings: one indicator over many goods, regions and years, column by column, with the rows each value rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from derisk.data.fields import STATUSES
from derisk.indicators.about import About

if TYPE_CHECKING:
    import pandas as pd

Words = np.ndarray
"""Texts, one for each line, of dtype object."""
NO_STATUS: Final = -1
_KEYS: Final = ("material", "stage", "good", "region", "year")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Rows that stand behind each line of some readings: their sources and status at hand, themselves on demand."""

    source: Words
    """Ids joined by `; `, nothing where a line needs no such row, (line,)."""
    status: np.ndarray
    """Place of the worst status in STATUSES, -1 where a line needs no such row, (line,)."""
    rows: Callable[[int], pd.DataFrame]
    """Rows of one line."""

    def at(self, lines: np.ndarray) -> Evidence:
        """The same for some of the lines, (line,)."""
        return Evidence(self.source[lines], self.status[lines], lambda line: self.rows(int(lines[line])))


@dataclass(frozen=True, slots=True)
class Readings:
    """Values of one indicator; a value that cannot be made is NaN, and `absent` says what is missing."""

    about: About
    keys: Mapping[str, np.ndarray]
    """`material`, `stage`, `good`, `region` and `year`, (line,) each."""
    value: np.ndarray
    absent: Words
    evidence: tuple[Evidence, ...] = ()
    components: Mapping[str, np.ndarray] = field(default_factory=dict)
    told: Callable[[int], str] = lambda line: ""
    """The formula of one line with its numbers put in."""

    @property
    def size(self) -> int:
        """How many lines there are."""
        return len(self.value)

    def at(self, lines: np.ndarray) -> Readings:
        """The same for some of the lines."""
        lines = np.flatnonzero(lines) if lines.dtype == bool else lines
        return replace(
            self,
            keys={name: column[lines] for name, column in self.keys.items()},
            value=self.value[lines],
            absent=self.absent[lines],
            evidence=tuple(part.at(lines) for part in self.evidence),
            components={name: column[lines] for name, column in self.components.items()},
            told=lambda line: self.told(int(lines[line])),
        )

    def sources(self) -> Words:
        """Ids of the sources behind each line, joined by `; `, (line,)."""
        return join_sources([part.source for part in self.evidence], self.size)

    def worst_status(self) -> np.ndarray:
        """Place in STATUSES of the worst status among the rows behind each line, -1 without rows, (line,)."""
        return np.max([np.full(self.size, NO_STATUS), *(part.status for part in self.evidence)], axis=0)

    def statuses(self) -> Words:
        """The same as a word; nothing where a line has no value, (line,)."""
        words = np.array([*STATUSES, ""], dtype=object)
        return np.where(np.isnan(self.value), "", words[self.worst_status()])

    def lines(self) -> list[dict[str, Any]]:
        """Each line as plain values, for JSON."""
        columns = {name: self.keys[name].tolist() for name in _KEYS}
        source, status, absent = self.sources().tolist(), self.statuses().tolist(), self.absent.tolist()
        components = {name: _plain(column) for name, column in self.components.items()}
        values = _plain(self.value)
        return [
            {
                "indicator": self.about.name,
                **{name: column[i] for name, column in columns.items()},
                "value": values[i],
                "unit": self.about.unit,
                "source": source[i],
                "status": status[i],
                "absent": absent[i],
                "components": {name: column[i] for name, column in components.items()},
            }
            for i in range(self.size)
        ]

    def rows(self, line: int) -> pd.DataFrame:
        """Every row of the dataset that one line rests on."""
        import pandas as pd

        frames = [part.rows(line) for part in self.evidence]
        frames = [frame for frame in frames if len(frame)]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def key_columns(keys: Sequence[tuple[str, str, str, str, int]]) -> dict[str, np.ndarray]:
    """Keys of lines (material, stage, good, region, year) as columns."""
    columns = {name: np.array([key[place] for key in keys], dtype=object) for place, name in enumerate(_KEYS)}
    return {**columns, "year": columns["year"].astype(np.int64)}


def join_readings(parts: Sequence[Readings]) -> Readings:
    """Several ways of measuring one indicator as one; of lines with the same key the first that has a value stands."""
    if len(parts) == 1:
        return parts[0]
    sizes = [part.size for part in parts]
    part_of = np.repeat(np.arange(len(parts)), sizes)
    line_of = np.concatenate([np.arange(size) for size in sizes])
    joined = Readings(
        about=parts[0].about,
        keys={name: np.concatenate([part.keys[name] for part in parts]) for name in _KEYS},
        value=np.concatenate([part.value for part in parts]),
        absent=np.concatenate([part.absent for part in parts]),
        evidence=(
            Evidence(
                np.concatenate([part.sources() for part in parts]),
                np.concatenate([part.worst_status() for part in parts]),
                lambda line: parts[part_of[line]].rows(int(line_of[line])),
            ),
        ),
        components={
            name: _column(parts, name) for name in sorted({name for part in parts for name in part.components})
        },
        told=lambda line: parts[part_of[line]].told(int(line_of[line])),
    )
    best: dict[tuple[Any, ...], int] = {}
    for line, key in enumerate(zip(*(joined.keys[name].tolist() for name in _KEYS))):
        if key not in best or (np.isnan(joined.value[best[key]]) and not np.isnan(joined.value[line])):
            best[key] = line
    return joined.at(np.array(sorted(best.values()), dtype=np.int64))


def _column(parts: Sequence[Readings], name: str) -> np.ndarray:
    """A component of several parts, absent where a part lacks it."""
    kinds = [part.components[name].dtype.kind for part in parts if name in part.components]
    nothing = "" if "O" in kinds else np.nan
    return np.concatenate([part.components.get(name, np.full(part.size, nothing)) for part in parts])


def join_sources(columns: Sequence[Words], size: int) -> Words:
    """Ids of several columns joined line by line, each once and sorted."""
    code = np.zeros(size, dtype=np.int64)
    words: list[np.ndarray] = []
    for column in columns:
        known, at = np.unique(column.astype(str), return_inverse=True)
        words.append(known)
        code = code * len(known) + at
    combinations, first, at = np.unique(code, return_index=True, return_inverse=True)
    joined = np.empty(len(combinations), dtype=object)
    for place, line in enumerate(first):
        ids = {word for column in columns for word in str(column[line]).split("; ") if word}
        joined[place] = "; ".join(sorted(ids))
    return joined[at]


def absences(size: int, *reasons: tuple[np.ndarray, Words | str]) -> Words:
    """The first reason that holds for each line, nothing where none does."""
    told = np.full(size, "", dtype=object)
    for holds, reason in reversed(reasons):
        told = np.where(holds, reason, told)
    return told


def _plain(column: np.ndarray) -> list[Any]:
    if column.dtype.kind != "f":
        return list(column.tolist())
    return [None if number != number else number for number in column.tolist()]
