"""Path cases: a small world, measures that act in it, and the months they make, for the laws of a path."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from derisk.network import build_network
from derisk.path import load_parameters, months_of
from derisk.scenario import parse_scenario, realise

WORLD = Path(__file__).parents[1] / "unit" / "network" / "conftest.py"
RULES = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def small_world():
    """The balanced base year of a world with rare earths, their magnets and no more."""
    spec = importlib.util.spec_from_file_location("small_world", WORLD)
    world = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(world)
    return build_network(world.SmallDataset([*world.economy_rows(), *world.rare_earth_rows()]))


def month(number):
    """The label of a month counted from 2025-01."""
    return f"{2025 + number // 12}-{number % 12 + 1:02d}"


KINDS = {
    "export_ban": "by: CHN, to: {to}",
    "export_licence": "by: CHN, to: {to}, delay_months: {delay}, approval_share: {share}",
    "export_quota": "by: CHN, to: {to}, share_of_base: {share}",
    "export_tax": "by: CHN, to: {to}, rate: {share}",
    "outage": "by: CHN, share: {share}",
    "demand_change": "to: {to}, ratio: 1.3",
}


@st.composite
def measures(draw, first=0):
    """One measure in force from a month on, with or without notice, with or without an end."""
    kind = draw(st.sampled_from(sorted(KINDS)))
    begins = draw(st.integers(first, first + 2))
    notice = draw(st.integers(0, begins - first))
    lasts = draw(st.sampled_from([None, 1, 2]))
    text = KINDS[kind].format(
        to=draw(st.sampled_from(["all", "JPN", "USA"])),
        delay=draw(st.sampled_from([0, 1, 1.5])),
        share=draw(st.sampled_from([0.1, 0.4, 0.7])),
    )
    until = "" if lasts is None else f", until: {month(begins + lasts)}"
    goods = draw(st.sampled_from(["ndfeb_magnet", "dytb_oxide", "[ndfeb_magnet, ndpr_oxide]"]))
    dates = f"announced: {month(begins - notice)}, from: {month(begins)}{until}"
    return f"  - {{kind: {kind}, {text}, goods: {goods}, {dates}, why: law}}"


def scenario(lines, months):
    listed = "\n" + "\n".join(lines) if lines else " []"
    return parse_scenario(f"name: law\nbase_year: 2024\nstart: 2025-01\nmonths: {months}\nmeasures:{listed}\n")


def solved(network, lines, months, **given):
    realisation = realise(scenario(lines, months), network)
    return realisation, months_of(realisation, None, parameters=load_parameters(given=given))
