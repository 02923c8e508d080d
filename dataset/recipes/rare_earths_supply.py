"""Rare-earth supply: mines, separation into six oxides, magnets, prices, trade and coefficients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rare_earths_clay import clay_shares, separated_share
from rare_earths_magnets import MAGNET, magnet_coefficients, magnet_price, magnet_trade, magnets
from rare_earths_ore import (
    CLAY,
    DEPOSITS_OF,
    GROUPS,
    IN_CHINA_ALONE,
    OXIDES,
    RECOVERY,
    REST,
    REST_NDPR_T,
    ROCK,
    SEPARATED_FEED,
    composition,
    mined,
    separated,
    separation,
    separation_by_ore,
    weights,
)
from rare_earths_prices import CLAY_MINE, MINE, prices
from supply_iea import supply_rows
from supply_rows import DERIVED, YEARBOOK, Maker, Row, write_rows
from supply_usgs import reserves, rows_2023, salient, world_rows
from supply_usgs_older import production_2021_2022, yearbook_rare_earths

ELEMENTS = Maker("rare_earths", "refining", "", "contained_metal")
NDPR = OXIDES["ndpr_oxide"]

_SPREAD = {"ndpr_oxide": 0.10, REST: 0.20}
"""Range of a group's output either way; the minor groups, 0.30."""
_SOURCES = "IEA magnet elements refined 2024, USGS mine output 2024, USGS Yearbook 2022 T2"
_WHY_REST = {
    "EST": "Sillamae separates Russian and other carbonate",
    "IND": "at most 2,900 t mined x 25.5 % x recovery",
    "VNM": "customs show Vietnam exporting rare-earth metals worth 195 musd in 2024, part of them from oxide separated there",
    "RUS": "mined 2,600 t, most of it separated in Estonia",
    "FRA": "La Rochelle restarts in small amounts",
}
_NAMES = {
    "samarium_oxide": "Sm",
    "eugd_oxide": "Eu and Gd",
    "dytb_oxide": "Dy and Tb",
    "yttrium_oxide": "Y and Ho to Lu",
}


def production() -> Iterator[Row]:
    """Mines from USGS, magnet elements refined from the IEA, oxides by group and magnets derived from them."""
    yield from yearbook_rare_earths(MINE)
    yield from production_2021_2022(MINE, "raree", "mine production")
    yield from rows_2023(MINE, "Rare earths", "Mine production")
    yield from world_rows(MINE, "RARE EARTHS", "production", "Mine production", years=("2024", "2025"))
    yield from mine_content()
    yield from supply_rows(
        ELEMENTS, "Rare Earth Elements", "refining", note="magnet elements only: Nd, Pr, Dy, Tb, as elements"
    )
    for good in GROUPS:
        yield from oxide_output(good)
    yield from magnets()


def mine_content() -> Iterator[Row]:
    """Each element group in the oxide each country mined, an amount of ore and no product."""
    for good in GROUPS:
        maker = Maker(OXIDES[good].material, "mining", "", "oxide")
        amounts = {country: tonnes * composition(country)[good] for country, tonnes in mined().items()}
        spread = 0.10 if good in ("ndpr_oxide", REST) else 0.30
        for country, value in {**amounts, "WLD": sum(amounts.values())}.items():
            rule = (
                "sum of the country rows"
                if country == "WLD"
                else f"oxide mined in 2024 (USGS, {mined()[country]:,.0f} t) x {composition(country)[good]:.4f}, {weights(country)}"
            )
            yield maker.derived(
                "production", country, value, low=(1 - spread) * value, high=(1 + spread) * value, unit="t/year",
                note=f"content of mined ore; {rule}",
            )  # fmt: skip


def oxide_output(good: str) -> Iterator[Row]:
    """A group's separated oxide by country, and the world's as their sum."""
    maker, spread = OXIDES[good], _SPREAD.get(good, 0.30)
    for country, oxides in separation().items():
        value = oxides[good]
        if value == 0.0:
            continue
        note = f"{_oxide_rule(good, country)}; inputs: {_SOURCES}"
        if country in REST_NDPR_T and good != REST:
            central, least, most = REST_NDPR_T[country]
            low, high = least * value / central, most * value / central
            note = f"{_WHY_REST[country]}; {note}"
            yield maker.assumed("production", country, value, low, high, unit="t/year", note=note)
        else:
            low, high = (1 - spread) * value, (1 + spread) * value
            yield maker.derived("production", country, value, low=low, high=high, unit="t/year", note=note)
    total = f"sum of the country rows; inputs: {_SOURCES}"
    yield maker.derived("production", "WLD", separated(good), unit="t/year", note=total)


