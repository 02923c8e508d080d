"""Contained trade by year: the rules of the 2024 tables applied to 2009-2023, and customs' content shares for further goods.

Rules T6 to T12 of docs/data/trade.md.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache

from copper_supply import GOLD_RICH, GOLD_RICH_GRADE, concentrate_trade, pink_sheet
from lithium_supply import LITHIUM_IN
from row_table import RECIPES, number, observation, read_table, write_by_material
from supply_baci import Flow, by_pair, flows_of_year, repaired
from supply_rows import BACI_HS17, BACI_HS92
from trade_history import BACI_HS02

from derisk.data.customs import CustomsCode, meaning
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import COUNTRIES

PAST_YEARS = tuple(range(2009, 2024))
BASE_YEARS = (2009, 2024)
LEAST_SHARE, LEAST_SHARE_2009 = 1e-3, 1e-4
"""Pairs below this share of a good's tonnes are left out; the base year of the first cases keeps what 2024 keeps."""

COBALT_IN_HYDROXIDE = 0.33
HYDROXIDE_YEARS = (*range(2012, 2016), *range(2017, 2024))
"""Years in which 0.33 of what customs weighed from the Congo comes within a third of what it mined: before 2012 much was
concentrate and alloy, in 2016 the weights of most cargoes are missing."""
METAL_BAND = (0.4, 2.65)
"""Unit values of refined cobalt over the reference of the year: 12-80 USD/kg in 2024."""
GRAPHITE_FACTOR = 20
"""Amorphous ore is worth a tenth of flake: the factor of 6 of 2024 would take North Korea's for misprints."""
REFINERS = frozenset({"AUS", "BEL", "CAN", "FIN", "JPN", "MAR", "MDG", "NOR"})
ZAMBIA_REFINED_UNTIL = 2018

CONTENT_GOODS_HS92 = {
    "manganese_ore": (("260200",), 10.0), "tungsten_concentrate": (("261100",), 4.0),
    "tungsten": (("810110",), 4.0), "antimony_concentrate": (("261710",), 10.0), "titanium_concentrate": (("261400",), 10.0),
    "vanadium": (("282530", "720292"), 4.0), "niobium": (("720293",), 4.0), "tantalum": (("810310",), 5.0),
    "tin_concentrate": (("260900",), 10.0), "bismuth": (("810600",), 5.0),
    "fluorspar": (("252922",), 10.0), "platinum": (("711011",), 3.0), "palladium": (("711021",), 3.0), "rhodium": (("711031",), 3.0),
}  # fmt: skip
CONTENT_GOODS_HS17 = {
    "refined_nickel": (("750210",), 3.0), "antimony": (("811010",), 4.0), "magnesium": (("810411",), 4.0),
    "titanium_sponge": (("810820",), 5.0), "silicon_metal": (("280469",), 4.0),
}  # fmt: skip
"""Codes of goods whose trade follows from a content share, and how far off the median unit value a weight may lie."""

CUSTOMS_ERROR = 0.1
"""Weights of customs records are off by some ten per cent either way, beside what the content share leaves open."""
PRICED_APART: dict[tuple[str, str, str, int], tuple[float, str]] = {
    ("810411", "ISR", "USA", 2024): (
        7_100.0,
        "28,147 t on record give 3,121 USD/t, where Israel's other buyers paid 7,100 and the United States spot price was 7,760",
    ),
}
"""Flows whose weight on record no price explains: value over the price [USD/t], and why."""

LATERITE_BELOW, MATTE_ABOVE = 0.02, 0.32
"""Unit values of nickel ore over the price of nickel: below, laterite as dug; above, matte and sulphide booked as ore."""
IN_LATERITE = {"PHL": (0.0085, 0.0065, 0.011)}
IN_OTHER_LATERITE = (0.011, 0.008, 0.0135)
"""Nickel per gross tonne of laterite with its range: 1.3 % dry and a third water in the Philippines, 1.5-1.8 % elsewhere."""
PAID_IN_CONCENTRATE = 0.7
"""Price of nickel in sulphide concentrate over the price of metal."""

TELLURIUM_BAND, TELLURIUM_IN = (35_000.0, 160_000.0), 0.95
"""Unit values of what is tellurium in a code that holds boron too [USD/t] in 2024, and tellurium in it."""
TELLURIUM_PRICE_2024 = 81_540.0
"""Rotterdam [USD/t], USGS; the band moves with the year's price."""
TELLURIUM_PRICES = {2009: 150_000.0, 2024: TELLURIUM_PRICE_2024}

