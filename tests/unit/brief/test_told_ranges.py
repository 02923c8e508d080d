"""Ranges as the brief tells them: of one draw, of few, of many, of draws that failed, and of users who pay less."""

from __future__ import annotations

import pytest
from make_study import make_study
from plain_text import plain

from derisk.brief import numbers_without_lineage, render_brief
from derisk.brief.subject import failure_words


def test_one_draw_claims_no_range():
    html = render_brief(make_study(draws=1, months=2))
    assert html.count("one draw, so no range") == 2
    assert "nine draws in ten" not in html
    assert "the only draw" in html


def test_a_minus_among_transfers_is_explained():
    study = make_study(draws=2, months=1, with_remedies=False)
    assert "A minus means" not in render_brief(study)
    study.summary["by_region"][0]["price_transfer_musd"] = -5.0
    hit = study.summary["by_region"][0]["region"]
    study.losses.loc[study.losses["region"] == hit, "value_added_lost_musd"] += 100.0
    assert "A minus means" in render_brief(study)


def test_failed_draws_say_why():
    study = make_study(draws=6, months=2, with_remedies=False)
    assert failure_words(study).startswith("1 left out: ")
    failed = study.status["draw"] == 3
    study.status.loc[failed, "reason"] = "with stores: no equilibrium after 90 steps: residual 2e-3 at CHN; without: no"
    assert failure_words(study) == "1 left out: no equilibrium after 90 steps, first in January 2026"
    html = render_brief(study)
    assert "5 of 6 draws reached equilibrium; 1 left out: no equilibrium after 90 steps" in plain(html)
    assert numbers_without_lineage(html) == []
    study.status["converged"] = True
    assert failure_words(study) == ""


@pytest.mark.parametrize(("draws", "told"), [(19, "all draws"), (25, "nine draws in ten")])
def test_a_range_of_few_draws_is_that_of_all_of_them(draws, told):
    other = {"all draws": "nine draws in ten", "nine draws in ten": "all draws"}[told]
    text = plain(render_brief(make_study(draws=draws, months=1)))
    assert f"{told} between" in text
    assert f"a line over {told}" in text
    assert f"range of {told}" in text
    assert other not in text


def test_users_who_pay_less_are_said_to_in_positive_numbers():
    study = make_study(draws=3, months=1, with_remedies=False)
    study.summary["price_transfer_musd"] = {"mean": -2.0, "p05": -3.0, "p50": -2.0, "p95": -1.0, "cvar95": -1.0}
    text = plain(render_brief(study))
    assert "Paid less by users" in text
    assert "all draws between USD 1.00 million and USD 3.00 million" in text
    assert "no gain to the world" in text
    assert "Paid more by users" not in text


@pytest.mark.parametrize(("draws", "told"), [(3, False), (25, True)])
def test_the_worst_draws_are_told_where_the_range_does_not_say_them(draws, told):
    text = plain(render_brief(make_study(draws=draws, months=1, with_remedies=False)))
    assert ("mean of the worst twentieth of the draws" in text) is told
