"""Consumption of the United States: the USGS's statistics of use, and the share of world use they amount to."""

from __future__ import annotations

from first_use import Share
from mcs_table import YEARS, mcs_lines, mcs_release, mcs_value
from published_uses import iea_demand_kt
from row_table import RECIPES, observation, read_table

from derisk.vocabulary.goods import GOODS

BASIS = {"rare_earths": "oxide"}
"""Mass basis of a material where no good is meant; contained metal elsewhere."""

COPPER_APPARENT = (
    "Consumption: Apparent, primary refined copper and copper from old scrap",
    "Copper recovered from old (post-consumer) scrap",
)


def consumption_usa() -> list[dict[str, str]]:
    """Rows of 2021-2025, one statistic for each line of `mcs_consumption.csv`, and germanium's net imports."""
    lines = mcs_lines()
    rows = [
        _row(lines, entry, year)
        for entry in read_table(RECIPES / "mcs_consumption.csv")
        for year in YEARS
        if _cell(lines, entry, year)[0] not in ("", "NA")
    ]
    return rows + _germanium(lines)


def usgs_shares() -> dict[str, dict[str, Share]]:
    """Use in the United States over world output (nickel: over the IEA's world demand), where both count one thing, 2024."""
    release, lines = mcs_release(), mcs_lines()
    shares: dict[str, dict[str, Share]] = {}
    for entry in read_table(RECIPES / "mcs_consumption.csv"):
        if not entry["world_detail"]:
            continue
        use_t = float(_cell(lines, entry, "2024")[0]) * float(entry["tonnes_per_unit"])
        if entry["world_detail"] == "IEA":
            world_t, words = 1000 * iea_demand_kt("Nickel")["total"], "the IEA's world demand"
        else:
            printed = mcs_value(
                release, entry["chapter"], entry["world_detail"], "2024", commodity=entry["world_commodity"]
            )
            world_t, words = float(printed[0]) * float(entry["tonnes_per_unit"]), "USGS world output"
        remark = f"; {entry['remark']}" if entry["remark"] else ""
        shares[entry["good"]] = {
            "USA": Share(
                value=round(use_t / world_t, 4),
                source="usgs-mcs-2026",
                locator=f"{entry['chapter']}, Salient Statistics, {entry['detail']}, 2024",
                note=f"{use_t:,.0f} t of {words}, {world_t:,.0f} t{remark}",
            )
        }
    return shares


def _cell(lines: list[dict[str, str]], entry: dict[str, str], year: str) -> tuple[str, str]:
    return mcs_value(lines, entry["chapter"], entry["detail"], year, commodity=entry["commodity"])


def _row(lines: list[dict[str, str]], entry: dict[str, str], year: str) -> dict[str, str]:
    """One year of one statistic; a survey of copper users is bounded by apparent consumption."""
    text, notes = _cell(lines, entry, year)
    good, tonnes = entry["good"], float(entry["tonnes_per_unit"])
    estimated = "Estimated" in notes or "estimated" in entry["detail"]
    columns: dict[str, object] = {"note": entry["remark"]}
    if not good:
        columns.update(material=entry["material"], stage="refining")
    if good == "refined_copper":
        columns.update(_copper_bounds(lines, text, year))
    return observation(
        good,
        region="USA",
        period=year,
        field="demand",
        value="" if text == "W" else float(text) * tonnes,
        unit="t/year",
        basis=GOODS[good].basis if good else BASIS.get(entry["material"], "contained_metal"),
        status="withheld" if text == "W" else "estimated" if estimated else "reported",
        source="usgs-mcs-2026",
        locator=f"{entry['chapter']}, Salient Statistics, {entry['detail']}, {year}",
        **columns,
    )


def _copper_bounds(lines: list[dict[str, str]], text: str, year: str) -> dict[str, object]:
    apparent, old_scrap = (float(mcs_value(lines, "COPPER", detail, year)[0]) for detail in COPPER_APPARENT)
    return {
        "low": float(text) * 1000,
        "high": max(apparent - old_scrap, float(text)) * 1000,
        "note": f"survey of users; high: apparent consumption {apparent:,.0f} less copper from old scrap {old_scrap:,.0f} thousand t, "
        "that is refined copper alone, unreported users and stocks included",
    }


def _germanium(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    """Net imports of germanium, its consumption being withheld."""
    rows = []
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
