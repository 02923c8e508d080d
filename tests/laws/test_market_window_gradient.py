"""The gradient of a window is the slope of its outcomes, by every input: stores, markets, the shock of each moment."""

from dataclasses import replace

import numpy as np
from hypothesis import given
from slope_cases import MARKET_INPUTS, assert_slope, regime, step_of
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

STORE_INPUTS = ("target_t", "scale_usd_per_t")


def shock_scales(window, shocks):
    """Of every input of the shock of each moment, the size of what it is moved by; tonnages of quotas end to end."""
    net, count = window.market.network, len(shocks)
    caps = np.stack([shock.flow_cap_t for shock in shocks])
    return {
        "capacity_ratio": np.stack([shock.capacity_ratio for shock in shocks]),
        "flow_cap_t": np.where(np.isfinite(caps), caps, 0.0),
        "quota_t": np.concatenate([np.zeros(0) if s.quota_t is None else s.quota_t for s in shocks]),
        "wedge_usd_per_t": np.tile(net.base_price[net.link_good, net.destination], (count, 1)),
        "demand_ratio": np.ones((count, net.uses)),
        "cost_usd_per_t": np.tile(net.margin_scale, (count, 1)),
    }


def market_scale(name, arrays):
    """The size of what an input of the base year is moved by: its own, nothing where it has a switch of its own."""
    values = np.asarray(arrays[name], dtype=float)
    scale = np.where(np.isfinite(values), np.abs(values), 0.0)
    if name == "trade_elasticity":
        return np.where(np.abs(values - 2.0) < 1e-3, 0.0, scale)
    if name == "capacity_t":
        return np.where(arrays["base_output_t"] > 0.97 * values, 0.0, scale)
    return scale


def moved_shocks(shocks, name, change):
    """Shocks of the moments with one input changed."""
    if name == "quota_t":
        counts = [0 if shock.quota_t is None else len(shock.quota_t) for shock in shocks]
        parts = np.split(change, np.cumsum(counts)[:-1])
        return [
            replace(shock, quota_t=np.asarray(shock.quota_t) + part) if part.size else shock
            for shock, part in zip(shocks, parts, strict=True)
        ]
    return [replace(s, **{name: getattr(s, name) + part}) for s, part in zip(shocks, change, strict=True)]


@CASES
@given(seeds, sizes, families, trees)
def test_gradient_is_the_slope_by_every_input(seed, regions, names, tree):
    window, shocks, opening = draw_window(seed, regions, names, tree)
    arrays, kept = network(seed, regions, names), draw_stores(window.market, seed)
    shocks = [s if s.wedge_usd_per_t is not None else draw_shock(arrays, seed) for s in shocks]
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

    def regime_of(answer):
        return regime(answer.question.worth.network, answer.question.joined.flow_cap_t, answer.months)

    def moved(name, change):
        market, stores, told, open_t = window.market, kept, shocks, opening
        if name == "opening_t":
            open_t = opening + change
        elif name in STORE_INPUTS:
            stores = replace(stores, **{name: getattr(stores, name) + change})
        elif name in MARKET_INPUTS:
            values = np.asarray(arrays[name])
            market = Market(**(arrays | {name: (values if values.ndim == change.ndim else values[:, None]) + change}))
        else:
            told = moved_shocks(shocks, name, change)
        other = Window(market, stores, tree, discount_ratio_per_month=DISCOUNT)
        answer = solve(other, told, open_t, tolerance=1e-12, start=here)
        return outcome(answer), np.array_equal(regime_of(answer), regime_of(here))

    scales = shock_scales(window, shocks)
    scales |= {"opening_t": opening} | {name: getattr(kept, name) for name in STORE_INPUTS}
    scales |= {name: market_scale(name, arrays) for name in MARKET_INPUTS}
    scales["base_price_usd_per_t"] = window.market.network.base_price
    size = sum(float(np.sum(np.abs(w))) for w in weights.values())
    assert set(scales) == set(gradient)
    for name, scale in scales.items():
        direction = rng.standard_normal(scale.shape) * scale
        expected = float(np.sum(gradient[name] * direction))
        terms = float(np.sum(np.abs(gradient[name] * direction)))
        step = step_of(terms, size)
        up, down = moved(name, step * direction), moved(name, -step * direction)
        assert_slope(name, expected, terms, size, here=outcome(here), up=up, down=down, step=step)
