"""Differences: what changed between two releases of the dataset, row by row, the largest change first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from derisk.data.build import MANIFEST_FILE, ROWS_FILE, assemble
from derisk.data.built import reading_built
from derisk.data.importers.own_tables import read as read_export
from derisk.data.merging import fetch_rows, read_package
from derisk.data.parquet import open_tables, quoted
from derisk.data.rows import KEY, Row
from derisk.errors import InputError, Problem

_COMPARED = ("value", "low", "high", "unit", "basis", "status")


@dataclass(frozen=True, slots=True)
class Release:
    """One state of the dataset: its rows by id, its sources, and whether it says which row of a key was chosen."""

    rows: Mapping[str, Row]
    sources: frozenset[str]
    decided: bool = True


@dataclass(frozen=True, slots=True)
class Change:
    """A row that both releases have and state otherwise."""

    old: Row
    new: Row

    def share(self) -> float | None:
        """The value's change over the old value; None where there is no such number."""
        if self.old.value is None or self.new.value is None:
            return None
        if self.old.value == self.new.value:
            return 0.0
        return (self.new.value - self.old.value) / abs(self.old.value) if self.old.value else None

    def as_json(self) -> dict[str, Any]:
        """The change as plain values."""
        share = self.share()
        other = {
            name: [getattr(self.old, name), getattr(self.new, name)]
            for name in _COMPARED[1:]
            if getattr(self.old, name) != getattr(self.new, name)
        }
        percent = None if share is None else 100 * share
        return {
            **_words(self.new),
            "old": self.old.value,
            "new": self.new.value,
            "change_percent": percent,
            "also": other,
        }


@dataclass(frozen=True, slots=True)
class Differences:
    """What one release has and the other has not, or has otherwise."""

    added: tuple[Row, ...]
    removed: tuple[Row, ...]
    changed: tuple[Change, ...]
    choices: tuple[tuple[str, Row, Row], ...]
    """Keys whose chosen source changed: the sources in words, the old row, the new one."""
    sources_added: tuple[str, ...]
    sources_removed: tuple[str, ...]

    def is_empty(self) -> bool:
        """Whether the releases say the same."""
        return not (
            self.added or self.removed or self.changed or self.choices or self.sources_added or self.sources_removed
        )

    def as_json(self) -> dict[str, Any]:
        """The differences as `derisk data diff --json` prints them."""
        return {
            "added": [_stated(row) for row in self.added],
            "removed": [_stated(row) for row in self.removed],
            "changed": [change.as_json() for change in self.changed],
            "choice_changed": [
                {**_words(new), "old_source": old.source, "new_source": new.source, "old": old.value, "new": new.value}
                for _, old, new in self.choices
            ],
            "sources_added": list(self.sources_added),
            "sources_removed": list(self.sources_removed),
        }


def _words(row: Row) -> dict[str, Any]:
    return {name: getattr(row, name) for name in (*KEY, "source", "row_id")}


def _stated(row: Row) -> dict[str, Any]:
    return {**_words(row), "value": row.value, "unit": row.unit, "status": row.status}


def read_release(path: Path) -> Release:
    """A release: a dataset as people edit it, a built one, or anything that `derisk data export` wrote.

    Raises:
        InputError: the path holds none of these.
        DatasetError: the dataset breaks a rule of single rows.
    """
    if (path / MANIFEST_FILE).exists():
        sources = frozenset(read_package(path).sources)
        with reading_built(path), open_tables() as connection:
            rows = fetch_rows(connection, f"FROM read_parquet('{quoted(path / ROWS_FILE)}')")
        return Release({row.row_id: row for row in rows}, sources)
    if (path / "observations").is_dir():
        assembled = assemble(path)
        return Release({row.row_id: row for row in assembled.rows}, frozenset(assembled.sources))
    if not path.exists():
        raise InputError(Problem(f"no release at '{path}'", str(path), "a dataset folder, a built one, or an export"))
    imported = read_export(path)
    sources = frozenset(source.id for source in imported.sources)
    chosen = [row.key() for row in imported.rows if row.chosen]
    return Release({row.row_id: row for row in imported.rows}, sources, decided=len(chosen) == len(set(chosen)))


def compare(old: Release, new: Release) -> Differences:
    """Rows added, removed and changed, choices that fell otherwise, sources that came and went."""
    both = old.rows.keys() & new.rows.keys()
    changed = [
        Change(old.rows[row_id], new.rows[row_id]) for row_id in both if _differs(old.rows[row_id], new.rows[row_id])
    ]
    return Differences(
        added=_by_size(new.rows[row_id] for row_id in new.rows.keys() - both),
        removed=_by_size(old.rows[row_id] for row_id in old.rows.keys() - both),
        changed=tuple(sorted(changed, key=_largest_first)),
        choices=tuple(_choices(old, new)) if old.decided and new.decided else (),
        sources_added=tuple(sorted(new.sources - old.sources)),
        sources_removed=tuple(sorted(old.sources - new.sources)),
    )


def _differs(old: Row, new: Row) -> bool:
    return any(_own(old, name) != _own(new, name) for name in _COMPARED)


def _own(row: Row, name: str) -> Any:
    """A cell as the source states it: a range that another source widened is not the row's."""
    return getattr(row, f"stated_{name}") if name in ("low", "high") and row.range_from else getattr(row, name)


def _by_size(rows: Any) -> tuple[Row, ...]:
    return tuple(sorted(rows, key=lambda row: (row.field, row.unit, -abs(row.value or 0.0), row.row_id)))


def _largest_first(change: Change) -> tuple[bool, float, str]:
    share = change.share()
    return (share is not None, -abs(share or 0.0), change.new.row_id)


def _choices(old: Release, new: Release) -> list[tuple[str, Row, Row]]:
    before = {row.key(): row for row in old.rows.values() if row.chosen}
    found = []
    for row in new.rows.values():
        stood = before.get(row.key()) if row.chosen else None
        if stood is not None and stood.source != row.source:
            found.append((f"{stood.source} -> {row.source}", stood, row))
    return sorted(found, key=lambda item: _largest_first(Change(item[1], item[2])))
