"""USGS world production of 2018-2022 from older Summaries and the rare-earth Yearbook."""

from __future__ import annotations

import csv
from collections.abc import Iterator

from supply_countries import code_of
from supply_rows import YEARBOOK, Maker, Row, publisher_file

_FOLDERS = {"2022": ("2024", "world"), "2021": ("2023", "world", "world")}
_TONNES = {"t": 1.0, "kt": 1000.0, "kg": 0.001}


def _code(name: str) -> str:
    """Code of a name that may end in a glued 'e' (estimated) or a remark."""
    name = name.strip()
    if name.startswith("World total"):
        return "WLD"
    return code_of(name.removesuffix("e") if name in {"Japane", "Russiae", "Korea, Republic ofe"} else name)


def production_2021_2022(maker: Maker, file_word: str, kind: str) -> Iterator[Row]:
    """Production of 2021 (2023 edition) and 2022 (2024 edition), each the later of two vintages."""
    for year, (edition, *folders) in _FOLDERS.items():
        file = f"mcs{edition}-{file_word}_world.csv"
        path = publisher_file("production", "usgs_mcs_2022_2024", edition, *folders, file)
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as table:
            lines = list(csv.DictReader(table))
        column = next(c for c in lines[0] if c.startswith("Prod_") and c.endswith(year))
        unit = column.split("_")[1]
        for line in lines:
            text = (line[column] or "").strip().replace(",", "")
            if (
                not (line.get("Country") or "").strip()
                or kind.lower() not in line["Type"].lower()
                or text in {"", "NA", "0", "--"}
            ):
                continue
            withheld = text == "W"
            yield maker.row(
                "production", _code(line["Country"]), None if withheld else float(text) * _TONNES[unit], unit="t/year", period=year,
                status="withheld" if withheld else "estimated" if "est" in column else "reported", source=f"usgs-mcs-{edition}",
                locator=f"{file}, {line['Country'].strip()}, {line['Type'].strip()[:60]}, {column}", note=f"printed {line[column].strip()} {unit}",
            )  # fmt: skip


def yearbook_rare_earths(maker: Maker) -> Iterator[Row]:
    """Rare-earth mine output of 2018-2020 from Table 8 of the Yearbook."""
    path = publisher_file("production", "usgs_history_wilson", "usgs_myb2022_world_mine_production.csv")
    with path.open(encoding="utf-8", newline="") as table:
        for line in csv.DictReader(table):
            if line["year"] in {"2018", "2019", "2020"} and line["value"]:
                region = "WLD" if line["source_country_label"].startswith("Total") else line["geography_code"]
                yield maker.row(
                    "production", region, float(line["value"]), unit="t/year", period=line["year"], source=YEARBOOK,
                    status="estimated" if line["is_estimated"] == "True" else "reported",
                    locator=f"Yearbook 2022 tables, T8, cell {line['source_cell']}, {line['source_country_label']}, {line['year']}", note=f"printed {line['display_value']} t",
                )  # fmt: skip
