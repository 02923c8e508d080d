"""Activities: the prior output, recipe and capacity of each kind of plant in each region."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from derisk.errors import DatasetError, Problem
from derisk.network.figure import BORROWED, Figure
from derisk.network.figures import Figures
from derisk.network.regions import RegionMap
from derisk.network.rules import (
    errors_by_status,
    highest_utilisation,
    least_draw_ratio,
    relative_error,
    unexplained_share,
    unstated_shares,
)
from derisk.vocabulary.goods import GOODS, counted_in
from derisk.vocabulary.processes import PROCESSES, SCRAP_PREFIX, ProcessKind
from derisk.vocabulary.regions import OTHER_COUNTRIES, WORLD


@dataclass(frozen=True, slots=True)
class Output:
    """What a country makes of something in a year, and how firmly that is known."""

    tonnes: float
    central_t: float
    """The same with every row at its central value: what exists does not depend on a draw."""
    error: float
    status: str


@dataclass(slots=True)
class Activity:
    """A kind of plant in a region: the sum of its countries."""

    kind: str
    region: int
    tonnes: float = 0.0
    """Main output [t/year]."""
    borrowed_t: float = 0.0
    """Of it, what another year lends [t/year]."""
    error: float = 0.0
    status: str = ""
    coefficients: dict[str, float] = field(default_factory=dict)
    """Tonnes out (+) or in (-) of each good per tonne of main output."""
    least_input: dict[str, float] = field(default_factory=dict)
    greatest_input: dict[str, float] = field(default_factory=dict)
    """Bounds of what the rows allow a tonne of main output to take of each input."""
    capacity_t: float = 0.0
    """[t/year]."""
    supply_elasticity: float = 0.0


def collect_activities(figures: Figures, region_map: RegionMap) -> list[Activity]:
    """Every kind of plant in every region that runs it in the base year.

    Raises:
        DatasetError: recipes, shares, capacities or elasticities that no row states, all at once.
    """
    problems: list[Problem] = []
    activities: dict[tuple[str, int], Activity] = {}
    for kind in PROCESSES.values():
        for country, output in country_outputs(figures, kind).items():
            if output.central_t > 0:
                at = (kind.kind, region_map.index(country))
                activity = activities.setdefault(at, Activity(*at))
                _add_country(activity, figures, kind, country, output, problems)
    if problems:
        unique = {problem.what: problem for problem in problems}
        raise DatasetError(*unique.values())
    for activity in activities.values():
        _average(activity, figures)
    return list(activities.values())


def country_outputs(figures: Figures, kind: ProcessKind) -> dict[str, Output]:
    """Main output of a kind of plant by country [t/year], by the rules of docs/theory/network.md."""
    if kind.fixed:
        return collect_outputs(figures, "residue_supply", kind.main)
    recycled = collect_outputs(figures, "recycled_production", kind.main)
    if kind.kind.startswith(SCRAP_PREFIX):
        return recycled | _beside_production(figures, kind.main, recycled)
    made = collect_outputs(figures, "production", counted_in(kind.main))
    made = {country: _less(output, recycled.get(country)) for country, output in made.items()}
    if kind.share or kind.rest_of:
        return {country: _part(output, figures, kind, country) for country, output in made.items()}
    if kind.kind in ("recover_cobalt", "mine_cobalt"):
        from_residue = kind.kind == "recover_cobalt"
        return {c: output for c, output in made.items() if has_residue(figures, "cobalt_residue", c) is from_residue}
    return made


def collect_outputs(figures: Figures, name: str, good: str) -> dict[str, Output]:
    """Rows of a production-like field by country; what the world row has beyond them goes to OTH."""
    outputs: dict[str, Output] = {}
    world: tuple[Figure, float] | None = None
    for figure, value in figures.each(name):
        if figure.good != good:
            continue
        if figure.region == WORLD:
            world = (figure, value)
        else:
            outputs[figure.region] = Output(value, figure.value, relative_error(figure), figure.status)
    if world is not None and OTHER_COUNTRIES not in outputs:
        rows = [figure.value for figure in figures.rows[name] if figure.good == good and figure.region != WORLD]
        gap = world[0].value - sum(rows)
        if gap > unexplained_share * world[0].value:
            tonnes = gap * world[1] / world[0].value
            status = BORROWED if world[0].status == BORROWED else "derived"
            outputs[OTHER_COUNTRIES] = Output(tonnes, gap, errors_by_status[status], status)
    return outputs


def _beside_production(figures: Figures, good: str, recycled: dict[str, Output]) -> dict[str, Output]:
    """Secondary metal that the good's production rows, primary metal alone, do not hold."""
    beside = collect_outputs(figures, "secondary_production", good)
    if recycled and beside:
        what = f"{good} has rows of recycled_production and of secondary_production"
        where = f"the first is a part of production, the second beside it ({', '.join(sorted(beside))})"
        raise DatasetError(Problem(what, where, "one of the two fields for a good"))
    return beside


def _is_beside_production(figures: Figures, kind: ProcessKind) -> bool:
    """Whether a kind's output stands beside production rows; capacity and utilisation rows are about those."""
    rows = figures.rows["secondary_production"]
    return kind.kind.startswith(SCRAP_PREFIX) and any(figure.good == kind.main for figure in rows)


def has_residue(figures: Figures, residue: str, country: str) -> bool:
    """Whether a country's hosts make a residue."""
    supply = figures.position.get(("residue_supply", (residue, country, "", "")))
    share = figures.position.get(("residue_share", (residue, country, "", "")))
    return supply is not None or share is not None


def _less(output: Output, recycled: Output | None) -> Output:
    if recycled is None:
        return output
    central = max(output.central_t - recycled.central_t, 0.0)
    return Output(max(output.tonnes - recycled.tonnes, 0.0), central, output.error, output.status)


