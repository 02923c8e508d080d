"""The chain as the brief draws it: from mine to use, across the map, and what is left out beside it."""

from __future__ import annotations

import re

import pandas as pd
from make_study import make_study

from derisk.brief.figures.flow_map import draw_flow_map
from derisk.brief.figures.mine_to_use import draw_mine_to_use
from derisk.brief.ledger import Ledger
from derisk.brief.subject import flow_sums

TONNES = ("base_quantity_t", "quantity_t")


def test_rare_earths_run_from_ore_through_the_oxides_that_magnets_take():
    goods = ("rare_earth_concentrate", "lacen_oxide", "ndpr_oxide", "yttrium_oxide", "dytb_oxide", "ndfeb_magnet")
    columns = ("good", "origin", "destination", "base_quantity_t", "quantity_t")
    flows = pd.DataFrame([(good, "CHN", "JPN", 10.0, 4.0) for good in goods], columns=columns)
    figure = draw_mine_to_use(flows, Ledger(), material="rare_earths", restrictors=["CHN"])
    assert "mined in: rare-earth concentrate; refined in: Nd-Pr oxide and Dy-Tb oxide; made in: NdFeB" in figure.caption
    assert draw_mine_to_use(flows, Ledger(), material="gallium", restrictors=["CHN"]) is None


def test_a_region_that_makes_nothing_of_a_stage_is_not_named_there():
    rows = [("natural_graphite", "CHN", "CHN", 70.0), ("natural_graphite", "CHN", "IND", 30.0)]
    rows += [("battery_anode", "CHN", "JPN", 60.0), ("battery_anode", "JPN", "JPN", 10.0)]
    flows = pd.DataFrame([(*row, row[3]) for row in rows], columns=["good", "origin", "destination", *TONNES])
    svg = draw_mine_to_use(flows, Ledger(), material="graphite", restrictors=["CHN"]).svg
    assert "India" not in svg
    assert "Used as such" in svg
    assert ">0\N{NO-BREAK SPACE}%<" not in svg


def test_what_refiners_sell_each_other_is_not_counted_as_used():
    rows = [("nickel_ore", "IDN", "IDN", 100.0, 60.0), ("nickel_matte", "IDN", "CHN", 50.0, 50.0)]
    rows += [("refined_nickel", "CHN", "JPN", 100.0, 80.0)]
    flows = pd.DataFrame(rows, columns=["good", "origin", "destination", *TONNES])
    figure = draw_mine_to_use(flows, Ledger(), material="nickel", restrictors=["IDN"])
    told = [words.replace("\N{NO-BREAK SPACE}", "") for words in re.findall(r">([^<>]*%)<", figure.svg)]
    assert set(told) == {"100%", "60%", "80%"}
    assert "or moves on as nickel matte and intermediates" in figure.caption
    assert "Nickel matte" not in figure.caption.split("there")[0]


def test_the_rest_of_the_world_is_told_of_beside_the_map():
    study = make_study(draws=3, months=2, with_remedies=False)
    flows = flow_sums(study)
    figure = draw_flow_map(study, flows, Ledger(), restrictors=["CHN"])
    assert "Rest of world" not in figure.svg
    assert "Left out is trade with the rest of the world" in figure.caption
    inside = flows[(flows["origin"] != "ROW") & (flows["destination"] != "ROW")]
    assert "Left out" not in draw_flow_map(study, inside, Ledger(), restrictors=["CHN"]).caption