Pairs = dict[tuple[str, str], tuple[float, bool]]
Row = dict[str, str]


def _known(flows: Iterable[Flow]) -> list[Flow]:
    return [f for f in flows if f.exporter in COUNTRIES and f.importer in COUNTRIES]


def _least(year: int) -> float:
    return LEAST_SHARE if year in PAST_YEARS[1:] else LEAST_SHARE_2009


def _rows(
    good: str, year: int, pairs: Pairs, *, low: float, high: float, source: str, codes: str, note: str
) -> Iterator[Row]:
    """Derived rows of a good; `low` and `high` are factors of the value."""
    for (exporter, importer), (tonnes, mended) in pairs.items():
        yield observation(
            good, region=exporter, partner=importer, period=year, field="trade", value=number(tonnes), unit="t/year",
            basis=GOODS[good].basis, status="derived", low=number(low * tonnes), high=number(high * tonnes), source=source,
            locator=codes, note=f"{note}; weight from value" if mended else note,
        )  # fmt: skip


@cache
def copper_price(year: int) -> float:
    """Mean of the year's months, LME cash [USD/t]."""
    return statistics.mean(price for month, price in pink_sheet().items() if month.startswith(str(year)))


def copper_concentrate(year: int) -> Iterator[Row]:
    """Rule T6: value over the year's copper price, times the share of the price that 2024's calibration found."""
    payable = concentrate_trade()[1] / copper_price(2024)
    usd_per_t = payable * copper_price(year)

    def copper_t(flow: Flow) -> float:
        by_value = flow.value_usd / usd_per_t
        gold = flow.exporter in GOLD_RICH and flow.gross_t > 0 and by_value < 0.6 * flow.gross_t
        return min(by_value, GOLD_RICH_GRADE * flow.gross_t) if gold else by_value

    flows = [f for f in _known(flows_of_year(BACI_HS92, "260300", year)) if f.value_usd > 0]
    pairs = by_pair(((f, copper_t(f)) for f in flows), least_share=_least(year))
    yield from _rows("copper_concentrate", year, pairs, low=0.6, high=1.2, source=BACI_HS92, codes="HS92 260300",
        note=f"rule T6: value over {usd_per_t:,.0f} USD per t of copper")  # fmt: skip


def refined_copper(year: int) -> Iterator[Row]:
    """Rule T7: value over the year's price, for the stored trade of these years has no weights."""
    price = copper_price(year)
    pairs = by_pair(
        ((f, f.value_usd / price) for f in _known(flows_of_year(BACI_HS17, "740311", year)) if f.value_usd > 0),
        least_share=_least(year),
    )
    source = BACI_HS02 if year < 2017 else BACI_HS17
    yield from _rows("refined_copper", year, pairs, low=0.9, high=1.1, source=source, codes=f"{_edition(source)} 740311",
        note=f"rule T7: value over {price:,.0f} USD per t")  # fmt: skip


def _edition(source: str) -> str:
    return source.split("-")[1].upper()


def lithium_chemical(year: int) -> Iterator[Row]:
    """Rule T8: weights of carbonate and hydroxide, those off price mended, times their lithium."""
    flows = [
        (f, f.gross_t * content)
        for code, content in LITHIUM_IN.items()
        for f in repaired(_known(flows_of_year(BACI_HS92, code, year)), factor=2.5)
    ]
    pairs = by_pair(flows, least_share=_least(year))
    yield from _rows(
        "lithium_chemical", year, pairs, low=0.9, high=1.1, source=BACI_HS92, codes="HS92 283691 282520", note="rule T8"
    )


def natural_graphite(year: int) -> Iterator[Row]:
    """Rule T10: gross weight, off-price flows mended; both codes of HS92."""
    flows = [
        f
        for code in ("250410", "250490")
        for f in repaired(_known(flows_of_year(BACI_HS92, code, year)), factor=GRAPHITE_FACTOR)
    ]
    pairs = by_pair(((f, f.gross_t) for f in flows), least_share=_least(year))
    yield from _rows(
        "natural_graphite",
        year,
        pairs,
        low=0.9,
        high=1.1,
        source=BACI_HS92,
        codes="HS92 250410 250490",
        note="rule T10",
    )


