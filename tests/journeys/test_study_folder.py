"""A study folder holds what is promised, adds up, and can be read without derisk."""

from __future__ import annotations

import json
import shutil

import duckdb
import pytest
from study_arithmetic import columns, table, transfers_gap, worst_departure_from_base, worst_imbalance

import derisk
from derisk.errors import InputError, StudyError

CONTRACT = {
    "prices": "draw month good region producer_price_usd_per_t delivered_price_usd_per_t delivered_price_ratio permit_price_usd_per_t",
    "flows": "draw month good origin destination quantity_t base_quantity_t",
    "production": "draw month process good region quantity_t capacity_t",
    "use": "draw month good region use quantity_t base_quantity_t shortfall_t",
    "stocks": "draw month good region opening_t quantity_t",
    "losses": "draw month region use material value_added_lost_musd price_transfer_musd",
    "status": "draw month converged residual reason",
}
SUMMARY_KEYS = (
    "scenario question answer base_year start months draws converged_draws worst_imbalance value_added_lost_musd price_transfer_musd "
    "by_region by_use shortfall peak_price_ratio without_remedies assumed_share sources"
)


@pytest.mark.parametrize("name", CONTRACT)
def test_tables_have_the_promised_columns(washington_study, name):
    folder, _ = washington_study
    assert columns(folder, name)[: len(CONTRACT[name].split())] == CONTRACT[name].split()
    assert columns(folder / "without_remedies", name) == columns(folder, name)


def test_everything_made_or_shipped_is_used(washington_study):
    folder, _ = washington_study
    assert worst_imbalance(folder) < 1e-8
    assert worst_imbalance(folder / "without_remedies") < 1e-8


def test_what_users_pay_others_gain(washington_study):
    folder, _ = washington_study
    assert transfers_gap(folder) < 1e-8


def test_a_calm_month_is_the_base_year(calm_study):
    assert worst_imbalance(calm_study) < 1e-9
    assert worst_departure_from_base(calm_study) < 1e-9
    summary = json.loads((calm_study / "summary.json").read_text())
    assert summary["value_added_lost_musd"]["p95"] == 0.0
    assert summary["shortfall"] == []


def test_json_output_is_the_summary(washington_study):
    folder, printed = washington_study
    assert printed.pop("study") == str(folder)
    assert printed == json.loads((folder / "summary.json").read_text())
    assert [key for key in SUMMARY_KEYS.split() if key not in printed] == []
    assert [key for key in SUMMARY_KEYS.split() if key not in printed["without_remedies"]] == []
    assert printed["converged_draws"] == printed["draws"] == 2


def test_summary_agrees_with_the_losses_table(washington_study):
    folder, printed = washington_study
    with duckdb.connect() as connection:
        totals = connection.execute(
            f"SELECT sum(value_added_lost_musd) FROM {table(folder, 'losses')} GROUP BY draw"
        ).fetchall()
    assert printed["value_added_lost_musd"]["mean"] == pytest.approx(sum(row[0] for row in totals) / 2)


def test_remedies_help(washington_study):
    _, printed = washington_study
    assert printed["value_added_lost_musd"]["mean"] < printed["without_remedies"]["value_added_lost_musd"]["mean"]


def test_prices_are_positive_and_shortfalls_within_demand(washington_study):
    folder, _ = washington_study
    with duckdb.connect() as connection:
        lowest = connection.execute(
            f"SELECT min(delivered_price_usd_per_t), min(producer_price_usd_per_t) FROM {table(folder, 'prices')}"
        ).fetchall()[0]
        worst = connection.execute(
            f"SELECT max(shortfall_t - greatest(base_quantity_t, quantity_t)) FROM {table(folder, 'use')}"
        ).fetchall()[0][0]
    assert min(lowest) > -1e-6
    assert worst < 1e-6


def test_a_finished_study_is_returned_and_a_longer_one_completed(calm_study, tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(calm_study, folder)
    scenario = derisk.load_scenario(calm_study.parent / "calm.yml")
    before = {file: file.stat().st_mtime_ns for file in folder.rglob("*.parquet")}
    study = derisk.run_study(scenario, out=folder, draws=3)
    assert {file: file.stat().st_mtime_ns for file in folder.rglob("*.parquet")} == before
    assert study.summary["draws"] == 3
    longer = derisk.run_study(scenario, out=folder, draws=5)
    assert longer.summary["converged_draws"] == 5
    assert sorted(longer.status["draw"].unique()) == [0, 1, 2, 3, 4]


def test_an_interrupted_run_is_completed_with_the_same_numbers(calm_study, tmp_path):
    scenario = derisk.load_scenario(calm_study.parent / "calm.yml")
    folder = tmp_path / "study"

    def interrupt(done: int, wanted: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        derisk.run_study(scenario, out=folder, draws=9, progress=interrupt)
    with pytest.raises(StudyError, match="not finished"):
        derisk.Study.open(folder)
    completed = derisk.run_study(scenario, out=folder, draws=9)
    whole = derisk.run_study(scenario, out=tmp_path / "whole", draws=9, workers=1)
    order = ["draw", "month", "good", "origin", "destination"]
    first, second = (study.flows.sort_values(order, ignore_index=True) for study in (completed, whole))
    assert first.equals(second)


def test_another_studys_folder_is_left_alone(calm_study):
    scenario = derisk.load_scenario("copper-outage")
    before = sorted((file, file.stat().st_mtime_ns) for file in calm_study.rglob("*"))
    with pytest.raises(InputError, match="holds another study"):
        derisk.run_study(scenario, out=calm_study, draws=1)
    assert sorted((file, file.stat().st_mtime_ns) for file in calm_study.rglob("*")) == before


def test_a_damaged_part_is_named(calm_study, tmp_path):
    folder = tmp_path / "study"
    shutil.copytree(calm_study, folder)
    part = next((folder / "flows").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-10])
    study = derisk.Study.open(folder)
    assert len(study.prices)
    with pytest.raises(StudyError, match=part.name):
        _ = study.flows
