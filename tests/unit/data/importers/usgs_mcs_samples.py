"""USGS samples: a few lines of each layout of the summaries, and where the stored files lie."""

from __future__ import annotations

import os
from pathlib import Path

from derisk.data.importers import usgs_mcs

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
WRONG_FILES = {"mcs2024-cobal_salient.csv"}

COMMODITIES = "MCS2026_Commodities_Data.csv"
WORLD_2025 = "MCS2025_World_Data.csv"
WORLD = "mcs2024-tungs_world.csv"
SALIENT = "mcs2024-antim_salient.csv"
TRENDS = "MCS2024_Fig2_Net_Import_Reliance.csv"

SAMPLES: dict[str, tuple[str, str]] = {
    COMMODITIES: (
        "cp1252",
        ("MCS chapter,Section,Commodity,Country,Statistics,Statistics_detail,Unit,Year,Value,Notes,Is critical mineral 2025,Other notes\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,China,Production,Mine production,metric tons,2024,\"40,000\",Estimated.,Yes,\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,United States,Production,Mine production,metric tons,2024,—,,Yes,\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,World total,Production,Mine production: rounded,metric tons,2024,\"40,100\",,Yes,\n"
        "ANTIMONY,World Mine Production and Reserves,Antimony,World total,Reserves,Reserves: rounded,metric tons,2025,\">2,000,000\",,Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Production,Production: Mine (recoverable antimony),metric tons,2024,—,,Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Price,\"Price, metal, average, dollars per pound\",dollars per pound,2024,10,\"CIF. -- Estimated.\",Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Net import reliance,Net import reliance as a percentage of apparent consumption,percent,2024,>50,,Yes,\n"
        "ANTIMONY,Salient Statistics—United States,Antimony,United States,Import,Imports for consumption: Oxide,metric tons,2024,\"19,100\",,Yes,\n"
        "ANTIMONY,Import Sources,Antimony,China,Import sources 2021-2024,Total metal and oxide,percent,2021–24,55,,Yes,\n"
        "PEAT,World Mine Production and Reserves,Peat,Finland,Production,Mine production,thousand metric tons,2024,100,,No,\n"
        "ZIRCONIUM AND HAFNIUM,World Mine Production and Reserves,Zirconium,World total,Reserves,Zirconium reserves: rounded,thousand metric tons,2025,\">70,000\",,Yes,\n"),
    ),
    WORLD_2025: (
        "utf-8",
        ("SOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023,PROD_EST_ 2024,PROD_NOTES,CAP_2023,CAP_EST_ 2024,CAP_NOTES,RESERVES_2024,RESERVE_NOTES\n"
        "MCS2025,Manganese,Côte d’Ivoire,\"Mine production, manganese content\",thousand metric tons,350,360,,,,,,NA\n"
        "MCS2025,Titanium Mineral Concentrates,Australia,\"Mine production, ilmentite, titanium dioxide (TiO2) content\",metric tons,400,500,,,,,,\n"
        "MCS2025,Titanium Mineral Concentrates,Australia,\"Mine production, rutile, titanium dioxide (TiO2) content\",metric tons,200,200,,,,,,\n"
        "MCS2025,Tellurium ,United States,\"Refinery production, tellurium content\",metric tons,,,W for 23-24,,,,,\n"
        "MCS2025,Zirconium and Hafnium,World total (rounded),Mine production,thousand metric tons,1440,1500,,,,,70000,\n"),
    ),
    WORLD: (
        "utf-8",
        ("Source,Country,Type,Prod_t_2022,Prod_t_Est_2023,Prod_notes,Reserves_t,Reserves_notes,\n"
        "MCS2024,Austria,\"Mine production, tungsten content\",900,910,Also estimated in 2022,\"10,000\",,\n"
        "MCS2024,Russiae,\"Mine production, tungsten content\",2000,W,,NA,,\n"
        "MCS2024,Other countries6,\"Mine production, tungsten content\",50,1500,,Included in World total.,,\n"
        "MCS2024,World total (rounded),\"Mine production, tungsten content\",3000,4000,,,,\n"),
    ),
    SALIENT: (
        "utf-8",
        ("DataSource,Commodity,Year,USprod_Mine_t,USprod_Smelter-primary_t,USprod_Smelter-secondary_t,Imports_Ore_t,Consump_t,Price_Metal_dlb,NIR_pct,\n"
        "MCS2024,Antimony,2021,0,400,,121,26100,4,E,\n"
        "MCS2024,Antimony,2023,0,NA,,30,22000,e5,82,\n"
        "MCS2024,Antimony,2019,,,,,,,,\n"
        "MCS2024,Antimony,2020,,,,,,,,\n"
        "MCS2024,Antimony,2022,,,,,,,,\n"
        ",,,,,,,,,,\n"),
    ),
    TRENDS: (
        "utf-8",
        ("Source,Import_Share_Order,Commodity,Net_Import_Reliance_pct_2023,Major_Import_Sources_2019_2022\n"
        "MCS2024,1,GALLIUM,100,China\n"),
    ),
}  # fmt: skip


def written(folder: Path, name: str, text: str | None = None) -> Path:
    encoding, sample = SAMPLES[name]
    path = folder / name
    path.write_bytes((sample if text is None else text).encode(encoding))
    return path


def found(imported) -> dict[tuple[str, ...], tuple]:  # type: ignore[no-untyped-def]
    return {(r.good, r.region, r.partner, r.period, r.field): (r.value, r.status, r.low, r.high) for r in imported.rows}


def stored_files() -> list[Path]:
    return sorted(path for pattern in usgs_mcs.FILES for path in PUBLISHER_FILES.glob(pattern))
