"""Lines of indicators from rows: exact values, their sources and status, and what is missing."""

from __future__ import annotations

import pytest

from derisk.errors import DatasetError, InputError
from derisk.indicators import CATALOGUE, StudyLosses, Wanted, compute_indicators, explain
from derisk.indicators.ground import Ground
from derisk.indicators.hhi import measure as measure_hhi


def lines(dataset, indicator, **words):
    return compute_indicators(dataset, Wanted(indicator, every_year="year" not in words, **words))


def one(dataset, indicator, **words):
    (found,) = lines(dataset, indicator, **words)
    return found


def test_concentration_with_its_source_and_components(small, rows):
    found = one(small(rows), "hhi", stage="refining", year=2022)
    assert found["value"] == pytest.approx(0.36 + 0.09)
    assert {name: found[name] for name in ("material", "stage", "good", "region", "year", "unit", "source", "status")} == {
        "material": "tin", "stage": "refining", "good": "refined_tin", "region": "WLD", "year": 2022, "unit": "none",
        "source": "agency-2025", "status": "reported",
    }  # fmt: skip
    assert found["components"]["other_share"] == pytest.approx(0.1)


def test_concentration_under_another_treatment_of_others(small, rows):
    found = measure_hhi(Ground(small(rows)), other="one_supplier")
    value = dict(zip(zip(found.keys["good"], found.keys["year"].tolist()), found.value.tolist()))
    assert value["refined_tin", 2022] == pytest.approx(0.46)


def test_countries_without_a_world_total_tell_nothing(small, rows):
    found = one(small(rows), "hhi", stage="refining", year=2019)
    assert found["value"] is None
    assert found["absent"] == "no world total beside the countries"
    assert found["status"] == ""


def test_a_world_total_far_beyond_the_countries_is_an_absence_with_its_share(small, rows):
    rows = [
        {**row, "value": 1000} if row.get("region") == "WLD" and row.get("stage") == "mining" else row for row in rows
    ]
    assert (
        one(small(rows), "hhi", stage="mining", year=2022)["absent"]
        == "the countries named make 5 % of the world's output"
    )


def test_withheld_output_is_named(small, rows):
    rows.append({**rows[0], "region": "PER", "value": "", "status": "withheld"})
    found = one(small(rows), "hhi", stage="refining", year=2022)
    assert found["components"]["withheld"] == "PER"
    assert found["status"] == "reported"


def test_largest_three_by_name(small, rows):
    found = one(small(rows), "top_share", stage="refining", year=2022)
    assert found["value"] == pytest.approx(0.9)
    assert found["components"]["largest"] == "CHN; IDN"


def test_governance_of_the_year_before_weighs_supply(small, rows):
    found = one(small(rows), "governance_concentration", stage="refining", year=2022)
    assert found["value"] == pytest.approx(0.36 * 6.0 + 0.09 * 5.0)
    assert found["components"]["governance_year"] == 2021
    assert found["source"] == "agency-2025; bank"


def test_missing_governance_is_named_and_changes_no_other_line(small, rows):
    whole = {line["stage"]: line for line in lines(small(rows), "governance_concentration", year=2022)}
    assert whole["mining"]["absent"] == "no governance for AUS up to 2022"
    assert whole["mining"]["value"] is None
    assert whole["refining"]["value"] == pytest.approx(2.61)


def test_reliance_from_output_and_trade_of_one_stage(small, rows):
    found = {line["region"]: line for line in lines(small(rows), "net_import_reliance", year=2022)}
    assert found["IDN"]["value"] == pytest.approx((10 - 7) / (30 + 3))
    assert found["CHN"]["value"] == pytest.approx((5 - 18) / (60 - 13))
    assert found["DEU"]["value"] == pytest.approx(1.0)
    assert found["DEU"]["status"] == "bound"
    assert found["EUU"]["value"] == pytest.approx(1.0)
    assert found["EUU"]["components"]["import_t"] == pytest.approx(10.0)
    assert found["IDN"]["source"] == "agency-2025; customs"


def test_the_publishers_own_reliance_stands(small, rows):
    rows.append({**rows[0], "field": "net_import_reliance", "region": "IDN", "value": 0.2, "source": "survey-2026"})
    found = one(small(rows), "net_import_reliance", region="IDN", year=2022)
    assert (found["value"], found["source"]) == (0.2, "survey-2026")


