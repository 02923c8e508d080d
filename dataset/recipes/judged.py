"""Judged figures: lines of an assumptions table as rows, each with its range and reason."""

from __future__ import annotations

from row_table import RECIPES, observation, read_table

from derisk.data.fields import FIELDS
from derisk.vocabulary.goods import GOODS


def judged_rows(table: str) -> list[dict[str, str]]:
    """Rows of a table with the columns field, material, good, region, use, value, low, high, reason.

    A line is about a good, or about a material where no good is named.
    """
    return [
        observation(
            line["good"],
            **({} if line["good"] else {"material": line["material"]}),
            region=line["region"],
            use=line["use"],
            period="2024",
            field=line["field"],
            value=line["value"],
            unit=FIELDS[line["field"]].units[0],
            basis=GOODS[line["good"]].basis if FIELDS[line["field"]].mass == "good" else "none",
            status="assumed",
            low=line["low"],
            high=line["high"],
            source="derisk-assumptions",
            locator=f"recipes/{table}, {line['field']}, {line['good'] or line['material']} {line['use']}".strip(),
            note=line["reason"],
        )
        for line in read_table(RECIPES / table)
    ]
