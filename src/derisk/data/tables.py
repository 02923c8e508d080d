"""Tables: the dataset's chosen rows and its records, table by table, as `derisk data table` prints them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

from derisk.data import input_output, political_distance
from derisk.data.customs import CUSTOMS_CODES, listed_lines
from derisk.data.dataset import plain_records
from derisk.data.fields import FIELDS, TABLES, fields_of
from derisk.data.records import RECORD_TABLES
from derisk.data.rows import PERIOD
from derisk.errors import DatasetError, InputError, Problem, name_some, unknown_word
from derisk.vocabulary.goods import GOODS, MATERIALS, STAGES, members
from derisk.vocabulary.regions import BLOCS, COUNTRIES, SPECIAL_REGIONS, WORLD
from derisk.vocabulary.spellings import unknown_id
from derisk.vocabulary.uses import USES

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data.dataset import Dataset

TABLE_NAMES: Final = (*TABLES, *(name for name in RECORD_TABLES if name not in TABLES))
"""Tables of rows and of records."""
_COMPUTED: Final = {"input_output": input_output.lines, "political_distance": political_distance.lines}
_PLACES: Final = ("country", "jurisdiction", "imposed_by", "imposed_on", "region", "partner")
_PARTNERS: Final = ("imposed_on", "partner")
_PLACE_WORDS: Final = (*COUNTRIES, *SPECIAL_REGIONS, *BLOCS)
_TIMES: Final = ("period", "year", "date", "announced", "effective", "lifted", "start")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The words that the rows asked for must hold; None where any will do."""

    material: str | None = None
    period: str | None = None
    region: str | None = None
    good: str | None = None
    stage: str | None = None
    field: str | None = None
    use: str | None = None
    partner: str | None = None

    def without_period(self) -> Wanted:
        """The same whatever the period."""
        return replace(self, period=None)

    def materials(self) -> tuple[str, ...] | None:
        """The material and, where it is a family, its element groups."""
        return members(self.material) if self.material else None

    def row_words(self) -> dict[str, Any]:
        """The words that `Dataset.observations` takes, field and period apart."""
        words = {"region": places(self.region), "good": self.good, "stage": self.stage, "use": self.use}
        return {"material": self.materials(), "partner": places(self.partner), **words}


def places(word: str | None) -> tuple[str, ...] | None:
    """A region alone, or the countries of a bloc; None where any will do."""
    return None if word is None else BLOCS.get(word, (word,))


def table(dataset: Dataset, name: str, **words: str | None) -> list[dict[str, Any]]:
    """Chosen rows of one named table; a table without such rows is an empty list.

    Args:
        words: material (a family holds its element groups), period, region and partner (of a bloc every member), good,
            stage, field, use.

    Raises:
        InputError: unknown table or word.
        DatasetError: there are such rows, though not of this period; names the periods there are.
    """
    wanted = Wanted(**words)
    _check_words(name, wanted)
    found = _lines(dataset, name, wanted)
    if not found and wanted.period is not None:
        _demand_period(name, wanted.period, _lines(dataset, name, wanted.without_period()))
    return found


def caution(name: str, found: Sequence[Mapping[str, Any]]) -> str:
    """What a reader who adds up the rows of a table has to know first; '' where nothing is to be said."""
    if name != "trade" or len(found) < 2:
        return ""
    whole = any(WORLD in (line["region"], line["partner"]) for line in found)
    told = f" A row of {WORLD} is a whole, beside its parts." if whole else ""
    return f"These rows add up to no total: some years lack the small partners (docs/data/trade.md).{told}"


def list_tables(dataset: Dataset) -> list[dict[str, Any]]:
    """Names of the tables, each with the number of its chosen rows, its fields and its periods."""
    listed = []
    for name in TABLE_NAMES:
        if name == "customs_codes":
            listed.append({"table": name, "rows": len(CUSTOMS_CODES), "periods": "", "fields": []})
            continue
        frame = dataset.records(name) if name in dataset.record_names() else _rows(dataset, name, Wanted())
        periods = sorted(set(frame["period"])) if "period" in frame else []
        spread = f"{periods[0]} to {periods[-1]}" if periods else ""
        listed.append({"table": name, "rows": len(frame), "periods": spread, "fields": list(_told_fields(name))})
    return listed


def _told_fields(name: str) -> tuple[str, ...]:
    return tuple(field for field in fields_of(name) if not field.startswith("input_"))