def _part(output: Output, figures: Figures, kind: ProcessKind, country: str) -> Output:
    """The part of a good's output that a kind makes, where a stated share splits it between two kinds."""
    field_name, counted = kind.share or kind.rest_of, counted_in(kind.main)
    share = figures.find(field_name, good=counted, region=country)
    central = figures.central(field_name, good=counted, region=country)
    if central is None:
        share = central = unstated_shares.get(field_name)
    if share is None or central is None:
        raise DatasetError(_missing(field_name, counted, country))
    if kind.rest_of:
        share, central = 1.0 - share, 1.0 - central
    return Output(output.tonnes * share, output.central_t * central, output.error, output.status)


def _add_country(
    activity: Activity, figures: Figures, kind: ProcessKind, country: str, output: Output, problems: list[Problem]
) -> None:
    tonnes = max(output.tonnes, least_draw_ratio * output.central_t)
    for good, coefficient in _recipe(figures, kind, country, problems).items():
        activity.coefficients[good] = activity.coefficients.get(good, 0.0) + coefficient * tonnes
    for good in kind.inputs:
        least, greatest = _input_bounds(figures, kind, good, country)
        activity.least_input[good] = activity.least_input.get(good, 0.0) + least * tonnes
        activity.greatest_input[good] = activity.greatest_input.get(good, 0.0) + greatest * tonnes
    activity.error += output.error * tonnes
    if tonnes > activity.tonnes or not activity.status:
        activity.status = output.status
    activity.tonnes += tonnes
    activity.borrowed_t += tonnes if output.status == BORROWED else 0.0
    activity.capacity_t += _capacity(figures, kind, country, tonnes, problems)


def _average(activity: Activity, figures: Figures) -> None:
    kind = PROCESSES[activity.kind]
    activity.coefficients = {good: total / activity.tonnes for good, total in activity.coefficients.items() if total}
    activity.coefficients[kind.main] = 1.0
    activity.least_input = {good: total / activity.tonnes for good, total in activity.least_input.items()}
    activity.greatest_input = {good: total / activity.tonnes for good, total in activity.greatest_input.items()}
    activity.error /= activity.tonnes
    if not kind.fixed:
        elasticity = figures.find("supply_elasticity", good=kind.main)
        if elasticity is None:
            raise DatasetError(_missing("supply_elasticity", kind.main, ""))
        activity.supply_elasticity = elasticity


def _recipe(figures: Figures, kind: ProcessKind, country: str, problems: list[Problem]) -> dict[str, float]:
    recipe = {kind.main: 1.0}
    if kind.kind == "mine_copper":
        recipe["cobalt_residue"] = figures.find("residue_share", good="cobalt_residue", region=country) or 0.0
    if kind.ratios:
        recipe |= _oxide_ratios(figures, kind, country, problems)
    for good in kind.inputs:
        coefficient = figures.find(f"input_{good}", good=kind.main, region=country)
        if coefficient is None:
            problems.append(_missing(f"input_{good}", kind.main, country))
        else:
            recipe[good] = -coefficient
    return recipe


def _input_bounds(figures: Figures, kind: ProcessKind, good: str, country: str) -> tuple[float, float]:
    """Range of an input coefficient: the row's own, else one error of its status either way."""
    row = figures.row(f"input_{good}", good=kind.main, region=country)
    if row is None:
        return 0.0, 0.0
    error = errors_by_status[row.status]
    low = row.value * (1 - error) if row.low is None else row.low
    high = row.value * (1 + error) if row.high is None else row.high
    return low, high


def _oxide_ratios(figures: Figures, kind: ProcessKind, country: str, problems: list[Problem]) -> dict[str, float]:
    shares = {g: figures.find(kind.ratios, good=g, region=country) for g in (kind.main, *kind.joint)}
    main_share = shares.pop(kind.main)
    problems += [_missing(kind.ratios, good, country) for good, share in shares.items() if share is None]
    if not main_share:
        problems.append(_missing(kind.ratios, kind.main, country))
        return {}
    return {good: share / main_share for good, share in shares.items() if share}


def _capacity(figures: Figures, kind: ProcessKind, country: str, tonnes: float, problems: list[Problem]) -> float:
    if kind.fixed or _is_beside_production(figures, kind):
        return tonnes / highest_utilisation
    at = figures.position.get(("capacity", (kind.main, country, "", "")))
    if at is not None:
        made = figures.find("production", good=kind.main, region=country) or tonnes
        own_share = min(tonnes / made, 1.0) if made > 0 else 1.0
        return max(float(figures.values["capacity"][at]) * own_share, tonnes / highest_utilisation)
    utilisation = figures.find("utilisation_share", good=kind.main, region=country)
    if not utilisation:
        problems.append(_missing("utilisation_share", kind.main, country))
        return tonnes
    return tonnes / min(utilisation, highest_utilisation)


def _missing(name: str, good: str, country: str) -> Problem:
    return Problem(
        what=f"no row states {name} of {good}",
        where=f"needed for {country or 'every country'} (material {GOODS[good].material})",
        allowed="a row of the country, or one for everywhere (region empty or WLD)",
        hint="derisk data table production --material " + GOODS[good].material,
    )


def total_output(activities: Iterable[Activity], good: str) -> dict[int, float]:
    """Tonnes of a good that each region's activities give out [t/year]."""
    totals: dict[int, float] = {}
    for activity in activities:
        tonnes = activity.tonnes * activity.coefficients.get(good, 0.0)
        if tonnes > 0:
            totals[activity.region] = totals.get(activity.region, 0.0) + tonnes
    return totals
