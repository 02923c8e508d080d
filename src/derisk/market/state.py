"""State: a shock as one component's arrays, and the quantities and slopes that prices imply there.

Both stand in one block of memory, so that who has the block finds there what was seen last at some prices.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from derisk.market.compiled import inner, lean
from derisk.market.component import Component

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


TILE = 256
"""Links worked on together: their scratch stays in the processor's nearest cache."""
LINE = 8
"""Numbers in a line of the processor's cache."""


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


class Quotas(NamedTuple):
    """Quotas with a permit price of their own, and the links under each, one component after another."""

    start: Integers
    """(component + 1,) first quota of each."""
    number: Integers
    """(quota,) among the shock's."""
    tonnage_t: Floats
    price: Floats
    """(quota,) a price scale for each permit [USD/t]."""
    used_t: Floats
    """(quota,) in the base."""
    member_start: Integers
    """(component + 1,) first member of each."""
    member_quota: Integers
    """(member,) among the component's quotas."""
    member_link: Integers
    """(member,) of the component's links, in increasing order."""
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
def room_for(component: Component, quotas: int) -> int:
    """Numbers that a component's terms and state take together, and what keeps each array on lines of its own."""
    links, processes, uses = component.link_tail.size, component.process_kind.size, component.use_node.size
    nodes = component.node_price.size
    return 6 * links + 6 * processes + 6 * uses + 7 * nodes + 2 * quotas + 2 * TILE + 32 * LINE


@inner
def new_state(component: Component, quotas: int) -> State:
    """An empty state of the component's sizes."""
    return state_in(component, quotas, np.empty(room_for(component, quotas)))


@inner
def terms_in(component: Component, quotas: Quotas, number: int, room: Floats) -> Terms:
    """The terms that stand at the beginning of some room, those of quotas apart, whatever they are.

    Args:
        component: base-year arrays.
        quotas: of several components.
        number: which of these the component is.
        room: at least as long as `room_for` says.
    """
    links, processes, uses = component.link_tail.size, component.process_kind.size, component.use_node.size
    own = slice(quotas.start[number], quotas.start[number + 1])
    members = slice(quotas.member_start[number], quotas.member_start[number + 1])
    ratio, at = room[:processes], _after(0, processes)
    margin, at = room[at : at + processes], _after(at, processes)
    wedge, at = room[at : at + links], _after(at, links)
    cap, at = room[at : at + links], _after(at, links)
    cap_ratio, at = room[at : at + links], _after(at, links)
    return Terms(
        ratio,
        margin,
        wedge,
        cap,
        cap_ratio,
        room[at : at + uses],
        quotas.tonnage_t[own],
        quotas.price[own],
        quotas.member_quota[members],
        quotas.member_link[members],
        quotas.member_weight[members],
    )


@inner
def state_in(component: Component, quotas: int, room: Floats) -> State:
    """The state that stands in some room, behind its terms; the room is at least as long as `room_for` says."""
    links, processes, uses = component.link_tail.size, component.process_kind.size, component.use_node.size
    nodes, producers = component.node_price.size, component.producers
    at = _after(2 * _after(0, processes) + 3 * _after(0, links), uses)
    gap, at = room[at : at + links], _after(at, links)
    flow, at = room[at : at + links], _after(at, links)
    flow_slope, at = room[at : at + links], _after(at, links)
    output, at = room[at : at + processes], _after(at, processes)
    output_slope, at = room[at : at + processes], _after(at, processes)
    use, at = room[at : at + uses], _after(at, uses)
    use_slope, at = room[at : at + uses], _after(at, uses)
    sink, at = room[at : at + nodes], _after(at, nodes)
    sink_slope, at = room[at : at + nodes], _after(at, nodes)
    gradient, at = room[at : at + nodes + quotas], _after(at, nodes + quotas)
    gross, at = room[at : at + nodes + quotas], _after(at, nodes + quotas)
    node, at = room[at : at + nodes], _after(at, nodes)
    sent, at = room[at : at + producers], _after(at, producers)
    came, at = room[at : at + nodes - producers], _after(at, nodes - producers)
    margin, at = room[at : at + processes], _after(at, processes)
    profit, at = room[at : at + processes], _after(at, processes)
    paid, at = room[at : at + uses], _after(at, uses)
    share, at = room[at : at + uses], _after(at, uses)
    worth, at = room[at : at + uses], _after(at, uses)
    ratio, at = room[at : at + TILE], at + TILE
    scratch = Scratch(node, sent, came, margin, profit, paid, share, worth, ratio, room[at : at + TILE])
    return State(
        gap, flow, flow_slope, output, output_slope, use, use_slope, sink, sink_slope, gradient, gross, scratch
    )


@lean
def _after(place: int, size: int) -> int:
    """Where the next array begins."""
    return place + (size + LINE - 1) // LINE * LINE
