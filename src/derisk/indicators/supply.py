"""Supply: what each country makes of each good in each year, as arrays, with what is not named and what is withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.data.fields import STATUSES
from derisk.indicators.grouped import Grouped, group_rows
from derisk.indicators.readings import NO_STATUS, Evidence, absences
from derisk.vocabulary.regions import COUNTRIES, OTHER_COUNTRIES, WORLD

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data import Dataset

REGIONS: Final[tuple[str, ...]] = tuple(sorted(COUNTRIES))
"""Axis `region` of every array of the room."""
PLACE_OF_REGION: Final[Mapping[str, int]] = {region: place for place, region in enumerate(REGIONS)}
ROUNDING_SHARE: Final = 0.05
"""A world total printed in two digits is up to this far from the sum; a smaller gap is no supplier."""
LEAST_NAMED_SHARE: Final = 0.8
"""Below this share of the world's output, the countries named do not tell how concentrated supply is."""
TONNES: Final = "t/year"
_KEY: Final = ("material", "stage", "good", "year", "unit")


@dataclass(frozen=True)
class Supply:
    """Sections: a good (or a material at a stage) in one year, made in countries."""

    keys: Mapping[str, np.ndarray]
    """`material`, `stage`, `good`, `year` and `unit` (t/year, or share where only shares are published), (section,)."""
    output_t: np.ndarray
    """Output of each country; NaN where withheld, 0 where not listed, (section, region)."""
    other_t: np.ndarray
    """Output of countries not named: the publisher's row, else the world's total less the countries, (section,)."""
    world_t: np.ndarray
    """The publisher's world total, NaN where none is printed, (section,)."""
    has_other: np.ndarray
    """Whether a row tells the output of other countries, (section,)."""
    listed: np.ndarray
    """Whether a row tells the country's output, if only that it is withheld, (section, region)."""
    grouped: Grouped

    @property
    def size(self) -> int:
        """Number of sections."""
        return len(self.other_t)

    @property
    def named_t(self) -> np.ndarray:
        """Output of all countries named, (section,)."""
        return np.nansum(self.output_t, axis=1)

    @property
    def named_share(self) -> np.ndarray:
        """Part of the world's output whose country is known, NaN where the world's is not, (section,)."""
        whole = np.where(self.has_other, self.named_t + self.other_t, np.fmax(self.world_t, self.named_t))
        whole = np.where(self.has_other | ~np.isnan(self.world_t), whole, np.nan)
        return np.divide(self.named_t, whole, out=np.full(self.size, np.nan), where=whole > 0.0)

    def absent(self) -> np.ndarray:
        """Why a section cannot tell how concentrated supply is; nothing where it can, (section,)."""
        named = self.named_share
        known = self.has_other | ~np.isnan(self.world_t)
        thin = np.array([f"the countries named make {100 * share:.0f} % of the world's output" for share in named])
        return absences(
            self.size,
            (~known, "no world total beside the countries"),
            (np.isnan(named) | (self.named_t <= 0.0), "no output above zero"),
            (named < LEAST_NAMED_SHARE, thin.astype(object)),
        )

    def evidence(self, sections: np.ndarray) -> Evidence:
        """Rows behind some sections, (line,)."""
        return self.grouped.evidence(sections)

    def bound_evidence(self, sections: np.ndarray, is_listed: np.ndarray) -> Evidence:
        """Status `bound` for lines whose region may make some of what stands under other countries.

        Args:
            is_listed: whether the line's region is listed in its section, (line,).
        """
        hidden = ~is_listed & (self.other_t[sections] > 0.0)
        status = np.where(hidden, STATUSES.index("bound"), NO_STATUS)
        return Evidence(np.full(len(sections), "", dtype=object), status, lambda line: self.grouped.rows(-1))

    @cached_property
    def _by_country(self) -> Grouped:
        """Rows by section and country, the world behind the countries."""
        section = np.repeat(np.arange(self.size), np.diff(self.grouped.starts))
        words = {**PLACE_OF_REGION, WORLD: len(REGIONS), OTHER_COUNTRIES: len(REGIONS) + 1}
        place = np.array([words[word] for word in self.grouped.frame["region"]], dtype=np.int64)
        return group_rows(self.grouped.frame, section * len(words) + place, self.size * len(words))

    def evidence_of(self, sections: np.ndarray, region: np.ndarray) -> Evidence:
        """Rows of one country's output, or of the world's, in each line's section; -1 for a section that is none.

        Args:
            region: code of each line's region; all rows of the section stand behind any other region.
        """
        words = {**PLACE_OF_REGION, WORLD: len(REGIONS)}
        place = np.array([words.get(word, -1) for word in region], dtype=np.int64)
        cell = np.where((sections >= 0) & (place >= 0), sections * (len(REGIONS) + 2) + place, -1)
        whole = np.where(place < 0, sections, -1)
        own, all_rows = self._by_country.evidence(cell), self.grouped.evidence(whole)
        return Evidence(
            np.where(place < 0, all_rows.source, own.source),
            np.where(place < 0, all_rows.status, own.status),
            lambda line: all_rows.rows(line) if place[line] < 0 else own.rows(line),
        )

    def withheld(self) -> np.ndarray:
        """Countries whose output is withheld, joined by `; `, (section,)."""
        return np.array(["; ".join(REGIONS[r] for r in np.flatnonzero(np.isnan(row))) for row in self.output_t], object)

    def at(self, sections: np.ndarray) -> Supply:
        """Some of the sections."""
        chosen = np.flatnonzero(sections) if sections.dtype == bool else sections
        row_group = np.repeat(np.arange(self.size), np.diff(self.grouped.starts))
        new_place = np.full(self.size, -1, dtype=np.int64)
        new_place[chosen] = np.arange(len(chosen))
        kept = new_place[row_group] >= 0
        grouped = group_rows(self.grouped.frame[kept], new_place[row_group][kept], len(chosen))
        keys = {name: column[chosen] for name, column in self.keys.items()}
        arrays = (self.output_t[chosen], self.other_t[chosen], self.world_t[chosen], self.has_other[chosen])
        return Supply(keys, *arrays, self.listed[chosen], grouped)

    def place_of(self) -> dict[tuple[str, int], int]:
        """Section of each good and year."""
        return {
            (good, year): place
            for place, (good, year) in enumerate(zip(self.keys["good"].tolist(), self.keys["year"].tolist()))
            if good
        }


