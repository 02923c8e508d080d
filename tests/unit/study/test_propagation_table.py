"""The table of propagation: the first round is the uses' loss, draws without equilibrium are left out, nothing from nothing."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from derisk.data import Dataset, load_dataset
from derisk.study.parquet_file import read_rows
from derisk.study.propagation_table import PROPAGATION_COLUMNS, write_propagation

LOSSES = [
    (0, "2025-01", "USA", "semiconductors", 100.0),
    (0, "2025-02", "USA", "semiconductors", 50.0),
    (0, "2025-02", "USA", "defence", 30.0),
    (0, "2025-01", "DEU", "machinery", 900.0),
    (1, "2025-01", "USA", "semiconductors", 700.0),
    (2, "2025-01", "DEU", "machinery", 10.0),
]
STATUS = [
    (draw, month, not (draw == 1 and month == "2025-02")) for draw in range(3) for month in ("2025-01", "2025-02")
]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_dataset()


def write(folder: Path, name: str, rows: list[tuple[object, ...]], columns: list[str]) -> list[Path]:
    file = folder / f"{name}.parquet"
    frame = pd.DataFrame(rows, columns=columns)
    with duckdb.connect() as connection:
        connection.register("frame", frame)
        connection.execute(f"COPY frame TO '{file}' (FORMAT parquet)")
    return [file]


def propagated(folder: Path, dataset: Dataset, losses: list[tuple[object, ...]]) -> tuple[dict, pd.DataFrame]:
    told = write_propagation(
        folder / "propagation.parquet",
        losses=write(folder, "losses", losses, ["draw", "month", "region", "use", "value_added_lost_musd"]),
        status=write(folder, "status", list(STATUS), ["draw", "month", "converged"]),
        dataset=dataset,
    )
    return told, read_rows(folder / "propagation.parquet")


def test_the_first_round_is_the_loss_of_the_uses(tmp_path: Path, dataset: Dataset) -> None:
    told, table = propagated(tmp_path, dataset, LOSSES)
    assert list(table.columns) == list(PROPAGATION_COLUMNS)
    assert set(table["region"]) == {"USA"}
    assert set(table["draw"]) == {0}  # draw 1 has no equilibrium in a month; draw 2 loses nothing there
    assert table["first_round_musd"].sum() == pytest.approx(180.0, rel=1e-9)
    assert (table["propagated_low_musd"] >= table["first_round_musd"] - 1e-9).all()
    assert (table["propagated_high_musd"] >= table["propagated_low_musd"] - 1e-9).all()
    (region,) = told["regions"]
    assert region["first_round_musd"]["mean"] == pytest.approx(90.0, rel=1e-9)  # over the two draws with an equilibrium
    assert region["propagated_low_musd"]["mean"] < region["propagated_high_musd"]["mean"]


def test_nothing_lost_nothing_carried_on(tmp_path: Path, dataset: Dataset) -> None:
    told, table = propagated(tmp_path, dataset, [(0, "2025-01", "DEU", "machinery", 5.0)])
    assert told["regions"] == []
    assert told["left_out"] == []
    assert table.empty


def test_industries_come_largest_first_with_their_ranges(tmp_path: Path, dataset: Dataset) -> None:
    told, _ = propagated(tmp_path, dataset, [*LOSSES, (2, "2025-01", "USA", "semiconductors", 400.0)])
    industries = told["regions"][0]["industries"]
    highs = [row["propagated_high_musd"] for row in industries]
    assert highs == sorted(highs, reverse=True)
    assert len(industries) > 20
    for row in industries:
        assert row["first_round_musd"] <= row["propagated_low_musd"] + 1e-9 <= row["propagated_high_musd"] + 2e-9
        assert row["propagated_high_musd_p05"] <= row["propagated_high_musd"] <= row["propagated_high_musd_p95"]
