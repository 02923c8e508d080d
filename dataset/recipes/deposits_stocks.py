"""Stocks: what a survey's record says of a deposit's materials, its tonnes and its grade."""

from __future__ import annotations

import math
from typing import Any

from deposits_rare_earths import composition, oxide_t
from row_table import number

Record = dict[str, Any]
Deposit = dict[str, str]

MATERIALS = {
    "Cu": "copper", "Copper": "copper", "Li": "lithium", "lithium mica": "lithium", "Lithium": "lithium",
    "Co": "cobalt", "graphite": "graphite", "REE": "rare_earths", "Lanthanum": "rare_earths", "Ni": "nickel",
    "Mn": "manganese", "W": "tungsten", "WO3": "tungsten", "Tungsten": "tungsten", "Sb": "antimony",
    "Mg": "magnesium", "Ti": "titanium", "Titanium": "titanium", "V": "vanadium", "Nb": "niobium",
    "Niobium": "niobium", "Ta": "tantalum", "Tantalum": "tantalum", "Sn": "tin", "Tin": "tin", "Bi": "bismuth",
    "Te": "tellurium", "fluorspar": "fluorspar", "fluorite": "fluorspar", "F": "fluorspar",
    "PGE": "platinum_group_metals", "Pt": "platinum_group_metals", "Pd": "platinum_group_metals",
}  # fmt: skip
"""What the surveys call the materials; Mg is mostly magnesite."""
FIRST_MATERIALS = {
    "/ree": ("rare_earths",),
    "/carbonatite": ("rare_earths",),
    "/295581": ("tungsten", "tin"),
}
"""What a survey is about, by the end of its address: the materials that stand first."""
TUNGSTEN_IN_TRIOXIDE = 0.793


def materials_of(record: Record) -> list[str]:
    """Materials of the vocabulary that a record names, in its order, each once."""
    named = [entry["commodity"].get("observed_name") for entry in record.get("mineral_inventory", [])]
    found = list(dict.fromkeys(MATERIALS[name] for name in named if name in MATERIALS))
    first = next((words for ending, words in FIRST_MATERIALS.items() if record["source_id"].endswith(ending)), ())
    return [*(m for m in first if m in found), *(m for m in found if m not in first)]


def _tonnes(entry: Record) -> tuple[float, float]:
    """Ore of an entry [t] and its grade as a share; a grade of 100 per cent means that metal or oxide is stated."""
    unit = entry["ore"]["unit"].get("observed_name")
    ore_t = entry["ore"]["value"] * (1e6 if unit in ("million metric tons", "Mt") else 1)
    return ore_t, entry["grade"]["value"] / 100


def _stock(resource_t: float, grade_share: float, basis: str, note: str) -> Deposit:
    grade = number(grade_share, 4) if grade_share < 1 else ""
    return {"resource_t": number(resource_t, 5), "grade_share": grade, "basis": basis, "note": note}


def tin_or_tungsten_stock(record: Record) -> Deposit:
    """The greatest tonnage of the deposit's first metal; the table repeats entries, one for each reference."""
    wanted = materials_of(record)[:1]
    entries = [e for e in record.get("mineral_inventory", []) if "grade" in e and _named(e) == wanted]
    if not entries:
        return {"note": "" if wanted else "tin or tungsten: the copy does not say which"}
    best = max(entries, key=lambda entry: math.prod(_tonnes(entry)))
    ore_t, grade_share = _tonnes(best)
    printed = best["commodity"]["observed_name"]
    metal = TUNGSTEN_IN_TRIOXIDE if printed == "WO3" else 1.0
    told = f"{ore_t / 1e6:g} Mt of {100 * grade_share:g} % {printed}" if grade_share < 1 else f"{ore_t:g} t {printed}"
    metal_grade = grade_share * metal if grade_share < 1 else 1.0
    note = f"printed {told}, {best.get('date', 'no year')}"
    return _stock(ore_t * grade_share * metal, metal_grade, "contained_metal", note)


def _named(entry: Record) -> list[str]:
    return [MATERIALS[name] for name in [entry["commodity"]["observed_name"]] if name in MATERIALS]


def rare_earth_stock(record: Record) -> Deposit:
    """Total rare-earth oxide of a record that states each element in grams per tonne."""
    grades = {
        e["commodity"]["observed_name"].split()[0]: e["grade"]["value"] for e in record.get("mineral_inventory", [])
    }
    if not grades:
        return {"note": "listed without a tonnage"}
    ore_mt = record["mineral_inventory"][0]["ore"]["value"]
    oxide_grade = oxide_t(grades) / 1e6
    note = f"printed {ore_mt:g} Mt of ore with {sum(grades.values()):.0f} g/t of elements, here as oxides"
    stock = _stock(ore_mt * 1e6 * oxide_grade, oxide_grade, "oxide", note)
    return {**stock, "composition": composition(grades)}


def nickel_stock(record: Record) -> Deposit:
    """Nickel of a laterite."""
    entry = next(e for e in record["mineral_inventory"] if e["commodity"]["observed_name"] == "%Ni")
    ore_t, grade_share = _tonnes(entry)
    note = f"printed {ore_t / 1e6:g} Mt of {100 * grade_share:.3g} % nickel, inferred"
    return _stock(ore_t * grade_share, grade_share, "contained_metal", note)


def graphite_stock(record: Record) -> Deposit:
    """Graphite in the ore of a deposit."""
    ore_t, grade_share = _tonnes(record["mineral_inventory"][0])
    return _stock(
        ore_t * grade_share, grade_share, "gross", f"printed {ore_t / 1e6:g} Mt of {100 * grade_share:g} % graphite"
    )


def unclear_stock(record: Record) -> Deposit:
    """A tonnage whose unit the copy does not tell: left out, and said."""
    printed = record["mineral_inventory"][0]["ore"]["value"]
    return {"note": f"the copy gives {printed:,.0f} without a clear unit, which is left out"}