def test_score_of_an_importer(small, rows):
    found = {line["region"]: line for line in lines(small(rows), "geopolrisk", year=2022)}
    assert found["DEU"]["value"] == pytest.approx(0.45 * (8 * 0.6 + 2 * 0.5) / 10)
    assert found["IDN"]["value"] == pytest.approx(0.45 * 10 * 0.6 / (10 + 30))
    assert found["EUU"]["value"] == found["DEU"]["value"]
    assert found["FRA"]["value"] == pytest.approx(0.45 * 0.2)


def test_an_origin_without_governance_leaves_a_named_absence_and_other_importers_alone(small, rows):
    before = {line["region"]: line["value"] for line in lines(small(rows), "geopolrisk", year=2022)}
    rows.append({**next(row for row in rows if row["field"] == "trade"), "region": "VEN", "partner": "FRA", "value": 1})
    after = {line["region"]: line for line in lines(small(rows), "geopolrisk", year=2022)}
    assert after["FRA"]["absent"] == "no governance for VEN"
    assert {region: after[region]["value"] for region in ("DEU", "IDN", "CHN")} == {
        region: before[region] for region in ("DEU", "IDN", "CHN")
    }


def test_gross_weight_serves_importers_that_make_nothing(small, rows):
    rows = [{**row, "field": "trade_gross"} if row["field"] == "trade" else row for row in rows]
    found = {line["region"]: line for line in lines(small(rows), "geopolrisk", year=2022)}
    assert found["DEU"]["value"] == pytest.approx(0.45 * 0.58)
    assert found["DEU"]["components"]["measured_by"] == "gross weight"
    assert found["IDN"]["absent"] == "imports are known by gross weight alone, beside own output"
    assert lines(small(rows), "net_import_reliance", year=2022) == []


def test_ore_trade_never_meets_metal_output(small, rows):
    rows = [row for row in rows if not (row["field"] == "production" and row["stage"] == "refining")]
    assert {line["absent"] for line in lines(small(rows), "geopolrisk", year=2022)} == {
        "no output of refined_tin in 2022"
    }


def test_factor_takes_the_mean_price_of_the_years_before(small, rows):
    found = one(small(rows), "geopolrisk_factor", region="DEU", year=2022)
    assert found["value"] == pytest.approx(0.45 * 0.58 * 25.0 / 0.409412948)
    assert found["components"]["price_years"] == 2


def test_european_supply_risk_from_shares(small, rows):
    found = one(small(rows), "eu_supply_risk")
    world = 0.64 * 6.0 * 1.1 + 0.04 * 5.0 * 1.1
    europe = 0.25 * 6.0 * 1.1 + 0.25 * 2.0 * 0.8
    assert found["value"] == pytest.approx((world * 0.25 + europe * 0.75) * 0.75 * 0.8)
    assert found["components"]["import_reliance_share"] == pytest.approx(0.5)
    assert (found["region"], found["components"]["supply_data"]) == ("EUU", "world and EU")


@pytest.mark.parametrize(
    ("field", "absent"),
    [
        ("eol_recycling_input_rate", "no end-of-life recycling input rate"),
        ("substitution_index_risk", "no substitution index"),
        ("trade_parameter", "no trade parameter for CHN, DEU, IDN"),
    ],
)
def test_what_european_supply_risk_lacks_is_named(small, rows, field, absent):
    found = one(small(row for row in rows if row["field"] != field), "eu_supply_risk")
    assert (found["value"], found["absent"].split(" of the ")[0]) == (None, absent)


def test_economic_importance_of_a_region(small, rows):
    found = one(small(rows), "eu_economic_importance")
    assert found["value"] == pytest.approx(10 / 200 * (0.75 * 100 + 0.25 * 200) * 0.9)
    assert found["region"] == "USA"


def test_coverage_without_the_largest(small, rows):
    found = one(small(rows), "n_minus_1")
    assert found["value"] == pytest.approx((100 - 60) / (100 - 50))
    assert (found["status"], found["components"]["demand_from"]) == ("assumed", "world supply")


def test_demand_of_single_uses_is_not_the_worlds(small, rows):
    rows.append({**rows[0], "field": "demand", "region": "WLD", "use": "electronics", "value": 10})
    assert one(small(rows), "n_minus_1")["components"]["demand_t"] == pytest.approx(100.0)


def test_reserve_life_of_countries_and_the_world(small, rows):
    found = {line["region"]: line for line in lines(small(rows), "reserve_life")}
    assert (found["CHN"]["value"], found["WLD"]["value"]) == (25.0, 80.0)
    assert found["PER"]["absent"] == "no output of the region is listed"