def cobalt_intermediate(year: int) -> Iterator[Row]:
    """Rule T9: the Congo's hydroxide as importers book it; routes of nickel-borne cobalt stand in 2024 alone."""
    if year not in HYDROXIDE_YEARS:
        return
    flows = [f for f in _known(flows_of_year(BACI_HS92, "810510", year)) if f.exporter == "COD" and f.gross_t > 2000]
    pairs = {(f.exporter, f.importer): (COBALT_IN_HYDROXIDE * f.gross_t, False) for f in flows}
    yield from _rows("cobalt_intermediate", year, pairs, low=0.75, high=1.2, source=BACI_HS92, codes="HS92 810510",
        note=f"rule T9: gross weight x {COBALT_IN_HYDROXIDE}")  # fmt: skip


def refined_cobalt(year: int) -> Iterator[Row]:
    """Rule T9: metal and oxide of about the price of metal."""
    flows = [f for code in ("810510", "282200") for f in _known(flows_of_year(BACI_HS92, code, year)) if f.gross_t > 0]
    reference = statistics.median(
        f.unit_value
        for f in flows
        if f.hs6 == "810510" and f.exporter in REFINERS and f.importer != "NOR" and f.gross_t > 20
    )
    no_metal = {"COD", "NAM", "COG"} | (set() if year <= ZAMBIA_REFINED_UNTIL else {"ZMB"})
    low, high = (reference * factor for factor in METAL_BAND)
    wanted = [
        f
        for f in flows
        if low <= f.unit_value <= high and f.exporter not in no_metal and (f.exporter, f.importer) != ("CAN", "NOR")
    ]
    pairs = by_pair(
        ((f, f.gross_t * (0.72 if f.hs6 == "282200" else 1.0)) for f in wanted), least_share=max(5e-4, _least(year))
    )
    yield from _rows("refined_cobalt", year, pairs, low=0.7, high=1.1, source=BACI_HS92, codes="HS92 810510 282200",
        note=f"rule T9: {low / 1000:.0f}-{high / 1000:.0f} USD/kg alone")  # fmt: skip


@cache
def nickel_price(year: int) -> float:
    """Mean price of the year [USD/t], from the table of the Pink Sheet."""
    rows = read_table(RECIPES.parent / "observations" / "nickel" / "pink_sheet.csv")
    return next(float(row["value"]) for row in rows if row["period"] == str(year))


def nickel_ore(year: int) -> Iterator[Row]:
    """Rule T13: laterite by weight, concentrate by value; what is dearer than concentrate is no ore."""
    price = nickel_price(year)
    held: dict[bool, list[tuple[Flow, float]]] = {True: [], False: []}
    for flow in _known(flows_of_year(BACI_HS92, "260400", year)):
        ratio = flow.unit_value / price if flow.gross_t > 0 else PAID_IN_CONCENTRATE * 0.1
        if flow.value_usd > 0 and ratio <= MATTE_ABOVE:
            laterite = ratio <= LATERITE_BELOW
            content = IN_LATERITE.get(flow.exporter, IN_OTHER_LATERITE)[0]
            by_value = flow.value_usd / (PAID_IN_CONCENTRATE * price)
            held[laterite].append((flow, content * flow.gross_t if laterite else by_value))
    least = _least(year) * sum(tonnes for flows in held.values() for _, tonnes in flows)
    for laterite, flows in held.items():
        for (exporter, importer), (tonnes, mended) in by_pair(flows, least_share=0.0).items():
            if tonnes >= least:
                middle, low, high = IN_LATERITE.get(exporter, IN_OTHER_LATERITE) if laterite else (1.0, 0.7, 1.4)
                note = (
                    f"laterite, x {middle:g}"
                    if laterite
                    else f"concentrate, value over {PAID_IN_CONCENTRATE:g} x {price:,.0f} USD/t"
                )
                yield from _rows("nickel_ore", year, {(exporter, importer): (tonnes, mended)}, low=low / middle, high=high / middle,
                    source=BACI_HS92, codes="HS92 260400", note=f"rule T13: {note}")  # fmt: skip


def tellurium(year: int) -> Iterator[Row]:
    """Rule T15: flows of about the price of tellurium; the rest of the code is boron."""
    scale = TELLURIUM_PRICES[year] / TELLURIUM_PRICE_2024
    low, high = (scale * bound for bound in TELLURIUM_BAND)
    flows = [
        f for f in _known(flows_of_year(BACI_HS92, "280450", year)) if f.gross_t > 0 and low <= f.unit_value <= high
    ]
    pairs = by_pair(((f, TELLURIUM_IN * f.gross_t) for f in flows), least_share=LEAST_SHARE)
    yield from _rows("tellurium", year, pairs, low=0.6, high=1.05, source=BACI_HS92, codes="HS92 280450",
        note=f"rule T15: {low / 1000:.0f}-{high / 1000:.0f} USD/kg alone")  # fmt: skip


