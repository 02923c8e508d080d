"""Prices of refined nickel, refined tin and platinum by month and year, from the World Bank's Pink Sheet.

Copper's stand in copper/prices.csv, written by copper_supply.py.
"""

from __future__ import annotations

import sys

import row_table

sys.path.insert(0, str(row_table.RECIPES.parent.parent / "src"))

from derisk.data.importers.pink_sheet import read

WORKBOOK = row_table.PUBLISHER_FILES / "production" / "worldbank_pinksheet" / "CMO-Historical-Data-Monthly_2026-06.xlsx"
GOODS = ("refined_nickel", "refined_tin", "platinum")
FIRST_YEAR, LAST_YEAR = "2008", "2025"


def main() -> None:
    """Write observations/<material>/pink_sheet.csv."""
    rows = [
        row_table.observation(
            row.good,
            region=row.region,
            period=row.period,
            field=row.field,
            value=row_table.number(row.value, digits=10),
            unit=row.unit,
            basis=row.basis,
            status=row.status,
            source=row.source,
            locator=row.locator,
            note=row.note,
        )
        for row in sorted(read(WORKBOOK).rows, key=lambda row: (row.good, row.period))
        if row.good in GOODS and FIRST_YEAR <= row.period[:4] <= LAST_YEAR
    ]
    row_table.write_by_material("pink_sheet", rows)


if __name__ == "__main__":
    main()
