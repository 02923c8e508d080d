"""Known errors are mended, and the build fails once upstream mends them."""

from __future__ import annotations

import pytest

from derisk.data.build import assemble
from derisk.errors import DatasetError

ENTRY = """\
- source: agency-2025
  match: {{region: {region}, field: production}}
  expect: {expect}
  replace: {replace}
  reason: erratum of May
"""


def correct(folder, *, region="ARG", expect=20, replace=25):
    (folder / "corrections").mkdir(exist_ok=True)
    (folder / "corrections" / "agency.yml").write_text(
        ENTRY.format(region=region, expect=expect, replace=replace), encoding="utf-8"
    )


def problem_of(folder):
    with pytest.raises(DatasetError) as caught:
        assemble(folder)
    return caught.value.problems[0]


def test_figure_is_replaced_and_says_so(dataset_folder):
    correct(dataset_folder)
    row = next(row for row in assemble(dataset_folder).rows if row.region == "ARG")
    assert row.value == 25
    assert row.correction == "published 20: erratum of May"


def test_row_is_dropped(dataset_folder):
    correct(dataset_folder, replace="drop")
    assert not [row for row in assemble(dataset_folder).rows if row.region == "ARG"]


def test_contradiction_is_kept_and_documented(dataset_folder):
    correct(dataset_folder, replace="keep")
    row = next(row for row in assemble(dataset_folder).rows if row.region == "ARG")
    assert row.value == 20
    assert row.correction == "kept as published: erratum of May"


def test_mended_upstream_fails_the_build(dataset_folder):
    correct(dataset_folder, expect=21)
    problem = problem_of(dataset_folder)
    assert problem.what == "upstream changed: expected 21, found 20"
    assert problem.where == "corrections/agency.yml, line 1; observations/lithium/refining.csv, line 4"


def test_correction_that_matches_no_row_fails_the_build(dataset_folder):
    correct(dataset_folder, region="BOL")
    assert problem_of(dataset_folder).what == "correction matches 0 rows in place of one"


def test_unknown_replacement_is_refused(dataset_folder):
    correct(dataset_folder, replace="double")
    assert problem_of(dataset_folder).what == "replace 'double' is not understood"


def test_unknown_column_is_refused(dataset_folder):
    correct(dataset_folder)
    path = dataset_folder / "corrections" / "agency.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("region:", "country:"), encoding="utf-8")
    assert problem_of(dataset_folder).what == "match names unknown column 'country'"
