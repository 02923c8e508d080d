"""Minerals: how the World Mining Data name them, and the good and mass basis each one counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from derisk.data.sources import Source


@dataclass(frozen=True, slots=True)
class Mineral:
    """A mineral of ours: its good, and tonnes in the good's basis of one tonne as printed."""

    good: str
    basis_ratio: float = 1.0
    printed_as: str = ""
    """The oxide that is printed where the good is counted in metal."""


_NIOBIUM: Final = Mineral("niobium_concentrate", 0.6990, "Nb2O5")
_TANTALUM: Final = Mineral("tantalum_concentrate", 0.8190, "Ta2O5")
_LITHIUM: Final = Mineral("lithium_concentrate", 0.4645, "Li2O")

MINERALS: Final[Mapping[str, Mineral]] = {
    "Antimony": Mineral("antimony_concentrate"),
    "Bismuth": Mineral("bismuth"),
    "Cobalt": Mineral("cobalt_intermediate"),
    "Copper": Mineral("copper_concentrate"),
    "Fluorspar": Mineral("fluorspar"),
    "Gallium": Mineral("gallium"),
    "Germanium": Mineral("germanium"),
    "Graphite": Mineral("natural_graphite"),
    "Indium": Mineral("indium"),
    "Lithium": _LITHIUM,
    "Lithium (Li2O)": _LITHIUM,
    "Manganese": Mineral("manganese_ore"),
    "Nickel": Mineral("nickel_ore"),
    "Niobium": _NIOBIUM,
    "Niobium (Nb2O5)": _NIOBIUM,
    "Palladium": Mineral("palladium_concentrate"),
    "Platinum": Mineral("platinum_concentrate"),
    "Rare Earth Minerals": Mineral("rare_earth_concentrate"),
    "Rare Earths": Mineral("rare_earth_concentrate"),
    "Rare Earths (REO)": Mineral("rare_earth_concentrate"),
    "Tantalum": _TANTALUM,
    "Tantalum (Ta2O5)": _TANTALUM,
    "Tellurium": Mineral("tellurium"),
    "Tin": Mineral("tin_concentrate"),
    "Titanium": Mineral("titanium_concentrate"),
    "Titanium (TiO2)": Mineral("titanium_concentrate"),
    "Tungsten": Mineral("tungsten_concentrate"),
    "Tungsten (W)": Mineral("tungsten_concentrate"),
    "Vanadium": Mineral("vanadium_concentrate"),
    "Vanadium (V)": Mineral("vanadium_concentrate"),
}
"""By name of sheet, table or line; the 2017 edition leaves the oxide out of the name and prints it all the same."""

RECYCLED_GOODS: Final[Mapping[str, str]] = {"Palladium": "palladium", "Platinum": "platinum", "Rhodium": "rhodium"}
"""Metals of one material whose recycling rates are told apart by good."""

UNITS_PER_TONNE: Final[Mapping[str, float]] = {"metr. t": 1.0, "kg": 1000.0}


def outside(mineral: str) -> str:
    """Why a mineral is set aside."""
    if mineral == "Rhodium":
        return "rhodium in ore: the vocabulary holds refined rhodium alone"
    return f"commodity outside the vocabulary: {mineral}"


def edition(last_year: int, *, table: str = "") -> Source:
    """The edition that ends with a year; it appears two years later.

    Args:
        table: tells a table of world totals from the table of countries.
    """
    year = last_year + 2
    return Source(
        id=f"world-mining-data-{year}" + (f"-{table}" if table else ""),
        title=f"World Mining Data {year}" + (f", {table.replace('-', ' ')}" if table else ""),
        publisher="Austrian Federal Ministry of Finance",
        year=year,
        licence="© Austrian Federal Ministry of Finance, use with citation",
        url="https://www.world-mining-data.info/",
        shippable=False,
    )


RECYCLING_RATES: Final = Source(
    id="scrreen2-factsheets-2023",
    title="SCRREEN2 factsheets on critical raw materials, recycling rates",
    publisher="European Commission",
    year=2023,
    licence="single facts, cited",
    url="https://scrreen.eu/crms-2023/",
    shippable=True,
    note="End-of-life recycling input rates, each from the factsheet that its row names.",
)
