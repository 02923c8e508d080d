"""World Mining Data 2024 (Austrian Federal Ministry of Finance): concentration of all 65 commodities, 2018-2022.

An independent recomputation from the ministry's tables (`published/hhi_world_mining_data_2018_2022.csv`), which agrees with
the ministry's own printed HHI to five digits where these were compared (aluminium, antimony, tungsten, zinc and six more).
"""

from __future__ import annotations

import csv
import sqlite3
from functools import lru_cache

import numpy as np
import pytest
from comparison import PUBLISHER_FILES, Comparison, needs_files

from derisk.data.importers import wmd
from derisk.indicators.concentration import herfindahl
from derisk.indicators.top_share import top_share

PUBLICATION = "Austrian Federal Ministry of Finance 2024, World Mining Data"
DATABASE = PUBLISHER_FILES / "production" / "wmd2024_geopolrisk" / "world_mining_data.db"
PRINTED = PUBLISHER_FILES / "published" / "hhi_world_mining_data_2018_2022.csv"
YEARS = ("2018", "2019", "2020", "2021", "2022")
TOLERANCE = 1e-4
MOST_COUNTRIES = 200
QUOTED_2022 = {
    "copper_concentrate": 0.1037, "lithium_concentrate": 0.3198, "cobalt_intermediate": 0.4929, "nickel_ore": 0.2675,
    "natural_graphite": 0.4707, "rare_earth_concentrate": 0.5283, "gallium": 0.9679, "germanium": 0.8764,
    "tungsten_concentrate": 0.6007, "manganese_ore": 0.2035, "antimony_concentrate": 0.2766,
    "niobium_concentrate": 0.8693, "tantalum_concentrate": 0.1885, "platinum_concentrate": 0.5620,
    "palladium_concentrate": 0.3236, "vanadium_concentrate": 0.5021, "tin_concentrate": 0.1371, "bismuth": 0.5711,
    "indium": 0.4764, "fluorspar": 0.4262,
}  # fmt: skip


@lru_cache(maxsize=1)
def printed() -> dict[str, np.ndarray]:
    """Concentration and largest share by commodity, over years."""
    with PRINTED.open(encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    names = sorted({line["commodity"] for line in lines})
    place = {(line["commodity"], line["year"]): line for line in lines}
    return {
        "commodity": np.array(names),
        "hhi": np.array([[float(place[name, year]["HHI_0_1"]) for year in YEARS] for name in names]),
        "top1_share": np.array([[float(place[name, year]["top1_share"]) for year in YEARS] for name in names]),
    }


@lru_cache(maxsize=1)
def output() -> np.ndarray:
    """Output of every commodity in every country as printed, (commodity, year, country)."""
    names = printed()["commodity"]
    made = np.zeros((len(names), len(YEARS), MOST_COUNTRIES))
    connection = sqlite3.connect(f"file:{DATABASE}?mode=ro&immutable=1", uri=True)
    columns = ", ".join(f'"{year}"' for year in YEARS)
    for at, commodity in enumerate(names):
        lines = connection.execute(f"SELECT {columns} FROM \"{commodity}\" WHERE Country <> 'Total'").fetchall()
        made[at, :, : len(lines)] = np.array([[float(cell or 0) for cell in line] for line in lines]).T
    connection.close()
    return made


@lru_cache(maxsize=1)
def imported_2022() -> dict[str, float]:
    """Concentration of 2022 from the rows that `derisk data import wmd` makes, by good."""
    rows = [row for row in wmd.read(DATABASE).rows if row.field == "production" and row.period == "2022"]
    by_good: dict[str, list[float]] = {}
    for row in rows:
        if row.region != "WLD":
            by_good.setdefault(row.good, []).append(row.value or 0.0)
    return {good: float(herfindahl(np.array(made))) for good, made in by_good.items()}


def compare() -> list[Comparison]:
    if not DATABASE.is_file():
        return []
    difference = np.abs(herfindahl(output()) - printed()["hhi"])
    return [
        Comparison(
            PUBLICATION, "recomputed from table 6.4", f"HHI of {difference.shape[0]} commodities in five years, largest difference",
            0.0, float(difference.max()), TOLERANCE, "", "given to five digits",
        ),
        *(
            Comparison(
                PUBLICATION, "recomputed from table 6.4, 2022", f"HHI of {good} from imported rows", value, imported_2022()[good],
                0.0002, "", "four digits quoted",
            )
            for good, value in QUOTED_2022.items()
        ),
    ]  # fmt: skip


@needs_files
def test_concentration_of_every_commodity_and_year():
    assert printed()["hhi"].shape == (65, 5)
    np.testing.assert_allclose(herfindahl(output()), printed()["hhi"], rtol=0, atol=TOLERANCE)


@needs_files
def test_largest_share_of_every_commodity_and_year():
    found = top_share(output(), suppliers=1)
    np.testing.assert_allclose(found, printed()["top1_share"], rtol=0, atol=TOLERANCE)


@needs_files
@pytest.mark.parametrize(("good", "value"), QUOTED_2022.items())
def test_concentration_of_imported_rows(good, value):
    assert imported_2022()[good] == pytest.approx(value, abs=0.0002)
