"""European economic importance: how much value added leans on a good, by the Commission's method."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.ground import ANY_YEAR, Ground, newest_of_each
from derisk.indicators.grouped import Grouped, group_rows
from derisk.indicators.readings import Readings, absences, key_columns
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import EUROPEAN_UNION, WORLD
from derisk.vocabulary.uses import USES

Floats = NDArray[np.float64]
SCALE_TOP: Final = 10.0
"""Importance of a material used by the largest sector alone, where nothing can replace it."""
_PLACE_OF_USE: Final = {use: place for place, use in enumerate(USES)}
ABOUT: Final = About(
    name="eu_economic_importance",
    title="Economic importance",
    question="How much value added of the region leans on the good?",
    formula="EI = (10 / max_s Q_s) x sum over sectors of A_s Q_s x SI",
    unit="none",
    equation="12.8",
    worse="higher",
    needs=("end_use_share", "value_added", "substitution_index_importance"),
    source="European Commission (2017), Methodology for establishing the EU list of critical raw materials",
)


def economic_importance(
    use_share: Floats,
    value_added_musd: Floats,
    substitution_index: Floats | float,
    *,
    largest_value_added_musd: Floats | float | None = None,
) -> Floats:
    """Economic importance, 0 to 10; from 2.8 on a material is critical where its supply risk is 1 or more [none].

    Equation (12.8) of docs/theory/indicators.md.

    Args:
        use_share: share of the material's use in each sector, (..., sector).
        value_added_musd: value added of each sector, in any one currency, (..., sector).
        substitution_index: SI_EI, 1 where nothing can replace the material, (...).
        largest_value_added_musd: value added of the largest sector; of those given if left out.
    """
    top = np.max(value_added_musd, axis=-1) if largest_value_added_musd is None else largest_value_added_musd
    leaning = np.sum(use_share * value_added_musd, axis=-1)
    return np.asarray(SCALE_TOP * leaning / top * substitution_index)


def measure(ground: Ground) -> Readings:
    """The Commission's formula on the dataset's sectors, for every region whose value added it holds.

    End-use shares are the region's own, else the world's, else the Union's, the newest. The scale is that of the
    region's largest sector: values compare materials within a region, not with the Commission's own.
    """
    uses, added = newest_of_each(ground.rows("end_use_share"), ("good", "region")), ground.economy("value_added")
    regions = sorted(set(zip(added["region"], added["year"].tolist())))
    split_of = {pair: place for place, pair in enumerate(sorted(set(zip(uses["good"], uses["region"]))))}
    value_of = {pair: place for place, pair in enumerate(regions)}
    use_rows = group_rows(uses, np.array([split_of[pair] for pair in zip(uses["good"], uses["region"])]), len(split_of))
    stated = zip(added["region"], added["year"].tolist())
    added_rows = group_rows(added, np.array([value_of[pair] for pair in stated]), len(value_of))
    lines = [
        (GOODS[good].material, GOODS[good].stage, good, region, year)
        for good in sorted({good for good, _ in split_of})
        for region, year in regions
        if _split(split_of, good, region) >= 0
    ]
    keys = key_columns(lines)
    splits = np.array([_split(split_of, good, region) for _, _, good, region, _ in lines], dtype=np.int64)
    places = zip(keys["region"].tolist(), keys["year"].tolist())
    values = np.array([value_of[pair] for pair in places], dtype=np.int64)
    share, value_added = _by_sector(use_rows)[splits], _by_sector(added_rows)[values]
    last = np.full(len(lines), ANY_YEAR)
    index = ground.newest(ground.rows("substitution_index_importance"), keys["good"], keys["material"], last)
    value = economic_importance(share, value_added, index.value) if lines else np.zeros(0)
    return Readings(
        about=ABOUT,
        keys=keys,
        value=value,
        absent=absences(len(lines), (np.isnan(index.value), "no substitution index")),
        evidence=(use_rows.evidence(splits), added_rows.evidence(values), index.evidence),
        components={"substitution_index": index.value, "largest_sector_musd": value_added.max(axis=1, initial=0.0)},
        told=lambda line: _tell(share[line], value_added[line], index.value[line], value[line]),
    )


def _split(split_of: dict[tuple[str, str], int], good: str, region: str) -> int:
    return next((split_of[good, where] for where in (region, WORLD, EUROPEAN_UNION) if (good, where) in split_of), -1)


def _by_sector(rows: Grouped) -> Floats:
    """Values of each group by sector; 0 where there is no row."""
    sectors = np.zeros((len(rows.source), len(USES)))
    group = np.repeat(np.arange(len(rows.source)), np.diff(rows.starts))
    sectors[group, [_PLACE_OF_USE[use] for use in rows.frame["use"]]] = rows.frame["value"].to_numpy(dtype=np.float64)
    return sectors


def _tell(share: Floats, value_added: Floats, index: float, value: float) -> str:
    terms = " + ".join(f"{a:.3f} × {q:,.0f} ({use})" for a, q, use in zip(share, value_added, USES) if a > 0.0)
    return f"EI = 10 / {value_added.max():,.0f} × ({terms}) × {index:.2f} = {value:.3f}"
