"""Goods: what is traded, a material at a stage, with its mass basis and customs codes."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Good:
    """A material at a stage, with the basis of its tonnes and prices.

    `basis` names what a tonne is a tonne of; `price_basis` what a quoted price is per tonne of;
    `price_mass_ratio` is tonnes of price basis in one tonne of basis (5.323 t lithium carbonate
    equivalent in a tonne of lithium), so that price per basis tonne = quote x ratio.
    `traded` is false for residues, which stay where their host makes them. `quote_of` names the
    good of which this one is a part with a price of its own (dysprosium oxide in dysprosium-terbium oxide).
    `part_of` names the good whose rows of output count this one too, and whose name covers it (`covered_by`).
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
    quote_of: str = ""
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Material:
    """An element or a group of elements; `family` names the wider material it belongs to, if any."""

    material: str
    label: str
    family: str = ""


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("derisk.vocabulary").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _read_goods() -> dict[str, Good]:
    return {
        row["good"]: Good(
            good=row["good"],
            material=row["material"],
            stage=row["stage"],
            basis=row["basis"],
            price_basis=row["price_basis"],
            price_mass_ratio=float(row["price_mass_ratio"]),
            hs_codes=tuple(code for code in row["hs_codes"].split("; ") if code),
            label=row["label"],
            traded=row["traded"] == "1",
            quote_of=row["quote_of"],
            part_of=row["part_of"],
        )
        for row in _table("goods.csv")
    }


GOODS: Final[Mapping[str, Good]] = MappingProxyType(_read_goods())
"""Every good by id, in the order of `goods.csv`: material by material, mining first."""

_MATERIALS: Final = {row["material"]: Material(**row) for row in _table("materials.csv")}

MATERIALS: Final[Mapping[str, str]] = MappingProxyType({m.material: m.label for m in _MATERIALS.values()})
"""Label of each material by id."""

STAGES: Final[tuple[str, ...]] = ("mining", "refining", "component")

BASES: Final[dict[str, str]] = {
    "contained_metal": "t of contained metal",
    "oxide": "t of rare-earth oxide equivalent",
    "titanium_dioxide": "t of titanium dioxide equivalent",
    "lce": "t of lithium carbonate equivalent",
    "gross": "t gross weight",
    "none": "no mass basis",
}


PARTS: Final[frozenset[str]] = frozenset(good.good for good in GOODS.values() if good.part_of)
"""Goods that another good's rows of output count and whose name covers them."""


def covered_by(good: str) -> tuple[str, ...]:
    """The goods that a name covers: the good itself and its parts, rare-earth ore of rock and of clay."""
    return (good, *(part.good for part in GOODS.values() if part.part_of == good))


def counted_in(good: str) -> str:
    """The good whose rows of output count this one: itself, but for a part."""
    return GOODS[good].part_of or good


def family(material: str) -> str:
    """The wider material an element group belongs to, or the material itself."""
    return _MATERIALS[material].family or material


def members(material: str) -> tuple[str, ...]:
    """A material and the element groups that belong to it."""
    return (material, *(m.material for m in _MATERIALS.values() if m.family == material))
