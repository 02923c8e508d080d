"""Ledger: where each printed number comes from, one entry for each lineage."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from markupsafe import Markup

from derisk.brief.numbers import Number, tagged

Lineage = Mapping[str, Any]
"""Where a number comes from. One of `table`, `summary`, `manifest`, `scenario`, `source`, `row_ids`, `document`,
`context`, `axis` names the place; `filter`, `rule` and `statistic` say what was done there, `ask` is the command
that shows the rows of the dataset behind it."""

PLACES = ("table", "summary", "manifest", "scenario", "row_ids", "source", "context", "document", "axis")
MOST_ROWS_NAMED = 4
"""Dataset rows named one by one in words; of more, the count. The JSON names all."""


class Ledger:
    """Hands out lineage ids and keeps what each stands for.

    An id such as `L12.3` is the third entry of the twelfth group; a group shares its place and its rule.
    """

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._groups: dict[tuple[str, str], list[str]] = {}
        self.entries: dict[str, dict[str, Any]] = {}

    def record(self, lineage: Lineage) -> str:
        """Id of a lineage; the same lineage keeps its id."""
        entry = {key: value for key, value in lineage.items() if value not in (None, "", [], {})}
        key = json.dumps(entry, sort_keys=True, default=str)
        if key not in self._ids:
            members = self._groups.setdefault((place_of(entry), str(entry.get("rule", ""))), [])
            number = list(self._groups).index((place_of(entry), str(entry.get("rule", "")))) + 1
            self._ids[key] = f"L{number}.{len(members) + 1}"
            members.append(self._ids[key])
            self.entries[self._ids[key]] = entry
        return self._ids[key]

    def number(self, value: float, form: Callable[[float], str], lineage: Lineage) -> Number:
        """A value printed in a form, under its lineage."""
        mark = self.record(lineage)
        return Number(value=float(value), text=form(float(value)), lineage=mark, note=f"{mark}: {in_words(lineage)}")

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
        """The groups in order of first use: what the appendix prints."""
        rows = []
        for number, ((place, rule), members) in enumerate(self._groups.items(), start=1):
            entries = [self.entries[mark] for mark in members]
            rows.append(
                {
                    "id": f"L{number}",
                    "marks": members[0] if len(members) == 1 else f"{members[0]} to {members[-1].split('.')[1]}",
                    "first": members[0],
                    "place": place,
                    "rule": rule,
                    "which": _unlike(_which(entry) for entry in entries),
                    "statistics": _unlike(str(entry.get("statistic", "")) for entry in entries),
                    "asks": _unlike(str(entry.get("ask", "")) for entry in entries),
                    "entries": [
                        {"id": mark, "words": _filter_words(entry)}
                        for mark, entry in zip(members, entries, strict=True)
                        if len(members) > 1 and _filter_words(entry)
                    ],
                }
            )
        return rows


class LedgerWithoutRemedies(Ledger):
    """Hands out the ids of another ledger for the run without the levers: its tables and its part of the summary."""

    def __init__(self, ledger: Ledger) -> None:
        super().__init__()
        self._whole = ledger

    def record(self, lineage: Lineage) -> str:
        """Id of a lineage within the run without the levers."""
        return self._whole.record(_without_remedies(lineage))

    def number(self, value: float, form: Callable[[float], str], lineage: Lineage) -> Number:
        """A value of the run without the levers, under its lineage."""
        return self._whole.number(value, form, _without_remedies(lineage))


def _without_remedies(lineage: Lineage) -> Lineage:
    ahead = {"table": "without_remedies/", "summary": "without_remedies."}
    return {key: f"{ahead[key]}{value}" if key in ahead else value for key, value in lineage.items()}


def _unlike(words: Iterable[str]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word]


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
            named = entry[place] if place == "table" else ""
            return f"{place.replace('row_ids', 'dataset rows')} {named}".strip()
    return "brief"


def _filter_words(entry: Lineage) -> str:
    parts = []
    for place in PLACES:
        if place in entry and place not in ("table", "axis"):
            parts.append(_rows_in_words(entry[place]) if place == "row_ids" else str(entry[place]))
    parts.append(str(entry.get("filter", "")))
    return "; ".join(part for part in parts if part)


def _rows_in_words(row_ids: Any) -> str:
    ids = [str(row) for row in row_ids] if isinstance(row_ids, list | tuple) else [str(row_ids)]
    return f"rows {', '.join(ids)}" if len(ids) <= MOST_ROWS_NAMED else f"{len(ids)} rows"


def in_words(lineage: Lineage) -> str:
    """One line that says where a number comes from."""
    keys = ("rule", "statistic", "ask")
    parts = [place_of(lineage), _filter_words(lineage), *(str(lineage.get(key, "")) for key in keys)]
    return "; ".join(part for part in parts if part)
