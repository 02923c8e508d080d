"""Political positions: ideal points of countries from votes in the United Nations' General Assembly, by year."""

from __future__ import annotations

import csv
import gzip

from row_table import PUBLISHER_FILES, observation, write_observations

FILE = PUBLISHER_FILES / "trade" / "unga" / "IdealpointestimatesAll_Jun2024.csv.gz"
FIRST_YEAR, LAST_YEAR = 2008, 2023
SERBIA = {"code": "YUG", "note": "printed as Yugoslavia (code 345), whose seat Serbia holds since 2006"}


def region(line: dict[str, str]) -> str:
    """Code of the country; Serbia still stands under Yugoslavia's."""
    return "SRB" if line["iso3c"] == SERBIA["code"] else line["iso3c"]


def main() -> None:
    """Write observations/economy/political_position.csv."""
    with gzip.open(FILE, "rt", encoding="utf-8", newline="") as stream:
        lines = [line for line in csv.DictReader(stream) if FIRST_YEAR <= int(line["year"]) <= LAST_YEAR]
    rows = [
        observation(
            region=region(line),
            period=line["year"],
            field="political_position",
            value=f"{float(line['IdealPointAll']):.4f}",
            unit="estimate",
            basis="none",
            status="estimated",
            low=f"{float(line['Q5%All']):.4f}",
            high=f"{float(line['Q95%All']):.4f}",
            source="unga-ideal-points-2024",
            locator=f"IdealPointAll, {line['iso3c']}, session {line['session']}",
            note=SERBIA["note"] if line["iso3c"] == SERBIA["code"] else "",
        )
        for line in sorted(lines, key=lambda line: (line["year"], region(line)))
    ]
    write_observations("economy", "political_position", rows)


if __name__ == "__main__":
    main()
