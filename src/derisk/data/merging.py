"""Merging: the user's rows laid over the package's, corrected, chosen and kept ready for the next opening."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.build import MANIFEST_FILE, ROWS_FILE, write_json
from derisk.data.built import read_built, read_manifest, reading_built
from derisk.data.checks import create_vocabulary, find
from derisk.data.choices import Choice, apply_choices, check_choices, read_choices
from derisk.data.corrections import Correction, correct_where_printed
from derisk.data.parquet import ROW_COLUMNS, open_tables, quoted, write_rows
from derisk.data.rows import COLUMNS, KEY, Row
from derisk.data.rules import ROW_RULES
from derisk.data.sources import Source
from derisk.data.user_dataset import PREFIX, create_rows, create_user_rows, locked, read_user_sources, row_files, stamp
from derisk.data.user_tables import FILE as CELLS
from derisk.data.user_tables import lay_cells_over, read_cells
from derisk.errors import DatasetError, Problem

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_FORMAT: Final = "1"
"""Changes when merging does, so that no older result is taken."""
_KEPT: Final = 2
"""Merged datasets that stay: the newest, and the one before, which another process may still read."""
_SAME_KEY: Final = " AND ".join(f"a.{name} = b.{name}" for name in KEY)


@dataclass(frozen=True, slots=True)
class Package:
    """What the build wrote beside the rows."""

    folder: Path
    manifest: dict[str, Any]
    sources: dict[str, Source]
    choices: list[Choice]
    corrections: list[Correction]


def read_package(folder: Path) -> Package:
    """The built dataset of a folder, its rows apart.

    Raises:
        DatasetError: there is none.
    """
    told = {name: read_built(folder, name) for name in ("sources", "choices", "corrections")}
    with reading_built(folder):
        return Package(
            folder,
            read_manifest(folder),
            {record["id"]: Source(**record) for record in told["sources"]},
            [Choice.from_dict(record) for record in told["choices"]],
            [Correction.from_dict(record) for record in told["corrections"]],
        )


def with_user_rows(package: Path, user: Path) -> Path:
    """The folder of the built dataset to open: the package's where the user has no rows, else both merged.

    Raises:
        DatasetError: a row of the user's breaks a rule of single rows; names its file and line.
    """
    if not row_files(user) and not (user / CELLS).exists():
        return package
    if (ready := _merged_folder(package, user)) is not None:
        return ready
    with locked(user):
        ready = _merged_folder(package, user)
        if ready is None:
            ready = _merge(read_package(package), user, user / "merged" / _identity(package, user))
            _forget_older(user / "merged", ready)
    return ready


def _merged_folder(package: Path, user: Path) -> Path | None:
    ready = user / "merged" / _identity(package, user)
    return ready if (ready / MANIFEST_FILE).exists() else None


def _identity(package: Path, user: Path) -> str:
    told = read_manifest(package)["hash"]
    return hashlib.sha256(f"{_FORMAT}\n{told}\n{stamp(user)}".encode()).hexdigest()[:16]


def _merge(package: Package, user: Path, target: Path) -> Path:
    sources = read_user_sources(user) | package.sources
    choices = _read_user_choices(user, sources) + package.choices
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="writing-") as folder, open_tables() as connection:
        fresh = Path(folder) / "merged"
        shutil.copytree(package.folder, fresh, ignore=shutil.ignore_patterns(ROWS_FILE, "writing-*"))
        create_user_rows(connection, user, table="rows")
        _demand_lawful(connection, sources)
        content = _content_hash(connection)
        _correct(connection, package.corrections)
        _lay_over(connection, package.folder / ROWS_FILE)
        _choose(connection, choices, sources)
        write_rows(
            connection, "(SELECT * FROM merged ORDER BY starts_with(file, 'user/'), file, line)", fresh / ROWS_FILE
        )
        write_json(fresh / "sources.json", [source.as_dict() for _, source in sorted(sources.items())])
        write_json(fresh / "choices.json", [choice.as_dict() for choice in choices])
        lay_cells_over(connection, user, fresh)
        told = json.dumps([choice.as_dict() for choice in choices] + read_cells(user), sort_keys=True)
        both = hashlib.sha256(f"{package.manifest['hash']}\n{content}\n{told}".encode()).hexdigest()
        write_json(fresh / MANIFEST_FILE, package.manifest | _counts(connection, sources) | {"hash": both})
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
    return target


def _read_user_choices(user: Path, sources: dict[str, Source]) -> list[Choice]:
    """The user's own rules, which stand before the package's."""
    problems: list[Problem] = []
    choices = read_choices(user, problems=problems)
    check_choices(choices, sources, problems=problems)
    if problems:
        raise DatasetError(*(replace(problem, where=str(user / problem.where)) for problem in problems))
    return choices


def _demand_lawful(connection: DuckDBPyConnection, sources: dict[str, Source]) -> None:
    create_vocabulary(connection, sources)
    if findings := find(connection, ROW_RULES):
        raise DatasetError(*(finding.problem() for finding in findings))


def _content_hash(connection: DuckDBPyConnection) -> str:
    words = ", ".join(f"COALESCE(CAST({name} AS VARCHAR), '')" for name in COLUMNS)
    told = connection.execute(
        f"SELECT sha256(string_agg(sha256(concat_ws(chr(31), {words})), '' ORDER BY row_id)) FROM rows"
    ).fetchone()
    return str(told[0]) if told else ""


def _correct(connection: DuckDBPyConnection, corrections: Sequence[Correction]) -> None:
    """The package's corrections, on those of the user's rows that print what they expect."""
    named = {correction.source for correction in corrections}
    if not named:
        return
    listed = ", ".join(f"'{quoted(source)}'" for source in sorted(named))
    rows = fetch_rows(connection, f"FROM rows WHERE source IN ({listed})")
    _write_back(connection, rows, correct_where_printed(rows, corrections), table="rows")


def _lay_over(connection: DuckDBPyConnection, package_rows: Path) -> None:
    """Table `merged`: the package's rows and the user's; where both state a key from one source, the user's."""
    connection.execute(
        f"""CREATE TABLE package AS SELECT * FROM read_parquet('{quoted(package_rows)}');
            UPDATE rows SET correction = concat_ws('; ', NULLIF(rows.correction, ''),
                'the user''s row replaces the package''s ' || COALESCE(CAST(b.value AS VARCHAR), b.status)
                || ' (' || b.file || ', line ' || b.line || ')')
            FROM package b WHERE b.row_id = rows.row_id;
            CREATE TABLE merged AS SELECT * FROM package WHERE row_id NOT IN (SELECT row_id FROM rows)
            UNION ALL BY NAME SELECT * FROM rows"""
    )


