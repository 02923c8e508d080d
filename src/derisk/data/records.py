"""Records beside the rows: projects, events, deposits, policies and bills of materials, one line each."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final

from derisk.data.edited_csv import edited_lines
from derisk.errors import Problem, unknown_word
from derisk.vocabulary.goods import GOODS, MATERIALS, STAGES
from derisk.vocabulary.regions import BLOCS, COUNTRIES
from derisk.vocabulary.uses import USES

RECORD_TABLES: Final = {
    "projects": "project_id",
    "events": "event_id",
    "deposits": "deposit_id",
    "policies": "policy_id",
    "bills_of_materials": "bill_id",
}
"""Tables of records, each `dataset/<name>.csv` with the column that names a record."""

OUTSIDE_MATERIALS: Final = ("aluminium", "molybdenum", "silver", "uranium", "other", "all")
"""What an event may concern beside the materials of the vocabulary."""
BLOCS_OF_PROJECTS: Final = ("coalition", "partner", "other")
"""In the coalition, outside but open to it, or out of its reach: tied to China or in occupied territory."""
PROJECT_STATUSES: Final = (
    "exploration", "study", "pilot", "planned", "construction", "commissioning", "ramping", "operating", "stalled",
)  # fmt: skip
DEPOSIT_STATUSES: Final = ("known", "occurrence", "exploration", "development", "producing", "past")
"""`known`: the source lists the deposit and says nothing of its working."""
TENURES: Final = ("licensed", "tender", "state", "occupied")
"""Who holds a deposit: a company by licence, nobody until a tender ends, the state, an occupying power."""
ROW_STATUSES: Final = ("found", "assumed")

_NUMBERS: Final = frozenset({"value", "quantity", "low", "high", "latitude", "longitude", "probability"})
_NUMBER_SUFFIXES: Final = (
    "_t", "_t_per_year", "_per_t", "_musd", "_usd", "_share", "_low", "_high", "_months", "_probability",
)  # fmt: skip
_BOUNDS: Final = {"latitude": (-90.0, 90.0), "longitude": (-180.0, 180.0), "grade_share": (0.0, 1.0)}

_WORDS: Final[dict[str, Collection[str]]] = {
    "country": COUNTRIES,
    "jurisdiction": (*COUNTRIES, *BLOCS),
    "imposed_by": (*COUNTRIES, *BLOCS),
    "imposed_on": (*COUNTRIES, *BLOCS, "all"),
    "bloc": BLOCS_OF_PROJECTS,
    "material": MATERIALS,
    "materials": (*MATERIALS, *OUTSIDE_MATERIALS),
    "stage": STAGES,
    "good": GOODS,
    "goods": GOODS,
    "use": USES,
    "basis": {good.basis for good in GOODS.values()},
    "tenure": TENURES,
    "row_status": ROW_STATUSES,
}
"""Columns that hold words of the vocabulary; a cell may hold several, parted by semicolons."""
_STATUSES: Final = {"projects": PROJECT_STATUSES, "deposits": DEPOSIT_STATUSES}


def is_number_column(name: str) -> bool:
    """Whether a column of a record table holds numbers, by its name's unit."""
    return name in _NUMBERS or name.endswith(_NUMBER_SUFFIXES)


def read_records(path: Path, *, sources: Collection[str], problems: list[Problem]) -> tuple[list[str], list[list[str]]]:
    """Header and lines of one table of `RECORD_TABLES`; both empty if the file is absent."""
    if not path.exists():
        return [], []
    identity = RECORD_TABLES[path.stem]
    table = edited_lines(path, where=path.name, problems=problems)
    _, header = next(table, (1, []))
    if identity not in header or len(set(header)) != len(header):
        problems.append(Problem(f"header lacks '{identity}' or names a column twice", f"{path.name}, line 1"))
        return [], []
    words = {**_WORDS, "source": sources, **_status_words(path.stem)}
    lines, seen = [], set()
    for line, cells in table:
        where = f"{path.name}, line {line}"
        if len(cells) != len(header):
            problems.append(
                Problem(f"{len(cells)} cells in place of {len(header)}", where, hint="quote texts that hold commas")
            )
            continue
        record = dict(zip(header, (cell.strip() for cell in cells), strict=True))
        if record[identity] in seen or not record[identity]:
            problems.append(Problem(f"{identity} '{record[identity]}' is empty or stands twice", where))
        seen.add(record[identity])
        problems.extend(_bad_numbers(record, where))
        problems.extend(_unknown_words(record, words, where))
        problems.extend(_missing_words(record, where))
        lines.append(list(record.values()))
    return header, lines


def _status_words(table: str) -> dict[str, Collection[str]]:
    return {"status": _STATUSES[table]} if table in _STATUSES else {}


def _bad_numbers(record: dict[str, str], where: str) -> list[Problem]:
    """Cells that are no numbers, which are emptied, and numbers out of bounds or out of order."""
    problems, numbers = [], {}
    for name, text in record.items():
        if not is_number_column(name) or not text:
            continue
        try:
            numbers[name] = float(text)
        except ValueError:
            problems.append(Problem(f"{name} '{text}' is not a number", where, "digits with a point, or empty"))
            record[name] = ""
    for name, (least, greatest) in _BOUNDS.items():
        if not least <= numbers.get(name, least) <= greatest:
            problems.append(Problem(f"{name} {record[name]} is out of bounds", where, f"{least:g} to {greatest:g}"))
    low, value, high = (numbers.get(name) for name in ("low", "value", "high"))
    if (low is None) != (high is None) or (low is not None and not low <= (value or 0.0) <= (high or 0.0)):
        problems.append(
            Problem(f"low {low}, value {value}, high {high} are not in order", where, "all three, or value")
        )
    return problems


def _unknown_words(record: dict[str, str], words: dict[str, Collection[str]], where: str) -> list[Problem]:
    """Words of a record outside the vocabulary."""
    problems = []
    for name, known in words.items():
        for word in record.get(name, "").split(";"):
            if word.strip() and word.strip() not in known:
                problems.append(unknown_word(name, word.strip(), tuple(known), where=where))
    return problems


def _missing_words(record: dict[str, str], where: str) -> list[Problem]:
    """What every record must say: its source, the place in it, and the reason of what is assumed."""
    problems = []
    if not record.get("source", "-"):
        problems.append(Problem("no source", where, "ids in dataset/sources"))
    if not record.get("locator", "-"):
        problems.append(Problem("no locator", where, "where in the source"))
    if record.get("row_status") == "assumed" and not record.get("note", "-"):
        problems.append(Problem("an assumed record without a reason", where, "a note that says why it is plausible"))
    return problems
