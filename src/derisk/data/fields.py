"""Fields: what a row's number can be, with its unit, mass basis, bounds and table."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final, Literal

from derisk.vocabulary.goods import GOODS


@dataclass(frozen=True, slots=True)
class Field:
    """One kind of number.

    `mass` says which basis a row must name: the good's own (`good`), that of its quoted
    price (`price`), gross weight (`gross`), or none. `world_tolerance_share` is how far the countries' sum may lie from
    the world row; None where countries do not add up to a world figure.
    """

    field: str
    table: str
    units: tuple[str, ...]
    mass: Literal["good", "price", "gross", "none"]
    minimum: float | None
    maximum: float | None
    meaning: str
    world_tolerance_share: float | None = None


def _number(text: str) -> float | None:
    return float(text) if text else None


def _read_fields() -> dict[str, Field]:
    text = resources.files("derisk.data").joinpath("fields.csv").read_text(encoding="utf-8")
    listed = {
        row["field"]: Field(
            field=row["field"],
            table=row["table"],
            units=tuple(row["units"].split("; ")),
            mass=row["mass"],  # type: ignore[arg-type]
            minimum=_number(row["minimum"]),
            maximum=_number(row["maximum"]),
            meaning=row["meaning"],
            world_tolerance_share=_number(row["world_tolerance_share"]),
        )
        for row in csv.DictReader(text.splitlines())
    }
    inputs = {
        f"input_{good}": Field(
            f"input_{good}", "coefficients", ("t/t",), "none", 0, None, f"tonnes of {good} per tonne of the row's good"
        )
        for good in GOODS
    }
    return listed | inputs


FIELDS: Final[Mapping[str, Field]] = MappingProxyType(_read_fields())
"""Every field by name: those of `fields.csv`, and one input coefficient for each good."""

STATUSES: Final[tuple[str, ...]] = ("reported", "estimated", "preliminary", "derived", "bound", "assumed", "withheld")
"""Best first: the default order of choice between rows of one key."""

TABLES: Final[tuple[str, ...]] = (
    "production", "capacity", "reserves", "deposits", "prices", "trade", "demand", "end_use", "stock_cover",
    "recycling", "substitutability", "elasticities", "lead_times", "capital_costs", "unit_costs", "footprints",
    "governance",
    "political_distance", "gdp", "value_added", "input_output", "coefficients", "published_indicators", "events",
    "policies", "bills_of_materials", "customs_codes",
)  # fmt: skip
"""Names that `derisk data table` knows."""


def fields_of(table: str) -> tuple[str, ...]:
    """Ids of the fields that a named table lists."""
    return tuple(f.field for f in FIELDS.values() if f.table == table)
