"""The balanced base year: reported figures reconciled into flows, processes and uses."""

from __future__ import annotations

from derisk.network.build import build_network
from derisk.network.record import Borrowed, Change, Network
from derisk.network.regions import RegionMap, draw_regions
from derisk.network.report import borrowed_share, summarise_borrowed

__all__ = [
    "Borrowed",
    "Change",
    "Network",
    "RegionMap",
    "borrowed_share",
    "build_network",
    "draw_regions",
    "summarise_borrowed",
]
