"""Plant state: what decides over the plants of each process, and where they stand at the start of a month."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from derisk.network.record import Flags, Floats, Integers
from derisk.path.parameters import Parameters

LEAST_SHARE = 1e-6
"""Shares of plants, and desires to build, below this are rounding and move nothing, so that a base month stays one."""


@dataclass(frozen=True, slots=True, eq=False)
class Plants:
    """What decides over the plants of each process; nothing in it changes from month to month.

    Margins are per tonne of main output: revenue of all outputs less purchased goods, as in equation (7.21).
    """

    parameters: Parameters
    answers: Flags
    """(process,) plants that owners may idle; hosts, stockpiles and buyers are none."""
    expands: Flags
    """(process,) makers of the base year that may add capacity."""
    good: Integers
    """(process,) main good."""
    base_output_t: Floats
    """(process,) [t/month]."""
    feed_abroad_t: Floats
    """(process,) output [t/month] that feed made at home would allow which leaves the region in the base year."""
    base_margin_usd_per_t: Floats
    stretch_usd_per_t: Floats
    """(process,) fall of the margin that stops every plant of the base year by the supply curve; 0 for new plants."""
    steepness: Floats
    """(process,) elasticity of output to the margin, at most 1."""
    stop_margin_usd_per_t: Floats
    """(process,) margin below which all plants lose cash: unit costs; minus infinity where none is known."""
    restart_charge_usd_per_t: Floats
    """(process,) margin beyond the stop that pays for a restart, equation (7.26)."""
    build_margin_usd_per_t: Floats
    """(process,) margin above which investors add capacity, equation (7.28)."""
    capital_charge_usd_per_t: Floats
    """(process,) yearly charge of a tonne of yearly capacity, equation (7.29); not a number where no row states it."""
    lead_time_months: Integers
    """(process,) months from the decision to expand to the first tonne; 0 where it does not expand."""


@dataclass(frozen=True, slots=True, eq=False)
class PlantState:
    """Plants at the start of a month, all over the capacity of the base year or of the scenario's plant."""

    built_ratio: Floats
    """(process,) capacity that stands or stood, idle or not."""
    building_ratio: Floats
    """(process, month) capacity under construction: column k arrives k + 1 months on."""
    still_share: Floats
    """(process, month) share of plants that lost cash in the last months, newest first."""
    idle_share: Floats
    """(process,) share of the built plants that owners have idled, those about to restart among them."""
    unused_share: Floats
    """(process, month) idle share without those about to restart in the last months, newest first."""
    restarting_share: Floats
    """(process, month) share that returns: column k runs k + 1 months on."""
    closed_share: Floats
    """(process,) share given up for good."""
    expected_margin_usd_per_t: Floats
    """(process,) what owners and investors expect: an exponential mean of past margins, equation (7.25)."""

    @property
    def capacity_ratio(self) -> Floats:
        """Capacity that can run this month, (process,): equation (7.30)."""
        return self.capacity_ahead(0)

    @property
    def moves(self) -> bool:
        """Whether anything is under construction or about to restart: else capacity ahead is this month's."""
        return bool(self.building_ratio.any() or self.restarting_share.any())

    def capacity_ahead(self, months: int) -> Floats:
        """Capacity that can run so many months on if nothing more is decided, (process,)."""
        built = self.built_ratio + self.building_ratio[:, :months].sum(axis=1)
        back = self.restarting_share[:, :months].sum(axis=1)
        return np.asarray(built * np.clip(1.0 - self.idle_share - self.closed_share + back, 0.0, 1.0))


def first_state(plants: Plants) -> PlantState:
    """Every plant runs, nothing is under construction, and base margins are expected."""
    count, parameters = plants.good.size, plants.parameters
    return PlantState(
        built_ratio=np.ones(count),
        building_ratio=np.zeros((count, int(plants.lead_time_months.max(initial=1)))),
        still_share=np.zeros((count, _months(parameters.idling_months))),
        idle_share=np.zeros(count),
        unused_share=np.zeros((count, _months(parameters.closing_months))),
        restarting_share=np.zeros((count, _months(parameters.restart_months))),
        closed_share=np.zeros(count),
        expected_margin_usd_per_t=plants.base_margin_usd_per_t,
    )


def _months(number: float) -> int:
    """A number of months as a count, at least one."""
    return max(1, math.ceil(number - 0.5))
