"""Attribution: which measure did it, from the loss of every set of measures needed, solved on a few draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from derisk.data import Dataset
from derisk.ensemble import Quantile, quantiles_of_draw, run_draws
from derisk.errors import BalanceError
from derisk.losses.attribution import Attribution, attribute_by_shapley, attribute_in_order
from derisk.network import Network, build_network
from derisk.path import SlowRows, months_of
from derisk.scenario import Scenario, realise
from derisk.sensitivity.central import total_musd
from derisk.study.parquet_file import write_rows
from derisk.study.parties import Side, sides_of

ATTRIBUTION_COLUMNS: Final = {
    "side": "VARCHAR",
    "rule": "VARCHAR",
    "party": "VARCHAR",
    "measures": "VARCHAR",
    "part_musd": "DOUBLE",
    "alone_musd": "DOUBLE",
    "last_musd": "DOUBLE",
}
"""Columns of `attribution.parquet`."""

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Divided:
    """The loss of one side, divided."""

    side: Side
    attribution: Attribution | None
    """None where no draw has an equilibrium under every set."""
    draws: int
    """Draws that have one under every set, over which losses are averaged."""


def count_solves(scenario: Scenario, *, draws: int) -> int:
    """How many paths of months an attribution on so many draws solves."""
    return draws * sum(len(side.sets) for side in sides_of(scenario))


def describe_solves(scenario: Scenario, *, draws: int) -> str:
    """The same in words, for those who wait: what is divided, by which rule, and at what cost."""
    sides = [f"{len(side.parties)} {side.name} by {side.rule}, {len(side.sets)} sets" for side in sides_of(scenario)]
    solves = count_solves(scenario, draws=draws)
    return f"attribution: {'; '.join(sides) or 'no measures'}; {draws} draws each: {solves} paths to solve"


def attribute_measures(
    scenario: Scenario,
    dataset: Dataset,
    *,
    rows: SlowRows,
    seed: int,
    draws: int,
    workers: int | None = None,
    progress: Progress | None = None,
) -> tuple[Divided, ...]:
    """Divide the value added at risk among the measures, on the first draws of a seed.

    Equations (9.12) and (9.13) of docs/theory/losses.md, with the mean loss over the draws as the loss of a set.

    Args:
        scenario: the question; its controls are divided without its levers, its levers with every control.
        dataset: the rows of the study, the scenario's own figures in them.
        rows: what plants and products in use need of the dataset.
        seed: of the study.
        draws: how many, from draw 0 on.
        workers: threads; all cores when None. The numbers do not depend on it.
        progress: called after each path solved, with paths done and wanted.
    """
    sides, wanted = sides_of(scenario), count_solves(scenario, draws=draws)
    grounds = [_ground(dataset, scenario, seed=seed, draw=draw) for draw in range(draws)]
    divided, done = [], 0
    for side in sides:
        sets = side.sets

        def solve(task: int, side: Side = side, sets: Sequence[frozenset[int]] = sets) -> float:
            number, draw = divmod(task, draws)
            return _loss(side.with_parties(sets[number]), *grounds[draw], rows=rows)

        losses = np.full(len(sets) * draws, np.nan)
        for task, loss in run_draws(solve, range(len(losses)), workers=workers):
            losses[task] = loss
            done += 1
            if progress:
                progress(done, wanted)
        divided.append(_divide(side, losses.reshape(len(sets), draws)))
    return tuple(divided)


def _ground(dataset: Dataset, scenario: Scenario, *, seed: int, draw: int) -> tuple[Network | None, Quantile | None]:
    """A draw's base year and chances; no base year where it cannot be balanced."""
    quantile = quantiles_of_draw(seed=seed, draw=draw)
    try:
        return build_network(dataset, base_year=scenario.base_year, quantile=quantile), quantile
    except BalanceError:
        return None, quantile


def _loss(scenario: Scenario, network: Network | None, quantile: Quantile | None, *, rows: SlowRows) -> float:
    """Value added at risk over all months and regions [million USD]; not a number without equilibrium."""
    if network is None:
        return float("nan")
    realisation = realise(scenario, network, quantile=quantile)
    months = months_of(realisation, rows, quantile=quantile)
    return total_musd(realisation, months, np.ones(len(realisation.network.regions), dtype=bool))


def _divide(side: Side, losses: Floats) -> Divided:
    """Parts from the losses of the sets, (set, draw), over the draws that have one in every set."""
    whole = np.isfinite(losses).all(axis=0)
    if not whole.any():
        return Divided(side, None, 0)
    loss_of = dict(zip(side.sets, losses[:, whole].mean(axis=1).tolist(), strict=True)).__getitem__
    count = len(side.parties)
    parts = (
        attribute_by_shapley(loss_of, count) if side.rule == "shapley" else attribute_in_order(loss_of, range(count))
    )
    return Divided(side, parts, int(whole.sum()))


def attribution_rows(divided: Sequence[Divided]) -> list[dict[str, Any]]:
    """One row a party: its part, its effect alone, and what the loss changes by if it alone is taken away."""
    return [
        {
            "side": one.side.name,
            "rule": one.attribution.rule,
            "party": party.label,
            "measures": " ".join(party.places),
            "part_musd": float(one.attribution.parts[at]),
            "alone_musd": float(one.attribution.alone[at]),
            "last_musd": float(one.attribution.last[at]),
        }
        for one in divided
        if one.attribution is not None
        for at, party in enumerate(one.side.parties)
    ]


def write_attribution(file: Path, divided: Sequence[Divided], *, draws: int) -> dict[str, Any]:
    """Write the table and return what `summary.json` says of it."""
    rows = attribution_rows(divided)
    write_rows(file, pd.DataFrame(rows, columns=list(ATTRIBUTION_COLUMNS)), ATTRIBUTION_COLUMNS)
    sides = [
        {
            "side": one.side.name,
            "rule": one.side.rule,
            "draws": one.draws,
            "total_musd": None if one.attribution is None else one.attribution.total,
            "parties": [
                {key: value for key, value in row.items() if key not in ("side", "rule")}
                for row in rows
                if row["side"] == one.side.name
            ],
        }
        for one in divided
    ]
    return {"draws": draws, "solves": draws * sum(len(one.side.sets) for one in divided), "sides": sides}