def _choose(connection: DuckDBPyConnection, choices: Sequence[Choice], sources: dict[str, Source]) -> None:
    """Decide anew for the keys that the user's rows touch; the package's other choices stand."""
    excluded = {source for choice in choices for source in choice.exclude} or {""}
    listed = ", ".join(f"'{quoted(source)}'" for source in sorted(excluded))
    touched = fetch_rows(
        connection,
        f"""FROM merged a WHERE EXISTS (SELECT 1 FROM rows b WHERE {_SAME_KEY})
            AND (source IN ({listed}) OR EXISTS (SELECT 1 FROM merged b WHERE {_SAME_KEY} AND a.row_id <> b.row_id))""",
    )
    stated = [_as_stated(row) for row in touched]
    _write_back(connection, touched, apply_choices(stated, list(choices), sources), table="merged")


def _as_stated(row: Row) -> Row:
    """A row as it stood before choices."""
    low, high = (row.stated_low, row.stated_high) if row.range_from else (row.low, row.high)
    return replace(row, chosen=True, choice="", range_from="", low=low, high=high, stated_low=None, stated_high=None)


def fetch_rows(connection: DuckDBPyConnection, query: str) -> list[Row]:
    """Rows of a query that begins with its FROM."""
    found = connection.execute(f"SELECT {', '.join(ROW_COLUMNS)} {query}").fetchall()
    return [Row(**dict(zip(ROW_COLUMNS, cells))) for cells in found]


def _write_back(connection: DuckDBPyConnection, before: Sequence[Row], after: Sequence[Row], *, table: str) -> None:
    stood = {row.row_id: row for row in before}
    changed = [row for row in after if stood[row.row_id] != row]
    gone = stood.keys() - {row.row_id for row in after}
    create_rows(connection, changed, table="changed")
    create_rows(connection, [stood[row_id] for row_id in sorted(gone)], table="gone")
    connection.execute(
        f"""DELETE FROM {table} WHERE row_id IN (SELECT row_id FROM changed UNION ALL SELECT row_id FROM gone);
            INSERT INTO {table} BY NAME SELECT * FROM changed;
            DROP TABLE changed; DROP TABLE gone"""
    )


def _counts(connection: DuckDBPyConnection, sources: dict[str, Source]) -> dict[str, int]:
    told = connection.execute(
        f"SELECT count(*), count(*) FILTER (chosen), count(*) FILTER (starts_with(file, '{PREFIX}')) FROM merged"
    ).fetchone() or (0, 0, 0)
    return {"rows": told[0], "chosen_rows": told[1], "user_rows": told[2], "sources": len(sources)}


def _forget_older(merged: Path, newest: Path) -> None:
    others = [path for path in merged.iterdir() if path != newest and (path / MANIFEST_FILE).exists()]
    others.sort(key=lambda path: (path / MANIFEST_FILE).stat().st_mtime_ns, reverse=True)
    for path in others[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
