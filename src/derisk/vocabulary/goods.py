"""Goods: what is traded, a material at a stage, with its mass basis and customs codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Good:
    """A material at a stage, with the basis of its tonnes and prices.

    `basis` names what a tonne is a tonne of; `price_basis` what a quoted price is per tonne of;
    `price_mass_ratio` is tonnes of price basis in one tonne of basis (5.323 t lithium carbonate
    equivalent in a tonne of lithium), so that price per basis tonne = quote x ratio.
    `traded` is false for residues, which stay where their host makes them.
    """

    good: str
    material: str
    stage: str
    basis: str
    price_basis: str
    price_mass_ratio: float
    hs_codes: tuple[str, ...]
    label: str
    traded: bool = True


_LCE_PER_LI: Final = 5.323

GOODS: Final[dict[str, Good]] = {
    g.good: g
    for g in (
        Good(
            "copper_concentrate",
            "copper",
            "mining",
            "contained_metal",
            "contained_metal",
            1.0,
            ("2603.00",),
            "Copper concentrate",
        ),
        Good(
            "refined_copper",
            "copper",
            "refining",
            "contained_metal",
            "contained_metal",
            1.0,
            ("7403.11",),
            "Refined copper",
        ),
        Good(
            "lithium_concentrate",
            "lithium",
            "mining",
            "contained_metal",
            "lce",
            _LCE_PER_LI,
            ("2530.90",),
            "Lithium concentrate and brine",
        ),
        Good(
            "lithium_chemical",
            "lithium",
            "refining",
            "contained_metal",
            "lce",
            _LCE_PER_LI,
            ("2836.91", "2825.20"),
            "Lithium chemicals",
        ),
        Good(
            "cobalt_residue",
            "cobalt",
            "mining",
            "contained_metal",
            "contained_metal",
            1.0,
            (),
            "Cobalt in copper and nickel ore",
            False,
        ),
        Good(
            "cobalt_intermediate",
            "cobalt",
            "mining",
            "contained_metal",
            "contained_metal",
            1.0,
            ("2605.00", "2822.00", "8105.20"),
            "Cobalt intermediate",
        ),
        Good(
            "refined_cobalt",
            "cobalt",
            "refining",
            "contained_metal",
            "contained_metal",
            1.0,
            ("8105.20", "2822.00"),
            "Refined cobalt",
        ),
        Good(
            "natural_graphite", "graphite", "mining", "gross", "gross", 1.0, ("2504.10", "2504.90"), "Natural graphite"
        ),
        Good("battery_anode", "graphite", "refining", "gross", "gross", 1.0, ("3801.10",), "Battery anode graphite"),
        Good(
            "rare_earth_concentrate",
            "rare_earths",
            "mining",
            "oxide",
            "oxide",
            1.0,
            ("2846.90", "2530.90"),
            "Rare-earth concentrate",
        ),
        Good(
            "lacen_oxide",
            "rare_earths",
            "refining",
            "oxide",
            "oxide",
            1.0,
            ("2846.10",),
            "Lanthanum, cerium and other oxides",
        ),
        Good(
            "ndpr_oxide", "rare_earths", "refining", "oxide", "oxide", 1.0, ("2846.90",), "Neodymium-praseodymium oxide"
        ),
        Good("dytb_oxide", "rare_earths", "refining", "oxide", "oxide", 1.0, ("2846.90",), "Dysprosium-terbium oxide"),
        Good("ndfeb_magnet", "rare_earths", "component", "gross", "gross", 1.0, ("8505.11",), "NdFeB magnets"),
        Good(
            "gallium_residue",
            "gallium",
            "refining",
            "contained_metal",
            "contained_metal",
            1.0,
            (),
            "Gallium in alumina liquor",
            False,
        ),
        Good("gallium", "gallium", "refining", "contained_metal", "contained_metal", 1.0, ("8112.92",), "Gallium"),
        Good(
            "germanium_residue",
            "germanium",
            "refining",
            "contained_metal",
            "contained_metal",
            1.0,
            (),
            "Germanium in zinc and coal residues",
            False,
        ),
        Good(
            "germanium", "germanium", "refining", "contained_metal", "contained_metal", 1.0, ("8112.92",), "Germanium"
        ),
    )
}

MATERIALS: Final[dict[str, str]] = {
    "copper": "Copper",
    "lithium": "Lithium",
    "cobalt": "Cobalt",
    "graphite": "Graphite",
    "rare_earths": "Rare earths",
    "gallium": "Gallium",
    "germanium": "Germanium",
}

STAGES: Final[tuple[str, ...]] = ("mining", "refining", "component")

BASES: Final[dict[str, str]] = {
    "contained_metal": "t of contained metal",
    "oxide": "t of rare-earth oxide equivalent",
    "lce": "t of lithium carbonate equivalent",
    "gross": "t gross weight",
    "none": "no mass basis",
}


def traded_goods() -> tuple[str, ...]:
    """Ids of the goods that cross borders, in vocabulary order."""
    return tuple(g.good for g in GOODS.values() if g.traded)
