"""USGS supply: rows of the Summaries, the Yearbook and Data Series 140, taken over by their importers and thinned to the latest edition."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from row_table import HEADER, PUBLISHER_FILES, read_table, write_observations

from derisk.data.importers import usgs_mcs, usgs_myb
from derisk.data.intake.printed import shorten
from derisk.data.rows import KEY, Row
from derisk.errors import LayoutError

NEW_MATERIALS: Final = (
    "nickel", "manganese", "tungsten", "antimony", "magnesium", "titanium", "vanadium", "niobium", "tantalum", "tin",
    "bismuth", "indium", "tellurium", "silicon", "fluorspar", "platinum_group_metals", "lanthanum_cerium",
    "neodymium_praseodymium", "samarium", "europium_gadolinium", "dysprosium_terbium", "yttrium",
)  # fmt: skip
EARLIER_MATERIALS: Final = ("copper", "lithium", "cobalt", "graphite", "rare_earths", "gallium", "germanium")
"""Their rows of other recipes feed a published network: only what that network does not read is added."""
OBSERVATIONS: Final = Path(__file__).resolve().parents[1] / "observations"
ADDED_FIELDS: Final = ("net_import_reliance", "import_source_share", "apparent_consumption", "stock")
COUNTRY_FIELDS: Final = ("production", "capacity", "reserves")
"""Fields of tables whose countries add up to a world total."""
WRONG_FILES: Final = ("mcs2024-cobal_salient.csv",)
"""Files in which the publisher put the wrong table; the importer refuses them."""
DIFFERS_SHARE: Final = 0.01
YEARBOOK: Final = "usgs-myb-2022-rare-earths"
HISTORY: Final = "usgs-ds140-rare-earths-2020"
HISTORY_YEARS: Final = tuple(str(year) for year in range(2008, 2021))
YEARBOOK_YEARS: Final = ("2021", "2022")
"""Years of Table 8 that no other recipe ships."""


def summaries() -> list[Row]:
    """Rows of every file of the Summaries."""
    rows: list[Row] = []
    for path in sorted(path for pattern in usgs_mcs.FILES for path in PUBLISHER_FILES.glob(pattern)):
        try:
            imported = usgs_mcs.read(path)
        except LayoutError:
            if path.name not in WRONG_FILES:
                raise
            continue
        imported.demand_all(path.name)
        rows.extend(imported.rows)
    return rows


def history() -> list[Row]:
    """Rare earths of Table 8 of the Yearbook and of Data Series 140, in the years shipped."""
    folder = PUBLISHER_FILES / "production" / "usgs_history_wilson"
    yearbook = usgs_myb.read(folder / "usgs_myb2022_rare_earths_tables.xlsx").rows
    series = usgs_myb.read(folder / "usgs_ds140_rare_earths_2020.xlsx").rows
    return [
        *(row for row in yearbook if row.field == "production" and row.period in YEARBOOK_YEARS),
        *(
            row
            for row in series
            if row.period in HISTORY_YEARS and (row.region == "WLD" or row.field == "apparent_consumption")
        ),
    ]


def edition(row: Row) -> int:
    """Year of the Summaries a row is from."""
    return int(row.source.removeprefix("usgs-mcs-"))


def table_of(row: Row) -> tuple[str, ...]:
    """The world table a row belongs to."""
    return (row.field, row.material, row.stage, row.good, row.period)


def latest(rows: Iterable[Row]) -> Iterator[Row]:
    """The latest edition's row of each key, and the one before it where the two differ.

    A country that the latest world table no longer names is counted in its other countries: rows of older
    editions stand only where that table names the country too.
    """
    by_key: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    world_edition: dict[tuple[str, ...], int] = {}
    for row in rows:
        by_key[row.key()].append(row)
        if row.field in COUNTRY_FIELDS and row.region == "WLD":
            world_edition[table_of(row)] = max(edition(row), world_edition.get(table_of(row), 0))
    for rivals in by_key.values():
        ranked = sorted(rivals, key=edition, reverse=True)
        if edition(ranked[0]) < world_edition.get(table_of(ranked[0]), 0):
            continue
        yield ranked[0]
        yield from [row for row in ranked[1:] if differs(row, ranked[0])][:1]


def differs(row: Row, newest: Row) -> bool:
    """Whether an older figure is another one than the newest."""
    if row.value is None:
        return False
    if newest.value is None:
        return True
    return abs(row.value - newest.value) > DIFFERS_SHARE * abs(newest.value)


def stated_elsewhere() -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    """Keys with sources, and goods with fields and years of more than one country, that other recipes' tables hold."""
    keys, places = set(), defaultdict(set)
    for path in sorted(OBSERVATIONS.glob("*/*.csv")):
        if not path.stem.startswith("usgs"):
            for row in read_table(path):
                keys.add((*(row[name] for name in KEY), row["source"]))
                places[row["good"], row["field"], row["period"]].add(row["region"])
    return keys, {year for year, regions in places.items() if len(regions) > 1}


def without_fragments(rows: list[Row]) -> list[Row]:
    """Rows less the years of a world table that hold one country's figure alone, or names without figures.

    They would pass for the newest year of the table.
    """
    figures: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for row in rows:
        if row.field in COUNTRY_FIELDS and row.value is not None:
            figures[table_of(row)].add(row.region)
    whole = {table for table, regions in figures.items() if len(regions) > 1}
    goods = {table[:-1] for table in whole}
    return [row for row in rows if table_of(row)[:-1] not in goods or table_of(row) in whole]


def is_wanted(row: Row, years: set[tuple[str, ...]]) -> bool:
    """Whether a row is shipped: of the earlier materials only what their network does not read."""
    if row.material in NEW_MATERIALS:
        return True
    if row.source in (YEARBOOK, HISTORY) or row.field in ADDED_FIELDS:
        return True
    return bool(row.good) and row.field in ("production", "reserves") and (row.good, row.field, row.period) not in years


def written(row: Row) -> dict[str, str]:
    """The row as the cells of a table."""
    cells = {name: getattr(row, name) for name in HEADER}
    return {
        name: "" if cell is None else shorten(cell) if isinstance(cell, float) else cell for name, cell in cells.items()
    }


def main() -> None:
    keys, years = stated_elsewhere()
    rows = [*without_fragments(list(latest(summaries()))), *history()]
    wanted = [row for row in rows if is_wanted(row, years)]
    lines = [written(row) for row in wanted if (*row.key(), row.source) not in keys]
    lines.sort(key=lambda c: (c["field"], c["good"], c["stage"], c["period"], c["source"], c["region"], c["partner"]))
    for materials, name in ((NEW_MATERIALS, "usgs"), (EARLIER_MATERIALS, "usgs_more")):
        for material in materials:
            write_observations(material, name, [cells for cells in lines if cells["material"] == material])


if __name__ == "__main__":
    main()
