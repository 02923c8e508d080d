"""Flow map: which trade flows are lost and which are gained, as arcs on a world map."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import pandas as pd
from markupsafe import Markup

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, bar_shares, narrow_list
from derisk.brief.numbers import Number, money
from derisk.brief.projection import MAP_HEIGHT, project
from derisk.brief.rows import axis_mark
from derisk.brief.subject import Studied, base_prices, converged_draws
from derisk.drawing.canvas import ACCENT, BAND, INK, LAND, MUTED, REMEDY, Canvas, shorten, text_width
from derisk.losses.order import by_size
from derisk.vocabulary.names import good_label, in_sentence, region_in_sentence, region_label
from derisk.vocabulary.regions import COUNTRIES

ARCS = 16
"""At most so many arcs of losses, and so many of gains."""
MEMBERS = 4
_LARGE = ("TWN", "TUR", "THA", "CHE", "SAU", "SGP", "ARE", "NGA", "ISR", "EGY", "PAK")
"""Economies by size that a study may hold within the rest of the world."""
SMALLEST_ARC_SHARE = 0.02
REST_OF_WORLD = "ROW"
_OTHER_MEMBERS = (19.0, 51.5)
"""Where the European Union's other members stand: Central Europe."""
_WIDEST = 9.0
_EDGE = "map-edge"
_ROWS = 6
"""Losses, and gains, in the list for a phone."""
_CAPTION = (
    "Change of tonnes shipped over the whole horizon, valued at the prices of the base year so that goods "
    "can be added; mean of the converged draws. The largest changes only."
)
_MAP_WORDS = " Arrows point at the buyer. Base map: Natural Earth, public domain; borders imply no position."
Change = tuple[str, str, float]
"""Origin, destination and change [million USD at base prices]."""


def draw_flow_map(study: Studied, flows: pd.DataFrame, ledger: Ledger, *, restrictors: Sequence[str]) -> Figure | None:
    """Arcs from origin to destination, red for lost, blue for gained; None where no flow changed.

    Args:
        study: gives base prices and the number of draws.
        flows: tonnes and base tonnes by good, origin and destination, as `flow_sums` gives them.
        ledger: takes the lineage of each number.
        restrictors: regions drawn in red.
    """
    by_good = _changes_by_good(study, flows)
    changes = _largest(_between_places(by_good))
    if not changes:
        return None
    return Figure(
        anchor="flow-map",
        title="Where trade breaks and where it forms anew",
        drawings=(_drawing(changes, ledger, restrictors=set(restrictors)),),
        caption=Markup('{}<span class="drawn">{}</span>').format(_CAPTION, _MAP_WORDS)
        + _elsewhere(by_good, flows, ledger),
        lede=_lede(changes, by_good, ledger),
        narrow=narrow_list([_group(title, sign, changes, ledger) for title, sign in (("Lost", -1.0), ("Gained", 1.0))]),
    )


def _drawing(changes: list[Change], ledger: Ledger, *, restrictors: set[str]) -> Markup:
    canvas = Canvas(height=MAP_HEIGHT + 34)
    canvas.parts.append(
        f'<clipPath id="{_EDGE}"><rect width="{canvas.width:.0f}" height="{MAP_HEIGHT:.0f}"/></clipPath>'
    )
    _base_map(canvas, restrictors)
    largest = max(abs(change) for _, _, change in changes)
    ends: dict[str, float] = {}
    for origin, destination, change in sorted(changes, key=lambda c: by_size(-abs(c[2]), c[0], c[1])):
        _arc(canvas, origin, destination, change, width=max(0.9, _WIDEST * abs(change) / largest))
        for region in (origin, destination):
            ends[region] = ends.get(region, 0.0) + abs(change)
    _labels(canvas, ends)
    _key(canvas, ledger, largest, MAP_HEIGHT + 20)
    lost = "; ".join(f"{region_label(o)} to {region_label(d)}" for o, d, _ in _ranked(changes, -1.0)[:3])
    return canvas.markup(
        anchor="flow-map",
        title="Flows lost and gained",
        description=f"World map with arcs. Largest losses: {lost or 'none'}.",
        lineage=axis_mark(ledger),
    )


def _ranked(changes: list[Change], sign: float) -> list[Change]:
    """The losses (sign -1) or the gains (+1), the largest first."""
    return sorted((c for c in changes if c[2] * sign > 0.0), key=lambda c: by_size(abs(c[2]), c[0], c[1]))


def _group(title: str, sign: float, changes: list[Change], ledger: Ledger) -> Group:
    """The largest losses or gains for a phone."""
    rows = _ranked(changes, sign)[:_ROWS]
    shares = bar_shares([abs(change) for _, _, change in rows])
    lines = tuple(
        Line(
            f"{region_label(origin)} to {region_label(destination)}",
            "",
            (_worth(origin, destination, change, ledger),),
            share,
            change > 0.0,
        )
        for (origin, destination, change), share in zip(rows, shares, strict=True)
    )
    return Group(title, ("USD",), lines)


