"""Writes docs/validation.md: what was observed in past episodes, what derisk says of it, and why it misses.

python docs/write_validation.py           writes the page from docs/validation.json
python docs/write_validation.py --run     runs all cases in both modes first: the record and the pictures too
"""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from derisk.backtest import GIVEN_VOLUME, MODES, Case, Forecast, Scores, load_cases, load_volumes, run_backtest, score
from derisk.backtest.central import episodes
from derisk.backtest.estimates import Estimates, load_estimates
from derisk.backtest.figure import write_pictures
from derisk.backtest.gaps import WANTED, licence_gaps
from derisk.backtest.reading import PRICE
from derisk.backtest.report import lines_of, row_of, rows_of
from derisk.backtest.run import CaseResult
from derisk.backtest.scores import interval, naive_lost_share
from derisk.data import load_dataset
from derisk.vocabulary.names import good_label, month_label

ROOT = Path(__file__).resolve().parent.parent
PAGE, RECORD = ROOT / "docs" / "validation.md", ROOT / "docs" / "validation.json"
REASONS, PICTURES = ROOT / "docs" / "validation_reasons.csv", ROOT / "docs" / "pictures" / "backtest"
DRAWS = 60
QUOTA_CASE = "BT2"
MISSED = math.log(2.0)
"""A forecast off by more than a factor of two needs a reason, as does a wrong direction."""
INTRODUCTION = """\
# Validation

Episodes of the past, each run from a scenario file that holds the act, its dates and the base year of its day
(`src/derisk/backtest/cases.csv`; what is compared and how it is scored: `docs/theory/backtest.md`). All numbers are
ratios: to the base year, to other months, or of the price abroad to that at home. `derisk backtest` repeats the
table, `python docs/write_validation.py --run` this page.

Two modes, never mixed: from text, the act alone is known, and this alone is a forecast; given volume, the exports
that happened are input, and prices are scored. The few global parameters were estimated on these same cases, all of
them together: see the last sections for what they are, and for the error of a case at parameters estimated without
it. Episodes that were not used here judge it better than this page does.

<!-- written by docs/write_validation.py: edit docs/validation_reasons.csv or run it, not this page -->
"""


def record() -> dict[str, Any]:
    """Run every case in both modes and every leave-one-out, and draw the pictures."""
    cases, volumes, dataset = load_cases(), load_volumes(), load_dataset()
    found: dict[str, Any] = {"draws": DRAWS, "rows": [], "converged_draws": {}, "gaps": [], "leave_one_out": []}
    PICTURES.mkdir(parents=True, exist_ok=True)
    for mode in MODES:
        results = run_backtest(cases, volumes, mode=mode, draws=DRAWS, dataset=dataset, progress=_show)
        for row, told in zip(rows_of(results), (told for result in results for told in result.forecasts), strict=True):
            found["rows"].append(row | {"draws_low": told.draws_low, "draws_high": told.draws_high})
        found["converged_draws"][mode] = {result.case.name: result.converged_draws for result in results}
        if mode == GIVEN_VOLUME:
            continue
        write_pictures(results, PICTURES)
        found["peaks"] = [row for result in results if result.case.name == QUOTA_CASE for row in peaks(result)]
        for gap in licence_gaps(results):
            row = {"case": gap.case, "good": gap.good, "month": gap.month, "gap_ratio": gap.gap_ratio}
            found["gaps"].append(row | {"reached": gap.reached})
    estimates = load_estimates()
    for episode in episodes(cases, volumes, dataset):
        within = episode.forecasts(estimates.values())
        without = episode.forecasts(estimates.values_without(episode.case))
        for one, other in zip(within, without, strict=True):
            if one.scored:
                row = {"case": one.case, "metric": one.metric, "mode": one.mode, "observed": one.observed}
                found["leave_one_out"].append(row | {"within": row_of(one), "without": row_of(other)})
    return found


def peaks(result: CaseResult) -> Iterator[dict[str, Any]]:
    """How high each price of a case rises in the median draw, and where it stands in the last month simulated."""
    seen = set()
    for observation, course in zip(result.case.observations, result.courses, strict=True):
        reading = observation.reading
        if reading.kind != PRICE or reading.goods in seen or course is None:
            continue
        seen.add(reading.goods)
        median = course.to_base.median()
        peak, last = str(median.idxmax()), str(median.index[-1])
        values = {"peak_ratio": float(median.max()), "last_ratio": float(median.iloc[-1])}
        yield {"good": " ".join(reading.goods), "peak_month": peak, "last_month": last, **values}


def _show(case: str, done: int, wanted: int) -> None:
    if done == wanted:
        sys.stderr.write(f"{case}: {wanted} draws\n")


