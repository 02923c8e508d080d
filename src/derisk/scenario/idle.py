"""Idle: goods that a measure names and can change next to nothing of, as the base year has them."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from derisk.network.record import Network
from derisk.scenario.ground import Ground
from derisk.scenario.measures import Measure
from derisk.scenario.schema import Scenario
from derisk.scenario.words import ALL
from derisk.vocabulary.names import listed

LEAST_WORLD_SHARE: Final = 1e-4
"""Of the world's deliveries of a good; a measure on less of it changes next to nothing in the world."""
LEAST_SHARE_OF_INTAKE: Final = 1e-2
"""Of what the regions of `to` take in of a good; a measure on less of it changes next to nothing there."""


def idle_notes(scenario: Scenario, network: Network) -> dict[str, str]:
    """By place of the measure, the goods of which the base year has next to nothing that it acts on, and what that is.

    Args:
        scenario: the measures.
        network: balanced base year.
    """
    ground = Ground(network)
    found = [(measure, _idle_goods(measure, ground)) for measure in scenario.measures]
    return {measure.place: _words(measure, goods) for measure, goods in found if goods}


def _idle_goods(measure: Measure, ground: Ground) -> list[str]:
    touched = _TOUCHED.get(measure.kind)
    if touched is None:
        return []
    tonnes = {good: touched[1](measure, ground, good) for good in measure.goods}
    return [good for good, touched_t in tonnes.items() if touched_t <= _least_t(measure, ground, good)]


def _least_t(measure: Measure, ground: Ground, good: str) -> float:
    """Less than this of a good and its parts [t/month] is next to nothing."""
    intake_t = np.sum([ground.inflow_t(part) for part in ground.goods([good])], axis=0)
    least_t = LEAST_WORLD_SHARE * float(intake_t.sum())
    buyers = ground.regions(getattr(measure, "by" if measure.kind == "import_tariff" else "to", (ALL,)))
    return min(least_t, LEAST_SHARE_OF_INTAKE * float(intake_t[buyers].sum())) if len(buyers) else least_t


def _words(measure: Measure, goods: Sequence[str]) -> str:
    what = _TOUCHED[measure.kind][0]
    where = [f"{key} {', '.join(words)}" for key in ("by", "to") if (words := getattr(measure, key, ()))]
    return f"{listed(goods)}: the base year has next to no {what} ({'; '.join(where)})"


def _shipped_t(measure: Measure, ground: Ground, good: str) -> float:
    """Base flow from `by` to `to` [t/month]; of a sanction both ways, of a tariff from `to` to `by`."""
    by, to = (ground.regions(getattr(measure, key)) for key in ("by", "to"))
    pairs = {"sanction": [(by, to), (to, by)], "import_tariff": [(to, by)]}.get(measure.kind, [(by, to)])
    goods = ground.goods([good])
    flow_t = ground.network.base_flow_t
    return sum(float(flow_t[ground.links(by=here, to=there, goods=goods)].sum()) for here, there in pairs)


def _made_t(measure: Measure, ground: Ground, good: str) -> float:
    """Base deliveries of the good and its parts out of `by`, home included [t/month]."""
    places = ground.regions(getattr(measure, "by", ()))
    return math.fsum(float(ground.outflow_t(part)[places].sum()) for part in ground.goods([good]))


def _used_t(measure: Measure, ground: Ground, good: str) -> float:
    """Base end use in the regions of the measure [t/month]."""
    places = ground.regions(getattr(measure, "to" if measure.kind == "demand_change" else "by", ()))
    rows = ground.use_rows(to=places, goods=ground.goods([good]), uses=getattr(measure, "uses", ()))
    return float(ground.network.base_use_t[rows].sum())


_Tonnes = Callable[[Measure, Ground, str], float]
_TRADE: Final[tuple[str, _Tonnes]] = ("such trade", _shipped_t)
_OUTPUT: Final[tuple[str, _Tonnes]] = ("output of it", _made_t)
_USE: Final[tuple[str, _Tonnes]] = ("such use", _used_t)
_TOUCHED: Final[dict[str, tuple[str, _Tonnes]]] = {
    **dict.fromkeys(("export_ban", "export_quota", "export_licence", "export_tax", "export_volume"), _TRADE),
    **dict.fromkeys(("import_tariff", "sanction", "enforcement"), _TRADE),
    "outage": _OUTPUT,
    **dict.fromkeys(("demand_change", "substitution"), _USE),
}
"""By kind, what it acts on, in words, and how much of that the base year has."""
