"""Recipes: coefficients moved, within limits, so that world needs meet supply and residues cover recovery."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from derisk.errors import BalanceError, Problem
from derisk.network.activities import Activity
from derisk.network.record import Floats
from derisk.network.regions import RegionMap
from derisk.network.rules import irreconcilable_ratio, least_use_share


@dataclass(frozen=True, slots=True)
class RecipeChange:
    """What became of one coefficient of one kind of plant in one region."""

    kind: str
    region: int
    good: str
    stated: float
    """[t of the good per t of main output]."""
    closed: float


def close_recipes(activities: Iterable[Activity], target_t: Mapping[str, float]) -> list[RecipeChange]:
    """Scale the inputs of each good so that all plants together take what the world can spare.

    Equation (5.2) of docs/theory/network.md. A scarce or abundant minor input, dysprosium in magnets,
    would else drag the output of the plants with it, though its coefficient is the figure in doubt.
    What the ranges do not allow is left for the balance. Changes the activities in place.

    Args:
        activities: all plants with their priors.
        target_t: tonnes of each input good that plants may take together [t/year].
    """
    plants = list(activities)
    changes: list[RecipeChange] = []
    for good, target in target_t.items():
        takers = [plant for plant in plants if plant.coefficients.get(good, 0.0) < 0]
        if not takers or target <= 0:
            continue
        stated = np.array([-plant.coefficients[good] for plant in takers])
        closed = _close(
            stated,
            np.minimum(stated, [plant.least_input[good] for plant in takers]),
            np.maximum(stated, [plant.greatest_input[good] for plant in takers]),
            np.array([plant.tonnes for plant in takers]),
            target,
        )
        for plant, before, after in zip(takers, stated.tolist(), closed.tolist(), strict=True):
            plant.coefficients[good] = -after
            changes.append(RecipeChange(plant.kind, plant.region, good, before, after))
    return changes


def cover_residues(
    activities: Iterable[Activity], residues: Iterable[str], region_map: RegionMap
) -> list[RecipeChange]:
    """Raise what hosts leave, where plants report more recovered than the residue rows allow.

    The reported metal is the firmer figure: hosts make at least 1/0.98 of what is recovered from them.
    Changes the activities in place.

    Raises:
        BalanceError: recovery is beyond belief for what the hosts make.
    """
    plants = list(activities)
    changes: list[RecipeChange] = []
    problems: list[Problem] = []
    for residue in residues:
        for region in sorted({plant.region for plant in plants}):
            here = [plant for plant in plants if plant.region == region and residue in plant.coefficients]
            made = sum(plant.tonnes * max(plant.coefficients[residue], 0.0) for plant in here)
            taken = sum(plant.tonnes * max(-plant.coefficients[residue], 0.0) for plant in here)
            factor = taken / ((1.0 - least_use_share) * made) if made > 0 else 1.0
            if factor > irreconcilable_ratio:
                where = f"{region_map.regions[region]}: {taken:,.4g} t taken, {made:,.4g} t made a year"
                problems.append(Problem(f"more {residue} is recovered than hosts leave", where, "residue rows"))
            for host in (plant for plant in here if factor > 1.0 and plant.coefficients[residue] > 0):
                changes.append(_raise_residue(host, residue, factor))
    if problems:
        raise BalanceError(*problems)
    return changes


def _raise_residue(host: Activity, residue: str, factor: float) -> RecipeChange:
    stated = host.coefficients[residue]
    if stated == 1.0:  # the residue is all this host is kept for
        host.tonnes *= factor
        host.capacity_t *= factor
        return RecipeChange(host.kind, host.region, residue, stated / factor, stated)
    host.coefficients[residue] = stated * factor
    return RecipeChange(host.kind, host.region, residue, stated, stated * factor)


def _close(stated: Floats, low: Floats, high: Floats, output_t: Floats, target: float) -> Floats:
    """Coefficients nearest to a common factor on the stated ones, clipped, whose needs sum to the target."""
    if float(low @ output_t) >= target:
        return low
    if float(high @ output_t) <= target:
        return high
    least, most = float((low / stated).min()), float((high / stated).max())
    for _ in range(100):
        factor = 0.5 * (least + most)
        closed = np.clip(factor * stated, low, high)
        if float(closed @ output_t) > target:
            most = factor
        else:
            least = factor
    return closed