PAST: tuple[Callable[[int], Iterator[Row]], ...] = (
    copper_concentrate,
    refined_copper,
    lithium_chemical,
    natural_graphite,
    cobalt_intermediate,
    refined_cobalt,
    nickel_ore,
)


def by_content(good: str, codes: tuple[str, ...], factor: float, year: int, *, source: str) -> Iterator[Row]:
    """Rule T12: weights, those off the median unit value mended, times the content share of each code and exporter."""
    edition, parts = _edition(source), {}
    for code in codes:
        for flow in map(_priced_apart(year), _known(flows_of_year(source, code, year))):
            line = meaning(code, edition=edition, exporter=flow.exporter)
            if line is not None and line.good == good and line.content_share is not None:
                parts.setdefault(line, []).append(flow)
    lows: dict[tuple[str, str], float] = {}
    highs: dict[tuple[str, str], float] = {}
    tonnes: list[tuple[Flow, float]] = []
    for line, flows in parts.items():
        for flow in repaired_by_weight(flows, factor=factor):
            content, low, high = _shares(line)
            pair = (flow.exporter, flow.importer)
            tonnes.append((flow, flow.gross_t * content))
            lows[pair] = lows.get(pair, 0.0) + flow.gross_t * low
            highs[pair] = highs.get(pair, 0.0) + flow.gross_t * high
    for pair, held in by_pair(tonnes, least_share=LEAST_SHARE).items():
        yield from _rows(good, year, {pair: held}, low=(1 - CUSTOMS_ERROR) * lows[pair] / held[0],
            high=(1 + CUSTOMS_ERROR) * highs[pair] / held[0], source=source,
            codes=f"{edition} {' '.join(codes)}", note=f"rule T12: x {held[0] / _gross(tonnes, pair):.3g}")  # fmt: skip


def _priced_apart(year: int) -> Callable[[Flow], Flow]:
    """Replaces the weights of the few flows that stand in PRICED_APART."""

    def mend(flow: Flow) -> Flow:
        found = PRICED_APART.get((flow.hs6, flow.exporter, flow.importer, year))
        return flow if found is None else replace(flow, gross_t=flow.value_usd / found[0], repaired=True)

    return mend


def repaired_by_weight(flows: list[Flow], *, factor: float) -> list[Flow]:
    """As `repaired`, around the unit value of the middle dollar: what most of the trade costs, not most of the pairs."""
    priced = sorted((f for f in flows if f.gross_t > 0 and f.value_usd > 0), key=lambda f: f.unit_value)
    half, passed = sum(f.value_usd for f in priced) / 2, 0.0
    for flow in priced:
        usual = flow.unit_value
        passed += flow.value_usd
        if passed >= half:
            break
    return [
        f
        if f.gross_t > 0 and usual / factor <= f.unit_value <= usual * factor
        else replace(f, gross_t=f.value_usd / usual, repaired=True)
        for f in flows
        if f.value_usd > 0
    ]


def _gross(tonnes: list[tuple[Flow, float]], pair: tuple[str, str]) -> float:
    return sum(flow.gross_t for flow, _ in tonnes if (flow.exporter, flow.importer) == pair)


def _shares(line: CustomsCode) -> tuple[float, float, float]:
    content = line.content_share or 0.0
    return content, line.low if line.low is not None else content, line.high if line.high is not None else content


def rows() -> Iterator[Row]:
    """Every row: past years of the goods with a table of 2024, then 2009 and 2024 of further goods."""
    for year in PAST_YEARS:
        for make in PAST:
            yield from make(year)
    yield from nickel_ore(2024)
    for year in BASE_YEARS:
        yield from tellurium(year)
    for year in BASE_YEARS:
        for good, (codes, factor) in CONTENT_GOODS_HS92.items():
            yield from by_content(good, codes, factor, year, source=BACI_HS92)
    for good, (codes, factor) in CONTENT_GOODS_HS17.items():
        yield from by_content(good, codes, factor, 2024, source=BACI_HS17)


def main() -> None:
    """Write observations/<material>/trade_by_year.csv."""
    ordered = sorted(rows(), key=lambda r: (r["good"], r["period"], r["region"], r["partner"]))
    write_by_material("trade_by_year", ordered)


if __name__ == "__main__":
    main()
