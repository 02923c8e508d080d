"""State: a shock as one component's arrays, and the quantities and slopes that prices imply there."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner
from derisk.market.component import Component

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


TILE = 256
"""Links worked on together: their scratch stays in the processor's nearest cache."""


class Terms(NamedTuple):
    """A shock as the arrays of one component; quotas here are those that keep a permit price of their own."""

    process_ratio: Floats
    process_margin: Floats
    """(process,) margin each curve is counted from, the shock's cost included [USD/t]."""
    link_wedge: Floats
    link_cap_t: Floats
    link_cap_ratio: Floats
    use_ratio: Floats
    quota_t: Floats
    quota_price: Floats
    """(quota,) a price scale for each permit [USD/t]."""
    member_quota: Integers
    member_link: Integers
    """(member,) link of the component, in increasing order."""
    member_weight: Floats


class Quantities(NamedTuple):
    """Quantities of one component, as arrays in its numbering [t]."""

    flow: Floats
    output: Floats
    use: Floats
    sink: Floats


class Scratch(NamedTuple):
    """Room to work in for one look; what stands in it means nothing afterwards."""

    node: Floats
    sent: Floats
    """(producer node,)."""
    came: Floats
    """(delivered node,)."""
    margin: Floats
    """(process,)."""
    profit: Floats
    """(process,)."""
    paid: Floats
    """(use,)."""
    share: Floats
    """(use,)."""
    worth: Floats
    """(use,)."""
    ratio: Floats
    """(`TILE`,)."""
    power: Floats
    """(`TILE`,)."""


class State(NamedTuple):
    """What a price vector implies; filled in place by `evaluate`."""

    gap: Floats
    flow: Floats
    flow_slope: Floats
    output: Floats
    output_slope: Floats
    use: Floats
    use_slope: Floats
    sink: Floats
    sink_slope: Floats
    gradient: Floats
    """(node, then quota) excess supply; for a quota, the tonnage left [t]."""
    gross: Floats
    """(node, then quota) sum of the absolute terms [t]."""
    scratch: Scratch


@inner
def new_state(component: Component, quotas: int) -> State:
    """An empty state of the component's sizes."""
    links, processes = component.link_tail.size, component.process_kind.size
    uses, nodes = component.use_node.size, component.node_price.size
    scratch = Scratch(
        np.empty(nodes),
        np.empty(component.producers),
        np.empty(nodes - component.producers),
        np.empty(processes),
        np.empty(processes),
        np.empty(uses),
        np.empty(uses),
        np.empty(uses),
        np.empty(TILE),
        np.empty(TILE),
    )
    return State(
        np.empty(links),
        np.empty(links),
        np.empty(links),
        np.empty(processes),
        np.empty(processes),
        np.empty(uses),
        np.empty(uses),
        np.empty(nodes),
        np.empty(nodes),
        np.empty(nodes + quotas),
        np.empty(nodes + quotas),
        scratch,
    )
