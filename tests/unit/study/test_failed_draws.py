"""Draws that fail are rows in status, and a study of nothing but failures says so with exit code 5."""

from __future__ import annotations

import dataclasses

import pytest

import derisk
from derisk.brief.render import render_brief
from derisk.errors import BalanceError, EquilibriumError, Problem
from derisk.study import run


@pytest.fixture
def scenario():
    return derisk.load_scenario("copper-outage")


def failing(monkeypatch, *, from_draw: int) -> None:
    """Make the balance of every draw from a certain one on impossible; the central check is let through."""
    build, calls = run.build_network, iter(range(1000))

    def build_network(dataset, *, base_year, quantile=None):
        if next(calls) > from_draw:
            raise BalanceError(Problem("copper is lost"))
        return build(dataset, base_year=base_year, quantile=quantile)

    monkeypatch.setattr(run, "build_network", build_network)


def test_failed_draws_are_kept_and_left_out_of_the_summary(monkeypatch, tmp_path, scenario):
    failing(monkeypatch, from_draw=2)
    study = derisk.run_study(scenario, out=tmp_path / "study", draws=4, workers=1)
    status = study.status
    assert study.summary["draws"] == 4
    assert study.summary["converged_draws"] == 2
    assert set(status.loc[~status["converged"], "draw"]) == {2, 3}
    assert status.loc[~status["converged"], "reason"].str.contains("copper is lost").all()
    assert set(study.losses["draw"]) == {0, 1}


def test_no_draw_at_all_is_an_error_and_a_readable_folder(monkeypatch, tmp_path, scenario):
    failing(monkeypatch, from_draw=0)
    with pytest.raises(EquilibriumError, match="none of 2 draws") as caught:
        derisk.run_study(scenario, out=tmp_path / "study", draws=2, workers=1)
    assert caught.value.exit_code == 5
    with pytest.raises(EquilibriumError, match="none of 2 draws"):  # the finished folder says the same again
        derisk.run_study(scenario, out=tmp_path / "study", draws=2, workers=1)
    study = derisk.Study.open(tmp_path / "study")
    assert study.summary["converged_draws"] == 0
    assert len(study.prices) == 0
    assert len(study.status) == 2 * study.summary["months"]


def test_a_month_without_equilibrium_is_a_row_with_its_reason(monkeypatch, tmp_path, scenario):
    solve = run.months_of

    def months_of(realisation, rows, *, quantile=None, threads=1):
        months = list(solve(realisation, rows, quantile=quantile))
        months[1] = dataclasses.replace(
            months[1], equilibrium=dataclasses.replace(months[1].equilibrium, converged=False, reason="stalled")
        )
        return tuple(months)

    monkeypatch.setattr(run, "months_of", months_of)
    with pytest.raises(EquilibriumError, match="stalled"):
        derisk.run_study(scenario, out=tmp_path / "study", draws=1)
    study = derisk.Study.open(tmp_path / "study")
    assert study.status["converged"].tolist().count(False) == 1
    assert study.prices["month"].nunique() == study.summary["months"] - 1


def test_a_study_stands_where_only_its_remedies_reach_equilibrium(monkeypatch, tmp_path):
    solve = run.months_of

    def months_of(realisation, rows, *, quantile=None, threads=1):
        months = solve(realisation, rows, quantile=quantile)
        if realisation.releases:
            return months
        stalled = [dataclasses.replace(m.equilibrium, converged=False, reason="stalled") for m in months]
        return tuple(dataclasses.replace(m, equilibrium=e) for m, e in zip(months, stalled, strict=True))

    monkeypatch.setattr(run, "months_of", months_of)
    scenario = derisk.load_scenario("washington-2026").model_copy(update={"months": 3})
    study = derisk.run_study(scenario, out=tmp_path / "study", draws=1, workers=1)
    assert study.summary["converged_draws"] == 1
    assert study.summary["without_remedies"] is None
    assert study.summary["answer"].endswith(
        "Without the levers no draw reached equilibrium, so their effect is not known."
    )
    assert derisk.Study.open(tmp_path / "study" / "without_remedies").summary["converged_draws"] == 0
    assert "not known" in render_brief(study)
