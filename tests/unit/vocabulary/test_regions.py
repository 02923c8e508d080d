"""Are countries found under the names publishers print, and only under those?"""

from __future__ import annotations

import pytest

from derisk.errors import InputError
from derisk.vocabulary.regions import (
    BLOCS,
    COUNTRIES,
    bloc_members,
    country_code,
    country_of_number,
    region_name,
)


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Congo (Kinshasa)", "COD"),
        ("Burma", "MMR"),
        ("Korea, Republic of", "KOR"),
        ("Korea, Rep.", "KOR"),
        ("Russian Federation", "RUS"),
        ("Other Asia, nes", "TWN"),
        ("Czechia", "CZE"),
        ("Turkey", "TUR"),
        ("  united   STATES ", "USA"),
        ("Côte d’Ivoire", "CIV"),
        ("chn", "CHN"),
        ("Other countries", "OTH"),
        ("World total (rounded)", "WLD"),
    ],
)
def test_spellings(printed, code):
    assert country_code(printed) == code


def test_an_unknown_name_is_an_error_with_a_hint():
    with pytest.raises(InputError, match="unknown country 'Germny'") as caught:
        country_code("Germny")
    assert "did you mean 'Germany'?" in str(caught.value)


def test_numbers():
    assert country_of_number(156) == "CHN"
    with pytest.raises(InputError, match="country number"):
        country_of_number(1)


def test_blocs():
    assert len(BLOCS["eu27"]) == 27
    assert len(BLOCS["coalition"]) == 35
    assert set(BLOCS["g7"]) < set(BLOCS["coalition"])
    assert bloc_members("central_asia") == ("KAZ", "KGZ", "TJK", "TKM", "UZB")
    with pytest.raises(InputError, match="unknown bloc 'g8'"):
        bloc_members("g8")


def test_names():
    assert region_name("GBR") == "United Kingdom"
    assert region_name("ROW") == "Rest of the world"
    with pytest.raises(InputError, match="unknown region 'GBX'"):
        region_name("GBX")


def test_label_points_lie_on_the_globe():
    assert all(-90 <= c.latitude <= 90 and -180 <= c.longitude <= 180 for c in COUNTRIES.values())


def test_codes_of_two_letters_are_each_one_country_and_no_name_a_publisher_prints():
    codes = [country.iso2 for country in COUNTRIES.values()]
    assert len(set(codes)) == len(codes)
    assert all(len(code) == 2 and code.isupper() for code in codes)
    assert [COUNTRIES[iso3].iso2 for iso3 in ("CHN", "DEU", "JPN", "COD", "NAM", "XKX")] == [
        "CN", "DE", "JP", "CD", "NA", "XK",
    ]  # fmt: skip
    with pytest.raises(InputError):
        country_code("NA")
