"""Given volume: the exports that happened take the place of the act that controlled them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Final

from derisk.backtest.cells import Cells, raise_problems, read_table, read_text
from derisk.backtest.reading import Span
from derisk.scenario import Scenario, scenario_from
from derisk.scenario.months import month_label, month_number

REQUIRED: Final = ("case", "goods", "origin", "destination", "months", "quantity_t", "reference_t", "source")
OPTIONAL: Final = ("status", "locator", "note")
_FILE: Final = "volumes.csv"
_LARGEST_SHARE: Final = 10.0


@dataclass(frozen=True, slots=True)
class Volume:
    """Tonnes of some goods together that went one way in some months."""

    case: str
    goods: tuple[str, ...]
    origin: tuple[str, ...]
    destination: tuple[str, ...]
    months: Span
    share_of_base: float
    """Of the month that the same statistics count in the base year."""
    source: str
    locator: str


def load_volumes(path: str | Path | None = None) -> tuple[Volume, ...]:
    """The tonnes that happened, from a table.

    Args:
        path: a table of one's own; None for the package's.

    Raises:
        InputError: every problem of the table, with line and column.
    """
    if path is None:
        return parse_volumes(resources.files("derisk.backtest").joinpath(_FILE).read_text("utf-8"), file=_FILE)
    return parse_volumes(read_text(Path(path)), file=str(path))


def parse_volumes(text: str, *, file: str) -> tuple[Volume, ...]:
    """The tonnes that a CSV text states.

    Raises:
        InputError: every problem of the text.
    """
    lines = read_table(text, file=file, required=REQUIRED, optional=OPTIONAL)
    volumes = tuple(_volume(cells) for cells in lines)
    raise_problems(lines)
    return volumes


def given_volume(scenario: Scenario, volumes: Sequence[Volume]) -> Scenario:
    """The scenario with the exports that happened in place of what its acts would have let through.

    The tonnes of a month are news in that month; what a month expects of the next ones is what the acts say, as far as
    tonnes known so far show them carried out (`derisk.path.practice`). Before an act is in force exports are what
    buyers want: known tonnes are no limit then, and are left out.
    """
    plain = scenario.resolved()
    known = [row for volume in volumes for row in _measures(volume, _controlled(scenario, volume))]
    measures: Any = plain["measures"]
    plain["measures"] = [*measures, *known]
    return scenario_from(plain, name=f"{scenario.name}, volumes given")


def _controlled(scenario: Scenario, volume: Volume) -> list[str]:
    """Months in which a measure of the scenario restricts any of the goods; all of them where none ever does."""
    acts = [act for act in scenario.measures if act.restriction and set(act.goods) & set(volume.goods)]
    return [
        month
        for month in scenario.month_labels()
        if not acts or any(act.from_month <= month and (act.until is None or month < act.until) for act in acts)
    ]


def _measures(volume: Volume, months: Sequence[str]) -> list[dict[str, Any]]:
    """A measure a month, each with the even share of its span."""
    return [
        {
            "kind": "export_volume",
            "by": list(volume.origin),
            "to": list(volume.destination),
            "goods": list(volume.goods),
            "announced": month,
            "from": month,
            "until": month_label(month_number(month) + 1),
            "share_of_base": volume.share_of_base,
            "why": f"exports as they were: {volume.locator or volume.source}",
        }
        for month in volume.months.labels()
        if month in months
    ]


def _volume(cells: Cells) -> Volume:
    months = cells.span("months")
    quantity_t, reference_t = cells.number("quantity_t", low=0.0), cells.number("reference_t", low=0.0)
    share = quantity_t / len(months.labels()) / reference_t if reference_t > 0.0 else float("nan")
    if not share <= _LARGEST_SHARE:
        what = f"{quantity_t:g} t in {len(months.labels())} months are more than ten times {reference_t:g} t a month"
        cells.refuse("reference_t", what, "tonnes of a month of the base year, above 0", "mind the unit")
    return Volume(
        case=cells.text("case"),
        goods=cells.goods("goods"),
        origin=cells.places("origin"),
        destination=cells.places("destination"),
        months=months,
        share_of_base=share,
        source=cells.text("source"),
        locator=cells.optional("locator"),
    )
