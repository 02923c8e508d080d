"""Exposure: a company's purchases mapped to goods, and what a scenario does to each of them."""

from derisk.exposure.assess import Assessment, ItemExposure, Supply, assess
from derisk.exposure.headings import HEADINGS
from derisk.exposure.mapping import FATES, Mapped, country_named, map_purchases
from derisk.exposure.reading import PurchaseLine, PurchaseList, read_purchases
from derisk.exposure.supply import good_prices, good_supply

__all__ = [
    "FATES",
    "HEADINGS",
    "Assessment",
    "ItemExposure",
    "Mapped",
    "PurchaseLine",
    "PurchaseList",
    "Supply",
    "assess",
    "country_named",
    "good_prices",
    "good_supply",
    "map_purchases",
    "read_purchases",
]
