"""The gradient of a window is the slope of its outcomes, by stores and by the shock of each moment."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from window_cases import (
    CASES,
    DISCOUNT,
    draw_shock,
    draw_stores,
    draw_window,
    families,
    network,
    seeds,
    sizes,
    solve,
    trees,
)

from derisk.market import Market, Window

STEP = 2e-5


@CASES
@given(seeds, sizes, families, trees)
def test_gradient_is_the_slope_by_stores_and_by_the_shock_of_each_moment(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    shocks = [s if s.wedge_usd_per_t is not None else draw_shock(network(seed, regions, names), seed) for s in shocks]
    opening = np.maximum(opening, 0.3 * window.stores.target_t)
    here = solve(window, shocks, opening, tolerance=1e-12)
    rng = np.random.default_rng([seed, 27])
    weights = {
        "stored_t": rng.standard_normal(here.stored_t.shape) / window.stores.target_t,
        "delivered_price": rng.standard_normal(here.delivered_price.shape) / window.market.network.base_price,
        "use": rng.standard_normal(here.first.use.size) / window.market.network.base_use_t.mean(),
    }
    flat = np.stack(np.split(here.months.flat_delivered, len(tree), axis=1))
    grams = here.delivered_price > 50.0 * window.market.network.base_price  # all that answers there are last grams
    weights["delivered_price"][flat | grams] = 0.0
    gradient = here.gradient(weights)

    def outcome(answer):
        values = {"stored_t": answer.stored_t, "delivered_price": answer.delivered_price, "use": answer.first.use}
        return sum(float(np.sum(weights[name] * values[name])) for name in weights)

    def moved(name, change):
        market, stores, told, open_t = window.market, draw_stores(window.market, seed), list(shocks), opening
        if name == "opening_t":
            open_t = opening + change
        elif name in ("target_t", "scale_usd_per_t"):
            stores = replace(stores, **{name: getattr(stores, name) + change})
        elif name in ("base_price_usd_per_t", "gap_scale_ratio", "capacity_t", "demand_elasticity"):
            arrays = network(seed, regions, names)
            given_values = arrays[name] if arrays[name].ndim == change.ndim else arrays[name][:, None]
            market = Market(**(arrays | {name: given_values + change}))
        else:
            told = [replace(s, **{name: getattr(s, name) + c}) for s, c in zip(told, change, strict=True)]
        other = Window(market, stores, tree, discount_ratio_per_month=DISCOUNT)
        return solve(other, told, open_t, tolerance=1e-12, start=here)

    net, count = window.market.network, len(tree)
    capacity = np.where(net.base_output_t > 0.97 * net.capacity_t, 0.0, net.capacity_t)
    scales = {
        "opening_t": opening,
        "target_t": window.stores.target_t,
        "scale_usd_per_t": window.stores.scale,
        "demand_ratio": np.ones((count, net.uses)),
        "wedge_usd_per_t": np.tile(net.base_price[net.link_good, net.destination], (count, 1)),
        "cost_usd_per_t": np.tile(net.margin_scale, (count, 1)),
        "base_price_usd_per_t": net.base_price,
        "gap_scale_ratio": net.gap_scale_ratio,
        "capacity_t": capacity,
        "demand_elasticity": net.demand_elasticity,
    }
    base = regime(here)
    size = sum(float(np.sum(np.abs(w))) for w in weights.values())
    for name, scale in scales.items():
        direction = rng.standard_normal(scale.shape) * scale
        expected = float(np.sum(gradient[name] * direction))
        terms = float(np.sum(np.abs(gradient[name] * direction)))
        if STEP * terms > 0.01 * size:
            continue  # a nearly flat price: within the step it moves further than a straight line follows
        limit = 1e-5 * (terms + size)
        up, down = moved(name, STEP * direction), moved(name, -STEP * direction)
        if np.array_equal(regime(up), base) and np.array_equal(regime(down), base):
            slope = (outcome(up) - outcome(down)) / (2.0 * STEP)
            assert abs(slope - expected) <= limit, name


def regime(answer):
    """Which side of every switch a window is on."""
    months, net = answer.months, answer.question.worth.network
    price = months.delivered_price[net.use_good, net.use_region]
    sides = [
        months.flow >= answer.question.joined.flow_cap_t,
        months.flow > 0.0,
        months.production > 0.0,
        months.permit_price > 0.0,
        months.producer_disposal > 0.0,
        months.delivered_disposal > 0.0,
        price >= net.value_in_use,
        price >= 1.1 * net.value_in_use,
        price >= 0.2 * net.base_price[net.use_good, net.use_region],
        price >= 0.0,
        months.flat_producer,
        months.flat_delivered,
    ]
    return np.concatenate([np.ravel(side) for side in sides])
