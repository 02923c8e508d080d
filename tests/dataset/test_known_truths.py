"""Figures anyone can look up: the International Energy Agency's shares, the Geological Survey's tonnes."""

from __future__ import annotations

import pytest

from derisk.data import coalition_gdp_share, supply_share

REFINING_SHARES_2024 = {"copper": 44.0, "lithium": 70.2, "cobalt": 78.4, "rare_earths": 91.3, "graphite": 95.7}
"""IEA, Critical Minerals Dataset, May 2025: China's part of world refining, 2024 [%]."""

REFINING_SHARES_2030 = {"copper": 46.6, "lithium": 61.6, "cobalt": 77.4, "rare_earths": 76.0, "graphite": 87.1}
"""The same, base case 2030 [%]."""

IEA = "iea-critical-minerals-2025"
USGS = "usgs-mcs-2026"


def production(dataset, good, region):
    (value,) = dataset.observations(field="production", period="2024", good=good, region=region)["value"]
    return value


@pytest.mark.parametrize(("material", "share"), REFINING_SHARES_2024.items())
def test_china_refines_this_share_of_the_world_in_2024(dataset, material, share):
    found = supply_share(dataset, material=material, stage="refining", region="CHN", period="2024")
    assert 100 * found.value_share == pytest.approx(share, abs=0.05)
    assert {dataset.row(row_id)["source"] for row_id in found.row_ids} == {IEA}


@pytest.mark.parametrize(("material", "share"), REFINING_SHARES_2030.items())
def test_china_refines_this_share_of_the_world_in_2030(dataset, material, share):
    found = supply_share(
        dataset, material=material, stage="refining", region="CHN", period="2030", field="production_base_case"
    )
    assert 100 * found.value_share == pytest.approx(share, abs=0.05)
    assert found.rule == "the source's own world total"


def test_contradiction_in_graphite_2030_is_documented(dataset):
    """The countries sum to 1 % more than the IEA's own total, which stands as the denominator."""
    rows = dataset.rows(field="production_base_case", material="graphite", stage="refining", period="2030")
    assert any("1 % more than the IEA's own world total" in text for text in rows["correction"])
    countries = rows[rows["region"] != "WLD"]["value"].sum()
    assert countries == pytest.approx(rows[rows["region"] == "WLD"]["value"].item(), rel=1e-6)


def test_coalition_makes_this_share_of_world_output(dataset):
    share = coalition_gdp_share(dataset, period="2023")
    assert 100 * share.value_share == pytest.approx(60.9, abs=0.05)
    assert "demand" in share.proxy_for


def test_lithium_refining_in_china_traces_to_the_iea(dataset):
    answer = dataset.why("lithium", "refining", "CHN", "2024")
    assert answer["value"] == pytest.approx(169_700, rel=1e-3)
    assert (answer["basis"], answer["source"]["id"], answer["source"]["licence"]) == (
        "contained_metal",
        IEA,
        "CC BY 4.0",
    )
    assert answer["locator"]


@pytest.mark.parametrize(
    ("good", "region", "tonnes"),
    [
        ("rare_earth_concentrate", "CHN", 270_000),
        ("rare_earth_concentrate", "WLD", 380_000),
        ("cobalt_intermediate", "COD", 226_000),
        ("cobalt_intermediate", "WLD", 302_000),
        ("gallium", "CHN", 839),
        ("gallium", "WLD", 848),
    ],
)
def test_geological_survey_anchors(dataset, good, region, tonnes):
    """USGS, Mineral Commodity Summaries 2026, world tables, 2024."""
    rows = dataset.rows(field="production", period="2024", good=good, region=region)
    assert tonnes in [pytest.approx(value, rel=0.005) for value in rows[rows["source"] == USGS]["value"]]
    assert production(dataset, good, region) == pytest.approx(tonnes, rel=0.005)
