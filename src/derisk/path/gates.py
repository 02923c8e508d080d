"""Gates: where nearly all of a good's output leaves, so that makers hold what may not leave at their own gate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from derisk.network import Network
from derisk.network.record import Flags, Floats, Integers
from derisk.network.sums import sum_table
from derisk.path.stores import output
from derisk.scenario import Realisation
from derisk.vocabulary.goods import GOODS

LARGEST_HOME_SHARE: Final = 0.1
"""Part of its output that a pure exporter delivers at home at most; who delivers more holds goods with his users."""
LEAST_HELD_BACK_SHARE: Final = 0.1
"""Part of the output that crosses borders which measures can close; below it nothing piles up."""


@dataclass(frozen=True, slots=True, eq=False)
class Gates:
    """Goods and regions with a store at the gate."""

    good: Integers
    """(gate,)."""
    region: Integers
    """(gate,)."""
    output_t: Floats
    """(gate,) [t/month] in the base year."""


def gates_of(realisation: Realisation) -> Gates:
    """Where nearly all that is made of a traded good leaves, and measures of the scenario can hold back a part of it.

    Section 7.1 of docs/theory/path.md, equation (7.2b). Where no measure holds anything back such a store would stay
    as it is in the base year, and is left out.
    """
    network = realisation.network
    made_t, home = output(network), network.origin == network.destination
    kept_t = _shipped(network, home)
    closable_t = _shipped(network, ~home & _restricted(realisation))
    pure = (made_t > 0.0) & (kept_t <= LARGEST_HOME_SHARE * made_t) & (closable_t > LEAST_HELD_BACK_SHARE * made_t)
    pure[[not GOODS[good].traded for good in network.goods]] = False
    good, region = np.nonzero(pure)
    return Gates(good, region, made_t[good, region])


def _shipped(network: Network, links: Flags) -> Floats:
    """Base flow over some links by where it comes from, (good, region) [t/month]."""
    shape = (len(network.goods), len(network.regions))
    return sum_table(network.good[links], network.origin[links], network.base_flow_t[links], shape)


def _restricted(realisation: Realisation) -> Flags:
    """(link,) whether some measure caps, counts, licenses or taxes what goes over it, in whatever month."""
    shock = realisation.shock_of(frozenset(measure.place for measure in realisation.measures))
    touched: Flags = (shock.flow_cap_t < realisation.network.base_flow_t) | (shock.wedge_usd_per_t > 0.0)
    touched[shock.quota_link] = True
    for licence in shock.licences:
        touched[licence.links] = True
    return touched