def _oxide_rule(good: str, country: str) -> str:
    if good == "ndpr_oxide":
        if country in REST_NDPR_T or country == "OTH":
            return "part of the IEA's rest of world (2,462 t of elements), as oxide"
        rest = " less Dy and Tb" if country == "CHN" else ""
        return f"IEA magnet elements refined{rest} x 1.176 t oxide per t element (Pr 22 %, Nd 78 %)"
    if good == REST and country == "CHN":
        return "rest of the oxide separated: world mine output less others' feed, x recovery 0.92, less the other groups; holds what analyses leave open"
    if good == REST:
        return f"its NdPr oxide x the ratio of La, Ce and the analysis's rest to Nd and Pr in {SEPARATED_FEED[country]} ore"
    if country == "VNM":
        return "ionic-clay feed: its NdPr oxide x the Dy+Tb to Nd+Pr ratio of Xunwu and Xinfeng clays"
    others = ", less Vietnam's" if good == "dytb_oxide" else ""
    return (
        f"all {_NAMES[good]} mined in the world (mine output x composition) x recovery 0.92{others}: {_WHY_CHINA[good]}"
    )


_STUDY = "the EU study of 2023 gives China 100 % of"
_SEG = "plants outside China sold samarium, europium and gadolinium unseparated in 2024"
_WHY_CHINA = {
    "samarium_oxide": f"{_SEG}; the EU study of 2023 gives China 85 %, the share it gives of neodymium too",
    "eugd_oxide": _SEG,
    "dytb_oxide": f"{_STUDY} Dy and Tb processing",
    "yttrium_oxide": f"{_STUDY} Y processing",
}


def coefficients() -> Iterator[Row]:
    """Compositions, output shares, concentrate per tonne of oxide, oxide per tonne of magnet."""
    for country in sorted(DEPOSITS_OF):
        for good, value in composition(country).items():
            yield OXIDES[good].derived(
                "composition_share", country, value, unit="share", basis="none", source=YEARBOOK, locator="Yearbook 2022 tables, T2",
                note=f"{weights(country)}; lacen is the rest",
            )  # fmt: skip
    for kind, table in separation_by_ore().items():
        for country, oxides in table.items():
            yield from separation_coefficients(kind, country, oxides)
        per_tonne = sum(o["feed"] for o in table.values()) / sum(o["ndpr_oxide"] for o in table.values())
        yield NDPR.derived(
            _INPUTS[kind], "", per_tonne, unit="t/t", basis="none", low=0.85 * per_tonne, high=1.15 * per_tonne,
            note=f"world's {kind} over the NdPr oxide of it; for countries without a row of their own",
        )  # fmt: skip
    yield from clay_shares()
    yield from clay_in_oxide()
    yield from magnet_coefficients()
    yield from utilisation()


_INPUTS = {ROCK: "input_rare_earth_concentrate", CLAY: "input_ionic_clay_concentrate"}
_SHARES = {ROCK: "output_share", CLAY: "clay_output_share"}


def separation_coefficients(kind: str, country: str, oxides: dict[str, float]) -> Iterator[Row]:
    """What a country's plants make of a kind of ore, and how much of it they take for a tonne of NdPr oxide."""
    whole = sum(oxides[good] for good in GROUPS)
    note = _share_note(country) if kind == ROCK else _clay_note(country)
    for good in GROUPS:
        yield OXIDES[good].derived(_SHARES[kind], country, oxides[good] / whole, unit="share", basis="none", note=note)
    per_tonne, ndpr_share = oxides["feed"] / oxides["ndpr_oxide"], oxides["ndpr_oxide"] / whole
    yield NDPR.derived(
        _INPUTS[kind], country, per_tonne, low=per_tonne * RECOVERY / 0.96, high=per_tonne * RECOVERY / 0.88,
        unit="t/t", basis="none", note=f"1 / (recovery 0.92 x NdPr share of separated oxide {ndpr_share:.4f}); recovery assumed 0.88-0.96",
    )  # fmt: skip


def clay_in_oxide() -> Iterator[Row]:
    """The part of each country's NdPr oxide that is separated from clay."""
    tables, clay = separation(), separation_by_ore()[CLAY]
    yield separated_share(
        NDPR, "", "2008", 0.0, 1.0, "separated from rock and sand, unless a row of the country says otherwise"
    )
    for country, oxides in clay.items():
        note = f"NdPr oxide of the clay it separates over all its NdPr oxide; clay of the world: {_CLAY_MINED}"
        yield separated_share(NDPR, country, "2024", oxides["ndpr_oxide"], tables[country]["ndpr_oxide"], note)


_CLAY_MINED = "mine output of 2024 (USGS) x the part that is clay's"


def _clay_note(country: str) -> str:
    if country == "CHN":
        return f"oxides of all the clay mined in the world (Yearbook T2; {_CLAY_MINED}) x recovery 0.92, less what is separated elsewhere, over their sum"
    return _share_note(country)


