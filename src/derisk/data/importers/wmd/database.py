"""Database: the World Mining Data as a SQLite file, one table a mineral, with recycling rates beside them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from derisk.data.importers.wmd.minerals import MINERALS, RECYCLED_GOODS, RECYCLING_RATES, edition, outside
from derisk.data.importers.wmd.tables import CountryLine, demand_whole, take_mineral
from derisk.data.intake.files import OTHER_KIND, foreign, read_bytes, truncated
from derisk.data.intake.intake import Intake
from derisk.data.intake.printed import find_number
from derisk.vocabulary.goods import GOODS

MARK: Final = b"SQLite format 3\x00"
_LISTS: Final = {"Country_ISO": "list of countries", "logging": "log of the file's maker"}
_RATES: Final = "HS Code Map"
_RATE: Final = "EoL-RIR (2023)"
_RATE_COLUMNS: Final = ("Sheet_name", "Reference", _RATE)
_FACTSHEET_WORDS: Final = {"Palladium": "PGM", "Platinum": "PGM", "Rhodium": "PGM", "Rare Earths (REO)": "REE"}
_COLUMNS: Final = ("Country", "unit", "data_source")
_YEAR: Final = re.compile(r"(19|20)\d\d")


def read_database(path: Path, intake: Intake) -> None:
    """Take over a SQLite file of the World Mining Data, which holds no sums: a number that changed in it is not told.

    Raises:
        TruncatedFileError: the file is shorter than its header says, or its pages are damaged.
        LayoutError: a table's columns are unknown.
    """
    content = read_bytes(path)
    page_bytes = int.from_bytes(content[16:18], "big")
    if len(content) < (65536 if page_bytes == 1 else page_bytes) * int.from_bytes(content[28:32], "big"):
        raise truncated("the database has fewer pages than it says", path)
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        _read_tables(connection, path, intake)
    except sqlite3.DatabaseError as error:
        raise truncated(f"the database is damaged: {error}", path) from error
    finally:
        connection.close()


def _read_tables(connection: sqlite3.Connection, path: Path, intake: Intake) -> None:
    names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    if not set(names) & set(MINERALS):
        raise foreign("no table of a mineral", path, "World Mining Data, one table a mineral", OTHER_KIND)
    if _RATES not in names:
        raise foreign(f"no table '{_RATES}', of recycling rates", path)
    years: dict[str, tuple[str, ...]] = {}
    for name in names:
        cursor = connection.execute(f'SELECT * FROM "{name}"')
        columns = [column[0] for column in cursor.description]
        lines = cursor.fetchall()
        if name in _LISTS:
            intake.set_aside(_LISTS[name], len(lines))
        elif name == _RATES:
            _demand(columns, _RATE_COLUMNS, where=f"{path}, table '{name}'")
            _take_rates(intake, columns, lines)
        else:
            _demand(columns, _COLUMNS, where=f"{path}, table '{name}'")
            years[name] = _take_table(intake, name, columns, lines, where=f"{path}, table '{name}'")
    demand_whole(names, years, path=path)


def _demand(columns: Sequence[str], needed: Sequence[str], *, where: str) -> None:
    missing = [name for name in needed if name not in columns]
    if missing:
        listed = ", ".join(f"'{name}'" for name in missing)
        raise foreign(f"no column {listed}", where, ", ".join(columns))


def _take_table(
    intake: Intake, name: str, columns: Sequence[str], lines: Sequence[tuple[Any, ...]], *, where: str
) -> tuple[str, ...]:
    """Take one mineral's table; returns its years."""
    years = [column for column in columns if _YEAR.fullmatch(column)]
    if not years:
        raise foreign("no column of a year", where, ", ".join(columns))
    country_lines = []
    for number, line in enumerate(lines, start=1):
        cells = dict(zip(columns, line, strict=True))
        words = {column: str(cells[column] or "").strip() for column in _COLUMNS}
        figures = {year: cells[year] for year in years}
        country_lines.append(CountryLine(number, words["Country"], words["unit"], figures, words["data_source"]))
    take_mineral(intake, name, country_lines, edition(max(map(int, years))), place=f"table '{name}'")
    return tuple(years)


def _take_rates(intake: Intake, columns: Sequence[str], lines: Sequence[tuple[Any, ...]]) -> None:
    for number, line in enumerate(lines, start=1):
        cells = dict(zip(columns, line, strict=True))
        name, reference = str(cells["Sheet_name"] or ""), str(cells["Reference"] or "")
        rate = find_number(cells[_RATE])
        if name not in MINERALS and name not in RECYCLED_GOODS:
            intake.set_aside(outside(name))
        elif not reference.startswith("http"):
            intake.set_aside("recycling rate without a reference")
        elif _FACTSHEET_WORDS.get(name, name.split()[0].upper()) not in reference:
            intake.set_aside("recycling rate with another material's reference")
        elif rate is None or not 0 <= rate <= 1:
            intake.refuse(number, f"recycling rate '{cells[_RATE]}' is no share ({name})", table="recycling rates")
        else:
            good = RECYCLED_GOODS.get(name, "")
            intake.take(
                number,
                source=RECYCLING_RATES,
                field="eol_recycling_input_rate",
                good=good,
                material=GOODS[good or MINERALS[name].good].material,
                period="2023",
                value=rate,
                unit="share",
                locator=reference,
                note=f"end-of-life recycling input rate in the EU; {name} in the list of materials of GeoPolRisk",
            )
