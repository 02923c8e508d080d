"""Tables: the dataset's contents as plain lists, one function for each listing of `derisk data`."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from derisk.data.dataset import plain_records
from derisk.data.fields import TABLES, fields_of
from derisk.errors import InputError, Problem, unknown_word
from derisk.vocabulary.goods import GOODS, MATERIALS
from derisk.vocabulary.regions import BLOCS, COUNTRIES, SPECIAL_REGIONS
from derisk.vocabulary.uses import USES

if TYPE_CHECKING:
    from derisk.data.dataset import Dataset

_PERIOD: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")


def table(
    dataset: Dataset, name: str, *, material: str | None = None, period: str | None = None
) -> list[dict[str, Any]]:
    """Chosen rows of one named table; a table without rows yet is an empty list.

    Raises:
        InputError: unknown table or material.
    """
    if name not in TABLES:
        raise InputError(_placed(unknown_word("table", name, TABLES)))
    if material is not None and material not in MATERIALS:
        known = tuple(MATERIALS)
        raise InputError(_placed(unknown_word("material", material, known, listing="derisk data materials")))
    if period is not None and not _PERIOD.fullmatch(period):
        raise InputError(_placed(Problem(f"period '{period}' is not a year or a month", allowed="2024 or 2024-05")))
    if name == "events":
        return _events(dataset, material=material, period=period)
    fields = fields_of(name)
    frames = [dataset.observations(field=field, period=period, material=material) for field in fields]
    return [record for frame in frames for record in plain_records(frame)]


def _placed(problem: Problem) -> Problem:
    return replace(problem, where="the table asked for", hint=problem.hint or "write one that is known")


def _events(dataset: Dataset, *, material: str | None, period: str | None) -> list[dict[str, Any]]:
    events = plain_records(dataset.events())
    if material is not None:
        events = [event for event in events if _names_material(event, material)]
    if period is not None:
        events = [
            event
            for event in events
            if any(str(v).startswith(period) for k, v in event.items() if "announced" in k or "effective" in k)
        ]
    return events


def _names_material(event: dict[str, Any], material: str) -> bool:
    words = {
        word
        for key in ("material", "materials", "goods", "good")
        for word in str(event.get(key, "")).replace(";", " ").replace(",", " ").split()
    }
    return material in words or any(word in GOODS and GOODS[word].material == material for word in words)


def goods() -> list[dict[str, Any]]:
    """Goods of the vocabulary; `traded` is false for residues."""
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
        }
        for g in GOODS.values()
    ]


def materials() -> list[dict[str, Any]]:
    """Materials, each with its traded goods."""
    return [
        {
            "material": material,
            "label": label,
            "goods": [g.good for g in GOODS.values() if g.material == material and g.traded],
        }
        for material, label in MATERIALS.items()
    ]


def regions() -> list[dict[str, Any]]:
    """Countries and special regions, each with the blocs it belongs to."""
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
        {"region": bloc, "name": bloc, "kind": "bloc", "members": list(members), "blocs": []}
        for bloc, members in BLOCS.items()
    ]
    return [*countries, *special, *blocs]


def uses() -> list[dict[str, Any]]:
    """End-use sectors."""
    return [{"use": use, "label": label} for use, label in USES.items()]


def sources(dataset: Dataset) -> list[dict[str, Any]]:
    """Sources, each with the number of rows, projects and events read from it."""
    counts: Counter[str] = Counter()
    for frame in (dataset.rows(), dataset.projects(), dataset.events()):
        if "source" in frame:
            counts.update(frame["source"])
    return [{**source.as_dict(), "rows": counts[source.id]} for source in dataset.sources().values()]
