"""Routes: which share of a landlocked or corridor country's goods passes through which neighbour."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources
from typing import Final


@dataclass(frozen=True, slots=True)
class Route:
    """One origin's goods on their way through one country; a flow may cross several."""

    origin: str
    destinations: tuple[str, ...]
    """Countries, blocs or `all`."""
    spared: tuple[str, ...]
    """Destinations that it does not hold for: neighbours reached over the common border."""
    through: str
    materials: tuple[str, ...]
    """Materials that it holds for; all where empty."""
    share: float
    """Share of the flow that passes through the country."""
    low: float
    high: float
    status: str
    source: str
    note: str


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.split(";") if word)


def _read_routes() -> tuple[Route, ...]:
    text = resources.files("derisk.vocabulary").joinpath("routes.csv").read_text(encoding="utf-8")
    return tuple(
        Route(
            origin=row["origin"],
            destinations=_words(row["destinations"]),
            spared=_words(row["spared"]),
            through=row["through"],
            materials=_words(row["materials"]),
            share=float(row["share"]),
            low=float(row["low"]),
            high=float(row["high"]),
            status=row["status"],
            source=row["source"],
            note=row["note"],
        )
        for row in csv.DictReader(text.splitlines())
    )


ROUTES: Final = _read_routes()
"""Every route of the table `routes.csv`."""
TRANSIT_COUNTRIES: Final = tuple(sorted({route.through for route in ROUTES}))
"""Countries that some route passes through."""
