"""The figures of the economy and of attribution: drawn from the summary alone, every digit accounted for, and left out without it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derisk.brief import numbers_without_lineage, render_brief
from derisk.brief.figures.attribution import draw_attribution
from derisk.brief.figures.economy import draw_economy
from derisk.brief.ledger import Ledger

SPREAD = {"mean": 2.0, "p05": 1.0, "p50": 2.0, "p95": 4.0, "cvar95": 4.0}
PROPAGATION = {
    "binding_cost_share": 0.05,
    "left_out": [],
    "regions": [
        {
            "region": "USA",
            "accounts_year": "2023",
            "first_round_musd": SPREAD,
            "propagated_low_musd": SPREAD,
            "propagated_high_musd": SPREAD,
            "industries": [
                {
                    "industry": "334",
                    "name": "Computer and electronic products",
                    "first_round_musd": 700.0,
                    "propagated_low_musd": 710.0,
                    "propagated_high_musd": 1_230.0,
                }
            ],
        }
    ],
}
ATTRIBUTION = {
    "draws": 4,
    "solves": 24,
    "sides": [
        {
            "side": side,
            "rule": rule,
            "draws": 4,
            "total_musd": 30.0 * sign,
            "parties": [
                {"party": f"{side} {n} <b>", "measures": f"measures[{n}]", "part_musd": 10.0 * sign * n, "alone_musd": 11.0, "last_musd": 0.0}
                for n in (1, 2)
            ],
        }
        for side, rule, sign in (("controls", "shapley", 1.0), ("levers", "marginal order", -1.0))
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def told(study):
    """The made-up study with both; the economy stands in the run without the levers, which the brief shows first."""
    before = study.without_remedies
    richer = replace(before, summary=before.summary | {"propagation": PROPAGATION})
    return replace(study, summary=study.summary | {"attribution": ATTRIBUTION}, without_remedies=richer)


def test_every_digit_is_accounted_for(told):
    html = render_brief(told)
    assert "Through the economy: United States" in html
    assert "never to be added" in html
    assert "Which measure did it" in html
    assert "&lt;b&gt;" in html
    assert numbers_without_lineage(html) == []


def test_a_saving_is_drawn_to_the_left(told):
    figure = draw_attribution(told, Ledger())
    assert figure is not None
    assert "−20.0\N{NO-BREAK SPACE}m<" in figure.svg
    assert "another order gives other parts" in figure.caption


def test_studies_without_them_have_neither(study):
    assert draw_attribution(study, Ledger()) is None
    assert draw_economy(study, Ledger()) is None


def test_one_measure_alone_is_not_called_the_largest_part(told):
    side = ATTRIBUTION["sides"][0]
    alone = ATTRIBUTION | {"sides": [side | {"parties": side["parties"][:1]}]}
    figure = draw_attribution(replace(told, summary=told.summary | {"attribution": alone}), Ledger())
    assert figure is not None
    assert "comes of one measure" in figure.lede
    assert "largest part" not in figure.lede
