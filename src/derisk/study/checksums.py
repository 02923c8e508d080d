"""Checksums: size and SHA-256 of a study's files, written at the end and compared at each reading."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from derisk.errors import Problem, StudyError
from derisk.study.parts import parts_of
from derisk.study.tables import TABLES

FILES = ("scenario.yml", "balance.json", "summary.json")
"""Files beside the tables, each with a checksum in the manifest."""
SENSITIVITY = "sensitivity"
PROPAGATION = "propagation"
ATTRIBUTION = "attribution"
SINGLE_FILES = {name: f"{name}.parquet" for name in (SENSITIVITY, PROPAGATION, ATTRIBUTION)}
"""Tables of one file, written at the end; those of assumptions and of attribution only where they were asked for."""


def checksums(path: Path) -> dict[str, dict[str, Any]]:
    """SHA-256 and size of every part of every table; of the tables of one file, those that are there."""
    sums = {table: checksums_of(parts_of(path, table)) for table in TABLES}
    sums |= {table: checksums_of([path / file]) for table, file in SINGLE_FILES.items() if (path / file).is_file()}
    return sums


def checksums_of(files: Sequence[Path]) -> dict[str, Any]:
    """SHA-256 and size of files by name."""
    return {file.name: {"sha256": _sha256(file), "bytes": file.stat().st_size} for file in files}


def check_file(path: Path, manifest: dict[str, Any], name: str) -> Path:
    """One of the files beside the tables, checked against the manifest.

    Raises:
        StudyError: it is missing or damaged.
    """
    return _checked(path / name, manifest["files"].get(name, {}), f"the file {name}")


def check_parts(path: Path, manifest: dict[str, Any], table: str) -> list[Path]:
    """The parts of a table, each checked against the manifest.

    Raises:
        StudyError: a part is missing, added or damaged.
    """
    stated = manifest["tables"][table]
    return [_checked(path / table / name, facts, f"a part of table '{table}'") for name, facts in stated.items()]


def check_single_file(path: Path, manifest: dict[str, Any], table: str) -> Path | None:
    """A table of one file, checked against the manifest; None where the study has none.

    Raises:
        StudyError: it is missing or damaged.
    """
    file = SINGLE_FILES[table]
    facts = manifest["tables"].get(table, {}).get(file)
    return _checked(path / file, facts, f"the table '{table}'") if facts else None


def _checked(file: Path, facts: dict[str, Any], what: str) -> Path:
    whole = file.is_file() and file.stat().st_size == facts.get("bytes") and _sha256(file) == facts.get("sha256")
    if not whole:
        raise damaged(f"{what} {'is damaged' if file.is_file() else 'is missing'}", file)
    return file


def damaged(what: str, file: Path) -> StudyError:
    """The error for a file of a study that is not as it was written."""
    return StudyError(
        Problem(
            what,
            where=str(file),
            allowed="files as `derisk run` wrote them (checksums in manifest.json)",
            hint="delete the study folder and run the scenario again; the same seed gives the same numbers",
        )
    )


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
