"""Summaries of USGS: every stored file whole."""

from __future__ import annotations

import pytest
from usgs_mcs_samples import COMMODITIES, WORLD_2025, WRONG_FILES, stored_files

from derisk.data.checks import row_problems
from derisk.data.importers import usgs_mcs
from derisk.errors import LayoutError


@pytest.fixture(scope="module")
def stored() -> dict[str, usgs_mcs.Imported]:
    paths = stored_files()
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    return {path.name: usgs_mcs.read(path) for path in paths if path.name not in WRONG_FILES}


def test_every_stored_file_is_read_without_a_refusal(stored: dict[str, usgs_mcs.Imported]) -> None:
    assert len(stored) > 300
    assert {name: imported.refused for name, imported in stored.items() if imported.refused} == {}
    not_understood = {r for i in stored.values() for r in i.set_aside if "not understood" in r}
    assert not_understood == set()


def test_the_one_file_with_the_wrong_table_is_refused() -> None:
    wrong = [path for path in stored_files() if path.name in WRONG_FILES]
    if not wrong:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    with pytest.raises(LayoutError, match="copy of the world table"):
        usgs_mcs.read(wrong[0])


def test_rows_of_all_stored_files_are_lawful_together(stored: dict[str, usgs_mcs.Imported]) -> None:
    rows = [row for imported in stored.values() for row in imported.rows]
    sources = {source.id: source for imported in stored.values() for source in imported.sources}
    assert sorted(sources) == [f"usgs-mcs-{year}" for year in range(2022, 2027)]
    assert row_problems(rows, sources) == []


@pytest.mark.parametrize(
    ("file", "good", "region", "period", "field", "value"),
    [
        (COMMODITIES, "rare_earth_concentrate", "CHN", "2024", "production", 270_000),
        (COMMODITIES, "rare_earth_concentrate", "WLD", "2024", "production", 380_000),
        (COMMODITIES, "cobalt_intermediate", "COD", "2024", "production", 226_000),
        (COMMODITIES, "copper_concentrate", "CHL", "2024", "production", 5_510_000),
        (COMMODITIES, "gallium", "CHN", "2024", "production", 839),
        (WORLD_2025, "lithium_concentrate", "AUS", "2023", "production", 91_700),
        (WORLD_2025, "titanium_concentrate", "WLD", "2023", "production", 9_430_000),
        ("mcs2024-cobal_world.csv", "cobalt_intermediate", "COD", "2022", "production", 144_000),
        ("mcs2023-lithi_world.csv", "lithium_concentrate", "WLD", "2021", "production", 107_000),
        ("mcs2024-raree_salient.csv", "neodymium_oxide", "WLD", "2021", "price", 98_000),
        ("tungsten_mcs2022-tungs_world.csv", "tungsten_concentrate", "CHN", "2020", "production", 66_000),
    ],
)
def test_known_figures_are_read_from_the_stored_files(
    stored: dict[str, usgs_mcs.Imported], file: str, good: str, region: str, period: str, field: str, value: float
) -> None:
    values = [
        row.value
        for row in stored[file].rows
        if (row.good, row.region, row.period, row.field) == (good, region, period, field)
    ]
    assert values == [pytest.approx(value)]
