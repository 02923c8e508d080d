"""Scenarios: one question in one file, checked, and turned into the shocks of its months."""

from __future__ import annotations

from derisk.scenario.loading import (
    library_names,
    load_scenario,
    parse_scenario,
    scenario_from,
    scenario_text,
    scenario_yaml,
    template_text,
)
from derisk.scenario.realisation import Acting, Realisation, check_regions, realise
from derisk.scenario.schema import Assumption, Draws, Scenario
from derisk.scenario.shock import AnnualQuota, Floor, LicenceTerms, MonthShock, StockBuild, StockRelease
from derisk.scenario.standing import lay_terms, licensed_caps, open_share, top_up_usd_per_t

__all__ = [
    "Acting",
    "AnnualQuota",
    "Assumption",
    "Draws",
    "Floor",
    "LicenceTerms",
    "MonthShock",
    "Realisation",
    "Scenario",
    "StockBuild",
    "StockRelease",
    "check_regions",
    "lay_terms",
    "library_names",
    "licensed_caps",
    "load_scenario",
    "open_share",
    "parse_scenario",
    "realise",
    "scenario_from",
    "scenario_text",
    "scenario_yaml",
    "template_text",
    "top_up_usd_per_t",
]
