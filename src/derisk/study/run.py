"""The straight line: scenario and dataset become a study; the only file that knows every stage."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from derisk.data import Dataset, load_dataset
from derisk.ensemble import quantiles_of_draw, run_draws
from derisk.errors import BalanceError, EquilibriumError, Problem
from derisk.market.first_run import compile_kernels
from derisk.network import Network, build_network, summarise_borrowed
from derisk.path import SlowRows, months_of, read_slow_rows
from derisk.scenario import Scenario, load_scenario, realise
from derisk.sensitivity import Sensitivity, central_case, rank_assumptions
from derisk.study.attribution import Divided, attribute_measures
from derisk.study.checksums import ATTRIBUTION, SENSITIVITY
from derisk.study.completion import check_finished_parts, keep_whole_draws, sole_writer
from derisk.study.finish import finish_study, identity_of, start_study
from derisk.study.folder import WITHOUT_REMEDIES, make_folder, prepare_folder
from derisk.study.options import (
    check_attribution,
    check_dataset,
    check_draws,
    check_out,
    check_seed,
    check_sensitivity,
    check_workers,
)
from derisk.study.parts import PartWriter, consecutive_runs
from derisk.study.readiness import ready_dataset
from derisk.study.study import Study
from derisk.study.summary import summarise_tables
from derisk.study.tables import TABLES, tables_of_draw, tables_of_failed_draw
from derisk.study.temporary import TemporaryFolder

Progress = Callable[[int, int], None]
"""Called with draws done and draws wanted."""

_DRAWS_A_PART = 8
_PARTS_WAITING = 2

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
    sensitivity: int | None = None,
    attribution: int | None = None,
    progress: Progress | None = None,
    attribution_progress: Progress | None = None,
) -> Study:
    """Run a scenario and write its study folder.

    Args:
        scenario: a loaded scenario, a library name or a file.
        dataset: the reference dataset; the embedded one when None.
        out: folder to write or complete; a temporary one that lives as long as the study when None.
        draws: number of draws, the scenario's own when None. Draw 0 is the central case.
        seed: seed of the draws, the scenario's own when None.
        workers: threads; all cores when None. The numbers do not depend on it.
        sensitivity: how many assumptions, of those that move the central case most, to solve at both ends of their
            range; None for no table of assumptions. A folder never loses the one it has.
        attribution: on how many draws to divide the loss among the measures, each set of which is solved on each of
            them (`describe_solves` says how many paths that makes); None for no division. A folder never loses its own.
        progress: called after each draw.
        attribution_progress: called after each path that the attribution solves.

    Raises:
        ScenarioError: the scenario is wrong, or names a region the network merges.
        InputError: `out` holds something else; it is left untouched.
        EquilibriumError: no draw reached equilibrium; the folder says why.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
    count = check_draws(scenario.draws_count if draws is None else draws)
    seed, workers = check_seed(scenario.seed if seed is None else seed), check_workers(workers)
    asked = {SENSITIVITY: check_sensitivity(sensitivity), ATTRIBUTION: check_attribution(attribution)}
    dataset = load_dataset() if dataset is None else check_dataset(dataset)
    keep = TemporaryFolder() if out is None else None
    folder = keep.path if keep else check_out(out)
    identity = identity_of(scenario, dataset, seed=seed)
    manifest = prepare_folder(folder, identity)
    count = max(count, manifest["draws"]) if manifest else count  # a folder never loses draws
    known = {key: manifest.get(key, 0) if manifest else 0 for key in asked}
    asked = {key: max(wanted, known[key]) for key, wanted in asked.items()}
    if manifest and manifest.get("finished") and (manifest["draws"], known) == (count, asked):
        return _reached(Study.open(folder, keep=keep))

    lines = [Line(scenario, folder)]
    if scenario.has_remedies:
        lines.append(Line(scenario.without_remedies(), folder / WITHOUT_REMEDIES))
    assumed = ready_dataset(scenario, dataset)
    central = build_network(assumed, base_year=scenario.base_year)
    notes: tuple[str, ...] = ()
    for line in reversed(lines):  # what is wrong is found before anything is written
        notes = realise(line.scenario, central, quantile=None).notes
        check_finished_parts(line.folder, prepare_folder(line.folder, identity))
    compile_kernels()
    make_folder(folder)
    with sole_writer(folder):
        for line in lines:
            wanted = asked if line is lines[0] else asked | {ATTRIBUTION: 0}
            start_study(line.folder, line.scenario, identity, draws=count, asked=wanted, changes=central.changes)
        rows = read_slow_rows(assumed, central, months=scenario.months)
        solve_missing(lines, dataset=assumed, rows=rows, seed=seed, draws=count, workers=workers, progress=progress)
        ranked = [_ranked(line, assumed, rows=rows, resolved=asked[SENSITIVITY], workers=workers) for line in lines]
        divided: tuple[Divided, ...] = ()
        if asked[ATTRIBUTION]:
            divided = attribute_measures(
                scenario,
                assumed,
                rows=rows,
                seed=seed,
                draws=asked[ATTRIBUTION],
                workers=workers,
                progress=attribution_progress,
            )
        return _finish(lines, ranked, divided, assumed, central, draws=count, asked=asked, notes=notes, keep=keep)