def forecast(row: dict[str, Any], cases: dict[str, Case]) -> Forecast:
    """A row of the record as the forecast it was."""
    observation = next(found for found in cases[row["case"]].observations if found.metric == row["metric"])
    of_tonnes = observation.reading.of_tonnes
    return Forecast(
        **{name: row[name] for name in ("case", "metric", "mode", "month", "observed", "predicted", "low", "high")},
        draws_low=row.get("draws_low"),
        draws_high=row.get("draws_high"),
        naive_no_change=1.0,
        naive_lost_share=naive_lost_share(observation.lost_share, of_tonnes=of_tonnes),
        of_tonnes=of_tonnes,
        scored=row["mode"] != GIVEN_VOLUME or not of_tonnes,
    )


def reasons() -> dict[tuple[str, str, str], str]:
    """Why a forecast misses, by case, metric and mode."""
    with REASONS.open(encoding="utf-8", newline="") as file:
        return {(row["case"], row["metric"], row["mode"]): row["reason"] for row in csv.DictReader(file)}


def missed(row: Forecast) -> bool:
    """Whether a forecast needs a reason."""
    error = row.log_error
    return row.direction_right is False or (error is not None and abs(error) > MISSED)


def page() -> str:
    """The whole page."""
    found = json.loads(RECORD.read_text(encoding="utf-8"))
    cases = {case.name: case for case in load_cases()}
    forecasts = [forecast(row, cases) for row in found["rows"]]
    told = reasons()
    parts = [INTRODUCTION]
    for mode, about in MODES.items():
        rows = [row for row in forecasts if row.mode == mode]
        parts += [f"## {mode.capitalize().replace('-', ' ')}", "", f"{about.capitalize()}.", ""]
        parts += [*_scores(score(rows), mode), "", *_table(rows), ""]
        parts += _misses([row for row in rows if missed(row)], told)
    parts += ["## The quotas of 2010 to 2012", "", *_peak_lines(found["peaks"]), ""]
    parts += ["## Prices at home and abroad under licences", "", *_gap_lines(found["gaps"]), ""]
    parts += _estimation(load_estimates(), found["leave_one_out"], cases)
    parts += ["## Pictures", ""]
    parts += [f"![{name}](pictures/backtest/{name}-from-text.svg)\n" for name in cases]
    draws = {mode: min(by_case.values()) for mode, by_case in found["converged_draws"].items()}
    parts += [
        f"{found['draws']} draws a case; at least {min(draws.values())} of them reached equilibrium in every case.",
        "",
    ]
    return "\n".join(parts)


def _scores(scores: Scores, mode: str) -> Iterator[str]:
    yield "| score | value | wanted | reached |"
    yield "|---|---|---|---|"
    for name, value, wanted, reached in lines_of(scores, mode=mode):
        yield f"| {name} | {value} | {wanted} | {'' if reached is None else 'yes' if reached else '**no**'} |"


def _table(rows: list[Forecast]) -> Iterator[str]:
    wide, naive = "80 % | of the draws alone", "no change | lost share"
    yield f"| case | what was observed | month | observed | median | {wide} | {naive} | log error | direction |"
    yield f"|{'---|' * 11}"
    for row in rows:
        error = "input" if not row.scored else "" if row.log_error is None else f"{row.log_error:+.2f}"
        direction = {True: "right", False: "**wrong**", None: ""}[row.direction_right]
        cells = (row.case, row.metric, month_label(row.month), number(row.observed), number(row.predicted))
        spans = (_span(row.low, row.high), _span(row.draws_low, row.draws_high))
        simple = (number(row.naive_no_change), number(row.naive_lost_share))
        yield f"| {' | '.join((*cells, *spans, *simple, error, direction))} |"


def _span(low: float | None, high: float | None) -> str:
    return "" if low is None else f"{number(low)} to {number(high)}"


def _misses(rows: list[Forecast], told: dict[tuple[str, str, str], str]) -> Iterator[str]:
    if not rows:
        return
    yield "Off by more than a factor of two, or in the wrong direction, and why we believe so:"
    yield ""
    for row in rows:
        reason = told.get((row.case, row.metric, row.mode), "no reason is known yet")
        yield f"* {row.case}, {row.metric} ({number(row.observed)}, median {number(row.predicted)}): {reason}"
    yield ""


def _peak_lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    yield (
        "What happened: from the first quarter of 2010 to the second of 2011 prices free on board rose 22 times "
        "(lanthanum), 31 times (cerium) and 6 times (dysprosium): one tonnage over all oxides adds as many dollars to "
        "each kilogram. Within two years they had lost most of it. What the median draw makes of the acts' text:"
    )
    yield ""
    yield "| good | highest price, over the base year | in | last month simulated | lost of the rise |"
    yield "|---|---|---|---|---|"
    for row in rows:
        rise = row["peak_ratio"] - 1.0
        lost = "" if rise <= 0.0 else f"{(row['peak_ratio'] - row['last_ratio']) / rise:.0%}"
        last = f"{number(row['last_ratio'])} in {month_label(row['last_month'])}"
        cells = (good_label(row["good"]), number(row["peak_ratio"]), month_label(row["peak_month"]), last, lost)
        yield f"| {' | '.join(cells)} |"


