"""Composing: the measures that act, laid on one month; each set of measures is composed once."""

from __future__ import annotations

from collections.abc import Mapping

from derisk.scenario.draft import ShockDraft
from derisk.scenario.extension import Extension
from derisk.scenario.ground import Ground
from derisk.scenario.measures import KINDS, Measure, Numbers
from derisk.scenario.shock import MonthShock, StockBuild, StockRelease


class Composer:
    """The shock of any set of a scenario's measures, in the order of the file."""

    def __init__(
        self,
        measures: tuple[Measure, ...],
        numbers: Mapping[str, Numbers],
        extension: Extension,
    ) -> None:
        self._measures = measures
        self._numbers = numbers
        self.network = extension.network
        self._extension = extension
        self._ground = Ground(extension.network)
        self._composed: dict[frozenset[str], MonthShock] = {}
        self.releases = tuple(
            StockRelease(extension.first_process + step, addition.good, addition.region, addition.held_t)
            for step, addition in enumerate(extension.additions)
            if addition.role == "stockpile" and addition.held_t > 0.0
        )
        self.builds = tuple(
            StockBuild(extension.first_process + step, addition.good, addition.region, addition.held_t)
            for step, addition in enumerate(extension.additions)
            if addition.role == "buyer"
        )
        self.unowned = tuple(
            extension.first_process + step
            for step, addition in enumerate(extension.additions)
            if addition.role in ("outside", "idle")
        )
        self.reach: dict[str, int] = {}
        """How many links, plants or uses each measure that acted touched, by place."""

    def shock_of(self, places: frozenset[str]) -> MonthShock:
        """The month's shock if exactly the measures of these keys act; equal sets share one object."""
        if places not in self._composed:
            draft = ShockDraft(self._extension, self._ground)
            for measure in self._measures:
                if measure.place in places:
                    KINDS[measure.kind].apply(measure, self._numbers[measure.place], draft)
            self.reach.update(draft.reach)
            self._composed[places] = draft.finish(self.releases, self.builds)
        return self._composed[places]
