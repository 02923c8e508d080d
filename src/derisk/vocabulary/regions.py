"""Regions: countries, the residual regions, and the named blocs of countries."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from types import MappingProxyType
from typing import Final

from derisk.errors import InputError, unknown_word


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory of ISO 3166, with a label point and the spellings publishers use.

    Kosovo, which ISO 3166 does not list, stands as XKX, XK, 983, its user-assigned codes.
    """

    iso3: str
    iso2: str
    """Its code of two letters, as companies' systems write it; publishers' tables are not read by it."""
    iso_numeric: int
    name: str
    eu_member: bool
    central_asia: bool
    latitude: float
    """[degrees north] of a label point inside the country, not its centroid."""
    longitude: float
    """[degrees east]."""
    aliases: tuple[str, ...]


def _read_countries() -> dict[str, Country]:
    text = resources.files("derisk.vocabulary").joinpath("countries.csv").read_text(encoding="utf-8")
    return {
        row["iso3"]: Country(
            iso3=row["iso3"],
            iso2=row["iso2"],
            iso_numeric=int(row["iso_numeric"]),
            name=row["name"],
            eu_member=row["eu_member"] == "1",
            central_asia=row["central_asia"] == "1",
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            aliases=tuple(alias for alias in row["aliases"].split("; ") if alias),
        )
        for row in csv.DictReader(text.splitlines())
    }


COUNTRIES: Final[Mapping[str, Country]] = MappingProxyType(_read_countries())
"""Every country by its ISO 3166 alpha-3 code."""

BY_TWO_LETTERS: Final[Mapping[str, str]] = MappingProxyType({c.iso2: c.iso3 for c in COUNTRIES.values()})
"""Alpha-3 code of each alpha-2 code."""

REST_OF_EU: Final = "XEU"
REST_OF_WORLD: Final = "ROW"
WORLD: Final = "WLD"
OTHER_COUNTRIES: Final = "OTH"
EUROPEAN_UNION: Final = "EUU"

SPECIAL_REGIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        REST_OF_EU: "Other EU members",
        REST_OF_WORLD: "Rest of the world",
        WORLD: "World",
        OTHER_COUNTRIES: "Other countries",
        EUROPEAN_UNION: "European Union",
    }
)
"""Ids that are no country: XEU and ROW arise in the network; WLD, OTH and EUU are rows of the dataset."""

_SPECIAL_SPELLINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "world": WORLD,
        "world total": WORLD,
        "world total (rounded)": WORLD,
        "other": OTHER_COUNTRIES,
        "other countries": OTHER_COUNTRIES,
        "european union": EUROPEAN_UNION,
        "eu27": EUROPEAN_UNION,
    }
)

_G7: Final = ("CAN", "DEU", "FRA", "GBR", "ITA", "JPN", "USA")
_EU27: Final = tuple(c.iso3 for c in COUNTRIES.values() if c.eu_member)

BLOCS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "coalition": tuple(sorted({*_G7, *_EU27, "AUS", "IND", "KOR", "MEX"})),
        "g7": _G7,
        "eu27": _EU27,
        "central_asia": tuple(c.iso3 for c in COUNTRIES.values() if c.central_asia),
    }
)
"""Named sets of countries, members sorted."""

ALWAYS_APART: Final[frozenset[str]] = frozenset({*_G7, "AUS", "IND", "KOR", "MEX", "UKR", *BLOCS["central_asia"]})
"""Countries that stay regions of their own whatever they make."""


def _spelling(name: str) -> str:
    return " ".join(name.replace("’", "'").split()).casefold()


_CODE_BY_SPELLING: Final[Mapping[str, str]] = MappingProxyType(
    {
        **{_spelling(word): c.iso3 for c in COUNTRIES.values() for word in (c.iso3, c.name, *c.aliases)},
        **{_spelling(code): code for code in SPECIAL_REGIONS},
        **_SPECIAL_SPELLINGS,
    }
)
_CODE_BY_NUMBER: Final[Mapping[int, str]] = MappingProxyType({c.iso_numeric: c.iso3 for c in COUNTRIES.values()})


def country_code(name: str, *, where: str = "") -> str:
    """ISO alpha-3 code (or WLD, OTH, XEU, ROW) of a name as some publisher prints it.

    Exact up to letter case and spaces; a name that is not listed is an error, never a guess.

    Raises:
        InputError: the name is unknown; the nearest listed name is the hint.
    """
    code = _CODE_BY_SPELLING.get(_spelling(name))
    if code is None:
        listed = [word for c in COUNTRIES.values() for word in (c.name, *c.aliases)]
        raise InputError(unknown_word("country", name, listed, where=where, listing="derisk data regions"))
    return code


def country_of_number(iso_numeric: int) -> str:
    """ISO alpha-3 code of an ISO 3166 numeric code, as customs tables print it.

    Raises:
        InputError: no country has the number.
    """
    if iso_numeric in _CODE_BY_NUMBER:
        return _CODE_BY_NUMBER[iso_numeric]
    raise InputError(unknown_word("country number", str(iso_numeric), [str(n) for n in _CODE_BY_NUMBER]))


def region_name(region: str) -> str:
    """English name of a country or special region.

    Raises:
        InputError: the id is unknown.
    """
    if region in COUNTRIES:
        return COUNTRIES[region].name
    if region in SPECIAL_REGIONS:
        return SPECIAL_REGIONS[region]
    raise InputError(unknown_word("region", region, [*COUNTRIES, *SPECIAL_REGIONS], listing="derisk data regions"))


def bloc_members(bloc: str) -> tuple[str, ...]:
    """Countries of a named bloc.

    Raises:
        InputError: the bloc is unknown.
    """
    if bloc not in BLOCS:
        raise InputError(unknown_word("bloc", bloc, tuple(BLOCS)))
    return BLOCS[bloc]
