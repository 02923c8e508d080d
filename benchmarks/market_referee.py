"""The market's equations in extended precision, in plain NumPy: the referee where two solvers disagree.

Nothing is shared with `derisk.market` but the base year's arrays: every curve is written again from
docs/theory/market.md, in floats of 64 bits of mantissa, and Newton steps are corrected by residuals in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from derisk.market import Market, Shock
from derisk.market.supply import CURVE, FIXED, NEW

Extended = NDArray[np.longdouble]

MOST_STEPS = 200


@dataclass(frozen=True)
class Answer:
    """Quantities [t] at a point where the market balances, and the worst imbalance over world output."""

    flow: Extended
    production: Extended
    use: Extended
    imbalance: float


class Referee:
    """A market under a shock as equations (6.2) to (6.14) in extended precision."""

    def __init__(self, market: Market, shock: Shock) -> None:
        self.net, self.shock = market.network, market.checked(shock)
        net = self.net
        self.size = net.goods * net.regions
        self.tail = net.link_good * net.regions + net.origin
        self.head = self.size + net.link_good * net.regions + net.destination
        process, good = np.nonzero(net.process_good_matrix)
        tonnes = net.process_good_matrix[process, good]
        node = good * net.regions + net.process_region[process]
        self.recipe = np.zeros((net.processes, 2 * self.size), np.longdouble)
        self.recipe[process, np.where(tonnes > 0.0, node, self.size + node)] = tonnes
        self.user = self.size + net.use_good * net.regions + net.use_region
        self.base = np.tile(net.base_price.ravel(), 2).astype(np.longdouble)
        self.quotas = np.flatnonzero(self.shock.shared)
        self.weight = np.zeros((self.quotas.size, net.links), np.longdouble)
        for row, k in enumerate(self.quotas):
            at = self.shock.member_quota == k
            np.add.at(self.weight[row], self.shock.member_link[at], self.shock.member_weight[at])
        world = np.bincount(net.link_good, net.base_flow_t, net.goods)
        self.world = np.tile(np.repeat(np.where(world > 0.0, world, 1.0), net.regions), 2).astype(np.longdouble)
        most, sent, came = np.zeros(2 * self.size), np.zeros(2 * self.size), np.zeros(2 * self.size)
        np.add.at(
            most, np.where(tonnes > 0.0, node, self.size + node), np.maximum(tonnes, 0.0) * net.capacity_t[process]
        )
        np.add.at(sent, self.tail, net.base_flow_t)
        np.add.at(came, self.head, net.base_flow_t)
        self.sink = np.maximum(np.maximum(np.maximum(most, sent), came), 1e-3 * self.world)

    def solve(self, price: NDArray[Any], permit: NDArray[Any]) -> Answer:
        """Newton's method from (producer prices, delivered prices) and permit prices of shared quotas [USD/t]."""
        point = np.concatenate([price, permit]).astype(np.longdouble)
        excess, slope, answer = self.look(point)
        for _ in range(MOST_STEPS):
            scale = np.concatenate([self.base, np.full(permit.size, self.base.max())])
            weighed = (slope * scale[None, :] * scale[:, None]).astype(np.float64)
            weighed[np.diag_indices_from(weighed)] += 1e-12 * np.abs(np.diag(weighed)) + 1e-14 * np.max(
                np.diag(weighed)
            )
            step = np.linalg.solve(weighed, -(excess * scale).astype(np.float64)) * scale
            step = np.clip(step, -2 * np.abs(point) - scale / 2, 2 * np.abs(point) + scale / 2)
            share = np.longdouble(1.0)
            while True:
                trial = point + share * step
                trial[2 * self.size :] = np.maximum(trial[2 * self.size :], 0.0)
                found = self.look(trial)
                if np.sum((found[0] * scale) ** 2) < np.sum((excess * scale) ** 2) or share < 1e-6:
                    break
                share /= 2
            if share < 1e-6:
                break
            point, (excess, slope, answer) = trial, found
        return answer

    def look(self, point: Extended) -> tuple[Extended, Extended, Answer]:
        """Excess supply (a quota's: what is left, or its permit price at zero), its derivatives, and the quantities."""
        price, permit = point[: 2 * self.size], point[2 * self.size :]
        flow, by_gap = self._flows(price, permit)
        output, by_margin = self._outputs(price)
        use, by_price = self._uses(price)
        width = self.base / 50
        gone = np.maximum(0.0, 1.0 - price / width)
        excess = self.recipe.T @ output - self.sink * gone**2
        slope = (self.recipe.T * by_margin) @ self.recipe + np.diag(2 * self.sink * gone / width)
        np.add.at(excess, self.user, -use)
        np.add.at(slope, (self.user, self.user), -by_price)
        ends = np.zeros((flow.size, point.size), np.longdouble)
        ends[np.arange(flow.size), self.head] += 1
        ends[np.arange(flow.size), self.tail] -= 1
        ends[:, price.size :] -= self.weight.T
        whole = np.zeros((point.size, point.size), np.longdouble)
        whole[: price.size, : price.size] = slope
        whole += (ends.T * by_gap) @ ends
        total = np.concatenate([excess, self.shock.quota_t[self.quotas].astype(np.longdouble)])
        total += ends.T @ flow
        imbalance = float(np.max(np.abs(total[: price.size]) / self.world))
        for row in range(permit.size):
            if permit[row] <= 0 and total[price.size + row] >= 0:
                whole[price.size + row] = 0
                whole[price.size + row, price.size + row] = 1
                total[price.size + row] = 0
        return total, whole, Answer(flow, output, use, imbalance)

    def _flows(self, price: Extended, permit: Extended) -> tuple[Extended, Extended]:
        """Flows and their slopes in the gap (6.2, 6.3)."""
        net, scale = self.net, self.base[self.head] * self.net.gap_scale_ratio
        gap = price[self.head] - price[self.tail] - (self.base[self.head] - self.base[self.tail])
        gap = gap - self.shock.wedge_usd_per_t - permit @ self.weight
        b, base = net.trade_exponent[net.link_good].astype(np.longdouble), net.link_weight_t.astype(np.longdouble)
        u = np.maximum(1 + gap / scale, 0)
        free = base * u**b
        capped = free >= self.shock.flow_cap_t
        return np.where(capped, self.shock.flow_cap_t, free), np.where(capped, 0, b * base * u ** (b - 1) / scale)

    def _outputs(self, price: Extended) -> tuple[Extended, Extended]:
        """Outputs and their slopes in the margin (6.5 to 6.9)."""
        net = self.net
        base, most = net.base_output_t.astype(np.longdouble), net.capacity_t.astype(np.longdouble)
        eta = np.minimum(net.steepness, 1).astype(np.longdouble)
        stretch = net.margin_scale.astype(np.longdouble) / np.maximum(1, net.steepness)
        own = np.where(net.process_kind == NEW, net.base_margin, self.recipe @ self.base)
        m = (self.recipe @ price - own - self.shock.cost_usd_per_t) / stretch
        w, over, room = np.maximum(-m, 0), np.maximum(m, 0), most - base
        kappa = np.where(room > 0, eta * base / (2 * np.where(room > 0, room, 1)), 0)
        q = 1 + kappa * over
        output = base * (1 - eta * w - (1 - eta) * w**2) + room * (1 - q**-2)
        slope = base * np.where(m > 0, eta * q**-3, eta + 2 * (1 - eta) * w) / stretch
        output, slope = np.where(w < 1, output, 0), np.where(w < 1, slope, 0)
        scale = net.margin_scale.astype(np.longdouble)
        new = 1 + np.maximum(m * stretch, 0) / scale
        kinds = [net.process_kind == CURVE, net.process_kind == FIXED, net.process_kind == NEW]
        output = np.select(kinds, [output, base, most * (1 - new**-2)])
        slope = np.select(kinds, [slope, 0 * base, np.where(m > 0, 2 * most * new**-3 / scale, 0)])
        return output * self.shock.capacity_ratio, slope * self.shock.capacity_ratio

    def _uses(self, price: Extended) -> tuple[Extended, Extended]:
        """Uses and their slopes in the price (6.10 to 6.12)."""
        net, p, own = self.net, price[self.user], self.base[self.user]
        eps, value = net.demand_elasticity.astype(np.longdouble), net.value_in_use.astype(np.longdouble)
        base, floor = net.base_use_t * self.shock.demand_ratio.astype(np.longdouble), own / 5
        inner = base * (np.clip(p, floor, value) / own) ** -eps
        low = base * np.longdouble(5) ** eps
        cases = [p < 0, p < floor, p <= value, p < 1.1 * value]
        left = (np.longdouble(11) / 10 * value - p) / (value / 10)
        used = np.select(cases, [low * (1 + eps), low * (1 + eps * (1 - p / floor)), inner, inner * left], 0)
        steep = [0 * p, -low * eps / floor, -eps * inner / np.where(p == 0, 1, p), -inner / (value / 10)]
        return used, np.select(cases, steep, 0)
