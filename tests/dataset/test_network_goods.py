"""Rows of the goods beside the first seven materials: shares anyone can look up, and what is split, priced and marked."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = DATASET / "recipes"


def output(dataset, good: str, period: str = "2024"):
    """Chosen rows of production by country, the world's apart."""
    rows = dataset.observations(field="production", good=good, period=period).set_index("region")["value"]
    return rows.drop("WLD", errors="ignore"), float(rows.get("WLD", rows.sum()))


@pytest.mark.parametrize(
    ("good", "region", "share", "spread"),
    [
        ("nickel_ore", "IDN", 0.62, 0.04),
        ("refined_nickel", "IDN", 0.43, 0.02),
        ("magnesium", "CHN", 0.88, 0.03),
        ("antimony_concentrate", "CHN", 0.34, 0.03),
        ("antimony_concentrate", "RUS", 0.34, 0.03),
        ("antimony", "CHN", 0.68, 0.08),
        ("tungsten_concentrate", "CHN", 0.82, 0.03),
        ("tungsten", "CHN", 0.87, 0.03),
        ("niobium", "BRA", 0.89, 0.04),
        ("vanadium", "CHN", 0.70, 0.05),
        ("refined_tin", "CHN", 0.46, 0.06),
    ],
)
def test_share_of_the_largest_makers_in_2024(dataset, good: str, region: str, share: float, spread: float) -> None:
    countries, world = output(dataset, good)
    assert countries[region] / world == pytest.approx(share, abs=spread)


@pytest.mark.parametrize(
    ("good", "region", "period", "share"),
    [
        ("antimony_concentrate", "CHN", "2023", 0.59),
        ("tungsten_concentrate", "CHN", "2023", 0.83),
        ("magnesium", "CHN", "2022", 0.89),
        ("magnesium", "CHN", "2021", 0.87),
        ("nickel_ore", "IDN", "2023", 0.54),
    ],
)
def test_shares_of_the_years_before(dataset, good: str, region: str, period: str, share: float) -> None:
    """USGS, Mineral Commodity Summaries, the latest edition of each year."""
    countries, world = output(dataset, good, period)
    assert countries[region] / max(world, countries.sum()) == pytest.approx(share, abs=0.06)


@pytest.mark.parametrize("good", ["nickel_ore", "refined_nickel", "tungsten_concentrate", "titanium_concentrate"])
def test_what_a_publisher_leaves_to_others_is_split_without_loss(dataset, good: str) -> None:
    countries, world = output(dataset, good)
    assert countries.sum() == pytest.approx(world, rel=0.02)
    assert countries["OTH"] < 0.005 * world


def test_every_assumed_row_of_plants_states_its_range_and_reason(dataset) -> None:
    rows = dataset.rows(field=["production", "secondary_production", "matte_share", "customs_coverage_share"])
    assumed = rows[rows["status"] == "assumed"]
    assert len(assumed) > 60
    assert assumed[["low", "high"]].notna().all(axis=None)
    assert (assumed["note"].str.len() > 10).all()


def test_feed_is_cheaper_than_what_is_made_of_it(dataset) -> None:
    price = dataset.observations(field="price", period="2024", region="WLD").set_index("good")["value"]
    for feed, made in (
        ("nickel_ore", "nickel_matte"),
        ("nickel_matte", "refined_nickel"),
        ("antimony_concentrate", "antimony"),
        ("tungsten_concentrate", "tungsten"),
        ("tin_concentrate", "refined_tin"),
        ("vanadium_concentrate", "vanadium"),
        ("niobium_concentrate", "niobium"),
        ("tantalum_concentrate", "tantalum"),
    ):
        assert 0.15 * price[made] < price[feed] < price[made], feed


@pytest.mark.parametrize(
    ("good", "customs_usd_per_t"), [("titanium_concentrate", 946), ("silicon_metal", 2_531), ("magnesium", 3_046)]
)
def test_world_price_is_near_what_customs_of_the_world_book(dataset, good: str, customs_usd_per_t: float) -> None:
    price = dataset.observations(field="price", period="2024", region="WLD", good=good)["value"].item()
    assert price == pytest.approx(customs_usd_per_t, rel=0.1)


def test_no_copper_is_mined_in_panama_after_the_court_closed_its_mine(dataset) -> None:
    mined = dataset.observations(field="production", good="copper_concentrate", region="PAN", period="2024")
    assert mined["value"].item() == 0


@pytest.mark.parametrize("recipe", ["nickel_supply", "antimony_supply", "tungsten_supply"])
def test_recipe_of_a_supply_writes_its_tables_again(
    recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "path", [str(RECIPES), *sys.path])
    supply_rows = importlib.import_module("supply_rows")
    if not supply_rows.publisher_file().is_dir():
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    module = importlib.import_module(recipe)
    read_from = supply_rows.DATASET
    written: list[Path] = []

    def write_rows(material, name, rows) -> None:
        monkeypatch.setattr(supply_rows, "DATASET", tmp_path / "dataset")
        original(material, name, list(rows))
        monkeypatch.setattr(supply_rows, "DATASET", read_from)
        written.append(Path("observations") / material / f"{name}.csv")

    original = supply_rows.write_rows
    monkeypatch.setattr(module, "write_rows", lambda material, name, rows: write_rows(material, name, list(rows)))
    module.main()
    assert written
    for path in written:
        assert (tmp_path / "dataset" / path).read_text(encoding="utf-8") == (DATASET / path).read_text(
            encoding="utf-8"
        ), path
