"""EU critical raw materials study 2023: global supply shares by country, mean of 2016-2020."""

from __future__ import annotations

import csv
from collections.abc import Container

from supply_countries import code_of
from supply_rows import publisher_file


def shares(material: str, stage: str) -> dict[str, float]:
    """Share of world supply by country; stage E is extraction, P processing. '<0.1%' is left out."""
    path = publisher_file("production", "eu_crm_2023", "fact_GlobalSupplyShares&t.csv")
    found: dict[str, float] = {}
    with path.open(encoding="cp1252", newline="") as file:
        for line in csv.reader(file):
            if (
                len(line) >= 4
                and line[0].strip() == material
                and line[1].strip() == stage
                and line[3].strip()[:1].isdigit()
            ):
                found[code_of(line[2])] = float(line[3].strip().rstrip("%")) / 100
    return found


def split(tonnes: float, material: str, stage: str, *, besides: Container[str]) -> dict[str, float]:
    """Tonnes of a publisher's 'other countries', by country, in proportion to the study's shares."""
    weights = {c: s for c, s in shares(material, stage).items() if c not in besides and c != "OTH"}
    return {c: tonnes * s / sum(weights.values()) for c, s in sorted(weights.items())}
