"""Manifest: what a study folder says of itself, and what its numbers depend on."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derisk.errors import Problem, StudyError
from derisk.study.tables import TABLES

MANIFEST = "manifest.json"
MOST_DRAWS = 1_000_000


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


def read_manifest(path: Path) -> dict[str, Any]:
    """The manifest of a study folder.

    Raises:
        StudyError: no folder, no manifest, or one that cannot be read.
    """
    file = path / MANIFEST
    if not _is_file(file):
        raise StudyError(
            Problem(
                f"no study in {str(path)!r}",
                where=str(file),
                allowed="a folder written by `derisk run`",
                hint="run one: derisk run washington-2026 --out studies/washington-2026",
            )
        )
    manifest = read_json(file)
    wrong = _wrong_part(manifest)
    if wrong:
        raise StudyError(
            Problem(
                f"the manifest is not that of a study: {wrong}",
                where=str(file),
                allowed="a manifest as `derisk run` wrote it",
                hint="name a folder written by `derisk run`, or run the scenario again into a new folder",
            )
        )
    return dict(manifest)


def read_json(file: Path) -> Any:
    """A JSON file of a study.

    Raises:
        StudyError: it cannot be read.
    """
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        why = error.strerror if isinstance(error, OSError) else str(error)
        raise StudyError(
            Problem(
                f"{file.name} cannot be read: {why}",
                where=str(file),
                allowed="JSON as `derisk run` wrote it",
                hint="run the scenario again into a new folder; the same seed gives the same numbers",
            )
        ) from error


def _is_file(file: Path) -> bool:
    try:
        return file.is_file()
    except (OSError, ValueError):  # a name too long, a null letter
        return False


def _wrong_part(manifest: Any) -> str:
    """The first part of a manifest that is none, in words; nothing if all are sound."""
    if not isinstance(manifest, dict):
        return "it holds no keys"
    for name in Identity.__slots__:
        kind = int if name in ("seed", "base_year") else str
        if type(manifest.get(name)) is not kind:
            return f"'{name}' is {manifest.get(name)!r}"
    draws, finished, tables = manifest.get("draws"), manifest.get("finished"), manifest.get("tables")
    if type(draws) is not int or not 1 <= draws <= MOST_DRAWS:
        return f"'draws' is {draws!r}"
    if not isinstance(manifest.get("started"), str) or not isinstance(finished, str | None):
        return f"'started' is {manifest.get('started')!r}, 'finished' is {finished!r}"
    for table in ("sensitivity", "attribution"):
        if not isinstance(manifest.get(table, 0), int):
            return f"'{table}' is {manifest[table]!r}"
    sums = [tables]
    if isinstance(tables, dict):
        sums = [manifest.get("files"), *(tables.get(table) for table in (*TABLES, *tables))]
    if finished is not None and not all(_are_checksums(named) for named in sums):
        return "the checksums of a finished study are missing or damaged"
    return ""


def _are_checksums(named: Any) -> bool:
    return isinstance(named, dict) and all(
        isinstance(facts, dict) and type(facts.get("bytes")) is int and isinstance(facts.get("sha256"), str)
        for facts in named.values()
    )


def write_json(file: Path, content: Any) -> None:
    """Write JSON through a temporary name, so that no reader sees half of it."""
    write_text(file, json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def write_text(file: Path, text: str) -> None:
    """Write text through a temporary name."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}.tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(file)
