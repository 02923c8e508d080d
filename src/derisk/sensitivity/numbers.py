"""Numbers: the scenario's own numbers, each as an assumption with the range of its distribution."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from derisk.distributions import Constant, Distribution
from derisk.scenario import Realisation, Scenario, realise
from derisk.scenario.measures import Measure
from derisk.scenario.months import month_number
from derisk.scenario.realisation import fix_numbers
from derisk.sensitivity.central import Central
from derisk.sensitivity.parameter import JUMPS_NOTE, Parameter, range_around
from derisk.sensitivity.words import measure_words

JUMPS: Final = frozenset({"lead_time_months"})
"""Numbers that decide from which month a measure acts."""
IDLE_NOTE: Final = "changes nothing in the months looked at"
APART: Final = frozenset({"probability", "cost_musd", "capital_cost_musd"})
"""Numbers that the central case does not read: chances, and bills that no price depends on."""


def number_parameters(central: Central) -> Iterator[Parameter]:
    """Every number of every measure; a lead time only where a range is stated."""
    for measure in central.scenario.measures:
        for field in type(measure).model_fields:
            number = getattr(measure, field)
            if not isinstance(number, Distribution) or field in APART:
                continue
            if number.low < number.high or field not in JUMPS:
                yield _parameter(central, measure, field, number)


def _parameter(central: Central, measure: Measure, field: str, number: Distribution) -> Parameter:
    most = 1.0 if field == "share" or field.endswith("_share") else None
    reach = range_around(number.central, number.low, number.high, least=0.0, most=most)

    in_force = {_months_in_force(central, measure, field, value) for value in (reach.low, number.central, reach.high)}
    idle = not any(in_force) or (field in JUMPS and len(in_force) == 1)

    def at(value: float) -> Realisation:
        if idle:
            return central.realisation
        return realise(with_number(central.scenario, measure, field, value), central.network)

    jumps = field in JUMPS and not idle
    notes = (JUMPS_NOTE if jumps else "", IDLE_NOTE if idle else "", reach.note)
    return Parameter(
        words=measure_words(measure, field),
        kind=f"{measure.kind}.{field}",
        good=" ".join(measure.goods),
        use=" ".join(getattr(measure, "uses", ()) if field in ("ratio", "intensity_cut_share") else ()),
        region=" ".join(getattr(measure, "by", getattr(measure, "to", ()))),
        base=number.central,
        low=reach.low,
        high=reach.high,
        status="scenario",
        row_ids=(f"{measure.place}.{field}",),
        note="; ".join(note for note in notes if note),
        held=at,
        anew=at,
        jumps=jumps,
    )


def _months_in_force(central: Central, measure: Measure, field: str, value: float) -> tuple[str, ...]:
    """The months looked at in which a measure acts with one of its numbers at a value."""
    numbers = {**central_numbers(measure), field: value}
    if numbers.get("built", 1.0) <= 0.0:
        return ()
    return tuple(month for month in central.realisation.months if measure.acts_in(month_number(month), numbers))


def central_numbers(measure: Measure) -> dict[str, float]:
    """Every number of a measure in the central case."""
    return fix_numbers(measure, lambda key: 0.5)


def with_number(scenario: Scenario, measure: Measure, field: str, value: float) -> Scenario:
    """The scenario with one number of one measure certain."""
    changed = measure.model_copy(update={field: Constant(value)})
    measures = tuple(changed if other is measure else other for other in scenario.measures)
    return scenario.model_copy(update={"measures": measures})
