"""Customs codes: each line lawful, each flow with one meaning, every code of the vocabulary and of the stored files known."""

from __future__ import annotations

from collections import Counter

import pytest

from derisk.data.customs import CUSTOMS_CODES, EDITIONS, ROLES, codes_of_good, lines_of_edition, meaning
from derisk.data.fields import STATUSES
from derisk.errors import InputError
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import COUNTRIES


def test_each_line_uses_known_words() -> None:
    for line in CUSTOMS_CODES:
        assert line.role in ROLES, line
        assert line.good in GOODS or (not line.good and line.role in ("basket", "outside")), line
        assert set(line.exporters) <= set(COUNTRIES), line
        assert line.status in STATUSES, line
        assert line.source.startswith("derisk-"), line
        assert line.editions, line
        assert line.hs6.isdigit(), line
        assert line.locator, line
        assert line.note, line


def test_each_rule_is_written_down() -> None:
    from pathlib import Path

    page = (Path(__file__).resolve().parents[3] / "docs" / "data" / "trade.md").read_text(encoding="utf-8")
    assert not {line.rule for line in CUSTOMS_CODES if f"**{line.rule}." not in page}


def test_content_shares_stand_in_their_ranges_and_only_where_a_code_is_apportioned() -> None:
    for line in CUSTOMS_CODES:
        if line.role == "main":
            assert line.content_share is not None, line
            assert line.low is not None, line
            assert line.high is not None, line
            assert 0 < line.low <= line.content_share <= line.high <= 1, line
        else:
            assert line.content_share is line.low is line.high is None, line


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_flow_has_one_meaning(edition: str) -> None:
    decided = Counter((line.hs6, who) for line in lines_of_edition(edition) for who in line.exporters or ("",))
    assert [key for key, lines in decided.items() if lines > 1] == []


def test_a_good_keeps_to_one_material_and_a_basket_names_its_own() -> None:
    for line in CUSTOMS_CODES:
        assert line.material == (GOODS[line.good].material if line.good else line.material)
        assert bool(line.material) == (line.role != "outside"), line


def test_every_code_of_the_vocabulary_has_a_line_for_its_good() -> None:
    stated = {(line.good, line.hs6) for line in CUSTOMS_CODES}
    wanted = {(good.good, code.replace(".", "")) for good in GOODS.values() for code in good.hs_codes}
    assert wanted - stated == set()


def test_congolese_hydroxide_counts_once() -> None:
    booked_by_importers = meaning("810520", edition="HS17", exporter="COD")
    booked_at_home = meaning("282200", edition="HS17", exporter="COD")
    elsewhere = meaning("282200", edition="HS17", exporter="FIN")
    assert booked_by_importers is not None
    assert booked_at_home is not None
    assert elsewhere is not None
    assert (booked_by_importers.good, booked_at_home.role, elsewhere.good) == (
        "cobalt_intermediate",
        "outside",
        "refined_cobalt",
    )


def test_a_code_of_seven_metals_is_no_ones() -> None:
    assert meaning("811292", edition="HS17", exporter="CHN") is None
    assert {line.good for line in CUSTOMS_CODES if line.hs6 == "811292"} >= {"gallium", "germanium", "indium"}


def test_codes_change_with_the_edition() -> None:
    assert codes_of_good("refined_cobalt", edition="HS92") == ("282200", "810510")
    assert codes_of_good("refined_cobalt", edition="HS17") == ("282200", "810520")
    assert codes_of_good("bismuth", edition="HS22") == ("810610", "810690")


def test_an_unknown_edition_is_refused() -> None:
    with pytest.raises(InputError, match="HS77"):
        lines_of_edition("HS77")
