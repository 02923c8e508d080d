"""Built: what the build wrote beside the rows, read back; a folder without it, or with a damaged one, is named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from derisk.errors import DatasetError, Problem

_FILES: Final = "observations.parquet, sources.json, manifest.json"
REBUILD: Final = "make dataset, in a checkout; else install derisk again"


def read_built(folder: Path, name: str) -> Any:
    """Content of a JSON file of a built dataset.

    Raises:
        DatasetError: there is none, or it is damaged.
    """
    try:
        return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except OSError as error:
        raise DatasetError(not_built(folder)) from error
    except ValueError as error:  # no JSON, no UTF-8
        raise DatasetError(damaged(folder, error)) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a built dataset, with its version and hash.

    Raises:
        DatasetError: there is none, or it is damaged.
    """
    manifest = read_built(folder, "manifest")
    if not isinstance(manifest, dict) or not {"version", "hash"} <= manifest.keys():
        raise DatasetError(damaged(folder, ValueError("the manifest lacks version or hash")))
    return manifest


@contextmanager
def reading_built(folder: Path) -> Iterator[None]:
    """What a damaged built dataset makes its readers raise becomes one error.

    Raises:
        DatasetError: the folder holds no built dataset, or a damaged one.
    """
    import duckdb

    try:
        yield
    except FileNotFoundError as error:
        raise DatasetError(not_built(folder)) from error
    except (duckdb.Error, AttributeError, KeyError, TypeError) as error:
        absent = not (folder / "observations.parquet").exists()
        raise DatasetError(not_built(folder) if absent else damaged(folder, error)) from error


def not_built(folder: Path) -> Problem:
    """The problem of a folder that holds no built dataset."""
    return Problem("no built dataset", str(folder), _FILES, REBUILD)


def damaged(folder: Path, error: Exception) -> Problem:
    """The problem of a built dataset that cannot be read."""
    told = str(error).splitlines()[:1] or [type(error).__name__]
    return Problem(f"built dataset is damaged: {told[0]}", str(folder), _FILES, REBUILD)
