"""Assumption table: what each assumption does to the central case, as a file of the study and in its summary."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any, Final

import pandas as pd

from derisk.sensitivity import Effect, Sensitivity
from derisk.study.parquet_file import write_rows

ASSUMPTION_COLUMNS: Final = {
    "parameter": "VARCHAR",
    "kind": "VARCHAR",
    "good": "VARCHAR",
    "use": "VARCHAR",
    "region": "VARCHAR",
    "low": "DOUBLE",
    "base": "DOUBLE",
    "high": "DOUBLE",
    "outcome_low_musd": "DOUBLE",
    "outcome_high_musd": "DOUBLE",
    "first_order_low_musd": "DOUBLE",
    "first_order_high_musd": "DOUBLE",
    "status": "VARCHAR",
    "row_ids": "VARCHAR",
    "note": "VARCHAR",
}
"""Columns of `sensitivity.parquet`."""


def assumption_row(effect: Effect) -> dict[str, Any]:
    """One row of the table; numbers that are none are NaN."""
    parameter = effect.parameter
    return {
        "parameter": parameter.words,
        "kind": parameter.kind,
        "good": parameter.good,
        "use": parameter.use,
        "region": parameter.region,
        "low": parameter.low,
        "base": parameter.base,
        "high": parameter.high,
        "outcome_low_musd": effect.outcome_low_musd,
        "outcome_high_musd": effect.outcome_high_musd,
        "first_order_low_musd": effect.first_order_low_musd,
        "first_order_high_musd": effect.first_order_high_musd,
        "status": parameter.status,
        "row_ids": " ".join(parameter.row_ids),
        "note": effect.note,
    }


def write_assumptions(file: Path, sensitivity: Sensitivity) -> None:
    """Write the table, the strongest assumption first."""
    rows = pd.DataFrame([assumption_row(effect) for effect in sensitivity.effects], columns=list(ASSUMPTION_COLUMNS))
    write_rows(file, rows, ASSUMPTION_COLUMNS)


def assumption_summary(sensitivity: Sensitivity) -> dict[str, Any]:
    """What `summary.json` says: the outcome, how many assumptions there are, and the strongest."""
    return {
        "outcome_musd": _number(sensitivity.outcome_musd),
        "assumptions": len(sensitivity.effects),
        "resolved": sensitivity.resolved,
        "largest": [
            {
                key: _number(value) if isinstance(value, float) else value
                for key, value in assumption_row(effect).items()
            }
            for effect in sensitivity.effects[: sensitivity.resolved]
            if effect.width_musd(sensitivity.outcome_musd) > 0.0
        ],
        "notes": list(sensitivity.notes),
    }


def _number(value: float) -> float | None:
    """JSON has no number for what is none."""
    return float(value) if math.isfinite(value) else None
