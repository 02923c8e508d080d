"""Elasticities, stock cover, dependence, lead times, capital cost and recycling: one row per line of the assumptions, and USGS stock cover."""

from __future__ import annotations

from demand import mcs_lines, mcs_value
from row_table import MATERIAL_AND_STAGE, RECIPES, observation, read_table, write_by_material

MCS_STOCKS = (
    (
        "COPPER",
        "Stocks, refined, held by U.S. producers, consumers, and metal exchanges, yearend",
        "Consumption: Apparent, primary refined copper and copper from old scrap",
        "refined_copper",
    ),
    ("COBALT", "Stocks, yearend: Industry", "Consumption (includes secondary): Apparent", "refined_cobalt"),
    ("GALLIUM", "Stocks, consumer, yearend", "Consumption, reported", "gallium"),
)


def assumed() -> list[dict[str, str]]:
    """Rows of parameters_assumed.csv; the subject is a good, or a material where no good is meant."""
    rows = []
    for line in read_table(RECIPES / "parameters_assumed.csv"):
        is_good = line["subject"] in MATERIAL_AND_STAGE and line["field"] not in (
            "eol_recycling_input_rate",
            "eol_recycling_rate",
        )
        columns = {} if is_good else {"material": line["subject"]}
        rows.append(
            observation(
                line["subject"] if is_good else "",
                region=line["region"],
                use=line["use"],
                period=line["period"],
                field=line["field"],
                value=line["value"],
                unit=line["unit"],
                basis="none",
                status=line["status"],
                low=line["low"],
                high=line["high"],
                source=line["source"],
                note=line["reason"],
                locator=line["locator"]
                or f"recipes/parameters_assumed.csv, {line['field']}, {line['subject']} {line['use']}".strip(),
                **columns,
            )
        )
    return rows


def stock_cover_usa() -> list[dict[str, str]]:
    """Industry stocks of the United States over a month's consumption, 2021-2025."""
    lines, rows = mcs_lines(), []
    for chapter, stock_detail, use_detail, good in MCS_STOCKS:
        for year in ("2021", "2022", "2023", "2024", "2025"):
            stock, use = (float(mcs_value(lines, chapter, detail, year)[0]) for detail in (stock_detail, use_detail))
            cover = 12 * stock / use
            rows.append(
                observation(
                    good,
                    region="USA",
                    period=year,
                    field="stock_cover",
                    value=round(cover, 2),
                    unit="months",
                    basis="none",
                    status="derived",
                    low=round(0.8 * cover, 2),
                    high=round(1.5 * cover, 2),
                    source="usgs-mcs-2026",
                    locator=f"{chapter}, Salient Statistics, {stock_detail}; {use_detail}, {year}",
                    note=f"12 x {stock:g} / {use:g}; traders' and government stocks not in it",
                )
            )
    return rows


def main() -> None:
    """Write observations/<material>/parameters.csv."""
    write_by_material("parameters", assumed() + stock_cover_usa())


if __name__ == "__main__":
    main()
