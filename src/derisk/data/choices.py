"""Choices: which source wins where several state one number, and how their disagreement becomes a range."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from derisk.data.checks import WORDS
from derisk.data.fields import STATUSES
from derisk.data.rows import PERIOD, Row
from derisk.data.sources import Source
from derisk.data.yaml_reading import as_tuple, read_entries
from derisk.errors import Problem, nearest_word, unknown_word

_CONDITIONS: Final = ("field", "material", "good", "stage", "region", "period")
_KEYS: Final = (*_CONDITIONS, "prefer", "exclude", "disagreement", "reason")
_RANGE: Final = "range"
_DEFINITION: Final = "definition"
DISAGREEMENT_SHARE: Final = 0.01
"""Figures of two publishers closer than this agree."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One rule of `choices.yml`; the first whose conditions all hold decides.

    `prefer` orders sources, best first. Rows of `exclude` are never chosen, even alone: they stay as
    alternatives. `disagreement: definition` says the losers count another thing and widen no range.
    """

    conditions: Mapping[str, tuple[str, ...]]
    prefer: tuple[str, ...]
    exclude: tuple[str, ...]
    disagreement: str
    reason: str
    where: str

    def concerns(self, row: Row) -> bool:
        """Whether a row's words meet every condition."""
        return all(getattr(row, name) in words for name, words in self.conditions.items())

    def as_dict(self) -> dict[str, Any]:
        """The rule as plain values, for JSON."""
        conditions = {name: list(words) for name, words in self.conditions.items()}
        return asdict(self) | {"conditions": conditions, "prefer": list(self.prefer), "exclude": list(self.exclude)}

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Choice:
        """The rule of such plain values."""
        conditions = {name: tuple(words) for name, words in record["conditions"].items()}
        listed = {name: tuple(record[name]) for name in ("prefer", "exclude")}
        return cls(**{**record, "conditions": conditions, **listed})


_DEFAULT: Final = Choice({}, (), (), _RANGE, "", "default order")


def read_choices(folder: Path, *, problems: list[Problem]) -> list[Choice]:
    """Rules of `choices.yml`, then of `choices/*.yml` by name, each in order."""
    choices = []
    for where, entry, line in read_entries(folder, "choices", problems=problems):
        choice = _read_entry(entry, where=f"{where}, line {line}", problems=problems)
        if choice is not None:
            choices.append(choice)
    return choices


def _read_entry(entry: Any, *, where: str, problems: list[Problem]) -> Choice | None:
    before = len(problems)
    if not isinstance(entry, dict):
        problems.append(Problem("a choice is not a mapping", where, ", ".join(_KEYS)))
        return None
    for key in entry:
        if key not in _KEYS:
            problems.append(Problem(f"unknown key '{key}'", where, ", ".join(_KEYS), nearest_word(str(key), _KEYS)))
    problems.extend(Problem(f"key '{key}' is missing", where) for key in ("field", "reason") if not entry.get(key))
    if not entry.get("prefer") and not entry.get("exclude"):
        problems.append(Problem("neither `prefer` nor `exclude` is given", where))
    if entry.get("disagreement", _RANGE) not in (_RANGE, _DEFINITION):
        problems.append(Problem(f"unknown disagreement '{entry['disagreement']}'", where, f"{_RANGE}, {_DEFINITION}"))
    if len(problems) > before:
        return None
    return Choice(
        conditions={name: as_tuple(entry[name]) for name in _CONDITIONS if entry.get(name) is not None},
        prefer=as_tuple(entry.get("prefer")),
        exclude=as_tuple(entry.get("exclude")),
        disagreement=str(entry.get("disagreement", _RANGE)),
        reason=str(entry["reason"]).strip(),
        where=where,
    )


def check_choices(choices: list[Choice], sources: Mapping[str, Source], *, problems: list[Problem]) -> None:
    """Append a problem for each word of a rule that no row can hold, and each source that the dataset does not have."""
    for choice in choices:
        for name, word in ((name, word) for name, words in choice.conditions.items() for word in words):
            if name in WORDS and word not in WORDS[name]:
                problems.append(unknown_word(name, word, WORDS[name], where=choice.where))
            elif name == "period" and not PERIOD.fullmatch(word):
                what = f"period '{word}' is not a year or a month"
                problems.append(Problem(what, choice.where, "2024 or 2024-05", "quote it: '2024-05'"))
        for source in (*choice.prefer, *choice.exclude):
            if source not in sources:
                problems.append(
                    Problem(
                        f"unknown source '{source}'",
                        choice.where,
                        "ids in dataset/sources",
                        nearest_word(source, tuple(sources)),
                    )
                )


