"""Globals: the path's global parameters that the scenario's months depend on, each as an assumption."""

from __future__ import annotations

from collections.abc import Iterator

from derisk.path.beliefs import AGEING
from derisk.path.parameters import table
from derisk.scenario import Realisation
from derisk.sensitivity.central import Central
from derisk.sensitivity.parameter import Parameter
from derisk.sensitivity.words import global_words

ALWAYS = (
    *("demand_elasticity_ratio", "supply_elasticity_ratio", "trade_elasticity_ratio", "home_elasticity_ratio"),
    *("discount_share_per_year", "storage_scale_ratio", "makers_scale_ratio"),
)
WITH_SLOW_STATES = ("thrift_speed_per_year",)
NO_DERIVATIVE_NOTE = "no month alone knows it: solved at both ends"


def global_parameters(central: Central) -> Iterator[Parameter]:
    """Parameters of storage, beliefs, licences and thrift that the scenario touches; none in a calm one."""
    names = _names(central)
    for line in table():
        if line.name not in names or line.low == line.high:
            continue

        def same(value: float) -> Realisation:
            return central.realisation

        yield Parameter(
            words=global_words(line.name),
            kind=f"parameter.{line.name}",
            good="",
            use="",
            region="",
            base=line.value,
            low=line.low,
            high=line.high,
            status=line.status,
            row_ids=(),
            note=NO_DERIVATIVE_NOTE,
            held=same,
            anew=same,
            jumps=True,
            global_name=line.name,
        )


def _names(central: Central) -> set[str]:
    """Names of the parameters that the central case can depend on."""
    acting = central.realisation.measures
    if not acting:
        return set()
    names = {*ALWAYS, *(f"hazard_{measure.kind}_per_month" for measure in acting if measure.restriction)}
    if central.slow is not None:
        names |= {*WITH_SLOW_STATES}
    said = (measure for measure in acting if measure.restriction)
    if any(measure.announced < measure.first or measure.stated_until is not None for measure in said):
        names.add("announcement_credibility_share")
    if any(measure.kind in AGEING for measure in acting):
        names.add("ageing_months")
    if any(measure.kind == "export_licence" for measure in acting):
        names |= {"licence_refile_share", "licence_decision_months"}
    return names
