"""USGS Mineral Commodity Summaries: world tables and annual prices as rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from functools import cache

from supply_countries import code_of
from supply_rows import USGS_2025, USGS_2026, Maker, Row, publisher_file

_TONNES = {"metric tons": 1.0, "thousand metric tons": 1000.0, "kilograms": 0.001, "thousand metric dry tons": 1000.0}


@cache
def _mcs_2026() -> tuple[dict[str, str], ...]:
    path = publisher_file("production", "usgs_mcs_2025_2026", "MCS2026_Commodities_Data.csv")
    with path.open(encoding="cp1252", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def _mcs_2025() -> tuple[dict[str, str], ...]:
    path = publisher_file("production", "usgs_mcs_2025_2026", "MCS2025_World_Data.csv")
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return tuple({k.strip(): (v or "").strip() for k, v in line.items() if k} for line in csv.DictReader(file))


def _number(text: str) -> tuple[float | None, str]:
    """Value and status of a USGS cell; the status is '' for a plain number."""
    text = text.strip().replace(",", "")
    if text in {"", "—", "NA", "s", "XX", "--", "E"}:
        return None, "absent"
    if text == "W":
        return None, "withheld"
    if text.startswith(">"):
        return float(text[1:]), "bound"
    return float(text), ""


def world_rows(
    maker: Maker,
    chapter: str,
    field: str,
    detail: str,
    *,
    years: tuple[str, ...],
    keep: Callable[[str], bool] = lambda _: True,
) -> Iterator[Row]:
    """Country and world rows of a world table of the 2026 release, converted to tonnes."""
    for line in _mcs_2026():
        if line["MCS chapter"] != chapter or not line["Section"].startswith("World") or line["Year"] not in years:
            continue
        if line["Statistics_detail"].removesuffix(": rounded") != detail:
            continue
        region = code_of(line["Country"])
        value, status = _number(line["Value"])
        if status == "absent" or not keep(region):
            continue
        scale = _TONNES[line["Unit"]]
        notes = [
            n for n in line["Notes"].split(" -- ") if n not in {"Estimated.", "Reported."} and "Appendix C" not in n
        ]
        printed = f"printed {line['Value'].strip()} {line['Unit']}"
        yield maker.row(
            field,
            region,
            None if value is None else value * scale,
            unit="t" if field == "reserves" else "t/year",
            status=status or ("estimated" if "Estimated" in line["Notes"] else "reported"),
            source=USGS_2026,
            period=line["Year"],
            locator=f"MCS2026_Commodities_Data.csv, {chapter}, {line['Section']}, {line['Statistics_detail']}, {line['Country']}, {line['Year']}",
            note="; ".join([printed, *notes]),
        )


def rows_2023(maker: Maker, commodity: str, kind: str) -> Iterator[Row]:
    """Country and world production of 2023 from the 2025 release, converted to tonnes."""
    for line in _mcs_2025():
        if line["COMMODITY"] != commodity or not line["TYPE"].startswith(kind):
            continue
        value, status = _number(line["PROD_2023"])
        if status == "absent":
            continue
        yield maker.row(
            "production",
            code_of(line["COUNTRY"]),
            None if value is None else value * _TONNES[line["UNIT_MEAS"]],
            unit="t/year",
            status=status
            or ("estimated" if "estimated" in (line["TYPE"] + line["PROD_NOTES"]).lower() else "reported"),
            source=USGS_2025,
            period="2023",
            locator=f"MCS2025_World_Data.csv, {commodity}, {line['TYPE']}, {line['COUNTRY']}, PROD_2023",
            note=f"printed {line['PROD_2023']} {line['UNIT_MEAS']}",
        )


def reserves(maker: Maker, chapter: str, commodity: str, kind: str) -> Iterator[Row]:
    """Reserves of 2025 from the 2026 release and of 2024 from the 2025 release."""
    yield from world_rows(maker, chapter, "reserves", "Reserves", years=("2025",))
    for line in _mcs_2025():
        if line["COMMODITY"] != commodity or not line["TYPE"].startswith(kind):
            continue
        value, status = _number(line["RESERVES_2024"])
        if value is None:
            continue
        yield maker.row(
            "reserves",
            code_of(line["COUNTRY"]),
            value * _TONNES[line["UNIT_MEAS"]],
            unit="t",
            status=status or "estimated",
            source=USGS_2025,
            locator=f"MCS2025_World_Data.csv, {commodity}, {line['TYPE']}, {line['COUNTRY']}, RESERVES_2024",
            note=f"printed {line['RESERVES_2024']} {line['UNIT_MEAS']}",
        )


def capacity_2024(commodity: str) -> dict[str, float]:
    """Capacity of 2024 by country [t/year] from the 2025 release."""
    found = {}
    for line in _mcs_2025():
        value, _ = _number(line["CAP_EST_ 2024"]) if line["COMMODITY"] == commodity else (None, "")
        if value is not None:
            found[code_of(line["COUNTRY"])] = value * _TONNES[line["UNIT_MEAS"]]
    return found


def world_values(chapter: str, detail: str, year: str) -> dict[str, float]:
    """Plain numbers of a world table of the 2026 release [t/year], by country."""
    maker = Maker("", "", "", "")
    return {r.region: r.value for r in world_rows(maker, chapter, "", detail, years=(year,)) if r.value is not None}


def salient(chapter: str, detail: str) -> dict[str, tuple[float, str]]:
    """Value and status by year of a United States salient statistic of the 2026 release, in printed units."""
    found = {}
    for line in _mcs_2026():
        if (
            line["MCS chapter"] == chapter
            and line["Section"].startswith("Salient")
            and line["Statistics_detail"] == detail
        ):
            value, status = _number(line["Value"])
            if value is not None:
                found[line["Year"]] = (value, status or ("estimated" if "Estimated" in line["Notes"] else "reported"))
    return found


def import_shares(chapter: str, detail: str) -> dict[str, float]:
    """Share of each named country in United States imports of 2021-2024; other countries are left out."""
    return {
        code_of(line["Country"]): float(line["Value"]) / 100.0
        for line in _mcs_2026()
        if line["MCS chapter"] == chapter
        and line["Section"] == "Import Sources"
        and line["Statistics_detail"] == detail
        if line["Country"] != "Other countries"
    }


def price_2020(edition: str, file: str, column: str) -> float:
    """A price of 2020 [printed unit] from the salient statistics of an older edition."""
    path = publisher_file("production", "usgs_mcs_2022_2024", edition, "salient", "salient", file)
    with path.open(encoding="utf-8-sig", newline="") as table:
        return next(float(line[column]) for line in csv.DictReader(table) if line["Year"] == "2020")


def price_2020_row(
    maker: Maker,
    file: str,
    column: str,
    usd_per_t: float,
    *,
    terms: str,
    edition: str = "2024",
    basis: str | None = None,
) -> Row:
    """A price of 2020 in USD per tonne."""
    printed = price_2020(edition, file, column)
    return maker.row(
        "price", "WLD", printed * usd_per_t, unit="USD/t", status="reported", source=f"usgs-mcs-{edition}", period="2020", basis=basis,
        locator=f"{file}, {column}, 2020", note=f"{terms}; printed {printed:g}",
    )  # fmt: skip


def price_rows(
    maker: Maker, chapter: str, detail: str, usd_per_t: float, *, terms: str, basis: str | None = None
) -> Iterator[Row]:
    """Annual prices of the 2026 release; `usd_per_t` is the factor from the printed unit."""
    for year, (value, status) in salient(chapter, detail).items():
        yield maker.row(
            "price",
            "WLD",
            value * usd_per_t,
            unit="USD/t",
            status=status,
            source=USGS_2026,
            period=year,
            basis=basis,
            locator=f"MCS2026_Commodities_Data.csv, {chapter}, Salient Statistics, {detail}, {year}",
            note=f"{terms}; printed {value:g}",
        )
