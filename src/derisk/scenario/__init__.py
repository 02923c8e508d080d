"""Scenarios: one question in one file, checked, and turned into the shocks of its months."""

from __future__ import annotations

from derisk.scenario.draft import MonthShock, StockRelease
from derisk.scenario.loading import (
    library_names,
    load_scenario,
    parse_scenario,
    scenario_from,
    scenario_text,
    scenario_yaml,
    template_text,
)
from derisk.scenario.realisation import Realisation, check_regions, realise
from derisk.scenario.schema import Assumption, Draws, Scenario

__all__ = [
    "Assumption",
    "Draws",
    "MonthShock",
    "Realisation",
    "Scenario",
    "StockRelease",
    "check_regions",
    "library_names",
    "load_scenario",
    "parse_scenario",
    "realise",
    "scenario_from",
    "scenario_text",
    "scenario_yaml",
    "template_text",
]
