"""Cells of an Excel workbook, read with the standard library alone."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Iterator
from pathlib import Path

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _joined_text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_MAIN}t"))


def sheet_rows(path: Path, sheet: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Row number and {column letter: text} of each row of one sheet."""
    with zipfile.ZipFile(path) as archive:
        shared = [
            _joined_text(item)
            for item in ElementTree.fromstring(archive.read("xl/sharedStrings.xml")).iter(f"{_MAIN}si")
        ]
        targets = {
            relation.get("Id"): relation.get("Target", "")
            for relation in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        }
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        target = next(targets[s.get(_RELATION)] for s in book.iter(f"{_MAIN}sheet") if s.get("name") == sheet)
        content = ElementTree.fromstring(archive.read("xl/" + target.lstrip("/").removeprefix("xl/")))
    for row in content.iter(f"{_MAIN}row"):
        cells: dict[str, str] = {}
        for cell in row.iter(f"{_MAIN}c"):
            value = cell.find(f"{_MAIN}v")
            if value is not None and value.text is not None:
                column = re.sub(r"\d", "", cell.get("r", ""))
                cells[column] = shared[int(value.text)] if cell.get("t") == "s" else value.text
        yield int(row.get("r", "0")), cells
