"""`why`: the contract's keys, the alternatives, and what exists where nothing was found."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.lineage import explain_row
from derisk.data.shares import supply_share
from derisk.errors import DatasetError, InputError
from derisk.vocabulary.goods import GOODS

CONTRACT = [
    "material",
    "stage",
    "region",
    "period",
    "field",
    "value",
    "unit",
    "basis",
    "status",
    "low",
    "high",
    "source",
    "locator",
    "alternatives",
]


@pytest.fixture(scope="module")
def dataset(mini, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    dataset_folder = mini.write_dataset(folder / "dataset")
    oxides = [
        mini.row(good, source="survey-2026", value=value)
        for good, value in (("lacen_oxide", 90.0), ("ndpr_oxide", 30.0))
    ]
    trade = [
        mini.row(field="trade", region="CHL", partner=partner, value=value)
        for partner, value in (("CHN", 9.0), ("KOR", 4.0), ("JPN", 2.0))
    ]
    economy = [
        mini.row("", region="USA", period="2023", field=field, value=value, unit=unit, basis="none", use=use)
        for field, value, unit, use in (("gdp", 27.0, "USD", ""), ("value_added", 5.0, "musd/year", "machinery"))
    ]
    mini.write_rows(dataset_folder, [*mini.rows(), *oxides, *trade, *economy])
    (dataset_folder / "choices.yml").write_text(
        "- {field: production, region: ARG, exclude: agency-2025, reason: counted elsewhere}\n", encoding="utf-8"
    )
    build_dataset(dataset_folder, folder / "built")
    return load_dataset(folder / "built")


def test_answer_has_the_keys_of_the_contract_first(dataset):
    answer = dataset.why("lithium", "refining", "CHN", "2024")
    assert list(answer)[: len(CONTRACT)] == CONTRACT
    assert set(answer["source"]) == {"id", "title", "licence", "url"}
    assert (answer["value"], answer["low"], answer["locator"]) == (170.0, None, "table 1, China")


def test_alternatives_say_why_not(dataset):
    answer = dataset.why("lithium", "refining", "CHL", "2024")
    (rival,) = answer["alternatives"]
    assert (rival["value"], rival["source"]) == (55.0, "survey-2026")
    assert rival["why_not"] == "estimated, where agency-2025 is reported"
    assert answer["range_from"] == ["survey-2026"]


def test_withheld_alternative_is_null(dataset):
    (rival,) = dataset.why("lithium", "refining", "CHN", "2024")["alternatives"]
    assert (rival["value"], rival["why_not"]) == (None, "withheld: no number")


def test_main_good_is_explained_and_others_are_named(dataset):
    answer = dataset.why("rare_earths", "refining", "CHN", "2024")
    assert (answer["good"], answer["other_goods"]) == ("ndpr_oxide", ["lacen_oxide"])
    assert dataset.why("rare_earths", "refining", "CHN", "2024", good="lacen_oxide")["value"] == 90.0


def test_period_may_be_a_number(dataset):
    assert dataset.why("lithium", "refining", "CHN", 2024)["period"] == "2024"


def test_partner_is_asked_for_where_rows_differ(dataset):
    with pytest.raises(DatasetError) as caught:
        dataset.why("lithium", "refining", "CHL", "2024", "trade")
    assert caught.value.problems[0].hint == "name one with --partner"
    assert dataset.why("lithium", "refining", "CHL", "2024", "trade", partner="KOR")["value"] == 4.0
    with pytest.raises(DatasetError, match="with partner 'DEU'"):
        dataset.why("lithium", "refining", "CHL", "2024", "trade", partner="DEU")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("lithum", "refining", "CHN", "2024"), "did you mean 'lithium'"),
        (("lithium", "refinning", "CHN", "2024"), "unknown stage"),
        (("lithium", "refining", "CHI", "2024"), "unknown region 'CHI'"),
        (("lithium", "refining", "CHN", "last year"), "is not a year or a month"),
        (("lithium", "refining", "CHN", "2024", "output"), "unknown field 'output'"),
        (("lithium", "refining", "CHN", "2024", "production", "salt"), "unknown good 'salt'"),
    ],
)
def test_unknown_word_is_an_input_error(dataset, words, message):
    with pytest.raises(InputError, match=message) as caught:
        dataset.why(*words)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("words", "exists"),
    [
        (("lithium", "refining", "CHN", "2019"), "periods '2024'"),
        (("lithium", "refining", "BOL", "2024"), "regions 'ARG', 'CHL', 'CHN', 'WLD'"),
        (("lithium", "refining", "CHN", "2024", "reserves"), "fields 'production', 'trade'"),
        (("copper", "mining", "CHL", "2024"), "nothing about copper mining"),
    ],
)
def test_known_words_without_a_row_name_what_exists(dataset, words, exists):
    with pytest.raises(DatasetError) as caught:
        dataset.why(*words)
    assert caught.value.exit_code == 4
    assert caught.value.problems[0].allowed == exists


def test_excluded_figure_says_by_which_rule(dataset):
    with pytest.raises(DatasetError, match="counted elsewhere"):
        dataset.why("lithium", "refining", "ARG", "2024")


def test_row_by_its_id_is_told_chosen_or_not(dataset):
    chosen = dataset.why("lithium", "refining", "CHL", "2024")
    assert chosen["chosen"]
    (rival,) = chosen["alternatives"]
    told = explain_row(dataset, rival["row_id"])
    assert (told["value"], told["chosen"], told["source"]["id"]) == (55.0, False, "survey-2026")
    assert [other["row_id"] for other in told["alternatives"]] == [chosen["row_id"]]
    with pytest.raises(InputError, match="unknown row 'nothing'"):
        explain_row(dataset, "nothing")


def test_excluded_row_is_told_by_its_id(dataset):
    row_id = dataset.rows(field="production", region="ARG")["row_id"].iloc[0]
    assert "counted elsewhere" in explain_row(dataset, row_id)["choice"]


def test_rows_without_material_are_reached_with_a_dash(dataset):
    answer = dataset.why("-", "-", "USA", 2023, "gdp")
    assert (answer["material"], answer["value"], answer["unit"]) == ("", 27.0, "USD")
    assert dataset.why("-", "-", "USA", 2023, "value_added", use="machinery")["value"] == 5.0
    with pytest.raises(DatasetError, match="no row for gdp in JPN in 2023"):
        dataset.why("-", "-", "JPN", 2023, "gdp")


def test_family_holds_the_goods_of_its_element_groups(dataset):
    answer = dataset.why("rare_earths", "refining", "CHN", "2024")
    assert answer["material"] == GOODS["ndpr_oxide"].material != "rare_earths"
    share = supply_share(
        dataset, material="rare_earths", stage="refining", region="CHN", period="2024", good="ndpr_oxide"
    )
    assert share.value_share == 1.0


def test_ore_that_rows_count_with_the_rest_says_which_rows():
    with pytest.raises(DatasetError) as caught:
        load_dataset().why("rare_earths", "mining", "MMR", "2024", good="ionic_clay_concentrate")
    assert "rows of rare_earth_concentrate count it" in caught.value.problems[0].hint
