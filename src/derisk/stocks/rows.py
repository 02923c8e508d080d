"""Rows: the dataset's world rows about a good and whole years, and the newest of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from derisk.data.fields import STATUSES
from derisk.vocabulary.regions import WORLD

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data import Dataset

OF_THE_WORLD: Final = (WORLD,)
EVERYWHERE: Final = ("", WORLD)
"""Regions of rows that hold for the world: stated for it, or for no place in particular."""


def good_rows(dataset: Dataset, field: str | tuple[str, ...], good: str, regions: tuple[str, ...]) -> pd.DataFrame:
    """Chosen rows of one field, or of several, about whole years, with the year as a number."""
    rows = dataset.observations(field=field, good=good, region=regions, partner="")
    rows = rows[rows["period"].str.fullmatch(r"\d{4}")]
    return rows.assign(year=rows["period"].astype(int))


def newest_year(rows: pd.DataFrame, last: int) -> pd.DataFrame:
    """Rows of the newest year up to the last, else of the first after it, the whole year together."""
    if rows.empty:
        return rows
    up_to = rows.loc[rows["year"] <= last, "year"]
    year = up_to.max() if len(up_to) else rows["year"].min()
    return rows[rows["year"] == year]


def worst_status(words: Iterable[str]) -> str:
    """The worst of some statuses, in the dataset's order."""
    return max(words, key=STATUSES.index)
