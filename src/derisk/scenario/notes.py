"""Notes: measures of a scenario that reach nothing, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from derisk.scenario.measures import Measure, Numbers
from derisk.scenario.months import month_label, month_number
from derisk.scenario.schema import Scenario


def notes_of(
    scenario: Scenario, numbers: Mapping[str, Numbers], reach: Mapping[str, int], *, idle: Mapping[str, str]
) -> tuple[str, ...]:
    """A sentence for each measure that acts in no month, on nothing, or on next to nothing of some of its goods.

    Args:
        scenario: the measures and the months.
        numbers: each measure's fixed numbers, by place.
        reach: how many links, plants or uses each measure that acted touched, by place.
        idle: by place, of which goods a measure can change next to nothing, and why, in words.
    """
    reasons = {
        measure.place: _outside(scenario, measure, numbers[measure.place]) or _untouched(measure, reach)
        for measure in scenario.measures
    }
    named = {measure.place: f"{measure.kind} of {', '.join(measure.goods)}" for measure in scenario.measures}
    said = {place: f"{place} reaches nothing ({named[place]}): {reason}" for place, reason in reasons.items() if reason}
    said |= {place: f"{place} changes next to nothing of {words}" for place, words in idle.items() if place not in said}
    return tuple(said[measure.place] for measure in scenario.measures if measure.place in said)


def _outside(scenario: Scenario, measure: Measure, numbers: Numbers) -> str:
    """Why the measure acts in none of the months simulated, '' if it does."""
    if measure.standing:
        return ""
    begins, start = measure.first_month(numbers), month_number(scenario.start)
    last = start + scenario.months - 1
    if measure.called_off and start < month_number(measure.until or "") and month_number(measure.announced) <= last:
        return ""  # never in force, but expected for a while
    late = f" (from {measure.from_month}, lead time included)" if begins > month_number(measure.from_month) else ""
    if begins > last:
        return f"it acts as from {month_label(begins)}{late}, after the last month simulated, {month_label(last)}"
    if measure.until is None:
        return ""
    if month_number(measure.until) <= start:
        return f"it ends before {measure.until}, and the first month simulated is {scenario.start}"
    if begins >= month_number(measure.until):
        return f"it would act as from {month_label(begins)}{late}, but ends before {measure.until}"
    return ""


def _untouched(measure: Measure, reach: Mapping[str, int]) -> str:
    """Why a measure that acted touched nothing, '' if it did or never acted."""
    if reach.get(measure.place, 1) > 0:
        return ""
    sides = [f"{key} {', '.join(words)}" for key in ("by", "to", "uses") if (words := getattr(measure, key, ()))]
    named = "; ".join([f"goods {', '.join(measure.goods)}", *sides[:2]])
    return f"the base year has no trade, plant or use that {measure.kind} could act on ({named})"
