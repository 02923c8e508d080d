"""Country codes for names as the supply publishers print them."""

from __future__ import annotations

import re

import supply_rows  # noqa: F401  puts src on the path

from derisk.vocabulary.regions import country_code

_SPELLINGS = {
    "Rest of world": "OTH",
    "Other countries": "OTH",
    "Other Countries": "OTH",
    "World total": "WLD",
    "World total (rounded)": "WLD",
    "Democratic Republic of Congo": "COD",
    "Congo, D.R.": "COD",
    "Congo (Kinshasa)": "COD",
    "Congo": "COG",
    "Burma": "MMR",
    "Myanmar": "MMR",
    "Korea, Republic of": "KOR",
    "Korea, South": "KOR",
    "Korea, North": "PRK",
    "Russia": "RUS",
    "Turkey": "TUR",
    "Türkiye": "TUR",
    "Vietnam": "VNM",
    "Laos": "LAO",
    "Tanzania": "TZA",
    "Bolivia": "BOL",
    "Iran": "IRN",
    "Czechia": "CZE",
}


def code_of(name: str) -> str:
    """ISO alpha-3 code, WLD or OTH; footnote digits glued to a name are dropped."""
    name = re.sub(r"\d+$", "", name.strip()).strip()
    return _SPELLINGS.get(name) or country_code(name)
