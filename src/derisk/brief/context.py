"""Context: facts of the dataset printed beside a study, with the rows they come from."""

from __future__ import annotations

from typing import Any

from derisk.data import Dataset, coalition_gdp_share, supply_share
from derisk.errors import DatasetError
from derisk.vocabulary.regions import bloc_members

REFINER = "CHN"
"""Refiner of the five groups of January 2026 (the IEA's largest in each)."""

_GROUPS = ("copper", "lithium", "cobalt", "graphite", "rare_earths")
_FIRST_USES = ("refined_copper", "lithium_chemical", "refined_cobalt", "battery_anode", "ndfeb_magnet")


def context_of(dataset: Dataset) -> dict[str, Any]:
    """The dominant refiner's shares now and in 2030, and the coalition's weight in output and in first use.

    Args:
        dataset: the reference dataset; a fact it lacks is left out.
    """
    return {
        "refiner": REFINER,
        "refining_share": [row for material in _GROUPS if (row := _refining_share(dataset, material))],
        "coalition_gdp_share": _gdp_share(dataset),
        "first_use_share": [row for good in _FIRST_USES if (row := _first_use_share(dataset, good))],
    }


def _refining_share(dataset: Dataset, material: str) -> dict[str, Any] | None:
    try:
        now = supply_share(dataset, material=material, stage="refining", region=REFINER, period="2024")
        then = supply_share(
            dataset, material=material, stage="refining", region=REFINER, period="2030", field="production_base_case"
        )
    except DatasetError:
        return None
    return {
        "material": material,
        "share_2024": now.value_share,
        "share_2030": then.value_share,
        "row_ids": [*now.row_ids, *then.row_ids],
    }


def _gdp_share(dataset: Dataset) -> dict[str, Any] | None:
    try:
        share = coalition_gdp_share(dataset)
    except DatasetError:
        return None
    return {"share": share.value_share, "row_ids": list(share.row_ids)}


def _first_use_share(dataset: Dataset, good: str) -> dict[str, Any] | None:
    """The coalition's part of a good's first use, from rows of `demand_share`."""
    rows = dataset.latest("demand_share", up_to="2024", good=good)
    rows = rows[rows["region"].isin(bloc_members("coalition"))]
    if not len(rows):
        return None
    return {"material": good, "label": "", "share": float(rows["value"].sum()), "row_ids": list(rows["row_id"])}
