"""Rare-earth element groups: ore that adds up, prices as printed, what is separated in China alone."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from derisk.data import supply_share
from derisk.vocabulary.goods import GOODS, family, members

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = DATASET / "recipes"
OXIDES = ("lacen_oxide", "ndpr_oxide", "samarium_oxide", "eugd_oxide", "dytb_oxide", "yttrium_oxide")
USGS = "usgs-mcs-2026"


def world(dataset, field, **words):
    """Value of the world's row of 2024."""
    (value,) = dataset.observations(field=field, period="2024", region="WLD", **words)["value"]
    return value


def test_element_groups_are_materials_of_one_family():
    groups = {GOODS[good].material for good in OXIDES}
    assert len(groups) == len(OXIDES)
    assert {family(group) for group in groups} == {"rare_earths"}
    assert groups < set(members("rare_earths"))


def test_separated_oxide_is_what_mines_yield(dataset):
    """92 % of the oxide in the ore, whichever group it counts in."""
    mined = dataset.observations(field="production", good="rare_earth_concentrate", period="2024")
    ore = mined[mined["region"] != "WLD"]["value"].sum()
    assert sum(world(dataset, "production", good=good) for good in OXIDES) == pytest.approx(0.92 * ore, rel=1e-6)


def test_content_of_ore_adds_up_to_mine_output_country_by_country(dataset):
    for country, tonnes in (("CHN", 270_000), ("USA", 45_500), ("MMR", 27_000)):
        found = [
            dataset.observations(field="production", material=GOODS[good].material, stage="mining", region=country)
            for good in OXIDES
        ]
        assert sum(rows["value"].sum() for rows in found) == pytest.approx(tonnes, rel=1e-6)


def test_half_of_heavy_ore_is_mined_outside_china_and_separated_in_it(dataset):
    """World mine output of yttrium oxide: 10,000 to 15,000 t a year by the Geological Survey's estimate."""
    words = {"region": "CHN", "period": "2024"}
    mined = supply_share(dataset, material="yttrium", stage="mining", **words).value_share
    refined = supply_share(dataset, material="yttrium", stage="refining", **words).value_share
    assert 0.4 < mined < 0.6
    assert refined == 1.0
    assert 10_000 < world(dataset, "production", good="yttrium_oxide") < 15_000


@pytest.mark.parametrize("good", ["samarium_oxide", "eugd_oxide", "yttrium_oxide"])
def test_minor_groups_are_separated_in_china_alone(dataset, good):
    rows = dataset.observations(field="production", good=good, period="2024")
    assert sorted(rows["region"]) == ["CHN", "WLD"]
    shares = dataset.observations(field="output_share", good=good).set_index("region")["value"]
    assert shares["CHN"] > 0
    assert (shares.drop("CHN") == 0).all()


@pytest.mark.parametrize(
    ("good", "usd_per_kg"),
    [("samarium_oxide", 2.01), ("yttrium_oxide", 6.0), ("ndpr_oxide", 55.0)],
)
def test_price_of_2024_is_the_printed_one(dataset, good, usd_per_kg):
    assert world(dataset, "price", good=good) == pytest.approx(1000 * usd_per_kg)


def test_mixed_oxides_cost_between_their_parts(dataset):
    assert 27_000 < world(dataset, "price", good="eugd_oxide") < 28_000
    assert 257_000 < world(dataset, "price", good="dytb_oxide") < 812_000
    assert 970 < world(dataset, "price", good="lacen_oxide") < 1_210


def test_recipe_writes_the_tables_as_they_stand(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [str(RECIPES), *sys.path])
    supply_rows = importlib.import_module("supply_rows")
    files = supply_rows.publisher_file()
    if not files.is_dir():
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    monkeypatch.setenv("DERISK_PUBLISHER_FILES", str(files))
    monkeypatch.setattr(supply_rows, "DATASET", tmp_path / "dataset")
    importlib.import_module("rare_earths_supply").main()
    written = sorted(tmp_path.rglob("*.csv"))
    assert {path.parent.name for path in written} == set(members("rare_earths"))
    for path in written:
        stands = DATASET / path.relative_to(tmp_path / "dataset")
        assert path.read_text(encoding="utf-8") == stands.read_text(encoding="utf-8")
