"""Refining: smelters and refineries of goods whose publishers state mines alone, judged; and the prices of what feeds them.

    python dataset/recipes/refining.py

The largest maker's output is what world mines leave to it: mined over the input coefficient, less the judged makers.
Coefficients stand in processes_assumed.csv. Nickel, antimony and tungsten have recipes of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from judged import judged_rows
from row_table import RECIPES, number, observation, read_table, write_by_material
from supply_baci import flows_2024, repaired
from supply_rows import BACI_HS17, BACI_HS92
from supply_usgs import world_values

from derisk.vocabulary.goods import GOODS

Line = dict[str, str]


@dataclass(frozen=True, slots=True)
class Remainder:
    """A refined good whose largest maker takes what is left of world mines."""

    good: str
    maker: str
    chapter: str
    feed: str
    per_tonne: float
    """Tonnes of feed per tonne of the good."""
    error: float
    """Relative, either way."""
    why: str


@dataclass(frozen=True, slots=True)
class FeedPrice:
    """A concentrate priced as a part of what is made of it, or the other way round."""

    good: str
    of: str
    ratio: float
    low: float
    high: float
    why: str


REMAINDERS = (
    Remainder("refined_tin", "CHN", "TIN", "tin_concentrate", 1.04, 0.1, "recalled output of 2024 is some 200,000 t with scrap"),
    Remainder("vanadium", "CHN", "VANADIUM", "vanadium_concentrate", 1.12, 0.08, "slag and stone coal at home"),
    Remainder("tantalum", "CHN", "TANTALUM", "tantalum_concentrate", 1.12, 0.35, "works on bought ore and lithium mines' tantalite"),
)  # fmt: skip
NIOBIUM_IN_FERRONIOBIUM = 0.65
NIOBIUM_AT_HOME_T = {"BRA": 3_000.0, "CAN": 300.0}
"""Makers that ship nearly all their ferroniobium, and what their own steelworks take [t/year], judged."""
NAMED_BY_CUSTOMS = {
    "titanium_concentrate": ("261400", 0.55, ("NGA", "VNM", "IDN", "LKA", "TZA", "KHM")),
    "manganese_ore": ("260200", 0.3, ("MMR", "MYS", "ZMB", "MEX", "KAZ", "MAR", "GUY", "NAM")),
}
"""Miners that USGS leaves in its other countries and customs see: code, content share, countries."""
FEED_PRICES = (
    FeedPrice("tin_concentrate", "refined_tin", 0.9, 0.85, 0.95, "smelters kept 5-15 % of the metal's price for charges and losses"),
    FeedPrice("vanadium_concentrate", "vanadium", 0.45, 0.3, 0.65, "slag of 8-12 % vanadium; assumption"),
    FeedPrice("niobium_concentrate", "niobium", 0.55, 0.35, 0.75, "hardly traded: mine and works have one owner; assumption"),
)  # fmt: skip
FIRST_PRICE_YEAR = 2008


def production() -> Iterator[Line]:
    """Judged makers, and the largest maker with what is left."""
    judged = judged_rows("refining_assumed.csv")
    yield from judged
    for rule in REMAINDERS:
        mined = {c: t for c, t in world_values(rule.chapter, "Mine production", "2024").items() if c != "WLD"}
        world = sum(mined.values()) / rule.per_tonne
        makers = {
            r["region"]: float(r["value"]) for r in judged if (r["good"], r["field"]) == (rule.good, "production")
        }
        largest = world - sum(makers.values())
        left = f"world mines 2024 ({sum(mined.values()):,.0f} t, USGS) over {rule.per_tonne:g}, less the other makers ({world - largest:,.0f} t); {rule.why}"
        yield derived(rule.good, rule.maker, largest, left, error=rule.error)
        yield derived(
            rule.good,
            "WLD",
            world,
            f"world mines 2024 ({sum(mined.values()):,.0f} t, USGS) over {rule.per_tonne:g}; scrap not in it",
        )
    for country, home in NIOBIUM_AT_HOME_T.items():
        shipped = NIOBIUM_IN_FERRONIOBIUM * sum(
            f.gross_t for f in flows_2024(BACI_HS92, "720293") if f.exporter == country
        )
        yield derived(
            "niobium",
            country,
            shipped + home,
            f"ferroniobium that customs book leaving in 2024 (BACI HS92 720293) x 0.65, and {home:,.0f} t for its own steel",
            error=0.1,
        )
    for good in NAMED_BY_CUSTOMS:
        yield from split_others(good)


def split_others(good: str) -> Iterator[Line]:
    """USGS's other countries of 2024: those that customs see by what they ship, the others together."""
    code, content, countries = NAMED_BY_CUSTOMS[good]
    usgs = read_table(RECIPES.parent / "observations" / GOODS[good].material / "usgs.csv")
    stated = [
        line
        for line in usgs
        if (line["good"], line["field"], line["region"], line["period"]) == (good, "production", "OTH", "2024")
    ]
    others = float(max(stated, key=lambda line: line["source"])["value"])
    flows = repaired(flows_2024(BACI_HS92, code), factor=10.0)
    shipped = {c: content * sum(f.gross_t for f in flows if f.exporter == c) for c in countries}
    scale = min(1.0, 0.9 * others / sum(shipped.values()))
    for country, tonnes in shipped.items():
        yield derived(
            good,
            country,
            scale * tonnes,
            f"of USGS's 'other countries' 2024 ({others:,.0f} t): ore that customs book leaving (BACI HS92 {code}) x {content:g}, {scale:.2f} of it",
            error=0.4,
        )
    rest = others - scale * sum(shipped.values())
    yield derived(
        good, "OTH", rest, f"USGS's 'other countries' 2024 ({others:,.0f} t) less those that customs see", error=0.2
    )


