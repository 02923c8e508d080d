"""Catalogue: every indicator, what it answers, and how it is measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from derisk.errors import InputError, Problem, unknown_word
from derisk.indicators import (
    by_product_dependence,
    eu_economic_importance,
    eu_supply_risk,
    expected_loss_share,
    gdp_effect,
    geopolrisk,
    governance_concentration,
    hhi,
    n_minus_1,
    net_import_reliance,
    reserve_life,
    top_share,
)
from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.readings import Readings

Measure = Callable[[Ground], Readings]

_MEASURES: Final[tuple[tuple[About, tuple[Measure, ...]], ...]] = (
    (hhi.ABOUT, (hhi.measure,)),
    (top_share.ABOUT, (top_share.measure,)),
    (governance_concentration.ABOUT, (governance_concentration.measure,)),
    (net_import_reliance.ABOUT, (net_import_reliance.measure_published, net_import_reliance.measure)),
    (eu_supply_risk.ABOUT, (eu_supply_risk.measure,)),
    (eu_economic_importance.ABOUT, (eu_economic_importance.measure,)),
    (geopolrisk.ABOUT, (geopolrisk.measure, geopolrisk.measure_elsewhere)),
    (geopolrisk.ABOUT_FACTOR, (geopolrisk.measure_factor,)),
    (n_minus_1.ABOUT, (n_minus_1.measure,)),
    (reserve_life.ABOUT, (reserve_life.measure,)),
    (by_product_dependence.ABOUT, (by_product_dependence.measure,)),
    (gdp_effect.ABOUT, (gdp_effect.measure,)),
    (expected_loss_share.ABOUT, (expected_loss_share.measure,)),
)
CATALOGUE: Final[Mapping[str, About]] = {about.name: about for about, _ in _MEASURES}
"""Indicators by name."""
MEASURES: Final[Mapping[str, tuple[Measure, ...]]] = {about.name: measures for about, measures in _MEASURES}
"""How each is measured; where two ways state one line, the first stands."""


def find_indicator(name: str) -> About:
    """An indicator by its name.

    Raises:
        InputError: there is none of that name; the nearest is the hint.
    """
    if name not in CATALOGUE:
        raise InputError(unknown_word("indicator", name, tuple(CATALOGUE), listing="derisk indicators list"))
    return CATALOGUE[name]


def needs_study(name: str) -> Problem:
    """The problem of an indicator of studies that is asked for without one."""
    hint = "--study FOLDER --probability 0.05, a chance a year for each study"
    return Problem(f"{name} needs a study", "--study", "folders that `derisk run` wrote", hint)


def list_indicators() -> list[dict[str, Any]]:
    """Every indicator as plain values."""
    return [
        {
            "indicator": about.name,
            "title": about.title,
            "question": about.question,
            "formula": about.formula,
            "unit": about.unit,
            "equation": about.equation,
            "worse": about.worse,
            "needs": list(about.needs),
            "source": about.source,
        }
        for about in CATALOGUE.values()
    ]
