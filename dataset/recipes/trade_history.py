"""Trade by good and pair of countries, 2008-2024: value and gross weight as BACI states them, rules T1 to T4 of docs/data/trade.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from row_table import number, observation, write_by_material
from supply_rows import BACI_HS17, BACI_HS92, publisher_file

from derisk.data.intake.customs_countries import FORMER
from derisk.data.intake.flows import judge_flows
from derisk.data.parquet import open_tables

BACI_HS02 = "baci-hs02-v202601"
YEARS = tuple(range(2008, 2025))
FEWER_YEARS = (2009, 2023, 2024)
FULLER_YEARS = (2009, 2024)
KEPT_SHARE, FULLER_SHARE = 0.97, 0.99

EVERY_YEAR = frozenset({
    "copper_concentrate", "refined_copper", "lithium_chemical", "natural_graphite", "cobalt_intermediate", "refined_cobalt",
    "rare_earths", "ndfeb_magnet", "nickel_ore",
})  # fmt: skip
"""Goods (and the basket of rare earths) with all seventeen years; the others have `FEWER_YEARS`."""

LEFT_OUT = frozenset({"germanium"})
"""Its code ended in 2007; what later rows hold are the few customs that kept it."""

_ATLAS = "baci_hs17_atlas"
_HS92 = ("baci_hs92_geopolrisk", "baci_hs92_critical_minerals_1995_2024.parquet")
_SUMS = """
SELECT CAST(year AS INTEGER), coalesce(nullif(good, ''), material), good, material,
       CASE WHEN reason IS NULL THEN origin ELSE 'OTH' END AS region, CASE WHEN reason IS NULL THEN destination ELSE 'OTH' END AS partner,
       sum(amount), sum(nullif(weight, 0)), list_sort(list(DISTINCT hs6)), bool_and(weight > 0), count(*)
FROM judged WHERE refusal IS NULL AND (reason IS NULL OR reason = ?)
GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """What one country ships to another of one good in a year; OTH to OTH: flows of former states."""

    year: int
    about: str
    good: str
    material: str
    exporter: str
    importer: str
    value_usd: float
    gross_t: float | None
    codes: tuple[str, ...]
    weighed: bool
    """Whether every code's quantity is known."""
    flows: int


def _pairs(edition: str, flows: str, files: list[str]) -> list[Pair]:
    with open_tables() as connection:
        connection.execute(
            "CREATE TEMP TABLE flows AS SELECT 0 AS line, CAST(year AS VARCHAR) AS year, exporter, importer, hs6, "
            f"CAST(usd AS VARCHAR) AS value, CAST(qty_t AS VARCHAR) AS quantity, false AS estimated FROM ({flows})",
            files,
        )
        judge_flows(connection, edition=edition)
        found = connection.execute(_SUMS, [FORMER]).fetchall()
    return [Pair(*line[:8], codes=tuple(line[8]), weighed=bool(line[9]), flows=line[10]) for line in found]


def stored_pairs() -> dict[str, list[Pair]]:
    """Pairs by source: HS92 where it holds the good, else HS02 before 2017 and HS17 from then on."""
    hs92 = _pairs(
        "HS92",
        "SELECT *, value_kusd * 1000 AS usd FROM read_parquet(?) WHERE year >= 2008",
        [str(publisher_file("trade", *_HS92))],
    )
    top = str(publisher_file("trade", _ATLAS, "baci_top_partner_flows_2002_2024.parquet"))
    columns = "year, exporter, importer, hs6"
    hs02 = _pairs(
        "HS02",
        f"SELECT {columns}, value_usd AS usd, qty_t FROM read_parquet(?) WHERE year BETWEEN 2008 AND 2016",
        [top],
    )
    hs17 = _pairs(
        "HS17",
        f"SELECT {columns}, value_usd AS usd, qty_t FROM read_parquet(?) WHERE year BETWEEN 2017 AND 2023 AND year <> 2022 "
        f"UNION ALL SELECT {columns}, value_usd, NULL FROM read_parquet(?) "
        f"UNION ALL SELECT {columns}, value_kusd * 1000, qty_t FROM read_parquet(?)",
        [top, *(str(publisher_file("trade", _ATLAS, f"baci_hs17_{name}.parquet")) for name in ("2022_full_30codes_value", "2024_full_30codes"))],
    )  # fmt: skip
    held = {pair.about for pair in hs92}
    return {
        BACI_HS92: hs92,
        BACI_HS02: [pair for pair in hs02 if pair.about not in held],
        BACI_HS17: [pair for pair in hs17 if pair.about not in held],
    }


