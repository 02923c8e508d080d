"""Ledger: where each printed number comes from, one entry for each lineage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from derisk.brief.numbers import Number, tagged

Lineage = Mapping[str, Any]
"""Where a number comes from. One of `table`, `summary`, `manifest`, `scenario`, `source`, `row_ids`, `document`,
`context`, `axis` names the place; `filter`, `rule` and `statistic` say what was done there."""

PLACES = ("table", "summary", "manifest", "scenario", "row_ids", "source", "context", "document", "axis")


class Ledger:
    """Hands out lineage ids in order of first use and keeps what each stands for."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self.entries: dict[str, dict[str, Any]] = {}

    def record(self, lineage: Lineage) -> str:
        """Id of a lineage; the same lineage keeps its id."""
        entry = {key: value for key, value in lineage.items() if value not in (None, "", [], {})}
        key = json.dumps(entry, sort_keys=True, default=str)
        if key not in self._ids:
            self._ids[key] = f"L{len(self._ids) + 1}"
            self.entries[self._ids[key]] = entry
        return self._ids[key]

    def number(self, value: float, form: Callable[[float], str], lineage: Lineage) -> Number:
        """A value printed in a form, under its lineage."""
        return Number(value=float(value), text=form(float(value)), lineage=self.record(lineage), note=in_words(lineage))

    def words(self, text: object, lineage: Lineage) -> Markup:
        """Words, names or dates that may hold digits, under their lineage."""
        return tagged(text, self.record(lineage))

    def as_json(self) -> str:
        """The whole ledger as JSON that is safe inside a script element."""
        text = json.dumps(self.entries, sort_keys=False, default=str, ensure_ascii=False, separators=(",", ":"))
        for character in "<>&\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text

    def appendix(self) -> list[dict[str, Any]]:
        """Entries gathered by place and rule, in order of first use: what the appendix prints."""
        gathered: dict[tuple[str, str], dict[str, Any]] = {}
        for number_id, entry in self.entries.items():
            place, rule = place_of(entry), str(entry.get("rule", ""))
            row = gathered.setdefault(
                (place, rule), {"place": place, "rule": rule, "statistics": [], "which": [], "marks": []}
            )
            row["marks"].append({"id": number_id, "filter": _filter_words(entry)})
            for words, known in ((str(entry.get("statistic", "")), row["statistics"]), (_which(entry), row["which"])):
                if words and words not in known:
                    known.append(words)
        return list(gathered.values())


def _which(entry: Lineage) -> str:
    """What tells the entries of one rule apart: the columns they filter by, or the names they point at."""
    columns = re.findall(r"(\w+)[=≠]", str(entry.get("filter", "")))
    if columns:
        return "by " + ", ".join(dict.fromkeys(columns))
    return re.sub(r"measures\[\d+\]", "measures[…]", _filter_words(entry))


def place_of(entry: Lineage) -> str:
    """The kind of place an entry names, such as `table losses`."""
    for place in PLACES:
        if place in entry:
            named = entry[place] if place in ("table", "document") else ""
            return f"{place.replace('row_ids', 'dataset rows')} {named}".strip()
    return "brief"


def _filter_words(entry: Lineage) -> str:
    parts = []
    for place in PLACES:
        if place in entry and place not in ("table", "document", "axis"):
            value = entry[place]
            parts.append(", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value))
    parts.append(str(entry.get("filter", "")))
    return "; ".join(part for part in parts if part)


def in_words(lineage: Lineage) -> str:
    """One line that says where a number comes from."""
    parts = [place_of(lineage), _filter_words(lineage), str(lineage.get("rule", "")), str(lineage.get("statistic", ""))]
    return "; ".join(part for part in parts if part)
