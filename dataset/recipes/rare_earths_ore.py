"""Rare-earth ore: what each country's mined oxide holds by element group, and how separation divides it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from rare_earths_clay import clay_share
from supply_iea import supply
from supply_rows import Maker, publisher_file
from supply_usgs import world_values
from supply_workbook import sheet_rows

from derisk.vocabulary.goods import GOODS

GROUPS: dict[str, tuple[str, ...]] = {
    "lacen_oxide": ("La", "Ce"),
    "ndpr_oxide": ("Pr", "Nd"),
    "samarium_oxide": ("Sm",),
    "eugd_oxide": ("Eu", "Gd"),
    "dytb_oxide": ("Tb", "Dy"),
    "yttrium_oxide": ("Ho", "Er", "Tm", "Yb", "Lu", "Y"),
}
"""Elements of each oxide that separation gives out; promethium and scandium are not in the table."""
REST = "lacen_oxide"
"""The group that takes what the analyses leave open."""
IN_CHINA_ALONE = ("samarium_oxide", "eugd_oxide", "yttrium_oxide")
"""Groups that plants outside China leave in a mixed concentrate; China separates it."""
OXIDES = {good: Maker(GOODS[good].material, "refining", good, "oxide") for good in GROUPS}

OXIDE_PER_ELEMENT = {"Pr": 1.2082, "Nd": 1.1664, "Tb": 1.1762, "Dy": 1.1477}
"""Mass of Pr6O11, Nd2O3, Tb4O7, Dy2O3 per mass of element (atomic weights)."""
RECOVERY = 0.92
"""Separated oxide per oxide in concentrate; assumed 0.88-0.96."""

_ROWS_OF_DEPOSITS = {
    "Bayan Obo": 8,
    "Dechang": 10,
    "Maoniuping": 12,
    "Mountain Pass": 16,
    "Revda": 17,
    "Mount Weld": 19,
    "Nangang": 22,
    "Manavalakurichi": 24,
    "Xunwu": 26,
    "Xinfeng": 28,
    "Longnan": 30,
}
_COLUMNS = {
    "La": "G", "Ce": "I", "Pr": "K", "Nd": "M", "Sm": "O", "Eu": "Q", "Gd": "S", "Tb": "U", "Dy": "W",
    "Ho": "Y", "Er": "AA", "Tm": "AC", "Yb": "AE", "Lu": "AG", "Y": "AI",
}  # fmt: skip
CLAYS = ("Xunwu", "Xinfeng", "Longnan")
"""Deposits of the table that are ionic clay."""
ROCK, CLAY = "rock", "clay"
_CHINA = {
    ROCK: {"Bayan Obo": 70 / 93, "Dechang": 5 / 93, "Maoniuping": 18 / 93},
    CLAY: {"Xunwu": 0.4, "Xinfeng": 0.4, "Longnan": 0.2},
}
DEPOSITS_OF = {
    "CHN": {name: (1 - clay_share("CHN", "2024")) * weight for name, weight in _CHINA[ROCK].items()}
    | {name: clay_share("CHN", "2024") * weight for name, weight in _CHINA[CLAY].items()},
    "USA": {"Mountain Pass": 1.0},
    "AUS": {"Mount Weld": 1.0},
    "IND": {"Manavalakurichi": 1.0},
    "RUS": {"Revda": 1.0},
    "MDG": {"Manavalakurichi": 1.0},
    "NGA": {"Manavalakurichi": 1.0},
    "OTH": {"Manavalakurichi": 1.0},
    "MMR": {"Xunwu": 0.5, "Xinfeng": 0.5},
    "THA": {"Xunwu": 0.5, "Xinfeng": 0.5},
    "VNM": {"Xunwu": 0.5, "Xinfeng": 0.5},
    "MYS": {"Xunwu": 0.5, "Xinfeng": 0.5},
    "BRA": {"Xunwu": 0.5, "Xinfeng": 0.5},
}
"""Weight of each deposit of the Yearbook's table in a country's mined oxide; assumed."""
_WHY_DEPOSITS = {
    "CHN": "China's 2024 quota gave about 70 % to Bayan Obo, 23 % to Sichuan bastnaesite and 7 % (19,150 t of 270,000 t) to ionic clay; split of the clay assumed, two fifths to each medium-yttrium clay and a fifth to the yttrium-rich one",
    "USA": "one mine", "AUS": "one deposit stands for all", "IND": "monazite of Tamil Nadu", "RUS": "loparite of Lovozero",
}  # fmt: skip
_LIKE = "the country has no analysis in the table: monazite like India's, or ionic clay half Xunwu, half Xinfeng"
SEPARATED_FEED = {
    "CHN": "CHN",
    "MYS": "AUS",
    "USA": "USA",
    "EST": "RUS",
    "RUS": "RUS",
    "IND": "IND",
    "VNM": "MMR",
    "FRA": "AUS",
    "OTH": "AUS",
}
"""Whose ore each separating country mostly treats."""
REST_NDPR_T = {
    "EST": (450, 250, 700),
    "IND": (620, 350, 700),
    "VNM": (1000, 300, 1600),
    "RUS": (190, 80, 400),
    "FRA": (60, 20, 150),
}
"""How the IEA's rest of world, as NdPr oxide, falls on countries [t/year, low, high]; assumed."""


