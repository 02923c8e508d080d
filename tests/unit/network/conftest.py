"""The reference dataset's base year, and a small world: copper with its by-product cobalt, rare earths, and gallium."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import pandas as pd
import pytest

from derisk.data import load_dataset
from derisk.network import build_network

COLUMNS = ("row_id", "material", "stage", "good", "region", "partner", "use", "period", "field", "value")
COLUMNS += ("unit", "basis", "status", "low", "high", "source", "locator", "note")


@pytest.fixture(scope="session")
def dataset():
    """The reference dataset."""
    return load_dataset()


@pytest.fixture(scope="session")
def network(dataset):
    """Its newest base year, balanced."""
    return build_network(dataset)


class SmallDataset:
    """Rows that answer `observations` as the reference dataset does."""

    def __init__(self, rows: list[dict[str, object]]) -> None:
        self.table = pd.DataFrame([{**dict.fromkeys(COLUMNS, ""), **row} for row in rows], columns=list(COLUMNS))
        for name in ("value", "low", "high"):
            self.table[name] = pd.to_numeric(self.table[name].replace("", None))
        self.hash = hashlib.sha256(self.table.to_csv().encode()).hexdigest()

    def observations(self, *, field: str) -> pd.DataFrame:
        return self.table[self.table["field"] == field].reset_index(drop=True)


def row(field: str, good: str, region: str, value: float, **others: object) -> dict[str, object]:
    words = {"field": field, "good": good, "region": region, "value": value, "period": "2024", "status": "reported"}
    words |= {"source": "a-source", **others}
    words["row_id"] = "|".join(str(words.get(k, "")) for k in ("field", "good", "region", "partner", "use", "period"))
    return words


def economy_rows() -> list[dict[str, object]]:
    gdp = {"USA": 27e12, "CHN": 18e12, "CHL": 0.3e12, "JPN": 4e12, "DEU": 4.5e12, "BEL": 0.6e12, "COD": 0.07e12}
    gdp |= {"MYS": 0.4e12, "AUS": 1.7e12, "GBR": 3e12, "FRA": 3e12, "ITA": 2e12, "CAN": 2e12, "IND": 3.5e12}
    gdp |= {"KOR": 1.7e12, "MEX": 1.8e12, "UKR": 0.2e12, "KAZ": 0.26e12, "KGZ": 0.01e12, "TJK": 0.01e12}
    gdp |= {"TKM": 0.06e12, "UZB": 0.1e12, "BRA": 2e12, "NLD": 1e12, "PER": 0.3e12}
    rows = [row("gdp", "", country, value, period="2023") for country, value in gdp.items()]
    uses = ("defence", "semiconductors", "electronics", "electric_vehicles_and_batteries", "wind_and_solar")
    uses += ("machinery", "refining_and_chemicals", "other")
    return rows + [row("value_added", "", "USA", 2e5, use=use, status="derived", period="2023") for use in uses]


def parameter_rows(goods: list[str], used: dict[str, dict[str, float]]) -> list[dict[str, object]]:
    rows = [row("supply_elasticity", g, "", 0.3, status="assumed", low=0.1, high=0.5) for g in goods]
    rows += [row("trade_elasticity", g, "", 4.0, status="assumed", low=3, high=6) for g in goods]
    rows += [row("utilisation_share", g, "", 0.85, status="assumed", low=0.8, high=0.9) for g in goods]
    rows += [row("demand_elasticity", g, "", 0.2, status="assumed", low=0.1, high=0.3) for g in used]
    for good, shares in used.items():
        rows += [row("end_use_share", good, "WLD", share, use=use) for use, share in shares.items()]
        rows += [row("dependence_share", good, "WLD", 0.1, use=use, status="assumed") for use in shares]
    return rows


def copper_rows() -> list[dict[str, object]]:
    mined, refined = {"CHL": 5000.0, "COD": 2500.0, "USA": 1100.0}, {"CHN": 5000.0, "CHL": 1900.0, "DEU": 600.0}
    refined |= {"BEL": 300.0, "JPN": 1200.0}
    rows = [row("production", "copper_concentrate", c, t, status="estimated") for c, t in mined.items()]
    rows += [row("production", "refined_copper", c, t, low=0.9 * t, high=1.2 * t) for c, t in refined.items()]
    rows += [row("recycled_production", "refined_copper", "CHN", 900.0)]
    rows += [row("input_copper_concentrate", "refined_copper", "", 1.05, status="assumed")]
    for origin, partner, tonnes in [
        ("CHL", "CHN", 2500.0),
        ("CHL", "JPN", 900.0),
        ("COD", "CHN", 2000.0),
        ("USA", "DEU", 400.0),
    ]:
        rows.append(row("trade", "copper_concentrate", origin, tonnes, partner=partner))
    for origin, partner, tonnes in [
        ("CHL", "CHN", 900.0),
        ("CHL", "USA", 700.0),
        ("CHL", "GBR", 100.0),
        ("BEL", "DEU", 150.0),
        ("JPN", "CHN", 300.0),
        ("GBR", "FRA", 60.0),
    ]:
        rows.append(row("trade", "refined_copper", origin, tonnes, partner=partner))
    rows += [row("price", "copper_concentrate", "WLD", 8000.0), row("price", "refined_copper", "WLD", 9000.0)]
    rows += [row("residue_share", "cobalt_residue", "COD", 0.1, status="derived")]
    rows += [row("residue_supply", "cobalt_residue", "AUS", 20.0, status="assumed")]
    rows += [row("production", "cobalt_intermediate", c, t) for c, t in {"COD": 200.0, "AUS": 15.0, "BRA": 5.0}.items()]
    rows += [row("production", "refined_cobalt", c, t) for c, t in {"CHN": 170.0, "JPN": 20.0, "AUS": 10.0}.items()]
    rows += [row("input_cobalt_residue", "cobalt_intermediate", "", 1.0, status="assumed")]
    rows += [row("input_cobalt_intermediate", "refined_cobalt", "", 1.05, status="assumed")]
    rows += [row("price", "cobalt_intermediate", "WLD", 16000.0), row("price", "refined_cobalt", "WLD", 26000.0)]
    shares = {"CHN": 0.6, "JPN": 0.15, "USA": 0.15, "OTH": 0.1}
    rows += [
        row("demand_share", "refined_cobalt", c, s, status="assumed", low=s / 2, high=s) for c, s in shares.items()
    ]
    goods = ["copper_concentrate", "refined_copper", "cobalt_intermediate", "refined_cobalt"]
    used = {"refined_copper": {"machinery": 0.4, "other": 0.6}, "refined_cobalt": {"defence": 0.2, "other": 0.8}}
    return rows + parameter_rows(goods, used)


def rare_earth_rows() -> list[dict[str, object]]:
    mined = {"CHN": 270.0, "USA": 45.0, "AUS": 16.0, "OTH": 20.0}
    rows = [row("production", "rare_earth_concentrate", c, t) for c, t in mined.items()]
    oxide = {"CHN": 72.0, "MYS": 3.0, "USA": 1.0}
    rows += [row("production", "ndpr_oxide", c, t, status="derived") for c, t in oxide.items()]
    rows += [row("input_rare_earth_concentrate", "ndpr_oxide", "", 4.6, status="derived")]
    shares = {"lacen_oxide": 0.70, "ndpr_oxide": 0.24, "dytb_oxide": 0.01}
    in_china_alone = {"samarium_oxide": 0.015, "eugd_oxide": 0.01, "yttrium_oxide": 0.025}
    rows += [row("output_share", g, "", s, status="derived") for g, s in shares.items()]
    rows += [row("output_share", g, "", 0.0, status="derived") for g in in_china_alone]
    rows += [row("output_share", g, "CHN", s, status="derived") for g, s in in_china_alone.items()]
    rows += [row("output_share", "dytb_oxide", "MYS", 0.0, status="derived")]
    rows += [row("production", "ndfeb_magnet", "CHN", 200.0), row("production", "ndfeb_magnet", "JPN", 12.0)]
    rows += [row("input_ndpr_oxide", "ndfeb_magnet", "", 0.32), row("input_dytb_oxide", "ndfeb_magnet", "", 0.024)]
    rows += [row("heavy_magnet_share", "ndfeb_magnet", "WLD", 0.5, status="assumed", low=0.35, high=0.65)]
    rows += [row("non_magnet_share", "ndpr_oxide", "", 0.1, status="assumed", low=0.05, high=0.2)]
    users = {"CHN": 0.7, "JPN": 0.1, "USA": 0.1, "OTH": 0.1}
    goods = ["rare_earth_concentrate", "lacen_oxide", "ndpr_oxide", "dytb_oxide", "ndfeb_magnet", *in_china_alone]
    for good in goods[1:]:
        rows += [row("demand_share", good, c, s, status="assumed") for c, s in users.items()]
    prices = [8e3, 1e3, 5.5e4, 4e5, 5e4, 2e3, 2.8e4, 6e3]
    rows += [row("price", good, "WLD", price) for good, price in zip(goods, prices, strict=True)]
    return rows + parameter_rows(goods, {good: {"machinery": 0.5, "electronics": 0.5} for good in goods[1:]})


@pytest.fixture
def make_row() -> Callable[..., dict[str, object]]:
    return row


@pytest.fixture
def make_dataset() -> Callable[[list[dict[str, object]]], SmallDataset]:
    return SmallDataset


@pytest.fixture
def world_rows() -> list[dict[str, object]]:
    return [*economy_rows(), *copper_rows(), *rare_earth_rows()]


@pytest.fixture
def small_dataset(world_rows: list[dict[str, object]]) -> SmallDataset:
    return SmallDataset(world_rows)
