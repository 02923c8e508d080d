"""Path: the months of a scenario in sequence."""

from derisk.path.alone import solve_alone
from derisk.path.buyers import purchases_t
from derisk.path.draw import months_of
from derisk.path.months import Holdings, Month, solve_months
from derisk.path.network_market import gap_scale_ratios, market_of
from derisk.path.parameters import Parameters, load_parameters
from derisk.path.quotes import Quotes, quotes_of, restrictors
from derisk.path.shipping import arrivals_t
from derisk.path.slow import SlowRows, SlowRules, read_slow_rows, slow_rules

__all__ = [
    "Holdings",
    "Month",
    "Parameters",
    "Quotes",
    "SlowRows",
    "SlowRules",
    "arrivals_t",
    "gap_scale_ratios",
    "load_parameters",
    "market_of",
    "months_of",
    "purchases_t",
    "quotes_of",
    "read_slow_rows",
    "restrictors",
    "slow_rules",
    "solve_alone",
    "solve_months",
]
