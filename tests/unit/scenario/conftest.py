"""A balanced network small enough to check by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from derisk.network.record import Network
from derisk.scenario import MonthShock, Realisation, realise, scenario_from

REGIONS = ("AUS", "CHN", "JPN", "USA", "XEU", "ROW")
GOODS = (
    "gallium_residue",
    "gallium",
    "rare_earth_concentrate",
    "lacen_oxide",
    "ndpr_oxide",
    "dytb_oxide",
    "ndfeb_magnet",
)
USES = ("defence", "semiconductors", "wind_and_solar", "disposal")
PRICES = (5_000.0, 500_000.0, 3_000.0, 1_000.0, 60_000.0, 400_000.0, 50_000.0)

# kind, region, output [t/month], recipe
PLANTS = (
    ("host_gallium", "CHN", 120.0, {"gallium_residue": 1.0}),
    ("host_gallium", "AUS", 30.0, {"gallium_residue": 1.0}),
    ("recover_gallium", "CHN", 60.0, {"gallium": 1.0, "gallium_residue": -1.0}),
    ("mine_rare_earths", "CHN", 200.0, {"rare_earth_concentrate": 1.0}),
    ("mine_rare_earths", "USA", 40.0, {"rare_earth_concentrate": 1.0}),
    ("mine_rare_earths", "AUS", 20.0, {"rare_earth_concentrate": 1.0}),
    (
        "separate_rare_earths",
        "CHN",
        48.0,
        {"ndpr_oxide": 1.0, "lacen_oxide": 3.0, "dytb_oxide": 0.1, "rare_earth_concentrate": -5.0},
    ),
    (
        "separate_rare_earths",
        "USA",
        4.0,
        {"ndpr_oxide": 1.0, "lacen_oxide": 4.0, "rare_earth_concentrate": -5.0},
    ),
    ("make_magnets", "CHN", 130.0, {"ndfeb_magnet": 1.0, "ndpr_oxide": -0.3, "dytb_oxide": -0.02}),
    ("make_magnets", "JPN", 30.0, {"ndfeb_magnet": 1.0, "ndpr_oxide": -0.3, "dytb_oxide": -0.02}),
)

# good, region, use, share of what process input leaves
DEMANDS = (
    ("gallium_residue", "CHN", "disposal", 0.6667),
    ("gallium_residue", "AUS", "disposal", 0.3333),
    ("gallium", "CHN", "semiconductors", 0.5),
    ("gallium", "USA", "semiconductors", 0.2),
    ("gallium", "USA", "defence", 0.1),
    ("gallium", "JPN", "semiconductors", 0.2),
    ("lacen_oxide", "CHN", "wind_and_solar", 0.6),
    ("lacen_oxide", "USA", "wind_and_solar", 0.2),
    ("lacen_oxide", "ROW", "wind_and_solar", 0.2),
    ("ndpr_oxide", "XEU", "wind_and_solar", 1.0),
    ("dytb_oxide", "XEU", "wind_and_solar", 1.0),
    ("ndfeb_magnet", "CHN", "wind_and_solar", 0.5),
    ("ndfeb_magnet", "USA", "defence", 0.1),
    ("ndfeb_magnet", "USA", "wind_and_solar", 0.1),
    ("ndfeb_magnet", "JPN", "wind_and_solar", 0.1),
    ("ndfeb_magnet", "XEU", "wind_and_solar", 0.2),
)


@pytest.fixture(scope="session")
def small_network() -> Network:
    """Six regions, seven goods; deliveries are shared out in proportion, residue stays at home."""
    good_index = {good: index for index, good in enumerate(GOODS)}
    region_index = {region: index for index, region in enumerate(REGIONS)}
    matrix = np.zeros((len(PLANTS), len(GOODS)))
    for row, (_, _, _, recipe) in enumerate(PLANTS):
        for good, tonnes in recipe.items():
            matrix[row, good_index[good]] = tonnes
    region = np.array([region_index[plant[1]] for plant in PLANTS])
    output = np.array([plant[2] for plant in PLANTS])
    made = np.zeros((len(GOODS), len(REGIONS)))
    fed = np.zeros_like(made)
    for row in range(len(PLANTS)):
        made[:, region[row]] += np.maximum(matrix[row], 0.0) * output[row]
        fed[:, region[row]] += np.maximum(-matrix[row], 0.0) * output[row]
    left = made.sum(axis=1) - fed.sum(axis=1)
    use_t = np.array([left[good_index[good]] * share for good, _, _, share in DEMANDS])
    use_t[0], use_t[1] = 60.0, 30.0
    taken = fed.copy()
    for (good, place, _, _), tonnes in zip(DEMANDS, use_t, strict=True):
        taken[good_index[good], region_index[place]] += tonnes
    links = []
    for good in range(len(GOODS)):
        flow = np.outer(made[good], taken[good]) / made[good].sum()
        if GOODS[good] == "gallium_residue":
            flow = np.diag(made[good])
        links += [(good, i, j, flow[i, j]) for i, j in zip(*np.nonzero(flow), strict=True)]
    axes = np.array([link[:3] for link in links], dtype=np.int64)
    return Network(
        base_year=2024,
        goods=GOODS,
        regions=REGIONS,
        uses=USES,
        distance_km=np.full((len(REGIONS), len(REGIONS)), 3000.0) - 2500.0 * np.eye(len(REGIONS)),
        origin=axes[:, 1],
        destination=axes[:, 2],
        good=axes[:, 0],
        base_flow_t=np.array([link[3] for link in links]),
        link_observed=np.ones(len(links), dtype=np.bool_),
        base_price_usd_per_t=np.array(PRICES),
        trade_elasticity=np.full(len(GOODS), 4.0),
        stock_cover_months=np.full((len(GOODS), len(REGIONS)), 2.0),
        process_kind=tuple(plant[0] for plant in PLANTS),
        process_region=region,
        process_main_good=np.array([good_index[next(iter(plant[3]))] for plant in PLANTS]),
        process_good_matrix=matrix,
        process_fixed=np.array([plant[0].startswith("host") for plant in PLANTS]),
        base_output_t=output,
        capacity_t=output / 0.9,
        unit_cost_usd_per_t=np.zeros(len(PLANTS)),
        supply_elasticity=np.ones(len(PLANTS)),
        use_good=np.array([good_index[row[0]] for row in DEMANDS]),
        use_region=np.array([region_index[row[1]] for row in DEMANDS]),
        use_sector=np.array([USES.index(row[2]) for row in DEMANDS]),
        base_use_t=use_t,
        demand_elasticity=np.full(len(DEMANDS), 0.3),
        value_in_use_usd_per_t=np.array([20.0 * PRICES[good_index[row[0]]] for row in DEMANDS]),
        dependence_share=np.full(len(DEMANDS), 0.5),
        value_added_musd=np.ones((len(REGIONS), len(USES))),
        value_added_assumed=np.zeros((len(REGIONS), len(USES)), dtype=np.bool_),
        changes=(),
    )


@dataclass(frozen=True)
class Laid:
    """A scenario of a few months laid on a small network, with look-ups by word."""

    realisation: Realisation

    @property
    def network(self) -> Network:
        return self.realisation.network

    def shock(self, month: int = 0) -> MonthShock:
        return self.realisation.shocks[month]

    def links(self, good: str, origin: str, destination: str) -> np.ndarray:
        network = self.network
        return np.flatnonzero(
            (network.good == network.goods.index(good))
            & (network.origin == network.regions.index(origin))
            & (network.destination == network.regions.index(destination))
        )

    def link(self, good: str, origin: str, destination: str) -> int:
        (only,) = self.links(good, origin, destination)
        return int(only)

    def process(self, name: str, region: str) -> int:
        where = self.network.regions.index(region)
        (only,) = (
            step
            for step, kind in enumerate(self.realisation.process_names)
            if kind == name and self.network.process_region[step] == where
        )
        return only


@pytest.fixture
def lay(small_network: Network) -> Callable[..., Laid]:
    """Lays measures on the small network, or another, for three months from January 2025."""

    def laid(*measures: dict[str, Any], network: Network = small_network, **keys: Any) -> Laid:
        rows = [{"from": "2025-01", "why": "test", **measure} for measure in measures]
        data = {"name": "test", "start": "2025-01", "months": 3, **keys, "measures": rows}
        return Laid(realise(scenario_from(data), network))

    return laid
