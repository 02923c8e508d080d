"""`derisk data`: every command prints one JSON document, and exits as the contract says."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from derisk.cli.data import app
from derisk.data import dataset as dataset_module
from derisk.data.build import build_dataset
from derisk.data.fields import FIELDS, TABLES
from derisk.errors import DatasetError, InputError, UsageError
from derisk.vocabulary.goods import GOODS


@pytest.fixture
def run(dataset_folder, tmp_path, monkeypatch):
    (dataset_folder / "projects.csv").write_text(
        "project_id,project,good,capacity_t_per_year\nP1,Salar,lithium_chemical,10\nP2,Mill,gallium,\n",
        encoding="utf-8",
    )
    events = "event_id,date_announced,goods,instrument\nE1,2023-07-03,gallium;germanium,export licence\nE2,2025-04-04,dytb_oxide,export licence\n"
    (dataset_folder / "events.csv").write_text(events, encoding="utf-8")
    build_dataset(dataset_folder, tmp_path / "built")
    monkeypatch.setattr(dataset_module, "EMBEDDED", tmp_path / "built")

    def run_command(*words):
        result = CliRunner().invoke(app, words)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run_command


def test_listings_print_json_and_a_table(run):
    for listing in ("goods", "materials", "regions", "uses", "sources", "projects", "events"):
        records = json.loads(run(listing, "--json").stdout)
        assert isinstance(records, list), listing
        assert records, listing
        assert f"{len(records)} rows" in run(listing).stdout, listing


def test_goods_hold_the_contracts_keys(run):
    goods = json.loads(run("goods", "--json").stdout)
    assert {"good", "material", "stage", "basis", "price_basis", "hs_codes"} <= set(goods[0])
    assert [g["good"] for g in goods if not g["traded"]] == [g.good for g in GOODS.values() if not g.traded]


def test_regions_hold_countries_and_blocs(run):
    regions = {record["region"]: record for record in json.loads(run("regions", "--json").stdout)}
    assert regions["JPN"]["blocs"] == ["coalition", "g7"]
    assert "JPN" in regions["coalition"]["members"]


def test_every_table_answers(run):
    for name in TABLES:
        assert isinstance(json.loads(run("table", name, "--json").stdout), list), name


def test_table_filters(run):
    assert (
        len(json.loads(run("table", "production", "--material", "lithium", "--period", "2024", "--json").stdout)) == 4
    )
    assert json.loads(run("table", "production", "--material", "gallium", "--json").stdout) == []
    assert [e["event_id"] for e in json.loads(run("table", "events", "--material", "germanium", "--json").stdout)] == [
        "E1"
    ]
    assert [e["event_id"] for e in json.loads(run("table", "events", "--period", "2025", "--json").stdout)] == ["E2"]
    text = run("table", "production").stdout
    assert "lithium" in text
    assert "CHL" in text
    assert "no rows yet" in run("table", "deposits").stdout


def test_a_countrys_name_is_taken_for_its_code(run):
    by_code = run("table", "production", "--region", "CHN", "--json").stdout
    assert json.loads(by_code)
    assert run("table", "production", "--region", "China", "--json").stdout == by_code
    assert run("table", "production", "--region", "cn", "--json").stdout == by_code
    named = run("why", "lithium", "refining", "Chile", "2024", "--json").stdout
    assert named == run("why", "lithium", "refining", "CHL", "2024", "--json").stdout


def test_unknown_table_and_material_are_input_errors(run):
    with pytest.raises(InputError, match="did you mean 'prices'"):
        run("table", "price", "--json")
    with pytest.raises(InputError, match="unknown material"):
        run("table", "prices", "--material", "salt")
    with pytest.raises(UsageError, match="no table is named, so 'lithium' chooses nothing"):
        run("table", "--material", "lithium")


def test_every_field_has_a_table():
    assert {field.table for field in FIELDS.values()} <= set(TABLES)


def test_why_prints_the_lineage(run):
    answer = json.loads(run("why", "lithium", "refining", "CHN", "2024", "--json").stdout)
    assert answer["value"] == 170.0
    text = run("why", "lithium", "refining", "CHL", "2024").stdout
    assert "Outlook (CC BY 4.0)" in text
    assert "survey-2026" in text


def test_check_of_a_folder(run, mini, dataset_folder):
    assert "obey" in run("check", str(dataset_folder)).stdout
    mini.write_rows(dataset_folder, [mini.row(region="CHA")])
    with pytest.raises(DatasetError, match="unknown region 'CHA'"):
        run("check", str(dataset_folder))
    result = run("check", str(dataset_folder), "--json")
    assert result.exit_code == DatasetError.exit_code
    assert json.loads(result.stdout)["problems"][0]["where"] == "observations/lithium/refining.csv, line 2"
