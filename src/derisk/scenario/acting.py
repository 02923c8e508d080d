"""Acting: the dates of a measure that can act, and what its file says of its end beforehand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from derisk.scenario.measure import Measure
from derisk.scenario.months import month_number
from derisk.scenario.words import ALL
from derisk.vocabulary.goods import covered_by

PROLONGED: Final = ("export_ban", "sanction")
"""Kinds without degrees: a file that splits one in two says that the first had a term, which was then prolonged."""


class Acting(NamedTuple):
    """A measure of the scenario that can act: when it is known, when it begins and ends."""

    place: str
    """Its key, such as `measures[3]`."""
    kind: str
    restriction: bool
    """Whether a market may expect it to end before its time: a control or a mishap, no remedy, no shift of demand."""
    announced: int
    """Number of the month in which it becomes known."""
    first: int
    """Number of the first month in which it acts, lead time included."""
    until: int | None
    """Number of the first month in which it no longer acts; None: it lasts."""
    stated_until: int | None = None
    """The same as it was said when the measure was announced; None: nothing was said."""
    actors: frozenset[str] = frozenset()
    """Words of `by`; empty for kinds without."""
    goods: frozenset[str] = frozenset()
    """Those named and their parts."""
    towards: frozenset[str] = frozenset({ALL})
    """Words of `to`; all for kinds without."""

    def acts_in(self, month: int) -> bool:
        """Whether it acts in the month of that number, by its dates."""
        return self.first <= month and (self.until is None or month < self.until)


def acting_measures(measures: Sequence[Measure], fixed: Mapping[str, Mapping[str, float]]) -> tuple[Acting, ...]:
    """The measures that can act, in order; a plant that is not built in this draw is none.

    Args:
        measures: of the scenario.
        fixed: every number of each measure in the draw, by place.
    """
    can = [measure for measure in measures if fixed[measure.place].get("built", 1.0) > 0.0]
    stated = _stated_ends(can)
    return tuple(
        Acting(
            place=measure.place,
            kind=measure.kind,
            restriction=measure.restriction,
            announced=month_number(measure.announced) if measure.announced else 0,
            first=measure.first_month(fixed[measure.place]),
            until=_number(measure.until),
            stated_until=_number(stated.get(measure.place)),
            actors=frozenset(getattr(measure, "by", ())),
            goods=frozenset(part for good in measure.goods for part in covered_by(good)),
            towards=frozenset(getattr(measure, "to", (ALL,))),
        )
        for measure in can
    )


def _stated_ends(measures: Sequence[Measure]) -> dict[str, str]:
    """Ends that were known with the act, by place: what the file states, and ends of acts that were later prolonged."""
    stated = {measure.place: measure.announced_until for measure in measures if measure.announced_until}
    for first in measures:
        for second in measures:
            if _prolongs(second, first):
                for act in (first, second):
                    if act.until is not None:
                        stated.setdefault(act.place, act.until)
    return stated


def _prolongs(second: Measure, first: Measure) -> bool:
    """Whether an act goes on with another of the same terms where that one ends, and was announced after it."""
    same = first.kind == second.kind in PROLONGED and set(first.goods) & set(second.goods)
    towards = all(set(getattr(first, key)) == set(getattr(second, key)) for key in ("by", "to")) if same else False
    later = second.from_month == first.until and second.announced > first.announced
    return towards and later and not first.called_off


def _number(label: str | None) -> int | None:
    return None if label is None else month_number(label)
