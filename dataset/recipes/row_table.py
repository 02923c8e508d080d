"""Rows of the reference dataset: the header of every observation table and how a recipe writes one."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from derisk.vocabulary.goods import GOODS

HEADER = (
    "material",
    "stage",
    "good",
    "region",
    "partner",
    "use",
    "period",
    "field",
    "value",
    "unit",
    "basis",
    "status",
    "low",
    "high",
    "source",
    "locator",
    "note",
)

DATASET = Path(__file__).resolve().parent.parent
RECIPES = DATASET / "recipes"
PUBLISHER_FILES = Path(os.environ.get("DERISK_PUBLISHER_FILES", str(DATASET.parent.parent / "shared" / "data")))

MATERIAL_AND_STAGE = {g.good: (g.material, g.stage) for g in GOODS.values()}

USES = (
    "defence",
    "semiconductors",
    "electronics",
    "electric_vehicles_and_batteries",
    "wind_and_solar",
    "machinery",
    "refining_and_chemicals",
    "other",
)


def number(value: float, digits: int = 6) -> str:
    """Shortest plain text of a number, to `digits` significant digits."""
    text = f"{value:.{digits}g}"
    if "e" in text or "E" in text:
        text = f"{float(text):f}".rstrip("0").rstrip(".")
    return text


def observation(good: str = "", **columns: object) -> dict[str, str]:
    """One row; material and stage follow from the good unless given, absent columns are empty."""
    material, stage = MATERIAL_AND_STAGE.get(good, ("", ""))
    row = dict.fromkeys(HEADER, "")
    row.update(material=material, stage=stage, good=good)
    for name, value in columns.items():
        if name not in row:
            raise KeyError(f"no column '{name}' in an observation table; know {', '.join(HEADER)}")
        row[name] = number(value) if isinstance(value, float) else str(value)
    return row


def write_observations(folder: str, name: str, rows: list[dict[str, str]]) -> None:
    """Write rows to observations/<folder>/<name>.csv, in the order given."""
    path = DATASET / "observations" / folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=HEADER, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{path.relative_to(DATASET)}: {len(rows)} rows")


def write_by_material(name: str, rows: list[dict[str, str]]) -> None:
    """Write rows to observations/<material>/<name>.csv, one table per material."""
    for material in sorted({row["material"] for row in rows}):
        write_observations(material, name, [row for row in rows if row["material"] == material])


def read_table(path: Path, encoding: str = "utf-8") -> list[dict[str, str]]:
    """Rows of a CSV with a header."""
    with path.open(encoding=encoding, newline="") as stream:
        return list(csv.DictReader(stream))