def _gap_lines(gaps: list[dict[str, Any]]) -> Iterator[str]:
    yield f"The widest gap of each licensed good in the median draw; more than {WANTED:.0%} beyond base is expected."
    yield ""
    yield "| case | good | month | price abroad over home | reached |"
    yield "|---|---|---|---|---|"
    for gap in gaps:
        reached = "yes" if gap["reached"] else "**no**"
        cells = (gap["case"], good_label(gap["good"]), month_label(gap["month"]), number(gap["gap_ratio"]), reached)
        yield f"| {' | '.join(cells)} |"


def _estimation(estimates: Estimates, rows: list[dict[str, Any]], cases: dict[str, Case]) -> Iterator[str]:
    yield "## Parameters"
    yield ""
    yield (
        f"Estimated once on all cases in both modes (`python -m derisk.backtest.estimate`, {estimates.evaluations} "
        f"evaluations, seed {estimates.seed}; objective (15.6) of `docs/theory/backtest.md`). "
        f"At the priors' centres the objective is {estimates.objective_at_priors:.3f}, "
        f"at the estimates {estimates.objective:.3f}, of which error {estimates.fit:.3f}. Ranges hold nine tenths."
    )
    yield ""
    yield f"| parameter | before the cases | estimate | {' | '.join(f'without {name}' for name in cases)} |"
    yield f"|---|---|---|{'---|' * len(cases)}"
    for row in estimates.parameters:
        before = f"{row.prior:g} ({row.prior_low:g} to {row.prior_high:g})"
        after = f"{row.value:.3g} ({row.low:.3g} to {row.high:.3g})"
        left = " | ".join(f"{row.without[name]:.3g}" for name in cases)
        yield f"| `{row.name}` | {before} | {after} | {left} |"
    yield ""
    error, without = estimates.model_error, estimates.model_error_without.items()
    others = ", ".join(f"{name} {one.tonnes:.2f} and {one.price:.2f}" for name, one in without)
    yield (
        f"The model's own log error (15.8), which widens the intervals, is {error.tonnes:.2f} for tonnes and "
        f"{error.price:.2f} for prices; as the other cases tell it: {others}."
    )
    yield ""
    yield from _leave_one_out(estimates, rows, cases)


def _leave_one_out(estimates: Estimates, rows: list[dict[str, Any]], cases: dict[str, Case]) -> Iterator[str]:
    yield "## Without its own case"
    yield ""
    yield (
        "The central case at parameters estimated on all cases, and at those estimated without the case in question: "
        "the second column of errors is what a new case can expect."
    )
    yield ""
    yield "| case | mean of (15.6), in sample | without the case |"
    yield "|---|---|---|"
    for name in cases:
        yield f"| {name} | {estimates.fit_within[name]:.2f} | {estimates.fit_without[name]:.2f} |"
    yield ""
    for mode in MODES:
        pair = {side: score(forecast(row[side], cases) for row in rows if row["mode"] == mode) for side in SIDES}
        for side, found in pair.items():
            if found.median_log_error is not None:
                directions = f"{found.directions_right} of {found.moved} directions right"
                yield f"* {mode}, {SIDES[side]}: median absolute log error {found.median_log_error:.2f}, {directions}"
        told = [forecast(_alone(row, cases, estimates), cases) for row in rows if row["mode"] == mode]
        covered = score(told).covered_share
        if covered is not None:
            yield f"* {mode}: {covered:.0%} inside the interval that the other cases' parameters and errors give"
    yield ""


def _alone(row: dict[str, Any], cases: dict[str, Case], estimates: Estimates) -> dict[str, Any]:
    """A forecast made without its case, with the interval of the error that the other cases tell."""
    found, told = row["without"], forecast(row["without"], cases)
    if told.predicted is None:
        return dict(found)
    error_sd = estimates.model_error_without[told.case].sd(of_tonnes=told.of_tonnes)
    low, high = interval(np.array([told.predicted]), error_sd, of_tonnes=told.of_tonnes)
    return found | {"low": low, "high": high}


SIDES = {"within": "in sample", "without": "without its own case"}


def number(value: float | None) -> str:
    """A ratio as the page prints it."""
    if value is None:
        return "none"
    return "0" if abs(value) < 0.0005 else f"{value:.3g}"


if __name__ == "__main__":
    if "--run" in sys.argv[1:]:
        RECORD.write_text(json.dumps(record(), indent=1, allow_nan=False) + "\n", encoding="utf-8")
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name} written\n")
