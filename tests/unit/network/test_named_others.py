"""Who made what a year leaves to unnamed countries, by the years around it?"""

from __future__ import annotations

import pytest

from derisk.network.borrowed_tonnes import world_output
from derisk.network.figure import Figure
from derisk.network.named_others import name_others


def row(region, value, year, *, low=None, high=None, source="agency"):
    """A row of copper refined in a country."""
    return Figure(
        f"{region}{year}", "production", "copper", "refining", "refined_copper", region, "", "", str(year),
        value, low, high, "reported", source,
    )  # fmt: skip


def named(*rows, base_year=2023):
    """Output of the base year after its unnamed countries got names, by region."""
    world, told = world_output(rows)
    chosen = [one for one in rows if one.year == base_year]
    return {one.region: one for one in name_others(chosen, rows, base_year, world, told)}


BEFORE = (row("CHN", 500.0, 2022), row("JPN", 60.0, 2022), row("NOR", 40.0, 2022))


def test_unnamed_output_goes_to_the_countries_that_the_nearest_year_names():
    found = named(
        *BEFORE, row("NOR", 99.0, 2020), row("CHN", 400.0, 2020), row("CHN", 500.0, 2023), row("OTH", 200.0, 2023)
    )
    grown = 700.0 / 600.0  # world output of both years
    assert found["CHN"].value == 500.0
    assert (found["JPN"].value, found["NOR"].value) == (pytest.approx(60 * grown), pytest.approx(40 * grown))
    assert found["OTH"].value == pytest.approx(200 - 100 * grown)
    assert (found["NOR"].year, found["NOR"].status) == (2022, "derived")


@pytest.mark.parametrize(
    ("world", "left"),
    [(700.0, 50.0), (730.0, 80.0), (900.0, 200.0)],  # all of Norway's beyond the total, a part of it, none
)
def test_who_is_named_elsewhere_is_not_among_the_unnamed_too(world, left):
    elsewhere = row("NOR", 150.0, 2023, source="survey")
    found = named(row("CHN", 500.0, 2023), row("OTH", 200.0, 2023), row("WLD", world, 2023), elsewhere)
    assert found["OTH"].value == pytest.approx(left)
    assert (found["CHN"].value, found["NOR"].value) == (500.0, 150.0)


def test_a_total_that_is_rounded_takes_nothing_from_the_unnamed():
    found = named(row("CHN", 500.0, 2023), row("OTH", 200.0, 2023), row("WLD", 690.0, 2023))
    assert found["OTH"].value == 200.0


def test_names_take_no_more_than_was_unnamed_and_world_output_stays():
    found = named(*BEFORE, row("CHN", 500.0, 2023), row("OTH", 50.0, 2023, low=40.0, high=60.0))
    assert "OTH" not in found
    assert sum(one.value for one in found.values()) == pytest.approx(550.0)
    assert found["JPN"].value == pytest.approx(1.5 * found["NOR"].value)


@pytest.mark.parametrize(
    "rows",
    [
        (row("CHN", 500.0, 2023), row("OTH", 20.0, 2023)),  # hardly anything unnamed
        (row("CHN", 500.0, 2023), row("JPN", 0.0, 2023), row("NOR", 1.0, 2023), row("OTH", 90.0, 2023)),  # all named
    ],
)
def test_what_a_year_names_is_left_as_it_is(rows):
    found = named(*BEFORE, *rows)
    assert {region: one.value for region, one in found.items()} == {one.region: one.value for one in rows}


def test_years_far_off_name_nobody():
    found = named(row("CHN", 500.0, 2016), row("JPN", 60.0, 2016), row("CHN", 500.0, 2023), row("OTH", 90.0, 2023))
    assert set(found) == {"CHN", "OTH"}
