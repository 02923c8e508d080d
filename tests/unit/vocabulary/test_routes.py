"""Is every route of the table lawful: known words, ordered shares, a reason?"""

from __future__ import annotations

import pytest

from derisk.vocabulary.goods import MATERIALS
from derisk.vocabulary.regions import BLOCS, COUNTRIES
from derisk.vocabulary.routes import ROUTES, TRANSIT_COUNTRIES, Route


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.origin} through {route.through}")
def test_a_route_is_lawful(route: Route) -> None:
    assert route.origin in COUNTRIES
    assert route.through in COUNTRIES
    assert route.origin != route.through
    assert all(word in COUNTRIES for word in route.spared)
    assert all(word in ("all", *BLOCS) for word in route.destinations)
    assert all(material in MATERIALS for material in route.materials)
    assert 0.0 <= route.low <= route.share <= route.high <= 1.0
    assert route.status in ("assumed", "derived", "reported")
    assert route.source
    assert len(route.note) > 4 or route.source != "derisk"


def test_no_route_stands_twice() -> None:
    keys = [(route.origin, route.through, route.materials) for route in ROUTES]
    assert len(set(keys)) == len(keys)


def test_central_asia_mongolia_and_the_copperbelt_have_routes() -> None:
    origins = {route.origin for route in ROUTES}
    assert origins >= {*BLOCS["central_asia"], "MNG", "COD", "ZMB"}
    assert {"RUS", "CHN", "KAZ", "TZA", "ZMB", "ZAF"} <= set(TRANSIT_COUNTRIES)
