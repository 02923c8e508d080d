"""Political distance: how far two countries stand apart in the votes of the United Nations' General Assembly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from derisk.errors import DatasetError, Problem, name_some

if TYPE_CHECKING:
    from derisk.data.dataset import Dataset

FIELD: Final = "political_position"
UNIT: Final = "points"


def positions(dataset: Dataset, *, period: str | int) -> Mapping[str, dict[str, Any]]:
    """Rows of `political_position` of a year, by country.

    Raises:
        DatasetError: no country has a position in the year.
    """
    from derisk.data.dataset import plain_records

    rows = plain_records(dataset.observations(field=FIELD, period=str(period)))
    if not rows:
        known = sorted(set(dataset.observations(field=FIELD)["period"]))
        raise DatasetError(
            Problem(f"no political position of {period}", "dataset", name_some(known, shown=30), "choose such a year")
        )
    return {str(row["region"]): row for row in rows}


def political_distance(dataset: Dataset, year: int | str) -> dict[tuple[str, str], float]:
    """Distance |position - position| of each ordered pair of countries [points of the ideal-point scale].

    Zero between countries that vote alike, 3.3 between China and the United States in 2023. A country that does not
    vote has none.

    Raises:
        DatasetError: no country has a position in the year.

    Source: Bailey, Strezhnev, Voeten (2017), Journal of Conflict Resolution 61, 430-456.
    """
    value = {region: float(row["value"]) for region, row in positions(dataset, period=year).items()}
    return {(a, b): abs(value[a] - value[b]) for a in value for b in value if a != b}


def lines(dataset: Dataset, *, period: str | int | None = None) -> list[dict[str, Any]]:
    """The distances of a year (default: the newest) as `derisk data table political_distance` lists them.

    Each pair stands twice, once from each side; `region_row` and `partner_row` are the rows it is the difference of.

    Raises:
        DatasetError: no country has a position in the year.
    """
    year = str(period) if period is not None else max(dataset.observations(field=FIELD)["period"], default="")
    rows = positions(dataset, period=year)
    return [
        {
            "region": a,
            "partner": b,
            "period": year,
            "field": "political_distance",
            "value": distance,
            "unit": UNIT,
            "status": "derived",
            "source": rows[a]["source"],
            "region_row": rows[a]["row_id"],
            "partner_row": rows[b]["row_id"],
        }
        for (a, b), distance in political_distance(dataset, year).items()
    ]
