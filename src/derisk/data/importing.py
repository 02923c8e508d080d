"""Importing: a publisher's file taken into the user's dataset, every figure accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from derisk.data.build import EMBEDDED, ROWS_FILE
from derisk.data.checks import create_vocabulary, find
from derisk.data.importers.registry import find_importer
from derisk.data.intake.intake import Imported, Refusal
from derisk.data.merging import read_package, with_user_rows
from derisk.data.parquet import open_tables, quoted
from derisk.data.rows import COLUMNS, NUMBERS
from derisk.data.rules import ROW_RULES
from derisk.data.sources import Source, write_source
from derisk.data.user_dataset import (
    PREFIX,
    create_rows,
    create_user_rows,
    locked,
    read_user_sources,
    rows_path,
    user_folder,
    write_user_file,
)
from derisk.data.user_tables import keep_cells

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_SAME_FIGURE_SHARE: Final = 1e-6
"""The package rounds what it writes: figures closer than this are one."""
_SAME_WORDS: Final = ("unit", "basis", "status")
_SAME_TEXTS: Final = ("locator", "note")


@dataclass(frozen=True, slots=True)
class Report:
    """What an import did with a file."""

    kind: str
    file: str
    rows_added: int
    rows_replaced: int
    rows_unchanged: int
    rows_refused: tuple[Refusal, ...]
    rows_set_aside: Mapping[str, int]
    value_share_refused: float
    sources: tuple[str, ...]
    folder: str
    cells_added: Mapping[str, int] = field(default_factory=dict)
    """Cells that are new or other, by the table they belong to (`input_output`)."""

    def as_json(self) -> dict[str, Any]:
        """The report as `derisk data import --json` prints it."""
        return {
            "rows_added": self.rows_added,
            "rows_refused": [{"line": refusal.line, "what": refusal.what} for refusal in self.rows_refused],
            "value_share_refused": self.value_share_refused,
            "rows_replaced": self.rows_replaced,
            "rows_unchanged": self.rows_unchanged,
            "rows_set_aside": dict(self.rows_set_aside),
            "cells_added": dict(self.cells_added),
            "kind": self.kind,
            "file": self.file,
            "sources": list(self.sources),
            "folder": self.folder,
        }


def import_file(
    kind: str,
    file: Path,
    *,
    refusals: Literal["stop", "accept"] = "stop",
    user: Path | None = None,
    package: Path = EMBEDDED,
) -> Report:
    """Read a publisher's file and add its rows to the user's dataset; the package is never touched.

    Args:
        refusals: what to do where a figure cannot be understood or breaks a rule: add nothing, or all but those.
        user: the user's folder; by default that of `DERISK_DATA`.
        package: the built dataset beside which the rows stand.

    Raises:
        InputError: unknown kind; the file is absent, cut or laid out otherwise.
        RefusedRowsError: figures were refused; names lines and the share of value; nothing was added.
    """
    imported = find_importer(kind).read(file)
    folder = user_folder() if user is None else user
    with open_tables() as connection, locked(folder):
        known = read_user_sources(folder) | {source.id: source for source in imported.sources}
        sources = known | read_package(package).sources
        create_rows(connection, imported.rows, table="rows")
        create_vocabulary(connection, sources)
        imported = _with_unlawful_refused(connection, imported)
        if refusals == "stop":
            imported.demand_all(str(file))
        counts = _compare(connection, folder, package / ROWS_FILE)
        cells = {name: keep_cells(folder, lines) for name, lines in imported.tables.items()}
        if counts["added"] + counts["replaced"] + sum(cells.values()):
            _keep_sources(imported.sources, folder, package=package)
        if counts["added"] + counts["replaced"]:
            _keep_rows(connection, folder, kind, file)
    with_user_rows(package, folder)
    return Report(
        kind=kind,
        file=str(file),
        rows_added=counts["added"],
        rows_replaced=counts["replaced"],
        rows_unchanged=counts["unchanged"],
        rows_refused=imported.refused,
        rows_set_aside=imported.set_aside,
        value_share_refused=imported.value_share_refused,
        sources=tuple(source.id for source in imported.sources),
        folder=str(folder),
        cells_added=cells,
    )


def _with_unlawful_refused(connection: DuckDBPyConnection, imported: Imported) -> Imported:
    """Refusals with the rows that break a rule of single rows added; those rows leave table `rows`."""
    findings = find(connection, ROW_RULES)
    if not findings:
        return imported
    refused = tuple(Refusal(f.line, f.what, f.allowed, f.hint) for f in findings)
    unlawful = " UNION ALL ".join(
        f"SELECT row_id FROM ({rule.sql})" for rule in ROW_RULES if rule.name != "key_unique_in_source"
    )
    connection.execute(
        f"""CREATE TABLE lawful AS
            SELECT *, concat(field, ' ', good, material) AS counted_in, row_id IN ({unlawful}) OR
                row_number() OVER (PARTITION BY row_id ORDER BY file, line) > 1 AS refused FROM rows"""
    )
    lost = connection.execute(
        """SELECT max(share) FROM (SELECT COALESCE(sum(abs(value)) FILTER (refused), 0)
               / NULLIF(sum(abs(value)), 0) AS share FROM lawful GROUP BY counted_in)"""
    ).fetchone()
    connection.execute("ALTER TABLE lawful RENAME TO tried; DROP TABLE rows")
    connection.execute("CREATE TABLE rows AS SELECT * EXCLUDE (counted_in, refused) FROM tried WHERE NOT refused")
    connection.execute("DROP TABLE tried")
    share = max(imported.value_share_refused, float(lost[0] or 0.0) if lost else 0.0)
    return replace(imported, refused=(*imported.refused, *refused), value_share_refused=share)


def _compare(connection: DuckDBPyConnection, folder: Path, package_rows: Path) -> dict[str, int]:
    """Table `fate`: what becomes of each row; `mine`: what the user's dataset holds so far."""
    create_user_rows(connection, folder, table="mine")
    words, texts = (_same(names, of="b") for names in (_SAME_WORDS, _SAME_TEXTS))
    exactly = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in NUMBERS)
    nearly = " AND ".join(_near(f"a.{name}", f"c.own_{name}") for name in NUMBERS)
    connection.execute(
        f"""CREATE TABLE package AS
            SELECT row_id, unit, basis, status, correction, value AS own_value,
                CASE WHEN range_from = '' THEN low ELSE stated_low END AS own_low,
                CASE WHEN range_from = '' THEN high ELSE stated_high END AS own_high
            FROM read_parquet('{quoted(package_rows)}');
            CREATE TABLE fate AS
            SELECT a.row_id, CASE
                WHEN b.row_id IS NOT NULL AND {exactly} AND {words} AND {texts} THEN 'unchanged'
                WHEN b.row_id IS NOT NULL THEN 'replaced'
                WHEN c.row_id IS NULL THEN 'added'
                WHEN {nearly} AND {_same(_SAME_WORDS, of="c")} AND c.correction = '' THEN 'unchanged'
                ELSE 'replaced' END AS fate
            FROM rows a LEFT JOIN mine b USING (row_id) LEFT JOIN package c USING (row_id)"""
    )
    counted = connection.execute("SELECT fate, count(*) FROM fate GROUP BY fate").fetchall()
    return {"added": 0, "replaced": 0, "unchanged": 0} | dict(counted)


