"""Data package: the tables of a selection as a Frictionless data package, with schema, licences and hashes."""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.exports.plain_files import SOURCES, write_csv
from derisk.data.exports.selection import SOURCE_COLUMNS, Selection
from derisk.data.records import RECORD_TABLES

if TYPE_CHECKING:
    import pandas as pd

DESCRIPTOR: Final = "datapackage.json"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)
"""The one time that all members of a zip bear, so that equal content is an equal file."""
_OPEN_NAMES: Final = (
    ("cc by-sa", "CC-BY-SA-4.0"), ("cc by", "CC-BY-4.0"), ("cc0", "CC0-1.0"), ("public domain", "other-pd"),
    ("us government work", "other-pd"), ("etalab", "other-at"), ("single facts", "other-open"),
)  # fmt: skip
"""Identifiers of the Open Definition, by how a licence's text begins."""
_MEANINGS: Final[Mapping[str, str]] = {
    "region": "ISO 3166 alpha-3, WLD or OTH; in trade the exporter",
    "partner": "in trade the importer",
    "period": "a year or a month",
    "basis": "what a tonne is a tonne of",
    "low": "lower end; reaches sources that disagree",
    "high": "upper end; reaches sources that disagree",
    "chosen": "whether this is the figure taken for its key",
    "choice": "why it was taken or another was",
    "range_from": "row_id of the sources that widened low and high",
    "locator": "where in the source",
}


def write_data_package(selection: Selection, out: Path) -> list[Path]:
    """Write the package: a zip where `out` is named so, else a folder."""
    if out.suffix != ".zip":
        return _write_folder(selection, out)
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(f"{out.name}.part")
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(_write_folder(selection, Path(folder))):
            packed.writestr(zipfile.ZipInfo(path.name, _EARLIEST), path.read_bytes(), zipfile.ZIP_DEFLATED)
    part.replace(out)
    return [out]


def _write_folder(selection: Selection, out: Path) -> list[Path]:
    written = write_csv(selection, out)
    tables = {**selection.tables, SOURCES: selection.source_table()}
    told = selection.manifest
    descriptor = {
        "profile": "tabular-data-package",
        "name": "derisk-dataset",
        "title": str(told.get("title", "")),
        "version": str(told.get("version", "")),
        "description": "\n".join(selection.readme()[4:7]),
        "hash": f"sha256:{told.get('hash', '')}",
        "licenses": _licences(selection),
        "sources": [{"title": source.title, "path": source.url, "id": source.id} for source in selection.sources],
        "resources": [_resource(name, frame, out / f"{name}.csv", selection) for name, frame in tables.items()],
    }
    path = out / DESCRIPTOR
    path.write_text(json.dumps(descriptor, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return [*written, path]


def _licences(selection: Selection) -> list[dict[str, str]]:
    """The compilation's licence and each of the sources', those that forbid passing on among them."""
    texts = {str(selection.manifest.get("licence", "")): ("", True)}
    for source in selection.sources:
        texts.setdefault(source.licence, (source.licence_url, source.shippable))
    return [_licence(text, url, shippable) for text, (url, shippable) in texts.items() if text]


def _licence(text: str, url: str, shippable: bool) -> dict[str, str]:
    open_name = next((name for start, name in _OPEN_NAMES if text.lower().startswith(start)), "other-open")
    return {
        "name": open_name if shippable else "other-closed",
        "title": text if shippable else f"{text} (rows under this licence are not to be passed on)",
        **({"path": url} if url else {}),
    }


def _resource(name: str, frame: pd.DataFrame, path: Path, selection: Selection) -> dict[str, Any]:
    content = path.read_bytes()
    schema: dict[str, Any] = {
        "fields": [_field(str(column), frame[column]) for column in frame.columns],
        "missingValues": [""],
    }
    if (key := _primary_key(name, selection)) is not None:
        schema["primaryKey"] = [key]
    if "source" in frame:
        schema["foreignKeys"] = [{"fields": "source", "reference": {"resource": SOURCES, "fields": "id"}}]
    return {
        "profile": "tabular-data-resource",
        "name": re.sub(r"[^a-z0-9._-]", "-", name.lower()),
        "path": path.name,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": schema,
    }


def _primary_key(name: str, selection: Selection) -> str | None:
    if name in selection.row_tables:
        return "row_id"
    return SOURCE_COLUMNS[0] if name == SOURCES else RECORD_TABLES.get(name)


def _field(name: str, cells: pd.Series) -> dict[str, str]:
    kinds = {"f": "number", "i": "integer", "u": "integer", "b": "boolean"}
    meaning = {"description": _MEANINGS[name]} if name in _MEANINGS else {}
    kind = kinds.get(cells.dtype.kind, "string")
    spelled = {"trueValues": ["True"], "falseValues": ["False"]} if kind == "boolean" else {}
    return {"name": name, "type": kind, **meaning, **spelled}  # type: ignore[dict-item]
