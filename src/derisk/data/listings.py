"""Listings: the vocabulary's words and the dataset's sources as plain lists, one function for each listing."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from derisk.data.records import RECORD_TABLES
from derisk.vocabulary.goods import GOODS, MATERIALS, family
from derisk.vocabulary.names import region_label
from derisk.vocabulary.regions import BLOCS, COUNTRIES, SPECIAL_REGIONS
from derisk.vocabulary.uses import USES

if TYPE_CHECKING:
    from derisk.data.dataset import Dataset


def goods() -> list[dict[str, Any]]:
    """Goods of the vocabulary; `traded` is false for residues, `part_of` names the good that covers one."""
    return [
        {
            "good": g.good,
            "material": g.material,
            "stage": g.stage,
            "basis": g.basis,
            "price_basis": g.price_basis,
            "hs_codes": list(g.hs_codes),
            "label": g.label,
            "traded": g.traded,
            "part_of": g.part_of,
        }
        for g in GOODS.values()
    ]


def materials() -> list[dict[str, Any]]:
    """Materials, each with its family and its traded goods."""
    return [
        {
            "material": material,
            "label": label,
            "family": family(material) if family(material) != material else "",
            "goods": [g.good for g in GOODS.values() if g.material == material and g.traded],
        }
        for material, label in MATERIALS.items()
    ]


def regions() -> list[dict[str, Any]]:
    """Blocs with their members, special regions, and countries, each with the blocs it belongs to."""
    countries = [
        {
            "region": c.iso3,
            "name": c.name,
            "kind": "country",
            "blocs": [bloc for bloc, members in BLOCS.items() if c.iso3 in members],
        }
        for c in COUNTRIES.values()
    ]
    special = [
        {"region": region, "name": name, "kind": "special", "blocs": []} for region, name in SPECIAL_REGIONS.items()
    ]
    blocs = [
        {
            "region": bloc,
            "name": region_label(bloc).removeprefix("the "),
            "kind": "bloc",
            "members": list(members),
            "blocs": [],
        }
        for bloc, members in BLOCS.items()
    ]
    return [*blocs, *special, *countries]


def uses() -> list[dict[str, Any]]:
    """End-use sectors."""
    return [{"use": use, "label": label} for use, label in USES.items()]


def sources(dataset: Dataset) -> list[dict[str, Any]]:
    """Sources, each with the number of rows and records read from it."""
    counts = Counter(dataset.count_rows("source"))
    for name in RECORD_TABLES:
        records = dataset.records(name)
        counts.update(records.get("source", ()))
    return [{**source.as_dict(), "rows": counts[source.id]} for source in dataset.sources().values()]
