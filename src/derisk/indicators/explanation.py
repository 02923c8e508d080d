"""Explanation: one indicator's value with its formula, the numbers put in, and the row of the dataset behind each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from derisk.data.dataset import plain_records
from derisk.errors import DatasetError, Problem, name_some
from derisk.indicators.catalogue import find_indicator, needs_study
from derisk.indicators.compute import Wanted, readings
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Readings

if TYPE_CHECKING:
    from derisk.data import Dataset
    from derisk.indicators.study_losses import StudyLosses

_TOLD_OF_ROWS: Final = (
    "field", "good", "region", "partner", "use", "period", "value", "unit", "status", "source", "locator", "row_id",
)  # fmt: skip
_CHOSEN_BY: Final = ("stage", "good", "region")


def explain(dataset: Dataset, wanted: Wanted, *, studies: Sequence[StudyLosses] = ()) -> dict[str, Any]:
    """The line that `wanted` names, with `formula`, `told` (numbers put in) and `rows`.

    Raises:
        InputError: a word is unknown.
        DatasetError: no such line, or several; names what tells them apart; or the indicator needs a study.
    """
    if not studies and "studies" in find_indicator(wanted.indicator or "").needs:
        raise DatasetError(needs_study(wanted.indicator or ""))
    ground = Ground(dataset, materials=wanted.materials(), studies=studies)
    (found,) = readings(ground, wanted)
    found = _own_material(found, wanted)
    if found.size != 1:
        raise DatasetError(_how_many(ground, found, wanted))
    rows = found.rows(0)
    listed = plain_records(rows[[name for name in _TOLD_OF_ROWS if name in rows]]) if len(rows) else []
    absent = found.absent[0]
    return {
        **found.lines()[0],
        "title": found.about.title,
        "question": found.about.question,
        "formula": found.about.formula,
        "equation": found.about.equation,
        "method": found.about.source,
        "told": f"no value: {absent}" if absent else found.told(0),
        "rows": listed,
    }


def _own_material(found: Readings, wanted: Wanted) -> Readings:
    """Lines of the material itself, where a family has some beside those of its element groups."""
    own = found.keys["material"] == wanted.material
    return found.at(own) if found.size > 1 and own.any() else found


def _how_many(ground: Ground, found: Readings, wanted: Wanted) -> Problem:
    about = f"{wanted.indicator} of {wanted.material or 'all materials'}"
    if found.size:
        words = {name: sorted(set(map(str, found.keys[name])) - {""}) for name in _CHOSEN_BY}
        told = [f"{name} {name_some(known)}" for name, known in words.items() if len(set(found.keys[name])) > 1]
        what = f"{found.size} values of {about}"
        return Problem(what, "dataset", "; ".join(told), "name one with --stage, --good or --region")
    anything = readings(ground, replace(wanted, year=None, every_year=True, stage=None, good=None, region=None))[0]
    valued = ~np.isnan(anything.value)
    years = sorted(np.unique(anything.keys["year"][valued]).tolist(), reverse=True)
    regions = sorted({str(region) for region in anything.keys["region"][valued]})
    exists = (
        f"years {name_some([str(year) for year in years])}" if years else f"nothing about {wanted.material or 'them'}"
    )
    if years and wanted.region and wanted.region not in regions:
        exists = f"regions {name_some(regions)}"
    listing = f"derisk indicators --indicator {wanted.indicator}"
    hint = f"{listing} --material {wanted.material}" if wanted.material else listing
    return Problem(f"no value of {about} for these words", "dataset", exists, f"{hint} --year all")
