"""Customs countries: the numbers and letters of customs statistics, the country each is, those that are none."""

from __future__ import annotations

from typing import Final

from derisk.errors import InputError, unknown_word
from derisk.vocabulary.regions import COUNTRIES, country_of_number

_NUMBERS: Final = {251: "FRA", 490: "TWN", 579: "NOR", 699: "IND", 757: "CHE", 842: "USA", 849: "UMI"}
"""Numbers of the United Nations' trade statistics that ISO 3166 does not have: with Monaco, Svalbard, Liechtenstein,
Puerto Rico. 490, "Other Asia, nes", is Taiwan."""

_LETTERS: Final = {"S19": "TWN", "PUS": "UMI"}

WORLD_TOTAL: Final = "world total, which counts every partner again"
AGGREGATE: Final = "aggregate that counts its members twice"
FORMER: Final = "former state or customs union, no one country of today"
NO_COUNTRY: Final = "areas not elsewhere specified, bunkers, free zones: no country"

_NO_COUNTRY_NUMBERS: Final = {
    WORLD_TOTAL: (0,),
    AGGREGATE: (97, 472, 492, 697, 975),
    FORMER: (58, 62, 200, 230, 278, 280, 530, 532, 582, 588, 590, 592, 711, 717, 720, 736, 810, 868, 886, 890, 891),
    NO_COUNTRY: (80, 129, 221, 290, 471, 473, 527, 536, 568, 577, 636, 637, 837, 838, 839, 879, 899),
}
_NO_COUNTRY_LETTERS: Final = {
    FORMER: ("ANT", "BLX", "CSK", "DDR", "SCG", "SUN", "YUG", "ZA1"),
    AGGREGATE: ("EUR", "R20", "R4"),
    WORLD_TOTAL: ("W00",),
}
_REASONS: Final = {
    str(word): reason
    for table in (_NO_COUNTRY_NUMBERS, _NO_COUNTRY_LETTERS)
    for reason, words in table.items()
    for word in words
}


def customs_country(word: str) -> tuple[str, str]:
    """ISO alpha-3 code of a country as customs statistics number or write it; else '' and why it is no country.

    Raises:
        InputError: nobody knows the word.
    """
    word = word.strip()
    if word.isdecimal():
        number = int(word)
        if number in _NUMBERS:
            return _NUMBERS[number], ""
        if str(number) in _REASONS:
            return "", _REASONS[str(number)]
        return country_of_number(number), ""
    code = _LETTERS.get(word, word)
    if code in COUNTRIES:
        return code, ""
    if word in _REASONS:
        return "", _REASONS[word]
    raise InputError(unknown_word("country code", word, tuple(COUNTRIES), listing="derisk data regions"))
