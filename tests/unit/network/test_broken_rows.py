"""Is a dataset that cannot be balanced refused, with what is wrong by name?"""

from __future__ import annotations

import pytest

from derisk.errors import BalanceError, DatasetError
from derisk.network import build_network


def test_a_good_nobody_takes_is_named(make_dataset, world_rows):
    rows = [r for r in world_rows if not (r["good"] == "lacen_oxide" and r["field"] == "end_use_share")]
    with pytest.raises(BalanceError, match="lacen_oxide is made and nobody takes it"):
        build_network(make_dataset(rows))


def test_a_good_nobody_makes_is_named(make_dataset, world_rows):
    rows = [r for r in world_rows if not (r["good"] == "copper_concentrate" and r["field"] == "production")]
    with pytest.raises(BalanceError, match="copper_concentrate is taken and nobody makes it"):
        build_network(make_dataset(rows))


def test_recovery_without_a_host_is_named(make_dataset, world_rows, make_row):
    rows = [*world_rows, make_row("production", "gallium", "CHN", 800.0), make_row("price", "gallium", "WLD", 5e5)]
    rows += [
        make_row("input_gallium_residue", "gallium", "", 1.1),
        make_row("residue_supply", "gallium_residue", "AUS", 900.0),
    ]
    rows += [make_row("utilisation_share", "gallium", "", 0.8), make_row("supply_elasticity", "gallium", "", 0.3)]
    rows += [
        make_row("demand_share", "gallium", "USA", 1.0),
        make_row("end_use_share", "gallium", "WLD", 1.0, use="other"),
    ]
    with pytest.raises(BalanceError, match="gallium_residue is taken where no host makes it") as caught:
        build_network(make_dataset(rows))
    assert "CHN: taken by recover_gallium CHN" in str(caught.value)


def test_a_wrong_unit_is_refused_with_the_rows_in_conflict(make_dataset, world_rows):
    rows = [{**r, "value": 1e4 * r["value"]} if r["field"] == "input_copper_concentrate" else r for r in world_rows]
    with pytest.raises(BalanceError, match=r"refine_copper|mine_copper") as caught:
        build_network(make_dataset(rows))
    assert "trade copper_concentrate CHL to CHN" in str(caught.value)


@pytest.mark.parametrize(
    ("field", "good"),
    [
        ("input_copper_concentrate", ""),
        ("utilisation_share", "refined_copper"),
        ("output_share", "ndpr_oxide"),
        ("price", "ndpr_oxide"),
        ("trade_elasticity", "ndfeb_magnet"),
        ("supply_elasticity", "ndfeb_magnet"),
        ("demand_elasticity", "refined_copper"),
        ("dependence_share", "ndfeb_magnet"),
        ("demand_share", "ndfeb_magnet"),
        ("heavy_magnet_share", "ndfeb_magnet"),
    ],
)
def test_a_missing_row_is_named_not_filled(make_dataset, world_rows, field, good):
    rows = [r for r in world_rows if not (r["field"] == field and (not good or r["good"] == good))]
    with pytest.raises(DatasetError, match=good or field):
        build_network(make_dataset(rows))


def test_two_rows_for_one_number_are_refused(make_dataset, world_rows, make_row):
    with pytest.raises(DatasetError, match="two rows state one number"):
        build_network(make_dataset([*world_rows, make_row("production", "ndfeb_magnet", "JPN", 13.0)]))


def test_a_country_without_gdp_is_no_region(make_dataset, make_row, world_rows):
    rows = [*world_rows, make_row("production", "copper_concentrate", "PRK", 900.0)]
    assert "PRK" not in build_network(make_dataset(rows)).regions
    rows.append(make_row("gdp", "", "PRK", 2e10, period="2023"))
    assert "PRK" in build_network(make_dataset(rows)).regions
