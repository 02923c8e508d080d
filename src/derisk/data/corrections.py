"""Corrections: known errors of publishers, mended with a reason and a tripwire."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from derisk.data.rows import COLUMNS, Row
from derisk.data.yaml_reading import read_yaml
from derisk.errors import Problem, nearest_word

_KEYS: Final = ("source", "match", "expect", "replace", "reason")
DROP: Final = "drop"
KEEP: Final = "keep"


@dataclass(frozen=True, slots=True)
class Correction:
    """One known error: the row it concerns, what upstream prints, and what stands instead.

    `replace` is a number, `drop` (the row does not enter), or `keep` (a contradiction that is documented
    and left). The build fails once the row no longer holds `expect`: upstream was mended.
    """

    source: str
    match: Mapping[str, str]
    expect: float
    replace: float | str
    reason: str
    where: str

    def concerns(self, row: Row) -> bool:
        """Whether a row is the one meant."""
        return row.source == self.source and all(getattr(row, name) == word for name, word in self.match.items())

    def as_dict(self) -> dict[str, Any]:
        """The correction as plain values, for JSON."""
        return asdict(self) | {"match": dict(self.match)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Correction:
        """The correction of such plain values."""
        return cls(**record)


def read_corrections(folder: Path, *, problems: list[Problem]) -> list[Correction]:
    """Corrections of every YAML file of a folder, each file a list of them."""
    corrections: list[Correction] = []
    for path in sorted(folder.glob("*.yml")):
        file = f"corrections/{path.name}"
        content, lines = read_yaml(path, where=file, problems=problems)
        entries = content if isinstance(content, list) else [content] if content else []
        for index, entry in enumerate(entries):
            correction = _read_entry(entry, where=f"{file}, line {lines.get(index, 1)}", problems=problems)
            if correction is not None:
                corrections.append(correction)
    return corrections


def _read_entry(entry: Any, *, where: str, problems: list[Problem]) -> Correction | None:
    before = len(problems)
    if not isinstance(entry, dict):
        problems.append(Problem("a correction is not a mapping", where, ", ".join(_KEYS)))
        return None
    for key in entry:
        if key not in _KEYS:
            problems.append(Problem(f"unknown key '{key}'", where, ", ".join(_KEYS), nearest_word(str(key), _KEYS)))
    problems.extend(Problem(f"key '{key}' is missing", where) for key in _KEYS if entry.get(key) is None)
    if len(problems) > before:
        return None
    unknown = [name for name in entry["match"] if name not in COLUMNS]
    problems.extend(Problem(f"match names unknown column '{name}'", where, ", ".join(COLUMNS)) for name in unknown)
    change = entry["replace"]
    if change not in (DROP, KEEP) and not isinstance(change, int | float):
        problems.append(Problem(f"replace '{change}' is not understood", where, "a number, drop or keep"))
    if not isinstance(entry["expect"], int | float):
        problems.append(Problem(f"expect '{entry['expect']}' is not a number", where))
    if len(problems) > before:
        return None
    return Correction(
        source=str(entry["source"]),
        match={str(name): str(word if word is not None else "") for name, word in entry["match"].items()},
        expect=float(entry["expect"]),
        replace=change if change in (DROP, KEEP) else float(change),
        reason=str(entry["reason"]).strip(),
        where=where,
    )


def apply_corrections(rows: list[Row], corrections: list[Correction], *, problems: list[Problem]) -> list[Row]:
    """Rows with corrections made; appends a problem for each that no longer meets what it expects."""
    changed: dict[int, Row | None] = {}
    named = {correction.source for correction in corrections}
    candidates = [(index, row) for index, row in enumerate(rows) if row.source in named]
    for correction in corrections:
        found = [index for index, row in candidates if correction.concerns(row)]
        if len(found) != 1:
            problems.append(
                Problem(
                    f"correction matches {len(found)} rows in place of one",
                    correction.where,
                    hint="narrow or mend `match`",
                )
            )
            continue
        row = rows[found[0]]
        if not _is_expected(row, correction):
            found_value = "nothing" if row.value is None else f"{row.value:.10g}"
            problems.append(
                Problem(
                    f"upstream changed: expected {correction.expect:.10g}, found {found_value}",
                    f"{correction.where}; {row.where()}",
                    hint="see whether the publisher mended the error; if so, delete the correction",
                )
            )
            continue
        changed[found[0]] = _corrected(row, correction)
    corrected = [changed.get(index, row) for index, row in enumerate(rows)]
    return [row for row in corrected if row is not None]


def correct_where_printed(rows: list[Row], corrections: Sequence[Correction]) -> list[Row]:
    """Rows of a user's copy of the publications, corrected where they hold what a correction expects."""
    corrected = []
    for row in rows:
        correction = next((c for c in corrections if c.concerns(row) and _is_expected(row, c)), None)
        after = row if correction is None else _corrected(row, correction)
        if after is not None:
            corrected.append(after)
    return corrected


def _is_expected(row: Row, correction: Correction) -> bool:
    return row.value is not None and math.isclose(row.value, correction.expect, rel_tol=1e-9)


def _corrected(row: Row, correction: Correction) -> Row | None:
    if correction.replace == DROP:
        return None
    if correction.replace == KEEP:
        return replace(row, correction=f"kept as published: {correction.reason}")
    return replace(
        row, value=float(correction.replace), correction=f"published {correction.expect:.10g}: {correction.reason}"
    )