def weights(country: str) -> str:
    """The deposits behind a country's composition, and why these, in words."""
    deposits = ", ".join(f"{name} {weight:.3g}" for name, weight in DEPOSITS_OF[country].items())
    return f"deposits weighted {deposits}: {_WHY_DEPOSITS.get(country, _LIKE)}"


def _share(text: str) -> float:
    text = text.strip()
    return 0.0 if text in {"", "NA", "--"} else float(text.lstrip("<")) / 100


@cache
def _deposits() -> dict[str, dict[str, float]]:
    """Share of each element's oxide in the oxide of each deposit."""
    path = publisher_file("production", "usgs_history_wilson", "usgs_myb2022_rare_earths_tables.xlsx")
    sheet = dict(sheet_rows(path, "T2"))
    return {
        name: {e: _share(sheet[row].get(column, "")) for e, column in _COLUMNS.items()}
        for name, row in _ROWS_OF_DEPOSITS.items()
    }


@cache
def elements() -> dict[str, dict[str, float]]:
    """Share of each element's oxide in the oxide each country mines."""
    return {country: _elements_of(mix) for country, mix in DEPOSITS_OF.items()}


def _elements_of(mix: Mapping[str, float]) -> dict[str, float]:
    return {e: sum(weight * _deposits()[name][e] for name, weight in mix.items()) for e in _COLUMNS}


def _groups_of(shares_of_elements: Mapping[str, float]) -> dict[str, float]:
    shares = {good: sum(shares_of_elements[e] for e in group) for good, group in GROUPS.items()}
    return shares | {REST: 1 - sum(share for good, share in shares.items() if good != REST)}


def composition(country: str) -> dict[str, float]:
    """Share of each oxide group in a country's mined oxide, the analysis's rest with lanthanum and cerium."""
    return _groups_of(elements()[country])


def clay_composition(country: str) -> dict[str, float]:
    """The same in the oxide that a country leaches from clay."""
    clay = {name: weight for name, weight in DEPOSITS_OF[country].items() if name in CLAYS}
    if not clay:
        raise KeyError(f"{country} has no clay")
    return _groups_of(_elements_of({name: weight / sum(clay.values()) for name, weight in clay.items()}))


def clay_oxides(mined_t: Mapping[str, float], year: str) -> dict[str, float]:
    """Oxides [t/year] in the clay that countries mine, by good, before any is lost in separation."""
    oxides = dict.fromkeys(GROUPS, 0.0)
    for country, tonnes in mined_t.items():
        if share := clay_share(country, year):
            for good, part in clay_composition(country).items():
                oxides[good] += share * tonnes * part
    return oxides


@cache
def mined() -> dict[str, float]:
    """Mined oxide of 2024 [t/year], by country."""
    return {c: t for c, t in world_values("RARE EARTHS", "Mine production", "2024").items() if c != "WLD"}


