"""Lineage check: finds every printed digit of a brief that no lineage accounts for."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Final

_VOID: Final = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_SILENT: Final = {"script", "style"}
_NAMES: Final = re.compile(r"\b(?:CO2|G7|eu27|EU27|g7)\b")
"""Names that hold a digit and are no number."""


def numbers_without_lineage(html: str) -> list[str]:
    """Texts that hold a digit but lie in no element whose `data-lineage` resolves; also ids that do not.

    An element resolves when each id in its `data-lineage` is a key of the JSON in the script with id `lineage`.
    An empty list means that every number of the document has its lineage.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    try:
        known = set(json.loads(reader.ledger or "{}"))
    except json.JSONDecodeError:
        return ["the lineage ledger is no JSON"]
    faults = [f"unknown lineage id {mark!r}" for mark in sorted(reader.marks - known)]
    for text, marks in reader.texts:
        if any(character.isdigit() for character in _NAMES.sub("", text)) and not marks & known:
            faults.append(text)
    return faults


class _Reader(HTMLParser):
    """Collects texts with the lineage ids of the elements around them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.ledger = ""
        self.marks: set[str] = set()
        self.texts: list[tuple[str, set[str]]] = []
        self._open: list[tuple[str, set[str]]] = []
        self._in_ledger = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember an element and its lineage ids until it closes."""
        named = dict(attrs)
        marks = set((named.get("data-lineage") or "").split())
        self.marks |= marks
        if tag == "script":
            self._in_ledger = named.get("id") == "lineage"
        if tag not in _VOID:
            self._open.append((tag, marks))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """An element without content opens nothing."""
        self.marks |= set((dict(attrs).get("data-lineage") or "").split())

    def handle_endtag(self, tag: str) -> None:
        """Close the nearest open element of that name, and those left open inside it."""
        for index in range(len(self._open) - 1, -1, -1):
            if self._open[index][0] == tag:
                del self._open[index:]
                break

    def handle_data(self, data: str) -> None:
        """Keep a text, or the ledger's JSON."""
        if any(tag in _SILENT for tag, _ in self._open):
            if self._in_ledger and self._open[-1][0] == "script":
                self.ledger += data
        elif data.strip():
            self.texts.append((" ".join(data.split()), set().union(*(marks for _, marks in self._open))))
