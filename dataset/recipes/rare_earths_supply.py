"""Rare-earth supply: mines, separation into three oxides, magnets, prices, trade and coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from supply_baci import FREE_ON_BOARD, by_pair, flows_2024
from supply_iea import supply, supply_rows
from supply_rows import BACI_HS17, DERIVED, USGS_2026, YEARBOOK, Maker, Row, publisher_file, write_rows
from supply_usgs import price_2020, price_2020_row, price_rows, reserves, rows_2023, salient, world_rows, world_values
from supply_usgs_older import production_2021_2022, yearbook_rare_earths
from supply_workbook import sheet_rows

MINE = Maker("rare_earths", "mining", "rare_earth_concentrate", "oxide")
ELEMENTS = Maker("rare_earths", "refining", "", "contained_metal")
LACEN = Maker("rare_earths", "refining", "lacen_oxide", "oxide")
NDPR = Maker("rare_earths", "refining", "ndpr_oxide", "oxide")
DYTB = Maker("rare_earths", "refining", "dytb_oxide", "oxide")
MAGNET = Maker("rare_earths", "component", "ndfeb_magnet", "gross")

OXIDE_PER_ELEMENT = {"Pr": 1.2082, "Nd": 1.1664, "Tb": 1.1762, "Dy": 1.1477}
"""Mass of Pr6O11, Nd2O3, Tb4O7, Dy2O3 per mass of element (atomic weights)."""
RECOVERY = 0.92
"""Separated oxide per oxide in concentrate; assumed 0.88-0.96."""
NON_MAGNET_NDPR, NON_MAGNET_DYTB = 0.10, 0.03
WORLD_MAGNETS_T = 250_000.0
HEAVY_MAGNET_SHARE = 0.5
"""Share of magnets made with dysprosium or terbium; assumed 0.35-0.65."""
CHINA_MAGNET_SHARE = 0.94

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
_COLUMNS = {"La": "G", "Ce": "I", "Pr": "K", "Nd": "M", "Tb": "U", "Dy": "W"}
DEPOSITS_OF = {
    "CHN": {"Bayan Obo": 0.70, "Dechang": 0.05, "Maoniuping": 0.18, "Xunwu": 0.028, "Xinfeng": 0.028, "Longnan": 0.014},
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
    "CHN": "China's 2024 quota gave about 70 % to Bayan Obo, 23 % to Sichuan bastnaesite and 7 % (19,150 t of 270,000 t) to ionic clay; split of the clay assumed",
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
_WHY_REST = {
    "EST": "Sillamae separates Russian and other carbonate",
    "IND": "at most 2,900 t mined x 25.5 % x recovery",
    "VNM": "customs show Vietnam exporting rare-earth metals worth 195 musd in 2024, part of them from oxide separated there",
    "RUS": "mined 2,600 t, most of it separated in Estonia",
    "FRA": "La Rochelle restarts in small amounts",
}
REST_MAGNETS_T = {
    "JPN": 9000,
    "VNM": 2200,
    "PHL": 1500,
    "DEU": 900,
    "KOR": 400,
    "FIN": 250,
    "SVN": 200,
    "THA": 200,
    "USA": 150,
    "MYS": 100,
    "OTH": 100,
}


def _share(text: str) -> float:
    text = text.strip()
    return 0.0 if text in {"", "NA", "--"} else float(text.lstrip("<")) / 100


@cache
def compositions() -> dict[str, dict[str, float]]:
    """Share of La, Ce, Pr, Nd, Tb, Dy oxide in the oxide each country mines."""
    path = publisher_file("production", "usgs_history_wilson", "usgs_myb2022_rare_earths_tables.xlsx")
    sheet = dict(sheet_rows(path, "T2"))
    table = {
        name: {e: _share(sheet[row].get(column, "")) for e, column in _COLUMNS.items()}
        for name, row in _ROWS_OF_DEPOSITS.items()
    }
    return {
        country: {e: sum(weight * table[name][e] for name, weight in weights.items()) for e in _COLUMNS}
        for country, weights in DEPOSITS_OF.items()
    }


def ndpr_share(country: str) -> float:
    """Nd and Pr oxide in a country's mined oxide."""
    return compositions()[country]["Nd"] + compositions()[country]["Pr"]


