"""Additions: processes and contracts that a scenario adds to the network, closed until their measure opens them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from derisk.errors import Problem, ScenarioError
from derisk.network.record import Floats, Integers, Network

Role = Literal["plant", "stockpile", "buyer", "outside", "idle"]
"""What an added process is: a plant or recycler, a store that sells or buys, the world outside the network, or room
that plants of the base year have left and that a measure sets to work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Tonnes of a good that buyers take from sellers over links of their own."""

    place: str
    """Key of the measure that adds it."""
    good: int
    buyers: Integers
    """Regions that share the tonnes by what they take in."""
    sellers: Integers
    """Regions that share them by what they ship."""
    at_home: bool
    """Whether a buyer that is a seller too takes tonnes of its own."""
    quantity_t: float
    """Most it moves [t/month]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """Links over which sellers offer a good in every market, as a seller does who looks for buyers everywhere."""

    place: str
    """Key of the measure that adds them."""
    good: int
    sellers: Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Addition:
    """A process without base output."""

    place: str
    """Key of the measure that adds it."""
    name: str
    role: Role
    region: int
    good: int
    """Its main good; capacity and unit cost are per tonne of it."""
    recipe: Floats
    """(good,) tonnes out (positive) or in (negative) per tonne of the main good; a buyer has inputs alone."""
    capacity_t: float
    """[t/month]."""
    unit_cost_usd_per_t: float
    """Above 0 a cost; of a buyer the price it stops at, negative."""
    sells_abroad: bool = False
    """Whether it looks for customers in all regions or at home alone."""
    sells_at_home_t: float | None = None
    """What it would sell at home at base prices [t/month]; its capacity if None."""
    held_t: float = 0.0
    """Tonnes held at first by a stockpile, or bought at most by a buyer [t], else 0."""
    kind: str = ""
    """Kind of plant, for a plant that has one."""
    project: str = ""
    """Project of the dataset that it is, if any."""
    capital_cost_usd_per_t: float = 0.0
    """Capital cost over a year's capacity [USD per t/year]."""

    @property
    def same_plant(self) -> tuple[str, int, int]:
        """Name, region and good: what tells idle plants apart."""
        return self.name, self.region, self.good

    @staticmethod
    def alone(good: int, network: Network) -> Floats:
        """Recipe of a process that gives one good and takes none."""
        recipe = np.zeros(len(network.goods))
        recipe[good] = 1.0
        return recipe

    @staticmethod
    def usual(kind: str, network: Network, region: int, *, place: str) -> Floats:
        """Recipe that plants of a kind have in the region, or in the world where it has none, weighted by base output.

        Raises:
            ScenarioError: no plant of the kind runs in the base year.
        """
        of_kind = np.array([name == kind for name in network.process_kind], dtype=np.bool_) & (
            network.base_output_t > 0
        )
        at_home = of_kind & (network.process_region == region)
        rows = np.flatnonzero(at_home if at_home.any() else of_kind)
        if not len(rows):
            what = f"no plant of kind '{kind}' runs in the base year, so a new one has no recipe"
            raise ScenarioError(Problem(what=what, where=place, allowed=", ".join(sorted(set(network.process_kind)))))
        weights = network.base_output_t[rows]
        recipe: Floats = weights @ network.process_good_matrix[rows] / weights.sum()
        return recipe
