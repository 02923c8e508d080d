"""Path: the months of a scenario in sequence."""

from derisk.path.alone import solve_alone
from derisk.path.buyers import purchases_t
from derisk.path.months import Holdings, Month, solve_months
from derisk.path.network_market import market_of
from derisk.path.parameters import Parameters, load_parameters
from derisk.path.quotes import Quotes, quotes_of, restrictors
from derisk.path.shipping import arrivals_t

__all__ = [
    "Holdings",
    "Month",
    "Parameters",
    "Quotes",
    "arrivals_t",
    "load_parameters",
    "market_of",
    "purchases_t",
    "quotes_of",
    "restrictors",
    "solve_alone",
    "solve_months",
]
