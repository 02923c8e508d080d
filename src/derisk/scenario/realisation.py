"""From a scenario to the shocks of its months: every uncertain number fixed, every measure applied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from derisk.errors import Problem, ScenarioError
from derisk.network.record import Floats, Integers, Network
from derisk.scenario.addition import Addition, Extension, extend_network
from derisk.scenario.draft import MonthShock, ShockDraft, StockRelease
from derisk.scenario.ground import Ground, merged_country
from derisk.scenario.measures import KINDS, RESTRICTION_KINDS, Measure, Quantile
from derisk.scenario.months import month_number
from derisk.scenario.notes import notes_of
from derisk.scenario.schema import Scenario


@dataclass(frozen=True, slots=True, eq=False)
class Realisation:
    """One draw of a scenario on one network."""

    network: Network
    """The network with the scenario's processes and links appended."""
    months: tuple[str, ...]
    shocks: tuple[MonthShock, ...]
    """(month,); months in which the same measures act share one object."""
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
    numbers: Mapping[str, float]
    """Every number of every measure as fixed here, by key such as `measures[3].share`."""
    notes: tuple[str, ...]
    """Measures that reach nothing, each with the reason: `measures[0] reaches nothing: ...`."""


def realise(scenario: Scenario, network: Network, *, quantile: Quantile | None = None) -> Realisation:
    """Fix every uncertain number and lay every measure on the months in which it acts.

    Args:
        scenario: the measures and the months.
        network: balanced base year.
        quantile: from a key such as `measures[3].share` to a quantile in (0, 1); None takes medians.
    Raises:
        ScenarioError: a region of a measure is none of the network's, a plant has no feed or no recipe.
    """
    check_regions(scenario, network.regions)
    fixed = {measure.place: fix_numbers(measure, quantile or _median) for measure in scenario.measures}
    extension = extend_network(network, _additions(scenario, network, fixed), shunned=_restrictors(scenario, network))
    releases = tuple(
        StockRelease(extension.first_process + step, addition.good, addition.region, addition.held_t)
        for step, addition in enumerate(extension.additions)
        if addition.held_t > 0.0
    )
    shocks, reach = _shock_months(scenario, extension, fixed, releases)
    return Realisation(
        network=extension.network,
        months=scenario.month_labels(),
        shocks=shocks,
        process_names=extension.network.process_kind,
        link_weight_t=extension.link_weight_t,
        link_beside=extension.link_beside,
        releases=releases,
        numbers={f"{place}.{key}": value for place, numbers in fixed.items() for key, value in numbers.items()},
        notes=notes_of(scenario, fixed, reach),
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
                line = f"line {measure.line}" if measure.line else ""
                where = ", ".join(
                    part for part in (scenario.file or scenario.name, line, f"{measure.place}.{key}") if part
                )
                problem = merged_country(word, regions, where=where, line=measure.line, key=f"{measure.place}.{key}")
                problems.extend([problem] if problem else [])
    if problems:
        raise ScenarioError(*problems)


def fix_numbers(measure: Measure, quantile: Quantile) -> dict[str, float]:
    """Every number of a measure at its quantile; `built` is 1 or 0 where the measure has a probability."""
    numbers = measure.draw(quantile)
    if "probability" in numbers:
        chance = numbers["probability"]
        numbers["built"] = float(chance >= 1.0 or (chance > 0.0 and quantile(f"{measure.place}.built") < chance))
    return numbers


def _acts(measure: Measure, month: int, numbers: Mapping[str, float]) -> bool:
    """Whether the measure acts in the month; a plant that is not built never does."""
    return numbers.get("built", 1.0) > 0.0 and measure.acts_in(month, numbers)


def _median(key: str) -> float:
    return 0.5


def _additions(scenario: Scenario, network: Network, fixed: Mapping[str, dict[str, float]]) -> list[Addition]:
    ground = Ground(network)
    last_month = month_number(scenario.start) + scenario.months - 1
    added: list[Addition] = []
    for measure in scenario.measures:
        additions = KINDS[measure.kind].additions
        if additions is not None:
            added.extend(additions(measure, fixed[measure.place], ground, last_month))
    return added


def _restrictors(scenario: Scenario, network: Network) -> list[int]:
    """Regions that restrict exports in the scenario; its new plants seek no buyers there."""
    by = [word for m in scenario.measures if m.kind in RESTRICTION_KINDS for word in getattr(m, "by", ())]
    named: list[int] = Ground(network).regions(by).tolist()
    return named


def _shock_months(
    scenario: Scenario,
    extension: Extension,
    fixed: Mapping[str, dict[str, float]],
    releases: tuple[StockRelease, ...],
) -> tuple[tuple[MonthShock, ...], dict[str, int]]:
    """The months' shocks, and how much each measure that acted touched."""
    first, ground = month_number(scenario.start), Ground(extension.network)
    by_acting: dict[tuple[str, ...], MonthShock] = {}
    reach: dict[str, int] = {}
    shocks = []
    for month in range(first, first + scenario.months):
        acting = tuple(m for m in scenario.measures if _acts(m, month, fixed[m.place]))
        key = tuple(measure.place for measure in acting)
        if key not in by_acting:
            draft = ShockDraft(extension, ground)
            for measure in acting:
                KINDS[measure.kind].apply(measure, fixed[measure.place], draft)
            reach.update(draft.reach)
            by_acting[key] = draft.finish(releases)
        shocks.append(by_acting[key])
    return tuple(shocks), reach
