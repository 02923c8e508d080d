"""Downstream history: who made oxides, magnets, lithium chemicals and anodes before 2024, where no source names makers by year.

    python dataset/recipes/downstream_history.py

Oxides and lithium chemicals follow from what was mined, magnets from the oxide, by the shares and coefficients of 2024; the part of
rare-earth ore that was clay is each year's own. Who
shared in magnets and anodes is recalled for a few years and runs evenly between them. Mined lithium before 2016 and
gallium before 2011 are recalled world figures.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping

from rare_earths_clay import clay_share
from rare_earths_ore import RECOVERY, clay_oxides
from row_table import RECIPES, number, observation, write_by_material

from derisk.vocabulary.goods import GOODS

Row = dict[str, str]
YEARS = tuple(range(2008, 2024))
DERIVED, ASSUMED = "derisk-derivations", "derisk-assumptions"

MALAYSIA_FROM = 2013
"""First year in which the plant at Kuantan separated Australian concentrate."""
MALAYSIA_MOST_T = 19_000.0
"""Concentrate that it took in 2024 [t REO]; what Australia mined beyond goes to China."""
UNITED_STATES_SEPARATED = (2012, 2015)
"""Years in which Mountain Pass separated what it mined; later its concentrate went to China, until 2023."""
GROUPS = ("lacen_oxide", "samarium_oxide", "eugd_oxide", "dytb_oxide", "yttrium_oxide")

MAGNET_SHARES = {
    2010: {"CHN": 0.77, "JPN": 0.195, "DEU": 0.015, "FIN": 0.010, "SVN": 0.005, "OTH": 0.005},
    2015: {"CHN": 0.86, "JPN": 0.115, "DEU": 0.010, "FIN": 0.004, "SVN": 0.003, "OTH": 0.008},
    2020: {"CHN": 0.91, "JPN": 0.070, "DEU": 0.005, "FIN": 0.002, "SVN": 0.002, "OTH": 0.011},
    2024: {"CHN": 0.94, "JPN": 0.036, "DEU": 0.0036, "FIN": 0.001, "SVN": 0.0008, "OTH": 0.0186},
}
"""Recalled: China 76-80 %, Japan 17-22 %, Europe 3 % around 2010; the shares of 2024 stand in the supply of 2024."""
ANODE_T = {2010: 25_000.0, 2015: 110_000.0, 2020: 450_000.0, 2023: 2_037_200.0}
ANODE_SHARES = {
    2010: {"CHN": 0.35, "JPN": 0.63, "KOR": 0.02},
    2015: {"CHN": 0.68, "JPN": 0.27, "KOR": 0.05},
    2020: {"CHN": 0.84, "JPN": 0.11, "KOR": 0.05},
    2023: {"CHN": 0.91, "JPN": 0.06, "KOR": 0.03},
}
"""Recalled; tonnes grow evenly between the years, before 2010 they are those of 2010."""

LITHIUM_MINED_T = {
    2008: {"ARG": 3170, "AUS": 6280, "BRA": 160, "CHL": 10600, "CHN": 3290, "PRT": 700, "ZWE": 500, "USA": 900},
    2010: {"ARG": 2950, "AUS": 9260, "BRA": 160, "CHL": 10510, "CHN": 3950, "PRT": 800, "ZWE": 470, "USA": 900},
    2013: {"ARG": 2500, "AUS": 12700, "BRA": 400, "CHL": 11200, "CHN": 4700, "PRT": 570, "ZWE": 1000, "USA": 900},
}
"""Recalled from the Mineral Commodity Summaries of the years after, which withhold the United States."""
LITHIUM_WORLD_T = {2009: 19_700, 2011: 34_900, 2012: 35_900, 2014: 32_600, 2015: 32_400}
GALLIUM_WORLD_T = {2008: 111, 2009: 78, 2010: 106}
"""Recalled from the Mineral Commodity Summaries of 2010 and 2011."""
UNITED_STATES_BRINE_T = 900.0
"""Withheld; one plant of about 5,000 t of carbonate a year."""
BRINES = ("CHL", "ARG", "USA")
"""Countries whose lithium leaves the ground in brine and the country as a chemical."""


def made(good: str) -> dict[int, dict[str, float]]:
    """Output stated for a good by year and country; the newest source of a key stands."""
    output: dict[int, dict[str, float]] = {}
    for path in sorted((RECIPES.parent / "observations" / GOODS[good].material).glob("*.csv")):
        if path.stem == "downstream_history":
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            for line in csv.DictReader(stream):
                if (
                    line["field"] == "production"
                    and line["good"] == good
                    and len(line["period"]) == 4
                    and line["value"]
                ):
                    output.setdefault(int(line["period"]), {})[line["region"]] = float(line["value"])
    return output


def coefficients() -> tuple[dict[str, float], dict[str, dict[str, float]]]:
    """Ore for a tonne of NdPr oxide by country, and each group's part of what a country separates, both of 2024."""
    feed: dict[str, float] = {}
    part: dict[str, dict[str, float]] = {}
    for path in sorted((RECIPES.parent / "observations").glob("*/coefficients.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for line in csv.DictReader(stream):
                if line["field"] == "input_rare_earth_concentrate" and line["good"] == "ndpr_oxide":
                    feed[line["region"]] = float(line["value"])
                elif line["field"] == "output_share":
                    part.setdefault(line["region"], {})[line["good"]] = float(line["value"])
    return feed, part


def output(good: str, year: int, region: str, value: float, *, spread: float, note: str, source: str = DERIVED) -> Row:
    """A row of production with a range."""
    return observation(
        good, region=region, period=year, field="production", value=number(value), unit="t/year", basis=GOODS[good].basis,
        status="derived" if source == DERIVED else "assumed", low=number(value * (1 - spread)), high=number(value * (1 + spread)),
        source=source, locator="rule in the note" if source == DERIVED else "reason in the note", note=note,
    )  # fmt: skip


def separated(mined: Mapping[str, float], year: int) -> dict[str, float]:
    """Ore of rock and sand that each country separates [t REO a year]; that of clay all goes to China."""
    to_malaysia = min(mined.get("AUS", 0.0), MALAYSIA_MOST_T) if year >= MALAYSIA_FROM else 0.0
    first, last = UNITED_STATES_SEPARATED
    at_home = mined.get("USA", 0.0) if first <= year <= last else 0.0
    named = {"MYS": to_malaysia, "EST": 0.6 * mined.get("RUS", 0.0), "USA": at_home}
    rock = {region: (1.0 - clay_share(region, str(year))) * tonnes for region, tonnes in mined.items()}
    whole = sum(tonnes for region, tonnes in rock.items() if region != "WLD")
    return {"CHN": whole - sum(named.values()), **{region: tonnes for region, tonnes in named.items() if tonnes > 0}}


def oxides() -> Iterator[Row]:
    """NdPr oxide by country, the groups that leave the ore with it, and what of China's comes from clay."""
    feed, part = coefficients()
    for year, mined in sorted(made("rare_earth_concentrate").items()):
        if year not in YEARS:
            continue
        ore = separated(mined, year)
        rock = {region: amount / feed[region] for region, amount in ore.items()}
        countries = {region: tonnes for region, tonnes in mined.items() if region not in ("WLD", "OTH")}
        clay = {good: RECOVERY * t for good, t in clay_oxides(countries, str(year)).items()}
        tonnes = rock | {"CHN": rock["CHN"] + clay["ndpr_oxide"]}
        for region, amount in tonnes.items():
            of_clay = f", and {clay['ndpr_oxide']:,.0f} t from clay" if region == "CHN" else ""
            yield output("ndpr_oxide", year, region, amount, spread=0.25,
                note=f"{ore[region]:,.0f} t of ore of rock and sand in oxide over {feed[region]:.2f} t for a tonne of NdPr oxide, the figure of 2024"
                f"{of_clay}; ore that was mined and not reported is not in it")  # fmt: skip
        yield output("ndpr_oxide", year, "WLD", sum(tonnes.values()), spread=0.25, note="sum of the countries")
        for good in GROUPS:
            parts = {r: t * part[r][good] / part[r]["ndpr_oxide"] for r, t in rock.items() if part[r][good] > 0}
            parts["CHN"] = parts.get("CHN", 0.0) + clay[good]
            for region, amount in {**parts, "WLD": sum(parts.values())}.items():
                yield output(good, year, region, amount, spread=0.35,
                    note="of rock and sand, NdPr oxide of the year times what leaves the ore with it, the proportions of 2024; of clay, what it holds")  # fmt: skip
        yield from separation_of_clay(year, clay, whole_t=tonnes["CHN"])
        yield from magnets(year, sum(tonnes.values()))


def separation_of_clay(year: int, clay: Mapping[str, float], *, whole_t: float) -> Iterator[Row]:
    """What China's plants made of clay in a year: its part of their NdPr oxide, and the proportions of the oxides.

    Args:
        year: the year.
        clay: oxides separated from clay [t/year], by good.
        whole_t: NdPr oxide from ore of every kind [t/year].
    """
    share, whole = clay["ndpr_oxide"] / whole_t, sum(clay.values())
    mined = "clay of each country that mined some (mine output x the part that was clay's)"
    yield coefficient("ndpr_oxide", year, "clay_share", share, low=0.7 * share, high=min(1.0, 1.3 * share),
        note=f"NdPr oxide in {mined}, x recovery 0.92, over all NdPr oxide of the year")  # fmt: skip
    for good, amount in clay.items():
        yield coefficient(
            good,
            year,
            "clay_output_share",
            amount / whole,
            note=f"this oxide in {mined}, over all oxide in it; Yearbook 2022, T2",
        )
    need = whole / RECOVERY / clay["ndpr_oxide"]
    yield coefficient("ndpr_oxide", year, "input_ionic_clay_concentrate", need, low=need * RECOVERY / 0.96, high=need * RECOVERY / 0.88,
        note=f"1 / (recovery 0.92 x NdPr share of the oxide in {mined}); recovery assumed 0.88-0.96")  # fmt: skip


def coefficient(
    good: str, year: int, field: str, value: float, *, note: str, low: float | None = None, high: float | None = None
) -> Row:
    """A row of how China separates clay."""
    return observation(
        good, region="CHN", period=year, field=field, value=number(value), unit="t/t" if field.startswith("input_") else "share", basis="none",
        status="derived", low="" if low is None else number(low), high="" if high is None else number(high), source=DERIVED,
        locator="rule in the note", note=note,
    )  # fmt: skip


def magnets(year: int, ndpr_t: float) -> Iterator[Row]:
    """Magnets: the year's NdPr oxide, less what is used otherwise, in the proportion of 2024; recalled shares by country."""
    world = 0.9 * ndpr_t / 0.3335
    for region, share in between(MAGNET_SHARES, year).items():
        yield output("ndfeb_magnet", year, region, share * world, spread=0.1 if region == "CHN" else 0.35, source=ASSUMED,
            note=f"{100 * share:.3g} % of {world:,.0f} t: nine tenths of the year's NdPr oxide at 0.3335 t a tonne of magnet; share recalled, "
            "even between 2010, 2015, 2020 and 2024")  # fmt: skip
    yield output("ndfeb_magnet", year, "WLD", world, spread=0.3, source=ASSUMED,
        note="nine tenths of the year's NdPr oxide at 0.3335 t a tonne of magnet, as in 2024")  # fmt: skip


def between(known: Mapping[int, Mapping[str, float]], year: int) -> dict[str, float]:
    """Shares at a year, even between the years known, those of the first before it."""
    before = max((y for y in known if y <= year), default=min(known))
    after = min((y for y in known if y >= year), default=max(known))
    weight = (year - before) / (after - before) if after > before else 0.0
    if year < before:
        weight = 0.0
    return {region: (1 - weight) * known[before][region] + weight * known[after][region] for region in known[before]}


def anodes() -> Iterator[Row]:
    """Battery anode before the IEA's first year by country."""
    for year in range(2008, 2023):
        before = max((y for y in ANODE_T if y <= year), default=min(ANODE_T))
        after = min(y for y in ANODE_T if y >= max(year, before))
        weight = (year - before) / (after - before) if after > before and year > before else 0.0
        world = ANODE_T[before] ** (1 - weight) * ANODE_T[after] ** weight
        for region, share in {**between(ANODE_SHARES, year), "WLD": 1.0}.items():
            yield output("battery_anode", year, region, share * world, spread=0.4, source=ASSUMED,
                note=f"{100 * share:.3g} % of {world:,.0f} t; recalled for 2010, 2015 and 2020, even growth between, the IEA's world of 2023 at the end")  # fmt: skip


def lithium() -> Iterator[Row]:
    """Mined lithium of years before the first complete table, and chemicals of every year whose mines are named."""
    for year, mined in LITHIUM_MINED_T.items():
        for region, value in {**mined, "WLD": sum(mined.values())}.items():
            yield output("lithium_concentrate", year, region, float(value), spread=0.15, source=ASSUMED,
                note="recalled from the Mineral Commodity Summaries two years later, pages not read; United States of this order where they are withheld")  # fmt: skip
    for year, world in LITHIUM_WORLD_T.items():
        yield output("lithium_concentrate", year, "WLD", float(world), spread=0.1, source=ASSUMED,
            note="recalled from the Mineral Commodity Summaries two years later, pages not read, and 900 t for the United States")  # fmt: skip
    named: dict[int, dict[str, float]] = {
        year: {r: float(t) for r, t in mined.items()} for year, mined in LITHIUM_MINED_T.items()
    }
    named |= {y: m for y, m in made("lithium_concentrate").items() if y < 2023 and len(m.keys() - {"WLD"}) > 2}
    for year, mined in sorted(named.items()):
        yield from lithium_chemicals(year, mined)


def lithium_chemicals(year: int, mined: Mapping[str, float]) -> Iterator[Row]:
    """Brine becomes a chemical where it is pumped, ore in China; ore that glassmakers use as it is counts as refined there."""
    countries = {
        "USA": UNITED_STATES_BRINE_T,
        **{region: tonnes for region, tonnes in mined.items() if region != "WLD"},
    }
    world = max(mined.get("WLD", 0.0), sum(countries.values()))
    brine = {region: countries.get(region, 0.0) for region in BRINES}
    for region, tonnes in {**brine, "CHN": world - sum(brine.values()), "WLD": world}.items():
        low = 0.65 if region == "CHN" else 0.85
        yield {**output("lithium_chemical", year, region, tonnes, spread=0.15,
            note="mined lithium of the year: brine refined where it is pumped, ore in China, what glassmakers use as ore counted with it"),
            "low": number(tonnes * low)}  # fmt: skip


def gallium() -> Iterator[Row]:
    """World output of primary gallium before the British Geological Survey's table holds China."""
    for year, world in GALLIUM_WORLD_T.items():
        yield output("gallium", year, "WLD", float(world), spread=0.2, source=ASSUMED,
            note="recalled from the Mineral Commodity Summaries of the two years after, which name China, Germany, Kazakhstan and Ukraine as the leading producers")  # fmt: skip


def rows() -> Iterator[Row]:
    """Every row."""
    yield from oxides()
    yield from anodes()
    yield from lithium()
    yield from gallium()


def main() -> None:
    """Write observations/<material>/downstream_history.csv."""
    write_by_material("downstream_history", sorted(rows(), key=lambda r: (r["good"], r["period"], r["region"])))


if __name__ == "__main__":
    main()
