"""Tables of a draw: solved months as tidy frames, one row one number of the study folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from derisk.losses import price_transfers
from derisk.network import Network
from derisk.network.record import Flags, Floats, Integers
from derisk.network.sums import sum_table
from derisk.path import Month, quotes_of, restrictors
from derisk.scenario import Realisation
from derisk.study.imbalance import NodeTerms, node_terms
from derisk.study.labels import Labels, MonthRows
from derisk.study.loss_rows import loss_rows, short_tonnes, transfer_rows
from derisk.study.stock_rows import stock_rows
from derisk.vocabulary.goods import GOODS, family
from derisk.vocabulary.uses import DISPOSAL, PARTIES

TABLES = ("prices", "flows", "production", "use", "stocks", "quotes", "losses", "transfers", "status")
"""Tables of a study folder; `status` is written last, so that its parts mark finished draws."""

_RATIONED_SHARE = 0.9
"""A delivered price within ten per cent of the value in use is rationing, not a price."""


def tables_of_draw(draw: int, realisation: Realisation, months: Sequence[Month]) -> dict[str, pd.DataFrame]:
    """Every table of one draw; months without equilibrium appear in `status` alone.

    Args:
        draw: number of the draw.
        realisation: the draw's network with the measures' plants, and its shocks.
        months: the solved months.
    """
    labels = Labels(_axes(realisation))
    rows: dict[str, list[tuple[int, MonthRows]]] = {name: [] for name in TABLES if name != "status"}
    stocks = stock_rows(realisation, months)
    axes = _rows_of_axes(realisation, labels)
    seen: dict[int, dict[str, MonthRows]] = {}
    terms: dict[int, NodeTerms] = {}
    imbalance = np.full(len(months), np.nan)
    for position, month in enumerate(months):
        if not month.equilibrium.converged:
            continue
        key = id(month.equilibrium)  # equal months share one equilibrium
        if key not in seen:
            seen[key] = _month_tables(realisation, month, axes)
            terms[key] = node_terms(
                seen[key], goods=len(realisation.network.goods), regions=len(realisation.network.regions)
            )
        for name, columns in seen[key].items():
            rows[name].append((position, columns))
        rows["stocks"].append((position, stocks[position]))
        imbalance[position] = terms[key].worst(stocks[position])
    words = [month.label for month in months]
    frames = {name: labels.frame(name, draw=draw, months=words, rows=parts) for name, parts in rows.items()}
    solved = [month.equilibrium for month in months]
    status = {
        "converged": [bool(equilibrium.converged) for equilibrium in solved],
        "residual": [float(equilibrium.residual) for equilibrium in solved],
        "reason": [str(equilibrium.reason) for equilibrium in solved],
        "imbalance": imbalance,
    }
    return frames | {"status": _status(draw, words, status)}


def tables_of_failed_draw(draw: int, months: Sequence[str], reason: str) -> dict[str, pd.DataFrame]:
    """The tables of a draw that could not even be set up: the reason in `status`, no rows elsewhere."""
    empty = {name: Labels({}).frame(name, draw=draw, months=months, rows=[]) for name in TABLES if name != "status"}
    absent = np.full(len(months), np.nan)
    never = {"converged": False, "residual": absent, "reason": reason, "imbalance": absent}
    return empty | {"status": _status(draw, months, never)}


class _Axes(NamedTuple):
    """What all months of a draw share."""

    material: Integers
    """(good,)."""
    process: Integers
    """(entry,) process of each good that a process makes or takes in, those left out through which stocks change hands;
    nothing is made in them."""
    good: Integers
    """(entry,)."""
    name: Integers
    """(entry,) place of the process's name among the names."""
    tonnes: Floats
    """(entry,) tonnes out (positive) or in (negative) per tonne of main output."""
    is_main: Flags
    """(entry,)."""
    controlled: tuple[Integers, Integers]
    """(quote,) goods that someone holds back, and where."""


def _rows_of_axes(realisation: Realisation, labels: Labels) -> _Axes:
    network = realisation.network
    matrix = network.process_good_matrix.copy()
    matrix[[seller.process for seller in realisation.releases]] = 0.0
    matrix[[buyer.process for buyer in realisation.builds]] = 0.0
    process, good = np.nonzero(matrix)
    return _Axes(
        material=labels.codes("material", [family(GOODS[good].material) for good in network.goods]),
        process=process,
        good=good,
        name=labels.codes("process", realisation.process_names)[process],
        tonnes=matrix[process, good],
        is_main=network.process_main_good[process] == good,
        controlled=restrictors(realisation),
    )


def _month_tables(realisation: Realisation, month: Month, axes: _Axes) -> dict[str, MonthRows]:
    network = realisation.network
    short = short_tonnes(network, month)
    held, shape = month.holdings, (len(network.goods), len(network.regions))
    transfers = price_transfers(
        network, month.equilibrium, drawn_t=held.drawn_t(shape), drawn_at_gates_t=held.drawn_at_gates_t(shape)
    )
    return {
        "prices": _prices(network, month),
        "flows": _flows(realisation, month),
        "production": _production(network, month, axes),
        "use": _use(network, month, short),
        "quotes": _quotes(realisation, month, axes.controlled),
        "losses": loss_rows(network, month, short, transfers, axes.material),
        "transfers": transfer_rows(network, transfers, axes.material),
    }


