"""Data at the terminal: a user asks, imports, exports, compares; every answer is one JSON document."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from terminal import derisk, derisk_here

from derisk.data import load_dataset
from derisk.data.build import EMBEDDED

DRAWN = 6


@pytest.fixture
def own_folder(tmp_path, monkeypatch):
    """An empty dataset of the user's own."""
    folder = tmp_path / "mine"
    monkeypatch.setenv("DERISK_DATA", str(folder))
    return folder


def answer(*arguments: str, check: int = 0):
    return json.loads(derisk_here("data", *arguments, "--json", check=check).stdout)


def test_any_row_is_explained_by_its_id_and_by_its_words():
    dataset = load_dataset(EMBEDDED)
    rows = dataset.rows()
    rows = rows[rows["chosen"].to_numpy(dtype=bool)]
    for place in np.random.default_rng(20260102).choice(len(rows), size=DRAWN, replace=False):
        row = rows.iloc[place]
        by_id = answer("why", "--row", row["row_id"])
        assert (by_id["row_id"], by_id["locator"]) == (row["row_id"], row["locator"])
        words = [row[name] or "-" for name in ("material", "stage", "region", "period")]
        options = [part for name in ("field", "good", "partner", "use") for part in (f"--{name}", row[name] or "-")]
        assert answer("why", *words, *options) == {
            **by_id,
            "other_goods": answer("why", *words, *options)["other_goods"],
        }


def test_gross_domestic_product_is_explained_without_a_material():
    told = answer("why", "--field", "gdp", "--region", "USA", "--period", "2023")
    assert told == answer("why", "-", "-", "USA", "2023", "--field", "gdp")
    assert told["value"] == pytest.approx(27.36e12, rel=1e-3)
    text = derisk("data", "why", "-", "-", "USA", "2023", "--field", "gdp").stdout
    assert "gdp of USA, 2023" in text
    assert "no region is named" in derisk_here("data", "why", "copper", check=2).stderr


def test_a_figure_without_unit_is_printed_alone():
    words = ("graphite", "mining", "-", "2024", "--good", "natural_graphite", "--field", "demand_elasticity")
    assert "know '-', 'other'" in derisk_here("data", "why", *words, check=4).stderr
    assert derisk_here("data", "why", *words, "--use", "-").stdout.splitlines()[1] == "0.2"


def test_tables_are_listed_filtered_and_cut_on_the_terminal():
    listed = {line["table"]: line["rows"] for line in answer("table")}
    assert listed["production"] > 1000
    rows = answer("table", "production", "--material", "gallium", "--period", "2024", "--region", "CHN")
    assert {row["region"] for row in rows} == {"CHN"}
    assert "the first 2 of" in derisk_here("data", "table", "production", "--rows", "2").stdout
    error = answer("table", "production", "--material", "gallium", "--period", "1950", check=4)["error"]
    assert "2024" in error["allowed"]


def test_export_import_and_forget(own_folder, tmp_path):
    out = tmp_path / "gallium.zip"
    exported = answer("export", "--format", "datapackage", "--out", str(out), "--material", "gallium")
    assert exported["restricted_sources"] == []
    report = answer("import", "derisk", str(out))
    assert (report["rows_added"], report["rows_refused"], report["value_share_refused"]) == (0, [], 0.0)
    assert report["rows_unchanged"] + report["rows_replaced"] == exported["rows"]
    assert not (own_folder / "observations").exists() or report["rows_replaced"]
    assert {line["kind"] for line in answer("import", "--list")} >= {"bgs", "baci", "derisk"}
    assert answer("forget", "no-such-source", check=4)["error"]["class"] == "DatasetError"
    assert "no FILE is named" in derisk_here("data", "import", "bgs", check=2).stderr


def test_import_of_ones_own_figure_is_seen_by_every_command(own_folder, tmp_path):
    sheet = tmp_path / "mine.csv"
    answer("export", "--format", "csv", "--out", str(sheet), "--table", "production", "--material", "gallium")
    with sheet.open(encoding="utf-8", newline="") as stream:
        lines = list(csv.DictReader(stream))
    first = next(line for line in lines if line["region"] == "CHN" and line["good"] == "gallium")
    first |= {
        "source": "my-bureau",
        "value": "123456.0",
        "note": "told by letter",
        "low": "",
        "high": "",
        "range_from": "",
    }
    with sheet.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(first))
        writer.writeheader()
        writer.writerow(first)
    beside = tmp_path / "mine.sources.csv"
    told = beside.read_text(encoding="utf-8").splitlines()[0]
    beside.write_text(f"{told}\nmy-bureau,My bureau,My bureau,2026,in confidence,,,False,\n", encoding="utf-8")
    assert answer("import", "derisk", str(sheet))["rows_added"] == 1
    assert [line["rows"] for line in answer("mine")] == [1]
    words = [first[name] or "-" for name in ("material", "stage", "region", "period")]
    told = answer("why", *words, "--good", first["good"], "--field", first["field"])
    stated = {told["source"]["id"]: told["value"]} | {r["source"]: r["value"] for r in told["alternatives"]}
    assert stated["my-bureau"] == 123456.0
    export = answer("export", "--format", "csv", "--out", str(tmp_path / "out"), "--material", "gallium")
    assert export["restricted_sources"] == ["my-bureau"]
    assert answer("forget", "my-bureau") == {"source": "my-bureau", "rows_removed": 1}
    assert answer("mine") == []


def test_two_releases_are_compared(tmp_path):
    for name in ("old", "new"):
        answer("export", "--format", "csv", "--out", str(tmp_path / f"{name}.csv"), "--table", "reserves")
    path = tmp_path / "new.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    told = answer("diff", str(tmp_path / "old.csv"), str(path))
    assert (len(told["removed"]), told["added"], told["changed"]) == (1, [], [])
    assert "Removed" in derisk_here("data", "diff", str(tmp_path / "old.csv"), str(path)).stdout
    assert "same rows" in derisk_here("data", "diff", str(path), str(path)).stdout
