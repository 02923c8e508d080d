"""BGS cited: single figures of the World Mineral Statistics, for the years before other sources begin and where they differ.

    python dataset/recipes/bgs_cited.py

The statistics themselves may not be shipped; what is cited here are the few figures on which the cases of 2010
rest, and those of 2023 that lie farthest from another publisher's.
"""

from __future__ import annotations

from dataclasses import replace

from imported_rows import imported, write_rows
from row_table import PUBLISHER_FILES

from derisk.data.rows import Row

FOLDER = PUBLISHER_FILES / "production" / "bgs_wms"
SOURCE = "bgs-wms-cited"
YEARS_OF_QUOTAS = ("2008", "2009", "2010", "2011", "2012", "2013")

CITED: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("REs", "rare_earth_concentrate", ("AUS", "CHN", "RUS", "USA"), YEARS_OF_QUOTAS),
    ("antimony", "antimony_concentrate", ("BOL", "CHN", "RUS", "TJK", "ZAF"), ("2009", "2010")),
    ("tungsten", "tungsten_concentrate", ("CAN", "CHN", "RUS"), ("2009", "2010")),
    ("gallium", "gallium", ("CHN", "JPN", "KAZ", "RUS"), ("2011",)),  # earlier years leave China out
    ("magnesium", "magnesium", ("CHN", "ISR", "RUS", "USA"), ("2009", "2010")),
    ("cobalt", "cobalt_intermediate", ("COD",), ("2023",)),
    ("graphite", "natural_graphite", ("AUT", "CHN", "IND", "RUS", "TUR"), ("2023",)),
)
"""Part of the file's name, good, countries, years."""


def world_of_graphite() -> Row:
    """World output of natural graphite in 2023: the countries of the table added up."""
    path = FOLDER / "BGS_graphite_production.csv"
    rows = imported("bgs", path, lambda row: row.period == "2023", source=SOURCE)
    china = next(row for row in rows if row.region == "CHN")
    return replace(
        china,
        region="WLD",
        value=sum(row.value or 0.0 for row in rows),
        status="derived",
        locator="graphite, all countries, 2023",
        note=f"sum of the {sum(1 for row in rows if row.value)} countries with output",
    )


def main() -> None:
    """Write observations/<material>/cited.csv."""
    rows = [world_of_graphite()]
    for name, good, regions, years in CITED:
        rows += imported(
            "bgs",
            FOLDER / f"BGS_{name}_production.csv",
            lambda row, g=good, r=regions, y=years: row.good == g and row.region in r and row.period in y,  # type: ignore[misc]
            source=SOURCE,
        )
    write_rows("cited", rows)


if __name__ == "__main__":
    main()
