"""Fields: what a row's number can be, with its unit, mass basis, bounds and table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from derisk.vocabulary.goods import GOODS


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of number.

    `mass` says which basis a row must name: the good's own (`good`), that of its quoted
    price (`price`), or none. `world_tolerance_share` is how far the countries' sum may lie from
    the world row; None where countries do not add up to a world figure.
    """

    field: str
    table: str
    units: tuple[str, ...]
    mass: Literal["good", "price", "none"]
    minimum: float | None
    maximum: float | None
    meaning: str
    world_tolerance_share: float | None = None


_TONNES: Final = ("t/year",)
_SHARE: Final = ("share",)
_NUMBER: Final = ("none",)

_DIMENSIONS: Final = {
    "voice_and_accountability": "voice and accountability",
    "political_stability": "political stability and absence of violence",
    "government_effectiveness": "government effectiveness",
    "regulatory_quality": "regulatory quality",
    "rule_of_law": "rule of law",
    "control_of_corruption": "control of corruption",
}

FIELDS: Final[dict[str, Field]] = {
    f.field: f
    for f in (
        Field("production", "production", _TONNES, "good", 0, None, "made in a year", 0.02),
        Field(
            "production_base_case", "production", _TONNES, "good", 0, None, "projected by the source's base case", 0.02
        ),
        Field(
            "output_share",
            "production",
            _SHARE,
            "none",
            0,
            1,
            "of a country's separated rare-earth oxide that is this good",
        ),
        Field(
            "composition_share",
            "production",
            _SHARE,
            "none",
            0,
            1,
            "of a country's mined rare-earth oxide that is this good",
        ),
        Field("synthetic_share", "production", _SHARE, "none", 0, 1, "of battery anode made from synthetic graphite"),
        Field("heavy_magnet_share", "production", _SHARE, "none", 0, 1, "of magnets that hold dysprosium or terbium"),
        Field(
            "residue_share",
            "production",
            ("t/t",),
            "none",
            0,
            None,
            "tonnes of residue per tonne of the host's main output",
        ),
        Field(
            "residue_supply", "production", _TONNES, "good", 0, None, "residue a host makes in a year, recovered or not"
        ),
        Field("capacity", "capacity", _TONNES, "good", 0, None, "most that plants can make in a year", 0.02),
        Field(
            "utilisation_share",
            "capacity",
            _SHARE,
            "none",
            0,
            1,
            "production over capacity where no capacity is stated",
        ),
        Field("reserves", "reserves", ("t",), "good", 0, None, "economically extractable today", 0.10),
        Field("trade", "trade", _TONNES, "good", 0, None, "shipped from region to partner in a year"),
        Field(
            "trade_value",
            "trade",
            ("USD", "USD/year"),
            "none",
            0,
            None,
            "value of what region ships to partner in a year",
        ),
        Field(
            "price",
            "prices",
            ("USD/t",),
            "price",
            0,
            None,
            "per tonne of the good's price basis, without value-added tax",
        ),
        Field("demand", "demand", _TONNES, "good", 0, None, "first use in a year"),
        Field("demand_share", "demand", _SHARE, "none", 0, 1, "of the world's first use that falls in the region"),
        Field("demand_base_case", "demand", _TONNES, "good", 0, None, "first use projected by the source's base case"),
        Field("non_magnet_share", "demand", _SHARE, "none", 0, 1, "of an oxide's world use that is not magnets"),
        Field("end_use_share", "end_use", _SHARE, "none", 0, 1, "of a good's end use that is this sector"),
        Field("stock_cover", "stock_cover", ("months",), "none", 0, None, "months of use that users and traders hold"),
        Field(
            "recycled_production",
            "recycling",
            _TONNES,
            "good",
            0,
            None,
            "secondary metal made in a year, a part of production",
        ),
        Field(
            "secondary_production",
            "recycling",
            _TONNES,
            "good",
            0,
            None,
            "secondary metal made in a year, beside production rows that count primary metal alone",
        ),
        Field(
            "eol_recycling_input_rate", "recycling", _SHARE, "none", 0, 1, "share of input that is end-of-life scrap"
        ),
        Field("eol_recycling_rate", "recycling", _SHARE, "none", 0, 1, "share of end-of-life metal that is recycled"),
        Field(
            "demand_elasticity",
            "elasticities",
            _NUMBER,
            "none",
            0,
            None,
            "fall of use per rise of price, as a positive number",
        ),
        Field("supply_elasticity", "elasticities", _NUMBER, "none", 0, None, "rise of output per rise of price"),
        Field("trade_elasticity", "elasticities", _NUMBER, "none", 0, None, "of substitution between origins"),
        Field("lead_time_months", "lead_times", ("months",), "none", 0, None, "from decision to first output"),
        Field("capital_cost_usd_per_t", "capital_costs", ("USD/t",), "none", 0, None, "per tonne of yearly capacity"),
        Field("gdp", "gdp", ("USD", "USD/year"), "none", 0, None, "gross domestic product at current prices", 0.02),
        Field("value_added", "value_added", ("musd/year",), "none", 0, None, "of a sector in a year"),
        Field(
            "dependence_share",
            "value_added",
            _SHARE,
            "none",
            0,
            1,
            "of a sector's product lines that stop without the good",
        ),
        *(
            Field(
                f"governance_{name}",
                "governance",
                ("estimate",),
                "none",
                -4,
                4,
                f"Worldwide Governance Indicators: {text}",
            )
            for name, text in _DIMENSIONS.items()
        ),
        *(
            Field(
                f"input_{good}",
                "bills_of_materials",
                ("t/t",),
                "none",
                0,
                None,
                f"tonnes of {good} per tonne of the row's good",
            )
            for good in GOODS
        ),
    )
}

STATUSES: Final[tuple[str, ...]] = ("reported", "estimated", "preliminary", "derived", "bound", "assumed", "withheld")
"""Best first: the default order of choice between rows of one key."""

TABLES: Final[tuple[str, ...]] = (
    "production", "capacity", "reserves", "deposits", "prices", "trade", "demand", "end_use", "stock_cover",
    "recycling", "elasticities", "lead_times", "capital_costs", "governance", "gdp", "value_added", "events",
    "policies", "bills_of_materials",
)  # fmt: skip
"""Names that `derisk data table` knows; some have no rows yet."""


def fields_of(table: str) -> tuple[str, ...]:
    """Ids of the fields that a named table lists."""
    return tuple(f.field for f in FIELDS.values() if f.table == table)
