"""Deposits: the world's main deposits of the materials, those of Central Asia and Ukraine in full.

Tables of surveys, read as stored; what is judged by hand (whether a deposit is worked, who holds it, deposits that
no table lists) stands in deposits_status_assumed.csv and deposits_added.csv, points outside the country printed beside
them in deposits_places_mended.csv.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import row_table
from deposits_rare_earths import yearbook_compositions
from deposits_stocks import (
    graphite_stock,
    materials_of,
    nickel_stock,
    rare_earth_stock,
    tin_or_tungsten_stock,
    unclear_stock,
)

from derisk.vocabulary.regions import BLOCS, COUNTRIES, country_code

COLUMNS = (
    "deposit_id", "deposit", "country", "latitude", "longitude", "material", "deposit_type", "status", "tenure",
    "resource_t", "grade_share", "basis", "composition", "source", "locator", "row_status", "note",
)  # fmt: skip
Record = dict[str, Any]
Deposit = dict[str, str]

MINMOD = "production/minmod_deposits"
IN_FULL = frozenset(COUNTRIES[iso3].name for iso3 in (*BLOCS["central_asia"], "MNG", "UKR"))
"""Countries whose deposits every survey is read for."""
SPELLINGS = {"Kalaallit Nunaat (Greenland)": "GRL", "Côte D\x92Ivoire": "CIV", "Serbia and Montenegro": "SRB"}
LITHIUM_STATUS = {
    "Producing": "producing",
    "Construction": "development",
    "Evaluation": "exploration",
    "No info": "known",
}


def main() -> None:
    """Write deposits.csv."""
    deposits = [*_tabled(), *_read("deposits_added.csv")]
    known = {deposit["deposit_id"] for deposit in deposits}
    judged = _by_deposit("deposits_status_assumed.csv", known)
    mended = _by_deposit("deposits_places_mended.csv", known)
    path = row_table.DATASET / "deposits.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=COLUMNS, lineterminator="\n")
        writer.writeheader()
        for deposit in deposits:
            placed = _with_place(deposit, mended.get(deposit["deposit_id"]))
            writer.writerow(_with_judgement(placed, judged.get(deposit["deposit_id"])))
    print(f"{path.relative_to(row_table.DATASET)}: {len(deposits)} deposits")


def _read(name: str) -> list[Deposit]:
    with (row_table.RECIPES / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _by_deposit(name: str, known: set[str]) -> dict[str, Deposit]:
    lines = {line["deposit_id"]: line for line in _read(name)}
    if unknown := set(lines) - known:
        raise SystemExit(f"{name} names deposits that no table lists: {', '.join(sorted(unknown))}")
    return lines


def _with_place(deposit: Deposit, mended: Deposit | None) -> Deposit:
    if mended is None:
        return deposit
    note = "; ".join(text for text in (deposit["note"], f"place mended: {mended['reason']}") if text)
    return {**deposit, **{name: mended[name] for name in ("country", "latitude", "longitude")}, "note": note}


def _with_judgement(deposit: Deposit, judged: Deposit | None) -> Deposit:
    if judged is None:
        return deposit
    note = "; ".join(text for text in (deposit["note"], f"status judged: {judged['reason']}") if text)
    return {**deposit, "status": judged["status"] or deposit["status"], "tenure": judged["tenure"], "note": note}


def _tabled() -> Iterator[Deposit]:
    yield from yearbook_compositions(row_table.PUBLISHER_FILES, _deposit)
    yield from _survey("usgs_mrdata_major_deposits.json", "usgs-major-deposits", "MAJ", whole_world=True)
    yield from _survey("usgs_mrdata_ree.json", "usgs-rare-earth-deposits", "REE")
    yield from _survey("usgs_mrdata_carbonatite.json", "usgs-carbonatites", "CAR", deposit_type="carbonatite")
    yield from _survey("usgs_mrdata_ni_co_laterite.json", "usgs-laterites", "LAT", deposit_type="laterite")
    yield from _survey("gsc_world_tin_tungsten.json", "gsc-tin-tungsten", "TIN", stock=tin_or_tungsten_stock)
    yield from _survey(
        "jowitt_ree.json", "weng-2015-rare-earths", "WEN", material="rare_earths", stock=rare_earth_stock
    )
    yield from _survey("mudd_jowitt_nickel.json", "mudd-2022-nickel", "NIC", material="nickel", stock=nickel_stock)
    graphite = "https://doi.org/10.3133/pp1802J"
    yield from _survey(
        "usc_stu_graphite_and_others.json", "usgs-graphite-2017", "GRA", "graphite", only=graphite, stock=graphite_stock
    )
    graphite = "https://doi.org/10.3997/2214-4609.20215K2011"
    yield from _survey(
        "usc_stu_graphite_and_others.json", "press-and-filings", "UGR", "graphite", only=graphite, stock=unclear_stock
    )
    yield from _lithium()


def _deposit(deposit_id: str, deposit: str, country: str, **words: str) -> Deposit:
    standard = dict.fromkeys(COLUMNS, "") | {"status": "known", "row_status": "found"}
    return {**standard, "deposit_id": deposit_id, "deposit": deposit, "country": country, **words}


def _survey(
    file: str,
    source: str,
    prefix: str,
    material: str = "",
    *,
    whole_world: bool = False,
    deposit_type: str = "",
    only: str = "",
    stock: Callable[[Record], Deposit] = lambda _record: {},
) -> Iterator[Deposit]:
    """Deposits of one survey's table that hold a material of ours, in the order of their record numbers."""
    records = json.loads((row_table.PUBLISHER_FILES / MINMOD / file).read_text(encoding="utf-8"))
    for record in sorted(records, key=_order):
        country = record["location_info"]["country"][0]["observed_name"]
        if (only and record["source_id"] != only) or not (whole_world or country in IN_FULL):
            continue
        materials = material or ";".join(materials_of(record)) or ("tin;tungsten" if prefix == "TIN" else "")
        if not materials:
            continue
        yield _deposit(
            f"{prefix}-{_short(record['record_id'])}",
            record["name"].replace("\x92", "’").replace("\x9f", "ü"),
            SPELLINGS.get(country) or country_code(country),
            **_place(record),
            material=materials,
            deposit_type=deposit_type or _type(record),
            source=source,
            locator=f"record {record['record_id']}" if prefix != "UGR" else f"{record['source_id']}, {record['name']}",
            **stock(record),
        )