def derived(good: str, region: str, tonnes: float, note: str, *, error: float = 0.0) -> Line:
    """A row of production, with a relative error either way."""
    spread = {"low": number((1 - error) * tonnes), "high": number((1 + error) * tonnes)} if error else {}
    return observation(
        good, region=region, period="2024", field="production", value=number(tonnes), unit="t/year", basis=GOODS[good].basis,
        status="derived", source="derisk-derivations", locator="rule in the note", note=note, **spread,
    )  # fmt: skip


def prices() -> Iterator[Line]:
    """Feed as a part of the refined good's price, each year; refined tantalum by what customs record."""
    for rule in FEED_PRICES:
        for year, price in yearly_prices(rule.of).items():
            yield price_row(rule.good, year, rule.ratio * price, rule.low * price, rule.high * price,
                f"{rule.ratio:g} x the price of {rule.of} ({price:,.0f}): {rule.why}")  # fmt: skip
    usual = middle_unit_value("810320")
    yield price_row("tantalum", "2024", usual, 0.7 * usual, 1.4 * usual,
        "unit value of the middle dollar of unwrought tantalum and powder traded in 2024 (BACI HS17 810320)")  # fmt: skip


def price_row(good: str, year: str, value: float, low: float, high: float, why: str) -> Line:
    """A derived price of the world."""
    return observation(
        good, region="WLD", period=year, field="price", value=number(value), unit="USD/t", basis=GOODS[good].price_basis, status="derived",
        low=number(low), high=number(high), source="derisk-derivations", locator="rule in the note",
        note=f"incoterm=not stated; vat=excluded; export_rebate=none; {why}",
    )  # fmt: skip


def middle_unit_value(hs6: str) -> float:
    """Unit value around which half of the traded dollars lie [USD/t]."""
    flows = sorted(
        (f for f in flows_2024(BACI_HS17, hs6) if f.gross_t > 0 and f.value_usd > 0), key=lambda f: f.unit_value
    )
    half, passed = sum(f.value_usd for f in flows) / 2, 0.0
    for flow in flows:
        passed += flow.value_usd
        if passed >= half:
            break
    return flow.unit_value


def yearly_prices(good: str) -> dict[str, float]:
    """World price of a good by year [USD/t], from the tables of publishers; the newest source of each year."""
    found: dict[str, tuple[str, float]] = {}
    folder = RECIPES.parent / "observations" / GOODS[good].material
    for name in ("usgs.csv", "pink_sheet.csv"):  # the exchange's mean takes the place of a dealer's quote
        for line in read_table(folder / name) if (folder / name).exists() else []:
            about = (line["good"], line["field"], line["region"])
            if about == (good, "price", "WLD") and len(line["period"]) == 4 and int(line["period"]) >= FIRST_PRICE_YEAR:
                found[line["period"]] = max(
                    found.get(line["period"], ("", 0.0)), (line["source"], float(line["value"]))
                )
    return {year: value for year, (_, value) in sorted(found.items())}


def main() -> None:
    """Write observations/<material>/refining.csv."""
    write_by_material("refining", [*production(), *prices()])


if __name__ == "__main__":
    main()
