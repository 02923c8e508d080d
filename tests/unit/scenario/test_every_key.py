"""Does every key of every kind of measure change what the months of a scenario are told?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

import numpy as np
import pytest

from derisk.network.record import Network
from derisk.scenario.measures import KINDS

Lay = Callable[..., Any]
Row = dict[str, Any]

SHARED: Final = {"kind", "why"}
"""Keys that are no terms: which of them is written, and why, is for readers."""
GRANT: Final = {"kind": "investment_grant", "by": "AUS", "goods": "ndfeb_magnet", "share_of_capital_cost": 0.5}
PLANT: Final = {
    "kind": "new_capacity",
    "by": "AUS",
    "goods": "ndfeb_magnet",
    "capacity_t_per_year": 120,
    "unit_cost_usd_per_t": 40_000,
    "capital_cost_musd": 6,
    "lead_time_months": 0,
}
BAN: Final = {"kind": "export_ban", "by": "CHN", "goods": ["gallium", "ndpr_oxide"]}
RESTRICTION: Final = {"announced": "2024-12", "until": "2025-03", "announced_until": "2025-04", "from": "2025-02"}
MEASURE: Final = {"announced": "2024-12", "until": "2025-03", "from": "2025-02"}

# What a measure is with as few keys as may be, each key with another value, and measures it stands beside.
TABLE: Final[dict[str, tuple[Row, Row, list[Row]]]] = {
    "export_ban": ({"by": "CHN", "goods": "gallium"}, {"by": "AUS", "to": "USA", "goods": "ndpr_oxide"}, []),
    "export_quota": (
        {"by": "CHN", "goods": ["ndpr_oxide", "gallium"], "share_of_base": 0.5},
        {
            "by": "USA",
            "to": "JPN",
            "goods": "ndpr_oxide",
            "share_of_base": 0.6,
            "quantity_t_per_year": 60,
            "weights": {"gallium": 2.0},
        },
        [],
    ),
    "export_licence": (
        {"by": "CHN", "goods": "ndpr_oxide", "delay_months": 1, "approval_share": 0.5},
        {
            "by": "USA",
            "to": "JPN",
            "goods": "gallium",
            "delay_months": 2,
            "approval_share": 0.6,
            "covered_share": 0.5,
        },
        [],
    ),
    "export_tax": (
        {"by": "CHN", "goods": "ndpr_oxide", "rate": 0.2},
        {"by": "USA", "to": "JPN", "goods": "gallium", "rate": 0.3, "usd_per_t": 7.0},
        [],
    ),
    "export_volume": (
        {"by": "CHN", "goods": "ndpr_oxide", "share_of_base": 0.5},
        {"by": "USA", "to": "JPN", "goods": "gallium", "share_of_base": 0.6, "quantity_t_per_year": 60},
        [],
    ),
    "import_tariff": (
        {"by": "JPN", "goods": "ndpr_oxide", "rate": 0.2},
        {"by": "USA", "to": "CHN", "goods": "gallium", "rate": 0.3, "usd_per_t": 7.0},
        [],
    ),
    "outage": ({"by": "CHN", "goods": "gallium", "share": 0.5}, {"by": "USA", "goods": "ndpr_oxide", "share": 0.6}, []),
    "transit_block": (
        {"through": "RUS", "goods": "rare_earth_concentrate", "share": 0.5},
        {"through": "GEO", "by": "UZB", "goods": "ndpr_oxide", "share": 0.6, "spare_ratio": 2.0},
        [],
    ),
    "dumping": (
        {"by": "CHN", "goods": "ndpr_oxide", "price_cut_share": 0.2},
        {"by": "USA", "goods": "ndfeb_magnet", "price_cut_share": 0.3},
        [],
    ),
    "sanction": (
        {"by": "USA", "to": "CHN", "goods": "ndpr_oxide"},
        {"by": "JPN", "to": "AUS", "goods": "gallium"},
        [],
    ),
    "enforcement": (
        {"by": "CHN", "goods": "gallium", "leak_share": 0.1},
        {"by": "USA", "to": "JPN", "goods": "ndpr_oxide", "leak_share": 0.2},
        [BAN],
    ),
    "demand_change": (
        {"goods": "gallium", "ratio": 1.2},
        {"to": "USA", "goods": "ndpr_oxide", "uses": "defence", "ratio": 1.3},
        [],
    ),
    "elasticity": (
        {"of": "demand", "goods": "gallium", "value": 0.5},
        {"of": "supply", "by": "USA", "goods": "ndpr_oxide", "value": 0.6},
        [],
    ),
    "price": (
        {"by": "USA", "goods": "gallium", "usd_per_t": 9e5},
        {"by": "JPN", "goods": "ndpr_oxide", "usd_per_t": 8e5},
        [],
    ),
    "stockpile_release": (
        {"by": "USA", "goods": "gallium", "quantity_t": 3},
        {"by": "JPN", "goods": "ndfeb_magnet", "quantity_t": 4, "release_price_ratio": 1.2},
        [],
    ),
    "stockpile_build": (
        {"by": "USA", "goods": "gallium", "quantity_t": 3},
        {"by": "JPN", "goods": "ndfeb_magnet", "quantity_t": 4, "ceiling_price_ratio": 1.2},
        [],
    ),
    "new_capacity": (
        {key: value for key, value in PLANT.items() if key != "kind"},
        {
            "by": "USA",
            "goods": "ndpr_oxide",
            "process": "make_light_magnets",
            "project": "P075",
            "capacity_t_per_year": 130,
            "unit_cost_usd_per_t": 41_000,
            "unit_cost_ratio": 0.7,
            "capital_cost_musd": 7,
            "lead_time_months": 1,
            "probability": 0.0,
        },
        [GRANT, {**GRANT, "project": "P075", "by": "AUS"}],
    ),
    "price_floor": (
        {"by": "CHN", "goods": "ndfeb_magnet", "usd_per_t": 1e6},
        {"by": "JPN", "goods": "ndpr_oxide", "process": "make_light_magnets", "usd_per_t": 2e6},
        [],
    ),
    "offtake": (
        {"by": "JPN", "to": "USA", "goods": "ndpr_oxide", "quantity_t_per_year": 12, "usd_per_t": 9e4},
        {"by": "XEU", "to": "CHN", "goods": "lacen_oxide", "quantity_t_per_year": 24, "usd_per_t": 8e4},
        [],
    ),
    "investment_grant": (
        {key: value for key, value in GRANT.items() if key != "kind"},
        {
            "by": "JPN",
            "goods": "ndpr_oxide",
            "project": "P075",
            "process": "make_light_magnets",
            "share_of_capital_cost": 0.6,
            "capital_charge_share": 0.2,
        },
        [PLANT],
    ),
    "recycling": (
        {"by": "USA", "goods": "ndfeb_magnet", "collection_share": 0.5, "recovery_share": 0.5, "lead_time_months": 0},
        {
            "by": "JPN",
            "goods": "gallium",
            "collection_share": 0.6,
            "recovery_share": 0.6,
            "lead_time_months": 1,
            "unit_cost_usd_per_t": 9_000,
            "unit_cost_ratio": 0.5,
            "capital_cost_musd": 5,
        },
        [],
    ),
    "substitution": (
        {"by": "USA", "goods": "gallium", "intensity_cut_share": 0.1, "lead_time_months": 0},
        {
            "by": "JPN",
            "goods": "ndfeb_magnet",
            "uses": "defence",
            "intensity_cut_share": 0.2,
            "lead_time_months": 1,
            "cost_musd": 5,
        },
        [],
    ),
}
EITHER: Final = {
    "quantity_t_per_year": "share_of_base",
    "usd_per_t": "rate",
    "unit_cost_ratio": "unit_cost_usd_per_t",
}
"""Keys that take another's place where a kind has both."""
ON_PAPER: Final = {("recycling", "capital_cost_musd"), ("substitution", "cost_musd")}
"""Costs that a scenario keeps and no month is told."""


