"""Does docs/reference/scenario.md tell the truth: every kind, every key, examples that load?"""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from derisk.data import load_dataset
from derisk.distributions import FAMILIES
from derisk.network import Network, build_network
from derisk.scenario import Scenario, library_names, parse_scenario, realise
from derisk.scenario.measures import KINDS

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "scenario.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(name:.*?)```", PAGE, flags=re.DOTALL)
"""Whole scenarios; the examples of kinds are single measures."""


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
    assert len(EXAMPLES) == 7
    for example in EXAMPLES:
        parse_scenario(example)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_example_that_loads(kind: str) -> None:
    section = PAGE.split(f"### {kind}\n")[1].split("\n##")[0]
    (example,) = re.findall(r"```yaml\n(- kind.*?)```", section, flags=re.DOTALL)
    text = "name: example\nmonths: 12\nstart: 2026-01\nmeasures:\n" + textwrap.indent(example, "  ")
    assert {measure.kind for measure in parse_scenario(text).measures} == {kind}


@pytest.fixture(scope="module")
def network() -> Network:
    return build_network(load_dataset(), base_year=2024)


def test_every_example_acts_on_the_network(network: Network) -> None:
    for example in EXAMPLES:
        scenario = parse_scenario(example)
        realisation = realise(scenario, network)
        assert realisation.notes == ()
        assert len(realisation.shocks) == scenario.months


def test_every_kind_s_example_acts_on_the_network(network: Network) -> None:
    rows = "".join(re.findall(r"```yaml\n(- kind.*?)```", PAGE, flags=re.DOTALL))
    text = "name: examples\nmonths: 48\nstart: 2025-01\nmeasures:\n" + textwrap.indent(rows, "  ")
    assert realise(parse_scenario(text), network, quantile=lambda key: 0.3).notes == ()
