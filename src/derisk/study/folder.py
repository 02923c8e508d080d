"""The study folder: parts written one by one, completed after an interruption, checked when read."""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from derisk.errors import InputError, Problem, StudyError
from derisk.study.labels import COLUMNS, axis_of
from derisk.study.tables import TABLES

MANIFEST = "manifest.json"
WITHOUT_REMEDIES = "without_remedies"

_PART = re.compile(r"^draws-(\d{6})-(\d{6})\.parquet$")
_SQL_TYPE = {"label": "VARCHAR", "float64": "DOUBLE", "bool": "BOOLEAN"}
_STATUS_TYPES = {
    "draw": "INTEGER",
    "month": "VARCHAR",
    "converged": "BOOLEAN",
    "residual": "DOUBLE",
    "reason": "VARCHAR",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """What a folder's numbers depend on; a folder is completed only by a run with the same."""

    scenario: str
    scenario_hash: str
    dataset_version: str
    dataset_hash: str
    derisk_version: str
    seed: int
    base_year: int

    def differences(self, manifest: dict[str, Any]) -> list[str]:
        """Names of the parts in which a folder's manifest differs."""
        return [name for name in self.__slots__ if manifest.get(name) != getattr(self, name)]


def prepare_folder(path: Path, identity: Identity) -> dict[str, Any] | None:
    """The folder's manifest if it may be completed, None if it is new or empty; nothing is written.

    Raises:
        InputError: the path is a file, holds something else, or another study.
    """
    if path.exists() and not path.is_dir():
        raise InputError(
            Problem(
                f"'{path}' is a file, not a folder", where="--out", hint="name a new folder: --out studies/my-study"
            )
        )
    if not path.exists() or not any(path.iterdir()):
        return None
    if not (path / MANIFEST).is_file():
        raise InputError(
            Problem(
                f"'{path}' is not empty and holds no study",
                where="--out",
                allowed="a new or empty folder, or the folder of the same study",
                hint="name another folder; nothing in this one was touched",
            )
        )
    manifest = read_manifest(path)
    different = identity.differences(manifest)
    if different:
        raise InputError(
            Problem(
                f"'{path}' holds another study: {', '.join(different)} differ",
                where="--out",
                allowed="a folder of the same scenario, dataset, version and seed, which is completed",
                hint="name another folder; nothing in this one was touched",
            )
        )
    return manifest


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a study folder.

    Raises:
        StudyError: no folder, no manifest, or one that cannot be read.
    """
    file = path / MANIFEST
    if not file.is_file():
        raise StudyError(
            Problem(
                f"no study in '{path}'",
                where=str(file),
                allowed="a folder written by `derisk run`",
                hint="run one: derisk run washington-2026 --out studies/washington-2026",
            )
        )
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StudyError(
            Problem(
                "the manifest cannot be read",
                where=str(file),
                allowed=str(error),
                hint="run the scenario again into a new folder",
            )
        ) from error
    if not isinstance(manifest, dict) or "scenario_hash" not in manifest:
        raise StudyError(
            Problem(
                "the manifest is not that of a study", where=str(file), hint="name a folder written by `derisk run`"
            )
        )
    return manifest


def write_json(file: Path, content: Any) -> None:
    """Write JSON through a temporary name, so that no reader sees half of it."""
    write_text(file, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_text(file: Path, text: str) -> None:
    """Write text through a temporary name."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)


def finished_draws(path: Path) -> set[int]:
    """Draws whose every table is written: those with a part in `status`."""
    found: set[int] = set()
    for file in (path / "status").glob("draws-*.parquet"):
        if match := _PART.match(file.name):
            found.update(range(int(match[1]), int(match[2]) + 1))
    return found


def write_part(path: Path, draws: Sequence[int], tables: dict[str, list[pd.DataFrame]]) -> None:
    """Write one part of every table, `status` last; a part is named by its first and last draw."""
    name = f"draws-{draws[0]:06d}-{draws[-1]:06d}.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        for table in TABLES:
            folder = path / table
            folder.mkdir(parents=True, exist_ok=True)
            temporary = folder / f".{name}.{os.getpid()}.{threading.get_ident()}.tmp"
            frames = [frame for frame in tables[table] if len(frame)] or tables[table][:1]
            connection.register("rows", pd.concat(frames, ignore_index=True))
            connection.execute(
                f"COPY (SELECT {_columns_as_sql(table)} FROM rows) TO '{_quoted(temporary)}' "
                "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)"
            )
            connection.unregister("rows")
            temporary.replace(folder / name)


def checksums(path: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of every part of every table."""
    return {
        table: {
            file.name: {"sha256": _sha256(file), "bytes": file.stat().st_size}
            for file in sorted((path / table).glob("draws-*.parquet"))
        }
        for table in TABLES
    }


def check_parts(path: Path, manifest: dict[str, Any], table: str) -> list[Path]:
    """The parts of a table, each checked against the manifest.

    Raises:
        StudyError: a part is missing, added or damaged.
    """
    stated = manifest.get("tables", {}).get(table)
    if stated is None:
        raise StudyError(
            Problem(
                f"the study in '{path}' is not finished: table '{table}' is incomplete",
                where=str(path / MANIFEST),
                hint="run the same command again to complete it",
            )
        )
    files = []
    for name, facts in stated.items():
        file = path / table / name
        if not file.is_file() or file.stat().st_size != facts["bytes"] or _sha256(file) != facts["sha256"]:
            state = "is damaged" if file.is_file() else "is missing"
            raise StudyError(
                Problem(
                    f"a part of table '{table}' {state}",
                    where=str(file),
                    hint="delete the study folder and run the scenario again; the same seed gives the same numbers",
                )
            )
        files.append(file)
    return files


def parts_as_sql(files: Sequence[Path]) -> str:
    """The parts as a DuckDB table function."""
    return "read_parquet([" + ", ".join(f"'{_quoted(file)}'" for file in files) + "])"


def read_parts(files: Sequence[Path], *, labels: Sequence[str]) -> pd.DataFrame:
    """The rows of a table, ordered as written, with words as categorical columns."""
    with duckdb.connect() as connection:
        connection.execute(f"CREATE VIEW rows AS SELECT * FROM {parts_as_sql(files)}")
        columns_of_axis: dict[str, list[str]] = {}
        for label in labels:  # origin and destination share their words, so that they can be compared
            columns_of_axis.setdefault(axis_of(label), []).append(label)
        for axis, columns in columns_of_axis.items():
            distinct = " UNION ".join(f'SELECT DISTINCT "{column}" AS word FROM rows' for column in columns)
            words = connection.execute(f"SELECT word FROM ({distinct}) ORDER BY word").fetchall()
            known = ", ".join("'" + str(row[0]).replace("'", "''") + "'" for row in words) or "''"
            connection.execute(f'CREATE TYPE "{axis}_word" AS ENUM ({known})')
        casts = ", ".join(f'"{label}"::"{axis_of(label)}_word" AS "{label}"' for label in labels)
        return connection.execute(f"SELECT * REPLACE ({casts}) FROM rows").df()


def _columns_as_sql(table: str) -> str:
    if table == "status":
        types = _STATUS_TYPES
    else:
        types = {"draw": "INTEGER", "month": "VARCHAR"} | {
            name: _SQL_TYPE[kind] for name, kind in COLUMNS[table].items()
        }
    return ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in types.items())


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
