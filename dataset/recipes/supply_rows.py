"""Rows of the reference dataset: how a recipe builds, orders and writes them."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

DATASET = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(DATASET.parent / "src"))

USGS_2026 = "usgs-mcs-2026"
USGS_2025 = "usgs-mcs-2025"
USGS_2022 = "usgs-mcs-2022"
YEARBOOK = "usgs-myb-2022-rare-earths"
IEA = "iea-critical-minerals-2025"
EU_CRM = "eu-crm-2023"
BACI_HS92 = "baci-hs92-1995-2024"
BACI_HS17 = "baci-hs17-v202601"
PINK_SHEET = "world-bank-pink-sheet-2026-06"
DISR = "disr-resources-energy-quarterly-2025-06"
DERIVED = "derisk-derivations"
ASSUMED = "derisk-assumptions"


@dataclass(frozen=True, slots=True)
class Row:
    """One number of the dataset, with where it comes from."""

    material: str
    stage: str
    good: str
    region: str
    partner: str
    use: str
    period: str
    field: str
    value: float | None
    unit: str
    basis: str
    status: str
    low: float | None
    high: float | None
    source: str
    locator: str
    note: str


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes rows of one good, so that a recipe states only what changes from row to row."""

    material: str
    stage: str
    good: str
    basis: str

    def row(
        self,
        field: str,
        region: str,
        value: float | None,
        *,
        unit: str,
        status: str,
        source: str,
        locator: str,
        period: str = "2024",
        partner: str = "",
        low: float | None = None,
        high: float | None = None,
        note: str = "",
        basis: str | None = None,
    ) -> Row:
        """One row of this good."""
        return Row(
            self.material,
            self.stage,
            self.good,
            region,
            partner,
            "",
            period,
            field,
            value,
            unit,
            self.basis if basis is None else basis,
            status,
            low,
            high,
            source,
            locator,
            note,
        )

    def derived(self, field: str, region: str, value: float, *, unit: str, note: str, **options: object) -> Row:
        """A row computed from other rows; the note states the rule."""
        options = {"source": DERIVED, "locator": "rule in the note", "status": "derived", **options}
        return self.row(field, region, value, unit=unit, note=note, **options)  # type: ignore[arg-type]

    def assumed(
        self, field: str, region: str, value: float, low: float, high: float, *, unit: str, note: str, **options: object
    ) -> Row:
        """A row read nowhere: a stated judgement with its range and reason."""
        options = {"source": ASSUMED, "locator": "reason in the note", "status": "assumed", **options}
        return self.row(field, region, value, unit=unit, note=note, low=low, high=high, **options)  # type: ignore[arg-type]


def publisher_file(*parts: str) -> Path:
    """A file of the folder of publishers' files named by DERISK_PUBLISHER_FILES."""
    folder = Path(os.environ.get("DERISK_PUBLISHER_FILES", DATASET.parent.parent / "shared" / "data"))
    return folder.joinpath(*parts)


def _text(value: object) -> str:
    if value is None:
        return ""
    return format(value, ".10g") if isinstance(value, float | int) else str(value)


def write_rows(material: str, name: str, rows: Iterable[Row]) -> None:
    """Write dataset/observations/<material>/<name>.csv, sorted, one line a row."""
    path = DATASET / "observations" / material / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = sorted(rows, key=lambda r: (r.field, r.good, r.stage, r.source, r.period, r.region, r.partner))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([f.name for f in fields(Row)])
        writer.writerows([_text(cell) for cell in astuple(row)] for row in ordered)
    print(f"{path.relative_to(DATASET.parent)}: {len(ordered)} rows")


def total(rows: Iterable[Row], **wanted: str) -> float:
    """Sum of the values of the rows whose columns have the wanted words."""
    return sum(r.value or 0.0 for r in rows if all(getattr(r, k) == v for k, v in wanted.items()))