def dytb_share(country: str) -> float:
    """Dy and Tb oxide in a country's mined oxide."""
    return compositions()[country]["Dy"] + compositions()[country]["Tb"]


@cache
def mined() -> dict[str, float]:
    """Mined oxide of 2024 [t/year], by country."""
    return {c: t for c, t in world_values("RARE EARTHS", "Mine production", "2024").items() if c != "WLD"}


@cache
def separation() -> dict[str, dict[str, float]]:
    """Oxides [t/year] each separating country makes, by good, and the concentrate it takes."""
    magnet_elements = supply("Rare Earth Elements", "refining", "2024")
    world = sum(mined().values())
    dytb_vietnam = REST_NDPR_T["VNM"][0] / ndpr_share("MMR") * dytb_share("MMR")
    dytb_china = RECOVERY * sum(t * dytb_share(c) for c, t in mined().items()) - dytb_vietnam
    pr_share = 0.22
    ndpr_factor = pr_share * OXIDE_PER_ELEMENT["Pr"] + (1 - pr_share) * OXIDE_PER_ELEMENT["Nd"]
    dytb_factor = 0.18 * OXIDE_PER_ELEMENT["Tb"] + 0.82 * OXIDE_PER_ELEMENT["Dy"]
    ndpr = {
        "CHN": (magnet_elements["CHN"] - dytb_china / dytb_factor) * ndpr_factor,
        "MYS": magnet_elements["MYS"] * ndpr_factor,
        "USA": magnet_elements["USA"] * ndpr_factor,
        **{country: float(t) for country, (t, _, _) in REST_NDPR_T.items()},
    }
    ndpr["OTH"] = (magnet_elements["OTH"] - dytb_vietnam / dytb_factor) * ndpr_factor - sum(
        t for t, _, _ in REST_NDPR_T.values()
    )
    table = {}
    for country, tonnes in ndpr.items():
        if country == "CHN":
            continue
        separated = tonnes / ndpr_share(SEPARATED_FEED[country])
        dytb = dytb_vietnam if country == "VNM" else 0.0
        table[country] = {
            "ndpr_oxide": tonnes,
            "dytb_oxide": dytb,
            "lacen_oxide": separated - tonnes - dytb,
            "feed": separated / RECOVERY,
        }
    feed = world - sum(t["feed"] for t in table.values())
    table["CHN"] = {
        "ndpr_oxide": ndpr["CHN"],
        "dytb_oxide": dytb_china,
        "lacen_oxide": feed * RECOVERY - ndpr["CHN"] - dytb_china,
        "feed": feed,
    }
    return table


def production() -> Iterator[Row]:
    """Mines from USGS, magnet elements refined from the IEA, the three oxides and magnets derived from them."""
    yield from yearbook_rare_earths(MINE)
    yield from production_2021_2022(MINE, "raree", "mine production")
    yield from rows_2023(MINE, "Rare earths", "Mine production")
    yield from world_rows(MINE, "RARE EARTHS", "production", "Mine production", years=("2024", "2025"))
    yield from supply_rows(
        ELEMENTS, "Rare Earth Elements", "refining", note="magnet elements only: Nd, Pr, Dy, Tb, as elements"
    )
    sources = "IEA magnet elements refined 2024, USGS mine output 2024, USGS Yearbook 2022 T2"
    for maker, spread in ((NDPR, 0.10), (DYTB, 0.30), (LACEN, 0.20)):
        world = 0.0
        for country, oxides in separation().items():
            value = oxides[maker.good]
            world += value
            if value == 0.0:
                continue
            low, high = (1 - spread) * value, (1 + spread) * value
            note = f"{_oxide_rule(maker.good, country)}; inputs: {sources}"
            if country in REST_NDPR_T and maker is not LACEN:
                central, least, most = REST_NDPR_T[country]
                scale = value / central
                yield maker.assumed(
                    "production",
                    country,
                    value,
                    least * scale,
                    most * scale,
                    unit="t/year",
                    note=f"{_WHY_REST[country]}; {note}",
                )
            else:
                yield maker.derived("production", country, value, low=low, high=high, unit="t/year", note=note)
        yield maker.derived(
            "production", "WLD", world, unit="t/year", note=f"sum of the country rows; inputs: {sources}"
        )
    yield from magnets()


