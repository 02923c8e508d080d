"""Borrowed tonnes: output, trade and plants of another year, scaled and stripped of who came later."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from derisk.network.borrowing import AS_IT_IS, About, Loan, about, choose_years, moved
from derisk.network.figure import Figure, Key
from derisk.network.named_others import name_others
from derisk.network.rules import told_share, unexplained_share
from derisk.network.world_output import Move, WorldOutput, relatives, sum_output
from derisk.vocabulary.goods import counted_in
from derisk.vocabulary.processes import PROCESSES, recovered_from
from derisk.vocabulary.regions import COUNTRIES, OTHER_COUNTRIES, WORLD

Tonnes = Mapping[tuple[str, str], float]
"""Tonnes a year by good and country."""


@dataclass(frozen=True, slots=True)
class Makers:
    """Who makes what: in the base year, and in every year whose rows say so."""

    now: Tonnes
    then: Mapping[int, Tonnes]
    unnamed: frozenset[str]
    """Goods of which other countries than those named make some in the base year."""

    def grown(self, good: str, country: str, *, since: int) -> float | None:
        """Output of the base year over that of another: 0 where the maker is gone or has yet to come.

        Nothing where the other year's rows name no such maker either, where it may be among the unnamed, or where it is
        no country: other countries are others every year.
        """
        if country not in COUNTRIES:
            return None
        before, now = self.then.get(since, {}).get((good, country), 0.0), self.now.get((good, country))
        if before <= 0 or (now is None and good in self.unnamed):
            return None
        return (now or 0.0) / before


def world_output(production: Sequence[Figure]) -> tuple[WorldOutput, Mapping[About, Collection[int]]]:
    """World output of the years that tell it, and the years that tell who makes each good."""
    told = _told_years(production, sum_output(production))
    whole = (f for f in production if f.region == WORLD or f.year in told.get(about(f), ()))
    return sum_output(whole), told


def borrow_production(
    figures: Sequence[Figure],
    trade: Sequence[Figure],
    base_year: int,
    world: WorldOutput,
    told: Mapping[About, Collection[int]],
) -> tuple[Loan, Makers]:
    """Output of each good in the newest year that names countries, else in the first after, by known makers alone.

    Equations (5.11), (5.13) and (5.13a) of docs/theory/network.md.
    """
    years = choose_years(figures, base_year, counted=told)
    of_year = [figure for figure in figures if figure.year == years[about(figure)]]
    of_year = [figure for figure in of_year if figure.good or figure.year <= base_year]
    own = _tonnes(figure for figure in of_year if figure.year <= base_year)
    rules: dict[About, str] = {}
    left_out: dict[About, tuple[str, ...]] = {}
    ratios: dict[About, float | None] = {}
    for subject in dict.fromkeys(about(figure) for figure in of_year):
        year, rows = years[subject], [figure for figure in of_year if about(figure) == subject]
        if year > base_year:
            left_out[subject] = _newcomers(rows, _known_makers(subject[1], own, trade, base_year))
        ratios[subject], rules[subject] = _growth(rows, left_out.get(subject, ()), year, base_year, world)
    stated = {figure.key: figure for figure in figures if figure.year == base_year and figure.region in COUNTRIES}
    chosen = []
    for figure in of_year:
        ratio = ratios[about(figure)]
        if figure.key in stated:
            chosen.append(stated[figure.key])
        elif figure.region not in left_out.get(about(figure), ()):
            chosen.append(figure if ratio is None else moved(figure, ratio, base_year=base_year))
    named = name_others(chosen, figures, base_year, world, told)
    then = {year: _tonnes(f for f in figures if f.year == year) for year in {f.year for f in figures}}
    return Loan(named, rules, left_out), Makers(_tonnes(named), then, _with_unnamed(named))


def _told_years(figures: Iterable[Figure], world: WorldOutput) -> dict[About, set[int]]:
    """Years whose rows name the makers of a fair part of the world's output, as it is stated or as it grew.

    A year in which one country publishes alone does not tell who made the good.
    """
    named: dict[About, dict[int, float]] = {}
    printed: dict[tuple[About, int], float] = {}
    for figure in figures:
        if figure.region in COUNTRIES:
            by_year = named.setdefault(about(figure), {})
            by_year[figure.year] = by_year.get(figure.year, 0.0) + figure.value
        elif figure.region == WORLD:
            printed[about(figure), figure.year] = figure.value
    told: dict[About, set[int]] = {}
    for subject, by_year in named.items():
        fullest = max(by_year, key=lambda year: by_year[year])
        for year, made in by_year.items():
            move = world.grown(subject[1], to_year=year, from_year=fullest, itself=False) if subject[1] else None
            grown = by_year[fullest] * (move.ratio if move else 1.0)
            if made >= told_share * printed.get((subject, year), grown):
                told.setdefault(subject, set()).add(year)
    return told


def _with_unnamed(figures: Iterable[Figure]) -> frozenset[str]:
    """Goods with output of other countries, stated or left by the world's row."""
    tonnes = _tonnes(figures)
    named: dict[str, float] = {}
    for (good, country), made in tonnes.items():
        if country in COUNTRIES:
            named[good] = named.get(good, 0.0) + made
    return frozenset(
        good
        for good, made in named.items()
        if tonnes.get((good, OTHER_COUNTRIES), 0.0) > 0
        or (1.0 - unexplained_share) * tonnes.get((good, WORLD), 0.0) > made
    )