def _order(record: Record) -> tuple[int, str]:
    digits = re.match(r"\d+$", record["record_id"])
    return (int(digits[0]) if digits else 0, record["record_id"])


def _short(record_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9]+", "-", record_id.split("__")[0]).strip("-").lower()


def _place(record: Record) -> Deposit:
    numbers = re.findall(r"-?\d+\.?\d*", record["location_info"].get("location", ""))
    if len(numbers) != 2:
        return {}
    longitude, latitude = (f"{float(number):.4f}".rstrip("0").rstrip(".") for number in numbers)
    return {"latitude": latitude, "longitude": longitude}


def _type(record: Record) -> str:
    names = (candidate.get("observed_name") or "" for candidate in record.get("deposit_type_candidate", []))
    return ", ".join(dict.fromkeys(name.lower() for name in names if name and not name.isdigit()))


def _lithium() -> Iterable[Deposit]:
    path = row_table.PUBLISHER_FILES / "production/busch_lithium_deposits/Deposit.csv"
    for line in row_table.read_table(Path(path)):
        grade = "" if line["grade_resource"] in ("NA", "0") else f"{float(line['grade_resource']) / 100:.4g}"
        yield _deposit(
            f"LIT-{line['d']}",
            line["Deposit_Name"],
            country_code(line["Country"]),
            latitude=f"{float(line['Latitude']):.6g}",
            longitude=f"{float(line['Longitude']):.6g}",
            material="lithium",
            deposit_type=line["Resource_Type"].lower(),
            status=LITHIUM_STATUS[line["Status"]],
            resource_t=str(round(float(line["all_resource"]) * 1000)),
            grade_share=grade,
            basis="contained_metal",
            source="busch-lithium-deposits",
            locator=f"Deposit.csv, d {line['d']}",
            note="reserve and resources of all classes together",
        )


if __name__ == "__main__":
    main()
