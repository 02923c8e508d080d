"""Central: the case that assumptions are varied around, solved, with the rows it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from derisk.network import Network, build_network
from derisk.network.activities import Activity, collect_activities
from derisk.network.build import Ground, lay_ground
from derisk.network.figures import Rows
from derisk.network.uses import UsePrior
from derisk.path import Month, SlowRows, market_of, months_of, solve_alone
from derisk.scenario import Realisation, Scenario, realise
from derisk.scenario.ground import regions_named
from derisk.scenario.words import ALL
from derisk.sensitivity.outcome import Flags, lost_musd


@dataclass(frozen=True, slots=True, eq=False)
class Central:
    """Draw 0 of a scenario: every number at its central value, every month solved."""

    scenario: Scenario
    dataset: Rows
    ground: Ground
    """Rows and regions of the base year."""
    network: Network
    """The balanced base year, without the scenario's plants."""
    plants: tuple[Activity, ...]
    """(process of the base year,) as the rows state them."""
    users: tuple[UsePrior, ...]
    """(use_row,) whose row is looked up where."""
    realisation: Realisation
    slow: SlowRows | None
    """What plants and products in use need of the dataset; None: they stay as they were."""
    months: tuple[Month, ...]
    """The path: what the outcome is."""
    alone: tuple[Month, ...]
    """Each month for itself: what derivatives are taken of."""
    counted: Flags
    """(region,) regions whose loss counts."""

    @property
    def outcome_musd(self) -> float:
        """Value added at risk, summed over months [million USD]; not a number where a month has no equilibrium."""
        return total_musd(self.realisation, self.months, self.counted)

    @property
    def failure(self) -> str:
        """Why the first month without equilibrium has none; empty where all have one."""
        return failure_of(self.months)


def central_case(
    scenario: Scenario, dataset: Rows, *, of: Sequence[str] = (ALL,), slow: SlowRows | None = None
) -> Central:
    """Solve the central case of a scenario.

    Args:
        scenario: the question.
        dataset: the rows its network is built from, the scenario's own figures in it.
        of: regions and blocs whose value added counts.
        slow: what plants and products in use need of the dataset; None: they stay as they were.
    """
    network = build_network(dataset, base_year=scenario.base_year)
    realisation = realise(scenario, network)
    months, alone = months_of(realisation, slow), solve_alone(market_of(realisation), realisation, realisation.months)
    counted = np.isin(network.regions, regions_named(of, network.regions))
    ground = lay_ground(dataset, scenario.base_year)
    plants = tuple(collect_activities(ground.figures, ground.region_map))
    users = _users(network)
    return Central(scenario, dataset, ground, network, plants, users, realisation, slow, months, alone, counted)


def _users(network: Network) -> tuple[UsePrior, ...]:
    rows = zip(network.use_good.tolist(), network.use_region.tolist(), network.use_sector.tolist(), strict=True)
    return tuple(UsePrior(network.goods[good], region, network.uses[use], 0.0, 0.0, "") for good, region, use in rows)


def total_musd(realisation: Realisation, months: Sequence[Month], counted: Flags) -> float:
    """Value added at risk of all months [million USD]; equal months are computed once."""
    if failure_of(months):
        return float("nan")
    by_equilibrium: dict[int, float] = {}
    for month in months:
        key = id(month.equilibrium)
        if key not in by_equilibrium:
            by_equilibrium[key] = lost_musd(realisation.network, month, counted)
    return sum(by_equilibrium[id(month.equilibrium)] for month in months)


def failure_of(months: Sequence[Month]) -> str:
    """Month and reason of the first that did not converge, or nothing."""
    failed = (f"{m.label}: {m.equilibrium.reason}" for m in months if not m.equilibrium.converged)
    return next(failed, "")