def _same(names: Sequence[str], *, of: str) -> str:
    return " AND ".join(f"a.{name} = {of}.{name}" for name in names)


def _near(number: str, other: str) -> str:
    return f"({number} IS NOT DISTINCT FROM {other} OR abs({number} - {other}) <= {_SAME_FIGURE_SHARE} * abs({number}))"


def _keep_sources(sources: tuple[Source, ...], folder: Path, *, package: Path) -> None:
    """Write down the sources that the package does not know."""
    known = read_package(package).sources
    for source in sources:
        if source.id not in known:
            write_source(source, folder / "sources")


def _keep_rows(connection: DuckDBPyConnection, folder: Path, kind: str, file: Path) -> None:
    """Write the file's new rows, beside those it holds already; older readings of them leave the other files."""
    connection.execute(
        "CREATE TABLE new AS SELECT * FROM rows WHERE row_id IN (SELECT row_id FROM fate WHERE fate <> 'unchanged')"
    )
    homes = [rows_path(folder, kind, file, ending=ending) for ending in ("csv", "parquet")]
    names = [PREFIX + home.relative_to(folder).as_posix() for home in homes]
    found = connection.execute("SELECT DISTINCT file FROM mine WHERE row_id IN (SELECT row_id FROM new)").fetchall()
    for name in sorted({str(name) for (name,) in found} - set(names)):
        rest = f"FROM mine WHERE file = '{quoted(name)}' AND row_id NOT IN (SELECT row_id FROM new)"
        write_user_file(connection, rest, folder / name.removeprefix(PREFIX))
    listed = ", ".join(f"'{quoted(name)}'" for name in names)
    chosen = ", ".join(COLUMNS)
    query = f"""FROM (SELECT {chosen} FROM new UNION ALL
        SELECT {chosen} FROM mine WHERE file IN ({listed}) AND row_id NOT IN (SELECT row_id FROM new))"""
    write_user_file(connection, query, homes[0])
