"""Figures: the dataset's rows that a network needs, chosen for a base year, and their sampling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

import numpy as np

from derisk.distributions import triangular_quantile
from derisk.errors import DatasetError, Problem
from derisk.network.borrowed_prices import borrow_prices
from derisk.network.borrowed_residues import with_hosts, with_richer_hosts
from derisk.network.borrowed_tonnes import (
    borrow_by_maker,
    borrow_by_world,
    borrow_production,
    carry_demand,
    world_output,
)
from derisk.network.borrowing import borrow_standing, borrow_value_added, newest_by_good
from derisk.network.figure import FLOW_FIELDS as FLOW_FIELDS
from derisk.network.figure import Figure, Key
from derisk.network.record import Borrowed, Floats
from derisk.vocabulary.goods import GOODS, family
from derisk.vocabulary.processes import network_goods
from derisk.vocabulary.regions import WORLD

Quantile = Callable[[str], float]

_GOODS: Final = frozenset(network_goods())
_MATERIALS: Final = frozenset({"", *(family(GOODS[good].material) for good in _GOODS)})
"""What a network reads: its goods' rows, and those about its materials as wholes; the dataset holds more."""

INPUT_FIELDS: Final = tuple(f"input_{good}" for good in network_goods())
"""Coefficients: tonnes of each good per tonne of what is made from it."""

STANDING_FIELDS: Final = (
    "output_share",
    "clay_output_share",
    "clay_share",
    "residue_share",
    "synthetic_share",
    "heavy_magnet_share",
    "matte_share",
    "customs_coverage_share",
    "utilisation_share",
    "end_use_share",
    "demand_share",
    "non_magnet_share",
    "demand_elasticity",
    "supply_elasticity",
    "trade_elasticity",
    "stock_cover",
    "value_added",
    "dependence_share",
    "gdp",
    *INPUT_FIELDS,
)
"""Fields that change slowly: each key's newest row up to the base year, else its first after lends."""

LEVEL_FIELDS: Final = ("price_level",)
"""Fields by which figures are moved from year to year; a network holds none of them."""

OF_MAKERS: Final = ("recycled_production", "trade", "residue_supply")
OF_THE_WORLD: Final = ("secondary_production",)
"""Fields of a year whose figures move with their maker's output, and with the world's."""
NOT_LENT: Final = "capacity"
CARRIED: Final = "demand"
"""Fields of a year that stay empty without a row up to it: a rule fills what no row states. Of capacity a good's newest
year counts, of demand each user's."""


class Rows(Protocol):
    """What balancing asks of a dataset."""

    @property
    def hash(self) -> str:
        """Identity of the dataset's content."""

    def observations(self, *, field: str) -> Any:
        """Chosen rows of a field as a table with the columns of the dataset and `row_id`."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows of every needed field, and the value each has now: central or sampled."""

    rows: Mapping[str, tuple[Figure, ...]]
    values: Mapping[str, Floats]
    position: Mapping[tuple[str, Key], int]
    borrowed: tuple[Borrowed, ...] = ()
    """What other years lend."""
    base_year: int = 0

    def each(self, field: str) -> Iterable[tuple[Figure, float]]:
        """Rows of a field with their values."""
        return zip(self.rows[field], self.values[field].tolist(), strict=True)

    def find(self, field: str, *, good: str = "", region: str = "", use: str = "") -> float | None:
        """Value for a good (and use) in a region, else everywhere, else nothing."""
        at = self._at(field, good, region, use)
        return None if at is None else float(self.values[field][at])

    def central(self, field: str, *, good: str, region: str = "") -> float | None:
        """The same of a row without a use, whatever was drawn."""
        row = self.row(field, good=good, region=region)
        return None if row is None else row.value

    def row(self, field: str, *, good: str = "", region: str = "", use: str = "") -> Figure | None:
        """The row itself."""
        at = self._at(field, good, region, use)
        return None if at is None else self.rows[field][at]

    def _at(self, field: str, good: str, region: str, use: str) -> int | None:
        for place in dict.fromkeys((region, "", WORLD)):
            at = self.position.get((field, (good, place, "", use)))
            if at is not None:
                return at
        return None

    def about(self, goods: Iterable[str]) -> Figures:
        """The rows of some goods, and those that are about none."""
        wanted = {"", *goods}
        kept = {field: [figure.good in wanted for figure in rows] for field, rows in self.rows.items()}
        rows = {
            field: tuple(f for f, keep in zip(self.rows[field], kept[field], strict=True) if keep) for field in kept
        }
        values = {field: self.values[field][kept[field]] for field in kept}
        borrowed = tuple(line for line in self.borrowed if line.subject in wanted or line.subject not in GOODS)
        return replace(self, rows=rows, values=values, position=_positions(rows), borrowed=borrowed)

    def sampled(self, quantile: Quantile) -> Figures:
        """The same rows, those with a range drawn from it.

        Args:
            quantile: number in (0, 1) for a row's id.
        """
        values = {field: _sample(rows, self.values[field], quantile) for field, rows in self.rows.items()}
        return replace(self, values=values)


