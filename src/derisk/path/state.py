"""State: what one month hands to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from derisk.market import Stores
from derisk.network.record import Floats
from derisk.path.slow import SlowState
from derisk.scenario import Realisation


@dataclass(frozen=True, slots=True, eq=False)
class PathState:
    """Where a path stands at the start of a month."""

    month: int
    """Number of the month."""
    stored_t: Floats
    """(store,) held by users and traders [t]."""
    backlog_t: Floats
    """(link,) licence requests that wait or come back [t]."""
    last_price: Floats
    """(good, region) producer price of the month before; what price floors look at [USD/t]."""
    quota_rest_t: Mapping[str, float] = field(default_factory=dict)
    """What the calendar year's earlier months left of each annual quota [t]."""
    bought_t: Floats = field(default_factory=lambda: np.zeros(0))
    """(build,) what each of the scenario's buyers has bought so far [t]."""
    slow: SlowState | None = None
    """Plants, products in use and thrift; None: they stay as in the base year."""


def first_state(realisation: Realisation, stores: Stores, month: int, *, slow: SlowState | None = None) -> PathState:
    """The base year's state: stores at their targets, no backlog, base prices."""
    network = realisation.network
    return PathState(
        month=month,
        stored_t=np.asarray(stores.target_t, dtype=np.float64).copy(),
        backlog_t=np.zeros(len(network.good)),
        last_price=np.repeat(network.base_price_usd_per_t[:, None], len(network.regions), axis=1),
        bought_t=np.zeros(len(realisation.builds)),
        slow=slow,
    )
