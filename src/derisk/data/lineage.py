"""Lineage: where one figure comes from, and which other figures were not chosen."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from derisk.data.fields import FIELDS, fields_of
from derisk.data.rows import KEY, PERIOD
from derisk.errors import DatasetError, InputError, Problem, name_some
from derisk.vocabulary.goods import GOODS, MATERIALS, PARTS, STAGES, counted_in, members
from derisk.vocabulary.processes import PROCESSES
from derisk.vocabulary.regions import COUNTRIES, SPECIAL_REGIONS
from derisk.vocabulary.spellings import unknown_id
from derisk.vocabulary.uses import USES

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data.dataset import Dataset

NONE: Final = "-"
"""What is written for a word that a row lacks: gross domestic product has no material and no stage."""
_LISTING: Final = "ask for one that exists: derisk data table lists rows"
_TRADE: Final = "what one country ships to another is asked for with --field trade"
_TOLD: Final = (
    "material", "stage", "region", "period", "field", "value", "unit", "basis", "status", "low", "high",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """The words of one question, blank where the row lacks them, None where any will do."""

    material: str
    stage: str
    region: str
    period: str
    field: str
    good: str | None = None
    partner: str | None = None
    use: str | None = None

    def __str__(self) -> str:
        about = " ".join(word for word in (self.good or self.material, self.stage) if word)
        of = f" of {about}" if about else ""
        return f"{self.field}{of} in {self.region or 'no region'} in {self.period}"

    def materials(self) -> tuple[str, ...]:
        """The material and, where it is a family, its element groups."""
        return members(self.material) if self.material else ("",)


def explain(dataset: Dataset, **words: str | None) -> dict[str, Any]:
    """The figure's value, status, range and source, and the alternatives with why each was not chosen.

    Where a stage has several goods and none is asked for, the row about the material as a whole is explained,
    else the good its processes make first; `other_goods` names the rest. A family (rare earths) holds the goods of
    its element groups.

    Args:
        words: material, stage, region, period, field, and optionally good, partner, use; `-` or nothing for a word
            that the row lacks.

    Raises:
        InputError: a word is unknown.
        DatasetError: no row states the figure; names what exists.
    """
    asked = Asked(**{name: "" if word == NONE else word for name, word in words.items()})  # type: ignore[arg-type]
    _check_words(asked)
    rows = dataset.rows(field=asked.field, material=asked.materials(), stage=asked.stage, region=asked.region)
    at_period = rows[rows["period"] == asked.period]
    if at_period.empty:
        exists = _what_exists(dataset, rows, asked)
        trade = asked.partner and asked.field not in fields_of("trade")
        raise DatasetError(Problem(f"no row for {asked}", "dataset", exists, _TRADE if trade else _LISTING))
    good, other_goods = _pick_good(at_period, asked)
    rivals = at_period[at_period["good"] == good]
    if not good:
        rivals = _nearest_family(rivals, asked.material)
    for name, word in (("partner", asked.partner), ("use", asked.use)):
        rivals = _pick_word(rivals, name, word, asked)
    best = rivals[rivals["chosen"].to_numpy(dtype=bool)]
    if best.empty:
        raise DatasetError(_all_excluded(rivals))
    return _described(dataset, rivals, str(best["row_id"].iloc[0]), other_goods)


def explain_row(dataset: Dataset, row_id: str) -> dict[str, Any]:
    """The same for one row, chosen or not, by its id.

    Raises:
        InputError: no row has the id.
    """
    row = dataset.row(row_id)
    rivals = dataset.rows(**{name: row[name] for name in KEY})
    return _described(dataset, rivals, row_id, [])


def _described(dataset: Dataset, rivals: pd.DataFrame, row_id: str, other_goods: list[str]) -> dict[str, Any]:
    from derisk.data.dataset import plain_records

    records = plain_records(rivals)
    best = next(record for record in records if record["row_id"] == row_id)
    source = dataset.sources()[best["source"]]
    return {
        **{name: best[name] for name in _TOLD},
        "source": {"id": source.id, "title": source.title, "licence": source.licence, "url": source.url},
        "locator": best["locator"],
        "alternatives": [_rival(record) for record in records if record["row_id"] != row_id],
        "good": best["good"],
        "other_goods": other_goods,
        "partner": best["partner"],
        "use": best["use"],
        "note": best["note"],
        "chosen": best["chosen"],
        "choice": best["choice"],
        "correction": best["correction"],
        "range_from": [dataset.row(other)["source"] for other in best["range_from"].split()],
        "row_id": best["row_id"],
        "row": f"{best['file']}, line {best['line']}",
    }


def _rival(record: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: record[name] for name in ("status", "locator", "row_id")}
    return {"value": record["value"], "source": record["source"], "why_not": record["choice"], **told}


def _all_excluded(rivals: pd.DataFrame) -> Problem:
    records = rivals.to_dict("records")
    return Problem(
        "every row for this figure is excluded",
        "; ".join(f"{record['file']}, line {record['line']}" for record in records),
        "; ".join(f"{record['source']} {record['value']:g}" for record in records),
        str(records[0]["choice"]),
    )


def _check_words(asked: Asked) -> None:
    places = (*COUNTRIES, *SPECIAL_REGIONS)
    known = (
        ("material", asked.material, tuple(MATERIALS)),
        ("stage", asked.stage, STAGES),
        ("region", asked.region, places),
        ("field", asked.field, tuple(FIELDS)),
        ("good", asked.good, tuple(GOODS)),
        ("partner", asked.partner, places),
        ("use", asked.use, tuple(USES)),
    )
    problems = [unknown_id(name, word, words) for name, word, words in known if word and word not in words]
    if not PERIOD.fullmatch(asked.period):
        problems.append(Problem(f"period '{asked.period}' is not a year or a month", allowed="2024 or 2024-05"))
    if problems:
        placed = (replace(p, where="the words asked for", hint=p.hint or "write one that is known") for p in problems)
        raise InputError(*placed)


def _pick_good(rows: pd.DataFrame, asked: Asked) -> tuple[str, list[str]]:
    stated = sorted(rows["good"].unique())
    if asked.good is not None:
        if asked.good not in stated:
            raise DatasetError(
                Problem(f"no row for {asked}", "dataset", name_some(stated), _where_good_is(asked, stated))
            )
        return asked.good, [other for other in stated if other and other != asked.good]
    mains = [process.main for process in PROCESSES.values()]
    fed_on = {good for process in PROCESSES.values() if process.main in stated for good in process.inputs}
    ranked = sorted(
        stated,
        key=lambda word: (
            word != "",
            word not in GOODS or not GOODS[word].traded,
            word not in mains,
            word in fed_on,
            word,
        ),
    )
    return ranked[0], [other for other in stated if other and other != ranked[0]]


def _where_good_is(asked: Asked, stated: Collection[str]) -> str:
    """The good whose rows count the good asked for, or the material and stage under which it stands."""
    good = GOODS[asked.good or ""]
    whole = counted_in(good.good) if good.good in PARTS else ""
    if whole in stated:
        share = next((kind.share for kind in PROCESSES.values() if kind.main == good.good and kind.share), "")
        return f"rows of {whole} count it" + (f", and {share} says how much of them" if share else "")
    if good.stage == asked.stage and good.material in asked.materials():
        return _LISTING
    return f"{good.good} stands under {good.material} {good.stage}"


def _nearest_family(rows: pd.DataFrame, material: str) -> pd.DataFrame:
    """Rows about the material itself, else about the first of its element groups."""
    stated = [word for word in members(material) if word in set(rows["material"])] if material else [""]
    return rows[rows["material"] == stated[0]]


def _pick_word(rows: pd.DataFrame, name: str, word: str | None, asked: Asked) -> pd.DataFrame:
    stated = sorted(rows[name].unique())
    if word is None:
        if len(stated) > 1:
            words = name_some([word or NONE for word in stated])  # `-` asks for the row that has no such word
            raise DatasetError(Problem(f"{len(stated)} rows for {asked}", "dataset", words, f"name one with --{name}"))
        return rows
    picked = rows[rows[name] == word]
    if picked.empty:
        what = f"no row for {asked} with {name} '{word}'"
        allowed = name_some([other for other in stated if other]) or f"rows of {asked.field} have no {name}"
        hint = _TRADE if name == "partner" and stated == [""] else _LISTING
        raise DatasetError(Problem(what, "dataset", allowed, hint))
    return picked


def _what_exists(dataset: Dataset, rows: pd.DataFrame, asked: Asked) -> str:
    if len(rows):
        return "periods " + name_some(sorted(rows["period"].unique(), reverse=True))
    of_stage = dataset.rows(field=asked.field, material=asked.materials(), stage=asked.stage)
    if len(of_stage):
        return "regions " + name_some(sorted(of_stage["region"].unique()), shown=12)
    of_material = dataset.rows(material=asked.materials(), stage=asked.stage)
    if len(of_material):
        return "fields " + name_some(sorted(of_material["field"].unique()), shown=12)
    return f"nothing about {asked.material} {asked.stage}"
