"""Named others: output that a year leaves to unnamed countries, given to those that the years around it name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from derisk.network.borrowing import AS_IT_IS, About, about, moved
from derisk.network.figure import Figure
from derisk.network.rules import naming_years, unnamed_share
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
        others = next((figure for figure in of_good if figure.region == OTHER_COUNTRIES), None)
        made = sum(figure.value for figure in of_good if figure.region != WORLD)
        if others is None or not subject[1] or others.value <= unnamed_share * made:
            named += of_good
            continue
        known = {figure.region for figure in of_good}
        years = told.get(subject, ())
        found = [
            moved(row, _growth(row, base_year, world), base_year=base_year)
            for row in _nearest(every, subject, others.year, years)
            if row.region not in known and row.value > 0.0
        ]
        named += [figure for figure in of_good if figure is not others]
        named += _divided(others, found)
    return tuple(named)


def _nearest(every: Iterable[Figure], subject: About, year: int, years: Collection[int]) -> list[Figure]:
    """Each country's row in the year nearest to one, of two as near the earlier."""
    near: dict[str, Figure] = {}
    for figure in every:
        distance = abs(figure.year - year)
        if about(figure) != subject or figure.region not in COUNTRIES or figure.year not in years:
            continue
        if distance == 0 or distance > naming_years:
            continue
        other = near.get(figure.region)
        if other is None or (distance, figure.year) < (abs(other.year - year), other.year):
            near[figure.region] = figure
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
