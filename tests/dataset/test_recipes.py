"""Does each recipe write its tables from the publishers' files as they stand in the dataset?"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

DATASET = Path(__file__).resolve().parents[2] / "dataset"
RECIPES = (
    "end_use",
    "end_use_applications",
    "demand",
    "gdp",
    "governance",
    "parameters",
    "value_added",
    "value_added_elsewhere",
    "studies",
    "bgs_cited",
    "prices_history",
    "downstream_history",
    "first_use_history",
    "trade_case_years",
    "trade_history",
    "trade_by_year",
    "refining",
    "world_prices",
    "deposits",
    "usgs_supply",
)
WHOLE = {
    "trade_history": ("trade_history",),
    "trade_by_year": ("trade_by_year",),
    "refining": ("refining",),
    "world_prices": ("world_prices",),
    "usgs_supply": ("usgs", "usgs_more"),
}
"""Recipes that write every file of some names."""


@pytest.mark.parametrize("recipe", RECIPES)
def test_recipe_writes_the_tables_as_they_stand(recipe: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [str(DATASET / "recipes"), *sys.path])
    row_table = importlib.import_module("row_table")
    if not row_table.PUBLISHER_FILES.is_dir():
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    monkeypatch.setattr(row_table, "DATASET", tmp_path)
    importlib.import_module(recipe).main()
    written = {path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv")}
    assert written
    names = [path for name in WHOLE.get(recipe, ()) for path in DATASET.glob(f"observations/*/{name}.csv")]
    assert written >= {path.relative_to(DATASET) for path in names}
    assert [path for path in sorted(written) if (tmp_path / path).read_bytes() != (DATASET / path).read_bytes()] == []
