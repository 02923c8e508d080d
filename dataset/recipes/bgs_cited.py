"""BGS cited: single figures of the World Mineral Statistics, for the years before other sources begin and where they differ.

    python dataset/recipes/bgs_cited.py

The statistics themselves may not be shipped; what is cited here are the few figures on which the cases of 2010 rest, those of
2023 that lie farthest from another publisher's, a mine that others do not name, and, for base years before 2020, the world's total of each year
and, every third year or so, the countries that make a hundredth of it or that a network always keeps apart; of the years between, where a
country's share of the world is eight points off what the last of those years lends it (Indonesia's nickel before and after its ban of 2014), that country, and the
largest until a third of the world's output is named, which makes it a year of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from imported_rows import imported, write_rows
from row_table import PUBLISHER_FILES

from derisk.data.rows import Row
from derisk.vocabulary.regions import ALWAYS_APART

FOLDER = PUBLISHER_FILES / "production" / "bgs_wms"
SOURCE = "bgs-wms-cited"
YEARS_OF_QUOTAS = ("2008", "2009", "2010", "2011", "2012", "2013")

CITED: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("REs", "rare_earth_concentrate", ("AUS", "CHN", "RUS", "USA"), YEARS_OF_QUOTAS),
    ("REs", "rare_earth_concentrate", ("AUS", "CHN", "IND", "MMR", "RUS", "USA"), ("2014", "2015", "2016", "2017")),
    ("antimony", "antimony_concentrate", ("BOL", "CHN", "RUS", "TJK", "ZAF"), ("2009", "2010")),
    ("tungsten", "tungsten_concentrate", ("CAN", "CHN", "RUS"), ("2009", "2010")),
    ("gallium", "gallium", ("CHN", "JPN", "KAZ", "RUS"), ("2011",)),  # earlier years leave China out
    ("magnesium", "magnesium", ("CHN", "ISR", "RUS", "USA"), ("2009", "2010")),
    ("cobalt", "cobalt_intermediate", ("COD",), ("2023",)),
    ("copper", "copper_concentrate", ("PAN",), ("2021", "2022", "2023")),  # elsewhere among the others
    ("graphite", "natural_graphite", ("AUT", "CHN", "IND", "RUS", "TUR"), ("2023",)),
    ("nickel", "nickel_ore", ("IDN", "PHL"), ("2011", "2017")),  # between Indonesia's bans
    ("nickel", "refined_nickel", ("CHN", "IDN"), ("2018",)),
)
"""Part of the file's name, good, countries, years."""

TOTALS: tuple[tuple[str, str, int], ...] = (
    ("antimony", "antimony_concentrate", 2008), ("cobalt", "cobalt_intermediate", 2008), ("cobalt", "refined_cobalt", 2008),
    ("copper", "copper_concentrate", 2008), ("copper", "refined_copper", 2008), ("gallium", "gallium", 2011),
    ("germanium", "germanium", 2008), ("graphite", "natural_graphite", 2008), ("lithium", "lithium_concentrate", 2016),
    ("magnesium", "magnesium", 2008), ("nickel", "nickel_ore", 2008), ("nickel", "refined_nickel", 2008),
    ("tungsten", "tungsten_concentrate", 2008),
)  # fmt: skip
"""Part of the file's name, good, first year whose countries are complete: gallium's lack China before, lithium's Chile."""
LAST_TOTAL = {"antimony_concentrate": 2020, "magnesium": 2020, "refined_cobalt": 2022, "refined_nickel": 2022}
"""Last year without another publisher's total; 2019 for the others."""
ALSO_NAMED = {"antimony_concentrate": (2020,), "magnesium": (2020,), "refined_nickel": (2021, 2022)}
"""Further years whose large countries are named: a shortage of magnesium, Indonesia's nickel."""
NAMED_YEARS = (2008, 2010, 2013, 2016, 2019)
NAMED_SHARE = 0.01
"""A network keeps a country apart that makes this share of anything, and some whatever they make."""
MOVED_SHARE = 0.08
"""Of the world's output: a country whose part of it has moved by this since the last named year is named in between."""
SPANNED = frozenset({"lithium_concentrate"})
"""Goods of which no maker is named in between: what their ore became is known for the named years alone."""
FAIR_SHARE = 1.0 / 3.0
"""Of the world's output: less than that named does not tell who makes a good (`told_share` of the network's rules)."""
COBALT_HOSTS = {"copper_concentrate": frozenset({"COD", "ZMB"})}
"""Countries named whatever their share: their copper mines leave the cobalt that others refine."""
OTHER_COUNT = {
    "natural_graphite": (frozenset({"AUT", "IND"}), "which count crude ore"),
    "lithium_concentrate": (
        frozenset({"USA"}),
        "whose figure counts carbonate in 2019 and is withheld by its own survey",
    ),
}
"""Countries left out of the total and why: their figures are many times the graphite or lithium in them."""


