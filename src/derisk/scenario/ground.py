"""The ground a measure stands on: the base network's regions, links and uses, by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from derisk.errors import Problem, ScenarioError, nearest_word
from derisk.network.record import Flags, Floats, Integers, Network
from derisk.network.sums import sum_table
from derisk.scenario.words import ALL
from derisk.vocabulary.goods import covered_by
from derisk.vocabulary.regions import BLOCS, COUNTRIES, REST_OF_EU, REST_OF_WORLD
from derisk.vocabulary.uses import USES


def regions_named(words: Iterable[str], regions: Sequence[str]) -> tuple[str, ...]:
    """Regions of a network that `words` name, in the network's order.

    A bloc stands for its members that are regions, and for XEU where some EU member is merged in it.
    """
    named: set[str] = set()
    for word in words:
        if word == ALL:
            return tuple(regions)
        holding = {region_holding(member, regions) for member in BLOCS.get(word, (word,))}
        named |= holding - {REST_OF_WORLD} if word in BLOCS else holding
    return tuple(region for region in regions if region in named)


def region_holding(country: str, regions: Sequence[str]) -> str:
    """The region of a network that a country belongs to."""
    if country in regions:
        return country
    eu_member = country in COUNTRIES and COUNTRIES[country].eu_member
    return REST_OF_EU if eu_member and REST_OF_EU in regions else REST_OF_WORLD


def merged_country(word: str, regions: Sequence[str], *, key: str) -> Problem | None:
    """Problem for a word that is no bloc and no region of the network, else None."""
    if word == ALL or word in BLOCS or word in regions:
        return None
    region = region_holding(word, regions)
    hint = f"write '{region}', the region that holds {word}" if region in regions else nearest_word(word, regions)
    return Problem(
        what=f"'{word}' is no region of its own in the network",
        allowed=f"{', '.join(regions)}; blocs {', '.join(BLOCS)}; all",
        hint=hint,
        key=key,
    )


class Ground:
    """Index look-ups into one network."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._good = {good: index for index, good in enumerate(network.goods)}
        self._region = {region: index for index, region in enumerate(network.regions)}
        end_use = [index for index, use in enumerate(network.uses) if use in USES]
        self._is_end_use = np.isin(network.use_sector, end_use)

    @cached_property
    def _abroad(self) -> Flags:
        """(link,) links between two regions."""
        return self.network.origin != self.network.destination

    @cached_property
    def _link(self) -> dict[tuple[int, int, int], int]:
        network = self.network
        keys = zip(network.good.tolist(), network.origin.tolist(), network.destination.tolist(), strict=True)
        return {key: link for link, key in enumerate(keys)}

    def good(self, good: str) -> int:
        """Index of a good.

        Raises:
            ScenarioError: the network has no such good.
        """
        if good not in self._good:
            raise ScenarioError(Problem(what=f"the network has no good '{good}'", allowed=", ".join(self._good)))
        return self._good[good]

    def goods(self, goods: Iterable[str]) -> Integers:
        """Indices of goods and of their parts that the network has: `rare_earth_concentrate` covers ionic clay."""
        named = [self.good(good) for good in goods]
        parts = [self._good[part] for good in goods for part in covered_by(good) if part in self._good]
        return np.array(list(dict.fromkeys([*named, *parts])), dtype=np.int64)

    def good_from(self, good: str, sellers: Integers) -> int:
        """Index of a good, or of its part where the sellers ship that alone in the base year."""
        known = [part for part in covered_by(good) if part in self._good]
        shipped = [part for part in known if self._shipped_t[self._good[part], sellers].any()]
        return self.good(shipped[0] if len(shipped) == 1 else good)

    def regions(self, words: Iterable[str]) -> Integers:
        """Indices of the regions that words name."""
        named = regions_named(words, self.network.regions)
        return np.array([self._region[region] for region in named], dtype=np.int64)

    def links(self, *, by: Integers, to: Integers, goods: Integers) -> Integers:
        """Links of `goods` from a region of `by` to another region, of `to`; home deliveries never."""
        network, regions = self.network, len(self.network.regions)
        of_good, ships = _among(goods, len(network.goods))[network.good], _among(by, regions)[network.origin]
        receives = _among(to, regions)[network.destination]
        return np.flatnonzero(of_good & ships & receives & self._abroad)

    def processes(self, *, by: Integers, goods: Integers) -> Integers:
        """Processes in `by` that make one of `goods`, as main or joint output."""
        network = self.network
        makes = (network.process_good_matrix[:, goods] > 0.0).any(axis=1)
        return np.flatnonzero(makes & np.isin(network.process_region, by))

    def base_price(self, links: Integers) -> Floats:
        """Base price of the good of each link [USD/t]."""
        network = self.network
        return network.base_price_usd_per_t[network.good[links]]

    def use_rows(self, *, to: Integers, goods: Integers, uses: Iterable[str]) -> Integers:
        """End uses of `goods` in `to`, disposal and stock building never."""
        network = self.network
        wanted = set(uses)
        sectors = [index for index, use in enumerate(network.uses) if use in wanted]
        chosen: Flags = np.isin(network.use_good, goods) & np.isin(network.use_region, to)
        return np.flatnonzero(chosen & np.isin(network.use_sector, sectors))

    def end_use_t(self, good: int, region: int) -> float:
        """Base end use of a good in a region [t/month], without process input, disposal and stock building."""
        network = self.network
        chosen = (network.use_good == good) & (network.use_region == region) & self._is_end_use
        return float(network.base_use_t[chosen].sum())

    def inflow_t(self, good: int) -> Floats:
        """Base deliveries of a good into each region [t/month], (region,), from home and abroad."""
        return self._received_t[good].copy()

    def intake_share(self, good: int, regions: Integers) -> Floats:
        """Shares of regions in what they take in of a good together; equal ones where none takes in any."""
        intake = self.inflow_t(good)[regions]
        total = float(intake.sum())
        return intake / total if total > 0.0 else np.full(len(regions), 1.0 / max(1, len(regions)))

    def outflow_t(self, good: int) -> Floats:
        """Base deliveries of a good out of each region [t/month], (region,), home deliveries included."""
        return self._shipped_t[good].copy()

    def link(self, key: tuple[int, int, int]) -> int | None:
        """Link of a good from an origin to a destination."""
        return self._link.get(key)

    def flow_t(self, key: tuple[int, int, int]) -> float:
        """Base flow of a good from an origin to a destination [t/month]."""
        link = self._link.get(key)
        return 0.0 if link is None else float(self.network.base_flow_t[link])

    def kept_home_t(self, good: int) -> Floats:
        """Base deliveries of a good from each region to itself [t/month], (region,)."""
        return self._kept_t[good].copy()

    @cached_property
    def _received_t(self) -> Floats:
        """(good, region)."""
        return self._flows_by(self.network.destination, self.network.base_flow_t)

    @cached_property
    def _shipped_t(self) -> Floats:
        """(good, region)."""
        return self._flows_by(self.network.origin, self.network.base_flow_t)

    @cached_property
    def _kept_t(self) -> Floats:
        """(good, region)."""
        return self._flows_by(self.network.origin, np.where(self._abroad, 0.0, self.network.base_flow_t))

    def _flows_by(self, region: Integers, flow_t: Floats) -> Floats:
        return sum_table(self.network.good, region, flow_t, (len(self.network.goods), len(self.network.regions)))


def _among(chosen: Integers, count: int) -> Flags:
    """(count,) whether each number is one of those chosen."""
    among = np.zeros(count, dtype=np.bool_)
    among[chosen] = True
    return among
