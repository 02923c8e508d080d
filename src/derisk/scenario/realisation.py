"""From a scenario to the shocks of its months: every uncertain number fixed, every measure applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from derisk.errors import Problem, ScenarioError
from derisk.network.record import Flags, Floats, Integers, Network
from derisk.scenario.acting import Acting, acting_measures
from derisk.scenario.addition import Addition, Contract, Outlet
from derisk.scenario.composing import Composer
from derisk.scenario.extension import extend_network
from derisk.scenario.ground import Ground, merged_country
from derisk.scenario.idle import idle_notes
from derisk.scenario.measures import CONTROL_KINDS, KINDS, Measure, Quantile
from derisk.scenario.months import month_number
from derisk.scenario.notes import notes_of
from derisk.scenario.schema import Scenario
from derisk.scenario.shock import MonthShock, StockBuild, StockRelease
from derisk.scenario.standing import lay_terms, open_share, room_share


@dataclass(frozen=True, slots=True, eq=False)
class Realisation:
    """One draw of a scenario on one network."""

    network: Network
    """The network with the scenario's processes and links appended."""
    months: tuple[str, ...]
    shocks: tuple[MonthShock, ...]
    """(month,) what acts by its dates, each month for itself: licences and floors stand in the arrays too.

    Months that are alike share one object.
    """
    measures: tuple[Acting, ...]
    """Measures that can act, in order; a plant that is not built in this draw is none."""
    process_names: tuple[str, ...]
    """(process,) kind of each process, or `new_…`, `recycle_…`, `stockpile_…` for those of the scenario."""
    link_weight_t: Floats
    """(link,) what a link would ship at base prices [t/month]: the base flow, or the weight of an added link.

    Added links follow the base year's, have no base flow, and are capped at 0 in months that do not open them.
    """
    link_beside: Integers
    """(link,) the base year's link of the same good, origin and destination, itself where there is none.

    Flows of a pair are sums over it: `np.bincount(link_beside, flow)`.
    """
    releases: tuple[StockRelease, ...]
    """The scenario's stockpiles."""
    builds: tuple[StockBuild, ...]
    """The scenario's buyers: stockpiles being filled."""
    unowned: tuple[int, ...]
    """Processes that no owner decides over: the world outside, and room that a measure sets to work."""
    numbers: Mapping[str, float]
    """Every number of every measure as fixed here, by key such as `measures[3].share`."""
    notes: tuple[str, ...]
    """Measures that reach nothing, each with the reason: `measures[0] reaches nothing (outage of gallium): ...`; at
    medians, measures that name goods of which they can change next to nothing as well."""
    composer: Composer
    """Lays measures on a month."""

    def shock_of(self, places: frozenset[str]) -> MonthShock:
        """The shock of a month in which exactly the measures of these keys act, licences and floors as terms alone.

        Equal sets give one object. It does not know the month: `derisk.scenario.standing` turns terms into arrays.
        """
        return self.composer.shock_of(places)


def realise(scenario: Scenario, network: Network, *, quantile: Quantile | None = None) -> Realisation:
    """Fix every uncertain number and lay every measure on the months in which it acts.

    Args:
        scenario: the measures and the months.
        network: balanced base year.
        quantile: from a key such as `measures[3].share` to a quantile in (0, 1); None takes medians.
    Raises:
        ScenarioError: a region of a measure is none of the network's, a plant has no feed or no recipe; with the file,
            the line and the key of the measure.
    """
    try:
        return _realised(scenario, network, quantile)
    except ScenarioError as error:
        raise ScenarioError(*(_in_file(problem, scenario) for problem in error.problems)) from None


def _in_file(problem: Problem, scenario: Scenario) -> Problem:
    """The problem with the file's name and the line of its measure, where it names one."""
    key = problem.key or problem.where
    measure = next((m for m in scenario.measures if m.place == key.partition(".")[0]), None)
    line = measure.line if measure is not None else problem.line
    parts = (scenario.file or scenario.name, f"line {line}" if line else "", key)
    return replace(problem, where=", ".join(part for part in parts if part), line=line, key=key)


