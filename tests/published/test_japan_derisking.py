"""Japan 2010-2024: dependence on China's rare earths falls from nine tenths to between half and three quarters.

Published: over 90 % of imports before the stop of 2010 (Quartz, April 2021), 58 % in 2018 (Japan's ministry), 60 to 70 % in
2024 (Argus; JOGMEC as quoted by the Wall Street Journal, July 2025). Inputs are acts, contracts and nameplates with their dates; no
number was set for the outcome. Counted are tonnes of separated oxides that cross Japan's border.
"""

from __future__ import annotations

import numpy as np
import pytest

from derisk.data import load_dataset
from derisk.network import build_network
from derisk.path import months_of, read_slow_rows
from derisk.scenario import load_scenario, realise

OXIDES = ("lacen_oxide", "ndpr_oxide", "samarium_oxide", "eugd_oxide", "dytb_oxide", "yttrium_oxide")
CONTEXT = ("export_ban", "export_quota", "export_tax", "enforcement")


def is_lever(measure):
    """Japan's own: neither what was done to it nor the American mine."""
    return measure.kind not in CONTEXT and measure.by != ("USA",)


def china_share_by_year(scenario, dataset):
    network = build_network(dataset, base_year=scenario.base_year)
    realisation = realise(scenario, network)
    months = months_of(realisation, read_slow_rows(dataset, network, months=scenario.months))
    longer = realisation.network
    goods = [longer.goods.index(good) for good in OXIDES]
    japan, china = longer.regions.index("JPN"), longer.regions.index("CHN")
    taken = np.isin(longer.good, goods) & (longer.destination == japan) & (longer.origin != japan)
    tonnes: dict[str, np.ndarray] = {}
    for month in months:
        assert month.equilibrium.converged, month.label
        flow = month.equilibrium.flow
        pair = np.array([flow[taken & (longer.origin == china)].sum(), flow[taken].sum()])
        tonnes[month.label[:4]] = tonnes.get(month.label[:4], np.zeros(2)) + pair
    return {year: pair[0] / pair[1] for year, pair in tonnes.items()}


@pytest.fixture(scope="module")
def shares():
    dataset, scenario = load_dataset(), load_scenario("japan-derisking-2011-2024")
    others = tuple(m for m in scenario.measures if not is_lever(m))
    without = scenario.model_copy(update={"measures": others, "months": 78})
    return china_share_by_year(scenario, dataset), china_share_by_year(without, dataset)


@pytest.mark.slow
def test_dependence_lands_where_it_did(shares):
    with_levers, _ = shares
    assert with_levers["2011"] > 0.9
    assert 0.50 <= with_levers["2018"] <= 0.66
    assert 0.50 <= with_levers["2024"] <= 0.75


@pytest.mark.slow
def test_without_the_levers_it_would_have_stayed(shares):
    with_levers, without = shares
    assert without["2016"] - with_levers["2016"] > 0.2
