"""Shares: suppliers' shares of world supply and of the EU's sourcing, with their trade parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.importers.eu_crm.materials import GOODS_BY_STAGE, STUDY_2023, find_name_meant, why_outside
from derisk.data.intake.files import Line, demand_line, read_csv
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number, find_region
from derisk.vocabulary.regions import EUROPEAN_UNION

COLUMNS: Final = ("Material", "Stage", "Country", "Share", "t")
PERIOD: Final = "2020"
LARGEST_PARAMETER: Final = 3.0
"""The study prints weights between 0.8 and 1.5."""
_LAST_OF_WORLD: Final = {"Material": "Tungsten", "Stage": "E", "Country": "Zimbabwe"}
_LAST_OF_EUROPE: Final = {"Material": "Zirconium", "Stage": "E", "Country": "United States"}
_MEAN: Final = "mean of 2016-2020"
_PRINTED: Final = re.compile(r"([<>]?)\s*(\d+(?:\.\d+)?)\s*(%?)")


@dataclass(frozen=True, slots=True)
class Percentage:
    """A share as printed: its value [of 1], whether it is a bound, and a remark."""

    value_share: float
    is_bound: bool
    remark: str


def find_percentage(text: str) -> Percentage | None:
    """The share in a cell such as `4%`, `<0.1%` or `6`; None where it is none."""
    printed = _PRINTED.fullmatch(text.strip())
    if printed is None or float(printed[2]) > 100:
        return None
    remark = f"printed {text.strip()}" if printed[1] else "" if printed[3] else "printed without a percent sign"
    return Percentage(round(float(printed[2]) / 100, 9), bool(printed[1]), remark)


def read_shares(path: Path, intake: Intake, *, encoding: str, of_europe: bool) -> None:
    """Take over a table of supply shares.

    Args:
        of_europe: whether it is the table of the EU's sourcing; its columns are those of the world's.
    """
    lines = read_csv(path, encoding=encoding, columns=COLUMNS)
    demand_line(lines, _LAST_OF_EUROPE if of_europe else _LAST_OF_WORLD, path=path)
    for line in lines:
        _take_line(intake, line, of_europe=of_europe)


def _take_line(intake: Intake, line: Line, *, of_europe: bool) -> None:
    material, stage = line["Material"], line["Stage"]
    if find_name_meant(material):
        what = f"unknown material '{material}', one letter from '{find_name_meant(material)}'"
        intake.refuse(line.number, what)
        return
    if stage in GOODS_BY_STAGE and material not in GOODS_BY_STAGE[stage]:
        intake.set_aside(why_outside(material, stage), 2)
        return
    problem = _problem(line)
    percentage, region = find_percentage(line["Share"]), find_region(line["Country"])
    table = f"{'EU sourcing' if of_europe else 'world supply'} {material} {stage}"
    if problem or percentage is None or region is None:
        intake.refuse(line.number, problem, amount=percentage.value_share if percentage else None, table=table)
        return
    good = GOODS_BY_STAGE[stage][material]
    _take_share(intake, line, good, region, percentage, of_europe=of_europe, table=table)
    _take_parameter(intake, line, good, region, of_europe=of_europe)


def _take_share(
    intake: Intake, line: Line, good: str, region: str, percentage: Percentage, *, of_europe: bool, table: str
) -> None:
    remark = "the EU's sourcing, its members' own production included" if of_europe else ""
    intake.take(
        line.number,
        source=STUDY_2023,
        field="import_source_share" if of_europe else "production_share",
        good=good,
        region=EUROPEAN_UNION if of_europe else region,
        partner=region if of_europe else "",
        period=PERIOD,
        value=percentage.value_share,
        unit="share",
        status="bound" if percentage.is_bound else "reported",
        locator=_locator(line, of_europe=of_europe),
        note="; ".join(word for word in (_MEAN, remark, percentage.remark) if word),
        table=table,
    )


def _take_parameter(intake: Intake, line: Line, good: str, region: str, *, of_europe: bool) -> None:
    intake.take(
        line.number,
        source=STUDY_2023,
        field="trade_parameter",
        good=good,
        region=region,
        partner=EUROPEAN_UNION if of_europe else "",
        period=PERIOD,
        value=find_number(line["t"]),
        unit="ratio",
        locator=_locator(line, of_europe=of_europe),
        note="weight t in the EU's sourcing" if of_europe else "weight t in world supply",
    )


def _locator(line: Line, *, of_europe: bool) -> str:
    return f"{'EU supply shares' if of_europe else 'Global supply shares'}, {_words(line)}"


def _problem(line: Line) -> str:
    """What is wrong with a line of a material of ours, or nothing."""
    parameter = find_number(line["t"])
    if line["Stage"] not in GOODS_BY_STAGE:
        return f"unknown stage '{line['Stage']}' ({_words(line)})"
    if find_region(line["Country"]) is None:
        return f"unknown country '{line['Country']}' ({line['Material']}, {line['Stage']})"
    if find_percentage(line["Share"]) is None:
        return f"share '{line['Share']}' is no percentage ({_words(line)})"
    if parameter is None or not 0 < parameter < LARGEST_PARAMETER:
        return f"trade parameter '{line['t']}' is no such number ({_words(line)})"
    return ""


def _words(line: Line) -> str:
    return f"{line['Material']}, {line['Stage']}, {line['Country']}"
