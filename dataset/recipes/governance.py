"""Worldwide Governance Indicators: six estimates a country for 2022."""

from __future__ import annotations

import csv
import gzip

from row_table import PUBLISHER_FILES, observation, write_observations

WGI_FILE = PUBLISHER_FILES / "trade" / "wgi" / "wgi_2023update_six_dimensions_1996_2022.csv.gz"
YEAR = "2022"
DIMENSIONS = {
    "VA": "voice_and_accountability",
    "PV": "political_stability",
    "GE": "government_effectiveness",
    "RQ": "regulatory_quality",
    "RL": "rule_of_law",
    "CC": "control_of_corruption",
}


def main() -> None:
    """Write observations/economy/governance.csv."""
    with gzip.open(WGI_FILE, "rt", encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.DictReader(stream) if line["year"] == YEAR and line["Estimate"]]
    rows = []
    for code, dimension in DIMENSIONS.items():
        for line in sorted((line for line in lines if line["dim"] == code), key=lambda line: line["iso3"]):
            value = float(line["Estimate"])
            rows.append(
                observation(
                    region=line["iso3"],
                    period=YEAR,
                    field=f"governance_{dimension}",
                    value=f"{value:.3f}",
                    unit="estimate",
                    basis="none",
                    status="estimated",
                    source="world-bank-wgi-2023",
                    locator=f"{code}.EST {line['iso3']} {YEAR}",
                )
            )
    write_observations("economy", "governance", rows)


if __name__ == "__main__":
    main()
