"""Coverage: for which materials, stages and years the dataset holds figures, and of what standing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from derisk.data.fields import FIELDS, STATUSES, TABLES, fields_of
from derisk.errors import InputError, unknown_word
from derisk.vocabulary.goods import GOODS, MATERIALS, STAGES, family
from derisk.vocabulary.regions import WORLD
from derisk.vocabulary.spellings import unknown_id

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data.dataset import Dataset

FIRST_YEAR: Final = 2008
LAST_YEAR: Final = 2025
BY_MATERIAL: Final = (
    "production", "capacity", "reserves", "prices", "trade", "demand", "end_use", "stock_cover", "recycling",
    "substitutability", "elasticities", "lead_times", "capital_costs", "published_indicators",
)  # fmt: skip
"""Tables whose rows name a material."""
_RANK: Final = {status: rank for rank, status in enumerate(STATUSES)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the coverage: how many chosen rows, and the status that most of their amount has."""

    table: str
    material: str
    stage: str
    year: str
    rows: int
    regions: int
    status: str


def coverage(dataset: Dataset, table: str = "production", *, material: str | None = None) -> list[Cell]:
    """Cells of one table, by material, stage and year, in the vocabulary's order; empty cells are left out.

    The status of a cell is that of the largest part of its amount: of tonnes for production, of rows for shares
    and ratios, whose sum means nothing.

    Raises:
        InputError: unknown table or material.
    """
    if table not in TABLES:
        raise InputError(unknown_word("table", table, TABLES))
    if material is not None and material not in MATERIALS:
        raise InputError(unknown_id("material", material, tuple(MATERIALS)))
    fields = fields_of(table)
    if not fields:
        return []
    rows = dataset.observations(field=fields, material=material)
    rows = rows[rows["material"] != ""]
    if table == "production":
        rows = rows[rows["region"] != WORLD]
    if rows.empty:
        return []
    rows = rows.assign(year=rows["period"].astype(str).str[:4], amount=_amounts(rows))
    groups = rows.groupby(["material", "stage", "year"], observed=True, sort=False)
    cells = [
        Cell(table, str(m), str(s), str(y), len(part), int(part["region"].nunique()), _main_status(part))
        for (m, s, y), part in groups
    ]
    return sorted(cells, key=_place)


def material_stages() -> list[tuple[str, str]]:
    """Every material with each stage at which the vocabulary has a good of it, in the vocabulary's order."""
    known = {(g.material, g.stage) for g in GOODS.values()} | {(family(g.material), g.stage) for g in GOODS.values()}
    return [(material, stage) for material in MATERIALS for stage in STAGES if (material, stage) in known]


def as_records(cells: list[Cell]) -> list[dict[str, Any]]:
    """Cells as plain values, for JSON."""
    return [asdict(cell) for cell in cells]


def _amounts(rows: pd.DataFrame) -> pd.Series:
    summable = {name for name, about in FIELDS.items() if about.mass != "none" and about.mass != "price"}
    tonnes = rows["value"].abs().fillna(0.0)
    return tonnes.where(rows["field"].astype(str).isin(summable), 1.0)


def _main_status(part: pd.DataFrame) -> str:
    """Status of most of the amount; where nothing has an amount, of most rows; ties go to the better one."""
    weights = part.groupby(part["status"].astype(str))["amount"].sum()
    if weights.sum() <= 0.0:
        weights = part.groupby(part["status"].astype(str))["amount"].size()
    return str(min(weights.index, key=lambda status: (-weights[status], _RANK[status])))


def _place(cell: Cell) -> tuple[int, int, str]:
    stages = (*STAGES, "")
    return (tuple(MATERIALS).index(cell.material), stages.index(cell.stage), cell.year)
