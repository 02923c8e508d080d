"""Do the words people use lead to the right ids, as hints, and never to an id that does not exist?"""

from __future__ import annotations

import csv
from importlib import resources

import pytest

from derisk.vocabulary.goods import GOODS, MATERIALS
from derisk.vocabulary.regions import BLOCS, COUNTRIES, SPECIAL_REGIONS
from derisk.vocabulary.spellings import Kind, ids_meant, one_of, region_meant, unknown_id

KNOWN: dict[Kind, tuple[str, ...]] = {
    "region": ("all", *BLOCS, *COUNTRIES, *SPECIAL_REGIONS),
    "good": tuple(GOODS),
    "material": tuple(MATERIALS),
}
DATASET = (*COUNTRIES, *SPECIAL_REGIONS)
SCENARIO = ("all", *BLOCS, "XEU", "ROW", *COUNTRIES)


def listed() -> list[dict[str, str]]:
    text = resources.files("derisk.vocabulary").joinpath("spellings.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.mark.parametrize("row", listed(), ids=lambda row: f"{row['kind']} {row['meant']}")
def test_every_listed_spelling_means_ids_that_exist(row):
    meant = row["meant"].split("; ")
    assert set(meant) <= set(KNOWN[row["kind"]])
    for spelling in row["spellings"].split("; "):
        found = ids_meant(row["kind"], spelling, KNOWN[row["kind"]])
        assert found == tuple(meant if row["kind"] != "region" or spelling == "Congo" else meant[:1]), spelling


@pytest.mark.parametrize("kind", ["region", "good", "material"])
def test_no_spelling_stands_twice(kind):
    spellings = [s.casefold() for row in listed() if row["kind"] == kind for s in row["spellings"].split("; ")]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("word", "of_dataset", "of_scenario"),
    [
        ("DRC", ("COD",), ("COD",)),
        ("Congo", ("COD", "COG"), ("COD", "COG")),
        ("South Korea", ("KOR",), ("KOR",)),
        ("Türkiye", ("TUR",), ("TUR",)),
        ("Russia", ("RUS",), ("RUS",)),
        ("usa", ("USA",), ("USA",)),
        ("UK", ("GBR",), ("GBR",)),
        ("EU", ("EUU",), ("eu27",)),
        ("world", ("WLD",), ("all",)),
        ("Atlantis", (), ()),
    ],
)
def test_a_name_leads_to_the_code_that_may_stand_there(word, of_dataset, of_scenario):
    assert ids_meant("region", word, DATASET) == of_dataset
    assert ids_meant("region", word, SCENARIO) == of_scenario


@pytest.mark.parametrize(
    ("word", "goods"),
    [
        ("cobalt_hydroxide", ("cobalt_intermediate",)),
        ("lithium_carbonate", ("lithium_chemical",)),
        ("nickel_sulphate", ("refined_nickel",)),
        ("magnets", ("ndfeb_magnet",)),
        ("8505.11", ("ndfeb_magnet",)),
        ("cobalt", ("cobalt_intermediate", "refined_cobalt")),
        ("flux capacitor", ()),
    ],
)
def test_the_field_s_words_lead_to_goods(word, goods):
    assert ids_meant("good", word, tuple(GOODS)) == goods


def test_rare_earths_lead_to_goods_of_every_stage():
    assert {GOODS[good].stage for good in ids_meant("good", "rare earths", tuple(GOODS))} == {
        "mining",
        "refining",
        "component",
    }


@pytest.mark.parametrize(
    ("kind", "word", "hint"),
    [
        ("region", "DRC", "write 'COD'"),
        ("region", "Congo", "write 'COD' (Kinshasa) or 'COG' (Brazzaville)"),
        ("partner", "Germny", "did you mean 'DEU'?"),
        ("good", "cobalt_hydroxid", "did you mean 'cobalt_intermediate'?"),
        ("good", "gallum", "did you mean 'gallium'?"),
        ("material", "rare earths", "write 'rare_earths'"),
        ("stage", "refinig", "did you mean 'refining'?"),
    ],
)
def test_the_hint_and_the_first_words_known_name_the_id(kind, word, hint):
    known = {"region": DATASET, "partner": DATASET, "stage": ("mining", "refining")}.get(kind) or KNOWN[kind]
    problem = unknown_id(kind, word, known)
    assert problem.what == f"unknown {kind} '{word}'"
    assert problem.hint == hint
    assert problem.allowed.split("'")[1] in hint


def test_ids_are_listed_as_a_sentence_lists_them():
    assert one_of(["a"]) == "'a'"
    assert one_of(["a", "b", "c"]) == "'a', 'b' or 'c'"


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("CHN", "CHN"),
        ("China", "CHN"),
        ("united states", "USA"),
        ("de", "DEU"),
        ("SA", "SAU"),
        ("Holland", "NLD"),
        ("eu27", "eu27"),
        ("world", "WLD"),
        ("Europe", ""),
        ("Congo", ""),
        ("Atlantis", ""),
    ],
)
def test_a_countrys_name_is_taken_and_a_word_for_several_is_not(word, meant):
    assert region_meant(word, (*DATASET, *BLOCS)) == meant
