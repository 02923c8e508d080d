"""IEA Critical Minerals Data Explorer, May 2025: supply by country as rows."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from supply_countries import code_of
from supply_rows import IEA, Maker, Row, publisher_file


@cache
def _supply() -> dict[str, Any]:
    path = publisher_file("production", "iea_cm_data_explorer", "CM_Data_Explorer_2025-05_barrytho.json")
    return dict(json.loads(path.read_text(encoding="utf-8"))["supply"])


def supply(mineral: str, stage: str, year: str) -> dict[str, float]:
    """Supply by country code [t/year]; WLD is the IEA's own total, OTH its rest of world."""
    table = _supply()[mineral][stage]
    named = {code_of(c): v[year] * 1000 for c, v in table["countries"].items() if v.get(year) is not None}
    return {**named, "WLD": table["total"][year] * 1000}


def supply_rows(
    maker: Maker, mineral: str, stage: str, *, keep: Callable[[str], bool] = lambda _: True, note: str = ""
) -> Iterator[Row]:
    """Production of 2024 and the base case of 2030, 2035 and 2040.

    `keep` drops regions of 2024 alone: a rest of world that other rows split over countries.
    """
    for year in ("2024", "2030", "2035", "2040"):
        for region, value in supply(mineral, stage, year).items():
            if year == "2024" and not keep(region):
                continue
            yield maker.row(
                "production" if year == "2024" else "production_base_case",
                region,
                value,
                unit="t/year",
                status="estimated",
                source=IEA,
                period=year,
                locator=f"May 2025 edition as JSON, supply, {mineral}, {stage}, "
                + (f"total, {year}" if region == "WLD" else f"countries, {region}, {year}"),
                note="; ".join(
                    filter(
                        None,
                        [
                            f"printed {value / 1000:.6g} kt",
                            note,
                            "" if year == "2024" else "base case of announced projects",
                        ],
                    )
                ),
            )
