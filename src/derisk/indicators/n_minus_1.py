"""N-1: what part of everybody else's demand could be met if the largest supplier fell away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.grouped import group_rows
from derisk.indicators.readings import Evidence, Readings, absences
from derisk.indicators.supply import REGIONS, TONNES
from derisk.vocabulary.regions import WORLD

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
ABOUT: Final = About(
    name="n_minus_1",
    title="N-1 coverage of demand",
    question="What part of the others' demand could be met without the largest supplier?",
    formula="N1 = (S - S_top) / (D - D_top)",
    unit="share",
    equation="12.11",
    worse="lower",
    needs=("production", "demand_share", "demand"),
    source="International Energy Agency (2025), Global Critical Minerals Outlook",
)


def n_minus_1(supply_t: Floats, top_supply_t: Floats, demand_t: Floats, top_demand_t: Floats) -> Floats:
    """Supply of all but the largest supplier over demand of all but it; below 1 somebody goes short [share].

    Equation (12.11) of docs/theory/indicators.md.

    Args:
        supply_t: world supply, any shape [t].
        top_supply_t: supply of the largest supplier [t].
        demand_t: world demand [t].
        top_demand_t: demand of the largest supplier [t].

    Returns:
        Coverage; NaN where nobody else demands anything.
    """
    others = np.asarray(demand_t - top_demand_t, dtype=np.float64)
    left = supply_t - top_supply_t
    return np.divide(left, others, out=np.full(np.shape(others), np.nan), where=others > 0.0)


def measure(ground: Ground) -> Readings:
    """Coverage of goods whose first use the dataset splits by country.

    World demand is the publisher's; where none is printed for the year, what is made is taken to be used.
    """
    supply = ground.supply
    shares = ground.rows("demand_share")
    split = {key: line for line, key in enumerate(sorted(set(zip(shares["good"], shares["year"].tolist()))))}
    places = supply.place_of()
    keys = [key for key in split if key in places and supply.keys["unit"][places[key]] == TONNES]
    section = np.array([places[key] for key in keys], dtype=np.int64)
    of_row = np.array([split[key] for key in zip(shares["good"], shares["year"].tolist())], dtype=np.int64)
    share_rows = group_rows(shares, of_row, len(split))
    group = np.array([split[key] for key in keys], dtype=np.int64)
    made = np.nan_to_num(supply.output_t[section])
    top = np.argmax(made, axis=1) if len(section) else np.zeros(0, np.int64)
    top_share = np.array([_share_of(share_rows.rows(at), REGIONS[region]) for at, region in zip(group, top)])
    total = supply.named_t[section] + supply.other_t[section]
    printed, printed_rows = _world_demand(ground, keys)
    used = np.where(np.isnan(printed), total, printed)
    largest = made.max(axis=1, initial=0.0)
    absent = supply.absent()[section]
    value = np.where(absent == "", n_minus_1(total, largest, used, used * top_share), np.nan)
    return Readings(
        about=ABOUT,
        keys=ground.supply_keys(section, WORLD),
        value=value,
        absent=absences(
            len(section), (absent != "", absent), (np.isnan(value), "the largest supplier alone demands the good")
        ),
        evidence=(
            supply.evidence(section),
            share_rows.evidence(group),
            printed_rows,
        ),
        components={
            "largest": np.array(REGIONS, dtype=object)[top],
            "supply_t": total,
            "largest_supply_t": largest,
            "demand_t": used,
            "largest_demand_t": used * top_share,
            "demand_from": np.where(np.isnan(printed), "world supply", "publisher").astype(object),
        },
        told=lambda line: (
            f"N1 = ({total[line]:,.0f} - {largest[line]:,.0f}) / ({used[line]:,.0f} - "
            f"{used[line] * top_share[line]:,.0f}) = {value[line]:.3f}, without {REGIONS[top[line]]}"
        ),
    )


def _world_demand(ground: Ground, keys: list[tuple[str, int]]) -> tuple[Floats, Evidence]:
    """World demand that publishers print of each good and year, all uses together; NaN where none is."""
    demand = ground.rows("demand", region=WORLD, use="")
    stated = dict(zip(zip(demand["good"], demand["year"].tolist()), range(len(demand))))
    row = np.array([stated.get(key, -1) for key in keys], dtype=np.int64)
    printed = np.append(demand["value"].to_numpy(dtype=np.float64), np.nan)[row]
    return printed, group_rows(demand, np.arange(len(demand)), len(demand)).evidence(row)


def _share_of(rows: pd.DataFrame, region: str) -> float:
    """A country's share of first use; a country not listed uses none that the split tells of."""
    return float(rows.loc[rows["region"] == region, "value"].sum())
