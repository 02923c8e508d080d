"""Does docs/reference/scenario.md tell the truth: every kind, every key, examples that load?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derisk.distributions import FAMILIES
from derisk.scenario import Scenario, library_names, parse_scenario
from derisk.scenario.measures import KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "scenario.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_section_with_its_keys(kind: str) -> None:
    section = PAGE.split(f"### {kind}\n")[1].split("\n##")[0]
    everywhere = PAGE.split("## Keys of every measure")[1].split("\n##")[0]
    for name, field in KINDS[kind].model.model_fields.items():
        assert f"`{field.alias or name}`" in section + everywhere


def test_every_word_is_there() -> None:
    words = [*FAMILIES, *library_names()]
    words += [field.alias or name for name, field in Scenario.model_fields.items()]
    assert [word for word in words if not re.search(rf"\b{re.escape(word)}\b", PAGE)] == []


def test_every_example_is_a_sound_scenario() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        parse_scenario(example)
