"""Published uses: the IEA's demand by sector and the EU's application shares, with the map to derisk's uses."""

from __future__ import annotations

import json

from row_table import PUBLISHER_FILES, read_table

IEA_FILE = PUBLISHER_FILES / "production" / "iea_cm_data_explorer" / "CM_Data_Explorer_2025-05_barrytho.json"
EU_FILE = PUBLISHER_FILES / "trade" / "eu_crm" / "eu_crm_2023_fact_MaterialUseShares.csv"

EV = "electric_vehicles_and_batteries"
EU_MAP = {
    "Copper": {
        "Manufacture, other, electronic": "electronics",
        "Infrastructure, Telecommunications": "electronics",
        "Manufacture, Industrial, Electrical": "machinery",
        "Manufacture, other, cooling": "machinery",
        "Manufacture, Industrial, non-electrical": "machinery",
        "Manufacture, Transport, Automotive, Electrical": "machinery",
        "Manufacture, Transport, Automotive, non-electrical": "machinery",
        "Manufacture, Transport, other transport": "machinery",
        "Building construction, Communications": "other",
        "Building construction, Electrical power": "other",
        "Building construction, Architecture": "other",
        "Building construction, plumbing": "other",
        "Building construction, building plant": "other",
        "Manufacture, other, Consumer & general products": "other",
        "Manufacture, other, diverse": "other",
    },
    "Cobalt": {
        "Catalysts": "refining_and_chemicals",
        "Pigments and inks": "refining_and_chemicals",
        "Tyre adhesives and paint dryers": "refining_and_chemicals",
        "Hard materials (carbides and diamond tools)": "machinery",
        "Magnets": "machinery",
        "Other": "other",
    },
    "rare earths": {
        "Fluid cracking catalysts": "refining_and_chemicals",
        "Autocatalysts": "refining_and_chemicals",
        "Batteries": EV,
        "Polishing powders": "electronics",
        "Ceramics": "electronics",
        "Glass": "other",
        "Glass & ceramics": "other",
        "Metal (excl. Batteries)": "other",
    },
}
"""Publisher's application -> use. Copper's power utilities stand in the IEA's electricity networks and are left out here."""


def iea_demand_kt(mineral: str, year: str = "2024") -> dict[str, float]:
    """IEA demand of a mineral by sector [kt], with `total`."""
    entry = json.loads(IEA_FILE.read_text(encoding="utf-8"))["totalDemand"][mineral]
    demand = {sector: float(values[year]) for sector, values in entry["sectors"].items()}
    return demand | {"total": float(entry["totalDemand"][year])}


def eu_shares(material: str) -> dict[str, float]:
    """EU 2023 study's application shares [%] of a material; repeated applications add up."""
    shares: dict[str, float] = {}
    for line in read_table(EU_FILE):
        if line["Material"] == material:
            application, percent = line["Application"], line["Share"].strip(" %><")
            shares[application] = shares.get(application, 0.0) + float(percent)
    return shares


def eu_application_shares(material: str) -> dict[str, float]:
    """The same, each application once: the file repeats one of magnesium's lines."""
    lines = [line for line in read_table(EU_FILE) if line["Material"] == material]
    return {line["Application"]: float(line["Share"].strip(" %><")) for line in lines}


def group_by_use(shares: dict[str, float], mapping: dict[str, str]) -> dict[str, float]:
    """Shares [of 1] by use of the mapped applications; unmapped ones are left out."""
    total = sum(share for name, share in shares.items() if name in mapping)
    grouped: dict[str, float] = {}
    for name, share in shares.items():
        if name in mapping:
            grouped[mapping[name]] = grouped.get(mapping[name], 0.0) + share / total
    return grouped
