"""Draw: a realised scenario from its market to its solved months."""

from __future__ import annotations

from collections.abc import Callable

from derisk.path.months import Month, solve_months
from derisk.path.network_market import market_of
from derisk.path.parameters import Parameters, load_parameters
from derisk.path.slow import SlowRows, slow_rules
from derisk.scenario import Realisation


def months_of(
    realisation: Realisation,
    rows: SlowRows | None,
    *,
    parameters: Parameters | None = None,
    quantile: Callable[[str], float] | None = None,
    threads: int = 1,
) -> tuple[Month, ...]:
    """All months of one draw.

    Args:
        realisation: the draw.
        rows: what slow states need of the dataset, shared by all draws; None: plants and needs stay as they were.
        parameters: global numbers of the path; those of the draw when None.
        quantile: the draw's quantiles, by row and `parameter.<name>`; central values when None.
        threads: how many markets apart to solve at once; the numbers do not depend on it.
    """
    numbers = load_parameters(quantile=quantile) if parameters is None else parameters
    market = market_of(realisation, parameters=numbers)
    if rows is None:
        return solve_months(market, realisation, realisation.months, parameters=numbers, threads=threads)
    aside = [seller.process for seller in realisation.releases] + [buyer.process for buyer in realisation.builds]
    aside += realisation.unowned
    rules = slow_rules(realisation.network, rows, numbers, quantile=quantile, aside=aside)
    return solve_months(market, realisation, realisation.months, parameters=numbers, slow=rules, threads=threads)