def read_supply(dataset: Dataset, materials: Sequence[str] | None) -> Supply:
    """Sections of every good and year whose output, or whose shares of output, the dataset holds.

    Shares stand in where tonnes are not published, or name too few countries.
    """
    frame = yearly(dataset.observations(field=("production", "production_share"), material=materials))
    known = frame["region"].isin((*REGIONS, OTHER_COUNTRIES, WORLD)).to_numpy(dtype=bool)
    supply = _sections(frame[known])
    keys = list(zip(*(supply.keys[name].tolist() for name in _KEY[:-1])))
    tells = supply.absent() == ""
    in_tonnes = supply.keys["unit"] == TONNES
    told_in_tonnes = {key for key, tells_it, tonnes in zip(keys, tells, in_tonnes) if tells_it and tonnes}
    told_in_shares = {key for key, tells_it, tonnes in zip(keys, tells, in_tonnes) if tells_it and not tonnes}
    kept = [
        (key in told_in_tonnes or key not in told_in_shares) if tonnes else key not in told_in_tonnes and tells_it
        for key, tells_it, tonnes in zip(keys, tells, in_tonnes)
    ]
    return supply.at(np.array(kept, dtype=bool))


def yearly(frame: pd.DataFrame) -> pd.DataFrame:
    """Rows about whole years, with the year as a number."""
    years = frame["period"].astype(str)
    frame = frame[(years.str.len() == 4).to_numpy(dtype=bool)]
    return frame.assign(year=frame["period"].astype(int))


def _sections(frame: pd.DataFrame) -> Supply:
    groups = frame.groupby(list(_KEY), sort=True)
    section = groups.ngroup().to_numpy(dtype=np.int64)
    size = int(section.max()) + 1 if len(section) else 0
    keys = {name: np.empty(size, dtype=object if name != "year" else np.int64) for name in _KEY}
    for name, column in keys.items():
        column[section] = frame[name].to_numpy()
    region, value = frame["region"].to_numpy(), frame["value"].to_numpy(dtype=np.float64)
    place = np.array([PLACE_OF_REGION.get(word, -1) for word in region], dtype=np.int64)
    output = np.zeros((size, len(REGIONS)))
    named = place >= 0
    output[section[named], place[named]] = value[named]
    listed = np.zeros(output.shape, dtype=bool)
    listed[section[named], place[named]] = True
    world, other = np.full(size, np.nan), np.full(size, np.nan)
    world[section[region == WORLD]] = value[region == WORLD]
    other[section[region == OTHER_COUNTRIES]] = value[region == OTHER_COUNTRIES]
    world[(keys["unit"] == "share") & np.isnan(world)] = 1.0
    has_other = ~np.isnan(other)
    other_t, grouped = _other_t(output, other, world), group_rows(frame, section, size)
    return Supply(keys, output, other_t, world, has_other, listed, grouped)


def _other_t(output: np.ndarray, stated: np.ndarray, world: np.ndarray) -> np.ndarray:
    """The publisher's other countries, else what the world's total has beyond them, above its rounding."""
    gap = world - np.nansum(output, axis=1)
    hidden = np.where(gap > ROUNDING_SHARE * world, gap, 0.0)
    return np.where(np.isnan(stated), np.nan_to_num(hidden), stated)