def content(element: str) -> float:
    """An element's oxide in the world's mined oxide of 2024 [t/year]."""
    return sum(t * elements()[c][element] for c, t in mined().items())


def mined_group(good: str) -> float:
    """A group's oxide in the world's mined oxide of 2024 [t/year]."""
    return sum(t * composition(c)[good] for c, t in mined().items())


@cache
def separation() -> dict[str, dict[str, float]]:
    """Oxides [t/year] each separating country makes, by good, and as `feed` the concentrate it takes.

    Plants outside China sell La-Ce and NdPr oxide; what they leave in a mixed concentrate is no part of
    their feed, but goes on to China, which makes all of the minor groups (Vietnam's Dy and Tb apart).
    """
    vietnam = {
        "dytb_oxide": REST_NDPR_T["VNM"][0] / composition("MMR")["ndpr_oxide"] * composition("MMR")["dytb_oxide"]
    }
    minor = {good: RECOVERY * mined_group(good) - vietnam.get(good, 0.0) for good in ("dytb_oxide", *IN_CHINA_ALONE)}
    ndpr = _ndpr_oxide(dytb_china=minor["dytb_oxide"], dytb_vietnam=vietnam["dytb_oxide"])
    table = {}
    for country, tonnes in ndpr.items():
        if country == "CHN":
            continue
        ore = composition(SEPARATED_FEED[country])
        made = dict.fromkeys(GROUPS, 0.0) | {"ndpr_oxide": tonnes, REST: tonnes * ore[REST] / ore["ndpr_oxide"]}
        made |= vietnam if country == "VNM" else {}
        table[country] = made | {"feed": sum(made.values()) / RECOVERY}
    feed = sum(mined().values()) - sum(t["feed"] for t in table.values())
    made = minor | {"ndpr_oxide": ndpr["CHN"]}
    table["CHN"] = made | {REST: feed * RECOVERY - sum(made.values()), "feed": feed}
    return table


def _ndpr_oxide(*, dytb_china: float, dytb_vietnam: float) -> dict[str, float]:
    """NdPr oxide by country [t/year]: the IEA's magnet elements less dysprosium and terbium, as oxide."""
    magnet_elements = supply("Rare Earth Elements", "refining", "2024")
    ndpr_factor = 0.22 * OXIDE_PER_ELEMENT["Pr"] + 0.78 * OXIDE_PER_ELEMENT["Nd"]
    dytb_factor = 0.18 * OXIDE_PER_ELEMENT["Tb"] + 0.82 * OXIDE_PER_ELEMENT["Dy"]
    listed = {country: float(tonnes) for country, (tonnes, _, _) in REST_NDPR_T.items()}
    rest = (magnet_elements["OTH"] - dytb_vietnam / dytb_factor) * ndpr_factor - sum(listed.values())
    return {
        "CHN": (magnet_elements["CHN"] - dytb_china / dytb_factor) * ndpr_factor,
        "MYS": magnet_elements["MYS"] * ndpr_factor,
        "USA": magnet_elements["USA"] * ndpr_factor,
        **listed,
        "OTH": rest,
    }


@cache
def separation_by_ore() -> dict[str, dict[str, dict[str, float]]]:
    """The table of `separation` for each kind of ore: rock (and sand), clay.

    China's clay gives what the clay mined in the world holds, less what is separated elsewhere; the rest is rock's.
    """
    whole = separation()
    clay = {country: whole[country] for country, ore in SEPARATED_FEED.items() if clay_share(ore, "2024") == 1}
    mined_clay = clay_oxides(mined(), "2024")
    made = {g: RECOVERY * mined_clay[g] - sum(oxides[g] for oxides in clay.values()) for g in GROUPS}
    clay["CHN"] = made | {"feed": sum(made.values()) / RECOVERY}
    rock = {country: oxides for country, oxides in whole.items() if country not in clay}
    rock["CHN"] = {name: tonnes - clay["CHN"][name] for name, tonnes in whole["CHN"].items()}
    return {ROCK: rock, CLAY: clay}


def separated(good: str) -> float:
    """World output of an oxide [t/year]."""
    return sum(oxides[good] for oxides in separation().values())
