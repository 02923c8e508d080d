"""Chain: a material's tonnes between its stages, small regions merged, as a Sankey needs them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from derisk.losses.order import by_size
from derisk.vocabulary.goods import GOODS, STAGES, members
from derisk.vocabulary.processes import PROCESSES, SCRAP_PREFIX

REGIONS_OF_A_COLUMN = 4
OTHERS = "others"
_SMALLEST_SHARE = 0.005
"""Regions with less than this part of a stage, before and after, are merged: they would print as nothing."""


@dataclass(frozen=True, slots=True)
class Step:
    """Flows of one stage's goods between named nodes, as shares of the stage's base tonnes."""

    stage: str
    goods: tuple[str, ...]
    between: tuple[str, ...]
    """Goods of the stage that others of it are made of; they are not drawn, as their tonnes would count twice."""
    links: pd.DataFrame
    """Columns origin, destination, base_share, now_share."""


def chain_steps(flows: pd.DataFrame, material: str, restrictors: list[str]) -> list[Step]:
    """The stages of a material from mine to use, those without flows left out.

    Args:
        flows: tonnes and base tonnes by good, origin and destination.
        material: which material, element groups with it.
        restrictors: regions that are never merged where they have a part.
    """
    steps = []
    for stage in STAGES:
        goods, between = _goods_on_the_way(material, stage)
        rows = flows[flows["good"].isin(goods)]
        total = float(rows["base_quantity_t"].sum())
        if total > 0.0:
            sums = (
                rows.groupby(["origin", "destination"], observed=True)[["base_quantity_t", "quantity_t"]]
                .sum()
                .reset_index()
            )
            links = pd.DataFrame(
                {
                    "origin": sums["origin"].astype(str),
                    "destination": sums["destination"].astype(str),
                    "base_share": sums["base_quantity_t"] / total,
                    "now_share": sums["quantity_t"] / total,
                }
            )
            traded = set(flows["good"].astype(str))
            drawn, apart = (tuple(good for good in named if good in traded) for named in (goods, between))
            steps.append(Step(stage, drawn, apart, links))
    return [_merge(step, index, steps, restrictors) for index, step in enumerate(steps)]


def _goods_on_the_way(material: str, stage: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Goods of a stage that a later stage takes in, all of the stage's where none is; and those between, left out.

    Where no later stage takes any in, those of which others of the stage are made are left out: nickel matte.
    """
    own = [g for g in GOODS.values() if g.material in members(material) and g.traded]
    here = tuple(g.good for g in own if g.stage == stage)
    later = {g.good for g in own if STAGES.index(g.stage) > STAGES.index(stage)}
    onward = tuple(good for good in here if good in _taken_in(later))
    if onward:
        return onward, ()
    between = tuple(good for good in here if good in _taken_in(set(here)))
    return tuple(good for good in here if good not in between), between


def _taken_in(makes: set[str]) -> set[str]:
    """Goods of which any of some others is made."""
    return {good for kind in PROCESSES.values() if kind.main in makes for good in kind.inputs}


def _weights(step: Step, end: str) -> pd.Series:
    return step.links.groupby(end)[["base_share", "now_share"]].sum().max(axis=1)


def _kept(weights: pd.Series, restrictors: list[str]) -> list[str]:
    ranked = sorted(((float(value), str(name)) for name, value in weights.items()), key=lambda p: by_size(*p))
    named = [name for _, name in ranked if name != "ROW"]
    named = [name for name in named if float(weights[name]) >= _SMALLEST_SHARE]
    first = [name for name in restrictors if name in named]
    return (first + [name for name in named if name not in first])[:REGIONS_OF_A_COLUMN]


def _merge(step: Step, index: int, steps: list[Step], restrictors: list[str]) -> Step:
    """The step with the small regions of each of its two columns merged into `others`.

    Between two stages a region is kept for what it makes there; one that only uses what arrives is among the others.
    """
    from_names = _kept(_weights(step, "origin"), restrictors)
    last = index + 1 == len(steps)
    to_names = _kept(_weights(step, "destination") if last else _weights(steps[index + 1], "origin"), restrictors)
    links = step.links.assign(
        origin=step.links["origin"].where(step.links["origin"].isin(from_names), OTHERS),
        destination=step.links["destination"].where(step.links["destination"].isin(to_names), OTHERS),
    )
    return replace(step, links=links.groupby(["origin", "destination"], as_index=False).sum())


def chain_columns(steps: list[Step], restrictors: list[str]) -> list[list[str]]:
    """Order of the nodes of every column, the same in both panels: restrictors, then by base size, others last."""
    columns = []
    for index in range(len(steps) + 1):
        sides = ([(steps[index - 1], "destination")] if index else []) + (
            [(steps[index], "origin")] if index < len(steps) else []
        )
        size: dict[str, float] = {}
        for step, end in sides:
            for name, value in step.links.groupby(end)["base_share"].sum().items():
                size[str(name)] = max(size.get(str(name), 0.0), float(value))
        columns.append(sorted(size, key=lambda n: (n == OTHERS, n not in restrictors, *by_size(size[n], n))))
    return columns


def comes_from_scrap(step: Step) -> bool:
    """Whether plants that make metal of scrap add to a stage."""
    return any(kind.startswith(SCRAP_PREFIX) and process.main in step.goods for kind, process in PROCESSES.items())