def _axes(realisation: Realisation) -> dict[str, tuple[str, ...]]:
    network = realisation.network
    return {
        "good": network.goods,
        "region": network.regions,
        "use": network.uses,
        "process": tuple(dict.fromkeys(realisation.process_names)),
        "material": tuple(dict.fromkeys(family(GOODS[good].material) for good in network.goods)),
        "party": tuple(PARTIES),
    }


def _prices(network: Network, month: Month) -> MonthRows:
    equilibrium, shape = month.equilibrium, (len(network.goods), len(network.regions))
    sold, bought = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
    shipped = (network.base_flow_t > 0) | (equilibrium.flow > 0)
    sold[network.good[shipped], network.origin[shipped]] = True
    bought[network.good[shipped], network.destination[shipped]] = True
    bought[network.use_good, network.use_region] |= network.base_use_t > 0
    permit = np.zeros(shape)
    if len(equilibrium.permit_price):
        links, rents = month.shock.quota_link, equilibrium.permit_price[month.shock.quota_index]
        np.maximum.at(permit, (network.good[links], network.origin[links]), rents)
    kept = np.flatnonzero(sold | bought)
    good, region = np.divmod(kept, shape[1])
    delivered = np.where(bought.ravel()[kept], equilibrium.delivered_price.ravel()[kept], np.nan)
    return {
        "good": good,
        "region": region,
        "producer_price_usd_per_t": np.where(sold.ravel()[kept], equilibrium.producer_price.ravel()[kept], np.nan),
        "delivered_price_usd_per_t": delivered,
        "delivered_price_ratio": delivered / network.base_price_usd_per_t[good],
        "permit_price_usd_per_t": permit.ravel()[kept],
    }


def _flows(realisation: Realisation, month: Month) -> MonthRows:
    """One row a good, origin and destination: an added link's tonnes count with those of the link beside it."""
    network, beside = realisation.network, realisation.link_beside
    flow = np.bincount(beside, month.equilibrium.flow, minlength=len(beside))
    kept = np.flatnonzero((beside == np.arange(len(beside))) & ((flow > 0) | (network.base_flow_t > 0)))
    return {
        "good": network.good[kept],
        "origin": network.origin[kept],
        "destination": network.destination[kept],
        "quantity_t": flow[kept],
        "base_quantity_t": network.base_flow_t[kept],
    }


def _production(network: Network, month: Month, axes: _Axes) -> MonthRows:
    output, capacity = month.equilibrium.production, network.capacity_t * month.shock.capacity_ratio
    kept = np.flatnonzero(((output > 0) | (capacity > 0))[axes.process])
    process = axes.process[kept]
    return {
        "process": axes.name[kept],
        "good": axes.good[kept],
        "region": network.process_region[process],
        "quantity_t": output[process] * axes.tonnes[kept],
        "capacity_t": np.where(axes.is_main[kept], capacity[process], np.nan),
    }


def _use(network: Network, month: Month, short: np.ndarray) -> MonthRows:
    """Rows of every use, and one disposal row a good and region: what a disposing use and the node's sinks took."""
    equilibrium, disposal = month.equilibrium, network.uses.index(DISPOSAL)
    kept = network.use_sector != disposal
    waste = equilibrium.producer_disposal + equilibrium.delivered_disposal
    good, region = network.use_good[~kept], network.use_region[~kept]
    np.add.at(waste, (good, region), equilibrium.use[~kept])  # on top of the sinks', row by row
    base_waste = sum_table(good, region, network.base_use_t[~kept], waste.shape)
    waste_good, waste_region = np.nonzero((waste > 0) | (base_waste > 0))
    delivered = equilibrium.delivered_price[network.use_good, network.use_region]
    rationed = network.served & (delivered >= _RATIONED_SHARE * network.value_in_use_usd_per_t)
    nothing = np.zeros(len(waste_good))
    return {
        "good": np.concatenate([network.use_good[kept], waste_good]),
        "region": np.concatenate([network.use_region[kept], waste_region]),
        "use": np.concatenate([network.use_sector[kept], np.full(len(waste_good), disposal)]),
        "quantity_t": np.concatenate([equilibrium.use[kept], waste[waste_good, waste_region]]),
        "base_quantity_t": np.concatenate([network.base_use_t[kept], base_waste[waste_good, waste_region]]),
        "shortfall_t": np.concatenate([short[kept], nothing]),
        "rationed": np.concatenate([rationed[kept], nothing.astype(bool)]),
    }


def _quotes(realisation: Realisation, month: Month, controlled: tuple[Integers, Integers]) -> MonthRows:
    quotes = quotes_of(realisation, month, *controlled)
    return {
        "good": quotes.good,
        "home": quotes.home,
        "home_price_usd_per_t": quotes.home_usd_per_t,
        "abroad_price_usd_per_t": quotes.abroad_usd_per_t,
        "marginal_price_usd_per_t": quotes.marginal_usd_per_t,
        "base_price_usd_per_t": realisation.network.base_price_usd_per_t[quotes.good],
    }


def _status(draw: int, months: Sequence[str], columns: Mapping[str, Any]) -> pd.DataFrame:
    """The table `status` of a draw; a column that is one word or number holds it in every month."""
    return pd.DataFrame({"draw": np.full(len(months), draw, dtype=np.int32), "month": list(months), **columns})