def read_figures(dataset: Rows, *, base_year: int) -> Figures:
    """All rows a network of `base_year` needs: its own, else what another year lends.

    Raises:
        DatasetError: two chosen rows state the same number.
    """
    every = {field: _read(dataset, field) for field in (*FLOW_FIELDS, *STANDING_FIELDS, *LEVEL_FIELDS)}
    rows, borrowed = choose_rows(every, base_year)
    values = {field: np.array([figure.value for figure in figures]) for field, figures in rows.items()}
    return Figures(rows, values, _positions(rows), borrowed, base_year)


def _positions(rows: Mapping[str, tuple[Figure, ...]]) -> dict[tuple[str, Key], int]:
    """Place of each row by field and key.

    Raises:
        DatasetError: two rows state the same number.
    """
    position: dict[tuple[str, Key], int] = {}
    problems: list[Problem] = []
    for field, figures in rows.items():
        for at, figure in enumerate(figures):
            if not figure.good and field in FLOW_FIELDS:
                continue  # a number about a whole material: of use to the rule of regions alone
            if (field, figure.key) in position:
                other = figures[position[field, figure.key]]
                problems.append(Problem(what=f"two rows state one number: {figure.words()}", where=other.words()))
            position[field, figure.key] = at
    if problems:
        raise DatasetError(*problems)
    return position


def choose_rows(
    every: Mapping[str, list[Figure]], base_year: int
) -> tuple[dict[str, tuple[Figure, ...]], tuple[Borrowed, ...]]:
    """Rows of each field for a base year, and what of them other years lend."""
    world, told = world_output(every["production"])
    production, makers = borrow_production(every["production"], every["trade"], base_year, world, told)
    coefficients = [figure for field in INPUT_FIELDS for figure in every[field]]
    loans = {"production": production}
    loans |= {field: borrow_by_maker(every[field], base_year, makers, world) for field in OF_MAKERS}
    loans |= {field: borrow_by_world(every[field], base_year, world) for field in OF_THE_WORLD}
    loans |= {NOT_LENT: newest_by_good(every[NOT_LENT], base_year)}
    loans |= {CARRIED: carry_demand(every[CARRIED], base_year, world)}
    loans["price"] = borrow_prices(every["price"], coefficients, every["price_level"], base_year)
    loans |= {field: borrow_standing(every[field], base_year) for field in STANDING_FIELDS}
    loans["value_added"] = borrow_value_added(every["value_added"], every["gdp"], base_year)
    needs = {field.removeprefix("input_"): every[field][0].value for field in INPUT_FIELDS if every[field]}
    shares = with_richer_hosts(loans["residue_share"], production.figures, needs)
    loans["residue_supply"] = with_hosts(loans["residue_supply"], shares, production.figures, needs)
    loans["residue_share"] = shares
    rows = {field: loans[field].figures for field in (*FLOW_FIELDS, *STANDING_FIELDS)}
    return rows, tuple(line for loan in loans.values() for line in loan.listed(base_year))


def _sample(rows: tuple[Figure, ...], values: Floats, quantile: Quantile) -> Floats:
    ranged = [at for at, row in enumerate(rows) if row.low is not None or row.high is not None]
    if not ranged:
        return values
    drawn = values.copy()
    for at in ranged:
        mode = float(values[at])
        low = min(_bound(rows[at].low, rows[at].value), mode)
        high = max(_bound(rows[at].high, rows[at].value), mode)
        drawn[at] = triangular_quantile(quantile(rows[at].row_id), low, mode, high)
    return drawn


def _bound(limit: float | None, value: float) -> float:
    return value if limit is None else limit


def _read(dataset: Rows, field: str) -> list[Figure]:
    table = dataset.observations(field=field)
    names = ("row_id", "material", "stage", "good", "region", "partner", "use", "period", "status", "source")
    words = [["" if word is None or word != word else str(word) for word in table[name].tolist()] for name in names]
    numbers = [_numbers(table[name].tolist()) for name in ("value", "low", "high")]
    figures = []
    for row in zip(*words, *numbers, strict=True):
        row_id, material, stage, good, region, partner, use, period, status, source, value, low, high = row
        if value is None or "-" in period or not (good in _GOODS if good else material in _MATERIALS):
            continue
        figures.append(
            Figure(row_id, field, material, stage, good, region, partner, use, period, value, low, high, status, source)
        )
    return figures


def _numbers(cells: list[Any]) -> list[float | None]:
    return [None if cell is None or cell != cell or cell == "" else float(cell) for cell in cells]
