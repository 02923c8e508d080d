"""Sales: tonnes of a good that entered use, by year and use: the dataset's rows, and a stated growth before them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.errors import DatasetError, InputError, Problem, name_some, unknown_word
from derisk.stocks.lifetimes import Floats
from derisk.stocks.rows import EVERYWHERE, OF_THE_WORLD, good_rows, newest_year, worst_status
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.processes import PROCESSES
from derisk.vocabulary.uses import USES

if TYPE_CHECKING:
    from derisk.data import Dataset

ORIGINS: Final = ("demand", "production", "given", "interpolated", "backcast")
"""Where a year's total comes from: a row of first use, one of output, the caller, or neither (status assumed)."""


@dataclass(frozen=True, slots=True, eq=False)
class Sales:
    """Tonnes of a good that entered end uses in the world."""

    good: str
    years: tuple[int, ...]
    """Calendar years, every one from the first to the last."""
    uses: tuple[str, ...]
    sold_t: Floats
    """Entered use [t/year], (year, use)."""
    status: tuple[tuple[str, ...], ...]
    """Worst status of what each figure rests on, (year, use)."""
    origin: tuple[str, ...]
    """Where each year's total comes from, one of `ORIGINS`."""
    row_ids: tuple[str, ...]
    """Rows of the dataset behind them."""


@dataclass(frozen=True, slots=True)
class YearTotal:
    """What entered end uses in one year, all together."""

    tonnes: float
    status: str
    origin: str
    row_ids: tuple[str, ...] = ()


def sales_history(
    dataset: Dataset,
    good: str,
    *,
    years: tuple[int, int],
    growth_share: float | Mapping[str, float],
    sold_t: Mapping[int, float] | None = None,
) -> Sales:
    """Sales of a good to end uses in every year from the first to the last.

    Equations (13.11) and (13.12) of docs/theory/stocks.md. A year's total is the world row of first use (`demand`),
    else of output; where processes take the good as well, its stated share outside magnets. Between two such years
    the total grows evenly; before the first, each use grew at its stated rate. Uses split a total by their shares of
    the base year, moved apart by their rates.

    Args:
        dataset: the reference dataset.
        good: a good with end-use rows.
        years: first and last year.
        growth_share: growth a year before the first row, 0.03 for 3 %; one number, or one for each use.
        sold_t: the caller's own totals by year [t/year], in place of the dataset's.

    Raises:
        InputError: the good or a use is unknown, a rate is missing or -1 or less, or the years are in no order.
        DatasetError: the good has no end-use rows or no world total up to the last year, or feeds processes
            that no row sets apart.
    """
    if good not in GOODS:
        raise InputError(unknown_word("good", good, tuple(GOODS), listing="derisk data goods"))
    first, last = years
    shares = newest_year(good_rows(dataset, "end_use_share", good, OF_THE_WORLD), last)
    shares = shares[shares["value"] > 0.0]
    if shares.empty:
        raise DatasetError(Problem(f"no world end_use_share rows of {good}", "dataset", hint="a good sold to end uses"))
    uses = tuple(use for use in USES if use in set(shares["use"]))
    share = shares.set_index("use").loc[list(uses)]
    base_year = int(share["year"].max())
    growth = _growth_by_use(growth_share, uses)
    totals = _given(sold_t) if sold_t is not None else _totals(dataset, good, last)
    known = _interpolated({year: total for year, total in totals.items() if year <= last})
    _check_years(good, first, last, known)
    all_years = np.arange(min(first, min(known)), last + 1)
    weight = share["value"].to_numpy() * (1.0 + growth) ** (all_years[:, np.newaxis] - base_year)
    split = weight / weight.sum(axis=1, keepdims=True)
    sold = _sold(all_years, known, split, growth)
    status = [
        tuple(_status_of(known.get(int(year)), stated, at_base=year == base_year) for stated in share["status"])
        for year in all_years
    ]
    origin = [known[int(year)].origin if int(year) in known else "backcast" for year in all_years]
    wanted = slice(first - int(all_years[0]), None)
    ids = dict.fromkeys([*share["row_id"], *(row for total in known.values() for row in total.row_ids)])
    return Sales(
        good,
        tuple(range(first, last + 1)),
        uses,
        sold[wanted],
        tuple(status[wanted]),
        tuple(origin[wanted]),
        tuple(ids),
    )


