"""Trace the base map: from the world-atlas TopoJSON to the compact paths of world.json.

Run once when the map changes: `python -m derisk.brief.trace_world countries-110m.json > world.json`.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from derisk.brief.projection import project
from derisk.vocabulary.regions import COUNTRIES

Point = tuple[float, float]

TOLERANCE_PX = 0.28
"""Points nearer than this to the line through their neighbours are left out."""
_NO_NUMBER = {"Kosovo": "XKX", "N. Cyprus": "CYP", "Somaliland": "SOM"}
_LEFT_OUT = {"ATA", "ATF"}
_ISO3 = {country.iso_numeric: country.iso3 for country in COUNTRIES.values()}


def trace_world(topology: dict[str, Any]) -> dict[str, Any]:
    """Outline of every country as SVG path data in whole tenths of a pixel, by ISO alpha-3 code.

    Shared borders are simplified once, as arcs, so that neighbours stay flush. Outlines follow the
    de facto borders of the source and imply no position.
    """
    arcs = [_simplify(arc) for arc in _decode_arcs(topology)]
    outlines: dict[str, str] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        iso3 = _iso3(geometry)
        if iso3 in _LEFT_OUT:
            continue
        rings = (_ring(arcs, ring) for polygon in _polygons(geometry) for ring in polygon)
        path = "".join(_path([project(*point) for point in part]) for ring in rings for part in _cut(ring))
        outlines[iso3] = outlines.get(iso3, "") + path
    return {
        "source": "Natural Earth 1:110m countries, public domain, "
        "as world-atlas 2.0.2, (c) 2013-2019 Michael Bostock, ISC licence",
        "projection": "Equal Earth",
        "outlines": {iso3: outlines[iso3] for iso3 in sorted(outlines) if outlines[iso3]},
    }


def _iso3(geometry: dict[str, Any]) -> str:
    number = geometry.get("id")
    return _ISO3[int(number)] if number is not None else _NO_NUMBER[geometry["properties"]["name"]]


def _decode_arcs(topology: dict[str, Any]) -> Iterator[list[Point]]:
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points: list[Point] = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        yield points


def _simplify(points: list[Point]) -> list[Point]:
    """Douglas and Peucker's line simplification, on the map but of places on earth."""
    if len(points) < 3:
        return points
    (ax, ay), *inner, (bx, by) = [project(*point) for point in points]
    length = math.hypot(bx - ax, by - ay)
    gaps = [
        math.hypot(x - ax, y - ay) if length < 1e-9 else abs((bx - ax) * (ay - y) - (ax - x) * (by - ay)) / length
        for x, y in inner
    ]
    farthest = max(range(len(gaps)), key=gaps.__getitem__)
    if gaps[farthest] <= TOLERANCE_PX:
        return [points[0], points[-1]]
    return _simplify(points[: farthest + 2])[:-1] + _simplify(points[farthest + 1 :])


def _cut(ring: list[Point]) -> list[list[Point]]:
    """The ring, cut at the date line where it crosses it: no outline may run across the whole map."""
    unwound = [ring[0]]
    for longitude, latitude in ring[1:]:
        turns = round((unwound[-1][0] - longitude) / 360.0)
        unwound.append((longitude + 360.0 * turns, latitude))
    parts = [_clip([(x + shift, y) for x, y in unwound]) for shift in (-360.0, 0.0, 360.0)]
    return [part for part in parts if len(part) > 3]


def _clip(ring: list[Point]) -> list[Point]:
    """The part of a closed ring between the two sides of the date line (Sutherland and Hodgman)."""
    for side in (1.0, -1.0):
        kept: list[Point] = []
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (side * x1 <= 180.0) != (side * x2 <= 180.0):
                share = (side * 180.0 - x1) / (x2 - x1)
                kept.append((side * 180.0, y1 + share * (y2 - y1)))
            if side * x2 <= 180.0:
                kept.append((x2, y2))
        if not kept:
            return []
        ring = [*kept, kept[0]]
    return ring


def _polygons(geometry: dict[str, Any]) -> list[list[list[int]]]:
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else list(geometry["arcs"])


def _ring(arcs: list[list[Point]], ring: list[int]) -> list[Point]:
    points: list[Point] = []
    for index in ring:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc if not points else arc[1:])
    return points


def _path(ring: list[Point]) -> str:
    """Relative SVG path of a ring in tenths of a pixel; nothing for a ring too small to see."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in ring]
    kept = [tenths[0]]
    for point in tenths[1:]:
        if point != kept[-1]:
            kept.append(point)
    if len(kept) < 4:
        return ""
    steps = [f"{x - a},{y - b}" for (a, b), (x, y) in pairwise(kept[:-1])]
    return f"M{kept[0][0]},{kept[0][1]}l{' '.join(steps)}z"


def main() -> None:
    """Print the traced map of the TopoJSON file named on the command line."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.stdout.write(json.dumps(trace_world(topology), ensure_ascii=True, indent=0, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