def kept(pairs: list[Pair], *, share: float) -> tuple[list[Pair], list[Pair]]:
    """The largest pairs that together hold `share` of the value, and the rest; former states are of the rest."""
    ordered = sorted(pairs, key=lambda p: (-p.value_usd, p.exporter, p.importer))
    total, held, large = sum(p.value_usd for p in pairs), 0.0, []
    for pair in ordered:
        if held >= share * total:
            break
        if pair.exporter != "OTH":
            large.append(pair)
            held += pair.value_usd
    return sorted(large, key=lambda p: (p.exporter, p.importer)), [p for p in ordered if p not in set(large)]


def rows() -> Iterator[dict[str, str]]:
    """Every row, by good, year and pair."""
    for source, pairs in stored_pairs().items():
        edition = source.split("-")[1].upper()
        groups: dict[tuple[str, int], list[Pair]] = {}
        for pair in pairs:
            if pair.about not in LEFT_OUT and (pair.about in EVERY_YEAR or pair.year in FEWER_YEARS):
                groups.setdefault((pair.about, pair.year), []).append(pair)
        for (_, year), group in sorted(groups.items()):
            share = FULLER_SHARE if year in FULLER_YEARS else KEPT_SHARE
            large, small = kept(group, share=share)
            for pair in large:
                yield from _rows(pair, source, edition)
            yield from _remainder(small, group, source, edition)


def _rows(pair: Pair, source: str, edition: str) -> Iterator[dict[str, str]]:
    words = {
        "good": pair.good, "material": pair.material, "region": pair.exporter, "partner": pair.importer, "period": pair.year,
        "status": "preliminary" if pair.year == 2024 else "reported", "source": source, "locator": f"{edition} {' '.join(pair.codes)}",
    }  # fmt: skip
    if not pair.good:
        words |= {"stage": ""}
    yield observation(**words, field="trade_value", value=number(pair.value_usd), unit="USD/year", basis="none")
    if pair.gross_t is not None:
        note = "" if pair.weighed else "rule T1: weight of a part"
        yield observation(
            **words, field="trade_gross", value=number(pair.gross_t), unit="t/year", basis="gross", note=note
        )


def _remainder(small: list[Pair], group: list[Pair], source: str, edition: str) -> Iterator[dict[str, str]]:
    """One row for all flows not named."""
    value = sum(p.value_usd for p in small)
    if not small:
        return
    codes = sorted({code for pair in group for code in pair.codes})
    share = value / sum(p.value_usd for p in group)
    first = group[0]
    words = {
        "good": first.good, "material": first.material, "region": "OTH", "partner": "OTH", "period": first.year, "status": "derived",
        "source": source, "locator": f"{edition} {' '.join(codes)}", "note": f"rule T2: {len(small)} further pairs, {share:.1%} of value",
    }  # fmt: skip
    yield observation(**words, field="trade_value", value=number(value), unit="USD/year", basis="none")
    gross = [p.gross_t for p in small if p.gross_t is not None]
    if gross:
        yield observation(**words, field="trade_gross", value=number(sum(gross)), unit="t/year", basis="gross")


def main() -> None:
    """Write observations/<material>/trade_history.csv."""
    ordered = sorted(rows(), key=lambda r: (r["good"], r["field"], r["period"], r["region"], r["partner"]))
    write_by_material("trade_history", ordered)


if __name__ == "__main__":
    main()
