"""A dataset of half a dozen rows, written by the tests that read it."""

from __future__ import annotations

import csv
from pathlib import Path
from types import SimpleNamespace

import pytest

from derisk.data import importing, load_dataset
from derisk.data.build import build_dataset
from derisk.data.importing import import_file
from derisk.data.intake.intake import Intake
from derisk.data.merging import with_user_rows
from derisk.data.rows import COLUMNS
from derisk.data.sources import Source
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


@pytest.fixture
def bureau() -> Source:
    """A publication whose licence keeps its figures out of the package."""
    return Source("bureau-2026", "Yearbook", "Bureau", 2026, "all rights reserved", "https://example.org/b", False)


@pytest.fixture
def agency() -> Source:
    """A publication of which the small dataset has figures too."""
    return Source("agency-2025", "Outlook", "Agency", 2025, "CC BY 4.0", "https://example.org/agency-2025", True)


@pytest.fixture
def package(dataset_folder, tmp_path):
    """The small dataset, built."""
    build_dataset(dataset_folder, tmp_path / "package")
    return tmp_path / "package"


@pytest.fixture
def user(tmp_path):
    """Where the user's own dataset will be."""
    return tmp_path / "user"


@pytest.fixture
def bring(package, user, bureau, tmp_path, monkeypatch):
    """Import figures as if an importer had read them from a file."""

    def bring_figures(*figures, source=bureau, refuse=(), name="table.csv", refusals="stop", kind="bgs"):
        intake = Intake(Path(name))
        for line, figure in enumerate(figures, start=2):
            told = {
                "field": "production",
                "unit": "t/year",
                "period": "2024",
                "locator": f"line {line}",
                "good": "lithium_chemical",
            }
            intake.take(line, source=source, **{**told, **figure})
        for line, what in refuse:
            intake.refuse(line, what, amount=50.0, table="production lithium_chemical")
        intake.set_aside("blank cell", 3)
        monkeypatch.setattr(importing, "find_importer", lambda kind: SimpleNamespace(read=lambda path: intake.finish()))
        return import_file(kind, tmp_path / name, user=user, package=package, refusals=refusals)

    return bring_figures


@pytest.fixture
def opened(package, user):
    """Open the package with the user's rows laid over it."""
    return lambda: load_dataset(with_user_rows(package, user))
