"""Checks: the rules tried on rows, and the offenders with file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from derisk.data.fields import FIELDS, STATUSES
from derisk.data.parquet import ROW_COLUMNS, ROW_TYPES, create_table, open_tables, row_cells
from derisk.data.rows import Row
from derisk.data.rules import ROW_RULES, Rule
from derisk.data.sources import Source
from derisk.errors import Problem
from derisk.vocabulary.goods import BASES, GOODS, MATERIALS, STAGES
from derisk.vocabulary.regions import COUNTRIES, EUROPEAN_UNION, OTHER_COUNTRIES, WORLD
from derisk.vocabulary.spellings import unknown_id
from derisk.vocabulary.uses import USES

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


WORDS: Final[dict[str, tuple[str, ...]]] = {
    "material": tuple(MATERIALS),
    "stage": STAGES,
    "good": tuple(GOODS),
    "region": (*COUNTRIES, WORLD, OTHER_COUNTRIES, EUROPEAN_UNION),
    "use": tuple(USES),
    "field": tuple(FIELDS),
    "status": STATUSES,
    "basis": tuple(BASES),
}
"""Words that each column of a row may hold."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks a rule, with the words by which an exception can name it."""

    rule: str
    what: str
    allowed: str
    hint: str
    file: str
    line: int
    words: Mapping[str, str]

    def problem(self) -> Problem:
        """The finding as an error message's parts."""
        where = f"{self.file}, line {self.line}"
        return Problem(self.what, where, self.allowed, self.hint, line=self.line, key=self.rule)


def row_problems(rows: Iterable[Row], sources: Mapping[str, Source]) -> list[Problem]:
    """Problems of single rows, in order of file and line."""
    with open_tables() as connection:
        create_table(connection, "rows", ROW_COLUMNS, map(row_cells, rows), types=ROW_TYPES)
        create_vocabulary(connection, sources)
        return [finding.problem() for finding in find(connection, ROW_RULES)]


def find(connection: DuckDBPyConnection, rules: Iterable[Rule]) -> list[Finding]:
    """Rows of table `rows` that break the rules, in order of file and line."""
    names = ("file", "line", "what", "field", "material", "stage", "good", "region", "period", "source")
    findings = []
    for rule in rules:
        selected = connection.execute(f"SELECT {', '.join(names)} FROM ({rule.sql}) ORDER BY file, line").fetchall()
        for file, line, what, *words in selected:
            about = dict(zip(names[3:], words, strict=True))
            findings.append(Finding(rule.name, what, rule.allowed, _hint(rule, what), file, line, about))
    return sorted(findings, key=lambda finding: (finding.file, finding.line))


def _hint(rule: Rule, what: str) -> str:
    kind = rule.name.removeprefix("known_") if rule.name.startswith("known_") else ""
    words = WORDS.get("region" if kind == "partner" else kind)
    return unknown_id(kind, what.split("'")[1], words).hint if words else ""


def create_vocabulary(connection: DuckDBPyConnection, sources: Iterable[str]) -> None:
    """Tables `known`, `goods` and `fields`, which the rules join."""
    words = {**WORDS, "source": tuple(sources)}
    create_table(
        connection, "known", ("kind", "word"), [(kind, word) for kind, known in words.items() for word in known]
    )
    create_table(
        connection,
        "goods",
        ("good", "material", "stage", "basis", "price_basis"),
        [(g.good, g.material, g.stage, g.basis, g.price_basis) for g in GOODS.values()],
    )
    numbers = ("minimum", "maximum", "world_tolerance_share")
    lines = [
        (
            f.field,
            " | ".join(f.units),
            f.mass,
            *("" if getattr(f, name) is None else repr(float(getattr(f, name))) for name in numbers),
        )
        for f in FIELDS.values()
    ]
    create_table(
        connection, "fields", ("field", "units", "mass", *numbers), lines, types=dict.fromkeys(numbers, "DOUBLE")
    )
