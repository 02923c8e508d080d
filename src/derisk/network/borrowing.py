"""Borrowing: figures of another year moved to a base year that has none of its own, marked and listed.

Section "Base years" of docs/theory/network.md.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from derisk.network.figure import BORROWED, FLOW_FIELDS, Figure, Key
from derisk.network.record import Borrowed
from derisk.network.rules import borrowed_spread_a_year, errors_by_status, fresh_years
from derisk.network.world_output import Move

AS_IT_IS = Move(1.0, "as it is")

About = tuple[str, str]
"""Material and good; the good is empty where a row is about the material as a whole."""


@dataclass(frozen=True, slots=True)
class Loan:
    """Rows of one field for a base year: its own, older ones, and those that a later year lends."""

    figures: tuple[Figure, ...]
    rules: Mapping[About, str] = field(default_factory=dict)
    """How the figures of a good were moved."""
    left_out: Mapping[About, Sequence[str]] = field(default_factory=dict)
    """Countries of the lending year that the base year does not know."""

    def listed(self, base_year: int) -> list[Borrowed]:
        """One line for each good and year that lends: later, or moved, or older than `fresh_years`."""
        groups: dict[tuple[About, int], list[Figure]] = {}
        for figure in self.figures:
            old = figure.field in FLOW_FIELDS and base_year - figure.year > fresh_years
            if figure.status == BORROWED or figure.ratio != 1.0 or old:
                groups.setdefault((about(figure), figure.year), []).append(figure)
        return [
            Borrowed(
                field=group[0].field,
                subject=group[0].subject,
                year=year,
                rows=len(group),
                least_ratio=min(figure.ratio for figure in group),
                greatest_ratio=max(figure.ratio for figure in group),
                rule=self.rules.get(subject, AS_IT_IS.rule),
                left_out=tuple(sorted(self.left_out.get(subject, ()))),
            )
            for (subject, year), group in groups.items()
        ]


def about(figure: Figure) -> About:
    """What a row's year is chosen by."""
    return (figure.material, figure.good)


def moved(figure: Figure, ratio: float, *, base_year: int) -> Figure:
    """A figure of another year as one of the base year, its range widened for each year between.

    Equation (5.12) of docs/theory/network.md. A row without a range has that of its status. What a later year lends
    is borrowed; what is carried on from an earlier one is derived.
    """
    spread = 1.0 + borrowed_spread_a_year * abs(base_year - figure.year)
    error = errors_by_status[figure.status]
    low = figure.value / (1 + error) if figure.low is None else min(figure.low, figure.value)
    high = figure.value * (1 + error) if figure.high is None else max(figure.high, figure.value)
    return replace(
        figure,
        value=figure.value * ratio,
        low=low * ratio / spread,
        high=high * ratio * spread,
        ratio=ratio,
        status=BORROWED if figure.year > base_year else _carried_status(figure.status),
    )


def _carried_status(status: str) -> str:
    """Scaled, a figure that was read is derived; one that was not stays what it is."""
    return "derived" if errors_by_status[status] < errors_by_status["derived"] else status


def choose_years(
    figures: Iterable[Figure], base_year: int, *, counted: Mapping[About, Collection[int]] | None = None
) -> dict[About, int]:
    """For each good the newest year up to the base year, else the first after it.

    Args:
        figures: rows of one field.
        base_year: year of the network.
        counted: years of each good that may be chosen; all of its years where it has none.
    """
    years: dict[About, set[int]] = {}
    for figure in figures:
        years.setdefault(about(figure), set()).add(figure.year)
    chosen = {}
    for subject, every in years.items():
        known = (counted or {}).get(subject) or every
        chosen[subject] = max((year for year in known if year <= base_year), default=min(known))
    return chosen


def newest_by_good(figures: Sequence[Figure], base_year: int) -> Loan:
    """Rows of each good's newest year up to the base year; nothing is lent."""
    past = [figure for figure in figures if figure.year <= base_year]
    years = choose_years(past, base_year)
    return Loan(tuple(figure for figure in past if figure.year == years[about(figure)]))


def borrow_standing(figures: Sequence[Figure], base_year: int) -> Loan:
    """Each key's newest row up to the base year, else its first after, as it is and marked.

    Shares that sum to one are taken whole, of one year.
    """
    years = _years_of_sets(figures, base_year)
    chosen: dict[tuple[str, Key], Figure] = {}
    for figure in sorted(figures, key=lambda f: f.year):
        subject = (figure.material, figure.key)
        if figure.year != years.get(_set_of(figure), figure.year):
            continue
        if subject not in chosen or figure.year <= base_year:
            chosen[subject] = figure
    return Loan(tuple(replace(f, status=BORROWED) if f.year > base_year else f for f in chosen.values()))


def _set_of(figure: Figure) -> tuple[str, ...]:
    """Rows that sum to one with a share: regions of a good, uses of it in a region, oxides of one; else nothing."""
    if figure.field == "demand_share":
        return (figure.good,)
    if figure.field == "end_use_share":
        return (figure.good, figure.region)
    return (figure.region,) if figure.field in ("output_share", "clay_output_share") else ()


def _years_of_sets(figures: Iterable[Figure], base_year: int) -> dict[tuple[str, ...], int]:
    years: dict[tuple[str, ...], set[int]] = {}
    for figure in figures:
        if _set_of(figure):
            years.setdefault(_set_of(figure), set()).add(figure.year)
    return {of: max((y for y in known if y <= base_year), default=min(known)) for of, known in years.items()}


def borrow_value_added(figures: Sequence[Figure], gdp: Sequence[Figure], base_year: int) -> Loan:
    """Value added of a later year scaled by its country's own GDP (equation 5.18)."""
    usd = {(figure.region, figure.year): figure.value for figure in gdp}
    newest = {figure.region: figure.value for figure in borrow_standing(gdp, base_year).figures}
    rows = []
    for figure in borrow_standing(figures, base_year).figures:
        then, now = usd.get((figure.region, figure.year)), newest.get(figure.region)
        if figure.status == BORROWED and then and now:
            own = next(row for row in figures if row.row_id == figure.row_id)
            rows.append(moved(own, now / then, base_year=base_year))
        else:
            rows.append(figure)
    return Loan(tuple(rows), {("", ""): "scaled by GDP"})
