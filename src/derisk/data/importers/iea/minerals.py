"""Minerals: how the International Energy Agency names them, and the good and mass basis each figure counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from derisk.vocabulary.goods import GOODS


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure of the agency is about; `basis_ratio` are tonnes in our basis of one tonne as printed."""

    material: str
    stage: str
    good: str = ""
    basis: str = ""
    basis_ratio: float = 1.0
    note: str = ""


def _good(good: str, note: str = "") -> Subject:
    about = GOODS[good]
    return Subject(about.material, about.stage, good, about.basis, 1.0, note)


def _oxide(good: str, oxide: str, tonnes_per_tonne: float) -> Subject:
    about = GOODS[good]
    note = f"taken as element; times {tonnes_per_tonne:g} of {oxide}"
    return Subject(about.material, about.stage, good, about.basis, tonnes_per_tonne, note)


_MAGNET_ELEMENTS: Final = "magnet elements only: Nd, Pr, Dy, Tb, as elements"
_MAGNET_DEMAND: Final = Subject(
    "rare_earths",
    "refining",
    basis="oxide",
    note="magnet rare earths (Nd, Pr, Dy, Tb), all uses; no good of its own; "
    "the publisher does not say whether tonnes are of element or oxide",
)
_ALL_GRAPHITE: Final = Subject(
    "graphite", "refining", basis="gross", note="natural and synthetic graphite, all uses; no good of its own"
)
_NEODYMIUM: Final = _oxide("neodymium_oxide", "Nd2O3", 1.1664)

SUPPLY: Final[Mapping[tuple[str, str], Subject]] = {
    ("Copper", "mining"): _good("copper_concentrate"),
    ("Copper", "refining"): _good("refined_copper"),
    ("Cobalt", "mining"): _good("cobalt_intermediate"),
    ("Cobalt", "refining"): _good("refined_cobalt"),
    ("Lithium", "mining"): _good("lithium_concentrate"),
    ("Lithium", "refining"): _good("lithium_chemical"),
    ("Nickel", "mining"): _good("nickel_ore"),
    ("Nickel", "refining"): _good("refined_nickel"),
    ("Graphite", "mining"): _good("natural_graphite", "natural graphite"),
    ("Graphite", "refining"): _good("battery_anode", "battery-grade natural and synthetic graphite"),
    ("Rare Earth Elements", "mining"): Subject("rare_earths", "mining", basis="contained_metal", note=_MAGNET_ELEMENTS),
    ("Rare Earth Elements", "refining"): Subject(
        "rare_earths", "refining", basis="contained_metal", note=_MAGNET_ELEMENTS
    ),
}
"""Supply by mineral, as the edition of May 2025 names it, and stage."""

TOTAL_DEMAND: Final[Mapping[str, Subject]] = {
    "Copper": _good("refined_copper"),
    "Cobalt": _good("refined_cobalt"),
    "Lithium": _good("lithium_chemical"),
    "Nickel": _good("refined_nickel"),
    "Rare Earth Elements": _MAGNET_DEMAND,
    "Magnet rare earth elements": _MAGNET_DEMAND,
    "Neodymium": _NEODYMIUM,
    "Graphite": _ALL_GRAPHITE,
    "Graphite (all grades: natural and synthetic)": _ALL_GRAPHITE,
}

CLEAN_DEMAND: Final[Mapping[str, Subject]] = {
    **{
        mineral: _good(good)
        for mineral, good in {
            "Copper": "refined_copper", "Cobalt": "refined_cobalt", "Gallium": "gallium", "Germanium": "germanium",
            "Battery-grade graphite": "battery_anode", "Indium": "indium", "Lithium": "lithium_chemical",
            "Magnesium": "magnesium", "Manganese": "refined_manganese", "Nickel": "refined_nickel",
            "Niobium": "niobium", "Silicon": "silicon_metal", "Tantalum": "tantalum", "Tellurium": "tellurium",
            "Tin": "refined_tin", "Titanium": "titanium_sponge", "Tungsten": "tungsten", "Vanadium": "vanadium",
        }.items()
    },
    "Graphite": Subject("graphite", "refining", basis="gross", note="grade not stated"),
    "PGMs": Subject("platinum_group_metals", "refining", basis="contained_metal", note="without iridium"),
    "PGMs (other than iridum)": Subject(
        "platinum_group_metals", "refining", basis="contained_metal", note="without iridium"
    ),
    "Neodymium": _NEODYMIUM,
    "Praseodymium": _oxide("praseodymium_oxide", "Pr6O11", 1.2082),
    "Dysprosium": _oxide("dysprosium_oxide", "Dy2O3", 1.1477),
    "Terbium": _oxide("terbium_oxide", "Tb4O7", 1.1762),
    "Yttrium": _oxide("yttrium_oxide", "Y2O3", 1.2699),
    "Lanthanum": _oxide("lanthanum_oxide", "La2O3", 1.1728),
}  # fmt: skip

AGGREGATES: Final = frozenset({"Total", "Total REE", "Total rare earth elements"})

USE_OF_SECTOR: Final[Mapping[str, str]] = {
    "Electric vehicles": "electric_vehicles_and_batteries",
    "Grid battery storage": "electric_vehicles_and_batteries",
    "Solar PV": "wind_and_solar",
    "Wind": "wind_and_solar",
}
SECTORS_WITHOUT_USE: Final = frozenset(
    {
        "Other low emissions power generation", "Low emissions power generation", "Electricity networks",
        "Hydrogen technologies",
    }
)  # fmt: skip
