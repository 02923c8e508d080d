"""A dataset of half a dozen rows, written by the tests that read it."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace

import pytest

from derisk.data.rows import COLUMNS
from derisk.vocabulary.goods import GOODS

SOURCE = """\
id: {id}
title: {title}
publisher: {publisher}
year: {year}
licence: CC BY 4.0
url: https://example.org/{id}
shippable: true
"""


def good_words(good: str) -> dict[str, str]:
    """What a row of a good must say: its material, stage and basis."""
    if good not in GOODS:
        return {}
    return {"material": GOODS[good].material, "stage": GOODS[good].stage, "basis": GOODS[good].basis}


def row(good: str = "lithium_chemical", **words: object) -> dict[str, object]:
    """One lawful row, changed by the words given."""
    standard = {
        "good": good,
        "region": "CHN",
        "period": "2024",
        "field": "production",
        "value": 170.0,
        "unit": "t/year",
        "status": "reported",
        "source": "agency-2025",
        "locator": "table 1, China",
        **good_words(good),
    }
    return {**dict.fromkeys(COLUMNS, ""), **standard, **words}


def rows() -> list[dict[str, object]]:
    """Refining of lithium by three countries and the world, one of them from two publishers."""
    return [
        row(),
        row(region="CHL", value=50.0),
        row(region="ARG", value=20.0),
        row(region="WLD", value=240.0),
        row(region="CHL", value=55.0, source="survey-2026", status="estimated", locator="page 3"),
        row(region="CHN", value="", source="survey-2026", status="withheld", locator="page 3"),
    ]


def write_rows(folder: Path, lines: list[dict[str, object]], *, name: str = "lithium/refining.csv") -> None:
    """Rows as a CSV of the folder's observations."""
    path = folder / "observations" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(lines)


def write_dataset(folder: Path, lines: list[dict[str, object]] | None = None) -> Path:
    """A whole dataset as people edit it: rows, three sources, and its identity."""
    write_rows(folder, rows() if lines is None else lines)
    (folder / "sources").mkdir(exist_ok=True)
    for id_, title, publisher, year in (
        ("agency-2025", "Outlook", "Agency", 2025),
        ("survey-2025", "Summaries", "Survey", 2025),
        ("survey-2026", "Summaries", "Survey", 2026),
    ):
        text = SOURCE.format(id=id_, title=title, publisher=publisher, year=year)
        (folder / "sources" / f"{id_}.yml").write_text(text, encoding="utf-8")
    (folder / "dataset.yml").write_text("title: mini\nversion: 0.0.1\nlicence: CC BY 4.0\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def mini() -> SimpleNamespace:
    """Writers of a small dataset: `row`, `rows`, `write_rows`, `write_dataset`."""
    return SimpleNamespace(row=row, rows=rows, write_rows=write_rows, write_dataset=write_dataset)


@pytest.fixture
def dataset_folder(tmp_path: Path) -> Path:
    """The small dataset as people edit it."""
    return write_dataset(tmp_path / "dataset")
