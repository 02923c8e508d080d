"""Every row is lawful, sourced, licensed and findable; the package carries what dataset/ says."""

from __future__ import annotations

from derisk.data import load_dataset
from derisk.data.examination import examine
from derisk.data.records import RECORD_TABLES

LARGEST_FILE_BYTES = 2_000_000
LARGEST_DATASET_BYTES = 20_000_000
LARGEST_PACKAGE_BYTES = 15_000_000
LICENCES = ("public domain", "cc by 4.0", "etalab", "cc0", "mit", "reuse with acknowledgement", "single facts")


def test_every_rule_is_obeyed(dataset_folder):
    problems = examine(dataset_folder).problems
    assert not problems, "\n".join(f"{p.where}: {p.what}" for p in problems)


def test_every_row_has_source_licence_and_locator(dataset):
    sources = dataset.sources()
    rows = dataset.rows()
    assert set(rows["source"]) <= set(sources)
    assert (rows["locator"] != "").all()
    for source in sources.values():
        assert source.shippable, source.id
        assert source.licence.lower().startswith(LICENCES), f"{source.id}: {source.licence}"


def test_assumed_rows_say_why_and_how_far_off(dataset):
    rows = dataset.rows()
    assumed = rows[rows["status"] == "assumed"]
    assert (assumed["note"] != "").all()
    without_range = assumed[assumed["low"].isna()]
    assert without_range.empty, without_range[["file", "line"]].to_string()


def test_every_source_is_used(dataset):
    used = set(dataset.rows()["source"]).union(*(dataset.records(name)["source"] for name in RECORD_TABLES))
    assert not set(dataset.sources()) - used


def test_package_carries_this_dataset(dataset, built_folder):
    assert dataset.hash == load_dataset(built_folder).hash, "run: make dataset"


def test_files_stay_small(dataset_folder):
    sizes = {path: path.stat().st_size for path in dataset_folder.rglob("*") if path.is_file()}
    assert not [path for path, size in sizes.items() if size > LARGEST_FILE_BYTES]
    assert sum(sizes.values()) < LARGEST_DATASET_BYTES


def test_package_stays_small(built_folder):
    assert sum(path.stat().st_size for path in built_folder.iterdir()) < LARGEST_PACKAGE_BYTES


def test_page_of_licences_names_every_source(dataset, dataset_folder):
    page = (dataset_folder.parent / "docs" / "data" / "licences.md").read_text(encoding="utf-8")
    assert not [source for source in dataset.sources() if f"`{source}`" not in page]
