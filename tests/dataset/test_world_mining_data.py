"""World Mining Data: concentration of mine production computed over imported rows, against the published values."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import duckdb
import pytest

from derisk.data.build import EMBEDDED, ROWS_FILE
from derisk.data.importers.wmd.minerals import MINERALS
from derisk.data.importing import import_file
from derisk.data.merging import with_user_rows

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[3] / "shared" / "data")
)
DATABASE = PUBLISHER_FILES / "production" / "wmd2024_geopolrisk" / "world_mining_data.db"
PUBLISHED = PUBLISHER_FILES / "published" / "hhi_world_mining_data_2018_2022.csv"
needs_files = pytest.mark.skipif(
    not (DATABASE.is_file() and PUBLISHED.is_file()), reason="no publishers' files here; set DERISK_PUBLISHER_FILES"
)
CONCENTRATION = """
    SELECT good, period, sum(share * share) AS hhi
    FROM (SELECT good, period, value / sum(value) OVER (PARTITION BY good, period) AS share
          FROM read_parquet(?) WHERE field = 'production' AND region <> 'WLD' AND source = 'world-mining-data-2024')
    GROUP BY ALL
"""


@pytest.fixture(scope="module")
def concentration(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], float]:
    """Herfindahl index of each good and year, over the countries of the file imported beside the package."""
    user = tmp_path_factory.mktemp("user")
    assert import_file("wmd", DATABASE, user=user, package=EMBEDDED).rows_added > 1000
    merged = with_user_rows(EMBEDDED, user)
    with duckdb.connect() as connection:
        found = connection.execute(CONCENTRATION, [str(merged / ROWS_FILE)]).fetchall()
    return {(good, period): hhi for good, period, hhi in found}


@needs_files
@pytest.mark.parametrize(
    ("good", "hhi"),
    [
        ("gallium", 0.968),
        ("niobium_concentrate", 0.869),
        ("rare_earth_concentrate", 0.528),
        ("cobalt_intermediate", 0.493),
        ("copper_concentrate", 0.104),
    ],
)
def test_concentration_of_2022_agrees_to_the_printed_digits(
    concentration: dict[tuple[str, str], float], good: str, hhi: float
) -> None:
    assert round(concentration[good, "2022"], 3) == hhi


@needs_files
def test_every_published_concentration_of_our_materials_is_reproduced(
    concentration: dict[tuple[str, str], float],
) -> None:
    with PUBLISHED.open(encoding="utf-8", newline="") as stream:
        published = [line for line in csv.DictReader(stream) if line["commodity"] in MINERALS]
    assert len({line["commodity"] for line in published}) == 22
    for line in published:
        found = concentration[MINERALS[line["commodity"]].good, line["year"]]
        assert found == pytest.approx(float(line["HHI_0_1"]), abs=2e-5), line
