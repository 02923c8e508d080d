"""How much of what they can make do plants make at the end, and since when are they idled?"""

import numpy as np
import pytest

import derisk
from derisk.scenario import parse_scenario
from derisk.study import plant_loads, questions
from derisk.study.summary import summarise_tables

SCENARIO = """
name: t
base_year: 2024
start: 2025-01
months: 3
measures:
  - {kind: outage, by: COD, goods: [cobalt_intermediate], share: 0.8, from: 2025-02, why: A test.}
  - {kind: outage, by: FIN, goods: [refined_cobalt], share: 0.8, from: 2025-01, until: 2025-02, why: A test.}
  - {kind: new_capacity, by: AUS, goods: [refined_cobalt], from: 2025-03, lead_time_months: 0,
     capacity_t_per_year: 1200, unit_cost_usd_per_t: 1, why: A test.}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return derisk.run_study(parse_scenario(SCENARIO), draws=2, out=tmp_path_factory.mktemp("loads") / "study")


@pytest.fixture(scope="module")
def plants(study):
    return {(row["process"], row["region"]): row for row in study.summary["plants"]}


def course(study, process, region, column):
    rows = study.production[study.production["capacity_t"].notna()]
    rows = rows[(rows["process"] == process) & (rows["region"] == region)]
    return rows.pivot_table(index="draw", columns="month", values=column, observed=True)


def test_a_load_is_what_is_made_over_what_stands_idle_or_not(study, plants):
    made = course(study, "recover_cobalt", "COD", "quantity_t").sum(axis=1)
    stood = course(study, "recover_cobalt", "COD", "capacity_t").cummax(axis=1).sum(axis=1)
    row = plants["recover_cobalt", "COD"]
    assert row["load_share"] == pytest.approx(np.median(made / stood))
    assert row["load_share_p05"] == pytest.approx((made / stood).min())
    assert row["capacity_t"] == pytest.approx(course(study, "recover_cobalt", "COD", "capacity_t").max(axis=1).median())
    assert row["load_share"] < row["base_load_share"] < 1.0


def test_the_base_load_is_the_base_flows_over_what_the_plants_could_make(study, plants):
    flows = study.flows[(study.flows["good"] == "refined_cobalt") & (study.flows["origin"] == "CHN")]
    base = flows[flows["month"] == "2025-01"].groupby("draw")["base_quantity_t"].sum()
    stood = sum(course(study, kind, "CHN", "capacity_t").max(axis=1) for kind in ("refine_cobalt", "recycle_cobalt"))
    assert plants["refine_cobalt", "CHN"]["base_load_share"] == pytest.approx((base / stood).median())


def test_what_is_out_of_service_to_the_end_is_idled_and_what_comes_back_is_not(plants):
    assert plants["recover_cobalt", "COD"]["idled_from"] == "2025-02"
    assert plants["refine_cobalt", "FIN"]["idled_from"] == ""
    assert plants["refine_cobalt", "CHN"]["idled_from"] == ""


def test_a_new_plant_has_no_base_load_and_is_reckoned_from_its_opening(study, plants):
    row = plants["new_refined_cobalt", "AUS"]
    assert row["base_load_share"] is None
    assert course(study, "new_refined_cobalt", "AUS", "capacity_t").columns.tolist() == ["2025-03"]
    assert row["load_share"] > 0.8


def test_the_most_valuable_idle_output_comes_first_and_batches_change_nothing(study, monkeypatch):
    rows = study.summary["plants"]
    worth = [row["idle_output_musd"] for row in rows]
    assert worth == sorted(worth, reverse=True)
    assert (rows[0]["process"], rows[0]["region"]) == ("recover_cobalt", "COD")
    monkeypatch.setattr(questions, "DRAWS_AT_ONCE", 1)
    assert summarise_tables(study.folder)["plants"] == rows


def test_only_the_last_months_count(study, plants, monkeypatch):
    monkeypatch.setattr(plant_loads, "LAST_MONTHS", 1)
    told = {(row["process"], row["region"]): row for row in summarise_tables(study.folder)["plants"]}
    assert told["recover_cobalt", "COD"]["load_share"] < 0.8 * plants["recover_cobalt", "COD"]["load_share"]
