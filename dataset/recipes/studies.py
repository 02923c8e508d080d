"""Studies: what the IEA's Data Explorer and the EU's studies state beside the rows that other recipes make.

    python dataset/recipes/studies.py

Writes observations/<material>/iea.csv (nickel, mined magnet rare earths, demand of clean technologies, and the
year 2023 of goods that no other source states for it) and observations/<material>/eu_crm.csv (supply shares, the
EU's sourcing, trade parameters, end uses, scores, recycling and substitution).
"""

from __future__ import annotations

from imported_rows import imported, write_rows
from row_table import PUBLISHER_FILES

from derisk.data.rows import Row

EXPLORER = PUBLISHER_FILES / "production" / "iea_cm_data_explorer"
EU_2023 = PUBLISHER_FILES / "production" / "eu_crm_2023"
EU_2017 = PUBLISHER_FILES / "trade" / "eu_crm" / "eu_crm_2017_criticality_tables_3_18_19.csv"
RECYCLING_RATES = PUBLISHER_FILES / "production" / "wmd2024_geopolrisk" / "world_mining_data.db"

YEARS_TO_2040 = ("2024", "2030", "2035", "2040")
ONLY_IEA_IN_2023 = ("battery_anode", "lithium_chemical", "refined_cobalt", "refined_nickel", "nickel_ore")
"""Goods whose production in 2023 no source of the package states, and nickel in ore beside USGS."""

RATES_ELSEWHERE = ("cobalt", "copper", "gallium", "germanium", "graphite", "lithium", "rare_earths")
"""Materials whose recycling rate of 2023 stands in their parameters.csv."""


def of_2025(row: Row) -> bool:
    """What recipes of single materials leave out of the edition of May 2025."""
    if row.period not in YEARS_TO_2040:
        return False
    if row.field.startswith("clean_technology_demand"):
        return True
    if row.field == "demand_base_case" and row.use:
        return False
    return row.material == "nickel" or (row.material == "rare_earths" and row.stage == "mining")


def of_2024(row: Row) -> bool:
    """The base year of the edition of May 2024, which later editions do not repeat."""
    if row.period != "2023":
        return False
    if row.field in ("demand", "clean_technology_demand"):
        return True
    if row.field != "production":
        return False
    if row.good == "natural_graphite":
        return row.region == "CHN"
    return row.good in ONLY_IEA_IN_2023 or row.material == "rare_earths"


def main() -> None:
    """Write both tables of every material."""
    write_rows(
        "iea",
        [
            *imported("iea", EXPLORER / "CM_Data_Explorer_2025-05_barrytho.json", of_2025),
            *imported("iea", EXPLORER / "CM_Data_Explorer_2024-05_drorrosen.xlsx", of_2024),
        ],
    )
    tables = [*sorted(EU_2023.glob("fact_*.csv")), EU_2023 / "dimension_CRMsOverTime.csv", EU_2017]
    rates = imported(
        "wmd",
        RECYCLING_RATES,
        lambda row: row.field == "eol_recycling_input_rate" and row.material not in RATES_ELSEWHERE,
    )
    write_rows("eu_crm", [*(row for table in tables for row in imported("eu-crm", table, lambda _: True)), *rates])


if __name__ == "__main__":
    main()
