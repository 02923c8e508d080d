"""End-use shares of each good: published shares of the IEA and the EU mapped to derisk's uses, the rest assumed."""

from __future__ import annotations

from published_uses import EU_MAP, EV, eu_shares, group_by_use, iea_demand_kt
from row_table import RECIPES, USES, number, observation, read_table, write_by_material


def mark_assumed(rows: list[dict[str, str]], *uses: str) -> list[dict[str, str]]:
    """Rows in which the named uses are assumptions, whatever the others are."""
    for row in rows:
        if row["use"] in uses:
            row.update(
                status="assumed", source="derisk-assumptions", locator=f"end uses of {row['good']}, {row['use']}"
            )
            row.update(low=number(0.4 * float(row["value"])), high=number(2.0 * float(row["value"])))
    return rows


def rows_of(
    good: str,
    shares: dict[str, float],
    *,
    status: str,
    source: str,
    locator: str,
    note: str,
    spread: float,
    ranges: dict[str, tuple[float, float]] | None = None,
) -> list[dict[str, str]]:
    """Rows of one good, shares rounded to 1e-4 and summing to exactly 1."""
    rounded = {use: round(shares[use], 4) for use in USES if shares.get(use, 0.0) > 5e-5}
    largest = max(rounded, key=lambda use: rounded[use])
    rounded[largest] = round(rounded[largest] + 1.0 - sum(rounded.values()), 4)
    ranges = ranges or {}
    rows = []
    for use, share in rounded.items():
        low, high = ranges.get(use, (share * (1 - spread), min(1.0, share * (1 + spread))))
        rows.append(
            observation(
                good,
                region="WLD",
                use=use,
                period="2024",
                field="end_use_share",
                value=share,
                unit="share",
                basis="none",
                status=status,
                low=round(low, 4),
                high=round(high, 4),
                source=source,
                locator=locator,
                note=note,
            )
        )
    return rows


def copper() -> list[dict[str, str]]:
    """IEA sectors for vehicles, storage, wind, solar and networks; the rest by the EU's applications."""
    iea = iea_demand_kt("Copper")
    total = iea["total"]
    named = {
        EV: iea["Electric vehicles"] + iea["Grid battery storage"],
        "wind_and_solar": iea["Solar PV"] + iea["Wind"],
        "other": iea["Electricity networks"]
        + iea["Other low emissions power generation"]
        + iea["Hydrogen technologies"],
    }
    rest = 1.0 - sum(named.values()) / total
    eu = group_by_use(eu_shares("Copper"), EU_MAP["Copper"])
    shares = {use: named.get(use, 0.0) / total + rest * eu.get(use, 0.0) for use in USES}
    for use, assumed in (("defence", 0.01), ("refining_and_chemicals", 0.005)):
        shares[use], shares["other"] = assumed, shares["other"] - assumed
    rows = rows_of(
        "refined_copper",
        shares,
        status="derived",
        source="iea-critical-minerals-2025",
        spread=0.25,
        locator="Total demand, Copper, 2024, sectors; eu-crm-2023 material use shares, Copper",
        note=f"IEA kt 2024 over total {total:.0f}: vehicles and storage {named[EV]:.1f}, wind and solar "
        f"{named['wind_and_solar']:.1f}, networks and other power {named['other']:.1f} (to other); remaining "
        f"{rest:.4f} by EU 2023 application shares without power utilities; 0.01 defence (ammunition, ships) and "
        "0.005 chemicals taken from other by assumption",
    )
    return mark_assumed(rows, "defence", "refining_and_chemicals")


def lithium() -> list[dict[str, str]]:
    """Assumed portable and non-battery uses; vehicles and storage take the rest, IEA's figure is the lower bound."""
    iea = iea_demand_kt("Lithium")
    named = (iea["Electric vehicles"] + iea["Grid battery storage"]) / iea["total"]
    rows = assumed_rows("lithium_chemical")
    share = round(1.0 - sum(float(row["value"]) for row in rows), 4)
    rows.append(
        observation(
            "lithium_chemical",
            region="WLD",
            use=EV,
            period="2024",
            field="end_use_share",
            value=share,
            unit="share",
            basis="none",
            status="derived",
            low=round(named, 4),
            high=0.85,
            source="iea-critical-minerals-2025",
            locator="Total demand, Lithium, 2024, sectors",
            note=f"1 less the assumed uses; IEA 2024 vehicles and grid storage {named * iea['total']:.1f} of "
            f"{iea['total']:.0f} kt = {named:.4f} is the low end, the difference being two-wheelers, industrial "
            "batteries and stock building in the cell chain",
        )
    )
    return rows


