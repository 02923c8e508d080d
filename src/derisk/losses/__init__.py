"""Losses: shortfall, value added at risk, price transfers, tail."""

from derisk.losses.forgone import forgone_value_musd
from derisk.losses.shortfall import shortfall_share, shortfall_t
from derisk.losses.tail import range_levels, range_words, spread
from derisk.losses.transfers import Transfers, price_transfers
from derisk.losses.value_added import ValueAtRisk, value_added_at_risk

__all__ = [
    "Transfers",
    "ValueAtRisk",
    "forgone_value_musd",
    "price_transfers",
    "range_levels",
    "range_words",
    "shortfall_share",
    "shortfall_t",
    "spread",
    "value_added_at_risk",
]