def _growth(
    rows: Sequence[Figure], left_out: Sequence[str], year: int, base_year: int, world: WorldOutput
) -> tuple[float | None, str]:
    """What the rows of a good are multiplied by, and why; nothing where they stand as they are."""
    good = rows[0].good
    if year <= base_year:
        now, then = world.stated(good, base_year), world.stated(good, year)
        if year < base_year and now and then:
            return now / then, f"scaled by world output of {good}"
        return None, AS_IT_IS.rule
    move = world.grown(good, to_year=base_year, from_year=year) or AS_IT_IS
    made = sum(row.value for row in rows if row.region != WORLD)
    kept = sum(row.value for row in rows if row.region != WORLD and row.region not in left_out)
    return move.ratio * (made / kept if kept > 0 else 1.0), move.rule


def _known_makers(good: str, own: Tonnes, trade: Iterable[Figure], base_year: int) -> set[str] | None:
    """Countries that rows of the year show making something of the family, shipping more of the good than they take, or
    taking in more of what it is made of than they ship.

    Nothing where no row of the family names a maker.
    """
    family = {*relatives(good), good}
    makers = {country for (other, country), tonnes in own.items() if other in family and tonnes > 0}
    if not makers:
        return None
    feeds = {feed for kind in PROCESSES.values() if good in (kind.main, *kind.joint) for feed in kind.inputs}
    net: dict[tuple[str, str], float] = {}
    for figure in trade:
        if figure.good in (good, *feeds) and figure.year <= base_year:
            sign = 1.0 if figure.good == good else -1.0
            for country, tonnes in ((figure.region, sign * figure.value), (figure.partner, -sign * figure.value)):
                net[figure.good, country] = net.get((figure.good, country), 0.0) + tonnes
    return makers | {country for (_, country), tonnes in net.items() if tonnes > 0}


def _newcomers(rows: Iterable[Figure], known: set[str] | None) -> tuple[str, ...]:
    named = [row.region for row in rows if row.region in COUNTRIES and row.value > 0]
    unknown = tuple(country for country in named if known is not None and country not in known)
    return unknown if len(unknown) < len(named) else ()


def borrow_by_maker(figures: Sequence[Figure], base_year: int, makers: Makers, world: WorldOutput) -> Loan:
    """Trade, plants, scrap and residues: scaled by their own country's output, where it has any (equation 5.14)."""

    def own_growth(figure: Figure) -> float | None:
        made = _made_from(figure)
        return makers.grown(counted_in(made) if made else made, figure.region, since=figure.year)

    return _borrow(figures, base_year, own_growth, world)


def borrow_by_world(figures: Sequence[Figure], base_year: int, world: WorldOutput) -> Loan:
    """Scrap beside production: scaled by world output."""
    return _borrow(figures, base_year, lambda _: None, world)


def carry_demand(figures: Sequence[Figure], base_year: int, world: WorldOutput) -> Loan:
    """Each user's newest stated demand up to the base year, moved with world output where rows state it (5.11)."""
    newest: dict[tuple[About, Key], Figure] = {}
    for figure in sorted(figures, key=lambda figure: figure.year):
        if figure.year <= base_year:
            newest[about(figure), figure.key] = figure
    rules: dict[About, str] = {}
    carried = []
    for figure in newest.values():
        now, then = world.stated(figure.good, base_year), world.stated(figure.good, figure.year)
        if figure.year < base_year and now and then:
            rules[about(figure)] = f"scaled by world output of {figure.good}"
            figure = moved(figure, now / then, base_year=base_year)
        carried.append(figure)
    return Loan(tuple(carried), rules)


def _borrow(
    figures: Sequence[Figure], base_year: int, own_growth: Callable[[Figure], float | None], world: WorldOutput
) -> Loan:
    years = choose_years(figures, base_year)
    rules: dict[About, str] = {}
    left_out: dict[About, tuple[str, ...]] = {}
    chosen = []
    for figure in figures:
        if figure.year != years[about(figure)] or (figure.year > base_year and not figure.good):
            continue
        if figure.year <= base_year:
            chosen.append(figure)
            continue
        ratio = own_growth(figure)
        if ratio == 0:
            left_out[about(figure)] = (*left_out.get(about(figure), ()), figure.region)
            continue
        move = (
            _world_growth(figure, base_year, world)
            if ratio is None
            else Move(ratio, "scaled by the maker's own output")
        )
        if rules.get(about(figure), "") in ("", AS_IT_IS.rule):
            rules[about(figure)] = move.rule
        chosen.append(moved(figure, move.ratio, base_year=base_year))
    return Loan(tuple(chosen), rules, {subject: tuple(dict.fromkeys(out)) for subject, out in left_out.items()})


def _world_growth(figure: Figure, base_year: int, world: WorldOutput) -> Move:
    return world.grown(_made_from(figure), to_year=base_year, from_year=figure.year) or AS_IT_IS


def _made_from(figure: Figure) -> str:
    """The good whose output a figure follows: of a residue the metal won from it."""
    return recovered_from(figure.good) if figure.field == "residue_supply" else figure.good


def _tonnes(figures: Iterable[Figure]) -> dict[tuple[str, str], float]:
    tonnes: dict[tuple[str, str], float] = {}
    for figure in figures:
        about_place = (figure.good, figure.region)
        tonnes[about_place] = tonnes.get(about_place, 0.0) + figure.value
    return tonnes
