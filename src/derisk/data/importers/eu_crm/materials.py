"""Materials: how the European Commission's studies name them, and the goods and materials of ours they are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from derisk.data.intake.printed import find_slip
from derisk.data.sources import Source

STUDY_2023: Final = Source(
    id="eu-crm-2023",
    title="Study on the critical raw materials for the EU 2023",
    publisher="European Commission",
    year=2023,
    licence="CC BY 4.0",
    licence_url="https://creativecommons.org/licenses/by/4.0/",
    url="https://doi.org/10.2873/725585",
    shippable=True,
)
STUDY_2017: Final = Source(
    id="eu-crm-2017",
    title="Study on the review of the list of critical raw materials 2017, criticality assessments",
    publisher="European Commission",
    year=2017,
    licence="Reuse with acknowledgement (Commission Decision 2011/833/EU)",
    licence_url="https://eur-lex.europa.eu/eli/dec/2011/833/oj",
    url="https://doi.org/10.2873/876644",
    shippable=True,
)

_OXIDES: Final[Mapping[str, str]] = {
    "Cerium": "cerium_oxide", "Dysprosium": "dysprosium_oxide", "Europium": "europium_oxide",
    "Gadolinium": "gadolinium_oxide", "Lanthanum": "lanthanum_oxide", "Neodymium": "neodymium_oxide",
    "Praseodymium": "praseodymium_oxide", "Samarium": "samarium_oxide", "Terbium": "terbium_oxide",
    "Yttrium": "yttrium_oxide",
}  # fmt: skip

_EXTRACTED: Final[Mapping[str, str]] = {
    "Antimony": "antimony_concentrate", "Cobalt": "cobalt_intermediate", "Copper": "copper_concentrate",
    "Fluorspar": "fluorspar", "Lithium": "lithium_concentrate", "Manganese": "manganese_ore",
    "Natural Graphite": "natural_graphite", "Natural graphite": "natural_graphite", "Nickel": "nickel_ore",
    "Niobium": "niobium_concentrate", "Tantalum": "tantalum_concentrate", "Tin": "tin_concentrate",
    "Titanium": "titanium_concentrate", "Titanium ores": "titanium_concentrate",
    "Tungsten": "tungsten_concentrate", "Vanadium": "vanadium_concentrate",
}  # fmt: skip
_PROCESSED: Final[Mapping[str, str]] = {
    "Antimony": "antimony", "Bismuth": "bismuth", "Cobalt": "refined_cobalt", "Copper": "refined_copper",
    "Gallium": "gallium", "Germanium": "germanium", "Indium": "indium", "Lithium": "lithium_chemical",
    "Magnesium": "magnesium", "Manganese": "refined_manganese", "Nickel": "refined_nickel", "Niobium": "niobium",
    "Palladium": "palladium", "Platinum": "platinum", "Rhodium": "rhodium", "Silicon metal": "silicon_metal",
    "Tellurium": "tellurium", "Tin": "refined_tin", "Titanium metal": "titanium_sponge", "Tungsten": "tungsten",
    "Vanadium": "vanadium", **_OXIDES,
}  # fmt: skip
GOODS_BY_STAGE: Final[Mapping[str, Mapping[str, str]]] = {"E": _EXTRACTED, "P": _PROCESSED}
"""The good of a material at extraction (E) and processing (P)."""

USED_GOODS: Final[Mapping[str, str]] = {
    **{name: good for name, good in _PROCESSED.items() if name != "Manganese"},
    "Fluorspar": "fluorspar",
    "Manganese": "manganese_ore",
    "Titanium": "titanium_sponge",
}
"""The good whose end uses the study lists: manganese in all its forms, titanium as metal."""

WHOLE_MATERIALS: Final[Mapping[str, str]] = {
    "Antimony": "antimony", "Bismuth": "bismuth", "Cobalt": "cobalt", "Copper": "copper", "Fluorspar": "fluorspar",
    "Gallium": "gallium", "Germanium": "germanium", "Indium": "indium", "Lithium": "lithium",
    "Magnesium": "magnesium", "Manganese": "manganese", "Natural graphite": "graphite", "Nickel": "nickel",
    "Niobium": "niobium", "PGMs": "platinum_group_metals", "Silicon metal": "silicon", "Tantalum": "tantalum",
    "Tellurium": "tellurium", "Tin": "tin", "Tungsten": "tungsten", "Vanadium": "vanadium",
}  # fmt: skip
"""Materials assessed whole."""

PARTS: Final[Mapping[str, str]] = {
    "Palladium": "palladium", "Platinum": "platinum", "Rhodium": "rhodium", "Titanium": "titanium_concentrate",
    "Titanium metal": "titanium_sponge", **_OXIDES,
}  # fmt: skip
"""Assessed one by one where the vocabulary's material holds several: told apart by good."""

_GROUPS: Final = frozenset({"HREEs", "LREEs", "Heavy Rare earths Elements"})


_NAMES: Final = frozenset((*_EXTRACTED, *_PROCESSED, *USED_GOODS, *WHOLE_MATERIALS, *PARTS))


@cache
def find_name_meant(name: str) -> str:
    """The material of ours from which an unknown name is a slip of the pen away; empty where none is."""
    return "" if name in _NAMES else find_slip(name, _NAMES)


def why_outside(name: str, stage: str = "") -> str:
    """Why a material is set aside."""
    if name in _GROUPS:
        return "light or heavy rare earths as one group: the vocabulary groups them otherwise"
    if stage == "E" and name in _OXIDES:
        return "extraction of a single rare earth: the vocabulary has its oxide alone"
    if stage == "E" and name == "Titanium metal":
        return "extraction for titanium metal: the lines of titanium repeated"
    if stage == "P" and name == "Titanium":
        return "titanium dioxide: the vocabulary has the concentrate and the metal"
    return f"material outside the vocabulary: {name}"
