"""The base map: small, projected as published, no outline across the date line."""

from __future__ import annotations

import json
import os
import re
from importlib import resources
from pathlib import Path

import pytest

from derisk.brief.projection import MAP_HEIGHT, MAP_WIDTH, project
from derisk.brief.trace_world import trace_world

WORLD = resources.files("derisk.brief").joinpath("world.json")


def test_map_is_small_and_names_its_source():
    text = WORLD.read_text(encoding="utf-8")
    assert len(text) <= 120_000
    assert "public domain" in json.loads(text)["source"]


def test_projection_keeps_its_frame():
    assert project(0.0, 0.0)[0] == pytest.approx(MAP_WIDTH / 2)
    assert project(180.0, 0.0)[0] == pytest.approx(MAP_WIDTH)
    assert project(-180.0, 0.0)[0] == pytest.approx(0.0, abs=1e-9)


def test_projection_is_equal_in_area():
    def area(latitude: float) -> float:
        corners = [project(x, y) for x, y in ((0, latitude), (1, latitude), (1, latitude + 1), (0, latitude + 1))]
        return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(corners, [*corners[1:], corners[0]], strict=True))) / 2

    import math

    def on_earth(latitude: float) -> float:
        return math.sin(math.radians(latitude + 1)) - math.sin(math.radians(latitude))

    ratios = [area(latitude) / on_earth(latitude) for latitude in (0, 20, 45, 70)]
    assert ratios == pytest.approx([ratios[0]] * 4, rel=1e-3)


def test_no_line_runs_across_the_map():
    for outline in json.loads(WORLD.read_text(encoding="utf-8"))["outlines"].values():
        for ring in re.findall(r"l([^z]*)z", outline):
            steps = [abs(int(step.split(",")[0])) for step in ring.split()]
            assert max(steps) < 1500


def test_outlines_lie_on_the_map():
    for outline in json.loads(WORLD.read_text(encoding="utf-8"))["outlines"].values():
        for x, y in re.findall(r"M(-?\d+),(-?\d+)", outline):
            assert 0 <= int(x) <= MAP_WIDTH * 10
            assert -60 <= int(y) <= MAP_HEIGHT * 10 + 60


def test_map_is_what_the_publisher_s_file_gives():
    file = Path(os.environ.get("DERISK_PUBLISHER_FILES", "../shared/data")) / "trade" / "maps" / "countries-110m.json"
    if not file.is_file():
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    assert trace_world(json.loads(file.read_text(encoding="utf-8"))) == json.loads(WORLD.read_text(encoding="utf-8"))
