"""European Commission (2017), Study on the review of the list of Critical Raw Materials: supply risk of every material.

Tables 3 (import reliance, recycling, SR), 18 (HHI_WGI,t, SI_SR) and 19; all but percentages printed to one decimal,
so that HHI of 0.45 to 0.54 and SI of 0.85 to 0.94 print alike: that rounding alone moves SR by up to 0.3.
"""

from __future__ import annotations

import csv
from functools import lru_cache

import numpy as np
import pytest
from comparison import PUBLISHER_FILES, Comparison, needs_files

from derisk.indicators.eu_supply_risk import supply_risk

PUBLICATION = "European Commission 2017, Study on the review of the list of Critical Raw Materials"
TABLES = PUBLISHER_FILES / "trade" / "eu_crm" / "eu_crm_2017_criticality_tables_3_18_19.csv"
MATERIALS = 78
RMSE, LARGEST = 0.10, 0.26


@lru_cache(maxsize=1)
def components() -> dict[str, np.ndarray]:
    """Printed components by material; a concentration that the study left aside is absent."""
    with TABLES.open(encoding="utf-8") as file:
        lines = [line for line in csv.DictReader(file) if line["SI_SR"]]
    number = {
        name: np.array([float(line[name]) if line[name] else np.nan for line in lines])
        for name in ("SR", "import_reliance_pct", "eol_rir_pct", "SI_SR", "HHI_WGI_t_global", "HHI_WGI_t_EU28")
    }
    used = np.array([line["supply_data"] for line in lines])
    number["HHI_WGI_t_global"][used == "EUS only"] = np.nan
    number["HHI_WGI_t_EU28"][used == "GS only"] = np.nan
    return {**number, "material": np.array([line["material"] for line in lines])}


def recomputed() -> np.ndarray:
    """Supply risk from the printed components."""
    part = components()
    return supply_risk(
        part["HHI_WGI_t_global"],
        part["HHI_WGI_t_EU28"],
        np.nan_to_num(part["import_reliance_pct"]) / 100,
        part["eol_rir_pct"] / 100,
        part["SI_SR"],
    )


def compare() -> list[Comparison]:
    difference = recomputed() - components()["SR"]
    where = "Tables 3, 18, 19"
    return [
        Comparison(
            PUBLICATION, where, f"supply risk of {len(difference)} materials, root mean square difference",
            0.0, float(np.sqrt(np.mean(difference**2))), RMSE, "", "components are printed to one decimal",
        ),
        Comparison(
            PUBLICATION, where, "the same, largest difference",
            0.0, float(np.max(np.abs(difference))), LARGEST, "", "components are printed to one decimal",
        ),
    ]  # fmt: skip


@needs_files
def test_every_material_of_the_study_is_compared():
    assert len(components()["SR"]) == MATERIALS


@needs_files
def test_supply_risk_of_every_material_follows_from_its_printed_components():
    difference = recomputed() - components()["SR"]
    assert np.sqrt(np.mean(difference**2)) <= RMSE
    assert np.max(np.abs(difference)) <= LARGEST


@pytest.mark.parametrize(
    ("material", "printed", "arguments"),
    [
        ("neodymium", 4.8, (8.8, 1.8, 1.00, 0.01, 0.9)),
        ("cobalt", 1.6, (3.6, 1.3, 0.32, 0.00, 1.0)),
        ("natural graphite", 2.9, (3.2, 2.9, 0.99, 0.03, 1.0)),
        ("magnesium", 4.0, (4.4, 5.2, 1.00, 0.09, 0.9)),
        ("niobium", 3.1, (4.1, 2.5, 1.00, 0.00, 0.9)),
        ("gallium", 1.4, (3.5, 1.1, 0.34, 0.00, 1.0)),
    ],
)
def test_rows_quoted_from_the_annex(material, printed, arguments):
    world, europe, reliance, recycling, substitution = map(np.asarray, arguments)
    assert supply_risk(world, europe, reliance, recycling, substitution) == pytest.approx(printed, abs=0.26)