def _realised(scenario: Scenario, network: Network, quantile: Quantile | None) -> Realisation:
    check_regions(scenario, network.regions)
    central = quantile is None
    fixed = {measure.place: fix_numbers(measure, quantile or _median) for measure in scenario.measures}
    altered, reach = _altered(scenario, network, fixed)
    extension = extend_network(altered, _additions(scenario, altered, fixed), shunned=_shunned(scenario, altered))
    composer = Composer(scenario.measures, fixed, extension)
    acting = acting_measures(scenario.measures, fixed)
    shocks = _shock_months(scenario, acting, composer)
    return Realisation(
        network=extension.network,
        months=scenario.month_labels(),
        shocks=shocks,
        measures=acting,
        process_names=extension.network.process_kind,
        link_weight_t=extension.link_weight_t,
        link_beside=extension.link_beside,
        releases=composer.releases,
        builds=composer.builds,
        unowned=composer.unowned,
        numbers={f"{place}.{key}": value for place, numbers in fixed.items() for key, value in numbers.items()},
        notes=notes_of(scenario, fixed, composer.reach | reach, idle=idle_notes(scenario, network) if central else {}),
        composer=composer,
    )


def check_regions(scenario: Scenario, regions: tuple[str, ...]) -> None:
    """Check that every region a measure names is one of the network's.

    Raises:
        ScenarioError: with the region that holds a merged country as hint.
    """
    problems: list[Problem] = []
    for measure in scenario.measures:
        for key in ("by", "to"):
            for word in getattr(measure, key, ()):
                problem = merged_country(word, regions, key=f"{measure.place}.{key}")
                problems.extend([_in_file(problem, scenario)] if problem else [])
    if problems:
        raise ScenarioError(*problems)


def fix_numbers(measure: Measure, quantile: Quantile) -> dict[str, float]:
    """Every number of a measure at its quantile; `built` is 1 or 0 where the measure has a probability."""
    numbers = measure.draw(quantile)
    if "probability" in numbers:
        chance = numbers["probability"]
        numbers["built"] = float(chance >= 1.0 or (chance > 0.0 and quantile(f"{measure.place}.built") < chance))
    return numbers


def _median(key: str) -> float:
    return 0.5


def _altered(
    scenario: Scenario, network: Network, fixed: Mapping[str, dict[str, float]]
) -> tuple[Network, dict[str, int]]:
    """The network as measures that hold in every month have it, and how many rows each of them changed."""
    reach: dict[str, int] = {}
    for measure in scenario.measures:
        alter = KINDS[measure.kind].alter
        if alter is not None:
            network, reach[measure.place] = alter(measure, fixed[measure.place], Ground(network))
    return network, reach


def _additions(
    scenario: Scenario, network: Network, fixed: Mapping[str, dict[str, float]]
) -> list[Addition | Contract | Outlet]:
    ground = Ground(network)
    last_month = month_number(scenario.start) + scenario.months - 1
    added: list[Addition | Contract | Outlet] = []
    for measure in scenario.measures:
        additions = KINDS[measure.kind].additions
        if additions is not None:
            added.extend(additions(measure, fixed[measure.place], ground, last_month))
    return _idle_shared(added)


def _idle_shared(added: list[Addition | Contract | Outlet]) -> list[Addition | Contract | Outlet]:
    """The same with the room of each idle plant shared among the measures that set it to work."""
    claims = Counter(one.same_plant for one in added if isinstance(one, Addition) and one.role == "idle")
    return [
        replace(one, capacity_t=one.capacity_t / claims[one.same_plant])
        if isinstance(one, Addition) and one.role == "idle"
        else one
        for one in added
    ]


def _shunned(scenario: Scenario, network: Network) -> Flags:
    """Where a plant that the scenario builds in a region seeks no buyers, (region of the plant, buyer).

    In regions that hold exports back, and on the other side of a sanction.
    """
    ground, count = Ground(network), len(network.regions)
    shunned = np.zeros((count, count), dtype=np.bool_)
    for measure in scenario.measures:
        by, to = (ground.regions(getattr(measure, side, ())) for side in ("by", "to"))
        if measure.kind in CONTROL_KINDS:
            shunned[:, by] = True
        elif measure.kind == "sanction":
            shunned[np.ix_(by, to)] = shunned[np.ix_(to, by)] = True
    return shunned


def _shock_months(scenario: Scenario, acting: tuple[Acting, ...], composer: Composer) -> tuple[MonthShock, ...]:
    """The months' shocks by the measures' dates alone, terms laid; months that lay the same share one object."""
    first = month_number(scenario.start)
    laid: dict[tuple[int, tuple[float, ...], tuple[float, ...]], MonthShock] = {}
    shocks = []
    for month in range(first, first + scenario.months):
        shock = composer.shock_of(frozenset(measure.place for measure in acting if measure.acts_in(month)))
        granted = tuple(open_share(licence, month) for licence in shock.licences)
        phase = (id(shock), granted, tuple(room_share(route, month) for route in shock.blocked_routes))
        if phase not in laid:
            laid[phase] = lay_terms(shock, composer.network, month)
        shocks.append(laid[phase])
    return tuple(shocks)
