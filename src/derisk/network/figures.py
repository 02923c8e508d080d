"""Figures: the dataset's rows that a network needs, chosen for a base year, and their sampling."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from derisk.errors import DatasetError, Problem
from derisk.network.record import Floats
from derisk.vocabulary.goods import GOODS, family
from derisk.vocabulary.processes import network_goods

Quantile = Callable[[str], float]
Key = tuple[str, str, str, str]

_GOODS: Final = frozenset(network_goods())
_MATERIALS: Final = frozenset({"", *(family(GOODS[good].material) for good in _GOODS)})
"""What a network reads: its goods' rows, and those about its materials as wholes; the dataset holds more."""

FLOW_FIELDS: Final = (
    "production",
    "recycled_production",
    "secondary_production",
    "trade",
    "capacity",
    "residue_supply",
    "price",
    "demand",
)
"""Fields of a year: for each good the newest year up to the base year counts, whole."""

STANDING_FIELDS: Final = (
    "output_share",
    "residue_share",
    "synthetic_share",
    "heavy_magnet_share",
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
    *(f"input_{good}" for good in network_goods()),
)
"""Fields that change slowly: each key's newest row up to the base year, else its first after."""


class Rows(Protocol):
    """What balancing asks of a dataset."""

    @property
    def hash(self) -> str:
        """Identity of the dataset's content."""

    def observations(self, *, field: str) -> Any:
        """Chosen rows of a field as a table with the columns of the dataset and `row_id`."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One chosen row of the dataset."""

    row_id: str
    field: str
    material: str
    stage: str
    good: str
    region: str
    partner: str
    use: str
    period: str
    value: float
    low: float | None
    high: float | None
    status: str
    source: str

    @property
    def key(self) -> Key:
        """What the row is about, its field and year apart."""
        return (self.good, self.region, self.partner, self.use)

    def words(self) -> str:
        """The row as an error message names it."""
        about = " ".join(word for word in (self.good or self.material, self.region, self.partner, self.use) if word)
        return f"{self.field} {about} {self.period} = {self.value:g} ({self.status}, {self.source}, row {self.row_id})"


@dataclass(frozen=True, slots=True)
class Figures:
    """Rows of every needed field, and the value each has now: central or sampled."""

    rows: Mapping[str, tuple[Figure, ...]]
    values: Mapping[str, Floats]
    position: Mapping[tuple[str, Key], int]

    def each(self, field: str) -> Iterable[tuple[Figure, float]]:
        """Rows of a field with their values."""
        return zip(self.rows[field], self.values[field].tolist(), strict=True)

    def find(self, field: str, *, good: str = "", region: str = "", use: str = "") -> float | None:
        """Value for a good (and use) in a region, else everywhere, else nothing."""
        at = self._at(field, good, region, use)
        return None if at is None else float(self.values[field][at])

    def central(self, field: str, *, good: str = "", region: str = "", use: str = "") -> float | None:
        """The same, whatever was drawn."""
        row = self.row(field, good=good, region=region, use=use)
        return None if row is None else row.value

    def row(self, field: str, *, good: str = "", region: str = "", use: str = "") -> Figure | None:
        """The row itself."""
        at = self._at(field, good, region, use)
        return None if at is None else self.rows[field][at]

    def _at(self, field: str, good: str, region: str, use: str) -> int | None:
        for place in dict.fromkeys((region, "", "WLD")):
            at = self.position.get((field, (good, place, "", use)))
            if at is not None:
                return at
        return None

    def sampled(self, quantile: Quantile) -> Figures:
        """The same rows, those with a range drawn from it.

        Args:
            quantile: number in (0, 1) for a row's id.
        """
        values = {field: _sample(rows, self.values[field], quantile) for field, rows in self.rows.items()}
        return Figures(rows=self.rows, values=values, position=self.position)


def read_figures(dataset: Rows, *, base_year: int) -> Figures:
    """All rows a network of `base_year` needs.

    Raises:
        DatasetError: two chosen rows state the same number.
    """
    rows = {field: _newest_by_good(_read(dataset, field), base_year) for field in FLOW_FIELDS}
    rows |= {field: _newest_by_key(_read(dataset, field), base_year) for field in STANDING_FIELDS}
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
    values = {field: np.array([figure.value for figure in figures]) for field, figures in rows.items()}
    return Figures(rows=rows, values=values, position=position)


def triangular_value(probability: Floats, *, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Quantile of triangular distributions, elementwise; the mode where low = high."""
    width = np.maximum(high - low, 1e-300)
    turn = (mode - low) / width
    below = low + np.sqrt(probability * width * (mode - low))
    above = high - np.sqrt((1 - probability) * width * (high - mode))
    return np.where(high > low, np.where(probability < turn, below, above), mode)


def _sample(rows: tuple[Figure, ...], values: Floats, quantile: Quantile) -> Floats:
    ranged = [at for at, row in enumerate(rows) if row.low is not None or row.high is not None]
    if not ranged:
        return values
    mode = values[ranged]
    low = np.array([_bound(rows[at].low, rows[at].value) for at in ranged])
    high = np.array([_bound(rows[at].high, rows[at].value) for at in ranged])
    probability = np.array([quantile(rows[at].row_id) for at in ranged])
    drawn = values.copy()
    drawn[ranged] = triangular_value(probability, low=np.minimum(low, mode), mode=mode, high=np.maximum(high, mode))
    return drawn


def _bound(limit: float | None, value: float) -> float:
    return value if limit is None else limit


def _read(dataset: Rows, field: str) -> list[Figure]:
    table = dataset.observations(field=field)
    names = ("row_id", "material", "stage", "good", "region", "partner", "use", "period", "status", "source")
    words = [["" if _absent(word) else str(word) for word in table[name].tolist()] for name in names]
    numbers = [[_number(item) for item in table[name].tolist()] for name in ("value", "low", "high")]
    figures = []
    for row in zip(*words, *numbers, strict=True):
        row_id, material, stage, good, region, partner, use, period, status, source, value, low, high = row
        if value is None or "-" in period or not (good in _GOODS if good else material in _MATERIALS):
            continue
        figures.append(
            Figure(row_id, field, material, stage, good, region, partner, use, period, value, low, high, status, source)
        )
    return figures


def _absent(item: object) -> bool:
    return item is None or item != item


def _number(item: object) -> float | None:
    if _absent(item) or item == "":
        return None
    return float(item)  # type: ignore[arg-type]


def _year(figure: Figure) -> int:
    return int(figure.period) if figure.period else 0


def _newest_by_good(figures: list[Figure], base_year: int) -> tuple[Figure, ...]:
    past = [figure for figure in figures if _year(figure) <= base_year]
    newest: dict[tuple[str, str], int] = {}
    for figure in past:
        about = (figure.material, figure.good)
        newest[about] = max(newest.get(about, 0), _year(figure))
    return tuple(figure for figure in past if _year(figure) == newest[figure.material, figure.good])


def _newest_by_key(figures: list[Figure], base_year: int) -> tuple[Figure, ...]:
    chosen: dict[tuple[str, Key], Figure] = {}
    for figure in sorted(figures, key=_year):
        about = (figure.material, figure.key)
        if about not in chosen or _year(figure) <= base_year:
            chosen[about] = figure
    return tuple(chosen.values())
