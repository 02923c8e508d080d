"""Uses: value added of summary industries divided among the end-use sectors, by shares of their detail industries."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from derisk.data.importers.bea_io.table import Table
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number
from derisk.data.sources import Source
from derisk.vocabulary.uses import USES

_TOTALS: Final = ("Total Value Added", "VAPRO")
_RANGE: Final = (0.95, 1.05)
"""Rounding and revision of the accounts, below and above the range of the shares."""


@dataclass(frozen=True, slots=True)
class UseShare:
    """Part of a summary industry's value added that is made for one use."""

    industry: str
    use: str
    share: float
    low: float
    high: float


@cache
def use_shares() -> tuple[UseShare, ...]:
    """Shares as `use_shares.csv` lists them; dataset/recipes/bea_use_shares.py writes that file."""
    text = resources.files("derisk.data.importers.bea_io").joinpath("use_shares.csv").read_text(encoding="utf-8")
    return tuple(
        UseShare(line["industry"], line["use"], float(line["share"]), float(line["low"]), float(line["high"]))
        for line in csv.DictReader(text.splitlines())
    )


def take_value_added(intake: Intake, table: Table, source: Source) -> None:
    """Rows of `value_added` by use and year, where a summary table states value added of every industry needed."""
    stated: dict[str, dict[str, float]] = defaultdict(dict)
    line_of: dict[str, int] = {}
    for part in table.parts:
        value = find_number(part.text)
        if part.row in _TOTALS and value is not None:
            stated[part.year][part.industry] = value
            line_of[part.year] = part.line
    needed = {share.industry for share in use_shares()}
    for year, added in stated.items():
        if needed <= added.keys():
            _take_year(intake, added, table=table, source=source, year=year, line=line_of[year])


def _take_year(
    intake: Intake, added: Mapping[str, float], *, table: Table, source: Source, year: str, line: int
) -> None:
    for use in USES:
        shares = [share for share in use_shares() if share.use == use]
        value = sum(added[share.industry] * share.share for share in shares)
        intake.take(
            line,
            source=source,
            field="value_added",
            region="USA",
            use=use,
            period=year,
            value=value,
            low=_RANGE[0] * sum(added[share.industry] * share.low for share in shares),
            high=_RANGE[1] * sum(added[share.industry] * share.high for share in shares),
            unit="musd/year",
            status="derived",
            locator=f"{table.name} {year}, value added of {len(shares)} industries",
            note="value added of each summary industry times the share of its detail industries of 2023 in the use",
        )
