"""Value added by use outside the United States: recalled manufacturing totals and their structure, assumed."""

from __future__ import annotations

from row_table import RECIPES, USES, observation, read_table, write_observations

FARM_BUILDING_PART = 0.015
"""Part of construction that builds wind and solar farms, as in the United States' table."""
DEFENCE_ELECTRONICS_PART = 0.04
"""Part of electronics without semiconductors that is military."""
SPREAD = 0.4
SECTORS = ("electronics", "electrical", "machinery", "vehicles", "other_transport", "chemicals", "metals")


def by_use_busd(line: dict[str, str]) -> dict[str, float]:
    """Value added by use [bn USD] of one country's line of value_added_structure_assumed.csv."""
    number = {name: float(text) for name, text in line.items() if name != "region"}
    sector = {name: number["manufacturing_busd"] * number[name] for name in SECTORS}
    devices = sector["electronics"] * (1 - number["semiconductor_part"] - number["solar_part"])
    electrical_rest = 1 - number["battery_part"] - number["wind_solar_part"]
    return {
        "defence": sector["other_transport"] * number["aerospace_part"] + DEFENCE_ELECTRONICS_PART * devices,
        "semiconductors": sector["electronics"] * number["semiconductor_part"],
        "electronics": devices * (1 - DEFENCE_ELECTRONICS_PART),
        "electric_vehicles_and_batteries": sector["vehicles"] * number["electric_part"]
        + sector["electrical"] * number["battery_part"],
        "wind_and_solar": sector["electronics"] * number["solar_part"]
        + sector["electrical"] * number["wind_solar_part"]
        + FARM_BUILDING_PART * number["construction_busd"],
        "machinery": sector["machinery"]
        + sector["electrical"] * electrical_rest
        + sector["vehicles"] * (1 - number["electric_part"])
        + sector["other_transport"] * (1 - number["aerospace_part"]),
        "refining_and_chemicals": sector["chemicals"],
        "other": sector["metals"] + (1 - FARM_BUILDING_PART) * number["construction_busd"],
    }


def main() -> None:
    """Write observations/economy/value_added_elsewhere.csv."""
    rows = []
    for line in read_table(RECIPES / "value_added_structure_assumed.csv"):
        value_busd = by_use_busd(line)
        for use in USES:
            value = 1000 * value_busd[use]
            note = (
                f"recalled manufacturing {line['manufacturing_busd']} and construction {line['construction_busd']} bn USD of "
                "2023, times assumed shares of industries and of this use in them (value_added_structure_assumed.csv); "
                "no publisher's table read; GDP alone would miss where semiconductors, cars and batteries are made"
            )
            rows.append(
                observation(
                    region=line["region"],
                    use=use,
                    period="2023",
                    field="value_added",
                    value=f"{value:.0f}",
                    unit="musd/year",
                    basis="none",
                    status="assumed",
                    low=f"{(1 - SPREAD) * value:.0f}",
                    high=f"{(1 + SPREAD) * value:.0f}",
                    source="derisk-assumptions",
                    locator=f"recipes/value_added_structure_assumed.csv, {line['region']}",
                    note=note,
                )
            )
    write_observations("economy", "value_added_elsewhere", rows)


if __name__ == "__main__":
    main()
