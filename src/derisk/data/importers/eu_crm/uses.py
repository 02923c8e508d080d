"""Uses: the EU's end-use shares by application, grouped into the uses of the vocabulary."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Final

from derisk.data.importers.eu_crm.materials import STUDY_2023, USED_GOODS, find_name_meant, why_outside
from derisk.data.importers.eu_crm.shares import PERIOD, find_percentage
from derisk.data.intake.files import demand_line, read_csv
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import shorten
from derisk.vocabulary.regions import EUROPEAN_UNION

COLUMNS: Final = ("Material", "Application", "Share", "NACE sector")
_ADDED: Final = "value added of a NACE sector, which national accounts state"
_LAST: Final = {"Material": "Zirconium", "Application": "Other"}
FARTHEST_FROM_ONE: Final = 0.05
"""Shares of a material that miss one by more than rounding can explain are an incomplete list."""


@dataclass(frozen=True, slots=True)
class _Application:
    line: int
    name: str
    use: str
    value_share: float


@cache
def use_of_application() -> dict[tuple[str, str], str]:
    """Use by material and application, from the table beside this file; a material of `*` holds for all."""
    text = resources.files(__package__).joinpath("applications.csv").read_text(encoding="utf-8")
    return {(row["material"], row["application"]): row["use"] for row in csv.DictReader(text.splitlines())}


def read_uses(path: Path, intake: Intake, *, encoding: str) -> None:
    """Take over the table of material use shares.

    Applications of one use add up. Shares of a material are scaled to one where rounding made them miss it;
    a material whose list is incomplete is set aside.
    """
    by_material: dict[str, list[_Application]] = defaultdict(list)
    broken: set[str] = set()
    seen: set[tuple[str, ...]] = set()
    lines = read_csv(path, encoding=encoding, columns=COLUMNS)
    demand_line(lines, _LAST, path=path)
    for line in lines:
        material, application = line["Material"], " ".join(line["Application"].split())
        intake.set_aside(_ADDED, sum(bool(line[name]) for name in line.cells if name.startswith("VA ")))
        if find_name_meant(material):
            what = f"unknown material '{material}', one letter from '{find_name_meant(material)}'"
            intake.refuse(line.number, what)
            broken.add(find_name_meant(material))
            continue
        if material not in USED_GOODS:
            intake.set_aside(why_outside(material))
            continue
        words = tuple(line.cells.values())
        if words in seen:
            intake.set_aside("line repeated word for word")
            continue
        seen.add(words)
        percentage = find_percentage(line["Share"])
        use = _use_of(material, application)
        if percentage is None or use is None:
            what = (
                f"unknown application '{application}'" if use is None else f"share '{line['Share']}' is no percentage"
            )
            amount = percentage.value_share if percentage else None
            intake.refuse(line.number, f"{what} ({material})", amount=amount, table=f"uses {material}")
            broken.add(material)
        else:
            by_material[material].append(_Application(line.number, application, use, percentage.value_share))
    for material, applications in by_material.items():
        _take_material(intake, material, applications, is_whole=material not in broken)


def _use_of(material: str, application: str) -> str | None:
    known = use_of_application()
    return known.get((material, application)) or known.get(("*", application))


def _take_material(intake: Intake, material: str, applications: list[_Application], *, is_whole: bool) -> None:
    total = sum(application.value_share for application in applications)
    if not is_whole:
        intake.set_aside(f"applications of a material with a refused line: {material}", len(applications))
        return
    if abs(total - 1) > FARTHEST_FROM_ONE:
        reason = f"applications that sum to {shorten(round(100 * total, 6))} %: {material}"
        intake.set_aside(reason, len(applications))
        return
    by_use: dict[str, list[_Application]] = defaultdict(list)
    for application in applications:
        by_use[application.use].append(application)
    for use, parts in by_use.items():
        printed = sum(part.value_share for part in parts)
        note = " + ".join(f"{part.name} {shorten(round(100 * part.value_share, 6))} %" for part in parts)
        if abs(total - 1) > 1e-9:
            note += f"; printed shares sum to {shorten(round(100 * total, 6))} % and are scaled to 1"
        intake.take(
            parts[0].line,
            source=STUDY_2023,
            field="end_use_share",
            good=USED_GOODS[material],
            region=EUROPEAN_UNION,
            use=use,
            period=PERIOD,
            value=printed / total,
            unit="share",
            status="derived",
            locator=f"Material use shares, {material}",
            note=f"{note}; mean of 2016-2020",
            table=f"uses {material}",
        )
