"""A sound scenario to break, and what is found wrong with a broken one."""

from __future__ import annotations

import pytest

from derisk.errors import Problem, ScenarioError
from derisk.scenario import parse_scenario

SOUND = """\
name: broken
question: Is it found?
months: 12
measures:
  - kind: outage
    by: CHN
    goods: gallium
    from: 2025-04
    share: 0.4
    why: A test.
"""
"""Its measure stands on line 5."""


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, name="broken.yml")
    return caught.value.problems
