"""World output: of each good by year, by whose growth borrowed tonnes are scaled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from derisk.network.figure import Figure
from derisk.vocabulary.goods import GOODS, counted_in, family
from derisk.vocabulary.processes import PROCESSES
from derisk.vocabulary.regions import WORLD


@dataclass(frozen=True, slots=True)
class Move:
    """By how much a figure changes between two years, and why."""

    ratio: float
    rule: str


@dataclass(frozen=True, slots=True)
class WorldOutput:
    """Tonnes of each good that the world made in each year for which a row says so."""

    tonnes: Mapping[str, Mapping[int, float]]

    def stated(self, good: str, year: int) -> float | None:
        """World output of a year whose rows state it [t/year]."""
        return self.tonnes.get(good, {}).get(year)

    def grown(self, good: str, *, to_year: int, from_year: int, itself: bool = True) -> Move | None:
        """Growth of a good's world output, else of the nearest good along its chain, else nothing.

        Equation (5.11) of docs/theory/network.md; between two stated years output grows evenly.

        Args:
            good: whose growth.
            to_year: year moved to.
            from_year: year moved from.
            itself: false to ask its neighbours along the chain alone.
        """
        for other in chain(good)[0 if itself else 1 :]:
            after, before = (_between(self.tonnes.get(other, {}), year) for year in (to_year, from_year))
            if after and before:
                return Move(after / before, f"scaled by world output of {other}")
        return None


def sum_output(production: Iterable[Figure]) -> WorldOutput:
    """World output by good and year: the larger of the world's row and the sum of countries."""
    world: dict[tuple[str, int], float] = {}
    summed: dict[tuple[str, int], float] = {}
    for figure in production:
        into = world if figure.region == WORLD else summed
        about = (figure.good, figure.year)
        into[about] = into.get(about, 0.0) + figure.value
    tonnes: dict[str, dict[int, float]] = {}
    for good, year in {**world, **summed}:
        total = max(world.get((good, year), 0.0), summed.get((good, year), 0.0))
        if good and total > 0:
            tonnes.setdefault(good, {})[year] = total
    return WorldOutput(tonnes)


def chain(good: str) -> tuple[str, ...]:
    """A good, then what counts it, what it is made of, what is made of it, what leaves the plant with it, and the
    others of its family.
    """
    if good not in GOODS:
        return (good,)
    making = [kind for kind in PROCESSES.values() if good in (kind.main, *kind.joint)]
    fed = [name for kind in making for name in kind.inputs]
    made = [name for kind in PROCESSES.values() if good in kind.inputs for name in (kind.main, *kind.joint)]
    joint = [name for kind in making for name in (kind.main, *kind.joint)]
    near = {name: None for name in (good, counted_in(good), *fed, *made, *joint) if name == good or GOODS[name].traded}
    return (*near, *(name for name in relatives(good) if name not in near))


def relatives(good: str) -> tuple[str, ...]:
    """Traded goods of a good's family, itself left out."""
    mine = family(GOODS[good].material)
    return tuple(g.good for g in GOODS.values() if g.traded and g.good != good and family(g.material) == mine)


def _between(series: Mapping[int, float], year: int) -> float | None:
    """A series at a year, by even growth between its neighbours; nothing beyond its ends."""
    before = max((known for known in series if known <= year), default=None)
    after = min((known for known in series if known >= year), default=None)
    if before is None or after is None:
        return None
    if before == after:
        return series[year]
    weight = (year - before) / (after - before)
    between: float = series[before] ** (1 - weight) * series[after] ** weight
    return between
