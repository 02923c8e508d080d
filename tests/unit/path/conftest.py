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


class Readings:
    """What tests read off a solved path."""

    def __init__(self, realisation, months):
        self.realisation, self.months, self.network = realisation, months, realisation.network

    def exports(self, month, good="gallium", region="CHN", to=None):
        """Tonnes of a good that leave a region, over the base year's."""
        network, place = self.network, self.network.regions.index(region)
        links = (network.good == network.goods.index(good)) & (network.origin == place)
        links &= network.destination != place if to is None else network.destination == network.regions.index(to)
        return float(self.months[month].equilibrium.flow[links].sum() / network.base_flow_t[links].sum())

    def price(self, month, region, good="gallium"):
        """Delivered price over the base year's."""
        at = self.network.goods.index(good)
        price = self.months[month].equilibrium.delivered_price[at, self.network.regions.index(region)]
        return float(price / self.network.base_price_usd_per_t[at])

    def held_t(self, month, region, good="gallium"):
        """Tonnes in the stores of a region at the month's end."""
        holdings = self.months[month].holdings
        at = holdings.good == self.network.goods.index(good)
        return float(holdings.closing_t[at & (holdings.region == self.network.regions.index(region))].sum())


@pytest.fixture(scope="session")
def read(solve):
    """Readings of a path, from its measures as YAML."""

    def read(measures="", **options):
        return Readings(*solve(measures, **options))

    return read