def _worth(origin: str, destination: str, change: float, ledger: Ledger) -> Number:
    return ledger.number(abs(change), money, _lineage(f"origin={origin}, destination={destination}"))


def _between_places(by_good: pd.Series) -> pd.Series:
    """The changes between regions that have a place on the map: not with the rest of the world."""
    return by_good[~_with_the_rest(by_good)]


def _with_the_rest(by_good: pd.Series) -> np.ndarray[Any, Any]:
    ends = (by_good.index.get_level_values(level).to_numpy() == REST_OF_WORLD for level in (0, 1))
    return np.logical_or(*ends)


def _elsewhere(by_good: pd.Series, flows: pd.DataFrame, ledger: Ledger) -> Markup:
    """What is lost and gained in trade with the rest of the world, which has no place; empty where that is little."""
    sums = by_good[_with_the_rest(by_good)].groupby(level=[0, 1]).sum()
    lost, gained = float(-sums[sums < 0].sum()), float(sums[sums > 0].sum())
    largest = float(_between_places(by_good).groupby(level=[0, 1]).sum().abs().max())
    if max(lost, gained) < SMALLEST_ARC_SHARE * largest:
        return Markup("")
    words = Markup(" Left out is trade with the rest of the world{}, which has no one place: {} lost and {} gained.")
    numbers = (ledger.number(value, money, _lineage(f"{REST_OF_WORLD} at either end")) for value in (lost, gained))
    return words.format(_members(flows), *numbers)


def _members(flows: pd.DataFrame) -> str:
    """The largest economies that are no region of the study, in brackets."""
    apart = {*flows["origin"], *flows["destination"]}
    named = [region_label(region) for region in _LARGE if region not in apart][:MEMBERS]
    return f" ({', '.join(named)} and others)" if named else ""


def _changes_by_good(study: Studied, flows: pd.DataFrame) -> pd.Series:
    """Change by origin, destination and good [million USD at base prices, mean of the draws]."""
    draws, prices = converged_draws(study), base_prices(study)
    rows = flows[flows["origin"] != flows["destination"]]
    price_usd_per_t = rows["good"].map(prices).fillna(0.0)
    worth_musd = (rows["quantity_t"] - rows["base_quantity_t"]) * price_usd_per_t / 1e6 / max(len(draws), 1)
    return worth_musd.groupby([rows["origin"], rows["destination"], rows["good"]]).sum()


def _largest(by_good: pd.Series) -> list[Change]:
    """The largest losses and the largest gains."""
    sums = by_good.groupby(level=[0, 1]).sum()
    pairs = zip(sums.index.get_level_values(0), sums.index.get_level_values(1), sums.to_numpy(), strict=True)
    changes = sorted(((str(o), str(d), float(v)) for o, d, v in pairs), key=lambda c: by_size(-c[2], c[0], c[1]))
    largest = max((abs(c[2]) for c in changes), default=0.0)
    if largest <= 0.0:
        return []
    kept = [c for c in changes if abs(c[2]) >= SMALLEST_ARC_SHARE * largest]
    return [c for c in kept if c[2] < 0][:ARCS] + [c for c in reversed(kept) if c[2] > 0][:ARCS]


def _lede(changes: list[Change], by_good: pd.Series, ledger: Ledger) -> Markup:
    sentences = []
    for words, sign in (("loses", -1.0), ("gains", 1.0)):
        if ranked := _ranked(changes, sign):
            origin, destination, change = ranked[0]
            number = _worth(origin, destination, change, ledger)
            sentence = Markup("The trade that {} most runs from {} to {}: {}, above all {}.")
            own = by_good.loc[(origin, destination)] * sign
            good = in_sentence(good_label(str(own.idxmax())))
            sentences.append(
                sentence.format(words, region_in_sentence(origin), region_in_sentence(destination), number, good)
            )
    return Markup(" ").join(sentences)


def _lineage(filtered: str) -> dict[str, str]:
    return {
        "table": "flows",
        "filter": filtered,
        "rule": "sum over goods and months of (quantity_t less base_quantity_t) times the base price",
        "statistic": "mean of the converged draws",
    }


@lru_cache(maxsize=1)
def _outlines() -> dict[str, str]:
    text = resources.files("derisk.brief").joinpath("world.json").read_text(encoding="utf-8")
    outlines: dict[str, str] = json.loads(text)["outlines"]
    return outlines


