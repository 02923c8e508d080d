"""Whatever stands in a scenario file, it is read, or every problem of it is told in four parts."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from derisk.errors import ScenarioError
from derisk.scenario import Scenario, library_names, parse_scenario, scenario_text
from derisk.scenario.document import read_document, write_document

WORDS = ("", "x", "all", "CHN", "ROW", "gallium", "disposal", "50 %", "2025-13", "2026-01-01", "a\x07", "y" * 3000)
NUMBERS = (-1, 0, 1, 600, 2000, 2**63, 10**400, 1e308, -1e308, float("nan"), float("inf"), True)
NESTED = (None, [], {}, [[]], [None], ["x", "x"], {"a": 1}, {1: 2})
DISTRIBUTIONS = (
    {"triangular": [3, 2, 1]},
    {"triangular": [1, 2]},
    {"triangular": ["a", 2, 3]},
    {"choice": {"values": []}},
    {"uniform": [0, float("nan")]},
    {"lognormal": [1e300, 5]},
    {"normal": [0.5, 1e300]},
    {"beta": [1, 1], "uniform": [0, 1]},
    {"nope": [1]},
)
Place = tuple[str | int, ...]


@cache
def whole(name: str) -> dict[str, Any]:
    return read_document(scenario_text(name), name).data


def places(node: Any, at: Place = ()) -> Iterator[Place]:
    """Every key and item below a node."""
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, child in children:
        yield (*at, step)
        yield from places(child, (*at, step))


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """A scenario of the library with something else at one to three of its places, or nothing."""
    data = copy.deepcopy(whole(draw(st.sampled_from(library_names()))))
    for _ in range(draw(st.integers(1, 3))):
        *above, last = draw(st.sampled_from(list(places(data))))
        node = data
        for step in above:
            node = node[step]
        if draw(st.booleans()) or len(data) < 3:
            node[last] = copy.deepcopy(draw(st.sampled_from((*WORDS, *NUMBERS, *NESTED, *DISTRIBUTIONS))))
        else:
            del node[last]
    return write_document(data)


@settings(max_examples=60)
@given(text=damaged())
def test_a_damaged_file_is_read_or_refused_in_four_parts(text):
    found = read(text)
    if isinstance(found, ScenarioError):
        assert found.problems
        assert [p for p in found.problems if not (p.what and p.where and p.allowed and p.hint)] == []
    else:
        assert parse_scenario(write_document(found.resolved())).resolved() == found.resolved()


def read(text: str) -> Scenario | ScenarioError:
    try:
        return parse_scenario(text, name="damaged.yml")
    except ScenarioError as error:
        return error