def _oxide_rule(good: str, country: str) -> str:
    if good == "ndpr_oxide":
        if country in REST_NDPR_T or country == "OTH":
            return "part of the IEA's rest of world (2,462 t of elements), as oxide"
        rest = " less Dy and Tb" if country == "CHN" else ""
        return f"IEA magnet elements refined{rest} x 1.176 t oxide per t element (Pr 22 %, Nd 78 %)"
    if good == "dytb_oxide":
        if country == "VNM":
            return "ionic-clay feed: its NdPr oxide x the Dy+Tb to Nd+Pr ratio of Xunwu and Xinfeng clays"
        return (
            "all Dy and Tb mined in the world (mine output x composition) x recovery 0.92, less Vietnam's: "
            "the EU study of 2023 gives China 100 % of Dy and Tb processing"
        )
    if country == "CHN":
        return "rest of the oxide separated: world mine output less others' feed, x recovery 0.92, less NdPr and DyTb oxide"
    return f"rest of the oxide separated at the composition of {SEPARATED_FEED[country]} ore: La, Ce, Sm to Lu and Y, sold or stored"


def magnets() -> Iterator[Row]:
    """Magnets by country: China's share from the IEA, the others judged from customs values."""
    note = (
        f"finished sintered and bonded NdFeB; world NdPr oxide less {NON_MAGNET_NDPR:.0%} for other uses over 0.33 t per t of magnet gives about 250 kt, "
        "within published 230-300 kt"
    )
    yield MAGNET.assumed("production", "WLD", WORLD_MAGNETS_T, 220_000, 300_000, unit="t/year", note=note)
    yield MAGNET.derived(
        "production", "CHN", CHINA_MAGNET_SHARE * WORLD_MAGNETS_T, low=205_000, high=282_000, unit="t/year",
        note="94 % of sintered NdFeB in 2024 (IEA commentary of 23 October 2025 and GCMO 2025) x world 250,000 t (assumed)",
    )  # fmt: skip
    for country, tonnes in REST_MAGNETS_T.items():
        yield MAGNET.assumed(
            "production", country, tonnes, 0.6 * tonnes, 1.6 * tonnes, unit="t/year",
            note="the 6 % outside China (15,000 t), split in the order of 2024 exports of HS 850511 and known plants; no public table by country",
        )  # fmt: skip