def cobalt() -> list[dict[str, str]]:
    """IEA vehicles and storage; portable cells, superalloys and industry share the rest."""
    iea = iea_demand_kt("Cobalt")
    battery = (iea["Electric vehicles"] + iea["Grid battery storage"]) / iea["total"]
    rest = 1.0 - battery
    portable, superalloys, industry = (rest * part / 55.0 for part in (26.0, 9.0, 20.0))
    eu = group_by_use(eu_shares("Cobalt"), EU_MAP["Cobalt"])
    shares = {use: industry * eu.get(use, 0.0) for use in USES}
    shares[EV], shares["electronics"] = battery, portable
    shares["defence"] = 0.75 * superalloys
    shares["machinery"] += 0.25 * superalloys
    return rows_of(
        "refined_cobalt",
        shares,
        status="assumed",
        source="derisk-assumptions",
        spread=0.3,
        ranges={EV: (0.30, 0.45), "electronics": (0.24, 0.36)},
        locator="cobalt end uses; IEA total demand Cobalt 2024; eu-crm-2023 use shares, Cobalt",
        note=f"IEA 2024 vehicles and storage {battery:.4f} of {iea['total']:.1f} kt (read); the rest split portable 26 : "
        "superalloys 9 : industry 20 (recalled); superalloys 3/4 aerospace, 1/4 turbines; industry by EU 2023 shares",
    )


def magnets() -> list[dict[str, str]]:
    """IEA's wind share; other uses assumed."""
    iea = iea_demand_kt("Rare Earth Elements")
    rows = assumed_rows("ndfeb_magnet")
    share = round(1.0 - sum(float(row["value"]) for row in rows), 4)
    wind = iea["Wind"] / iea["total"]
    if abs(share - wind) > 5e-4:
        raise ValueError(
            f"magnet shares: remainder {share} is not IEA's wind share {wind:.4f}; mend end_use_assumed.csv"
        )
    rows.append(
        observation(
            "ndfeb_magnet",
            region="WLD",
            use="wind_and_solar",
            period="2024",
            field="end_use_share",
            value=share,
            unit="share",
            basis="none",
            status="derived",
            low=0.09,
            high=0.14,
            source="iea-critical-minerals-2025",
            locator="Total demand, Rare Earth Elements, 2024, Wind",
            note=f"Wind {iea['Wind']:.3f} of {iea['total']:.2f} kt magnet rare earths, magnets taken in proportion",
        )
    )
    return rows


def mixed_oxide(good: str, weights: dict[str, float], note: str) -> list[dict[str, str]]:
    """EU 2023 application shares of the elements of one oxide product, magnets left out, weighted by tonnage."""
    mixed: dict[str, float] = {}
    for element, weight in weights.items():
        kept = {name: share for name, share in eu_shares(element).items() if name != "Magnets"}
        for name, share in kept.items():
            mixed[name] = mixed.get(name, 0.0) + weight * share
    shares = group_by_use(mixed, EU_MAP["rare earths"])
    if good == "lacen_oxide":
        polish = shares["electronics"]
        shares.update(electronics=0.55 * polish, semiconductors=0.10 * polish)
        shares["other"] += 0.35 * polish
    rows = rows_of(
        good,
        shares,
        status="derived",
        source="eu-crm-2023",
        spread=0.35,
        locator="Material use shares: " + ", ".join(weights),
        note=note,
    )
    return mark_assumed(rows, "semiconductors")


def assumed_rows(good: str) -> list[dict[str, str]]:
    """Rows of end_use_assumed.csv for one good: of the world, then of countries that differ from it."""
    return [
        observation(
            good,
            region=line["region"],
            use=line["use"],
            period="2024",
            field="end_use_share",
            value=float(line["value"]),
            unit="share",
            basis="none",
            status="assumed",
            low=float(line["low"]),
            high=float(line["high"]),
            source="derisk-assumptions",
            locator=f"recipes/end_use_assumed.csv, {good}, {line['region']}, {line['use']}",
            note=line["reason"],
        )
        for line in read_table(RECIPES / "end_use_assumed.csv")
        if line["good"] == good
    ]


