"""Product lives: time in use of the products each good goes into, by use, with the spread of their ends."""

from __future__ import annotations

from collections.abc import Iterable

from row_table import RECIPES, observation, read_table

MEASURES = (("lifetime_years", "years", "years"), ("lifetime_shape", "shape", "none"))
"""Field, column of the table, unit."""


def life_rows(uses: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    """Mean time in use and its Weibull shape for pairs of good and use; a use's own line stands where the pair has none."""
    lines = {(line["good"], line["use"]): line for line in read_table(RECIPES / "product_lives_assumed.csv")}
    pairs = list(dict.fromkeys(uses))
    unused = {pair for pair in lines if pair[0]} - set(pairs)
    if unused:
        raise ValueError(f"product_lives_assumed.csv states lives of uses that no good has: {sorted(unused)}")
    rows = []
    for good, use in pairs:
        line = lines.get((good, use)) or lines["", use]
        for field, column, unit in MEASURES:
            rows.append(
                observation(
                    good,
                    use=use,
                    period="2024",
                    field=field,
                    value=line[column],
                    unit=unit,
                    basis="none",
                    status="assumed",
                    low=line[f"{column}_low"],
                    high=line[f"{column}_high"],
                    source="derisk-assumptions",
                    locator=f"recipes/product_lives_assumed.csv, {line['good'] or 'every good'}, {use}",
                    note=line["reason"],
                )
            )
    return rows
