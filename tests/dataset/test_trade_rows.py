"""Trade rows: known truths, nothing lost to the remainders, years and goods as promised, recipes that repeat."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from derisk.data.customs import CUSTOMS_CODES, codes_of_good
from derisk.vocabulary.goods import GOODS

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = DATASET / "recipes"


def read(name: str) -> list[dict[str, str]]:
    rows = []
    for path in sorted((DATASET / "observations").glob(f"*/{name}.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows += list(csv.DictReader(stream))
    return rows


@pytest.fixture(scope="module")
def history() -> list[dict[str, str]]:
    return read("trade_history")


@pytest.fixture(scope="module")
def contained() -> list[dict[str, str]]:
    return read("trade_by_year")


def total(rows: list[dict[str, str]], **words: str) -> float:
    return sum(float(row["value"]) for row in rows if all(row[name] == word for name, word in words.items()))


def test_each_year_of_each_good_has_value_and_its_remainder(history: list[dict[str, str]]) -> None:
    about = {(row["good"] or row["material"], row["period"]) for row in history}
    rest = {(row["good"] or row["material"], row["period"]) for row in history if row["region"] == "OTH"}
    assert about == rest
    years = defaultdict(set)
    for good, period in about:
        years[good].add(period)
    every = {str(year) for year in range(2008, 2025)}
    for good in ("copper_concentrate", "refined_copper", "lithium_chemical", "natural_graphite", "cobalt_intermediate",
                 "refined_cobalt", "rare_earths", "ndfeb_magnet", "nickel_ore"):  # fmt: skip
        assert years[good] == every, good
    assert all(found >= {"2009", "2024"} for found in years.values())


def test_remainders_are_small(history: list[dict[str, str]]) -> None:
    whole: dict[tuple[str, str, str], float] = defaultdict(float)
    rest: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in history:
        if row["field"] == "trade_value":
            key = (row["material"], row["good"], row["period"])
            whole[key] += float(row["value"])
            rest[key] += float(row["value"]) if row["region"] == "OTH" else 0.0
    assert {
        key for key in whole if rest[key] > (0.01 if key[2] in ("2009", "2024") else 0.03) * whole[key] * 1.0001
    } == set()


def test_rare_earths_of_china(history: list[dict[str, str]]) -> None:
    """Exports of 68.7, 56.3, 38.9, 24.8 kt; 89 % of Japan's imports in 2008, 54 % in 2012: as in all flows, to 1.5 %."""
    gross = [
        row for row in history if (row["material"], row["good"], row["field"]) == ("rare_earths", "", "trade_gross")
    ]
    for year, tonnes in (("2008", 68_700), ("2010", 56_300), ("2011", 38_900), ("2012", 24_800)):
        assert total(gross, period=year, region="CHN") == pytest.approx(tonnes, rel=0.015)
    for year, share in (("2008", 0.89), ("2012", 0.54)):
        china = total(gross, period=year, region="CHN", partner="JPN")
        assert china / total(gross, period=year, partner="JPN") == pytest.approx(share, abs=0.01)


def test_exporters_of_copper_and_magnets_in_2024(history: list[dict[str, str]]) -> None:
    value = [row for row in history if row["field"] == "trade_value" and row["period"] == "2024"]
    for good, region, share in (
        ("ndfeb_magnet", "CHN", 62.7),
        ("refined_copper", "COD", 22.1),
        ("refined_copper", "CHL", 19.8),
    ):
        found = 100 * total(value, good=good, region=region) / total(value, good=good)
        assert found == pytest.approx(share, abs=0.2)


def test_rows_name_codes_of_their_good(history: list[dict[str, str]]) -> None:
    baskets = {line.hs6 for line in CUSTOMS_CODES if line.role == "basket"}
    for row in history:
        edition, *codes = row["locator"].split()
        assert set(codes) <= (set(codes_of_good(row["good"], edition=edition)) if row["good"] else baskets), row


def test_weights_of_gross_goods_and_contained_ones_agree(
    history: list[dict[str, str]], contained: list[dict[str, str]]
) -> None:
    """A good's contained tonnes stand below its gross tonnes, and above what its poorest code would hold, pairs left out."""
    for year in ("2009", "2024"):
        for good in {row["good"] for row in contained if row["period"] == year} - {"refined_copper"}:
            gross = total([row for row in history if row["field"] == "trade_gross"], good=good, period=year)
            tonnes = total(contained, good=good, period=year)
            least = min(line.low or 0.0 for line in CUSTOMS_CODES if line.good == good and line.role == "main")
            assert 0.04 * least * gross < tonnes < 1.05 * gross, (good, year)


def test_contained_rows_state_rule_and_range(contained: list[dict[str, str]]) -> None:
    for row in contained:
        assert row["status"] == "derived", row
        assert row["basis"] == GOODS[row["good"]].basis, row
        assert float(row["low"]) <= float(row["value"]) <= float(row["high"]), row
        assert row["note"].startswith("rule T"), row


def test_no_contained_row_stands_beside_the_tables_of_2024(contained: list[dict[str, str]]) -> None:
    added = {row["good"] for row in contained if row["period"] == "2024"}
    older = {row["good"] for row in read("trade") if row["period"] == "2024"}
    assert added
    assert older
    assert added & older == set()


def test_hydroxide_of_the_congo_follows_its_mines(contained: list[dict[str, str]]) -> None:
    """USGS: 51, 73, 98, 119 and 175 thousand tonnes mined in 2012, 2017, 2020, 2021, 2023; to a third."""
    for year, mined in (("2012", 51e3), ("2017", 73e3), ("2020", 98e3), ("2021", 119e3), ("2023", 175e3)):
        shipped = total(contained, good="cobalt_intermediate", period=year, region="COD")
        assert 2 / 3 * mined < shipped < 4 / 3 * mined, year


def test_the_whole_stays_small() -> None:
    paths = [p for name in ("trade_history", "trade_by_year") for p in (DATASET / "observations").glob(f"*/{name}.csv")]
    assert paths
    assert sum(path.stat().st_size for path in paths) < 10_000_000
