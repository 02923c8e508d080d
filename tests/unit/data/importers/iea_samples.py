"""IEA samples: the content of the JSON edition and a workbook of each sheet, small."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import openpyxl

from derisk.data.checks import row_problems
from derisk.data.importers import iea
from derisk.data.intake.intake import Imported

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
FILES = [path for pattern in iea.FILES for path in sorted(PUBLISHER_FILES.glob(pattern))]
FOOTNOTE = "Notes: supply projections are built from the pipeline of operating and announced projects by country."

EV = "electric_vehicles_and_batteries"
OF_JSON = {
    ("production", "refined_nickel", "IDN", "", "2024"): 6000,
    ("production", "refined_nickel", "COD", "", "2024"): 1000,
    ("production", "refined_nickel", "OTH", "", "2024"): 3000,
    ("production", "refined_nickel", "WLD", "", "2024"): 10_000,
    ("production_base_case", "refined_nickel", "IDN", "", "2030"): 8000,
    ("production_base_case", "refined_nickel", "COD", "", "2030"): 2000,
    ("production_base_case", "refined_nickel", "OTH", "", "2030"): 4000,
    ("production_base_case", "refined_nickel", "WLD", "", "2030"): 14_000,
    ("production", "rare_earths", "CHN", "", "2024"): 7000,
    ("production", "rare_earths", "WLD", "", "2024"): 7000,
    ("production_base_case", "rare_earths", "CHN", "", "2030"): 9000,
    ("production_base_case", "rare_earths", "WLD", "", "2030"): 9000,
    ("demand", "refined_nickel", "WLD", "", "2024"): 9600,
    ("demand", "refined_nickel", "WLD", EV, "2024"): 3000,
    ("demand", "refined_nickel", "WLD", "wind_and_solar", "2024"): 500,
    ("demand_base_case", "refined_nickel", "WLD", "", "2030"): 11_700,
    ("demand_base_case", "refined_nickel", "WLD", EV, "2030"): 5000,
    ("demand_base_case", "refined_nickel", "WLD", "wind_and_solar", "2030"): 500,
    ("clean_technology_demand", "gallium", "WLD", "", "2024"): 20,
    ("clean_technology_demand_base_case", "gallium", "WLD", "", "2030"): 200,
    ("clean_technology_demand", "neodymium_oxide", "WLD", "", "2024"): 11_664,
    ("clean_technology_demand_base_case", "neodymium_oxide", "WLD", "", "2030"): 23_328,
}


def years(base: float, later: float) -> dict[str, float]:
    return {"2024": base, "2030": later}


def scenarios(base: float, stated: float) -> dict[str, Any]:
    return {"2024": base, "STEPS": {"2030": stated}, "APS": {"2030": 2 * stated}, "NZE": {"2030": 3 * stated}}


def content() -> dict[str, Any]:
    return {
        "source": "IEA Critical Minerals Data Explorer, CC BY 4.0",
        "supply": {
            "Nickel": {
                "refining": {
                    "countries": {
                        "Indonesia": years(6, 8),
                        "Democratic Republic of Congo": years(1, 2),
                        "Rest of world": years(3, 4),
                        FOOTNOTE: {"2024": None, "2030": None},
                    },
                    "total": years(10, 14),
                    "top3Share": years(0.7, 0.7),
                }
            },
            "Rare Earth Elements": {
                "mining": {"countries": {"China": years(7, 9)}, "total": years(7, 9), "top3Share": years(1, 1)}
            },
            "Zinc": {"mining": {"countries": {"Peru": years(5, 5)}, "total": years(5, 5), "top3Share": years(1, 1)}},
        },
        "totalDemand": {
            "Nickel": {
                "sectors": {
                    "Electric vehicles": scenarios(2, 4),
                    "Grid battery storage": scenarios(1, 1),
                    "Wind": scenarios(0.5, 0.5),
                    "Hydrogen technologies": scenarios(0.1, 0.2),
                },
                "totalClean": scenarios(3.6, 5.7),
                "otherUses": scenarios(6, 6),
                "totalDemand": scenarios(9.6, 11.7),
                "cleanShare": scenarios(0.4, 0.5),
            }
        },
        "cleantechByTech": {"Nickel": {"sectors": {"Wind": scenarios(0.5, 0.5)}}},
        "cleantechByMineral": {
            "Gallium": scenarios(0.02, 0.2),
            "Neodymium": scenarios(10, 20),
            "Boron": scenarios(1, 1),
            "Total REE": scenarios(10, 20),
        },
        "byTechnology": {},
    }


def written(folder: Path, what: dict[str, Any]) -> Path:
    path = folder / "explorer.json"
    path.write_text(json.dumps(what, indent=1), encoding="utf-8")
    return path


def workbook(folder: Path, *, notice: str = "CC BY 4.0", without: str = "") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    demand_header = [[None], ["Demand (kt)"], [None], [None, None, None, "Stated Policies scenario", None, None,
                     "Announced Pledges scenario"], [None, 2023, None, 2030, 2040, None, 2030, 2040], [None]]  # fmt: skip
    supply_header = [[None], ["Supply (kt)"], [None], [None, 2023, 2030, None, None, 2023, 2030], [None]]
    sheets: dict[str, list[list[object]]] = {
        "1 Total demand for key minerals": [
            *demand_header,
            ["Nickel"],
            ["Electric vehicles", 2, None, 4, 5, None, 6],
            ["Total clean technologies", 2, None, 4, 5, None, 6],
            ["Total demand", 9, None, 11, 12, None, 13],
            ["Share of clean technologies in total demand ", 0.2, None, 0.3, 0.4, None, 0.5],
            ["Notes: nothing"],
        ],
        "2 Total supply for key minerals": [
            *supply_header,
            ["Cobalt - Mining", None, None, None, "Cobalt - Refining"],
            ["Indonesia", 20, 50, None, "China", 170, 230],
            [None, None, None, None, "Rest of world", 50, 80],
            ["Total", 20, 50, None, "Total clean technologies", 220, 310],
            ["Top 3 share", 1, 1, None, "Top 3 share", 0.8, 0.8],
            [None],
            ["Notes: nothing"],
        ],
        "3.2 Cleantech demand by mineral": [*demand_header, ["Gallium", 0.02, None, 0.2, 0.3, None, 0.4]],
        "4.1 Solar PV": [*demand_header, ["Gallium", 0.02, None, 0.2, 0.3, None, 0.4]],
        "Notice": [[None, notice]],
    }
    for name, lines in sheets.items():
        if name != without:
            sheet = book.create_sheet(name)
            for line in lines:
                sheet.append(line)
    path = folder / "explorer.xlsx"
    book.save(path)
    return path


def found(imported: Imported) -> dict[tuple[str, str, str, str, str], float | None]:
    return {(r.field, r.good or r.material, r.region, r.use, r.period): r.value for r in imported.rows}


def problems(imported: Imported) -> list[object]:
    return list(row_problems(imported.rows, {source.id: source for source in imported.sources}))
