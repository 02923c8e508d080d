"""Borrowed prices: what a good cost in a year without a quotation, by what its neighbours in the chain cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from derisk.network.borrowing import AS_IT_IS, About, Loan, about, choose_years, moved
from derisk.network.figure import Figure
from derisk.network.rules import least_margin_share
from derisk.network.world_output import Move, chain
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.processes import PROCESSES
from derisk.vocabulary.regions import WORLD

PRICE_LEVEL_COUNTRY = "USA"
"""The country whose price level stands for that of the dollar."""


@dataclass(frozen=True, slots=True)
class Quotations:
    """World prices by good and year, per tonne of each good's own basis, and the dollar's price level."""

    usd_per_t: Mapping[str, Mapping[int, float]]
    level: Mapping[int, float]
    inputs: Mapping[tuple[str, str], float]
    """Tonnes of an input per tonne of a good."""

    def both(self, good: str, *, to_year: int, from_year: int) -> float | None:
        """Ratio of two stated prices of a good."""
        stated = self.usd_per_t.get(good, {})
        return stated[to_year] / stated[from_year] if to_year in stated and from_year in stated else None

    def inflation(self, *, to_year: int, from_year: int) -> float | None:
        """Ratio of price levels."""
        known = to_year in self.level and from_year in self.level
        return self.level[to_year] / self.level[from_year] if known else None


def borrow_prices(
    figures: Sequence[Figure], coefficients: Iterable[Figure], price_level: Iterable[Figure], base_year: int
) -> Loan:
    """Prices of the year, else moved there from the newest year before, else from the first after.

    Equations (5.15) and (5.16) of docs/theory/network.md.
    """
    quotations = _quotations(figures, coefficients, price_level)
    years = choose_years(figures, base_year)
    rules: dict[About, str] = {}
    chosen = []
    for figure in figures:
        year = years[about(figure)]
        if figure.year != year:
            continue
        move = _price_move(figure.good, year, base_year, quotations) if year != base_year else AS_IT_IS
        if move is AS_IT_IS and year <= base_year:
            chosen.append(figure)
            continue
        rules[about(figure)] = move.rule
        chosen.append(moved(figure, move.ratio, base_year=base_year))
    return Loan(tuple(chosen), rules)


def _price_move(good: str, year: int, base_year: int, quotations: Quotations) -> Move:
    neighbours = [other for other in chain(good) if other != good]
    by_made = [other for other in neighbours if _feeds(good, other)]
    found = _by_neighbour(by_made, year, base_year, quotations) or _by_inputs(good, year, base_year, quotations)
    found = found or _by_neighbour(neighbours, year, base_year, quotations)
    if found is None and year > base_year:
        level = quotations.inflation(to_year=base_year, from_year=year)
        found = None if level is None else Move(level, f"scaled by the price level of {PRICE_LEVEL_COUNTRY}")
    return found or AS_IT_IS


def _feeds(good: str, other: str) -> bool:
    return any(good in kind.inputs and other in (kind.main, *kind.joint) for kind in PROCESSES.values())


def _by_neighbour(goods: Iterable[str], year: int, base_year: int, quotations: Quotations) -> Move | None:
    for other in goods:
        ratio = quotations.both(other, to_year=base_year, from_year=year)
        if ratio is not None:
            return Move(ratio, f"scaled by the price of {other}")
    return None


def _by_inputs(good: str, year: int, base_year: int, quotations: Quotations) -> Move | None:
    """A price of which the inputs' part moves with their prices, the rest with the price level (equation 5.16)."""
    parts = {feed: tonnes for (made, feed), tonnes in quotations.inputs.items() if made == good}
    price = quotations.usd_per_t.get(good, {}).get(year)
    if not parts or not price:
        return None
    stated = {feed: quotations.usd_per_t.get(feed, {}) for feed in parts}
    if not all(year in series and base_year in series for series in stated.values()):
        return None
    level = quotations.inflation(to_year=base_year, from_year=year) or 1.0
    feed_then = sum(tonnes * stated[feed][year] for feed, tonnes in parts.items())
    feed_now = sum(tonnes * stated[feed][base_year] for feed, tonnes in parts.items())
    margin = max(price - feed_then, least_margin_share * price)
    now = (price - margin) * feed_now / feed_then + level * margin
    return Move(now / price, f"scaled by the prices of {', '.join(sorted(parts))}")


def _quotations(figures: Iterable[Figure], coefficients: Iterable[Figure], price_level: Iterable[Figure]) -> Quotations:
    prices: dict[str, dict[int, float]] = {}
    for figure in figures:
        if figure.region in ("", WORLD) and figure.good and figure.value > 0:
            prices.setdefault(figure.good, {})[figure.year] = figure.value * GOODS[figure.good].price_mass_ratio
    inputs: dict[tuple[str, str], float] = {}
    for figure in coefficients:
        if figure.region in ("", WORLD):
            inputs[figure.good, figure.field.removeprefix("input_")] = figure.value
    level = {figure.year: figure.value for figure in price_level if figure.region == PRICE_LEVEL_COUNTRY}
    return Quotations(prices, level, inputs)
