"""The network: one balanced base year as labelled arrays, ready for the market."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from derisk.vocabulary.regions import COUNTRIES
from derisk.vocabulary.uses import PSEUDO_USES

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Change:
    """What balancing did to one reported (or assumed) figure."""

    kind: str
    """`production`, `recycling`, `trade`, `use`, or `recipe`: what plants take or give by a coefficient that was
    moved."""
    good: str
    region: str
    partner: str
    """Destination of a flow, else ''."""
    use: str
    reported_t_per_year: float
    balanced_t_per_year: float
    status: str
    """Status of the dataset row behind `reported_t_per_year`."""


@dataclass(frozen=True, slots=True)
class Borrowed:
    """Figures of one field and good that another year lends to the base year."""

    field: str
    subject: str
    """The good, or the material of rows about no one good; empty for rows about neither."""
    year: int
    """The year that lends."""
    rows: int
    least_ratio: float
    greatest_ratio: float
    """What their values were multiplied by."""
    rule: str
    left_out: tuple[str, ...]
    """Countries of the lending year that the rows of the base year do not know."""


@dataclass(frozen=True, slots=True)
class Network:
    """Balanced base year of `base_year`, in tonnes a month and USD per tonne of each good's basis.

    Axes: link (origin ships good to destination, home deliveries included), process
    (a kind of plant in a region), use_row (a sector in a region that consumes a good).
    Index arrays point into `goods`, `regions`, `uses`.
    For every good and region, outputs = flows out, and flows in = inputs + uses, to 1e-12 relative.
    """

    base_year: int
    goods: tuple[str, ...]
    regions: tuple[str, ...]
    uses: tuple[str, ...]
    distance_km: Floats
    """(region, region) mean great-circle distance."""

    origin: Integers
    destination: Integers
    good: Integers
    base_flow_t: Floats
    """(link,) [t/month]; latent links have small positive flows."""
    link_observed: Flags
    """(link,) true where a row of the dataset states the flow, false where a rule derived it or the link is latent."""

    base_price_usd_per_t: Floats
    """(good,) reference price."""
    trade_elasticity: Floats
    """(good,)."""
    stock_cover_months: Floats
    """(good, region) months of use that users and traders hold; not a number where no row states it."""

    process_kind: tuple[str, ...]
    process_region: Integers
    process_main_good: Integers
    """(process,) the good whose tonnes measure activity; its entry in the matrix is 1."""
    process_good_matrix: Floats
    """(process, good) tonnes out (positive) or in (negative) per tonne of main output."""
    process_fixed: Flags
    """(process,) hosts: they run whatever the price of what they make."""
    base_output_t: Floats
    """(process,) [t/month] of the main output."""
    capacity_t: Floats
    """(process,) [t/month] of the main output."""
    unit_cost_usd_per_t: Floats
    """(process,) only for processes without base output; 0 elsewhere, where cost is residual."""
    supply_elasticity: Floats
    """(process,)."""

    use_good: Integers
    use_region: Integers
    use_sector: Integers
    """(use_row,) index into `uses`; `disposal` and `stock_building` are among them."""
    base_use_t: Floats
    """(use_row,) [t/month]."""
    demand_elasticity: Floats
    """(use_row,) positive number: 0.1 means -0.1."""
    value_in_use_usd_per_t: Floats
    """(use_row,)."""
    dependence_share: Floats
    """(use_row,) share of the sector's product lines that stop without the good."""

    value_added_musd: Floats
    """(region, use) [million USD a year]."""
    value_added_assumed: Flags
    """(region, use) true where scaled by GDP or resting on an assumed row, rather than published."""

    changes: tuple[Change, ...]
    """What balancing changed, largest first."""

    borrowed: tuple[Borrowed, ...] = ()
    """What other years lend to the base year."""
    price_borrowed: Flags = field(default_factory=lambda: np.zeros(0, dtype=np.bool_))
    """(good,) true where the reference price is another year's, moved; empty: none."""
    output_borrowed_share: Floats = field(default_factory=lambda: np.zeros(0))
    """(process,) share of its prior output that another year lends; empty: none."""

    def __repr__(self) -> str:
        counted = f"{len(self.goods)} goods, {len(self.regions)} regions, {len(self.origin)} links"
        return f"Network({self.base_year}, {counted}, {len(self.process_kind)} processes, {len(self.use_good)} uses)"

    @property
    def served(self) -> Flags:
        """(use_row,) true for end uses, false for disposal and stock building, which nobody misses."""
        aside = [at for at, use in enumerate(self.uses) if use in PSEUDO_USES]
        return ~np.isin(self.use_sector, aside)

    @property
    def within_country(self) -> Flags:
        """(link,) true where a country delivers to itself in the base year; merged regions have borders inside."""
        country = np.isin(self.regions, list(COUNTRIES))
        at_home: Flags = (self.origin == self.destination) & country[self.origin] & (self.base_flow_t > 0.0)
        return at_home
