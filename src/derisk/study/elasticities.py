"""Elasticities: how far users of each good cut back when it gets dearer, and whether that is measured or assumed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from derisk.data import Dataset
from derisk.distributions import Distribution
from derisk.scenario import Scenario

ASSUMED: Final = ("assumed", "scenario")
"""Standing of an elasticity that nobody measured: a row of the dataset, or a number of the scenario."""
_FIELD: Final = "demand_elasticity"
_LEAST_RISE_RATIO: Final = 1.05
_NEWEST: Final = 9999


def demand_elasticities(summary: Mapping[str, Any], scenario: Scenario, dataset: Dataset) -> list[dict[str, Any]]:
    """Good, value, low, high, status and row_id of the demand elasticity behind each price that rises, by good.

    It is the good's own, without a use; where the scenario sets it, the scenario's number, which has no row.
    """
    goods = sorted({str(row["good"]) for row in summary["peak_price_ratio"] if row["p50"] > _LEAST_RISE_RATIO})
    if not goods:
        return []
    rows = dataset.latest(_FIELD, up_to=_NEWEST, good=goods, use="", region="")
    found = {str(row["good"]): _of_row(row) for row in rows.to_dict("records")}
    for measure in scenario.measures:
        value = getattr(measure, "value", None)
        if measure.kind == "elasticity" and getattr(measure, "of", "") == "demand" and isinstance(value, Distribution):
            found |= {good: _of_measure(good, value) for good in goods if good in measure.goods}
    return [found[good] for good in goods if good in found]


def _of_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    value = float(row["value"])
    low, high = (float(row[end]) if row[end] == row[end] else value for end in ("low", "high"))
    words = {"status": str(row["status"]), "row_id": str(row["row_id"])}
    return {"good": str(row["good"]), "value": value, "low": low, "high": high, **words}


def _of_measure(good: str, value: Distribution) -> dict[str, Any]:
    words = {"status": "scenario", "row_id": ""}
    return {"good": good, "value": value.central, "low": value.low, "high": value.high, **words}
