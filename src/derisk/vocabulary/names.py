"""Names: the words a reader sees for regions, goods, uses, materials and months."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from derisk.vocabulary.goods import GOODS, MATERIALS
from derisk.vocabulary.regions import COUNTRIES, SPECIAL_REGIONS
from derisk.vocabulary.uses import USES

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_IN_FULL: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_CAPITALS: Final = {"us": "US", "usa": "USA", "eu": "EU", "uk": "UK", "un": "UN", "g7": "G7", "drc": "DRC"}
"""Words of a scenario's id that a title writes in capitals."""
_REGION_WORDS: Final = ("africa", "america", "asia", "europe", "oceania", "korea", "congo", "taiwan", "britain")
"""Those whose first letter a title writes as a capital, beside the names of countries."""
_BLOCS: Final = {
    "coalition": "the coalition",
    "g7": "the G7",
    "eu27": "the EU",
    "central_asia": "Central Asia",
    "all": "all",
}
_SHORT_GOODS: Final = {
    "lithium_concentrate": "Lithium concentrate",
    "ionic_clay_concentrate": "Ionic-clay concentrate",
    "ndpr_oxide": "Nd-Pr oxide",
    "eugd_oxide": "Eu-Gd oxide",
    "dytb_oxide": "Dy-Tb oxide",
    "yttrium_oxide": "Yttrium oxide",
}
_SHORT_REGIONS: Final = {
    "United States of America": "United States",
    "Rest of the world": "Rest of world",
    "Korea, Republic of": "South Korea",
    "Russian Federation": "Russia",
    "United Kingdom of Great Britain and Northern Ireland": "United Kingdom",
}


_IN_SENTENCE: Final = {
    "USA": "the United States",
    "GBR": "the United Kingdom",
    "NLD": "the Netherlands",
    "PHL": "the Philippines",
    "ARE": "the United Arab Emirates",
    "XEU": "the other EU members",
    "ROW": "the rest of the world",
}


def region_label(region: str) -> str:
    """Name of a region or bloc, or the id itself where it has none."""
    if region in COUNTRIES:
        name = COUNTRIES[region].name
        return _SHORT_REGIONS.get(name, name)
    if region in SPECIAL_REGIONS:
        return _SHORT_REGIONS.get(SPECIAL_REGIONS[region], SPECIAL_REGIONS[region])
    return _BLOCS.get(region, region)


def region_in_sentence(region: str) -> str:
    """Name of a region inside a sentence: `the United States`."""
    return _IN_SENTENCE.get(region, region_label(region))


def good_label(good: str) -> str:
    """Short name of a good, or the id in words where the vocabulary lacks it."""
    if good in _SHORT_GOODS:
        return _SHORT_GOODS[good]
    return GOODS[good].label if good in GOODS else _in_words(good)


def in_sentence(label: str) -> str:
    """A label inside a sentence: `Gallium` as `gallium`, but `NdFeB magnets` and `Dy-Tb oxide` as they are."""
    first = label.split(" ")[0]
    return label if any(c.isupper() for c in first[1:]) else label[:1].lower() + label[1:]


def listed(words: Sequence[str], *, most: int | None = None) -> str:
    """`a`, `a and b`, `a, b and c`; of more than `most` those and the number of the rest: `a, b and 4 more`."""
    shown = list(words) if most is None or len(words) <= most else [*words[:most], f"{len(words) - most} more"]
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)


def numbered(count: int, noun: str) -> str:
    """A count with its noun, in the plural but for one: `1 row`, `12 rows`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def material_label(material: str) -> str:
    """Name of a material, or the id in words."""
    return MATERIALS.get(material, _in_words(material))


def use_label(use: str) -> str:
    """Name of an end-use sector, or the id in words."""
    return USES.get(use, _in_words(use))


def month_label(month: str) -> str:
    """`2025-04` as `Apr 2025`; anything else as it stands."""
    return _month(month, _MONTHS)


def month_in_sentence(month: str) -> str:
    """`2025-04` as `April 2025`; anything else as it stands."""
    return _month(month, _MONTHS_IN_FULL)


def scenario_label(name: str) -> str:
    """A scenario's name as a title: an id such as `gallium-us-ban` becomes the words `Gallium US ban`."""
    if not name or " " in name or name != name.lower():
        return name
    countries = {country.name.lower(): country.name for country in COUNTRIES.values()}
    countries |= {short.lower(): short for short in _SHORT_REGIONS.values()}
    countries |= {word: word.capitalize() for word in _REGION_WORDS}
    words = [_CAPITALS.get(word, countries.get(word, word)) for word in name.replace("_", "-").split("-")]
    dated = [
        word.capitalize() if word.capitalize() in _MONTHS_IN_FULL and after.isdecimal() else word
        for word, after in zip(words, [*words[1:], ""], strict=True)
    ]
    title = re.sub(r"\b(\d{4}) (?=\d{4}\b)", r"\1-", " ".join(dated))
    return title[:1].upper() + title[1:]


def _month(month: str, names: tuple[str, ...]) -> str:
    year, _, number = month.partition("-")
    if number.isdecimal() and 1 <= int(number) <= 12:
        return f"{names[int(number) - 1]} {year}"
    return month


def _in_words(name: str) -> str:
    text = name.replace("_", " ")
    return text[:1].upper() + text[1:]
