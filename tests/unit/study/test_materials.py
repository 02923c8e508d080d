"""Losses of rare-earth element groups stand under one name in a study's tables."""

from __future__ import annotations

import derisk
from derisk.path import market_of, solve_months
from derisk.scenario import realise, scenario_from
from derisk.study.tables import tables_of_draw

BAN = {"kind": "export_ban", "by": "CHN", "to": "all", "goods": ["samarium_oxide", "yttrium_oxide"], "from": "2025-01"}


def test_element_groups_are_added_up_as_rare_earths():
    network = derisk.build_network(derisk.load_dataset())
    scenario = scenario_from({"name": "x", "start": "2025-01", "months": 1, "measures": [{**BAN, "why": "a test"}]})
    realisation = realise(scenario, network)
    months = solve_months(market_of(realisation), realisation, realisation.months)
    tables = tables_of_draw(0, realisation, list(months))
    assert tables["status"]["converged"].all()
    lost = tables["losses"].groupby("material", observed=True)["value_added_lost_musd"].sum()
    assert lost["rare_earths"] > 100
    assert lost.drop("rare_earths").sum() < 0.01 * lost["rare_earths"]
    for name in ("losses", "transfers"):
        words = set(tables[name]["material"].cat.categories)
        assert "rare_earths" in words
        assert not words & {"samarium", "yttrium", "neodymium_praseodymium", "dysprosium_terbium", "lanthanum_cerium"}
    short = tables["use"].groupby("good", observed=True)["shortfall_t"].sum()
    assert short["samarium_oxide"] > 0
    assert short["yttrium_oxide"] > 0
