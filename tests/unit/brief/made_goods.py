"""Made goods: what each good of the made-up study costs, where it is made and used, and whom controls hit."""

from __future__ import annotations

REGIONS = ("CHN", "USA", "JPN", "DEU", "KOR", "AUS", "MYS", "VNM", "IND", "XEU", "ROW")
HOME_SHARE = 0.35
BASE_T_PER_MONTH = {
    "natural_graphite": 110_000.0,
    "battery_anode": 95_000.0,
    "rare_earth_concentrate": 29_000.0,
    "ndpr_oxide": 6_500.0,
    "dytb_oxide": 260.0,
    "ndfeb_magnet": 19_000.0,
    "gallium": 50.0,
    "germanium": 17.0,
}
PRICE_USD_PER_T = {
    "natural_graphite": 800.0,
    "battery_anode": 4_500.0,
    "rare_earth_concentrate": 6_000.0,
    "ndpr_oxide": 55_000.0,
    "dytb_oxide": 330_000.0,
    "ndfeb_magnet": 60_000.0,
    "gallium": 480_000.0,
    "germanium": 2_100_000.0,
}
MADE_IN = {
    "natural_graphite": {"CHN": 0.78, "ROW": 0.16, "IND": 0.02, "KOR": 0.01, "DEU": 0.03},
    "battery_anode": {"CHN": 0.93, "JPN": 0.04, "KOR": 0.03},
    "rare_earth_concentrate": {"CHN": 0.69, "USA": 0.12, "AUS": 0.05, "VNM": 0.02, "ROW": 0.12},
    "ndpr_oxide": {"CHN": 0.89, "MYS": 0.07, "USA": 0.02, "XEU": 0.02},
    "dytb_oxide": {"CHN": 0.985, "MYS": 0.01, "VNM": 0.005},
    "ndfeb_magnet": {"CHN": 0.92, "JPN": 0.05, "VNM": 0.02, "DEU": 0.01},
    "gallium": {"CHN": 0.985, "JPN": 0.008, "KOR": 0.007},
    "germanium": {"CHN": 0.68, "DEU": 0.06, "USA": 0.04, "ROW": 0.22},
}
TAKEN_IN = {
    "natural_graphite": {
        "CHN": 0.72,
        "JPN": 0.06,
        "KOR": 0.05,
        "USA": 0.04,
        "DEU": 0.03,
        "XEU": 0.03,
        "IND": 0.03,
        "ROW": 0.04,
    },
    "battery_anode": {"CHN": 0.62, "KOR": 0.16, "JPN": 0.1, "USA": 0.07, "XEU": 0.05},
    "rare_earth_concentrate": {"CHN": 0.88, "MYS": 0.07, "XEU": 0.02, "USA": 0.02, "VNM": 0.01},
    "ndpr_oxide": {"CHN": 0.9, "JPN": 0.07, "VNM": 0.02, "DEU": 0.01},
    "dytb_oxide": {"CHN": 0.88, "JPN": 0.1, "DEU": 0.02},
    "ndfeb_magnet": {
        "CHN": 0.6,
        "DEU": 0.09,
        "USA": 0.07,
        "JPN": 0.07,
        "KOR": 0.05,
        "XEU": 0.05,
        "IND": 0.03,
        "ROW": 0.04,
    },
    "gallium": {"CHN": 0.5, "JPN": 0.26, "USA": 0.09, "DEU": 0.07, "KOR": 0.05, "ROW": 0.03},
    "germanium": {"CHN": 0.35, "USA": 0.22, "JPN": 0.12, "DEU": 0.12, "XEU": 0.09, "ROW": 0.1},
}
USES = {
    "natural_graphite": {"machinery": 1.0},
    "battery_anode": {"electric_vehicles_and_batteries": 1.0},
    "ndpr_oxide": {"other": 0.05},
    "dytb_oxide": {"other": 0.03},
    "ndfeb_magnet": {"electric_vehicles_and_batteries": 0.4, "wind_and_solar": 0.2, "machinery": 0.3, "defence": 0.1},
    "gallium": {"semiconductors": 0.7, "electronics": 0.2, "defence": 0.1},
    "germanium": {"electronics": 0.5, "defence": 0.3, "wind_and_solar": 0.2},
}
VALUE_MUSD_PER_T = {
    "natural_graphite": 0.005,
    "battery_anode": 0.06,
    "ndfeb_magnet": 0.4,
    "gallium": 45.0,
    "germanium": 25.0,
}
HIT = ("USA", "JPN", "DEU", "KOR", "AUS", "IND", "XEU")

EXPOSED = {"USA": 1.0, "JPN": 0.86, "DEU": 0.72, "KOR": 0.64, "AUS": 0.4, "IND": 0.5, "XEU": 0.67}
