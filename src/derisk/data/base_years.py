"""Base years: those whose rows suffice to balance a network."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.data.columns import Columns
from derisk.vocabulary.processes import market_goods
from derisk.vocabulary.regions import WORLD

_YEAR: Final = re.compile(r"\d{4}")
_NEVER: Final = 9999

Places = NDArray[np.int64]


def balanced_years(columns: Columns, *, traded: Places | None, priced: Places | None) -> tuple[int, ...]:
    """Years with trade, from the first on in which every good of the market has had a world price.

    Args:
        columns: the dataset's rows.
        traded: places of the chosen rows of trade; None where there are none.
        priced: places of the chosen rows of price.
    """
    if traded is None or priced is None:
        return ()
    codes, words = columns.codes, columns.words
    first: dict[str, int] = {}
    for good, region, period in zip(*(words[n][codes[n][priced]] for n in ("good", "region", "period")), strict=True):
        if region == WORLD and _YEAR.fullmatch(period):
            first[good] = min(first.get(good, _NEVER), int(period))
    known_from = max((first.get(good, _NEVER) for good in market_goods()), default=_NEVER)
    years = words["period"][np.unique(codes["period"][traded])]
    return tuple(sorted(int(year) for year in years if _YEAR.fullmatch(year) and int(year) >= known_from))