def test_by_product_share_as_stated(small, rows):
    assert one(small(rows), "by_product_dependence")["value"] == pytest.approx(0.04)


def test_losses_of_studies(small, rows):
    studies = [
        StudyLosses("ban", 0.1, {("DEU", "tin"): 400.0, ("ROW", "tin"): 50.0}, 2024),
        StudyLosses("outage", 0.5, {("DEU", "tin"): 20.0, ("DEU", "copper"): 100.0}, 2024),
    ]
    effect = compute_indicators(small(rows), Wanted("gdp_effect"), studies=studies)
    assert {(line["region"], line["material"]): line["value"] for line in effect} == {
        ("DEU", "tin"): -50.0, ("DEU", "copper"): -50.0, ("ROW", "tin"): -5.0,
    }  # fmt: skip
    assert effect[0]["source"] == "study ban; study outage"
    share = {
        line["region"]: line for line in compute_indicators(small(rows), Wanted("expected_loss_share"), studies=studies)
    }
    assert share["DEU"]["value"] == pytest.approx(100.0 / 4e6)
    assert share["ROW"]["absent"] == "no gross domestic product of ROW"
    of_tin = compute_indicators(
        small(rows), Wanted("expected_loss_share", material="tin", region="DEU"), studies=studies
    )
    assert [(line["material"], line["value"]) for line in of_tin] == [("tin", pytest.approx(50.0 / 4e6))]


def test_a_chance_beyond_one_is_refused():
    with pytest.raises(InputError, match="probability"):
        StudyLosses("ban", 1.5, {}, 2024)


def test_without_a_year_the_newest_value_stands(small, rows):
    found = compute_indicators(small(rows), Wanted("hhi", stage="refining"))
    assert [line["year"] for line in found] == [2022]


def test_every_indicator_makes_a_line(small, rows):
    studies = [StudyLosses("ban", 0.1, {("DEU", "tin"): 400.0}, 2024)]
    found = compute_indicators(small(rows), Wanted(every_year=True), studies=studies)
    assert {line["indicator"] for line in found} == set(CATALOGUE)
    assert all((line["value"] is None) == bool(line["absent"]) for line in found)
    assert all(line["source"] for line in found if line["value"] is not None)


def test_an_empty_dataset_has_no_lines_and_no_faults(small):
    empty = small([])
    assert compute_indicators(empty, Wanted(every_year=True)) == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ({"indicator": "hhj"}, "did you mean 'hhi'"),
        ({"material": "galium"}, "did you mean 'gallium'"),
        ({"stage": "refinig"}, "did you mean 'refining'"),
        ({"region": "CHX"}, "unknown region 'CHX'"),
        ({"good": "refined_tim"}, "did you mean 'refined_tin'"),
        ({"year": 24}, "year 24"),
    ],
)
def test_unknown_words_are_refused_with_the_nearest(words, hint):
    with pytest.raises(InputError, match=hint):
        Wanted(**words)


def test_a_bloc_is_its_countries(small, rows):
    found = lines(small(rows), "geopolrisk", region="eu27", year=2022)
    assert {line["region"] for line in found} == {"DEU", "FRA"}


def test_explanation_puts_the_numbers_in_and_names_their_rows(small, rows):
    answer = explain(small(rows), Wanted("geopolrisk", "tin", region="DEU", year=2022))
    assert answer["told"] == "score = 0.4500 × 5.8 / (0.0 + 10.0) = 0.26100"
    kept = {(row["field"], row["region"], row["partner"], row["value"]) for row in answer["rows"]}
    assert {("trade", "CHN", "DEU", 8.0), ("production", "CHN", "", 60.0)} <= kept
    assert ("governance_political_stability", "FRA", "", 1.0) not in kept


def test_explanation_of_several_lines_asks_for_a_word(small, rows):
    with pytest.raises(DatasetError, match="name one with"):
        explain(small(rows), Wanted("hhi", "tin"))


def test_explanation_of_nothing_names_the_years_there_are(small, rows):
    with pytest.raises(DatasetError, match="years '2022'"):
        explain(small(rows), Wanted("hhi", "tin", year=1999))


def test_explanation_of_an_absence_says_what_is_missing(small, rows):
    answer = explain(small(rows), Wanted("hhi", "tin", stage="refining", year=2019))
    assert answer["told"] == "no value: no world total beside the countries"
