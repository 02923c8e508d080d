"""Sums of a study's table, added up where it lies, against the table itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from derisk.study.labels import COLUMNS, LABELS, Labels
from derisk.study.parts import PartWriter, read_parts, sum_parts
from derisk.study.tables import TABLES

MONTHS = ("2026-01", "2026-02")
AXES = {"good": ("gallium", "it's"), "region": ("CHN", "JPN", "USA"), "use": ("defence", "disposal")}


def _use(draw: int, rng: np.random.Generator) -> pd.DataFrame:
    rows = [
        (
            month,
            {
                "good": rng.integers(0, 2, 30),
                "region": rng.integers(0, 3, 30),
                "use": rng.integers(0, 2, 30),
                **{name: rng.random(30) for name in ("quantity_t", "base_quantity_t", "shortfall_t")},
                "rationed": np.zeros(30, dtype=np.bool_),
            },
        )
        for month in range(2)
    ]
    return Labels(AXES).frame("use", draw=draw, months=MONTHS, rows=rows)


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("study")
    rng = np.random.default_rng(4)
    empty = {name: Labels({}).frame(name, draw=0, months=MONTHS, rows=[]) for name in COLUMNS}
    status = pd.DataFrame(
        {"draw": [0], "month": ["2026-01"], "converged": [True], "residual": [0.0], "reason": [""], "imbalance": [0.0]}
    )
    with PartWriter() as writer:
        for first in (0, 2):
            draws = [first, first + 1]
            tables = {name: [empty[name]] for name in TABLES if name != "status"}
            tables |= {"use": [_use(draw, rng) for draw in draws], "status": [status]}
            writer.write(folder, draws, tables)
    return sorted((folder / "use").glob("*.parquet"))


def test_sums_are_those_of_the_table(parts: list[Path]) -> None:
    frame = read_parts(parts, labels=LABELS["use"])
    rows = frame[frame["draw"].isin([1, 2]) & (frame["use"] != "disposal") & frame["region"].isin(["JPN", "USA"])]
    wanted = rows.groupby(["good", "draw"], observed=True)["shortfall_t"].sum()
    found = sum_parts(
        parts,
        by=["good", "draw"],
        columns=["shortfall_t"],
        draws=[1, 2],
        only={"region": ("JPN", "USA")},
        without={"use": ("disposal",)},
    )
    assert found[["good", "draw"]].values.tolist() == [["gallium", 1], ["gallium", 2], ["it's", 1], ["it's", 2]]
    np.testing.assert_allclose(found["shortfall_t"], wanted.to_numpy(), rtol=1e-14)


def test_words_with_quotes_are_words(parts: list[Path]) -> None:
    found = sum_parts(parts, by=["good"], columns=["quantity_t"], draws=[0], only={}, without={"good": ("it's",)})
    assert found["good"].tolist() == ["gallium"]


def test_no_draws_and_no_words_have_no_rows(parts: list[Path]) -> None:
    assert sum_parts(parts, by=["good"], columns=["quantity_t"], draws=[], only={}, without={}).empty
    assert sum_parts(parts, by=["good"], columns=["quantity_t"], draws=[0], only={"use": ()}, without={}).empty
