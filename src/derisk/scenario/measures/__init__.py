"""The kinds of measure, one file each; adding one is a file and a line here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from derisk.network.record import Network
from derisk.scenario.addition import Addition, Contract, Outlet
from derisk.scenario.measure import Measure, Numbers, Quantile
from derisk.scenario.measures import (
    demand_change,
    dumping,
    elasticity,
    enforcement,
    export_ban,
    export_licence,
    export_quota,
    export_tax,
    export_volume,
    import_tariff,
    investment_grant,
    new_capacity,
    offtake,
    outage,
    price,
    price_floor,
    recycling,
    sanction,
    stockpile_build,
    stockpile_release,
    substitution,
    transit_block,
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of measure: what a file writes, what it does to a month, what it adds to the network or changes in it."""

    model: type[Measure]
    apply: Callable[[Any, Numbers, Any], None]
    additions: Callable[[Any, Numbers, Any, int], Sequence[Addition | Contract | Outlet]] | None = None
    alter: Callable[[Any, Numbers, Any], tuple[Network, int]] | None = None
    """The network as the measure has it in every month, and how many rows it changed."""


KINDS: Final[dict[str, Kind]] = {
    "export_ban": Kind(export_ban.ExportBan, export_ban.apply),
    "export_quota": Kind(export_quota.ExportQuota, export_quota.apply),
    "export_licence": Kind(export_licence.ExportLicence, export_licence.apply),
    "export_tax": Kind(export_tax.ExportTax, export_tax.apply),
    "export_volume": Kind(export_volume.ExportVolume, export_volume.apply),
    "import_tariff": Kind(import_tariff.ImportTariff, import_tariff.apply),
    "outage": Kind(outage.Outage, outage.apply),
    "transit_block": Kind(transit_block.TransitBlock, transit_block.apply),
    "dumping": Kind(dumping.Dumping, dumping.apply, dumping.additions),
    "sanction": Kind(sanction.Sanction, sanction.apply),
    "enforcement": Kind(enforcement.Enforcement, enforcement.apply),
    "demand_change": Kind(demand_change.DemandChange, demand_change.apply),
    "elasticity": Kind(elasticity.Elasticity, elasticity.apply, alter=elasticity.alter),
    "price": Kind(price.Price, price.apply, price.additions),
    "stockpile_release": Kind(stockpile_release.StockpileRelease, stockpile_release.apply, stockpile_release.additions),
    "stockpile_build": Kind(stockpile_build.StockpileBuild, stockpile_build.apply, stockpile_build.additions),
    "new_capacity": Kind(new_capacity.NewCapacity, new_capacity.apply, new_capacity.additions),
    "price_floor": Kind(price_floor.PriceFloor, price_floor.apply),
    "offtake": Kind(offtake.OfftakeContract, offtake.apply, offtake.additions),
    "investment_grant": Kind(investment_grant.InvestmentGrant, investment_grant.apply),
    "recycling": Kind(recycling.Recycling, recycling.apply, recycling.additions),
    "substitution": Kind(substitution.Substitution, substitution.apply),
}

CONTROL_KINDS: Final = ("export_ban", "export_quota", "export_licence", "export_tax")
"""Kinds by which a region holds its own exports back."""
REMEDY_KINDS: Final = tuple(kind for kind, entry in KINDS.items() if entry.model.remedy)

AnyMeasure = Annotated[
    export_ban.ExportBan
    | export_quota.ExportQuota
    | export_licence.ExportLicence
    | export_tax.ExportTax
    | export_volume.ExportVolume
    | import_tariff.ImportTariff
    | outage.Outage
    | transit_block.TransitBlock
    | dumping.Dumping
    | sanction.Sanction
    | enforcement.Enforcement
    | demand_change.DemandChange
    | elasticity.Elasticity
    | price.Price
    | stockpile_release.StockpileRelease
    | stockpile_build.StockpileBuild
    | new_capacity.NewCapacity
    | price_floor.PriceFloor
    | offtake.OfftakeContract
    | investment_grant.InvestmentGrant
    | recycling.Recycling
    | substitution.Substitution,
    Field(discriminator="kind"),
]

__all__ = [
    "CONTROL_KINDS",
    "KINDS",
    "REMEDY_KINDS",
    "AnyMeasure",
    "Kind",
    "Measure",
    "Numbers",
    "Quantile",
]
