"""Worldwide Governance Indicators: six estimates a country in chosen years, political stability in every year."""

from __future__ import annotations

import csv
import gzip
from collections import Counter
from pathlib import Path

from row_table import PUBLISHER_FILES, observation, write_observations

WGI = PUBLISHER_FILES / "trade" / "wgi"
SIX_DIMENSIONS = WGI / "wgi_2023update_six_dimensions_1996_2022.csv.gz"
POLITICAL_STABILITY = WGI / "wgi_political_stability_1996_2024_geopolrisk.csv.gz"
YEARS = ("2009", "2012", "2015", "2018", "2020", "2021", "2022")
STABILITY_YEARS = tuple(str(year) for year in range(2008, 2023))
SPLICED_YEARS = ("2023", "2024")
DIMENSIONS = {
    "VA": "voice_and_accountability",
    "PV": "political_stability",
    "GE": "government_effectiveness",
    "RQ": "regulatory_quality",
    "RL": "rule_of_law",
    "CC": "control_of_corruption",
}
FORMER = {"ANT"}
"""Territories that are no more: the Netherlands Antilles were dissolved in 2010."""
SPLICE = "method of the 2025 update, which differs from that of the years to 2022"


def read(path: Path) -> list[dict[str, str]]:
    """Lines of a packed CSV."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def row(code: str, country: str, year: str, estimate: str, *, source: str, note: str = "") -> dict[str, str]:
    """One estimate."""
    return observation(
        region=country,
        period=year,
        field=f"governance_{DIMENSIONS[code]}",
        value=f"{float(estimate):.3f}",
        unit="estimate",
        basis="none",
        status="estimated",
        source=source,
        locator=f"{code}.EST {country} {year}",
        note=note,
    )


def published(official: list[dict[str, str]]) -> list[dict[str, str]]:
    """Estimates of the 2023 update."""
    lines = [line for line in official if line["iso3"] not in FORMER and line["Estimate"]]
    return [
        row(code, line["iso3"], line["year"], line["Estimate"], source="world-bank-wgi-2023")
        for code in DIMENSIONS
        for line in sorted(
            (line for line in lines if line["dim"] == code), key=lambda line: (line["year"], line["iso3"])
        )
        if line["year"] in (STABILITY_YEARS if code == "PV" else YEARS)
    ]


def spliced(official: list[dict[str, str]]) -> list[dict[str, str]]:
    """Political stability of 2023 and 2024, from a copy of the 2025 update.

    Only countries that the copy states once a year, and whose earlier years are in it what the 2023 update prints:
    the copy mixes up Guyana and French Guiana, and gives Jersey another series.
    """
    copy = read(POLITICAL_STABILITY)
    stated = Counter((line["iso3"], line["year"]) for line in copy)
    of_copy = {(line["iso3"], line["year"]): float(line["pv_estimate"]) for line in copy}
    of_official = {(line["iso3"], line["year"]): float(line["Estimate"]) for line in official if line["dim"] == "PV"}
    agreeing = {country for country, _ in of_official} - {
        country
        for (country, year), value in of_official.items()
        if abs(of_copy.get((country, year), 99.0) - value) > 1e-6
    }
    return [
        row("PV", line["iso3"], line["year"], line["pv_estimate"], source="world-bank-wgi-2025", note=SPLICE)
        for line in sorted(copy, key=lambda line: (line["year"], line["iso3"]))
        if line["year"] in SPLICED_YEARS
        and line["iso3"] in agreeing - FORMER
        and stated[line["iso3"], line["year"]] == 1
    ]


def main() -> None:
    """Write observations/economy/governance.csv."""
    official = read(SIX_DIMENSIONS)
    rows = [*published(official), *spliced(official)]
    write_observations("economy", "governance", sorted(rows, key=lambda r: (r["field"], r["period"], r["region"])))


if __name__ == "__main__":
    main()
