"""Practice: how far acts are carried out by what customs count, and what markets conclude for the months ahead.

Section 7.3 of docs/theory/path.md, equation (7.9b).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from derisk.network.record import Floats, Integers
from derisk.scenario import MonthShock, Realisation
from derisk.scenario.standing import licensed_caps

MEMORY_MONTHS: Final = 12
"""Months of customs figures that markets look back on."""
BINDS_RATIO: Final = 0.999
"""Acts that let this part of the base flow through hold nothing back, and tell nothing."""
KNOWN_EXPORTS: Final = "export_volume"
"""Kind of the measures that say what left."""


@dataclass(frozen=True, slots=True)
class Practice:
    """What is expected to pass of what the acts allow."""

    ratio: Floats
    """(link,) at most 1; 1 where no exports are known."""
    base_flow_t: Floats
    """(link,) [t/month]."""

    def narrowed(self, shock: MonthShock, changed: Mapping[str, Any]) -> dict[str, Floats]:
        """Caps and quotas of a moment ahead at what is expected to pass of them, by name.

        A quota over other links too counts those with known exports by their part of the base flow.

        Args:
            shock: what acts in the moment.
            changed: arrays of the shock that the month's start changes already, by name.
        """
        made: dict[str, Floats] = {"flow_cap_t": changed.get("flow_cap_t", shock.flow_cap_t) * self.ratio}
        if len(shock.quota_t):
            counted = shock.quota_weight * self.base_flow_t[shock.quota_link]
            passing = counted * self.ratio[shock.quota_link]
            whole, part = (np.bincount(shock.quota_index, weights=w) for w in (counted, passing))
            share = np.divide(part, whole, out=np.ones_like(whole), where=whole > 0.0)
            made["quota_t"] = share * changed.get("quota_t", shock.quota_t)
        return made


def practice_of(realisation: Realisation, month: int, *, decided_share: float, doubt_months: float) -> Practice | None:
    """What a month's known exports and those before it say of the acts (equation 7.9b); None where none are known.

    Args:
        realisation: the draw.
        month: number of the month.
        decided_share: share of open requests for licences that is decided in a month.
        doubt_months: months of customs figures that an act's own text outweighs.
    """
    volumes = realisation.shock_of(_acting(realisation, month)).volumes
    if not volumes:
        return None
    base_flow_t = realisation.network.base_flow_t
    ratio = np.ones(len(base_flow_t))
    for volume in volumes:
        told = list(_told(realisation, month, volume.links, decided_share))
        if told:
            allowed_t, left_t = (sum(tonnes) for tonnes in zip(*told, strict=True))
            text_t = doubt_months * allowed_t / len(told)
            ratio[volume.links] = (text_t + left_t) / (text_t + allowed_t)
    return Practice(ratio, base_flow_t)


def _acting(realisation: Realisation, month: int) -> frozenset[str]:
    return frozenset(measure.place for measure in realisation.measures if measure.acts_in(month))


def _told(realisation: Realisation, month: int, links: Integers, decided_share: float) -> Iterator[tuple[float, float]]:
    """Tonnes that acts allowed over some links and those of them that left, for each month that tells anything."""
    acts = frozenset(measure.place for measure in realisation.measures if measure.kind != KNOWN_EXPORTS)
    base_flow_t = realisation.network.base_flow_t
    free_t = float(base_flow_t[links].sum())
    for then in range(month - MEMORY_MONTHS + 1, month + 1):
        acting = _acting(realisation, then)
        left = [v.quantity_t for v in realisation.shock_of(acting).volumes if np.array_equal(v.links, links)]
        if left:
            allowed = _allowed_t(realisation.shock_of(acting & acts), base_flow_t, then, decided_share)
            allowed_t = float(allowed[links].sum())
            if 0.0 < allowed_t < BINDS_RATIO * free_t:
                yield allowed_t, min(left[0], allowed_t)


def _allowed_t(shock: MonthShock, base_flow_t: Floats, month: int, decided_share: float) -> Floats:
    """Most of the base flow that acts let over each link [t/month]; a quota is shared by base flow."""
    caps = licensed_caps(shock, base_flow_t, month, decided_share=decided_share)
    allowed_t: Floats = np.minimum(base_flow_t, caps)
    for quota, limit_t in enumerate(shock.quota_t.tolist()):
        members = shock.quota_index == quota
        links, weights = shock.quota_link[members], shock.quota_weight[members]
        asked_t = float(weights @ allowed_t[links])
        if asked_t > limit_t:
            allowed_t[links] *= limit_t / asked_t
    return allowed_t
