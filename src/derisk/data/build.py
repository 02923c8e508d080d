"""The build: dataset/ as people edit it, checked and written as the Parquet files the package ships."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from derisk.data.checks import row_problems
from derisk.data.choices import apply_choices, check_choices, read_choices
from derisk.data.corrections import apply_corrections, read_corrections
from derisk.data.exceptions import Excuse, read_excuses
from derisk.data.parquet import ROW_COLUMNS, ROW_TYPES, row_cells, write_parquet
from derisk.data.records import is_number_column, read_records
from derisk.data.rows import Row, read_rows
from derisk.data.sources import Source, read_sources
from derisk.data.yaml_reading import read_yaml
from derisk.errors import DatasetError, DeriskError, Problem

EMBEDDED: Final = Path(__file__).parent / "embedded"


@dataclass(frozen=True, slots=True)
class Assembled:
    """The dataset after reading, correcting and choosing, before it is written."""

    version: str
    title: str
    licence: str
    rows: list[Row]
    sources: dict[str, Source]
    projects: tuple[list[str], list[list[str]]]
    events: tuple[list[str], list[list[str]]]
    excuses: list[Excuse]

    def logical_hash(self) -> str:
        """Hash of the content: the same whatever the order of files and lines."""
        parts = sorted(row.canonical() for row in self.rows)
        parts += sorted(json.dumps(source.as_dict(), sort_keys=True) for source in self.sources.values())
        for header, lines in (self.projects, self.events):
            parts += sorted(json.dumps(dict(zip(header, line, strict=True)), sort_keys=True) for line in lines)
        return hashlib.sha256("\x1e".join(parts).encode()).hexdigest()


def build_dataset(folder: Path, target: Path = EMBEDDED) -> dict[str, object]:
    """Read `folder`, write `target`, return the manifest.

    Raises:
        DatasetError: carries every problem found, with file and line; nothing is written.
    """
    assembled = assemble(folder)
    target.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, object] = {
        "title": assembled.title,
        "version": assembled.version,
        "licence": assembled.licence,
        "hash": assembled.logical_hash(),
        "rows": len(assembled.rows),
        "chosen_rows": sum(row.chosen for row in assembled.rows),
        "sources": len(assembled.sources),
        "projects": len(assembled.projects[1]),
        "events": len(assembled.events[1]),
    }
    with tempfile.TemporaryDirectory(dir=target, prefix="writing-") as fresh:
        _write_files(Path(fresh), assembled, manifest)
        for path in sorted(Path(fresh).iterdir(), key=lambda path: path.name == "manifest.json"):
            path.replace(target / path.name)
    return manifest


def _write_files(target: Path, assembled: Assembled, manifest: dict[str, object]) -> None:
    ordered = sorted(assembled.rows, key=lambda row: (row.file, row.line))
    write_parquet(target / "observations.parquet", ROW_COLUMNS, map(row_cells, ordered), types=ROW_TYPES)
    for name, (header, lines) in (("projects", assembled.projects), ("events", assembled.events)):
        types = {column: "DOUBLE" for column in header if is_number_column(column)}
        write_parquet(target / f"{name}.parquet", header or [f"{name[:-1]}_id"], lines, types=types)
    _write_json(target / "sources.json", [source.as_dict() for _, source in sorted(assembled.sources.items())])
    _write_json(target / "exceptions.json", [excuse.as_dict() for excuse in assembled.excuses])
    _write_json(target / "manifest.json", manifest)


def assemble(folder: Path) -> Assembled:
    """The dataset of a folder, read, corrected, chosen and lawful row by row.

    Raises:
        DatasetError: carries every problem found, with file and line.
    """
    if not (folder / "observations").is_dir():
        raise DatasetError(Problem(f"no dataset in '{folder}'", allowed="a folder with observations/ and sources/"))
    problems: list[Problem] = []
    title, version, licence = _read_identity(folder / "dataset.yml", problems=problems)
    sources = read_sources(folder / "sources", problems=problems)
    rows = read_rows(folder / "observations", problems=problems)
    corrections = read_corrections(folder / "corrections", problems=problems)
    choices = read_choices(folder, problems=problems)
    check_choices(choices, sources, problems=problems)
    projects = read_records(folder / "projects.csv", sources=sources, problems=problems)
    events = read_records(folder / "events.csv", sources=sources, problems=problems)
    excuses = read_excuses(folder, problems=problems)
    rows = apply_corrections(rows, corrections, problems=problems)
    rows = apply_choices(rows, choices, sources)
    problems.extend(row_problems(rows, sources))
    if problems:
        raise DatasetError(*problems)
    return Assembled(version, title, licence, rows, sources, projects, events, excuses)


def _read_identity(path: Path, *, problems: list[Problem]) -> tuple[str, str, str]:
    if not path.exists():
        problems.append(Problem("the dataset has no dataset.yml", path.name, "keys title, version, licence"))
        return "", "", ""
    content, _ = read_yaml(path, where=path.name, problems=problems)
    record = content if isinstance(content, dict) else {}
    problems.extend(
        Problem(f"key '{key}' is missing", path.name) for key in ("title", "version", "licence") if not record.get(key)
    )
    return str(record.get("title", "")), str(record.get("version", "")), str(record.get("licence", ""))


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> int:
    """Build the checkout's dataset into the package: `python -m derisk.data.build`."""
    folder = Path(__file__).resolve().parents[3] / "dataset"
    try:
        manifest = build_dataset(folder)
    except DeriskError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    print(json.dumps(manifest, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
