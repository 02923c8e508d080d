"""Context: facts of the dataset printed beside a study, with the rows they come from."""

from __future__ import annotations

from typing import Any

from derisk.data import Dataset, coalition_gdp_share, supply_share
from derisk.errors import DatasetError
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import bloc_members

REFINER = "CHN"
"""Refiner of the five groups of January 2026 (the IEA's largest in each)."""
REFINING_NOTE = (
    "Share of world refined output in 2024, and in 2030 in the base case of announced projects; both from the IEA’s "
    "Critical Minerals Dataset, May 2025 edition, and over the IEA’s own world totals (for graphite, the battery-grade "
    "graphite the IEA counts). The “47 to 87 %” in reports on the finance ministers’ meeting in Washington of January "
    "2026 are these 2030 figures."
)
"""Caption of the shares, printed where every one of them is the IEA's part of the IEA's own total."""
WEIGHT_NOTE = (
    "GDP is a proxy: no breakdown of the “60 % of demand” in reports on the finance ministers’ meeting in Washington "
    "(Reuters, 11 January 2026) was published. First use counts the tonnes that a country’s industry takes in, not "
    "what its people buy in the end."
)
GDP_YEAR = "2023"

_IEA = "iea-critical-minerals-2025"
_OWN_TOTAL = "the source's own world total"
_GROUPS = ("copper", "lithium", "cobalt", "graphite", "rare_earths")
_FIRST_USES = ("refined_copper", "lithium_chemical", "refined_cobalt", "battery_anode", "ndfeb_magnet")


def context_of(dataset: Dataset) -> dict[str, Any]:
    """The dominant refiner's shares now and in 2030, and the coalition's weight in output and in first use.

    Args:
        dataset: the reference dataset; a fact it lacks is left out.
    """
    shares = [row for material in _GROUPS if (row := _refining_share(dataset, material))]
    return {
        "refiner": REFINER,
        "refining_share": shares,
        "refining_note": REFINING_NOTE if shares and all(row["is_of_iea"] for row in shares) else "",
        "coalition_gdp_share": _gdp_share(dataset),
        "first_use_share": [row for good in _FIRST_USES if (row := _first_use_share(dataset, good))],
        "weight_note": WEIGHT_NOTE,
    }


def _refining_share(dataset: Dataset, material: str) -> dict[str, Any] | None:
    known: dict[str, Any] = {"material": material, "row_ids": [], "is_of_iea": True}
    for year, field in (("2024", "production"), ("2030", "production_base_case")):
        words = {"material": material, "stage": "refining", "region": REFINER, "period": year, "field": field}
        try:
            share = supply_share(dataset, **words)
            source = dataset.why(material, "refining", REFINER, year, field)["source"]["id"]
        except DatasetError:
            return None
        option = "" if field == "production" else f" --field {field}"
        known |= {
            f"share_{year}": share.value_share,
            f"row_ids_{year}": list(share.row_ids),
            f"ask_{year}": f"derisk data why {material} refining {REFINER} {year}{option}",
        }
        known["row_ids"] += share.row_ids
        known["is_of_iea"] &= source == _IEA and share.rule == _OWN_TOTAL
    return known


def _gdp_share(dataset: Dataset) -> dict[str, Any] | None:
    try:
        share = coalition_gdp_share(dataset, period=GDP_YEAR)
    except DatasetError:
        return None
    ask = f"derisk data table gdp --period {GDP_YEAR}"
    return {"share": share.value_share, "year": GDP_YEAR, "row_ids": list(share.row_ids), "ask": ask}


def _first_use_share(dataset: Dataset, good: str) -> dict[str, Any] | None:
    """The coalition's part of a good's first use, from rows of `demand_share`."""
    rows = dataset.latest("demand_share", up_to="2024", good=good)
    rows = rows[rows["region"].isin(bloc_members("coalition"))]
    if not len(rows):
        return None
    return {
        "good": good,
        "share": float(rows["value"].sum()),
        "is_assumed": bool((rows["status"] == "assumed").all()),
        "row_ids": list(rows["row_id"]),
        "ask": f"derisk data table demand --material {GOODS[good].material}",
    }