def apply_choices(rows: list[Row], choices: list[Choice], sources: Mapping[str, Source]) -> list[Row]:
    """Every row, told whether it is the chosen one of its key and why; order kept."""
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        places[row.key()].append(index)
    decided = list(rows)
    of_field = _by_field(choices)
    for indices in places.values():
        rivals = [rows[index] for index in indices]
        about = of_field.get(rivals[0].field, ())
        if len(rivals) == 1 and not about:
            continue
        choice = next((c for c in about if c.concerns(rivals[0])), _DEFAULT)
        if len(rivals) == 1 and rivals[0].source not in choice.exclude:
            continue
        for index, row in zip(indices, _decide(rivals, choice, sources), strict=True):
            decided[index] = row
    return decided


def _by_field(choices: list[Choice]) -> dict[str, list[Choice]]:
    """Rules that may concern each field, in order; every rule names its fields."""
    of_field: dict[str, list[Choice]] = defaultdict(list)
    for choice in choices:
        for field in choice.conditions["field"]:
            of_field[field].append(choice)
    return of_field


def _decide(rivals: list[Row], choice: Choice, sources: Mapping[str, Source]) -> list[Row]:
    admitted = [row for row in rivals if row.source not in choice.exclude]
    if not admitted:
        return [replace(row, chosen=False, choice=_excluded(choice)) for row in rivals]
    ranked = sorted(admitted, key=lambda row: _rank(row, choice, sources))
    best = ranked[0]
    winner = _widened(best, ranked[1:], choice, sources)
    if len(rivals) > 1:
        winner = replace(winner, choice=_why_chosen(best, choice))
    decided = []
    for row in rivals:
        if row is best:
            decided.append(winner)
        elif row.source in choice.exclude:
            decided.append(replace(row, chosen=False, choice=_excluded(choice)))
        else:
            decided.append(replace(row, chosen=False, choice=_why_not(row, best, choice, sources)))
    return decided


def _rank(row: Row, choice: Choice, sources: Mapping[str, Source]) -> tuple[bool, int, int, int, str]:
    preference = choice.prefer.index(row.source) if row.source in choice.prefer else len(choice.prefer)
    status = STATUSES.index(row.status) if row.status in STATUSES else len(STATUSES)
    year = sources[row.source].year if row.source in sources else 0
    return (row.value is None, preference, status, -year, row.source)


def _widened(best: Row, losers: list[Row], choice: Choice, sources: Mapping[str, Source]) -> Row:
    """The chosen row with a range that reaches every other publisher's reading of the same thing."""
    if best.value is None or choice.disagreement == _DEFINITION:
        return best
    low = best.value if best.low is None else best.low
    high = best.value if best.high is None else best.high
    others = [
        (row.row_id, row.value)
        for row in losers
        if row.value is not None and not low <= row.value <= high and _disagrees(row, best, sources)
    ]
    if not others:
        return best
    values = [value for _, value in others]
    return replace(
        best,
        low=min(low, *values),
        high=max(high, *values),
        range_from=" ".join(name for name, _ in others),
        stated_low=best.low,
        stated_high=best.high,
    )


def _disagrees(row: Row, best: Row, sources: Mapping[str, Source]) -> bool:
    if row.value is None or best.value is None or row.status == "bound":
        return False
    if row.status == "assumed" and best.status != "assumed":
        return False
    if (row.unit, row.basis) != (best.unit, best.basis) or _publisher(row, sources) == _publisher(best, sources):
        return False
    return abs(row.value - best.value) > DISAGREEMENT_SHARE * abs(best.value)


def _publisher(row: Row, sources: Mapping[str, Source]) -> str:
    return sources[row.source].publisher if row.source in sources else row.source


def _excluded(choice: Choice) -> str:
    return f"excluded ({choice.where}): {choice.reason}"


def _why_chosen(best: Row, choice: Choice) -> str:
    if best.source in choice.prefer:
        return f"preferred source ({choice.where}): {choice.reason}"
    return "best by default order: status, then year of source"


def _why_not(row: Row, best: Row, choice: Choice, sources: Mapping[str, Source]) -> str:
    if row.value is None:
        return f"{row.status}: no number"
    if best.source in choice.prefer:
        return f"{best.source} is preferred ({choice.where}): {choice.reason}"
    if row.status != best.status:
        return f"{row.status}, where {best.source} is {best.status}"
    return (
        f"{best.source} is as good and newer"
        if _publisher(row, sources) != _publisher(best, sources)
        else f"superseded by {best.source}"
    )