def _sold(years: np.ndarray, known: Mapping[int, YearTotal], split: Floats, growth: Floats) -> Floats:
    """Totals split between uses where known; before, each use back from the first known year at its own rate."""
    first = min(known)
    start = first - int(years[0])
    sold = np.zeros_like(split)
    sold[start:] = split[start:] * np.array([known[int(year)].tonnes for year in years[start:]])[:, np.newaxis]
    sold[:start] = sold[start] * (1.0 + growth) ** (years[:start, np.newaxis] - first)
    return sold


def _totals(dataset: Dataset, good: str, last: int) -> dict[int, YearTotal]:
    """World totals by year: first use, else output, less what processes take."""
    outside = newest_year(good_rows(dataset, "non_magnet_share", good, EVERYWHERE), last)
    takers = [kind.kind for kind in PROCESSES.values() if good in kind.inputs]
    if takers and outside.empty:
        what = f"{good} also feeds {name_some(takers)}: its rows are not sales to end uses"
        raise DatasetError(Problem(what, "dataset", hint="give totals of your own: sold_t={2024: ...}"))
    part = float(outside["value"].iloc[0]) if takers else 1.0
    assumed = [str(word) for word in outside["status"]] if takers else []
    ids = tuple(outside["row_id"]) if takers else ()
    totals: dict[int, YearTotal] = {}
    for field in ("production", "demand"):  # first use replaces output
        rows = good_rows(dataset, field, good, OF_THE_WORLD)
        for line in rows[(rows["use"] == "") & (rows["value"] > 0.0)].to_dict("records"):
            status = worst_status([str(line["status"]), *assumed])
            totals[int(line["year"])] = YearTotal(part * line["value"], status, field, (str(line["row_id"]), *ids))
    return totals


def _given(sold_t: Mapping[int, float]) -> dict[int, YearTotal]:
    wrong = {year: tonnes for year, tonnes in sold_t.items() if not (np.isfinite(tonnes) and tonnes > 0.0)}
    if wrong:
        raise InputError(Problem(f"sales of {wrong} t", "sold_t", "finite tonnes above 0 by year"))
    return {int(year): YearTotal(float(tonnes), "assumed", "given") for year, tonnes in sold_t.items()}


def _interpolated(totals: Mapping[int, YearTotal]) -> dict[int, YearTotal]:
    """Totals of every year between the first and the last, even growth across gaps."""
    if not totals:
        return {}
    stated = sorted(totals)
    every = np.arange(stated[0], stated[-1] + 1)
    tonnes = np.exp(np.interp(every, stated, np.log([totals[year].tonnes for year in stated])))
    return {
        year: totals.get(year, YearTotal(float(value), "assumed", "interpolated"))
        for year, value in zip(every.tolist(), tonnes)
    }


def _check_years(good: str, first: int, last: int, known: Mapping[int, YearTotal]) -> None:
    if first > last:
        raise InputError(Problem(f"years {first} to {last}", "years", "the first no later than the last"))
    if last not in known:
        newest = f"the newest is of {max(known)}" if known else "there is none"
        hint = "give totals of your own: sold_t={2024: ...}"
        raise DatasetError(Problem(f"no world demand or production of {good} in {last}", "dataset", newest, hint))


def _growth_by_use(growth_share: float | Mapping[str, float], uses: tuple[str, ...]) -> Floats:
    if isinstance(growth_share, Mapping):
        unknown = [use for use in growth_share if use not in USES]
        if unknown:
            raise InputError(*(unknown_word("use", use, tuple(USES), where="growth_share") for use in unknown))
        missing = [use for use in uses if use not in growth_share]
        if missing:
            raise InputError(Problem(f"no growth of {name_some(missing)}", "growth_share", "a rate for each use"))
    rates = [growth_share[use] if isinstance(growth_share, Mapping) else growth_share for use in uses]
    growth = np.array(rates, dtype=np.float64)
    if not (np.isfinite(growth) & (growth > -1.0)).all():
        raise InputError(Problem(f"growth {growth.tolist()}", "growth_share", "finite shares a year above -1"))
    return growth


def _status_of(total: YearTotal | None, share_status: str, *, at_base: bool) -> str:
    """A total and a share of one year keep their worst status; everything else is assumed."""
    if total is None or not at_base:
        return "assumed"
    return worst_status([total.status, share_status])
