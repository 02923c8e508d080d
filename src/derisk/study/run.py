"""The straight line: scenario and dataset become a study; the only file that knows every stage."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from derisk.data import Dataset, load_dataset
from derisk.ensemble import quantiles_of_draw, run_draws
from derisk.errors import BalanceError, EquilibriumError, InputError, Problem
from derisk.network import build_network
from derisk.path import market_of, solve_months
from derisk.scenario import Scenario, load_scenario, realise
from derisk.study.assumptions import user_figures
from derisk.study.finish import finish_study, identity_of, start_study
from derisk.study.folder import WITHOUT_REMEDIES, finished_draws, prepare_folder, write_part
from derisk.study.study import Study
from derisk.study.tables import TABLES, failed_status, tables_of_draw

Progress = Callable[[int, int], None]
"""Called with draws done and draws wanted."""

_DRAWS_A_PART = 8

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Line:
    """One scenario on its way to one folder: the question itself, or the question without remedies."""

    scenario: Scenario
    folder: Path


def run_study(
    scenario: Scenario | str | Path,
    *,
    dataset: Dataset | None = None,
    out: str | Path | None = None,
    draws: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Study:
    """Run a scenario and write its study folder.

    Args:
        scenario: a loaded scenario, a library name or a file.
        dataset: the reference dataset; the embedded one when None.
        out: folder to write or complete; a temporary one that lives as long as the study when None.
        draws: number of draws, the scenario's own when None. Draw 0 is the central case.
        seed: seed of the draws, the scenario's own when None.
        workers: threads; all cores when None. The numbers do not depend on it.
        progress: called after each draw.

    Raises:
        ScenarioError: the scenario is wrong, or names a region the network merges.
        InputError: `out` holds something else; it is left untouched.
        EquilibriumError: no draw reached equilibrium; the folder says why.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    dataset = dataset or load_dataset()
    count = _count(draws, scenario)
    keep = tempfile.TemporaryDirectory(prefix="derisk-") if out is None else None
    folder = Path(keep.name if keep else str(out))
    identity = identity_of(scenario, dataset, seed=scenario.seed if seed is None else seed)
    manifest = prepare_folder(folder, identity)
    count = max(count, manifest["draws"]) if manifest else count  # a folder never loses draws
    if manifest and manifest.get("finished") and manifest["draws"] == count:
        return Study.open(folder, keep=keep)

    lines = [Line(scenario, folder)]
    if scenario.has_remedies:
        lines.append(Line(scenario.without_remedies(), folder / WITHOUT_REMEDIES))
    assumed = dataset.with_assumptions(user_figures(scenario)) if scenario.assumptions else dataset
    central = build_network(assumed, base_year=scenario.base_year)
    for line in lines:  # words that only the network knows are wrong before anything is written
        realise(line.scenario, central, quantile=None)
    for line in lines:
        start_study(line.folder, line.scenario, identity, draws=count, changes=central.changes)

    finished = [finished_draws(line.folder) for line in lines]
    missing = [draw for draw in range(count) if not all(draw in known for known in finished)]
    done = count - len(missing)

    def solve(draw: int) -> list[Tables]:
        return solve_draw(draw, lines=lines, dataset=assumed, seed=identity.seed)

    for part, results in _parts(run_draws(solve, missing, workers=workers)):
        for number, line in enumerate(lines):
            write_part(line.folder, part, {table: [result[number][table] for result in results] for table in TABLES})
        done += len(part)
        if progress:
            progress(done, count)

    summaries: dict[str, Any] | None = None
    for line in reversed(lines):
        summaries = finish_study(
            line.folder, line.scenario, assumed, draws=count, without_remedies=summaries, identity=identity
        )
    study = Study.open(folder, keep=keep)
    if not study.summary["converged_draws"]:
        reasons = study.status.loc[~study.status["converged"], "reason"].value_counts()
        raise EquilibriumError(
            Problem(
                f"none of {count} draws reached equilibrium: {reasons.index[0]}",
                where=str(folder / "status"),
                hint="the table `status` gives the reason of every draw and month",
            )
        )
    return study


def solve_draw(draw: int, *, lines: list[Line], dataset: Dataset, seed: int) -> list[Tables]:
    """The tables of one draw for each line; the lines share the draw's base year and its chances."""
    quantile = quantiles_of_draw(seed=seed, draw=draw)
    try:
        network = build_network(dataset, base_year=lines[0].scenario.base_year, quantile=quantile)
    except BalanceError as error:
        return [_failed(draw, line, str(error)) for line in lines]
    results = []
    for line in lines:
        realisation = realise(line.scenario, network, quantile=quantile)
        market = market_of(realisation)
        months = solve_months(market, realisation, line.scenario.month_labels())
        results.append(tables_of_draw(draw, realisation, months))
    return results


def _failed(draw: int, line: Line, reason: str) -> Tables:
    status = failed_status(draw, line.scenario.month_labels(), reason)
    return {table: status if table == "status" else pd.DataFrame() for table in TABLES}


def _parts(solved: Iterable[tuple[int, list[Tables]]]) -> Iterable[tuple[list[int], list[list[Tables]]]]:
    """Neighbouring draws in groups that are written as one part."""
    part: list[int] = []
    results: list[list[Tables]] = []
    for draw, result in solved:
        if part and (len(part) == _DRAWS_A_PART or draw != part[-1] + 1):
            yield part, results
            part, results = [], []
        part.append(draw)
        results.append(result)
    if part:
        yield part, results


def _count(draws: int | None, scenario: Scenario) -> int:
    count = scenario.draws_count if draws is None else draws
    if not 1 <= count <= 1_000_000:
        raise InputError(
            Problem(f"{count} draws", where="--draws", allowed="1 to 1 000 000", hint="1 runs the central case alone")
        )
    return count
