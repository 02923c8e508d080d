"""Demand: world totals of the IEA, use in the United States of the USGS, and each country's assumed share of first use."""

from __future__ import annotations

import json

from gdp import EU27, gdp_usd
from published_uses import IEA_FILE
from row_table import PUBLISHER_FILES, RECIPES, observation, read_table, write_by_material

MCS_FILE = PUBLISHER_FILES / "production" / "usgs_mcs_2025_2026" / "MCS2026_Commodities_Data.csv"

BASIS = {
    "copper": "contained_metal",
    "lithium": "contained_metal",
    "cobalt": "contained_metal",
    "graphite": "gross",
    "rare_earths": "oxide",
    "gallium": "contained_metal",
    "germanium": "contained_metal",
}

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
MCS_CONSUMPTION = (
    (
        "COPPER",
        "Consumption: Reported, refined copper",
        "refined_copper",
        "copper",
        1000.0,
    ),
    ("COBALT", "Consumption (includes secondary): Apparent", "refined_cobalt", "cobalt", 1.0),
    ("LITHIUM", "Consumption, apparent", "lithium_chemical", "lithium", 1.0),
    ("GRAPHITE (NATURAL)", "Consumption, apparent", "natural_graphite", "graphite", 1.0),
    ("RARE EARTHS", "Consumption, apparent, compounds and metals", "", "rare_earths", 1.0),
    ("GALLIUM", "Consumption, reported", "gallium", "gallium", 0.001),
    ("GERMANIUM", "Consumption, estimated", "germanium", "germanium", 0.001),
)

COPPER_APPARENT = (
    "Consumption: Apparent, primary refined copper and copper from old scrap",
    "Copper recovered from old (post-consumer) scrap",
)

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


def mcs_lines() -> list[dict[str, str]]:
    """Salient statistics of the United States in the 2026 data release."""
    return [line for line in read_table(MCS_FILE, encoding="cp1252") if line["Section"].startswith("Salient")]


def mcs_value(lines: list[dict[str, str]], chapter: str, detail: str, year: str) -> tuple[str, str]:
    """Printed value and notes of one cell, ('', '') if absent."""
    for line in lines:
        if (line["MCS chapter"], line["Statistics_detail"], line["Year"]) == (chapter, detail, year):
            return line["Value"].replace(",", "").strip(), line["Notes"]
    return "", ""


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
            "basis": BASIS[material],
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


def united_states() -> list[dict[str, str]]:
    """Consumption of the United States 2021-2025."""
    lines, rows = mcs_lines(), []
    for chapter, detail, good, material, tonnes in MCS_CONSUMPTION:
        for year in ("2021", "2022", "2023", "2024", "2025"):
            text, notes = mcs_value(lines, chapter, detail, year)
            if text in ("", "NA"):
                continue
            withheld = text == "W"
            status = (
                "withheld"
                if withheld
                else ("estimated" if "Estimated" in notes or chapter == "GERMANIUM" else "reported")
            )
            note = "" if good else "all rare-earth compounds and metals together; no good of its own"
            bounds: dict[str, float] = {}
            if good == "refined_copper":
                apparent, old_scrap = (float(mcs_value(lines, chapter, d, year)[0]) for d in COPPER_APPARENT)
                bounds = {"low": float(text) * tonnes, "high": max(apparent - old_scrap, float(text)) * tonnes}
                note = (
                    f"survey of users; high: apparent consumption {apparent:,.0f} less copper from old scrap {old_scrap:,.0f} thousand t, "
                    "that is refined copper alone, unreported users and stocks included"
                )
            columns = {} if good else {"stage": "refining"}
            rows.append(
                observation(
                    good,
                    material=material,
                    region="USA",
                    period=year,
                    field="demand",
                    value="" if withheld else float(text) * tonnes,
                    unit="t/year",
                    basis=BASIS[material],
                    status=status,
                    source="usgs-mcs-2026",
                    locator=f"{chapter}, Salient Statistics, {detail}, {year}",
                    note=note,
                    **bounds,
                    **columns,
                )
            )
    for year in ("2022", "2023", "2024", "2025"):
        cells = [
            mcs_value(lines, "GERMANIUM", detail, year)[0]
            for detail in (
                "Imports for consumption: Germanium metal",
                "Imports for consumption: Germanium dioxide",
                "Exports: Germanium metal",
                "Exports: Germanium dioxide",
            )
        ]
        metal, dioxide, metal_out, dioxide_out = (float(cell) / 1000 for cell in cells)
        value = metal + dioxide - metal_out - dioxide_out
        rows.append(
            observation(
                "germanium",
                region="USA",
                period=year,
                field="demand",
                value=round(value, 2),
                unit="t/year",
                basis="contained_metal",
                status="derived",
                low=round(0.8 * value, 2),
                high=round(1.4 * value, 2),
                source="usgs-mcs-2026",
                locator=f"GERMANIUM, Salient Statistics, imports and exports, {year}",
                note=f"net imports of metal and dioxide: {metal:g} + {dioxide:g} - {metal_out:g} - {dioxide_out:g} t; "
                "tetrachloride, scrap and stocks not published",
            )
        )
    return rows


def assumed_demand() -> list[dict[str, str]]:
    """Use judged where customs leave an impossible figure."""
    return [
        observation(
            good,
            region=region,
            period="2024",
            field="demand",
            value=value,
            unit="t/year",
            basis=BASIS[material],
            status="assumed",
            low=low,
            high=high,
            source="derisk-assumptions",
            locator=f"recipes/demand.py, {good}, {region}",
            note=reason,
        )
        for good, material, region, value, low, high, reason in ASSUMED_DEMAND
    ]


def first_use_shares() -> list[dict[str, str]]:
    """Each country's share of world end use of a good; EU members by GDP 2023 unless the table lists them."""
    gdp = gdp_usd("2023")
    rows: list[dict[str, str]] = []
    lines = read_table(RECIPES / "demand_share_assumed.csv")
    for good in dict.fromkeys(line["good"] for line in lines):
        shares: dict[str, tuple[float, str]] = {}
        listed = {line["region"] for line in lines if line["good"] == good}
        members = [country for country in EU27 if country not in listed]
        whole = "EU total" if len(members) == len(EU27) else "total of the other EU members"
        for line in lines:
            if line["good"] != good:
                continue
            if line["region"] == "EU27":
                for country in members:
                    shares[country] = (
                        round(float(line["value"]) * gdp[country] / sum(gdp[member] for member in members), 6),
                        f"{whole} {line['value']} split by GDP 2023; {line['reason']}",
                    )
            else:
                shares[line["region"]] = (float(line["value"]), line["reason"])
        gap = 1.0 - sum(share for share, _ in shares.values())
        if abs(gap) > 2e-5:
            raise ValueError(f"demand shares of {good} miss 1 by {gap}; mend demand_share_assumed.csv")
        shares["OTH"] = (round(shares["OTH"][0] + gap, 6), shares["OTH"][1])
        for region, (share, reason) in shares.items():
            rows.append(
                observation(
                    good,
                    region=region,
                    period="2024",
                    field="demand_share",
                    value=share,
                    unit="share",
                    basis="none",
                    status="assumed",
                    low=share * 0.7,
                    high=min(1.0, share * 1.3),
                    source="derisk-assumptions",
                    locator=f"recipes/demand_share_assumed.csv, {good}",
                    note=reason,
                )
            )
    return rows


def main() -> None:
    """Write observations/<material>/demand.csv."""
    write_by_material("demand", world_totals() + united_states() + assumed_demand() + first_use_shares())


if __name__ == "__main__":
    main()
