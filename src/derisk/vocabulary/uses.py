"""Uses: the end-use sectors that consume goods, and the parties that gain or pay."""

from __future__ import annotations

from typing import Final

USES: Final[dict[str, str]] = {
    "defence": "Defence and aerospace",
    "semiconductors": "Semiconductors",
    "electronics": "Electronics",
    "electric_vehicles_and_batteries": "Electric vehicles and batteries",
    "wind_and_solar": "Wind and solar",
    "machinery": "Machinery and vehicles",
    "refining_and_chemicals": "Refining and chemicals",
    "other": "Other industry and construction",
}

DISPOSAL: Final = "disposal"
"""The pseudo-use of tonnes nobody wants: unused residue, unsold joint products."""

STOCK_BUILDING: Final = "stock_building"
"""The pseudo-use of tonnes that a base year of glut put into stocks: made and bought, used by nobody."""

PSEUDO_USES: Final = (DISPOSAL, STOCK_BUILDING)
"""What takes tonnes and is no end use: no value added rests on it, and it is never short."""

PARTIES: Final[dict[str, str]] = {
    "users": "Users",
    "producers": "Producers",
    "traders": "Traders and permit holders",
}
