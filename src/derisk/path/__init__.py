"""Path: the months of a scenario in sequence."""

from derisk.path.months import Month, solve_months
from derisk.path.network_market import market_of

__all__ = ["Month", "market_of", "solve_months"]
