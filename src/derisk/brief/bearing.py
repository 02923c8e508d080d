"""Bearing: which sources of the dataset state figures that a study rests on, and which are about other materials."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from derisk.data.fields import fields_of
from derisk.vocabulary.goods import GOODS, members

_TABLES: Final = (
    "production", "capacity", "prices", "trade", "demand", "end_use", "stock_cover", "recycling", "elasticities",
    "unit_costs", "coefficients",
)  # fmt: skip
"""Tables of rows about goods that the network, the market and the losses are built from."""
_ECONOMY: Final = ("value_added", "gdp")
NEWEST_BASE_YEAR: Final = 2024
"""Earlier base years borrow from the years up to this one."""


def bearing_first(source_ids: Sequence[str], goods: Iterable[str], dataset: Any) -> tuple[list[str], list[str]]:
    """Sources with rows about the goods, those with most rows first, and the others in their order.

    Args:
        source_ids: ids of the study's sources.
        goods: goods of the study's tables.
        dataset: reference dataset; without one every source counts as bearing.
    """
    if dataset is None:
        return list(source_ids), []
    materials = sorted({word for good in goods if good in GOODS for word in members(GOODS[good].material)})
    about_goods = tuple(field for table in _TABLES for field in fields_of(table))
    about_all = tuple(field for table in _ECONOMY for field in fields_of(table))
    counts: Counter[str] = Counter()
    for fields, words in ((about_goods, {"material": materials}), (about_all, {"material": ""})):
        counts.update(dataset.latest(fields, up_to=NEWEST_BASE_YEAR, **words)["source"])
    bearing = sorted((one for one in source_ids if counts[one]), key=lambda one: -counts[one])
    return bearing, [one for one in source_ids if not counts[one]]
