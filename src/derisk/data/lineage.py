"""Lineage: where one figure comes from, and which other figures were not chosen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from derisk.data.fields import FIELDS
from derisk.errors import DatasetError, InputError, Problem, name_some, unknown_word
from derisk.vocabulary.goods import GOODS, MATERIALS, STAGES
from derisk.vocabulary.processes import PROCESSES
from derisk.vocabulary.regions import COUNTRIES, SPECIAL_REGIONS
from derisk.vocabulary.uses import USES

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data.dataset import Dataset

_PERIOD: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2]))?")
_LISTING: Final = "ask for one that exists: derisk data table lists rows"


def explain(
    dataset: Dataset,
    *,
    material: str,
    stage: str,
    region: str,
    period: str,
    field: str,
    good: str | None = None,
    partner: str | None = None,
    use: str | None = None,
) -> dict[str, Any]:
    """The figure's value, status, range and source, and the alternatives with why each was not chosen.

    Where a stage has several goods and none is asked for, the row about the material as a whole is explained,
    else the good its processes make first; `other_goods` names the rest.

    Raises:
        InputError: a word is unknown.
        DatasetError: no row states the figure; names what exists.
    """
    _check_words(
        material=material, stage=stage, region=region, period=period, field=field, good=good, partner=partner, use=use
    )
    rows = dataset.rows(field=field, material=material, stage=stage, region=region)
    asked = f"{field} of {good or material} {stage} in {region} in {period}"
    at_period = rows[rows["period"] == period]
    if at_period.empty:
        raise DatasetError(
            Problem(f"no row for {asked}", "dataset", _what_exists(dataset, rows, material, stage, field), _LISTING)
        )
    chosen_good, other_goods = _pick_good(at_period, good, asked)
    rivals = at_period[at_period["good"] == chosen_good]
    for name, word in (("partner", partner), ("use", use)):
        rivals = _pick_word(rivals, name, word, asked)
    return _described(dataset, rivals, chosen_good, other_goods)


def _described(dataset: Dataset, rivals: pd.DataFrame, good: str, other_goods: list[str]) -> dict[str, Any]:
    from derisk.data.dataset import plain_records

    records = plain_records(rivals)
    best = next((record for record in records if record["chosen"]), None)
    if best is None:
        raise DatasetError(
            Problem(
                "every row for this figure is excluded",
                "; ".join(f"{record['file']}, line {record['line']}" for record in records),
                "; ".join(
                    f"{record['source']} {record['value']:g}" for record in records if record["value"] is not None
                ),
                records[0]["choice"],
            )
        )
    source = dataset.sources()[best["source"]]
    return {
        **{
            name: best[name]
            for name in (
                "material",
                "stage",
                "region",
                "period",
                "field",
                "value",
                "unit",
                "basis",
                "status",
                "low",
                "high",
            )
        },
        "source": {"id": source.id, "title": source.title, "licence": source.licence, "url": source.url},
        "locator": best["locator"],
        "alternatives": [
            {
                "value": record["value"],
                "source": record["source"],
                "why_not": record["choice"],
                "status": record["status"],
                "locator": record["locator"],
                "row_id": record["row_id"],
            }
            for record in records
            if not record["chosen"]
        ],
        "good": good,
        "other_goods": other_goods,
        "partner": best["partner"],
        "use": best["use"],
        "note": best["note"],
        "choice": best["choice"],
        "correction": best["correction"],
        "range_from": [dataset.row(row_id)["source"] for row_id in best["range_from"].split()],
        "row_id": best["row_id"],
        "row": f"{best['file']}, line {best['line']}",
    }


def _check_words(**words: str | None) -> None:
    known = {
        "material": MATERIALS,
        "stage": STAGES,
        "region": (*COUNTRIES, *SPECIAL_REGIONS),
        "field": FIELDS,
        "good": GOODS,
        "partner": (*COUNTRIES, *SPECIAL_REGIONS),
        "use": USES,
    }
    listing = {"material": "materials", "region": "regions", "good": "goods", "partner": "regions", "use": "uses"}
    problems = [
        unknown_word(name, word, tuple(known[name]), listing=f"derisk data {listing[name]}" if name in listing else "")
        for name, word in words.items()
        if name in known and word is not None and word not in known[name]
    ]
    period = words["period"] or ""
    if not _PERIOD.fullmatch(period):
        problems.append(Problem(f"period '{period}' is not a year or a month", allowed="2024 or 2024-05"))
    if problems:
        placed = (replace(p, where="the words asked for", hint=p.hint or "write one that is known") for p in problems)
        raise InputError(*placed)


def _pick_good(rows: pd.DataFrame, good: str | None, asked: str) -> tuple[str, list[str]]:
    stated = sorted(rows["good"].unique())
    if good is not None:
        if good not in stated:
            raise DatasetError(Problem(f"no row for {asked}", "dataset", name_some(stated), _LISTING))
        return good, [other for other in stated if other and other != good]
    mains = [process.main for process in PROCESSES.values()]
    ranked = sorted(
        stated, key=lambda word: (word != "", word not in GOODS or not GOODS[word].traded, word not in mains, word)
    )
    return ranked[0], [other for other in stated if other and other != ranked[0]]


def _pick_word(rows: pd.DataFrame, name: str, word: str | None, asked: str) -> pd.DataFrame:
    stated = sorted(rows[name].unique())
    if word is None:
        if len(stated) > 1:
            raise DatasetError(
                Problem(f"{len(stated)} rows for {asked}", "dataset", name_some(stated), f"name one with --{name}")
            )
        return rows
    picked = rows[rows[name] == word]
    if picked.empty:
        what = f"no row for {asked} with {name} '{word}'"
        raise DatasetError(Problem(what, "dataset", name_some(stated), _LISTING))
    return picked


def _what_exists(dataset: Dataset, rows: pd.DataFrame, material: str, stage: str, field: str) -> str:
    if len(rows):
        return "periods " + name_some(sorted(rows["period"].unique(), reverse=True))
    of_stage = dataset.rows(field=field, material=material, stage=stage)
    if len(of_stage):
        return "regions " + name_some(sorted(of_stage["region"].unique()), shown=12)
    of_material = dataset.rows(material=material, stage=stage)
    return (
        ("fields " + name_some(sorted(of_material["field"].unique()), shown=12))
        if len(of_material)
        else f"nothing about {material} {stage}"
    )