def coefficients() -> Iterator[Row]:
    """Compositions, output shares, concentrate per tonne of oxide, oxide per tonne of magnet."""
    for country in sorted(compositions()):
        shares = {NDPR: ndpr_share(country), DYTB: dytb_share(country)}
        shares[LACEN] = 1 - sum(shares.values())
        for maker, value in shares.items():
            yield maker.derived(
                "composition_share", country, value, unit="share", basis="none", source=YEARBOOK, locator="Yearbook 2022 tables, T2",
                note=f"deposits weighted {_weights(country)}: {_WHY_DEPOSITS.get(country, _LIKE)}; lacen is the rest",
            )  # fmt: skip
    for country, oxides in separation().items():
        separated = sum(v for k, v in oxides.items() if k != "feed")
        for maker in (NDPR, DYTB, LACEN):
            yield maker.derived(
                "output_share",
                country,
                oxides[maker.good] / separated,
                unit="share",
                basis="none",
                note=_share_note(country),
            )
        per_tonne = oxides["feed"] / oxides["ndpr_oxide"]
        yield NDPR.derived(
            "input_rare_earth_concentrate", country, per_tonne, low=per_tonne * RECOVERY / 0.96, high=per_tonne * RECOVERY / 0.88,
            unit="t/t", basis="none", note=f"1 / (recovery 0.92 x NdPr share of separated oxide {oxides['ndpr_oxide'] / separated:.4f}); recovery assumed 0.88-0.96",
        )  # fmt: skip
    world = {g: sum(o[g] for o in separation().values()) for g in ("feed", "ndpr_oxide", "dytb_oxide")}
    yield NDPR.derived(
        "input_rare_earth_concentrate", "", world["feed"] / world["ndpr_oxide"], unit="t/t", basis="none", low=3.7, high=5.0,
        note="world mine output over world NdPr oxide; for countries without a row of their own",
    )  # fmt: skip
    ndpr = world["ndpr_oxide"] * (1 - NON_MAGNET_NDPR) / WORLD_MAGNETS_T
    yield MAGNET.derived(
        "input_ndpr_oxide", "", ndpr, low=0.29, high=0.36, unit="t/t", basis="none",
        note=f"world NdPr oxide x (1 - {NON_MAGNET_NDPR:.0%} other uses) / 250,000 t magnets; 0.30-0.36 by chemistry: 28-31 % Nd+Pr, cut swarf returned as oxide",
    )  # fmt: skip
    yield MAGNET.assumed(
        "heavy_magnet_share", "WLD", HEAVY_MAGNET_SHARE, 0.35, 0.65, unit="share", basis="none",
        note="share of tonnes made with dysprosium or terbium; bonded magnets (about a tenth) and the sintered grades of disk drives, telephones, loudspeakers, lifts, toys and many industrial motors hold none or next to none; traction motors, compressors, servo motors, actuators and generators do; recalled, no public table, nor one by country",
    )  # fmt: skip
    dytb = world["dytb_oxide"] * (1 - NON_MAGNET_DYTB) / (HEAVY_MAGNET_SHARE * WORLD_MAGNETS_T)
    yield MAGNET.derived(
        "input_dytb_oxide", "", dytb, low=0.009, high=0.033, unit="t/t", basis="none",
        note=f"per tonne of magnets with heavy rare earths: world DyTb oxide x (1 - {NON_MAGNET_DYTB:.0%} other uses) / ({HEAVY_MAGNET_SHARE:g} x 250,000 t magnets); mean over grades with 0.5-6 % Dy, the others take none; range from the low oxide, many magnets and high heavy share to the reverse",
    )  # fmt: skip
    for maker, region, value, low, high, why in (
        (MINE, "", 0.88, 0.75, 0.97, "mines outside China run near their plans"),
        (MINE, "CHN", 0.95, 0.88, 0.98, "output is set by quota, plants fill it"),
        (NDPR, "", 0.70, 0.5, 0.9, "plants outside China were ramping up in 2024"),
        (NDPR, "CHN", 0.65, 0.5, 0.8, "separation capacity is held well above quota"),
        (MAGNET, "", 0.70, 0.5, 0.9, "older plants with spare shifts"),
        (MAGNET, "CHN", 0.60, 0.45, 0.75, "trade press puts Chinese capacity near 1.6 times output"),
    ):
        yield maker.assumed("utilisation_share", region, value, low, high, unit="share", basis="none", note=why)


def _weights(country: str) -> str:
    return ", ".join(f"{name} {weight:g}" for name, weight in DEPOSITS_OF[country].items())


def _share_note(country: str) -> str:
    if country == "CHN":
        return (
            f"its oxide rows over their sum; its ore's composition alone gives NdPr {ndpr_share('CHN'):.3f}: "
            "the IEA's tonnes hold oxide from magnet swarf and from ore no quota counts"
        )
    return f"composition of {SEPARATED_FEED[country]} ore (Yearbook T2); countries outside China leave Dy and Tb in a heavy concentrate, counted in lacen"