def dates(kind: str) -> Row:
    """Other values of the dates that a kind takes."""
    model = KINDS[kind].model
    return {} if model.standing else dict(RESTRICTION if model.restriction else MEASURE)


CASES: Final = [
    (kind, key)
    for kind, (_, others, _) in TABLE.items()
    for key in (*others, *dates(kind))
    if (kind, key) not in ON_PAPER
]


def leaves(value: Any) -> Iterator[Any]:
    """Numbers and words of a record, those that name a measure's place left out."""
    if isinstance(value, np.ndarray):
        yield value.shape
        yield value.tobytes()
    elif is_dataclass(value):
        for field in fields(value):
            yield from leaves(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from leaves(part)
    else:
        yield value


def told(laid: Any) -> list[Any]:
    """All that the months of a realised scenario are told."""
    realisation = laid.realisation
    dated = [(act.announced, act.first, act.until, act.stated_until) for act in realisation.measures]
    parts = (realisation.shocks, realisation.network, realisation.link_weight_t, dated)
    return list(leaves((*parts, realisation.releases, realisation.builds)))


def laid_with(lay: Lay, kind: str, key: str | None, network: Network) -> Any:
    """The scenario of a kind's row, one key of it at its other value."""
    plain, others, beside = TABLE[kind]
    row = {"kind": kind, **plain}
    if key is not None:
        row[key] = (others | dates(kind))[key]
        if key in EITHER and EITHER[key] in KINDS[kind].model.model_fields:
            row.pop(EITHER[key], None)
        if key == "announced_until":
            row["until"] = None
    return lay(row, *beside, network=network)


@pytest.fixture
def network_of(small_network: Network) -> Callable[[str], Network]:
    """The small network, Japan's magnets without heavy rare earths; for blocked routes Australia is Kazakhstan."""
    matrix = small_network.process_good_matrix.copy()
    matrix[-1, small_network.goods.index("dytb_oxide")] = 0.0
    kinds = (*small_network.process_kind[:-1], "make_light_magnets")
    light = replace(small_network, process_kind=kinds, process_good_matrix=matrix)
    routed = replace(light, regions=("KAZ", "CHN", "UZB", "USA", "XEU", "ROW"))
    return lambda kind: routed if kind == "transit_block" else light


def test_the_table_holds_every_key_of_every_kind() -> None:
    assert TABLE.keys() == KINDS.keys()
    for kind, (_, others, _) in TABLE.items():
        model = KINDS[kind].model
        names = {field.alias or name for name, field in model.model_fields.items()}
        dated = {"announced", "from", "until", "announced_until"}
        assert set(others) == names - SHARED - dated, kind


@pytest.mark.parametrize(("kind", "key"), CASES)
def test_a_key_changes_what_the_months_are_told(
    lay: Lay, network_of: Callable[[str], Network], kind: str, key: str
) -> None:
    network = network_of(kind)
    assert told(laid_with(lay, kind, key, network)) != told(laid_with(lay, kind, None, network))


@pytest.mark.parametrize(("kind", "key"), sorted(ON_PAPER))
def test_costs_on_paper_are_kept_and_told_to_nobody(
    lay: Lay, network_of: Callable[[str], Network], kind: str, key: str
) -> None:
    plain, stated = (laid_with(lay, kind, name, network_of(kind)) for name in (None, key))
    assert told(stated) == told(plain)
    assert stated.realisation.numbers[f"measures[0].{key}"] == TABLE[kind][1][key]