def _base_map(canvas: Canvas, marked: set[str]) -> None:
    plain = "".join(path for iso3, path in _outlines().items() if iso3 not in marked)
    canvas.path(plain, transform="scale(.1)", fill=LAND, stroke="#ffffff", stroke_width="5", stroke_linejoin="round")
    for iso3 in sorted(marked & set(_outlines())):
        canvas.path(_outlines()[iso3], transform="scale(.1)", fill=BAND, stroke="#ffffff", stroke_width="5")


def _place(region: str) -> tuple[float, float]:
    if region in COUNTRIES:
        return project(COUNTRIES[region].longitude, COUNTRIES[region].latitude)
    return project(*_OTHER_MEMBERS)


def _arc(canvas: Canvas, origin: str, destination: str, change: float, *, width: float) -> None:
    """One arc, or the two halves of an arc that crosses the Pacific at the edges of the map."""
    start, end = _place(origin), _place(destination)
    (from_east, from_lap), (to_east, to_lap) = _lap(origin), _lap(destination)
    if abs(from_east - to_east) <= 180.0:
        _curve(canvas, start, end, change, width=width)
        return
    side = 1.0 if from_east > to_east else -1.0
    _curve(canvas, start, (end[0] + side * to_lap, end[1]), change, width=width)
    _curve(canvas, (start[0] - side * from_lap, start[1]), end, change, width=width)


def _lap(region: str) -> tuple[float, float]:
    """Longitude of a region [degrees east], and the width of the map at its latitude [px]."""
    country = COUNTRIES.get(region)
    east, north = (country.longitude, country.latitude) if country else _OTHER_MEMBERS
    return east, project(180.0, north)[0] - project(-180.0, north)[0]


def _curve(
    canvas: Canvas, start: tuple[float, float], end: tuple[float, float], change: float, *, width: float
) -> None:
    (x1, y1), (x2, y2) = start, end
    length = math.hypot(x2 - x1, y2 - y1)
    if length < 1.0:
        return
    bend = 0.14 + 10.0 / (length + 40.0)
    cx, cy = (x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend
    reach = math.hypot(x2 - cx, y2 - cy) or 1.0
    ux, uy = (x2 - cx) / reach, (y2 - cy) / reach
    head = 3.5 + width * 0.75
    bx, by = x2 - ux * head, y2 - uy * head
    colour = ACCENT if change < 0 else REMEDY
    line = f"M{x1:.1f},{y1:.1f}Q{cx:.1f},{cy:.1f} {bx:.1f},{by:.1f}"
    canvas.path(
        line, fill="none", stroke=colour, stroke_width=f"{width:.1f}", stroke_opacity="0.62", clip_path=f"url(#{_EDGE})"
    )
    half = 2.0 + width * 0.6
    tip = f"M{x2:.1f},{y2:.1f}L{bx - uy * half:.1f},{by + ux * half:.1f}L{bx + uy * half:.1f},{by - ux * half:.1f}Z"
    canvas.path(tip, fill=colour, fill_opacity="0.85", clip_path=f"url(#{_EDGE})")


def _labels(canvas: Canvas, ends: dict[str, float]) -> None:
    """Names of the regions, the busiest first; one that would cover another is left out."""
    taken: list[tuple[float, float, float, float]] = []
    ranked = sorted(ends, key=lambda r: by_size(ends[r], r))
    for x, y in map(_place, ranked):
        canvas.dot(x, y, 2.2, fill=INK)
        taken.append((x - 2.2, y - 2.2, x + 2.2, y + 2.2))
    for region in ranked:
        x, y = _place(region)
        words = shorten(region_label(region), width=110, size=10.5)
        width = text_width(words, size=10.5)
        beside = ((x + 5, y + 3.5), (x - 5 - width, y + 3.5), (x - width / 2, y - 6), (x - width / 2, y + 14))
        for left, base in (*beside, (x + 5, y + 14), (x - 5 - width, y + 14)):
            box = (left - 2, base - 10, left + width + 2, base + 3)
            inside = box[0] >= 0 and box[2] <= canvas.width
            if inside and all(box[2] < t[0] or box[0] > t[2] or box[3] < t[1] or box[1] > t[3] for t in taken):
                taken.append(box)
                canvas.text(left, base, words, size=10.5, bold=True, halo=True)
                break


def _key(canvas: Canvas, ledger: Ledger, largest: float, y: float) -> None:
    canvas.line(0, y - 4, 26, y - 4, stroke=ACCENT, width=4)
    canvas.text(32, y, "lost")
    canvas.line(70, y - 4, 96, y - 4, stroke=REMEDY, width=4)
    canvas.text(102, y, "gained")
    canvas.line(170, y - 4, 196, y - 4, stroke=MUTED, width=_WIDEST)
    number = ledger.number(largest, _widest_words, _lineage("the pair of regions with the largest change"))
    canvas.text(202, y, number)


def _widest_words(value_musd: float) -> str:
    return f"widest arc: {money(value_musd)}"