def _share_note(country: str) -> str:
    if country == "CHN":
        return (
            f"its oxide rows less those of clay, over their sum; its ore's composition alone gives NdPr {composition('CHN')['ndpr_oxide']:.3f}: "
            "the IEA's tonnes hold oxide from magnet swarf and from ore no quota counts"
        )
    left = [name for good, name in _NAMES.items() if good in IN_CHINA_ALONE or country != "VNM"]
    return (
        f"composition of {SEPARATED_FEED[country]} ore (Yearbook T2) without {', '.join(left)}, which it leaves in a mixed "
        "concentrate that China separates"
    )


def utilisation() -> Iterator[Row]:
    """Output over capacity, judged."""
    for maker, region, value, low, high, why in (
        (MINE, "", 0.88, 0.75, 0.97, "mines outside China run near their plans"),
        (MINE, "CHN", 0.95, 0.88, 0.98, "output is set by quota, plants fill it"),
        (CLAY_MINE, "", 0.88, 0.6, 0.97, "as of other ore; fields close and open"),
        (CLAY_MINE, "CHN", 0.95, 0.6, 0.98, "output is set by quota; southern mines stood still where it ran on"),
        (NDPR, "", 0.70, 0.5, 0.9, "plants outside China were ramping up in 2024"),
        (NDPR, "CHN", 0.65, 0.5, 0.8, "separation capacity is held well above quota"),
        (MAGNET, "", 0.70, 0.5, 0.9, "older plants with spare shifts"),
        (MAGNET, "CHN", 0.60, 0.45, 0.75, "trade press puts Chinese capacity near 1.6 times output"),
    ):
        yield maker.assumed("utilisation_share", region, value, low, high, unit="share", basis="none", note=why)


def trade() -> Iterator[Row]:
    """Magnets from BACI; concentrate where USGS states the route.

    HS 2846.10 is cerium compounds alone, a part of the good `lacen_oxide`, and 2846.90 mixes every other rare earth:
    neither code is one of the oxides, so their trade is left to balancing.
    """
    yield from magnet_trade()
    yield from concentrate_trade()


def concentrate_trade() -> Iterator[Row]:
    """Ore that leaves its country: USGS counts most of it from China's import records."""
    imports = "USGS estimates this country's mine output from China's import records (MCS 2026, world table, note)"
    exports = salient("RARE EARTHS", "Exports: Ores and compounds")["2024"][0]
    feed, ore = separation(), mined()
    clay = [(c, "CHN", ore[c], imports) for c in ("MMR", "THA")]
    clay += [
        ("BRA", "CHN", ore["BRA"], "ionic-clay carbonate; no separation at home"),
        ("CHN", "VNM", feed["VNM"]["feed"] - ore["VNM"], "mixed concentrate for Vietnam's plants, which its own ore feeds in small part only; where they buy the rest no customs code tells, China assumed"),
    ]  # fmt: skip
    routes = [
        ("MDG", "CHN", ore["MDG"], imports),
        ("USA", "CHN", exports, "USGS exports of ores and compounds 2024, of which nearly all is Mountain Pass concentrate for China; some compounds go elsewhere"),
        ("AUS", "MYS", min(feed["MYS"]["feed"], ore["AUS"]), "Mount Weld concentrate: Malaysia's feed at recovery 0.92 without the mixed heavy concentrate it passes on; customs show 31,210 t gross under HS 280530"),
        ("AUS", "CHN", max(ore["AUS"] - feed["MYS"]["feed"] - 300, 0), "rest of Australia's mine output: monazite concentrate sold to China, and the mixed concentrate of its ore that Malaysia leaves"),
        ("RUS", "EST", 0.6 * ore["RUS"], "loparite carbonate for Sillamae; share of the mine's output assumed"),
        ("NGA", "CHN", ore["NGA"], "monazite; no separation at home"),
    ]  # fmt: skip
    for maker, (exporter, importer, tonnes, why) in [(MINE, r) for r in routes] + [(CLAY_MINE, r) for r in clay]:
        yield maker.derived(
            "trade",
            exporter,
            tonnes,
            partner=importer,
            unit="t/year",
            low=0.7 * tonnes,
            high=1.15 * tonnes,
            source=DERIVED,
            note=why,
        )


def write_groups(name: str, rows: Iterable[Row]) -> None:
    """Write each material's rows of a table to its own folder."""
    every = list(rows)
    for material in dict.fromkeys(row.material for row in every):
        write_rows(material, name, [row for row in every if row.material == material])


def main() -> None:
    """Write the tables of rare-earth supply."""
    write_groups("production", production())
    write_groups("coefficients", coefficients())
    write_groups("prices", [*prices(), magnet_price()])
    write_groups("trade", trade())
    write_groups("reserves", reserves(MINE, "RARE EARTHS", "Rare earths", "Mine production"))


if __name__ == "__main__":
    main()