def prices() -> Iterator[Row]:
    """Oxide prices from USGS, concentrate and magnets derived from them and from customs values."""
    terms = "incoterm=FOB China; vat=excluded; export_rebate=none; Argus, oxide of 99-99.99 %"
    yield from price_rows(
        NDPR,
        "RARE EARTHS",
        "Price, average, dollars per kilogram: Neodymium-praseodymium (NdPr) oxide, 99% minimum",
        1000,
        terms=terms,
    )
    heavy = {e: salient("RARE EARTHS (Heavy)", f"Price, average, dollars per kilogram: {n}") for e, n in (
        ("Dy", "Dysprosium oxide, 99.5% minimum"), ("Tb", "Terbium oxide, 99.99% minimum"))}  # fmt: skip
    light = {e: salient("RARE EARTHS", f"Price, average, dollars per kilogram: {n}") for e, n in (
        ("La", "Lanthanum oxide, 99.5% minimum"), ("Ce", "Cerium oxide, 99.5% minimum"))}  # fmt: skip
    content = {e: sum(t * compositions()[c][e] for c, t in mined().items()) for e in _COLUMNS}
    ndpr = salient(
        "RARE EARTHS", "Price, average, dollars per kilogram: Neodymium-praseodymium (NdPr) oxide, 99% minimum"
    )
    for year in heavy["Dy"]:
        dy = content["Dy"] / (content["Dy"] + content["Tb"])
        dytb = 1000 * (dy * heavy["Dy"][year][0] + (1 - dy) * heavy["Tb"][year][0])
        yield DYTB.derived("price", "WLD", dytb, period=year, unit="USD/t", low=0.9 * dytb, high=1.1 * dytb, source=USGS_2026,
            locator=f"MCS2026_Commodities_Data.csv, RARE EARTHS (Heavy), Dysprosium oxide and Terbium oxide prices, {year}",
            note=f"{terms}; Dy and Tb oxide prices weighted by their content in world mine output, {dy:.2f} Dy")  # fmt: skip
        la = content["La"] / (content["La"] + content["Ce"])
        lacen = 1000 * (la * light["La"][year][0] + (1 - la) * light["Ce"][year][0])
        yield LACEN.derived("price", "WLD", lacen, period=year, unit="USD/t", low=0.8 * lacen, high=1.7 * lacen, source=USGS_2026,
            locator=f"MCS2026_Commodities_Data.csv, RARE EARTHS, Lanthanum oxide and Cerium oxide prices, {year}",
            note=f"{terms}; La and Ce oxide prices weighted by their content in world mine output, {la:.2f} La; high covers the Sm, Eu, Gd and Y in the rest")  # fmt: skip
        world = separation().values()
        separated = sum(o[g] for o in world for g in ("ndpr_oxide", "dytb_oxide", "lacen_oxide"))
        value = (
            RECOVERY
            / separated
            * sum(
                o["ndpr_oxide"] * ndpr[year][0] * 1000 + o["dytb_oxide"] * dytb + o["lacen_oxide"] * lacen
                for o in separation().values()
            )
        )
        yield MINE.derived("price", "WLD", 0.5 * value, period=year, unit="USD/t", low=0.35 * value, high=0.7 * value,
            note=f"incoterm=FOB; vat=excluded; export_rebate=none; payable share 0.5 (assumed 0.35-0.7) of {value:,.0f} USD, the oxides recovered from a tonne of oxide in world-average ore")  # fmt: skip
    yield from prices_2020(terms, content)
    nd, price = magnet_flows()
    yield MAGNET.derived("price", "WLD", price, unit="USD/t", low=0.7 * price, high=1.3 * price,
        note=f"incoterm=FOB China; vat=excluded; export_rebate=13 % included; unit value of the NdFeB part of Chinese exports of HS 850511 in 2024 "
        f"({sum(t for (a, _), (t, _) in nd.items() if a == 'CHN'):,.0f} t); low covers plain grades sold at home")  # fmt: skip


def prices_2020(terms: str, content: dict[str, float]) -> Iterator[Row]:
    """Oxide prices of 2020 from the 2024 edition, which has no NdPr line."""
    file = "mcs2024-raree_salient.csv"
    yield price_2020_row(
        NDPR, file, "Price_Nd2O3_dkg", 1000, terms=f"{terms}; neodymium oxide, within 5 % of NdPr oxide in later years"
    )
    dy = content["Dy"] / (content["Dy"] + content["Tb"])
    price = 1000 * (
        dy * price_2020("2024", file, "Price_Dy2O3_dkg") + (1 - dy) * price_2020("2024", file, "Price_TbO2_dkg")
    )
    yield DYTB.derived("price", "WLD", price, period="2020", unit="USD/t", low=0.9 * price, high=1.1 * price, source="usgs-mcs-2024",
        locator=f"{file}, Price_Dy2O3_dkg and Price_TbO2_dkg, 2020", note=f"{terms}; Dy and Tb oxide prices weighted by their content in world mine output of 2024, {dy:.2f} Dy")  # fmt: skip
    yield price_2020_row(
        LACEN,
        file,
        "Price_CeO2_dkg",
        1000,
        terms=f"{terms}; cerium oxide, printed in whole dollars, as lanthanum oxide is",
    )


