"""Outcome: value added at risk of one month, and its derivatives by use, demand, dependence and value added."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from derisk.losses import ValueAtRisk, shortfall_share, shortfall_t, value_added_at_risk
from derisk.network import Network
from derisk.path import Month

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

NEAR = 1e-7
"""Two inputs whose products differ by less than this share bind alike."""

_MONTHS = 12.0


@dataclass(frozen=True, slots=True)
class OutcomeSlopes:
    """Derivatives of a month's value added at risk [million USD per unit]; the binding input's side at a tie."""

    use: Floats
    """(use_row,) by tonnes used, prices apart: nothing in the outcome depends on a price."""
    demand_ratio: Floats
    """(use_row,) by the ratio of what is wanted, at given tonnes."""
    dependence_share: Floats
    """(use_row,)."""
    value_added: Floats
    """(region, use)."""
    ties: int
    """Sectors in which a second input binds alike; the derivative is that of the row listed last."""


def lost_musd(network: Network, month: Month, counted: Flags) -> float:
    """Value added at risk in a month [million USD] (equation 14.1 of docs/theory/sensitivity.md).

    Args:
        network: the network solved.
        month: a solved month.
        counted: (region,) regions whose loss counts.
    """
    return float(_at_risk(network, _short_share(network, month)).lost_musd[counted].sum())


def outcome_slopes(network: Network, month: Month, counted: Flags) -> OutcomeSlopes:
    """Derivatives of `lost_musd` (equations 14.2 and 14.3 of docs/theory/sensitivity.md)."""
    short = _short_share(network, month)
    risk = _at_risk(network, short)
    region, use = np.nonzero((risk.binding_row >= 0) & counted[:, None])
    row = risk.binding_row[region, use]
    monthly, dependence = network.value_added_musd[region, use] / _MONTHS, network.dependence_share[row]
    ratio, wanted = month.shock.demand_ratio[row], _wanted(network, month)[row]
    rows = network.base_use_t.size
    by = OutcomeSlopes(
        use=np.zeros(rows),
        demand_ratio=np.zeros(rows),
        dependence_share=np.zeros(rows),
        value_added=np.zeros(network.value_added_musd.shape),
        ties=_ties(network, short, risk, counted),
    )
    by.use[row] = -monthly * dependence / wanted
    by.demand_ratio[row] = monthly * dependence * month.equilibrium.use[row] / (wanted * ratio)
    by.dependence_share[row] = monthly * short[row]
    by.value_added[region, use] = dependence * short[row] / _MONTHS
    return by


def _wanted(network: Network, month: Month) -> Floats:
    return np.asarray(network.base_use_t * month.shock.demand_ratio)


def _short_share(network: Network, month: Month) -> Floats:
    """Share of the wanted tonnes that is short, (use_row,); disposal and stock building never are."""
    demanded = {"base_use_t": network.base_use_t, "demand_ratio": month.shock.demand_ratio}
    short = shortfall_t(use_t=month.equilibrium.use, **demanded)
    short[~network.served] = 0.0
    return shortfall_share(shortfall=short, **demanded)


def _at_risk(network: Network, short: Floats) -> ValueAtRisk:
    return value_added_at_risk(network, shortfall_share=short)


def _ties(network: Network, short: Floats, risk: ValueAtRisk, counted: Flags) -> int:
    """Sectors with a loss in which another input's product comes as near to the largest as makes no difference."""
    exposure = network.dependence_share * short
    binding = risk.binding_row[network.use_region, network.use_sector]
    others = (binding >= 0) & (binding != np.arange(binding.size)) & counted[network.use_region]
    level = exposure[binding[others]]
    alike = others.copy()
    alike[others] = exposure[others] >= (1.0 - NEAR) * level
    return len(set(zip(network.use_region[alike].tolist(), network.use_sector[alike].tolist(), strict=True)))
