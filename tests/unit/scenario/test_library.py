"""Does every scenario of the library act on the network of its base year?"""

from __future__ import annotations

from functools import cache

import pytest

from derisk.data import load_dataset
from derisk.network import Network, build_network
from derisk.scenario import library_names, load_scenario, realise


@cache
def network_of(base_year: int) -> Network:
    return build_network(load_dataset(), base_year=base_year)


@pytest.mark.parametrize("name", library_names())
def test_a_scenario_of_the_library_acts_on_its_base_year(name: str) -> None:
    scenario = load_scenario(name)
    realisation = realise(scenario, network_of(scenario.base_year))
    late = [note for note in realisation.notes if "after the last month simulated" in note]
    partly = [note for note in realisation.notes if "changes next to nothing of" in note]
    assert sorted(realisation.notes) == sorted([*late, *partly])
    idle = {note.split(" ")[0] for note in partly}
    assert all(len(measure.goods) > 1 for measure in scenario.measures if measure.place in idle)
    assert all(measure.remedy for measure in scenario.measures if any(f"{measure.place} " in note for note in late))