OTHER_MAGNET_USD_PER_T = 5_000.0
CHINA_NDFEB_EXPORT_T = 58_000.0
_FINISHERS = dict.fromkeys(
    ("VNM", "PHL"),
    "; exports exceed its plants' output because it cuts, coats and ships on imported blocks: balancing returns these to their maker",
)


@cache
def magnet_flows() -> tuple[dict[tuple[str, str], tuple[float, bool]], float]:
    """NdFeB part of HS 850511 by pair [t], and the unit value of pure NdFeB that makes China's part 58,000 t [USD/t].

    A flow's unit value u lies between b (other metal magnets) and a (NdFeB): its NdFeB part is (u - b) / (a - b), within 0 and 1.
    """
    flows = [f for f in flows_2024(BACI_HS17, "850511") if f.gross_t > 0 and f.value_usd > 0]

    def part(flow_unit_value: float, a: float) -> float:
        return min(1.0, max(0.0, (flow_unit_value - OTHER_MAGNET_USD_PER_T) / (a - OTHER_MAGNET_USD_PER_T)))

    low, high = 6_000.0, 200_000.0
    for _ in range(80):
        middle = (low + high) / 2
        chinese = sum(f.gross_t * part(f.unit_value, middle) for f in flows if f.exporter == "CHN")
        low, high = (middle, high) if chinese > CHINA_NDFEB_EXPORT_T else (low, middle)
    return by_pair((f, f.gross_t * part(f.unit_value, low)) for f in flows), low


def trade() -> Iterator[Row]:
    """Magnets from BACI; concentrate where USGS states the route.

    HS 2846.10 is cerium compounds alone, a part of the mixed good `lacen_oxide`, and 2846.90 mixes every other rare earth:
    neither code is one of the three oxides, so their trade is left to balancing.
    """
    nd, price = magnet_flows()
    for (exporter, importer), (tonnes, _) in nd.items():
        yield MAGNET.derived("trade", exporter, tonnes, partner=importer, unit="t/year", low=0.6 * tonnes, high=1.4 * tonnes, source=BACI_HS17,
            locator=f"HS17 850511, 2024, {exporter} to {importer}",
            note=f"{FREE_ON_BOARD}; NdFeB part of all metal magnets = (unit value - 5,000) / ({price:,.0f} - 5,000), within 0 and 1, set so that China exports 58,000 t{_FINISHERS.get(exporter, '')}")  # fmt: skip
    yield from concentrate_trade()


def concentrate_trade() -> Iterator[Row]:
    """Ore that leaves its country: USGS counts most of it from China's import records."""
    imports = "USGS estimates this country's mine output from China's import records (MCS 2026, world table, note)"
    exports = salient("RARE EARTHS", "Exports: Ores and compounds")["2024"][0]
    feed, ore = separation(), mined()
    routes = [(c, "CHN", ore[c], imports) for c in ("MMR", "MDG", "THA")]
    routes += [
        ("USA", "CHN", exports, "USGS exports of ores and compounds 2024, of which nearly all is Mountain Pass concentrate for China; some compounds go elsewhere"),
        ("AUS", "MYS", min(feed["MYS"]["feed"], ore["AUS"]), "Mount Weld concentrate: Malaysia's feed at recovery 0.92; customs show 31,210 t gross under HS 280530"),
        ("AUS", "CHN", max(ore["AUS"] - feed["MYS"]["feed"] - 300, 0), "rest of Australia's mine output: monazite concentrate sold to China"),
        ("RUS", "EST", 0.6 * ore["RUS"], "loparite carbonate for Sillamae; share of the mine's output assumed"),
        ("NGA", "CHN", ore["NGA"], "monazite; no separation at home"),
        ("BRA", "CHN", ore["BRA"], "ionic-clay carbonate; no separation at home"),
    ]  # fmt: skip
    for exporter, importer, tonnes, why in routes:
        yield MINE.derived(
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


def main() -> None:
    """Write the tables of rare-earth supply."""
    write_rows("rare_earths", "production", production())
    write_rows("rare_earths", "coefficients", coefficients())
    write_rows("rare_earths", "prices", prices())
    write_rows("rare_earths", "trade", trade())
    write_rows("rare_earths", "reserves", reserves(MINE, "RARE EARTHS", "Rare earths", "Mine production"))


if __name__ == "__main__":
    main()