def _lines(dataset: Dataset, name: str, wanted: Wanted) -> list[dict[str, Any]]:
    if name == "input_output":
        lines = (
            input_output.lines(dataset.folder, period=wanted.period) if "input_output" in dataset.record_names() else []
        )
        return [line for line in lines if _is_among(line["country"], wanted.region)]
    if name == "political_distance" and wanted.field is None:
        return _distances(dataset, wanted)
    if name == "customs_codes":
        return listed_lines(material=wanted.material, good=wanted.good)
    if name in dataset.record_names():
        return [line for line in plain_records(dataset.records(name)) if _is_wanted(line, wanted)]
    return plain_records(_rows(dataset, name, wanted))


def _rows(dataset: Dataset, name: str, wanted: Wanted) -> pd.DataFrame:
    fields = fields_of(name) if wanted.field is None else (wanted.field,)
    return dataset.observations(field=fields, period=wanted.period, **wanted.row_words())


def _distances(dataset: Dataset, wanted: Wanted) -> list[dict[str, Any]]:
    stated = set(dataset.observations(field=political_distance.FIELD)["period"])
    if not stated or wanted.period not in (None, *stated):
        return []
    lines = political_distance.lines(dataset, period=wanted.period)
    return [
        line
        for line in lines
        if _is_among(line["region"], wanted.region) and _is_among(line["partner"], wanted.partner)
    ]


def _is_among(place: str, word: str | None) -> bool:
    return word is None or place in (places(word) or ())


def _check_words(name: str, wanted: Wanted) -> None:
    if name not in TABLE_NAMES:
        raise InputError(_placed(unknown_word("table", name, TABLE_NAMES, listing="derisk data table")))
    known = {
        "material": tuple(MATERIALS),
        "region": _PLACE_WORDS,
        "partner": _PLACE_WORDS,
        "good": tuple(GOODS),
        "stage": STAGES,
        "field": fields_of(name) or tuple(FIELDS),
        "use": tuple(USES),
    }
    asked = {part.name: getattr(wanted, part.name) for part in fields(wanted)}
    problems = [
        unknown_id(kind, asked[kind], words)
        for kind, words in known.items()
        if asked[kind] is not None and asked[kind] not in words
    ]
    if wanted.period is not None and not PERIOD.fullmatch(wanted.period):
        problems.append(Problem(f"period '{wanted.period}' is not a year or a month", allowed="2024 or 2024-05"))
    if problems:
        raise InputError(*map(_placed, problems))


def _placed(problem: Problem) -> Problem:
    return replace(problem, where="the table asked for", hint=problem.hint or "write one that is known")


def _demand_period(name: str, period: str, others: list[dict[str, Any]]) -> None:
    known = sorted({time for line in others for time in _times(line)}, reverse=True)
    if known:
        what = f"no {name} of {period} among the {len(others)} rows that fit the other words"
        raise DatasetError(Problem(what, "dataset", f"periods {name_some(known, shown=12)}", "ask for one of them"))


def _times(line: dict[str, Any]) -> Iterable[str]:
    """Years, months and days that a line names."""
    told = [name for name in line if set(name.split("_")) & set(_TIMES)]
    return (str(line[name]) for name in told if line[name] not in (None, ""))


def _is_wanted(line: dict[str, Any], wanted: Wanted) -> bool:
    """Whether a record holds the words, in whichever of its columns tells of such things."""
    materials = wanted.materials()
    return (
        (materials is None or bool(_materials_of(line) & set(materials)))
        and (wanted.good is None or wanted.good in _words(line, "good", "goods"))
        and _names_place(line, wanted.region, _PLACES)
        and _names_place(line, wanted.partner, _PARTNERS)
        and (wanted.stage is None or wanted.stage in _words(line, "stage"))
        and (wanted.use is None or wanted.use in _words(line, "use"))
        and (wanted.period is None or any(time.startswith(wanted.period) for time in _times(line)))
    )


def _names_place(line: dict[str, Any], word: str | None, columns: tuple[str, ...]) -> bool:
    return word is None or bool(_words(line, *columns) & {word, *(places(word) or ())})


def _materials_of(line: dict[str, Any]) -> set[str]:
    goods = _words(line, "good", "goods")
    return _words(line, "material", "materials") | {GOODS[good].material for good in goods if good in GOODS}


def _words(line: dict[str, Any], *names: str) -> set[str]:
    return {word for name in names for word in re.split(r"[;,\s]+", str(line.get(name) or "")) if word}
