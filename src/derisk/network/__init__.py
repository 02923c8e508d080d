"""The balanced base year: reported figures reconciled into flows, processes and uses."""

from __future__ import annotations

from derisk.network.build import build_network
from derisk.network.record import Change, Network
from derisk.network.regions import RegionMap, draw_regions

__all__ = ["Change", "Network", "RegionMap", "build_network", "draw_regions"]
