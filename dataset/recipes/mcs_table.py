"""Mineral Commodity Summaries: cells of the 2026 data release, looked up by chapter, statistic and year."""

from __future__ import annotations

from row_table import PUBLISHER_FILES, read_table

MCS_FILE = PUBLISHER_FILES / "production" / "usgs_mcs_2025_2026" / "MCS2026_Commodities_Data.csv"
YEARS = ("2021", "2022", "2023", "2024", "2025")


def mcs_release() -> list[dict[str, str]]:
    """All lines of the release."""
    return read_table(MCS_FILE, encoding="cp1252")


def mcs_lines() -> list[dict[str, str]]:
    """Salient statistics of the United States."""
    return [line for line in mcs_release() if line["Section"].startswith("Salient")]


def mcs_value(
    lines: list[dict[str, str]], chapter: str, detail: str, year: str, *, commodity: str = ""
) -> tuple[str, str]:
    """Printed value and notes of one cell, ('', '') if absent; `commodity` tells apart the parts of a chapter."""
    for line in lines:
        named = (line["MCS chapter"], line["Statistics_detail"], line["Year"]) == (chapter, detail, year)
        if named and commodity in ("", line["Commodity"]):
            return line["Value"].replace(",", "").strip(), line["Notes"]
    return "", ""
