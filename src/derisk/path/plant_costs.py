"""Plant costs: lead times, capital costs and unit costs of each process, from the dataset's rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from derisk.distributions import triangular_quantile
from derisk.market.supply import SMALLEST_MARGIN_SHARE
from derisk.network.record import Flags, Floats, Network
from derisk.path.parameters import Parameters
from derisk.path.plant_state import Plants
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.processes import SCRAP_PREFIX
from derisk.vocabulary.regions import WORLD

if TYPE_CHECKING:
    from derisk.data import Dataset

Quantile = Callable[[str], float]

FIELDS: Final = ("lead_time_months", "capital_cost_usd_per_t", "unit_cost_usd_per_t")
BORNE_SHARE: Final = 0.1
"""A plant that ran in the base year bore its costs, whatever its books said. Where its cost is known to leave nothing
it bears this part of base revenue more, for months on end, and no further. Assumed."""
LEAST_COST_GAP_SHARE: Final = 0.02
"""A unit cost must lie this part of base revenue below the base margin for a new tonne to be reckoned by it."""
LEAST_MAKER_SHARE: Final = 0.01
"""Below this part of what feed at home would allow, a region's plants are a trial and no industry that could grow."""


@dataclass(frozen=True, slots=True)
class CostRow:
    """One row of the dataset about a good, or about a good in a region."""

    row_id: str
    value: float
    low: float | None
    high: float | None

    def at(self, quantile: Quantile | None) -> float:
        """The number in a draw: triangular over its range with the mode at the value, as rows of a network are."""
        if quantile is None or self.low is None or self.high is None or self.low == self.high:
            return self.value
        return triangular_quantile(quantile(self.row_id), self.low, self.value, self.high)


CostRows = Mapping[tuple[str, str, str], CostRow]
"""Rows by (field, good, region); region '' holds everywhere."""


def read_cost_rows(dataset: Dataset, *, base_year: int) -> CostRows:
    """The newest row up to the base year of each field, good and region, else the first after it."""
    table = dataset.observations(field=FIELDS, partner="", use="")
    table = table[table["period"].str.fullmatch(r"\d{4}")]
    rows: dict[tuple[str, str, str], CostRow] = {}
    best: dict[tuple[str, str, str], tuple[bool, int]] = {}
    for line in table.to_dict("records"):
        key = (str(line["field"]), str(line["good"]), "" if line["region"] == WORLD else str(line["region"]))
        year = int(line["period"])
        rank = (year <= base_year, year if year <= base_year else -year)
        if key not in best or rank > best[key]:
            best[key] = rank
            rows[key] = CostRow(
                str(line["row_id"]), float(line["value"]), *(_bound(line[end]) for end in ("low", "high"))
            )
    return rows


def plants_of(
    network: Network,
    rows: CostRows,
    parameters: Parameters,
    *,
    quantile: Quantile | None = None,
    aside: Collection[int] = (),
) -> Plants:
    """What decides over the plants of a network, its scenario's plants among them.

    Equations (7.22), (7.23), (7.26), (7.28) and (7.29) of docs/theory/plants.md.

    Args:
        network: balanced base year with a scenario's processes appended.
        rows: `read_cost_rows`.
        parameters: of the draw.
        quantile: from a row's id to a quantile in (0, 1); None takes every row at its value.
        aside: processes that are no plants: stockpiles and buyers.
    """
    revenue, base_margin = _base_margins(network)
    runs = network.base_output_t > 0.0
    elasticity = parameters.supply_elasticity_ratio * network.supply_elasticity
    capital = _by_process(network, rows, "capital_cost_usd_per_t", quantile)
    lead = _by_process(network, rows, "lead_time_months", quantile)
    stated = _by_process(network, rows, "unit_cost_usd_per_t", quantile)

    charge = capital * annuity(parameters.hurdle_rate_share_per_year, parameters.plant_life_years)
    scale = np.maximum(base_margin, SMALLEST_MARGIN_SHARE * revenue)
    sourced = runs & (stated < base_margin - LEAST_COST_GAP_SHARE * revenue)
    stretch = np.where(runs, scale / np.maximum(1.0, elasticity), 0.0)
    steepness = np.minimum(1.0, elasticity)
    least = base_margin - stretch * _least_load_depth(network, runs, steepness, parameters.least_load_share)
    borne = np.minimum(np.fmax(stated, least), base_margin - BORNE_SHARE * revenue)
    known = np.where(np.isfinite(stated), borne, -np.inf)
    cost = np.where(runs, known, _least_margin(network, revenue, parameters))
    new_tonne = np.where(sourced, stated + charge, base_margin)
    expands = _expands(network, runs) & np.isfinite(charge) & (charge > 0.0) & np.isfinite(lead)
    months = np.where(expands, np.maximum(1.0, np.round(np.nan_to_num(lead) * parameters.expansion_lead_ratio)), 0.0)
    restart = annuity(parameters.hurdle_rate_share_per_year, parameters.restart_payback_years)
    return Plants(
        parameters=parameters,
        answers=_answers(network, aside),
        expands=expands,
        good=network.process_main_good,
        base_output_t=network.base_output_t,
        feed_abroad_t=_feed_abroad(network),
        base_margin_usd_per_t=base_margin,
        stretch_usd_per_t=stretch,
        steepness=steepness,
        stop_margin_usd_per_t=cost,
        restart_charge_usd_per_t=parameters.restart_cost_share * restart * np.nan_to_num(capital),
        build_margin_usd_per_t=np.maximum(base_margin, new_tonne),
        capital_charge_usd_per_t=charge,
        lead_time_months=months.astype(np.int64),
    )


