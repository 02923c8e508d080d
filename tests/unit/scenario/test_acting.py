"""Acting: dates of measures, and the ends that were known with the act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from derisk.errors import ScenarioError
from derisk.scenario import scenario_from
from derisk.scenario.acting import acting_measures
from derisk.scenario.months import month_label
from derisk.scenario.realisation import fix_numbers

Lay = Callable[..., Any]


def stated(*measures: dict[str, Any]) -> list[str | None]:
    """The end stated with each measure."""
    rows = [{"kind": "export_ban", "by": "CHN", "goods": "gallium", "why": "test", **measure} for measure in measures]
    scenario = scenario_from({"name": "test", "months": 12, "measures": rows})
    fixed = {measure.place: fix_numbers(measure, lambda key: 0.5) for measure in scenario.measures}
    acting = acting_measures(scenario.measures, fixed)
    return [None if act.stated_until is None else month_label(act.stated_until) for act in acting]


FIRST = {"from": "2025-03", "until": "2025-07"}
SECOND = {"announced": "2025-06", "from": "2025-07", "until": "2025-10"}


def test_nobody_is_told_an_end_that_the_file_only_records() -> None:
    assert stated(FIRST) == [None]


def test_an_end_may_be_stated() -> None:
    assert stated({**FIRST, "announced_until": "2025-05"}) == ["2025-05"]


def test_an_act_that_was_prolonged_had_a_term_and_so_has_its_prolongation() -> None:
    assert stated(FIRST, SECOND) == ["2025-07", "2025-10"]
    assert stated(FIRST, {**SECOND, "until": None}) == ["2025-07", None]


@pytest.mark.parametrize(
    "other", [{"announced": "2025-03"}, {"goods": "germanium"}, {"by": "USA"}, {"from": "2025-08"}, {"to": "JPN"}]
)
def test_what_is_announced_with_the_act_or_differs_from_it_prolongs_nothing(other: dict[str, Any]) -> None:
    assert stated({**FIRST, "announced": "2025-03"}, {**SECOND, **other}) == [None, None]


def test_a_split_of_an_act_with_degrees_may_have_other_reasons() -> None:
    half = {"kind": "export_quota", "share_of_base": 0.5}
    assert stated({**FIRST, **half}, {**SECOND, **half}) == [None, None]


def test_an_act_called_off_before_it_began_has_no_term() -> None:
    called_off = {"announced": "2024-06", "from": "2026-01", "until": "2025-03"}
    assert stated(called_off, {"announced": "2025-02", "from": "2025-03", "until": "2025-10"}) == [None, None]


def test_a_remedy_states_its_end_as_it_is() -> None:
    with pytest.raises(ScenarioError, match="announced_until is given for price_floor"):
        stated({"kind": "price_floor", "usd_per_t": 9.0, "from": "2025-03", "announced_until": "2025-05"})


def test_an_act_called_off_in_the_months_simulated_is_no_idle_measure(lay: Lay) -> None:
    planned = {"kind": "export_ban", "by": "CHN", "goods": "gallium", "from": "2025-06", "until": "2025-03"}
    assert lay({**planned, "announced": "2025-01"}).realisation.notes == ()
    with pytest.raises(ScenarioError, match="not later than from"):
        lay(planned)
