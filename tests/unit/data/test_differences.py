"""Differences between releases, whatever form each has."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.differences import compare, read_release
from derisk.data.exports.export import export_dataset
from derisk.errors import InputError


@pytest.fixture
def releases(mini, tmp_path):
    """Two datasets: China's figure and the world's grow, Argentina leaves, Peru comes, the survey wins in Chile."""
    old = mini.write_dataset(tmp_path / "old")
    lines = mini.rows()
    lines[0]["value"], lines[3]["value"] = 255.0, 264.0
    lines[2] = mini.row(region="PER", value=1.0)
    new = mini.write_dataset(tmp_path / "new", lines)
    rule = "- {field: production, region: CHL, prefer: survey-2026, reason: newer}\n"
    (new / "choices.yml").write_text(rule, encoding="utf-8")
    text = (new / "sources" / "survey-2025.yml").read_text(encoding="utf-8")
    (new / "sources" / "survey-2027.yml").write_text(text.replace("2025", "2027"), encoding="utf-8")
    return old, new


def test_changes_are_told_largest_first(releases):
    told = compare(*map(read_release, releases)).as_json()
    assert [(c["region"], c["old"], c["new"], c["change_percent"]) for c in told["changed"]] == [
        ("CHN", 170.0, 255.0, 50.0),
        ("WLD", 240.0, 264.0, 10.0),
    ]
    assert [(row["region"], row["value"]) for row in told["added"]] == [("PER", 1.0)]
    assert [row["region"] for row in told["removed"]] == ["ARG"]
    assert [(c["region"], c["old_source"], c["new_source"]) for c in told["choice_changed"]] == [
        ("CHL", "agency-2025", "survey-2026")
    ]
    assert (told["sources_added"], told["sources_removed"]) == (["survey-2027"], [])


def test_a_range_that_another_source_widened_is_no_change_of_the_row(mini, releases):
    old, _ = releases
    other = mini.write_dataset(old.parent / "other", [row for row in mini.rows() if row["source"] != "survey-2026"])
    told = compare(read_release(old), read_release(other))
    assert told.changed == ()
    assert len(told.removed) == 2


def test_number_that_came_or_went_stands_first_without_a_percentage(mini, releases, tmp_path):
    old, _ = releases
    lines = mini.rows()
    lines[3]["value"] = 300.0
    lines[5] |= {"value": 180.0, "status": "estimated"}
    told = compare(read_release(old), read_release(mini.write_dataset(tmp_path / "later", lines))).as_json()
    first, second = told["changed"]
    assert (first["old"], first["new"], first["change_percent"]) == (None, 180.0, None)
    assert first["also"] == {"status": ["withheld", "estimated"]}
    assert second["change_percent"] == 25.0


def test_every_form_of_a_release_reads_the_same(releases, tmp_path):
    old, _ = releases
    build_dataset(old, tmp_path / "built")
    dataset = load_dataset(tmp_path / "built")
    forms = [tmp_path / "built"]
    for form, out in (("datapackage", "p.zip"), ("csv", "folder"), ("parquet", "rows.parquet"), ("xlsx", "b.xlsx")):
        export_dataset(dataset, tmp_path / out, form=form)
        forms.append(tmp_path / out)
    edited = read_release(old)
    for path in forms:
        differences = compare(edited, read_release(path))
        assert (differences.added, differences.removed, differences.changed) == ((), (), ()), path.name
        assert differences.choices == ()


def test_choices_are_compared_between_exports_too(releases, tmp_path):
    for name, folder in zip(("old", "new"), releases, strict=True):
        build_dataset(folder, tmp_path / f"{name}-built")
        export_dataset(load_dataset(tmp_path / f"{name}-built"), tmp_path / f"{name}.csv", form="csv")
    told = compare(read_release(tmp_path / "old.csv"), read_release(tmp_path / "new.csv")).as_json()
    assert [(c["region"], c["old"], c["new"]) for c in told["choice_changed"]] == [("CHL", 50.0, 55.0)]


def test_same_release_has_no_differences(releases):
    assert compare(read_release(releases[0]), read_release(releases[0])).is_empty()


def test_absent_release_is_named(tmp_path):
    with pytest.raises(InputError, match="no release at"):
        read_release(tmp_path / "nowhere")
