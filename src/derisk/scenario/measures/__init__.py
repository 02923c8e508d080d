"""The kinds of measure, one file each; adding one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from derisk.scenario.addition import Addition
from derisk.scenario.measure import Measure, Numbers, Quantile
from derisk.scenario.measures import (
    demand_change,
    export_ban,
    export_quota,
    export_tax,
    import_tariff,
    new_capacity,
    outage,
    recycling,
    stockpile_release,
    substitution,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of measure: what a file writes, what it does to a month, what it adds to the network."""

    model: type[Measure]
    apply: Callable[[Any, Numbers, Any], None]
    additions: Callable[[Any, Numbers, Any, int], list[Addition]] | None = None


KINDS: Final[dict[str, Kind]] = {
    "export_ban": Kind(export_ban.ExportBan, export_ban.apply),
    "export_quota": Kind(export_quota.ExportQuota, export_quota.apply),
    "export_tax": Kind(export_tax.ExportTax, export_tax.apply),
    "import_tariff": Kind(import_tariff.ImportTariff, import_tariff.apply),
    "outage": Kind(outage.Outage, outage.apply),
    "demand_change": Kind(demand_change.DemandChange, demand_change.apply),
    "stockpile_release": Kind(stockpile_release.StockpileRelease, stockpile_release.apply, stockpile_release.additions),
    "new_capacity": Kind(new_capacity.NewCapacity, new_capacity.apply, new_capacity.additions),
    "recycling": Kind(recycling.Recycling, recycling.apply, recycling.additions),
    "substitution": Kind(substitution.Substitution, substitution.apply),
}

LATER_KINDS: Final = (
    "export_licence",
    "transit_block",
    "dumping",
    "sanction",
    "elasticity",
    "price",
    "stockpile_build",
    "price_floor",
    "offtake",
    "investment_grant",
    "enforcement",
)
"""Kinds that are known words of a scenario file, but that this version cannot simulate."""

RESTRICTION_KINDS: Final = ("export_ban", "export_quota", "export_tax")
"""Kinds by which a region holds its own exports back."""
REMEDY_KINDS: Final = tuple(kind for kind, entry in KINDS.items() if entry.model.remedy)

AnyMeasure = Annotated[
    export_ban.ExportBan
    | export_quota.ExportQuota
    | export_tax.ExportTax
    | import_tariff.ImportTariff
    | outage.Outage
    | demand_change.DemandChange
    | stockpile_release.StockpileRelease
    | new_capacity.NewCapacity
    | recycling.Recycling
    | substitution.Substitution,
    Field(discriminator="kind"),
]

__all__ = [
    "KINDS",
    "LATER_KINDS",
    "REMEDY_KINDS",
    "RESTRICTION_KINDS",
    "AnyMeasure",
    "Kind",
    "Measure",
    "Numbers",
    "Quantile",
]