def gallium_usa() -> list[dict[str, str]]:
    """What the Geological Survey says of domestic use: every application is one industry's, semiconductor devices."""
    return [
        observation(
            "gallium",
            region="USA",
            use="semiconductors",
            period="2024",
            field="end_use_share",
            value=1.0,
            unit="share",
            basis="none",
            status="derived",
            low=0.98,
            high=1.0,
            source="usgs-mcs-2025-gallium",
            locator="page 74, Domestic Production and Use",
            note="of domestic consumption integrated circuits take 79 %, optoelectronic devices 20 %, research 1 %; the Survey's "
            "own mapping (Nassar and others 2020) books all of them, research too, under semiconductor and related device "
            "manufacturing (334413). Circuits used in defence are bought from that industry",
        )
    ]


def battery_anode() -> list[dict[str, str]]:
    """Vehicles and storage against portable cells."""
    return rows_of(
        "battery_anode",
        {EV: 0.90, "electronics": 0.10},
        status="assumed",
        source="derisk-assumptions",
        spread=0.3,
        ranges={EV: (0.80, 0.95), "electronics": (0.05, 0.20)},
        locator="battery anode end uses",
        note="IEA 2024: 1505 kt graphite in vehicles and storage of 1875 kt battery graphite made, 0.80, the low end; "
        "stocks and yield lie between; portable cells about a tenth of cell output by energy",
    )


def non_magnet_shares() -> list[dict[str, str]]:
    """Share of world oxide use outside magnets."""
    table = (
        (
            "ndpr_oxide",
            0.10,
            0.05,
            0.20,
            (
                "EU 2023 study: 20 % of neodymium and about 20 % of praseodymium outside magnets in the EU; "
                "world less, since most magnets are made in China and Japan"
            ),
        ),
        (
            "dytb_oxide",
            0.03,
            0.01,
            0.06,
            (
                "Dysprosium 98 % in magnets (recalled); EU 2023 study: terbium 90 % magnets, 10 % lighting, "
                "terbium about a sixth of the tonnage"
            ),
        ),
    )
    return [
        observation(
            good,
            region="WLD",
            period="2024",
            field="non_magnet_share",
            value=value,
            unit="share",
            basis="none",
            status="assumed",
            low=low,
            high=high,
            source="derisk-assumptions",
            locator=f"non-magnet share, {good}",
            note=note,
        )
        for good, value, low, high, note in table
    ]


def main() -> None:
    """Write observations/<material>/end_use.csv."""
    rows = (
        copper()
        + lithium()
        + cobalt()
        + assumed_rows("refined_cobalt")
        + assumed_rows("natural_graphite")
        + battery_anode()
    )
    rows += mixed_oxide(
        "lacen_oxide",
        {"Lanthanum": 0.35, "Cerium": 0.65},
        "EU 2023 application shares of La and Ce weighted 35:65; cracking and exhaust catalysts to refining and "
        "chemicals, batteries to vehicles, polishing powders 55 % electronics 10 % semiconductors 35 % other, glass and "
        "metal to other; EU not world",
    )
    rows += mixed_oxide(
        "ndpr_oxide",
        {"Neodymium": 0.75, "Praseodymium": 0.25},
        "Uses outside magnets only, magnets being a process input. EU 2023 application shares of Nd and Pr weighted "
        "75:25, magnets left out: exhaust catalysts to chemicals, batteries to vehicles, ceramics and polishing to "
        "electronics, glass and metal to other; EU not world",
    )
    rows += (
        assumed_rows("dytb_oxide")
        + magnets()
        + assumed_rows("gallium")
        + gallium_usa()
        + assumed_rows("germanium")
        + non_magnet_shares()
    )
    write_by_material("end_use", rows)
    total: dict[tuple[str, str], float] = {}
    for row in rows:
        if row["field"] == "end_use_share":
            place = (row["good"], row["region"])
            total[place] = total.get(place, 0.0) + float(row["value"])
    wrong = {place: share for place, share in total.items() if abs(share - 1.0) > 1e-9}
    if wrong:
        raise ValueError(f"end-use shares do not sum to 1: {wrong}")


if __name__ == "__main__":
    main()
