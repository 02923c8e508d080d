"""Regions of a network: which countries stand apart, and where the others go."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from derisk.errors import InputError, unknown_word
from derisk.network.figures import Figures
from derisk.network.record import Floats
from derisk.network.rules import single_share_of_world
from derisk.vocabulary.regions import (
    ALWAYS_APART,
    COUNTRIES,
    OTHER_COUNTRIES,
    REST_OF_EU,
    REST_OF_WORLD,
    WORLD,
)

_WITHIN_KM = 500.0
"""Distance of a label point to itself: half the width of a middling country."""


@dataclass(frozen=True, slots=True)
class RegionMap:
    """Regions in network order (`ROW` last), and each country's region."""

    regions: tuple[str, ...]
    of_country: Mapping[str, str]
    position: Mapping[str, int]
    """Place of each country's region in `regions`."""

    def region_of(self, country: str) -> str:
        """Region of a country, of OTH, or of a region's own id.

        Raises:
            InputError: the id is unknown, or is the whole world.
        """
        if country in self.of_country:
            return self.of_country[country]
        raise InputError(unknown_word("country", country, tuple(self.of_country), listing="derisk data regions"))

    def members(self, region: str) -> tuple[str, ...]:
        """Countries of a region.

        Raises:
            InputError: the network has no such region.
        """
        if region not in self.regions:
            raise InputError(unknown_word("region", region, self.regions))
        return tuple(c for c in COUNTRIES if self.of_country[c] == region)

    def index(self, country: str) -> int:
        """Position of a country's region."""
        return self.position[country] if country in self.position else self.regions.index(self.region_of(country))


def draw_regions(figures: Figures) -> RegionMap:
    """Regions by the rule: 1 % of the output of anything, the G7, and a few countries always.

    A country whose economy no row measures (North Korea) is no region of its own, for nothing could be said of
    its losses. Other EU members form XEU, all other countries ROW.
    """
    measured = {figure.region for figure in figures.rows["gdp"] if figure.value > 0}
    apart = {*ALWAYS_APART, *(_large_producers(figures) & measured)}
    of_country = {country: _place(country, apart) for country in COUNTRIES}
    of_country |= {OTHER_COUNTRIES: REST_OF_WORLD, REST_OF_EU: REST_OF_EU, REST_OF_WORLD: REST_OF_WORLD}
    regions = (*sorted({*of_country.values()} - {REST_OF_WORLD}), REST_OF_WORLD)
    position = {country: regions.index(region) for country, region in of_country.items()}
    return RegionMap(regions=regions, of_country=of_country, position=position)


def region_distances_km(region_map: RegionMap, gdp: Mapping[str, float]) -> Floats:
    """Mean great-circle distance between regions, members weighted by GDP [km], (region, region)."""
    countries = tuple(COUNTRIES)
    angles = np.radians([[COUNTRIES[c].latitude, COUNTRIES[c].longitude] for c in countries])
    latitude, longitude = angles[:, 0], angles[:, 1]
    chord = (
        np.sin((latitude[:, None] - latitude) / 2) ** 2
        + np.cos(latitude[:, None]) * np.cos(latitude) * np.sin((longitude[:, None] - longitude) / 2) ** 2
    )
    distance = 2 * 6371.0 * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    np.fill_diagonal(distance, _WITHIN_KM)
    share = np.zeros((len(region_map.regions), len(countries)))
    for at, country in enumerate(countries):
        share[region_map.index(country), at] = max(gdp.get(country, 0.0), 1e6)
    share /= share.sum(axis=1, keepdims=True)
    mean: Floats = share @ distance @ share.T
    return mean


def _place(country: str, apart: Iterable[str]) -> str:
    if country in apart:
        return country
    return REST_OF_EU if COUNTRIES[country].eu_member else REST_OF_WORLD


def _large_producers(figures: Figures) -> set[str]:
    world: dict[tuple[str, str, str], float] = {}
    summed: dict[tuple[str, str, str], float] = {}
    for figure in figures.rows["production"]:
        about = (figure.material, figure.stage, figure.good)
        if figure.region == WORLD:
            world[about] = figure.value
        else:
            summed[about] = summed.get(about, 0.0) + figure.value
    return {
        figure.region
        for figure in figures.rows["production"]
        for about in [(figure.material, figure.stage, figure.good)]
        if figure.region in COUNTRIES and figure.value > 0
        if figure.value >= single_share_of_world * max(world.get(about, 0.0), summed[about])
    }
