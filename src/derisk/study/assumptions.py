"""A user's own figures: the `assume:` rows of a scenario as the dataset takes them."""

from __future__ import annotations

from typing import Any

from derisk.scenario import Scenario


def user_figures(scenario: Scenario) -> list[dict[str, Any]]:
    """The scenario's `assume:` rows with words, value, range and line; a distribution gives value and range."""
    figures = []
    for assumption in scenario.assumptions:
        value = assumption.value
        figure: dict[str, Any] = {
            "field": assumption.field,
            "good": assumption.good,
            "region": assumption.region,
            "use": assumption.use,
            "value": value.central,
            "why": assumption.why,
            "where": f"scenario line {assumption.line}" if assumption.line else scenario.name,
        }
        if value.high > value.low:
            figure |= {"low": value.low, "high": value.high}
        figures.append(figure)
    return figures
