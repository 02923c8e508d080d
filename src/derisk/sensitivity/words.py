"""Words: what an assumption is called, in a line that a reader without the model understands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from derisk.scenario.measures import Measure
from derisk.vocabulary.names import good_label, in_sentence, listed, region_in_sentence, use_label
from derisk.vocabulary.regions import WORLD

_OF_ROW: Final = {
    "dependence_share": "Part of {use} lost without {good}{where}",
    "value_added": "Value added of {use}{where}",
    "demand_elasticity": "How far prices make {users} cut {good}{where}",
    "trade_elasticity": "How readily buyers of {good} change suppliers",
    "supply_elasticity": "How far prices make makers of {good} raise output{where}",
    "utilisation_share": "How full plants for {good} run already{where}",
    "capacity": "Capacity of plants for {good}{where}",
    "price": "Price of {good} in the base year",
    "value_in_use_ratio": "Price at which users of {good} stop",
    "scaled_value_added_ratio": "Value added of {use} where scaled by GDP",
}
_OF_NUMBER: Final = {
    "export_volume.share_of_base": "Exports of {goods} that are known to have left {by}",
    "export_volume.quantity_t_per_year": "Tonnes of {goods} that are known to have left {by}",
    "export_quota.share_of_base": "Exports of {goods} that {by} still allows",
    "export_quota.quantity_t_per_year": "Tonnes of {goods} that {by} still lets out",
    "export_licence.delay_months": "Months until {by} grants licences for {goods}",
    "export_licence.approval_share": "Share of {goods} that {by} licenses",
    "export_licence.covered_share": "Share of {goods} that needs a licence of {by}",
    "export_tax.rate": "Export tax of {by} on {goods}",
    "export_tax.usd_per_t": "Export tax of {by} on {goods}",
    "import_tariff.rate": "Tariff of {by} on {goods}",
    "import_tariff.usd_per_t": "Tariff of {by} on {goods}",
    "outage.share": "Share of {goods} plants lost in {by}",
    "transit_block.share": "Share of {goods} held up on its way",
    "transit_block.spare_ratio": "Room on other routes for {goods}",
    "dumping.price_cut_share": "How far {by} undersells {goods}",
    "enforcement.leak_share": "Share of {goods} that leaks from {by}",
    "elasticity.value": "How far prices move {goods}",
    "price.usd_per_t": "Price of {goods} from outside",
    "demand_change.ratio": "Demand for {goods}{uses}",
    "new_capacity.capacity_t_per_year": "Size of the new {goods} plant in {by}",
    "new_capacity.unit_cost_usd_per_t": "Costs of the new {goods} plant in {by}",
    "new_capacity.lead_time_months": "Months until the new {goods} plant in {by} runs",
    "new_capacity.unit_cost_ratio": "Costs of the new {goods} plant in {by}",
    "price_floor.usd_per_t": "Floor that {by} gives to {goods}",
    "offtake.quantity_t_per_year": "Tonnes of {goods} that {by} contracts",
    "offtake.usd_per_t": "Price at which {by} contracts {goods}",
    "investment_grant.share_of_capital_cost": "Share of {goods} plants' capital that is granted in {by}",
    "investment_grant.capital_charge_share": "Capital charge of {goods} plants in {by}",
    "stockpile_build.quantity_t": "Tonnes of {goods} that {by} buys for its stores",
    "stockpile_build.ceiling_price_ratio": "Price at which {by} stops buying {goods}",
    "stockpile_release.quantity_t": "Tonnes of {goods} in the stores of {by}",
    "stockpile_release.release_price_ratio": "Price at which {by} releases {goods}",
    "substitution.intensity_cut_share": "Share of {goods} that users learn to do without{uses}",
    "substitution.lead_time_months": "Months until users do with less {goods}{uses}",
    "recycling.collection_share": "Share of {goods} scrap collected in {by}",
    "recycling.recovery_share": "Share of {goods} scrap recovered in {by}",
    "recycling.unit_cost_ratio": "Costs of recycling {goods} in {by}",
    "recycling.unit_cost_usd_per_t": "Costs of recycling {goods} in {by}",
    "recycling.lead_time_months": "Months until recycling of {goods} in {by} runs",
}
_OF_GLOBAL: Final = {
    "demand_elasticity_ratio": "How far prices make all users cut, beside the dataset's figures",
    "supply_elasticity_ratio": "How far prices make all makers raise output, beside the dataset's figures",
    "home_elasticity_ratio": "How much closer makers and users of one country are, over those of two",
    "trade_elasticity_ratio": "How readily all buyers change suppliers, beside the dataset's figures",
    "discount_share_per_year": "What holding goods for a year costs",
    "storage_scale_ratio": "How firmly users and traders keep to their stocks",
    "makers_scale_ratio": "What gain makers ask before they hold goods back",
    "thrift_speed_per_year": "How fast users learn to need less of what is dear",
    "announcement_credibility_share": "Chance that an announced control comes on its date",
    "ageing_months": "How much longer a ban or a mishap is expected to last for having lasted",
    "licence_refile_share": "Share of refused export licences asked for again",
    "licence_decision_months": "Months that a request for an export licence waits",
}
_MOST_NAMED = 2


def global_words(name: str) -> str:
    """A global parameter of the path in words."""
    kind = name.removeprefix("hazard_").removesuffix("_per_month").replace("_", " ")
    return _OF_GLOBAL.get(name, f"Monthly chance that traders see of an end of the {kind}")


def row_words(kind: str, *, good: str, use: str, region: str) -> str:
    """A row of the dataset, or a rule, in words."""
    where = f", {region_in_sentence(region)}" if region not in ("", WORLD) else ""
    sector = in_sentence(use_label(use)) if use else ""
    return _OF_ROW[kind].format(
        good=in_sentence(good_label(good)) if good else "",
        use=sector,
        users=sector or "users",
        where=where,
    )


def measure_words(measure: Measure, field: str) -> str:
    """A number of a measure in words."""
    who = getattr(measure, "by", getattr(measure, "to", ()))
    goods = _named(in_sentence(good_label(good)) for good in measure.goods)
    uses = getattr(measure, "uses", ())
    sectors = _named(in_sentence(use_label(use)) for use in uses)
    pattern = _OF_NUMBER.get(f"{measure.kind}.{field}", f"{measure.kind} {field} of {{goods}}".replace("_", " "))
    words = pattern.format(
        goods=goods,
        by=_named(region_in_sentence(word) for word in who),
        uses=f" in {sectors}" if len(uses) == 1 else "",
    )
    return words[:1].upper() + words[1:]


def _named(words: Iterable[str]) -> str:
    """The first words and the number of the rest."""
    return listed(list(words), most=_MOST_NAMED)
