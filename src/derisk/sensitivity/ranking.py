"""Ranking: assumptions by how far they move the outcome, the first of them solved at both ends."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, replace
from itertools import chain

from derisk.ensemble import run_draws
from derisk.sensitivity.central import Central, total_musd
from derisk.sensitivity.globals import global_parameters
from derisk.sensitivity.numbers import number_parameters
from derisk.sensitivity.parameter import Effect, Parameter
from derisk.sensitivity.resolve import resolve_end
from derisk.sensitivity.rows import row_parameters
from derisk.sensitivity.rules import rule_parameters
from derisk.sensitivity.slopes import Slopes, first_order_change, slopes_of
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.names import good_label

CANDIDATES = 2
"""So many are solved for each that is asked for: the answer bends, and derivatives alone rank some too low."""


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """What every assumption does to the outcome of the central case."""

    outcome_musd: float
    """Value added at risk of the central case, summed over months [million USD]; NaN without an equilibrium."""
    effects: tuple[Effect, ...]
    """(assumption,) those that move the outcome most come first; the first `resolved` of them were solved."""
    resolved: int
    """How many were asked to be solved at both ends."""
    notes: tuple[str, ...]
    """Points at which a derivative is one-sided, and why there are no effects where there are none."""


def rank_assumptions(central: Central, *, resolved: int, workers: int | None = None) -> Sensitivity:
    """Derivatives by every assumption, and solves at both ends of those that move the outcome most.

    Section 14.3 of docs/theory/sensitivity.md. Assumptions are solved until the first of the ranking all are, twice as
    many as asked for; those without a derivative are solved at once.

    Args:
        central: the solved central case.
        resolved: how many assumptions at the top of the ranking are to be solved.
        workers: threads; the numbers do not depend on it.
    """
    if central.failure:
        reason = f"the central case has no equilibrium: {central.failure}"
        return Sensitivity(math.nan, (), resolved, (reason,))
    outcome = central.outcome_musd
    slopes, scale = slopes_of(central.realisation, central.alone, central.counted), path_scale(central)
    parameters = chain(
        number_parameters(central), global_parameters(central), row_parameters(central), rule_parameters(central)
    )
    effects = [first_order(central, slopes, parameter, outcome, scale=scale) for parameter in parameters]
    wanted = [at for at, effect in enumerate(effects) if effect.parameter.jumps] if resolved else []
    wanted = wanted or _unsolved(effects, outcome, CANDIDATES * resolved)
    while wanted:
        for at, effect in run_draws(lambda at: resolve_effect(central, effects[at]), wanted, workers=workers):
            effects[at] = effect
        wanted = _unsolved(effects, outcome, CANDIDATES * resolved)
    ranked = sorted(effects, key=lambda effect: _rank(effect, outcome))
    return Sensitivity(outcome, tuple(ranked), resolved, _notes(central, slopes))


def _unsolved(effects: list[Effect], outcome_musd: float, count: int) -> list[int]:
    """Which of the first `count` of the ranking have not been solved though they move the outcome."""
    leading = sorted(range(len(effects)), key=lambda at: _rank(effects[at], outcome_musd))[:count]
    return [at for at in leading if not effects[at].resolved and effects[at].width_musd(outcome_musd) > 0.0]


def path_scale(central: Central) -> float:
    """The outcome of the path over that of its months taken alone (equation 14.6); 1 where those lose nothing."""
    alone = total_musd(central.realisation, central.alone, central.counted)
    return central.outcome_musd / alone if alone > 0.0 else 1.0


def first_order(central: Central, slopes: Slopes, parameter: Parameter, outcome_musd: float, *, scale: float) -> Effect:
    """The outcome at both ends by the derivative at the base; not a number where there is none."""
    if parameter.jumps:
        return Effect(parameter, math.nan, math.nan, note=parameter.note)
    step, slope = parameter.step, 0.0
    if step != 0.0:
        near = parameter.held(parameter.base + step)
        slope = scale * first_order_change(slopes, central.realisation, near) / step
    return Effect(
        parameter,
        outcome_musd + slope * (parameter.low - parameter.base),
        outcome_musd + slope * (parameter.high - parameter.base),
        note=parameter.note,
    )


def resolve_effect(central: Central, effect: Effect) -> Effect:
    """The effect with the outcome solved at both ends; a failure is kept with its reason."""
    parameter = effect.parameter
    low, why_low = resolve_end(central, parameter, parameter.low)
    high, why_high = resolve_end(central, parameter, parameter.high)
    failures = [f"no answer at the {end} end: {why}" for end, why in (("low", why_low), ("high", why_high)) if why]
    note = "; ".join(part for part in (effect.note, *failures) if part)
    return replace(effect, outcome_low_musd=low, outcome_high_musd=high, note=note, resolved=True)


def _rank(effect: Effect, outcome_musd: float) -> tuple[float, str, tuple[str, ...]]:
    return (-effect.width_musd(outcome_musd), effect.parameter.words, effect.parameter.row_ids)


def _notes(central: Central, slopes: Slopes) -> tuple[str, ...]:
    """What stands at a switch, one line a kind of switch."""
    goods = central.network.goods
    notes = []
    flat = [goods[s.index[0]] for s in slopes.switches if s.axis == "good" and GOODS[goods[s.index[0]]].traded]
    if flat:
        named = ", ".join(sorted(good_label(good) for good in flat))
        notes.append(f"trade elasticity counts as 2 where it is stated at or below 2, and has no derivative: {named}")
    others = Counter((s.axis, s.side) for s in slopes.switches if s.axis != "good")
    for (axis, side), count in sorted(others.items()):
        words = axis.replace("_", " ").replace("use row", "use")
        notes.append(f"derivatives are those of one side at {count} x {words}: {side}")
    if slopes.ties:
        notes.append(f"derivatives are those of one of two inputs that bind alike in {slopes.ties} sectors")
    return tuple(notes)
