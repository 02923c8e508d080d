"""The straight line: scenario and dataset become a study; the only file that knows every stage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from derisk.data import Dataset, load_dataset
from derisk.ensemble import default_workers, quantiles_of_draw
from derisk.ensemble.sharing import Parts, share_draws
from derisk.errors import BalanceError, EquilibriumError, Problem
from derisk.market.first_run import compile_kernels, needs_compiling
from derisk.network import Network, build_network, summarise_borrowed
from derisk.path import SlowRows, months_of, read_slow_rows
from derisk.scenario import Scenario, load_scenario, realise
from derisk.sensitivity import Sensitivity, central_case, rank_assumptions
from derisk.study.attribution import Divided, attribute_measures
from derisk.study.checksums import ATTRIBUTION, SENSITIVITY
from derisk.study.completion import check_finished_parts, keep_whole_draws, sole_writer
from derisk.study.finish import finish_study, identity_of, start_study
from derisk.study.folder import WITHOUT_REMEDIES, make_folder, prepare_folder
from derisk.study.manifest import Identity
from derisk.study.options import (
    check_attribution,
    check_dataset,
    check_draws,
    check_out,
    check_seed,
    check_sensitivity,
    check_workers,
)
from derisk.study.readiness import ready_dataset
from derisk.study.setting import Setting
from derisk.study.study import Study
from derisk.study.summary import summarise_tables
from derisk.study.tables import tables_of_draw, tables_of_failed_draw
from derisk.study.temporary import TemporaryFolder
from derisk.study.workers import Beside, Here, Tables, Work, children_worth

Progress = Callable[[int, int], None]
"""Called with draws done and draws wanted."""

_SUMMED_AT_ONCE = 2
"""Questions asked of a study's tables at once: each may hold the prices of all draws."""


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
        workers: how many solve draws at once, on threads, or in processes beside this one where the work is long; all
            cores when None. The numbers do not depend on it.
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

    setting = Setting(scenario, dataset, folder, seed)
    return _carry_out(
        setting,
        identity,
        draws=count,
        asked=asked,
        workers=workers,
        keep=keep,
        progress=progress,
        attribution_progress=attribution_progress,
    )


def _carry_out(
    setting: Setting,
    identity: Identity,
    *,
    draws: int,
    asked: dict[str, int],
    workers: int | None,
    keep: object,
    progress: Progress | None,
    attribution_progress: Progress | None,
) -> Study:
    """Solve what the folder lacks, then what was asked beside the draws, and write it all down."""
    scenario, folder = setting.scenario, setting.folder
    lines = lines_of(scenario, folder)
    assumed = ready_dataset(scenario, setting.dataset)
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
            start_study(line.folder, line.scenario, identity, draws=draws, asked=wanted, changes=central.changes)
        rows = read_slow_rows(assumed, central, months=scenario.months)
        whole = [keep_whole_draws(line.folder) for line in lines]
        threads = max(1, (workers or default_workers()) // draws)
        work = work_of(lines, dataset=assumed, rows=rows, seed=setting.seed, known=whole, threads=threads)
        solve_missing(setting, work, draws=draws, workers=workers, progress=progress)
        ranked = [_ranked(line, assumed, rows=rows, resolved=asked[SENSITIVITY], workers=workers) for line in lines]
        divided: tuple[Divided, ...] = ()
        if asked[ATTRIBUTION]:
            divided = attribute_measures(
                scenario,
                assumed,
                rows=rows,
                seed=setting.seed,
                draws=asked[ATTRIBUTION],
                workers=workers,
                progress=attribution_progress,
            )
        return _finish(
            lines, ranked, divided, assumed, central, draws=draws, asked=asked, notes=notes, workers=workers, keep=keep
        )


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
    workers: int | None,
    keep: object,
) -> Study:
    threads = min(_SUMMED_AT_ONCE, workers or default_workers())
    with ThreadPoolExecutor(max_workers=min(threads, len(lines)), thread_name_prefix="summarise") as pool:
        summarise = partial(summarise_tables, threads=max(1, threads // len(lines)))
        numbers = list(pool.map(summarise, [line.folder for line in lines]))
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
    setting: Setting,
    work: Work,
    *,
    draws: int,
    workers: int | None,
    progress: Progress | None,
) -> None:
    """Solve the draws that any line's folder lacks, and write each line the draws it lacks while others are solved."""
    missing = [draw for draw in range(draws) if not all(draw in known for known in work.known)]
    done = draws - len(missing)
    if not missing:
        return

    def count(_: int) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(done, draws)

    wanted = min(workers or default_workers(), len(missing))
    months = len(missing) * setting.scenario.months * len(work.folders)
    beside = 0 if needs_compiling() else children_worth(months=months, workers=wanted)
    here = [Here(work) for _ in range(wanted - beside)]
    others = [Beside(work, setting.as_plain()) for _ in range(beside)]
    share_draws(Parts(missing, workers=wanted), [*here, *others], done=count)


def lines_of(scenario: Scenario, folder: Path) -> list[Line]:
    """What a study solves: the scenario, and where it has remedies the scenario without them."""
    lines = [Line(scenario, folder)]
    if scenario.has_remedies:
        lines.append(Line(scenario.without_remedies(), folder / WITHOUT_REMEDIES))
    return lines


def work_of(
    lines: list[Line], *, dataset: Dataset, rows: SlowRows, seed: int, known: Sequence[set[int]], threads: int = 1
) -> Work:
    """What each draw of the lines is, and where it goes.

    Args:
        lines: what is solved.
        dataset: with the scenario's own figures.
        rows: what slow states need of it.
        seed: of the draws.
        known: draws that each line's folder holds already.
        threads: how many markets apart to solve at once within a draw.
    """

    def solve(draw: int) -> list[Tables]:
        return solve_draw(draw, lines=lines, dataset=dataset, rows=rows, seed=seed, threads=threads)

    def give_up(draw: int, reason: str) -> list[Tables]:
        return [tables_of_failed_draw(draw, line.scenario.month_labels(), reason) for line in lines]

    return Work(tuple(line.folder for line in lines), tuple(frozenset(draws) for draws in known), solve, give_up)


def solve_draw(
    draw: int, *, lines: list[Line], dataset: Dataset, rows: SlowRows, seed: int, threads: int = 1
) -> list[Tables]:
    """The tables of one draw for each line; the lines share the draw's base year and its chances."""
    quantile = quantiles_of_draw(seed=seed, draw=draw)
    try:
        network = build_network(dataset, base_year=lines[0].scenario.base_year, quantile=quantile)
    except BalanceError as error:
        return [tables_of_failed_draw(draw, line.scenario.month_labels(), str(error)) for line in lines]
    results = []
    for line in lines:
        realisation = realise(line.scenario, network, quantile=quantile)
        months = months_of(realisation, rows, quantile=quantile, threads=threads)
        results.append(tables_of_draw(draw, realisation, months))
    return results
