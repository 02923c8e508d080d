"""Parameters: elasticities, stocks, dependence, lead times, costs, recycling, product lives and footprints of every good."""

from __future__ import annotations

from footprints import emission_intensities
from judged import judged_rows
from mcs_table import YEARS, mcs_lines, mcs_value
from product_lives import life_rows
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
    ("NICKEL", "Stocks, yearend: Consumer", "Consumption: Apparent, total", "refined_nickel"),
    (
        "MANGANESE",
        "Stocks, producer and consumer, yearend: Manganese ore",
        "Consumption, reported: Manganese ore",
        "manganese_ore",
    ),
    ("TIN", "Stocks, consumer and dealer, yearend", "Consumption, apparent, refined", "refined_tin"),
    ("BISMUTH", "Stocks, yearend, consumer, bismuth metal", "Consumption: Apparent", "bismuth"),
    ("VANADIUM", "Stocks, yearend", "Consumption: Apparent", "vanadium"),
)
JUDGED_TABLES = (
    "elasticities_assumed.csv",
    "stocks_and_plants_assumed.csv",
    "dependence_assumed.csv",
    "recycling_assumed.csv",
    "footprints_assumed.csv",
    "processes_assumed.csv",
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
        for year in YEARS:
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


def judged() -> list[dict[str, str]]:
    """Rows of the judged tables, one table a topic."""
    return [row for table in JUDGED_TABLES for row in judged_rows(table)]


def lives(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Product lives of each pair of good and use that has a dependence, which is each pair with an end use."""
    return life_rows((row["good"], row["use"]) for row in rows if row["field"] == "dependence_share")


def main() -> None:
    """Write observations/<material>/parameters.csv."""
    rows = assumed() + stock_cover_usa() + judged()
    write_by_material("parameters", rows + lives(rows) + emission_intensities())


if __name__ == "__main__":
    main()
