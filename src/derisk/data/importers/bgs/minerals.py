"""Minerals: how the World Mineral Statistics name them, the good and unit each one counts, or why it counts none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_TONNES: Final = "tonnes (metric)"
_TONNES_OF_METAL: Final = "tonnes (metal content)"
_KILOGRAMS_OF_METAL: Final = "kilograms (metal content)"


@dataclass(frozen=True, slots=True)
class Table:
    """A commodity of the file that one good counts, with the unit it is printed in."""

    good: str
    unit: str
    units_per_tonne: float = 1.0
    may_add_up: bool = False


_LITHIUM: Final = Table("lithium_concentrate", _TONNES, may_add_up=True)
TABLES: Final[Mapping[tuple[str, str], Table]] = {
    ("antimony, mine", ""): Table("antimony_concentrate", _TONNES_OF_METAL),
    ("cobalt, mine", ""): Table("cobalt_intermediate", _TONNES_OF_METAL),
    ("cobalt, refined", ""): Table("refined_cobalt", _TONNES),
    ("copper, mine", ""): Table("copper_concentrate", _TONNES_OF_METAL),
    ("copper, refined", ""): Table("refined_copper", _TONNES),
    ("ferro-alloys", "Silicon metal"): Table("silicon_metal", _TONNES),
    ("gallium, primary", ""): Table("gallium", _TONNES),
    ("germanium metal", ""): Table("germanium", _TONNES),
    ("graphite", ""): Table("natural_graphite", _TONNES),
    ("lithium minerals", "Lepidolite (Li content)"): _LITHIUM,
    ("lithium minerals", "Lithium minerals (Carbonate -Li content)"): _LITHIUM,
    ("lithium minerals", "Lithium minerals (Chloride -Li content)"): _LITHIUM,
    ("lithium minerals", "Lithium minerals (Li content)"): _LITHIUM,
    ("lithium minerals", "Spodumene (Li content)"): _LITHIUM,
    ("magnesium metal, primary", ""): Table("magnesium", _TONNES),
    ("nickel, mine", ""): Table("nickel_ore", _TONNES_OF_METAL),
    ("nickel, smelter/refinery", ""): Table("refined_nickel", _TONNES),
    ("platinum group metals, mine", "Palladium"): Table("palladium_concentrate", _KILOGRAMS_OF_METAL, 1000.0),
    ("platinum group metals, mine", "Platinum"): Table("platinum_concentrate", _KILOGRAMS_OF_METAL, 1000.0),
    ("rare earth oxides", ""): Table("rare_earth_concentrate", _TONNES),
    ("tungsten, mine", ""): Table("tungsten_concentrate", _TONNES_OF_METAL),
}
SET_ASIDE: Final[Mapping[str, str]] = {
    "copper, smelter": "smelter copper: an intermediate that refined copper counts again",
    "ferro-alloys": "ferro-alloy in gross weight: the goods are counted in contained metal",
    "lithium minerals": "lithium mineral or compound in gross weight: the good is counted in contained metal",
    "manganese ore": "manganese ore in gross weight: the good is counted in contained metal",
    "nickel, smelter/refinery": "nickel sulphate listed beside nickel metal",
    "platinum group metals, mine": "platinum-group metal without a good of its own in the ore",
    "rare earth minerals": "rare-earth mineral in gross weight: the good is counted in oxide",
}
COMMODITIES: Final = tuple(dict.fromkeys((*(commodity for commodity, _ in TABLES), *SET_ASIDE)))
"""Every commodity that the files are known to name."""