def totals(name: str, good: str, first: int) -> Iterator[Row]:
    """World output of each year; in the years of `NAMED_YEARS` its large countries and what the others make together."""
    years = [str(year) for year in range(first, LAST_TOTAL.get(good, 2019) + 1)]
    aside, reason = OTHER_COUNT.get(good, (frozenset(), ""))
    rows = imported(
        "bgs",
        FOLDER / f"BGS_{name}_production.csv",
        lambda row: row.good == good and row.period in years and row.region not in aside,
        source=SOURCE,
    )
    already = {
        (region, year) for _, cited, regions, stated in CITED if cited == good for region in regions for year in stated
    }
    lent: dict[str, float] = {}
    for year in years:
        made = [row for row in rows if row.period == year and row.value]
        world = sum(row.value or 0.0 for row in made)
        old = {region for region, stated in already if stated == year}
        large = {row.region for row in made if (row.value or 0.0) >= NAMED_SHARE * world}
        large |= COBALT_HOSTS.get(good, frozenset()) | ALWAYS_APART
        stated = int(year) in (*NAMED_YEARS, *ALSO_NAMED.get(good, ()))
        named = {row.region for row in made} & (
            old | (large if stated else _moved(made, {} if good in SPANNED else lent))
        )
        lent = _shares(made) if stated else lent
        yield from (row for row in made if row.region in named - old)
        left_out = f", without {' and '.join(sorted(aside))}, {reason}" if aside else ""
        sum_of = f"sum of the {len(made)} countries with output{left_out}"
        yield _sum(made, "WLD", sum_of)
        others = [row for row in made if row.region not in named]
        if named and others:
            below = ", each below a hundredth of the world's" if stated else ""
            yield _sum(others, "OTH", f"sum of the {len(others)} countries not named{below}")


def _shares(made: list[Row]) -> dict[str, float]:
    world = sum(row.value or 0.0 for row in made)
    return {row.region: (row.value or 0.0) / world for row in made}


def _moved(made: list[Row], lent: dict[str, float]) -> set[str]:
    """Countries whose share moved since the year that lends, and the largest until a fair part is named; none if none moved."""
    shares = _shares(made)
    named = {region for region in shares if lent and abs(shares[region] - lent.get(region, 0.0)) >= MOVED_SHARE}
    for region in sorted(shares, key=lambda region: -shares[region]) if named else ():
        if sum(shares[one] for one in named) < FAIR_SHARE:
            named.add(region)
    return named


def _sum(rows: list[Row], region: str, note: str) -> Row:
    good, year = rows[0].good, rows[0].period
    value = sum(row.value or 0.0 for row in rows)
    return replace(
        rows[0],
        region=region,
        value=value,
        status="derived",
        low=None,
        high=None,
        locator=f"{good}, countries, {year}",
        note=note,
    )


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
    for name, good, first in TOTALS:
        rows += totals(name, good, first)
    write_rows("cited", rows)


if __name__ == "__main__":
    main()
