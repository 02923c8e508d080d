"""What do users pay above base prices, good by good?"""

import pytest

import derisk
from derisk.scenario import parse_scenario
from derisk.study import questions
from derisk.study.summary import summarise_tables
from derisk.vocabulary.uses import PSEUDO_USES

SCENARIO = """
name: t
base_year: 2024
months: 2
measures:
  - {kind: export_ban, by: CHN, goods: [gallium, tungsten], from: 2025-01, why: A test.}
"""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return derisk.run_study(parse_scenario(SCENARIO), draws=3, out=tmp_path_factory.mktemp("bills") / "study")


def bills_by_hand(study):
    keys = ["draw", "month", "good", "region"]
    used = study.use[~study.use["use"].isin(PSEUDO_USES)].groupby(keys, observed=True)["quantity_t"].sum()
    prices = study.prices.set_index(keys)
    base = (prices["delivered_price_usd_per_t"] / prices["delivered_price_ratio"]).reindex(used.index)
    rise = (prices["delivered_price_usd_per_t"].reindex(used.index) - base).clip(lower=0.0)
    return (rise * used / 1e6).groupby(["good", "draw"], observed=True).sum().unstack("draw")


def test_the_bill_is_tonnes_used_times_the_rise_of_their_price_where_it_rises(study):
    by_draw = bills_by_hand(study)
    told = {row["good"]: row for row in study.summary["by_good"]}
    assert {"gallium", "tungsten"} <= set(told)
    for good, row in told.items():
        assert row["paid_above_base_musd"] == pytest.approx(by_draw.loc[good].median(), rel=1e-9, abs=1e-9)
        assert row["paid_above_base_musd_p05"] == pytest.approx(by_draw.loc[good].min(), rel=1e-9, abs=1e-9)
        assert row["paid_above_base_musd_p95"] == pytest.approx(by_draw.loc[good].max(), rel=1e-9, abs=1e-9)
    paid = [row["paid_above_base_musd"] for row in study.summary["by_good"]]
    assert paid == sorted(paid, reverse=True)
    assert sum(by_draw.sum()) > study.losses["price_transfer_musd"].sum()  # at home the banned goods are cheaper


def test_the_bill_does_not_depend_on_how_many_draws_are_in_memory_at_once(study, monkeypatch):
    monkeypatch.setattr(questions, "DRAWS_AT_ONCE", 1)
    assert summarise_tables(study.folder)["by_good"] == study.summary["by_good"]
