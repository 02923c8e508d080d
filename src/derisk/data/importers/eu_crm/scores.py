"""Scores: supply risk and economic importance, list by list, and the components printed in 2017."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.importers.eu_crm.materials import (
    GOODS_BY_STAGE,
    PARTS,
    STUDY_2017,
    STUDY_2023,
    WHOLE_MATERIALS,
    find_name_meant,
    why_outside,
)
from derisk.data.intake.files import Line, demand_line, read_csv
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number
from derisk.data.sources import Source
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import EUROPEAN_UNION

COLUMNS_OVER_TIME: Final = ("Material", "Year", "SR", "EI")
COLUMNS_2017: Final = ("material", "stage", "SR", "EI", "import_reliance_pct", "eol_rir_pct", "SI_EI", "SI_SR")

_LISTS: Final = ("2011", "2014", "2017", "2020", "2023")
_PERCENT: Final = 100.0


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of scores: the field and unit it fills, the table it stands in, and whether it is the EU's alone."""

    field: str
    unit: str
    table: str = ""
    divisor: float = 1.0
    is_of_europe: bool = True


@dataclass(frozen=True, slots=True)
class _Place:
    """What a score is about: a whole material, or one good of several."""

    material: str
    good: str = ""


_TABLE_OF_2017: Final[Mapping[str, _Column]] = {
    "SR": _Column("supply_risk", "none", "Table 3"),
    "EI": _Column("economic_importance", "none", "Table 3"),
    "import_reliance_pct": _Column("net_import_reliance", "share", "Table 3", _PERCENT),
    "eol_rir_pct": _Column("eol_recycling_input_rate", "share", "Table 3", _PERCENT, is_of_europe=False),
    "SI_EI": _Column("substitution_index_importance", "share", "Table 18", is_of_europe=False),
    "SI_SR": _Column("substitution_index_risk", "share", "Table 18", is_of_europe=False),
}
_COMPONENTS: Final = (
    "supply_data", "HHI_WGI_t_global", "HHI_WGI_t_EU28", "SR_global_only", "SR_EU_only", "SR_global_and_EU",
)  # fmt: skip


def read_over_time(path: Path, intake: Intake, *, encoding: str) -> None:
    """Take over supply risk (SR) and economic importance (EI) of the lists of 2011 to 2023."""
    lines = read_csv(path, encoding=encoding, columns=COLUMNS_OVER_TIME)
    demand_line(lines, {"Material": "Zirconium", "Year": "2023"}, path=path)
    for line in lines:
        name = " ".join(line["Material"].split())
        place = _place(name)
        if place is None:
            _leave(intake, line, name, 2)
            continue
        if line["Year"] not in _LISTS:
            intake.refuse(line.number, f"unknown list '{line['Year']}' ({name})", table="scores")
            continue
        for column, field in (("SR", "supply_risk"), ("EI", "economic_importance")):
            if line[column] == "-":
                intake.set_aside("not assessed for that list")
                continue
            locator = f"Annex 4, assessments since 2011, {name}, {line['Year']}, {column}"
            _take(intake, line, STUDY_2023, place, line["Year"], _Column(field, "none"), column, locator)


def read_2017(path: Path, intake: Intake, *, encoding: str) -> None:
    """Take over the criticality tables of the 2017 study; a blank cell was not printed."""
    lines = read_csv(path, encoding=encoding, columns=COLUMNS_2017)
    demand_line(lines, {"material": "Zinc", "stage": "Extraction"}, path=path)
    for line in lines:
        name = line["material"]
        place = _place(name)
        if place is None:
            _leave(intake, line, name, len(_TABLE_OF_2017) + len(_COMPONENTS))
            continue
        for column, about in _TABLE_OF_2017.items():
            if not line[column]:
                intake.set_aside("blank cell: nothing printed")
                continue
            locator = f"{about.table}, {name}, {column}"
            where = _at_stage(place, name, line["stage"]) if about.field == "net_import_reliance" else place
            note = f"assessed at {line['stage'].lower()}"
            _take(intake, line, STUDY_2017, where, "2017", about, column, locator, note)
        components = sum(bool(line.cells.get(name)) for name in _COMPONENTS)
        intake.set_aside("component of the supply risk that other figures give", components)


def _leave(intake: Intake, line: Line, name: str, figures: int) -> None:
    """Set a material of others aside, and refuse one of ours that is misspelt."""
    meant = find_name_meant(name)
    if meant:
        intake.refuse(line.number, f"unknown material '{name}', one letter from '{meant}'", table="scores")
    else:
        intake.set_aside(why_outside(name), figures)


def _place(name: str) -> _Place | None:
    if name in PARTS:
        return _Place(GOODS[PARTS[name]].material, PARTS[name])
    if name in WHOLE_MATERIALS:
        return _Place(WHOLE_MATERIALS[name])
    return None


def _at_stage(place: _Place, name: str, stage: str) -> _Place:
    """The good of a whole material at the stage at which it was assessed."""
    good = GOODS_BY_STAGE[stage[:1]].get(name, "") if stage[:1] in GOODS_BY_STAGE else ""
    return place if place.good or not good else _Place(place.material, good)


def _take(
    intake: Intake,
    line: Line,
    source: Source,
    place: _Place,
    period: str,
    about: _Column,
    column: str,
    locator: str,
    note: str = "",
) -> None:
    printed = find_number(line[column])
    if printed is None or printed < 0 or printed > 10 * about.divisor:
        what = f"{column} '{line[column]}' is no such number ({locator})"
        intake.refuse(line.number, what, amount=printed, table=about.field)
        return
    notes = [note] if note else []
    if about.divisor != 1.0:
        notes.append(f"printed {line[column]} %")
    intake.take(
        line.number,
        source=source,
        field=about.field,
        material=place.material,
        good=place.good,
        region=EUROPEAN_UNION if about.is_of_europe else "",
        period=period,
        value=printed / about.divisor,
        unit=about.unit,
        locator=locator,
        note="; ".join(notes),
        table=about.field,
    )
