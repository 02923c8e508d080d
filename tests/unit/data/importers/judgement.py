"""Judgement: whether an importer named the damage of a file, refused a figure, read the same numbers, or lied."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

from derisk.data.checks import row_problems
from derisk.data.fields import FIELDS
from derisk.data.intake.intake import Imported
from derisk.errors import DeriskError


def judge(read: Callable[[Path], Imported], path: Path, original: Imported) -> str:
    """`named`, `refused`, `same`, or in other words what is wrong with the outcome."""
    try:
        imported = read(path)
    except DeriskError as error:
        return "named" if error.problems else f"an error without a problem: {type(error).__name__}"
    except Exception as error:
        return f"traceback: {type(error).__name__}: {error}"
    if any(refusal.line < 1 or not refusal.what for refusal in imported.refused):
        return "a refusal without line or words"
    if imported.refused:
        return "refused"
    before, after = _numbers(original), _numbers(imported)
    as_many = before.keys() == after.keys() and _count(original) == _count(imported)
    if as_many and all(_is_same(before[key], after[key]) for key in before):
        return "same"
    if row_problems(imported.rows, {source.id: source for source in imported.sources}):
        return "refused"
    if before.keys() == after.keys() and not as_many:
        return f"lies: {_count(imported)} figures in place of {_count(original)}, some of them twice"
    changed = [key for key in before if key in after and before[key] != after[key]]
    if before.keys() == after.keys() and changed and all(_may_be_negative(key) for key in changed):
        return "lawful"
    lost = len(before.keys() - after.keys())
    return f"lies: {lost} lost, {len(after.keys() - before.keys())} invented, {len(changed)} changed"


def _count(imported: Imported) -> int:
    return len(imported.rows) + sum(len(lines) for lines in imported.tables.values())


def _numbers(imported: Imported) -> dict[tuple[str, ...], tuple[object, ...]]:
    """Every figure by its key, without lines and locators, which a harmless change may move."""
    rows = {
        (row.field, row.material, row.stage, row.good, row.region, row.partner, row.use, row.period, row.source):
        (row.value, row.low, row.high, row.unit, row.basis, row.status)
        for row in imported.rows
    }  # fmt: skip
    tables = {
        (table, *(str(word) for name, word in line.items() if name not in ("value_musd", "locator"))):
        (line.get("value_musd"),)
        for table, lines in imported.tables.items() for line in lines
    }  # fmt: skip
    return rows | tables


def _is_same(one: tuple[object, ...], other: tuple[object, ...]) -> bool:
    """Whether figures agree in their first nine digits: the last of sixteen may be cut without a lie."""
    pairs = zip(one, other, strict=True)
    return all(a == b or (isinstance(a, float) and isinstance(b, float) and math.isclose(a, b)) for a, b in pairs)


def _may_be_negative(key: tuple[str, ...]) -> bool:
    field = FIELDS.get(key[0])
    return field is None or field.minimum is None or field.minimum < 0
