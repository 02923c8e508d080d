"""Explorer: the edition of May 2025 as one JSON file, with supply, total demand and demand of clean technologies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from derisk.data.importers.iea.figures import TOTAL, TOTAL_DEMAND_LABEL, Figure
from derisk.data.intake.files import OTHER_KIND, foreign, read_json
from derisk.data.intake.intake import Intake

_BLOCKS: Final = ("supply", "totalDemand", "cleantechByMineral")
_REPEATED: Final = ("cleantechByTech", "byTechnology")
_SUM_LABELS: Final = {
    "totalClean": "Total clean technologies",
    "otherUses": "Other uses",
    "totalDemand": TOTAL_DEMAND_LABEL,
    "cleanShare": "Share of clean technologies in total demand",
}


def read_explorer(path: Path, intake: Intake) -> tuple[list[Figure], str, str]:
    """Figures of the file, its base year, and its words on the licence.

    Raises:
        EncodingError, TruncatedFileError: the file is cut or in another encoding.
        LayoutError: a block is missing.
    """
    content = read_json(path)
    if not isinstance(content, dict) or any(not isinstance(content.get(name), dict) for name in _BLOCKS):
        found = ", ".join(map(str, content)) if isinstance(content, dict) else type(content).__name__
        raise foreign(f"blocks {found}", path, ", ".join(_BLOCKS), OTHER_KIND)
    try:
        figures = [*_supply(content["supply"]), *_demand(content["totalDemand"]), *_clean(content)]
    except (AttributeError, KeyError, TypeError) as error:
        what = f"a block is not laid out as known: {error}"
        raise foreign(what, path, "mineral, stage, countries, years") from error
    for name in _REPEATED:
        reason = "demand of one technology: its sum over technologies is taken"
        intake.set_aside(reason, _count_numbers(content.get(name)))
    years = [figure.year for figure in figures if figure.kind == "supply"]
    if not years:
        raise foreign("no figure of supply", path, "mineral, stage, countries, years")
    return figures, min(years), str(content.get("source", ""))


def _supply(block: Mapping[str, Any]) -> Iterator[Figure]:
    for mineral, stages in block.items():
        for stage, table in stages.items():
            for country, values in table["countries"].items():
                for year, cell in values.items():
                    place = f"supply, {mineral}, {stage}, countries, {country}, {year}"
                    yield Figure("supply", mineral, stage, country, "", year, cell, 1, place)
            for key, label in (("total", TOTAL), ("top3Share", "Top 3 share")):
                for year, cell in table[key].items():
                    yield Figure(
                        "supply", mineral, stage, label, "", year, cell, 1, f"supply, {mineral}, {stage}, {key}, {year}"
                    )


def _demand(block: Mapping[str, Any]) -> Iterator[Figure]:
    for mineral, table in block.items():
        labelled = {**table["sectors"], **{label: table[key] for key, label in _SUM_LABELS.items()}}
        for label, values in labelled.items():
            place = f"totalDemand, {mineral}" + (f", {label}" if label != TOTAL_DEMAND_LABEL else "")
            for scenario, year, cell in _by_scenario(values):
                where = ", ".join(word for word in (place, scenario, year) if word)
                yield Figure("demand", mineral, "", label, scenario, year, cell, 1, where)


def _clean(content: Mapping[str, Any]) -> Iterator[Figure]:
    for mineral, values in content["cleantechByMineral"].items():
        for scenario, year, cell in _by_scenario(values):
            where = ", ".join(word for word in ("cleantechByMineral", mineral, scenario, year) if word)
            yield Figure("clean", mineral, "", "", scenario, year, cell, 1, where)


def _by_scenario(values: Mapping[str, Any]) -> Iterator[tuple[str, str, object]]:
    for key, value in values.items():
        if isinstance(value, dict):
            for year, cell in value.items():
                yield key, year, cell
        else:
            yield "", key, value


def _count_numbers(value: object) -> int:
    if isinstance(value, dict):
        return sum(_count_numbers(item) for item in value.values())
    return int(isinstance(value, int | float))
