"""Demand: world totals of the IEA, use in the United States of the USGS, and each country's assumed share of first use."""

from __future__ import annotations

import json

from consumption_usa import consumption_usa, usgs_shares
from first_use import first_use_shares
from published_uses import IEA_FILE
from row_table import observation, write_by_material

BASIS = {"graphite": "gross", "rare_earths": "oxide"}
"""Mass basis of a material; contained metal elsewhere."""

IEA_GOODS = {
    "Copper": ("refined_copper", ""),
    "Lithium": ("lithium_chemical", ""),
    "Cobalt": ("refined_cobalt", ""),
    "Rare Earth Elements": (
        "",
        (
            "magnet rare earths (Nd, Pr, Dy, Tb), all uses; no good of its own; the publisher does not say whether tonnes are of element "
            "or oxide"
        ),
    ),
    "Graphite": ("", "natural and synthetic graphite, all uses; no good of its own"),
}
IEA_USES = {
    "Electric vehicles": "electric_vehicles_and_batteries",
    "Grid battery storage": "electric_vehicles_and_batteries",
    "Solar PV": "wind_and_solar",
    "Wind": "wind_and_solar",
}
ASSUMED_DEMAND = (
    (
        "refined_copper",
        "copper",
        "COD",
        10_000.0,
        2_000.0,
        40_000.0,
        "no wire-rod or tube mill of size; what customs do not book of its cathodes leaves through its neighbours' ports and is not used at home",
    ),
    (
        "refined_copper",
        "copper",
        "MMR",
        15_000.0,
        5_000.0,
        50_000.0,
        "a few cable makers; what customs do not book of its cathodes crosses to China",
    ),
    (
        "lithium_chemical",
        "lithium",
        "AUS",
        200.0,
        50.0,
        500.0,
        "greases, glass and trials of cells: no cathode or cell plant of size; customs book a fifth of its hydroxide as exports",
    ),
    (
        "lithium_chemical",
        "lithium",
        "CHL",
        150.0,
        50.0,
        500.0,
        "greases and glass: no cathode or cell plant; customs book more exports than the IEA's output, so apparent use is a discrepancy",
    ),
    (
        "lithium_chemical",
        "lithium",
        "ARG",
        100.0,
        30.0,
        400.0,
        "greases, glass and one trial cell plant; apparent use is output on its way and in stock",
    ),
)
"""Use of a country whose trade statistics cannot give it [t/year]: good, material, country, value, low, high, reason."""
EARLY_DEMAND = (
    (
        "lithium_chemical",
        "lithium",
        "CHL",
        "2008",
        60.0,
        20.0,
        200.0,
        "greases and glass: no cathode or cell plant in any year; what its output exceeds its exports by is in stock and on its way",
    ),
    (
        "lithium_chemical",
        "lithium",
        "ARG",
        "2008",
        40.0,
        10.0,
        150.0,
        "greases and glass; what its output exceeds its exports by is in stock and on its way",
    ),
    (
        "lithium_chemical",
        "lithium",
        "AUS",
        "2022",
        150.0,
        50.0,
        500.0,
        "greases and glass: its first hydroxide plants of 2022 sell to Japan, Korea and China, and no cathode or cell plant of size stands there",
    ),
    (
        "refined_nickel",
        "nickel",
        "IDN",
        "2008",
        3_000.0,
        1_000.0,
        10_000.0,
        "no stainless mill: plating and alloys; the share of 2024 is that of the mills built from 2017 on",
    ),
    (
        "refined_nickel",
        "nickel",
        "IDN",
        "2018",
        130_000.0,
        80_000.0,
        190_000.0,
        "some two million tonnes of stainless steel from the first mills at Morowali, 6 to 8 % nickel, recalled",
    ),
    (
        "refined_nickel",
        "nickel",
        "IDN",
        "2021",
        300_000.0,
        200_000.0,
        400_000.0,
        "some four to five million tonnes of stainless steel, 6 to 8 % nickel, recalled",
    ),
    (
        "refined_nickel",
        "nickel",
        "IDN",
        "2024",
        418_421.0,
        292_895.0,
        543_947.0,
        "its share of first use (0.12, demand_share_assumed.csv) of the world's end use in the balance, in tonnes, so that no earlier year's row stands for 2024",
    ),
)
"""The same of years in which a country's use was another than that of 2024: with the year after the country."""


def world_totals() -> list[dict[str, str]]:
    """IEA world demand 2024 in total and by sector, and stated-policies projections."""
    rows = []
    for mineral, entry in json.loads(IEA_FILE.read_text(encoding="utf-8"))["totalDemand"].items():
        if mineral not in IEA_GOODS:
            continue
        good, remark = IEA_GOODS[mineral]
        material = {"Rare Earth Elements": "rare_earths"}.get(mineral, mineral.lower())
        common = {
            "material": material,
            "region": "WLD",
            "unit": "t/year",
            "basis": BASIS.get(material, "contained_metal"),
            "source": "iea-critical-minerals-2025",
        }
        if not good:
            common["stage"] = "refining"
        rows.append(
            observation(
                good,
                period="2024",
                field="demand",
                value=round(1000 * entry["totalDemand"]["2024"], 1),
                status="estimated",
                locator=f"Total demand, {mineral}, 2024",
                note=remark,
                **common,
            )
        )
        by_use: dict[str, list[str]] = {}
        for sector in entry["sectors"]:
            if sector in IEA_USES:
                by_use.setdefault(IEA_USES[sector], []).append(sector)
        for use, sectors in by_use.items():
            value = 1000 * sum(float(entry["sectors"][sector]["2024"]) for sector in sectors)
            rows.append(
                observation(
                    good,
                    use=use,
                    period="2024",
                    field="demand",
                    value=round(value, 1),
                    status="estimated",
                    locator=f"Total demand, {mineral}, 2024, {' + '.join(sectors)}",
                    note=remark,
                    **common,
                )
            )
        for year in ("2030", "2035", "2040"):
            rows.append(
                observation(
                    good,
                    period=year,
                    field="demand_base_case",
                    value=round(1000 * entry["totalDemand"]["STEPS"][year], 1),
                    status="estimated",
                    locator=f"Total demand, {mineral}, STEPS, {year}",
                    note=("stated policies; " + remark).strip("; "),
                    **common,
                )
            )
    return rows


def assumed_demand() -> list[dict[str, str]]:
    """Use judged where customs leave an impossible figure."""
    return [
        observation(
            good,
            region=region,
            period=year,
            field="demand",
            value=value,
            unit="t/year",
            basis=BASIS.get(material, "contained_metal"),
            status="assumed",
            low=low,
            high=high,
            source="derisk-assumptions",
            locator=f"recipes/demand.py, {good}, {region}",
            note=reason,
        )
        for good, material, region, year, value, low, high, reason in (
            *((*one[:3], "2024", *one[3:]) for one in ASSUMED_DEMAND),
            *EARLY_DEMAND,
        )
    ]


def main() -> None:
    """Write observations/<material>/demand.csv."""
    write_by_material("demand", world_totals() + consumption_usa() + assumed_demand() + first_use_shares(usgs_shares()))


if __name__ == "__main__":
    main()
