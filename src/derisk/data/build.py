"""The build: dataset/ as people edit it, checked and written as the Parquet files the package ships."""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from dataclasses import astuple, dataclass
from operator import attrgetter
from pathlib import Path
from typing import Final

from derisk.data.checks import row_problems
from derisk.data.choices import Choice, apply_choices, check_choices, read_choices
from derisk.data.corrections import Correction, apply_corrections, read_corrections
from derisk.data.exceptions import Excuse, read_excuses
from derisk.data.input_output import Flow, read_input_output, write_input_output
from derisk.data.parquet import ROW_COLUMNS, ROW_TYPES, create_table, open_tables, row_cells, write_parquet, write_rows
from derisk.data.records import RECORD_TABLES, is_number_column, read_records
from derisk.data.rows import Row, read_rows
from derisk.data.sources import Source, read_sources
from derisk.data.yaml_reading import read_yaml
from derisk.errors import DatasetError, DeriskError, Problem

EMBEDDED: Final = Path(__file__).parent / "embedded"
ROWS_FILE: Final = "observations.parquet"
MANIFEST_FILE: Final = "manifest.json"
Records = tuple[list[str], list[list[str]]]
"""Header and lines of a table of records."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """The dataset after reading, correcting and choosing, before it is written."""

    version: str
    title: str
    licence: str
    rows: list[Row]
    sources: dict[str, Source]
    records: dict[str, Records]
    flows: list[Flow]
    excuses: list[Excuse]
    choices: list[Choice]
    corrections: list[Correction]

    def logical_hash(self) -> str:
        """Hash of the content: the same whatever the order of files and lines."""
        parts = sorted(row.canonical() for row in self.rows)
        parts += sorted(json.dumps(source.as_dict(), sort_keys=True) for source in self.sources.values())
        for header, lines in self.records.values():
            parts += sorted(json.dumps(dict(zip(header, line, strict=True)), sort_keys=True) for line in lines)
        parts += sorted("\x1f".join(map(str, astuple(flow)[:-1])) for flow in self.flows)
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
        **{name: len(lines) for name, (_, lines) in assembled.records.items()},
        "input_output": len(assembled.flows),
    }
    with tempfile.TemporaryDirectory(dir=target, prefix="writing-") as fresh:
        _write_files(Path(fresh), assembled, manifest)
        write_input_output(assembled.flows, folder, Path(fresh))
        for path in sorted(Path(fresh).iterdir(), key=lambda path: path.name == MANIFEST_FILE):
            path.replace(target / path.name)
    return manifest


def _write_files(target: Path, assembled: Assembled, manifest: dict[str, object]) -> None:
    ordered = sorted(assembled.rows, key=attrgetter("file", "line"))
    with open_tables() as connection:
        create_table(connection, "rows", ROW_COLUMNS, map(row_cells, ordered), types=ROW_TYPES)
        write_rows(connection, "rows", target / ROWS_FILE)
    for name, (header, lines) in assembled.records.items():
        types = {column: "DOUBLE" for column in header if is_number_column(column)}
        write_parquet(target / f"{name}.parquet", header or [RECORD_TABLES[name]], lines, types=types)
    write_json(target / "sources.json", [source.as_dict() for _, source in sorted(assembled.sources.items())])
    write_json(target / "exceptions.json", [excuse.as_dict() for excuse in assembled.excuses])
    write_json(target / "choices.json", [choice.as_dict() for choice in assembled.choices])
    write_json(target / "corrections.json", [correction.as_dict() for correction in assembled.corrections])
    write_json(target / MANIFEST_FILE, manifest)


def assemble(folder: Path) -> Assembled:
    """The dataset of a folder, read, corrected, chosen and lawful row by row.

    Raises:
        DatasetError: carries every problem found, with file and line.
    """
    if not (folder / "observations").is_dir():
        what, allowed = f"no dataset in '{folder}'", "a folder with observations/ and sources/"
        raise DatasetError(Problem(what, str(folder), allowed, "name the folder that holds them"))
    problems: list[Problem] = []
    title, version, licence = _read_identity(folder / "dataset.yml", problems=problems)
    sources = read_sources(folder / "sources", problems=problems)
    rows = read_rows(folder / "observations", problems=problems)
    corrections = read_corrections(folder / "corrections", problems=problems)
    choices = read_choices(folder, problems=problems)
    check_choices(choices, sources, problems=problems)
    records = {name: read_records(folder / f"{name}.csv", sources=sources, problems=problems) for name in RECORD_TABLES}
    excuses = read_excuses(folder, problems=problems)
    flows: list[Flow] = []
    try:
        flows = read_input_output(folder)
    except DatasetError as error:
        problems.extend(error.problems)
    rows = apply_corrections(rows, corrections, problems=problems)
    rows = apply_choices(rows, choices, sources)
    problems.extend(row_problems(rows, sources))
    if problems:
        raise DatasetError(*problems)
    return Assembled(version, title, licence, rows, sources, records, flows, excuses, choices, corrections)


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


def write_json(path: Path, content: object) -> None:
    """A value as a JSON file that people can read."""
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
