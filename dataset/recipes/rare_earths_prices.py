"""Rare-earth prices: oxides as USGS prints them or weighted from it, and ore of rock and of clay at a share of what it yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from rare_earths_ore import CLAY, GROUPS, OXIDES, RECOVERY, ROCK, content, separation_by_ore
from supply_rows import USGS_2026, Maker, Row
from supply_usgs import price_2020, price_2020_row, price_rows, salient

MINE = Maker("rare_earths", "mining", "rare_earth_concentrate", "oxide")
CLAY_MINE = Maker("rare_earths", "mining", "ionic_clay_concentrate", "oxide")
PAYABLE = {ROCK: (0.5, 0.35, 0.7), CLAY: (0.7, 0.5, 0.9)}
"""Part of the worth of its oxides that ore is paid, with its range; assumed. Clay leaves the field as nearly pure oxide or carbonate
and needs no cracking."""
TERMS = "incoterm=FOB China; vat=excluded; export_rebate=none; Argus, oxide of 99-99.99 %"

_LIGHT, _HEAVY, _YTTRIUM = "RARE EARTHS", "RARE EARTHS (Heavy)", "YTTRIUM"
_NDPR = "Neodymium-praseodymium (NdPr) oxide, 99% minimum"
_QUOTES = {
    "La": (_LIGHT, "Lanthanum oxide, 99.5% minimum"),
    "Ce": (_LIGHT, "Cerium oxide, 99.5% minimum"),
    "Sm": (_LIGHT, "Samarium oxide, 99.5% minimum"),
    "Eu": (_LIGHT, "Europium oxide, 99.99% minimum"),
    "Gd": (_LIGHT, "Gadolinium oxide, 99.99% minimum"),
    "Tb": (_HEAVY, "Terbium oxide, 99.99% minimum"),
    "Dy": (_HEAVY, "Dysprosium oxide, 99.5% minimum"),
    "Y": (_YTTRIUM, "Y2O3, minimum 99.999% purity"),
}
"""Chapter and statistic of each oxide's price in the 2026 release."""
_PARTS = {
    "lacen_oxide": ("La", "Ce"),
    "samarium_oxide": ("Sm",),
    "eugd_oxide": ("Eu", "Gd"),
    "dytb_oxide": ("Dy", "Tb"),
    "yttrium_oxide": ("Y",),
}
"""Elements whose prices make a group's; holmium to lutetium, sold in small lots at 14-780 USD/kg, are left out."""
_FILE_2020 = "mcs2024-raree_salient.csv"


def quote(element: str) -> dict[str, tuple[float, str]]:
    """An oxide's price by year [USD/kg], with its status."""
    chapter, name = _QUOTES[element]
    return salient(chapter, f"Price, average, dollars per kilogram: {name}")


def prices() -> Iterator[Row]:
    """Mixed oxides' prices of 2021-2025 from USGS, and ore at half of what its oxides are worth.

    Samarium and yttrium oxide, goods that USGS prices as they are, stand among its own rows.
    """
    ndpr = list(
        price_rows(OXIDES["ndpr_oxide"], _LIGHT, f"Price, average, dollars per kilogram: {_NDPR}", 1000, terms=TERMS)
    )
    yield from ndpr
    for row in ndpr:
        yield from (_mixed_price(good, row.period) for good, parts in _PARTS.items() if len(parts) > 1)
        oxides = {good: _group_price(good, row.period) for good in _PARTS} | {row.good: row.value or 0.0}
        yield from (_ore_price(maker, kind, row.period, oxides) for maker, kind in ((MINE, ROCK), (CLAY_MINE, CLAY)))
    yield from _prices_2020()


def _part(good: str) -> float:
    """Share of a mixed oxide that is its first element's, in world mine output."""
    first, *others = _PARTS[good]
    return content(first) / (content(first) + sum(content(e) for e in others))


def _group_price(good: str, year: str) -> float:
    """Price of a group [USD/t]: its oxides' prices weighted by their content in world mine output."""
    whole = sum(content(e) for e in _PARTS[good])
    return 1000 * sum(content(e) / whole * quote(e)[year][0] for e in _PARTS[good])


def _mixed_price(good: str, year: str) -> Row:
    value, (first, second) = _group_price(good, year), _PARTS[good]
    spread = 0.2 if good == "lacen_oxide" else 0.1
    chapter, names = _QUOTES[first][0], [_QUOTES[e][1].split(",")[0] for e in (first, second)]
    return OXIDES[good].derived(
        "price", "WLD", value, period=year, unit="USD/t", low=(1 - spread) * value, high=(1 + spread) * value, source=USGS_2026,
        locator=f"MCS2026_Commodities_Data.csv, {chapter}, {' and '.join(names)} prices, {year}",
        note=f"{TERMS}; {first} and {second} oxide prices weighted by their content in world mine output, {_part(good):.2f} {first}",
    )  # fmt: skip


def oxides_worth(kind: str, oxide_price: Mapping[str, float]) -> float:
    """What is recovered from a tonne of oxide in the world's ore of a kind is worth [USD/t]; an oxide without a price, nothing."""
    made = {good: sum(oxides[good] for oxides in separation_by_ore()[kind].values()) for good in GROUPS}
    return RECOVERY / sum(made.values()) * sum(made[good] * oxide_price.get(good, 0.0) for good in GROUPS)


def _ore_price(maker: Maker, kind: str, year: str, oxide_price: Mapping[str, float]) -> Row:
    value, (share, low, high) = oxides_worth(kind, oxide_price), PAYABLE[kind]
    return maker.derived(
        "price", "WLD", share * value, period=year, unit="USD/t", low=low * value, high=high * value,
        note=f"incoterm=FOB; vat=excluded; export_rebate=none; payable share {share:g} (assumed {low:g}-{high:g}) of {value:,.0f} USD, the oxides recovered from a tonne of oxide in the world's {kind}",
    )  # fmt: skip


def _prices_2020() -> Iterator[Row]:
    """Oxide prices of 2020 from the 2024 edition, which has no NdPr line."""
    neodymium = f"{TERMS}; neodymium oxide, within 5 % of NdPr oxide in later years"
    yield price_2020_row(OXIDES["ndpr_oxide"], _FILE_2020, "Price_Nd2O3_dkg", 1000, terms=neodymium)
    dy = _part("dytb_oxide")
    quotes = {column: price_2020("2024", _FILE_2020, column) for column in ("Price_Dy2O3_dkg", "Price_TbO2_dkg")}
    price = 1000 * (dy * quotes["Price_Dy2O3_dkg"] + (1 - dy) * quotes["Price_TbO2_dkg"])
    yield OXIDES["dytb_oxide"].derived(
        "price", "WLD", price, period="2020", unit="USD/t", low=0.9 * price, high=1.1 * price, source="usgs-mcs-2024",
        locator=f"{_FILE_2020}, Price_Dy2O3_dkg and Price_TbO2_dkg, 2020",
        note=f"{TERMS}; Dy and Tb oxide prices weighted by their content in world mine output of 2024, {dy:.2f} Dy",
    )  # fmt: skip
    cerium = f"{TERMS}; cerium oxide, printed in whole dollars, as lanthanum oxide is"
    yield price_2020_row(OXIDES["lacen_oxide"], _FILE_2020, "Price_CeO2_dkg", 1000, terms=cerium)