def annuity(rate_share_per_year: float, years: float) -> float:
    """Yearly payment that pays back 1 with interest, equation (7.27); 1 over the years without interest."""
    if rate_share_per_year == 0.0:
        return 1.0 / years
    return rate_share_per_year / (1.0 - (1.0 + rate_share_per_year) ** -years)


def _base_margins(network: Network) -> tuple[Floats, Floats]:
    """Revenue and margin of each process at base prices [USD/t of main output]."""
    revenue = np.maximum(network.process_good_matrix, 0.0) @ network.base_price_usd_per_t
    return revenue, network.process_good_matrix @ network.base_price_usd_per_t


def _least_margin(network: Network, revenue: Floats, parameters: Parameters) -> Floats:
    """Margin at which a plant of the scenario runs at its least load, (process,): equation (7.23), from (6.8)."""
    beyond = (1.0 - parameters.least_load_share) ** -0.5 - 1.0
    return np.asarray(network.unit_cost_usd_per_t + SMALLEST_MARGIN_SHARE * revenue * beyond)


def _least_load_depth(network: Network, runs: Flags, steepness: Floats, least_load_share: float) -> Floats:
    """Part of the stretch of the supply curve at which a maker runs at its least load, (process,): from (6.7)."""
    ratio = np.ones(runs.size)
    np.divide(least_load_share * network.capacity_t, network.base_output_t, out=ratio, where=runs)
    lost = 1.0 - np.minimum(ratio, 1.0)
    curved = 1.0 - steepness
    return np.asarray(2.0 * lost / (steepness + np.sqrt(steepness**2 + 4.0 * curved * lost)))


def _feed_abroad(network: Network) -> Floats:
    """Output that feed leaving the region would allow, (process,) [t/month]: equation (7.31a).

    What is made at home beyond what home plants take of goods that are traded; the scarcest input counts. Plants that
    make less than a hundredth of what it would allow have shown nothing yet.
    """
    shape = (len(network.goods), len(network.regions))
    left_t = np.zeros(shape)
    for process, region in enumerate(network.process_region):
        left_t[:, region] += network.base_output_t[process] * network.process_good_matrix[process]
    need = np.maximum(-network.process_good_matrix, 0.0)
    left_t[[not GOODS[good].traded for good in network.goods]] = 0.0
    surplus = np.maximum(left_t, 0.0)[:, network.process_region].T
    allows = np.divide(surplus, need, out=np.full(need.shape, np.inf), where=need > 0.0).min(axis=1)
    fed = np.where(np.isfinite(allows), allows, 0.0)
    return np.where(network.base_output_t >= LEAST_MAKER_SHARE * fed, fed, 0.0)


def _answers(network: Network, aside: Collection[int]) -> Flags:
    makes = (network.process_good_matrix > 0.0).any(axis=1) & ~network.process_fixed
    makes[list(aside)] = False
    return makes


def _expands(network: Network, runs: Flags) -> Flags:
    from_scrap = np.array([kind.startswith(SCRAP_PREFIX) for kind in network.process_kind], dtype=np.bool_)
    return runs & ~network.process_fixed & ~from_scrap


def _by_process(network: Network, rows: CostRows, field: str, quantile: Quantile | None) -> Floats:
    """A field of each process by main good and region, then by main good alone; not a number without a row."""
    found = np.full(len(network.process_kind), np.nan)
    for process, (good, region) in enumerate(zip(network.process_main_good, network.process_region, strict=True)):
        name, place = network.goods[good], network.regions[region]
        row = rows.get((field, name, place)) or rows.get((field, name, ""))
        if row is not None:
            found[process] = row.at(quantile)
    return found


def _bound(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
