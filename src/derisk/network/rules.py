"""Rules: the named numbers by which balancing fills what no row states."""

from __future__ import annotations

from typing import Final

from derisk.network.figure import Figure

errors_by_status: Final[dict[str, float]] = {
    "reported": 0.02,
    "estimated": 0.05,
    "preliminary": 0.05,
    "derived": 0.25,
    "bound": 0.40,
    "assumed": 0.40,
    "borrowed": 0.40,
}
"""Relative standard error of a figure that states no range of its own."""

errors_by_rule: Final[dict[str, float]] = {
    "reported_trade": 0.10,
    "apparent_use": 0.25,
    "returned_trade": 0.25,
    "home_delivery": 0.25,
    "latent_link": 0.10,
    "gravity_trade": 0.50,
    "disposal": 1.00,
}
"""Relative standard error of figures that a rule derives, and of customs statistics.

A latent link is known to carry about nothing; a weaker hold would let it absorb every discrepancy.
"""

reference_error: Final = 0.02
"""The error whose weight is 1: weight = (reference / error) squared."""
least_error: Final = 0.01
"""No stated range makes a figure firmer than this."""

single_share_of_world: Final = 0.01
"""A country that makes this share of any good stays a region of its own."""
latent_share: Final = 1e-3
"""Latent links of a good together carry this share of its world output."""
least_use_share: Final = 0.02
"""Apparent use is at least this share of a region's output plus imports."""
least_end_use_share: Final = 0.05
"""End use of a good that processes also take is at least this share of its world output."""
least_customs_coverage_share: Final = 0.8
"""Apparent use is read from customs rows that hold at least this share of the good's trade."""
passed_on_most: Final = 0.95
"""A hub passes on at most this share of its imports."""
highest_utilisation: Final = 0.98
"""Base output is at most this share of capacity."""
residue_price_share: Final = 0.01
"""A residue without a price row costs this share of the metal recovered from it."""
least_value_in_use_ratio: Final = 3.0
greatest_value_in_use_ratio: Final = 1000.0
disposal_value_ratio: Final = 2.0
"""Bounds of the value in use, and its value for disposal, as multiples of the base price.

The value in use is an average product: value added that depends on a good over its tonnes. The marginal
tonne is worth less (least valuable uses leave first, along the demand elasticity), so the average is where
use stops, not where it starts to fall. Goods used by the gram (heavy oxides, most of gallium) reach the upper
bound: there it stands for "any price", and a price near it is reported as rationing. The lower bound keeps
copper in countries with little value added from stopping at the first doubling of its price.
"""
least_stock_building_share: Final = 0.02
greatest_stock_building_share: Final = 0.30
"""Parts of a base year's output that, unused, count as put into stocks: less is rounding, more another definition."""
stock_building_value_ratio: Final = (1.1, 1.25, 1.5)
"""Value in use of what is put into stocks, as multiples of the base price: low, mode and high of a draw (assumed).

Who buys what nobody needs stops where it no longer looks cheap. Judged: below a tenth a metal's price moves of itself,
and at half as much again it is dear.
"""
other_boundaries: Final[dict[tuple[str, str], str]] = {
    ("refined_nickel", "iea-critical-minerals-2024"): (
        "its 3,796,100 t refined in 2023 are 9 % more than the next edition has for 2024, a year of growth: "
        "output and demand count different things"
    ),
}
"""Goods and publications whose world output and world demand do not compare, each with the reason."""
least_draw_ratio: Final = 1e-3
"""A draw never takes an output or a use below this ratio to its central value."""
unstated_shares: Final[dict[str, float]] = {"clay_share": 0.0}
"""Shares of two kinds of ore that rows need not tell apart: without any row all is of the first kind."""
unexplained_share: Final = 0.005
"""A gap between a world row and its countries above this share is output of the rest of the world."""
fresh_years: Final = 2
"""A figure of a year at most so many years back counts as one of the base year and is not listed as older."""
unnamed_share: Final = 0.05
"""A year that leaves more than this share of a good's output to unnamed countries takes their names from others."""
late_unnamed_share: Final = 0.1
"""The same for names that only later years know: a maker of theirs may be a newcomer."""
naming_years: Final = 5
"""Years before and after a base year that may name makers it leaves unnamed."""
told_share: Final = 0.3
"""A year tells who makes a good where the countries it names make this share of the world's output."""
borrowed_spread_a_year: Final = 0.03
"""The range of a figure that another year lends widens by this share for each year between."""
least_margin_share: Final = 0.1
"""What a price is above its inputs is at least this share of it."""
shown_change_ratio: Final = 1e-3
"""Figures that balancing moves by less than this are not listed."""
largest_imbalance: Final = 1e-12
"""A node is closed where what enters it is what leaves it to this share of what passes."""
irreconcilable_ratio: Final = 3.0
"""Balancing that must move a large reported output by more than this factor is refused."""
large_share_of_world: Final = 0.02


def relative_error(figure: Figure, *, trade: bool = False) -> float:
    """Relative standard error of a row: from its stated range, else from its status.

    The range is read as a triangular distribution with the value as its mode.
    """
    low, mode, high = figure.low, figure.value, figure.high
    if low is not None and high is not None and mode > 0 and high > low:
        variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
        return max(variance**0.5 / mode, least_error)
    if trade and figure.status in ("reported", "estimated", "preliminary"):
        return errors_by_rule["reported_trade"]
    return errors_by_status[figure.status]


def weight(error: float) -> float:
    """Weight of a figure in the balance, equation (5.3) of docs/theory/network.md."""
    return (reference_error / error) ** 2
