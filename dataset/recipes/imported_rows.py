"""Imported rows: figures of the package's importers as lines of an observation table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from row_table import HEADER, write_by_material

from derisk.data.importers import bgs, eu_crm, iea, wmd
from derisk.data.intake.intake import Imported
from derisk.data.rows import Row

READERS = {"bgs": bgs.read, "eu-crm": eu_crm.read, "iea": iea.read, "wmd": wmd.read}


def imported(kind: str, path: object, keep: Callable[[Row], bool], *, source: str = "") -> list[Row]:
    """Rows of a publisher's file that may be shipped; none of the file may have been refused.

    Args:
        source: takes the place of the importer's own, where single figures are cited.
    """
    taken: Imported = READERS[kind](path)
    taken.demand_all(str(path))
    shippable = {record.id for record in taken.sources if record.shippable}
    rows = [row for row in taken.rows if keep(row)]
    locked = {row.source for row in rows} - shippable
    if locked and not source:
        raise ValueError(f"{', '.join(sorted(locked))}: the licence keeps these rows out of the package")
    return [replace(row, source=source or row.source) for row in rows]


def write_rows(name: str, rows: Iterable[Row]) -> None:
    """Write observations/<material>/<name>.csv for each material, in one order."""
    ordered = sorted(
        rows, key=lambda r: (r.field, r.good, r.stage, r.source, r.period, r.region, r.partner, r.use, r.locator)
    )
    write_by_material(name, [{column: _text(getattr(row, column)) for column in HEADER} for row in ordered])


def _text(cell: object) -> str:
    if cell is None:
        return ""
    return format(cell, ".10g") if isinstance(cell, float) else str(cell)
