"""Named others: output that a year leaves to unnamed countries, given to those that the years around it name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from derisk.network.borrowing import AS_IT_IS, About, about, moved
from derisk.network.figure import Figure
from derisk.network.rules import late_unnamed_share, naming_years, unexplained_share, unnamed_share
from derisk.network.world_output import WorldOutput
from derisk.vocabulary.regions import COUNTRIES, OTHER_COUNTRIES, WORLD


def name_others(
    chosen: Sequence[Figure],
    every: Sequence[Figure],
    base_year: int,
    world: WorldOutput,
    told: Mapping[About, Collection[int]],
) -> tuple[Figure, ...]:
    """Output of a base year with its unnamed countries named, as far as other years name them (equation 5.13a).

    Args:
        chosen: rows of output that stand for the base year.
        every: rows of output of all years.
        base_year: year of the network.
        world: world output, by which a row of another year is moved.
        told: years that tell who makes each good.
    """
    rows: dict[About, list[Figure]] = {}
    for figure in chosen:
        rows.setdefault(about(figure), []).append(figure)
    named: list[Figure] = []
    for subject, of_good in rows.items():
        of_good = _counted_once(of_good)
        others = next((figure for figure in of_good if figure.region == OTHER_COUNTRIES), None)
        made = sum(figure.value for figure in of_good if figure.region != WORLD)
        if others is None or not subject[1] or others.value <= unnamed_share * made:
            named += of_good
            continue
        own = (row for row in every if about(row) == subject)
        rows_of_good = [moved(row, _growth(row, base_year, world), base_year=base_year) for row in own]
        years = [year for year in told.get(subject, ()) if 0 < abs(year - others.year) <= naming_years]
        found = _makers(rows_of_good, others, years, known={figure.region for figure in of_good}, made=made)
        named += [figure for figure in of_good if figure is not others]
        named += _divided(others, found)
    return tuple(named)


def _counted_once(of_good: Sequence[Figure]) -> list[Figure]:
    """The rows, those whom another publisher names no longer among the unnamed, as far as the world's total says so."""
    others, whole = (next((row for row in of_good if row.region == word), None) for word in (OTHER_COUNTRIES, WORLD))
    if others is None or whole is None or others.source != whole.source or others.value <= 0.0:
        return list(of_good)
    named = [row for row in of_good if row.region not in (OTHER_COUNTRIES, WORLD)]
    elsewhere = sum(row.value for row in named if row.source != others.source)
    beyond = others.value + sum(row.value for row in named) - whole.value
    if beyond <= unexplained_share * whole.value:
        return list(of_good)
    ratio = 1.0 - min(beyond, elsewhere, others.value) / others.value
    return [_scaled(row, ratio) if row is others else row for row in of_good]


def _makers(
    rows: Sequence[Figure], others: Figure, years: Collection[int], *, known: set[str], made: float
) -> list[Figure]:
    """Makers that earlier years name, and later ones where that leaves much unnamed."""
    found = _nearest(rows, others.year, [year for year in years if year < others.year], known)
    if others.value - sum(row.value for row in found) > late_unnamed_share * made:
        known = known | {row.region for row in found}
        found += _nearest(rows, others.year, [year for year in years if year > others.year], known)
    return found


def _nearest(rows: Iterable[Figure], year: int, years: Collection[int], known: Collection[str]) -> list[Figure]:
    """The row of each country not known in that of the years which is nearest to one."""
    near: dict[str, Figure] = {}
    for row in rows:
        if row.year not in years or row.region not in COUNTRIES or row.region in known or row.value <= 0.0:
            continue
        other = near.get(row.region)
        if other is None or abs(row.year - year) < abs(other.year - year):
            near[row.region] = row
    return list(near.values())


def _growth(row: Figure, base_year: int, world: WorldOutput) -> float:
    return (world.grown(row.good, to_year=base_year, from_year=row.year) or AS_IT_IS).ratio


def _divided(others: Figure, found: Sequence[Figure]) -> list[Figure]:
    """The countries found, none of them with more than its part of what others made, and what they leave of it."""
    wanted = sum(figure.value for figure in found)
    if wanted <= 0.0:
        return [others]
    share = min(1.0, others.value / wanted)
    left = max(0.0, 1.0 - wanted / others.value)
    divided = [_scaled(figure, share) for figure in found]
    return divided if left == 0.0 else [*divided, _scaled(others, left)]


def _scaled(figure: Figure, ratio: float) -> Figure:
    low, high = (None if end is None else end * ratio for end in (figure.low, figure.high))
    return replace(figure, value=figure.value * ratio, low=low, high=high, ratio=figure.ratio * ratio)
