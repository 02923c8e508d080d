"""The base year of 2024, and scenarios of one small market in it."""

from __future__ import annotations

import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path import market_of, solve_months
from derisk.scenario import parse_scenario, realise

HEAD = """
name: test
question: What happens?
base_year: 2024
start: {start}
months: {months}
measures:{measures}
"""


@pytest.fixture(scope="session")
def network():
    return build_network(load_dataset())


@pytest.fixture(scope="session")
def solve(network):
    """The realised scenario and its months, from its measures as YAML."""

    def solve(measures="", *, start="2025-01", months=6, parameters=None):
        listed = "\n" + measures if measures else " []"
        scenario = parse_scenario(HEAD.format(start=start, months=months, measures=listed))
        realisation = realise(scenario, network)
        return realisation, solve_months(
            market_of(realisation), realisation, scenario.month_labels(), parameters=parameters
        )

    return solve


def exports(realisation, month, good, region):
    """Tonnes of a good that leave a region, over the base year's."""
    network = realisation.network
    place = network.regions.index(region)
    links = (network.good == network.goods.index(good)) & (network.origin == place) & (network.destination != place)
    return float(month.equilibrium.flow[links].sum() / network.base_flow_t[links].sum())


def price_ratio(realisation, month, good, region):
    """Delivered price over the base year's."""
    network = realisation.network
    at = network.goods.index(good)
    price = month.equilibrium.delivered_price[at, network.regions.index(region)]
    return float(price / network.base_price_usd_per_t[at])


def held_t(realisation, month, good, region):
    """Tonnes in the stores of a region at the month's end."""
    network, holdings = realisation.network, month.holdings
    at = (holdings.good == network.goods.index(good)) & (holdings.region == network.regions.index(region))
    return float(holdings.closing_t[at].sum())
