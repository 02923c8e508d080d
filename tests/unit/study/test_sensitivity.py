"""A study asked for its assumptions has their table, its checksum and its summary; another has none of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import derisk
from derisk.brief import numbers_without_lineage, render_brief
from derisk.errors import InputError, StudyError
from derisk.study.assumption_table import ASSUMPTION_COLUMNS
from derisk.study.tables import TABLES

SCENARIO = """
name: quota
question: What does a quota on magnets do, and a stock against it?
base_year: 2024
start: 2025-01
months: 2
measures:
  - {kind: export_quota, by: CHN, to: coalition, goods: ndfeb_magnet, from: 2025-01, share_of_base: {triangular: [0.3, 0.5, 0.9]}, why: test}
  - {kind: stockpile_release, by: JPN, goods: ndfeb_magnet, from: 2025-01, quantity_t: {triangular: [50, 200, 400]}, why: test}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("scenario") / "quota.yml"
    file.write_text(SCENARIO, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def study(scenario, tmp_path_factory):
    return derisk.run_study(scenario, out=tmp_path_factory.mktemp("asked") / "study", draws=2, sensitivity=3)


@pytest.fixture(scope="module")
def unasked(scenario, tmp_path_factory):
    return derisk.run_study(scenario, out=tmp_path_factory.mktemp("unasked") / "study", draws=2)


def test_the_table_holds_every_assumption_the_strongest_first(study):
    table = study.sensitivity
    assert list(table.columns) == list(ASSUMPTION_COLUMNS)
    solved = table["outcome_low_musd"].notna()
    assert solved.iloc[:3].all()
    assert len(table) == study.summary["sensitivity"]["assumptions"] > 150
    assert (table["low"] <= table["base"]).all()
    assert (table["base"] <= table["high"]).all()


def test_the_outcome_is_the_loss_of_the_central_draw(study):
    for one in (study, study.without_remedies):
        central = one.losses.loc[one.losses["draw"] == 0, "value_added_lost_musd"].sum()
        assert one.summary["sensitivity"]["outcome_musd"] == pytest.approx(central, rel=1e-12)


def test_rows_behind_an_assumption_are_rows_of_the_dataset(study):
    dataset = derisk.load_dataset()
    table = study.sensitivity
    of_rows = table[(table["status"] == "assumed") & ~table["kind"].str.startswith("parameter.")]
    for row in of_rows.iloc[:10].itertuples():
        (behind,) = [dataset.row(row_id) for row_id in row.row_ids.split()]
        assert (behind["field"], behind["good"] or "", behind["use"] or "") == (row.kind, row.good, row.use)
        assert behind["value"] == row.base
        assert (behind["low"], behind["high"]) == (row.low, row.high)
    measures = table[table["status"] == "scenario"]
    assert set(measures["row_ids"]) >= {"measures[0].share_of_base", "measures[1].quantity_t"}


def test_the_summary_holds_the_first_rows_of_the_table(study):
    largest = study.summary["sensitivity"]["largest"]
    assert len(largest) == 3
    for row, listed in zip(largest, study.sensitivity.to_dict("records"), strict=False):
        told = {name: None if cell != cell else cell for name, cell in listed.items()}  # not a number is null there
        assert {name: row[name] for name in ASSUMPTION_COLUMNS} == told
    assert study.summary["without_remedies"]["sensitivity"]["largest"]


def test_a_study_not_asked_has_neither_table_nor_words(unasked):
    assert unasked.sensitivity is None
    assert "sensitivity" not in unasked.summary
    assert "sensitivity" not in unasked.manifest
    assert set(unasked.manifest["tables"]) == {*TABLES, "propagation"}
    assert not list(unasked.folder.rglob("sensitivity*"))
    assert 'id="h-tornado"' not in render_brief(unasked)


def test_other_numbers_do_not_depend_on_it(study, unasked):
    assert study.summary["value_added_lost_musd"] == unasked.summary["value_added_lost_musd"]
    for table in TABLES:
        sums = [{name: part["sha256"] for name, part in s.manifest["tables"][table].items()} for s in (study, unasked)]
        assert sums[0] == sums[1]


def test_a_finished_study_can_be_asked_later_and_never_loses_it(scenario, tmp_path):
    folder, alone = tmp_path / "study", derisk.load_scenario(scenario).without_remedies()
    derisk.run_study(alone, out=folder, draws=1)
    asked = derisk.run_study(alone, out=folder, draws=1, sensitivity=2)
    table, facts = asked.sensitivity, asked.manifest["tables"]["sensitivity"]
    assert table["outcome_low_musd"].notna().sum() >= 2
    more = derisk.run_study(alone, out=folder, draws=2)
    assert more.summary["draws"] == 2
    assert more.manifest["sensitivity"] == 2
    assert more.sensitivity.equals(table)
    assert more.manifest["tables"]["sensitivity"] == facts


def test_a_damaged_table_is_named(study, tmp_path):
    folder = shutil.copytree(study.folder, tmp_path / "study")
    file = folder / "sensitivity.parquet"
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(StudyError, match="table 'sensitivity' is damaged"):
        _ = derisk.Study.open(folder).sensitivity
    file.unlink()
    with pytest.raises(StudyError, match="table 'sensitivity' is missing"):
        _ = derisk.Study.open(folder).sensitivity


def test_every_column_is_documented():
    page = (Path(__file__).parents[3] / "docs" / "reference" / "study.md").read_text(encoding="utf-8")
    assert [name for name in ASSUMPTION_COLUMNS if f"`{name}`" not in page] == []


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "ten", 10_000])
def test_a_wrong_number_of_assumptions_is_refused(scenario, wrong):
    with pytest.raises(InputError, match="sensitivity"):
        derisk.run_study(scenario, draws=1, sensitivity=wrong)


def test_the_brief_draws_it_with_every_number_accounted_for(study):
    html = render_brief(study)
    assert numbers_without_lineage(html) == []
    section = html[html.index('id="h-tornado"') :]
    section = section[: section.index("</section>")]
    first = study.without_remedies.sensitivity.iloc[0]
    assert "Without the levers" in section
    assert first["parameter"].split(" that ")[0] in section
    ledger = json.loads(html.split('<script type="application/json" id="lineage">')[1].split("</script>")[0])
    marks = {entry.get("scenario") for entry in ledger.values()}
    assert first["row_ids"] in marks
    assert any(entry.get("table") == "without_remedies/sensitivity" for entry in ledger.values())


def test_lost_ends_are_null_in_json(study):
    table = study.sensitivity
    unsolved = table["outcome_low_musd"].isna()
    assert unsolved.any()
    text = (study.folder / "summary.json").read_text(encoding="utf-8")
    assert "NaN" not in text
    underived = table["note"].str.contains("no month alone knows it")
    assert np.isfinite(table.loc[~unsolved & ~underived, "first_order_low_musd"]).all()