def _ranked(line: Line, dataset: Dataset, *, rows: SlowRows, resolved: int, workers: int | None) -> Sensitivity | None:
    """What each assumption does to the line's central case; None where none are to be solved."""
    if not resolved:
        return None
    return rank_assumptions(central_case(line.scenario, dataset, slow=rows), resolved=resolved, workers=workers)


def _finish(
    lines: list[Line],
    ranked: list[Sensitivity | None],
    divided: tuple[Divided, ...],
    dataset: Dataset,
    network: Network,
    *,
    draws: int,
    asked: dict[str, int],
    notes: tuple[str, ...],
    keep: object,
) -> Study:
    with ThreadPoolExecutor(max_workers=len(lines), thread_name_prefix="summarise") as pool:
        numbers = list(pool.map(summarise_tables, [line.folder for line in lines]))
    summaries: dict[str, Any] | None = None
    for line, sensitivity, found in zip(reversed(lines), reversed(ranked), reversed(numbers), strict=True):
        summaries = finish_study(
            line.folder,
            line.scenario,
            dataset,
            draws=draws,
            numbers=found,
            without_remedies=summaries,
            notes=notes,
            sensitivity=sensitivity,
            divided=divided if line is lines[0] else (),
            asked=asked,
            borrowed=summarise_borrowed(network),
        )
    return _reached(Study.open(lines[0].folder, keep=keep))


def _reached(study: Study) -> Study:
    """The study, unless none of its draws reached equilibrium."""
    if not study.summary["converged_draws"]:
        reasons = study.status.loc[~study.status["converged"], "reason"].value_counts()
        raise EquilibriumError(
            Problem(
                f"none of {study.summary['draws']} draws reached equilibrium: {reasons.index[0]}",
                where=str(study.folder / "status"),
                allowed="measures under which at least one draw has an equilibrium",
                hint="the table `status` gives the reason of every draw and month",
            )
        )
    return study


def solve_missing(
    lines: list[Line],
    *,
    dataset: Dataset,
    rows: SlowRows,
    seed: int,
    draws: int,
    workers: int | None,
    progress: Progress | None,
) -> None:
    """Solve the draws that any line's folder lacks, and write each line the draws it lacks while others are solved."""
    known = [keep_whole_draws(line.folder) for line in lines]
    missing = [draw for draw in range(draws) if not all(draw in finished for finished in known)]
    done = draws - len(missing)
    solved: dict[int, list[Tables]] = {}

    def solve(draw: int) -> list[Tables]:
        return solve_draw(draw, lines=lines, dataset=dataset, rows=rows, seed=seed)

    with PartWriter() as writer, ThreadPoolExecutor(max_workers=1, thread_name_prefix="write") as pool:
        written: list[Future[None]] = []
        for draw, tables in run_draws(solve, missing, workers=workers):
            solved[draw] = tables
            if len(solved) == _DRAWS_A_PART or draw == missing[-1]:
                written.append(pool.submit(_write_draws, writer, lines, known, solved))
                solved = {}
                for part in written[:-_PARTS_WAITING]:  # a full disk is known at once, and memory stays bounded
                    part.result()
            done += 1
            if progress:
                progress(done, draws)
        for part in written:
            part.result()


def _write_draws(writer: PartWriter, lines: list[Line], known: list[set[int]], solved: dict[int, list[Tables]]) -> None:
    for number, line in enumerate(lines):
        for run in consecutive_runs(sorted(set(solved) - known[number])):
            tables = {table: [solved[draw][number][table] for draw in run] for table in TABLES}
            writer.write(line.folder, run, tables)


def solve_draw(draw: int, *, lines: list[Line], dataset: Dataset, rows: SlowRows, seed: int) -> list[Tables]:
    """The tables of one draw for each line; the lines share the draw's base year and its chances."""
    quantile = quantiles_of_draw(seed=seed, draw=draw)
    try:
        network = build_network(dataset, base_year=lines[0].scenario.base_year, quantile=quantile)
    except BalanceError as error:
        return [tables_of_failed_draw(draw, line.scenario.month_labels(), str(error)) for line in lines]
    results = []
    for line in lines:
        realisation = realise(line.scenario, network, quantile=quantile)
        months = months_of(realisation, rows, quantile=quantile)
        results.append(tables_of_draw(draw, realisation, months))
    return results
