"""Shipping: lags by distance, and arrivals after departures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from derisk.path.shipping import arrivals_t, lag_months, months_between, months_under_way, pipeline_t


def between(network, origin, destination):
    """Lag of the first link between two regions."""
    places = (
        network.origin == network.regions.index(origin),
        network.destination == network.regions.index(destination),
    )
    return float(lag_months(network)[places[0] & places[1]][0])


def test_lags_are_those_that_traders_speak_of(network):
    assert 0.4 <= between(network, "CHN", "JPN") <= 0.9
    assert 1.2 <= between(network, "CHN", "DEU") <= 2.0
    assert 1.5 <= between(network, "CHN", "USA") <= 2.0
    assert between(network, "CHN", "CHN") == 0.0


def test_landlocked_mines_need_time_to_reach_a_port(network):
    assert 2.5 <= between(network, "COD", "CHN") <= 3.0
    at_sea = network.distance_km[network.regions.index("COD"), network.regions.index("CHN")]
    assert between(network, "COD", "CHN") == pytest.approx(float(months_under_way(at_sea)) + 0.85)


def test_neighbours_of_landlocked_mines_are_reached_by_land(network):
    place = {region: number for number, region in enumerate(network.regions)}
    months = months_between(network)
    for origin, neighbour in (("COD", "ZMB"), ("KAZ", "CHN"), ("MNG", "CHN")):
        apart = network.distance_km[place[origin], place[neighbour]]
        assert months[place[origin], place[neighbour]] == pytest.approx(float(months_under_way(apart)))


def test_what_is_under_way_is_the_lag_times_the_flow(network):
    gallium, japan = network.goods.index("gallium"), network.regions.index("JPN")
    links = (network.good == gallium) & (network.destination == japan)
    expected = (lag_months(network)[links] * network.base_flow_t[links]).sum()
    assert pipeline_t(network)[gallium, japan] == pytest.approx(expected)
    assert 0.0 < expected < 2.0 * network.base_flow_t[links].sum()


@pytest.fixture
def three_links(network):
    """A home delivery, half a month and a month and a half of shipping."""
    return replace(
        network,
        regions=("CHN", "JPN", "DEU"),
        origin=np.array([0, 0, 0]),
        destination=np.array([0, 1, 2]),
        base_flow_t=np.array([8.0, 8.0, 8.0]),
        distance_km=np.array([[0.0, 1625.0, 8125.0], [1625.0, 0.0, 0.0], [8125.0, 0.0, 0.0]]),
    )


def test_arrivals_follow_departures_by_the_lag(three_links):
    assert lag_months(three_links).tolist() == pytest.approx([0.0, 0.5, 1.5])
    stop = [np.zeros(3)] * 4
    arrived = np.array(arrivals_t(three_links, stop))
    assert arrived[:, 0].tolist() == [0.0, 0.0, 0.0, 0.0]
    assert arrived[:, 1].tolist() == pytest.approx([4.0, 0.0, 0.0, 0.0])
    assert arrived[:, 2].tolist() == pytest.approx([8.0, 4.0, 0.0, 0.0])


def test_what_leaves_arrives(three_links):
    departures = [np.full(3, tonnes) for tonnes in (1.0, 5.0, 9.0, 8.0, 8.0, 8.0)]
    arrived = np.array(arrivals_t(three_links, departures))
    left = np.array(departures).sum(axis=0)
    assert (arrived.sum(axis=0) - left).tolist() == pytest.approx([0.0, 0.0, 0.0])
