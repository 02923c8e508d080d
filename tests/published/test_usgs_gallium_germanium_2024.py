"""Nassar, Shojaeddini, Alonso, Jaskula and Tolcin (2024), U.S. Geological Survey Open-File Report 2024-1057.

What the end of China's net exports of gallium, of germanium or of both would cost the gross domestic product of the United
States: 3.1 billion USD (1.7 to 8.2), 0.4 (0.01 to 1.1) and 3.4 (1.7 to 9.0), more than 40 % of it in semiconductor device
manufacturing. The report carries the loss through input-output tables, so what it prints stands beside both ends of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pytest
from comparison import Comparison, shipped_dataset

from derisk import run_study
from derisk.scenario import Scenario, load_scenario

PUBLICATION = "U.S. Geological Survey 2024, Open-File Report 2024-1057"
BOTH = ("gallium", "germanium")
RANGES_BUSD = {("gallium",): (1.7, 8.2), ("germanium",): (0.01, 1.1), BOTH: (1.7, 9.0)}
"""Lower and upper estimates of the abstract [billion USD]."""
LEAST_SHARE = 0.4
TO_USA = "the exporter's stop to the United States alone"
TO_ALL = "the exporter's stop to everyone"
DIVERTED = "other sellers serve the United States in China's place; the report ends China's net exports to all"
GERMANIUM = "ours short 9 % over the year, price four to seven times; the report's price rises by 26 %; its elasticities and idle capacity are not known"
WHY = {
    (("gallium",), "USA", "low"): DIVERTED,
    (("gallium",), "USA", "high"): DIVERTED,
    (BOTH, "USA", "low"): DIVERTED,
    (BOTH, "USA", "high"): DIVERTED,
    (("germanium",), "all", "low"): GERMANIUM,
    (("germanium",), "all", "high"): GERMANIUM,
}
"""Ends that lie outside the printed range, and what is known of it."""


@dataclass(frozen=True)
class Loss:
    """What a stop costs the United States in the central case [billion USD]."""

    first: float
    low: float
    high: float
    semiconductors: float
    """First round, in semiconductors."""


def stop(goods: tuple[str, ...], to: str) -> Scenario:
    """The shipped scenario of the ban, of these goods and towards these buyers."""
    shipped = load_scenario("gallium-germanium-us-ban-2024")
    measure = shipped.measures[0].model_copy(update={"goods": goods, "to": (to,)})
    return shipped.model_copy(update={"measures": (measure,)})


@cache
def loss(goods: tuple[str, ...], to: str) -> Loss:
    """First round and both ends through the economy."""
    study = run_study(stop(goods, to), dataset=shipped_dataset(), draws=1)
    here = study.losses[study.losses["region"] == "USA"]
    (told,) = study.summary["propagation"]["regions"]
    in_chips = here.loc[here["use"] == "semiconductors", "value_added_lost_musd"].sum()
    low, high = (told[column]["p50"] for column in ("propagated_low_musd", "propagated_high_musd"))
    return Loss(
        float(here["value_added_lost_musd"].sum()) / 1e3, float(low) / 1e3, float(high) / 1e3, float(in_chips) / 1e3
    )


def compare() -> list[Comparison]:
    found = []
    for to, words in (("USA", TO_USA), ("all", TO_ALL)):
        for goods, (least, most) in RANGES_BUSD.items():
            for end in ("low", "high"):
                why = WHY.get((goods, to, end), "")
                claim = (
                    f"loss without {' and '.join(goods)}, {words}, {end} end; the printed range is {least} to {most}"
                )
                middle, within = (least + most) / 2.0, (most - least) / 2.0
                ours = getattr(loss(goods, to), end)
                found.append(Comparison(PUBLICATION, "abstract", claim, middle, ours, within, "bn USD", why))
    return found


@pytest.mark.parametrize("to", ["USA", "all"])
def test_most_of_the_first_round_is_borne_by_semiconductors(to):
    both = loss(BOTH, to)
    assert both.semiconductors > LEAST_SHARE * both.first
    assert both.semiconductors > LEAST_SHARE * both.low


@pytest.mark.parametrize("to", ["USA", "all"])
@pytest.mark.parametrize("count", ["first", "low", "high"])
def test_both_cost_more_than_either_and_no_more_than_their_sum(to, count):
    gallium, germanium, both = (getattr(loss(goods, to), count) for goods in RANGES_BUSD)
    assert max(gallium, germanium) <= both * (1.0 + 1e-9)
    assert both <= (gallium + germanium) * (1.0 + 1e-9)


@pytest.mark.parametrize("goods", list(RANGES_BUSD), ids="-".join)
def test_the_printed_range_meets_what_lies_between_a_stop_to_the_united_states_and_one_to_everyone(goods):
    least, most = RANGES_BUSD[goods]
    assert loss(goods, "USA").low <= most
    assert loss(goods, "all").high >= least


def test_the_first_round_of_a_stop_of_gallium_to_everyone_is_near_the_printed_value():
    """3.1 billion USD; the report counts what chip makers lose and what follows from it."""
    assert loss(("gallium",), "all").first == pytest.approx(3.1, rel=0.25)


def test_a_stop_to_everyone_costs_the_united_states_more():
    for goods in RANGES_BUSD:
        assert loss(goods, "all").first > loss(goods, "USA").first


def test_differences_are_those_written_down():
    differing = {
        (goods, to, end)
        for to in ("USA", "all")
        for goods, (least, most) in RANGES_BUSD.items()
        for end in ("low", "high")
        if not least <= getattr(loss(goods, to), end) <= most
    }
    assert differing == set(WHY)
