"""Base years: those that a network can be balanced for, by the dataset's own rows and what later years lend."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.data.columns import Columns
from derisk.vocabulary.processes import market_goods
from derisk.vocabulary.regions import WORLD

_YEAR: Final = re.compile(r"\d{4}")

Places = NDArray[np.int64]


def balanced_years(columns: Columns, chosen: Mapping[str, Places]) -> tuple[int, ...]:
    """Every year from the first with GDP to the newest with trade, where each good of the market has had a world price.

    What a year's own rows do not say later years lend (docs/theory/network.md); a good that never had a price cannot
    be lent one.

    Args:
        columns: the dataset's rows.
        chosen: places of the chosen rows of each field.
    """
    if not all(len(chosen.get(field, ())) for field in ("gdp", "trade", "price")):
        return ()
    codes, words = columns.codes, columns.words
    quoted = chosen["price"]
    regions = words["region"][codes["region"][quoted]]
    priced = set(words["good"][codes["good"][quoted[regions == WORLD]]].tolist())
    if not priced.issuperset(market_goods()):
        return ()
    first, last = (_years(columns, chosen[field]) for field in ("gdp", "trade"))
    return tuple(range(min(first), max(last) + 1))


def _years(columns: Columns, places: Places) -> list[int]:
    periods = columns.words["period"][np.unique(columns.codes["period"][places])]
    return [int(period) for period in periods if _YEAR.fullmatch(period)]
