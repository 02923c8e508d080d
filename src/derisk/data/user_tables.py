"""User's tables: cells of input-output accounts that a user imported, kept beside the rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.edited_csv import edited_lines
from derisk.data.input_output import COLUMNS, PARQUET
from derisk.data.parquet import create_table, quoted
from derisk.errors import DatasetError, Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE: Final = Path("tables") / "input_output.csv"
_KEY: Final = ("country", "year", "kind", "commodity_or_row", "industry", "source")

Cell = dict[str, str]


def read_cells(folder: Path) -> list[Cell]:
    """The user's cells; none where there is no file.

    Raises:
        DatasetError: the file's header is another's.
    """
    path = folder / FILE
    if not path.exists():
        return []
    problems: list[Problem] = []
    lines = [cells for _, cells in edited_lines(path, where=str(path), problems=problems)]
    if not problems and (tuple(lines[:1][0] if lines else ()) != COLUMNS or any(len(c) != len(COLUMNS) for c in lines)):
        hint = "remove it, and import again"
        problems.append(Problem("not a table of input-output cells", str(path), ",".join(COLUMNS), hint))
    if problems:
        raise DatasetError(*problems)
    return [dict(zip(COLUMNS, cells, strict=True)) for cells in lines[1:]]


def keep_cells(folder: Path, cells: Iterable[Mapping[str, Any]]) -> int:
    """Add cells to the user's, the later readings in place of earlier ones; returns how many are new or other."""
    kept = {_key(cell): cell for cell in read_cells(folder)}
    before = dict(kept)
    for cell in cells:
        told = {name: repr(cell[name]) if name == "value_musd" else str(cell[name]) for name in COLUMNS}
        kept[_key(told)] = told
    changed = sum(before.get(key) != cell for key, cell in kept.items())
    if changed:
        _write(folder, kept.values())
    return changed


def forget_cells(folder: Path, source: str) -> int:
    """Take a source's cells out of the user's; returns how many."""
    cells = read_cells(folder)
    rest = [cell for cell in cells if cell["source"] != source]
    if len(rest) < len(cells):
        _write(folder, rest)
    return len(cells) - len(rest)


def lay_cells_over(connection: DuckDBPyConnection, folder: Path, merged: Path) -> None:
    """Write the merged dataset's cells: the user's in place of the package's of the same country, year and kind."""
    cells = read_cells(folder)
    path = merged / PARQUET
    if not cells or not path.exists():
        return
    create_table(
        connection,
        "own_cells",
        COLUMNS,
        ([cell[name] for name in COLUMNS] for cell in cells),
        types={"value_musd": "DOUBLE"},
    )
    connection.execute(
        f"""CREATE TABLE package_cells AS SELECT * FROM read_parquet('{quoted(path)}');
            CREATE TABLE names AS SELECT DISTINCT code, name FROM (
                SELECT commodity_or_row AS code, row_name AS name FROM package_cells
                UNION ALL SELECT industry, industry_name FROM package_cells);
            COPY (
                SELECT * FROM package_cells
                WHERE (country, year, kind) NOT IN (SELECT (country, year, kind) FROM own_cells)
                UNION ALL BY NAME
                SELECT c.*, COALESCE(r.name, commodity_or_row) AS row_name, COALESCE(i.name, industry) AS industry_name
                FROM own_cells c LEFT JOIN names r ON r.code = commodity_or_row LEFT JOIN names i ON i.code = industry
                ORDER BY ALL
            ) TO '{quoted(path)}.part' (FORMAT parquet, COMPRESSION zstd)"""
    )
    Path(f"{path}.part").replace(path)


def _key(cell: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(cell[name]) for name in _KEY)


def _write(folder: Path, cells: Iterable[Mapping[str, str]]) -> None:
    path = folder / FILE
    ordered = sorted(cells, key=_key)
    if not ordered:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(ordered)
    part.replace(path)
