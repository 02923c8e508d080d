"""Slopes: derivatives of the outcome by every array of a realised scenario, through the market's adjoint."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.market import Equilibrium
from derisk.market.gradient import Gradient
from derisk.market.switches import Switch
from derisk.market.trade import SMALLEST_EXPONENT
from derisk.path import Month, gap_scale_ratios, load_parameters
from derisk.scenario import MonthShock, Realisation
from derisk.sensitivity.outcome import Flags, outcome_slopes

Floats = NDArray[np.float64]

STANDING = (
    "base_price_usd_per_t",
    "trade_elasticity",
    "capacity_t",
    "unit_cost_usd_per_t",
    "supply_elasticity",
    "demand_elasticity",
    "value_in_use_usd_per_t",
    "dependence_share",
    "value_added_musd",
)
"""Arrays of the network that all months share."""
MONTHLY = ("capacity_ratio", "cost_usd_per_t", "flow_cap_t", "quota_t", "wedge_usd_per_t", "demand_ratio")
"""Arrays of a month's shock."""


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivatives of the outcome, summed over months, by the arrays of a realised scenario."""

    standing: dict[str, Floats]
    link_weight: Floats
    """(link,) by the weight of an added link."""
    monthly: tuple[dict[str, Floats], ...]
    """(distinct month,) by the arrays of its shock."""
    distinct: tuple[int, ...]
    """(month,) index into `monthly`."""
    switches: tuple[Switch, ...]
    """Points at which the market stands where a derivative is one-sided."""
    ties: int
    """Sectors, month by distinct month, in which two inputs bind alike."""


def slopes_of(realisation: Realisation, months: Sequence[Month], counted: Flags) -> Slopes:
    """Derivatives by every array (equation 14.4 of docs/theory/sensitivity.md): one adjoint a distinct month.

    Args:
        realisation: the central case.
        months: its months, each solved for itself; one without equilibrium has no derivatives.
        counted: (region,) regions whose loss counts.
    """
    network = realisation.network
    standing = {name: np.zeros_like(getattr(network, name)) for name in STANDING}
    link_weight = np.zeros_like(realisation.link_weight_t)
    monthly: list[dict[str, Floats]] = []
    switches: dict[tuple[str, tuple[int, ...], str], Switch] = {}
    ties = 0
    distinct = list({id(month.equilibrium): month for month in months}.values())
    for month in distinct:
        if not month.equilibrium.converged:
            monthly.append({name: np.zeros_like(getattr(month.shock, name)) for name in MONTHLY})
            continue
        count = sum(other.equilibrium is month.equilibrium for other in months)
        by = outcome_slopes(network, month, counted)
        gradient = month.equilibrium.gradient({"use": by.use})
        ties += by.ties
        switches |= {(switch.axis, switch.index, switch.side): switch for switch in gradient.switches}
        for name, values in _standing(gradient).items():
            standing[name] += count * values
        standing["dependence_share"] += count * by.dependence_share
        standing["value_added_musd"] += count * by.value_added
        link_weight += count * _by_link_weight(realisation, month.equilibrium, gradient)
        monthly.append({name: gradient[name] for name in MONTHLY})
        monthly[-1]["demand_ratio"] = gradient["demand_ratio"] + by.demand_ratio
    place = {id(month.equilibrium): number for number, month in enumerate(distinct)}
    of_month = tuple(place[id(month.equilibrium)] for month in months)
    return Slopes(standing, link_weight, tuple(monthly), of_month, tuple(switches.values()), ties)


def first_order_change(slopes: Slopes, before: Realisation, after: Realisation) -> float:
    """Change of the outcome to first order from one realised scenario to another of the same shape [million USD].

    Equation (14.5) of docs/theory/sensitivity.md. Not a number where the two have different links, plants or quotas.
    """
    change = _dot(slopes.link_weight, before.link_weight_t, after.link_weight_t)
    for name, by in slopes.standing.items():
        change += _dot(by, getattr(before.network, name), getattr(after.network, name))
    alike: dict[tuple[int, int], list[int]] = {}
    for month, shock in enumerate(after.shocks):
        alike.setdefault((slopes.distinct[month], id(shock)), []).append(month)
    for (number, _), members in alike.items():
        first = members[0]
        change += len(members) * _by_shock(slopes.monthly[number], before.shocks[first], after.shocks[first])
    return change


def _by_shock(slopes: dict[str, Floats], before: MonthShock, after: MonthShock) -> float:
    return sum(_dot(by, getattr(before, name), getattr(after, name)) for name, by in slopes.items())


def _dot(slope: Floats, before: Floats, after: Floats) -> float:
    if before.shape != after.shape:
        return float("nan")
    moved = np.flatnonzero(np.ravel(before) != np.ravel(after))
    return float(np.ravel(slope)[moved] @ (np.ravel(after)[moved] - np.ravel(before)[moved]))


def _standing(gradient: Gradient) -> dict[str, Floats]:
    """The market's derivatives under the network's names; a good's price is one in all regions."""
    known = load_parameters()  # the market has the network's elasticities times one ratio for each kind
    found = {name: gradient[name] for name in STANDING if name in gradient}
    found["base_price_usd_per_t"] = gradient["base_price_usd_per_t"].sum(axis=1)
    found["supply_elasticity"] = known.supply_elasticity_ratio * gradient["supply_steepness"]
    found["demand_elasticity"] = known.demand_elasticity_ratio * gradient["demand_elasticity"]
    found["trade_elasticity"] = known.trade_elasticity_ratio * gradient["trade_elasticity"]
    return found


def _by_link_weight(realisation: Realisation, equilibrium: Equilibrium, gradient: Gradient) -> Floats:
    """Derivative by the weight of added links: `x = w u^b`, so it is that by the wedge times `-ξ u / (b w)`."""
    network = realisation.network
    known = load_parameters()
    stated = known.trade_elasticity_ratio * network.trade_elasticity
    exponent = np.maximum(stated, SMALLEST_EXPONENT)[network.good]
    price = gap_scale_ratios(network, known) * network.base_price_usd_per_t[network.good]
    added = (network.base_flow_t <= 0.0) & (realisation.link_weight_t > 0.0)
    weight = realisation.link_weight_t[added]
    ratio = (equilibrium.flow[added] / weight) ** (1.0 / exponent[added])
    by = np.zeros_like(realisation.link_weight_t)
    by[added] = -gradient["wedge_usd_per_t"][added] * price[added] * ratio / (exponent[added] * weight)
    return by
