"""transit_block: goods of `by` no longer pass through a country on their way; other routes take over what they can."""

from __future__ import annotations

from typing import ClassVar, Literal, Self, final

import numpy as np
from pydantic import model_validator

from derisk.distributions import Triangular
from derisk.errors import Problem
from derisk.network.record import Integers
from derisk.scenario.draft import ShockDraft
from derisk.scenario.ground import regions_named
from derisk.scenario.measure import Measure, Numbers
from derisk.scenario.shock import BlockedRoute
from derisk.scenario.words import ALL, Ratio, Regions, Share, TransitCountries, refuse
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import BLOCS
from derisk.vocabulary.routes import ROUTES, Route


@final
class TransitBlock(Measure):
    """Of each flow, the part that goes through the country is capped; `derisk.vocabulary` lists the routes."""

    restriction: ClassVar[bool] = True

    kind: Literal["transit_block"]
    """`transit_block`."""
    through: TransitCountries
    """Country, or countries, that lets nothing pass."""
    by: Regions = (ALL,)
    """Whose goods are held up; `all` is every origin with a route through the country."""
    share: Share
    """Share of what goes through the country that is held up: 1 is a closed border."""
    spare_ratio: Ratio = Triangular(0.2, 0.5, 1.0)
    """Room on the other routes, as a ratio to what they carried in the base year; they make it over half a year. The
    default, from a fifth to as much again, is assumed."""

    @model_validator(mode="after")
    def _check_routes(self) -> Self:
        known = {route.origin for route in ROUTES if route.through in self.through}
        named = {country for word in self.by for country in BLOCS.get(word, (word,))}
        if ALL not in self.by and not named & known:
            what = f"no route of {', '.join(self.by)} goes through {', '.join(self.through)}"
            refuse(
                Problem(what=what, allowed=", ".join(sorted(known)), key="by", hint="leave 'by' out for all of them")
            )
        return self


def apply(measure: TransitBlock, numbers: Numbers, draft: ShockDraft) -> None:
    """Cap every link with a route through the country at what its other routes carry (equation 7.4a)."""
    ground, weight_t = draft.ground, draft.extension.link_weight_t
    origins, goods = ground.regions(measure.by), ground.goods(measure.goods)
    for route in ROUTES:
        if route.through not in measure.through:
            continue
        links = _links(route, draft, origins, goods)
        held_up_share = numbers["share"] * route.share
        room_share = min(held_up_share, numbers["spare_ratio"] * (1.0 - route.share))
        draft.block_route(
            BlockedRoute(
                place=measure.place,
                links=links,
                cap_t=(1.0 - held_up_share) * weight_t[links],
                room_t=room_share * weight_t[links],
                since=measure.first_month(numbers),
            )
        )


def _links(route: Route, draft: ShockDraft, origins: Integers, goods: Integers) -> Integers:
    """Links of the measure's goods that use a route; an origin merged in another region has none."""
    ground = draft.ground
    names = ground.network.regions
    if route.origin not in names:
        return np.zeros(0, dtype=np.int64)
    spared = set(regions_named([word for word in route.spared if word in (*names, *BLOCS)], names)) | {route.through}
    destinations = [name for name in regions_named(route.destinations, names) if name not in spared]
    if route.materials:
        goods = np.array(
            [g for g in goods if GOODS[ground.network.goods[g]].material in route.materials], dtype=np.int64
        )
    origin = ground.regions([route.origin])
    return ground.links(by=np.intersect1d(origin, origins), to=ground.regions(destinations), goods=goods)
