"""First and last writing of a study folder: scenario, manifest, balance, summary, checksums."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from derisk.data import Dataset
from derisk.losses import spread
from derisk.network import Change
from derisk.scenario import Scenario, scenario_yaml
from derisk.sensitivity import Sensitivity
from derisk.study.answer import answer_words
from derisk.study.assumption_table import assumption_summary, write_assumptions
from derisk.study.attribution import Divided, write_attribution
from derisk.study.checksums import ATTRIBUTION, FILES, PROPAGATION, SENSITIVITY, SINGLE_FILES, checksums, checksums_of
from derisk.study.elasticities import demand_elasticities
from derisk.study.folder import WITHOUT_REMEDIES, make_folder
from derisk.study.manifest import MANIFEST, Identity, read_manifest, write_json, write_text
from derisk.study.parts import parts_of
from derisk.study.propagation_table import write_propagation
from derisk.study.summary import converged_draws, losses_by_draw
from derisk.version import __version__

_CHANGES_KEPT = 60


def identity_of(scenario: Scenario, dataset: Dataset, *, seed: int) -> Identity:
    """What the numbers of a study depend on."""
    return Identity(
        scenario=scenario.name,
        scenario_hash=scenario_hash(scenario),
        dataset_version=dataset.version,
        dataset_hash=dataset.hash,
        derisk_version=__version__,
        seed=seed,
        base_year=scenario.base_year,
    )


def scenario_hash(scenario: Scenario) -> str:
    """SHA-256 of the resolved scenario, without the number of draws and the seed."""
    content = {key: value for key, value in scenario.resolved().items() if key != "draws"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def start_study(
    folder: Path,
    scenario: Scenario,
    identity: Identity,
    *,
    draws: int,
    asked: Mapping[str, int],
    changes: Sequence[Change],
) -> None:
    """Write the manifest of an unfinished study, its scenario and what balancing changed.

    Args:
        folder: where the study is.
        scenario: what is run.
        identity: what its numbers depend on.
        draws: how many draws it is to have.
        asked: by table of one file, how much of it was asked for; of one with 0 the manifest does not speak.
        changes: what balancing changed.
    """
    make_folder(folder)
    for leftover in (*folder.glob(".*.tmp"), *folder.glob("*/.*.tmp")):
        leftover.unlink()
    previous = read_manifest(folder) if (folder / MANIFEST).is_file() else {}
    started = previous.get("started") or _now()
    write_json(
        folder / MANIFEST,
        {name: getattr(identity, name) for name in Identity.__slots__}
        | {
            "scenario_hash": identity.scenario_hash,
            "draws": draws,
            "started": started,
            "finished": None,
            "tables": None,
            "files": None,
        }
        | {table: wanted for table, wanted in asked.items() if wanted},
    )
    write_text(folder / "scenario.yml", scenario_yaml(scenario))
    write_json(folder / "balance.json", [asdict(change) for change in changes[:_CHANGES_KEPT]])


def finish_study(
    folder: Path,
    scenario: Scenario,
    dataset: Dataset,
    *,
    draws: int,
    numbers: Mapping[str, Any],
    without_remedies: dict[str, Any] | None,
    notes: tuple[str, ...],
    sensitivity: Sensitivity | None,
    divided: Sequence[Divided],
    asked: Mapping[str, int],
    borrowed: dict[str, Any] | None,
) -> dict[str, Any]:
    """Write `summary.json`, and the tables of one file where there are such; close the manifest with the checksums.

    Args:
        folder: where the study is.
        scenario: what was run.
        dataset: gives the sources.
        draws: how many draws it has.
        numbers: what `summarise_tables` found in its tables.
        without_remedies: summary of the run without remedies, where there is one.
        notes: measures that reach nothing.
        sensitivity: what each assumption does, where it was asked for.
        divided: the loss divided among the measures, where it was asked for.
        asked: what the manifest keeps of what was asked for, by table.
        borrowed: what other years lend to the base year.

    Returns:
        The summary.
    """
    summary = _numbers(folder, scenario, draws=draws, numbers=numbers, without_remedies=without_remedies)
    reached = summary["converged_draws"] > 0
    summary["demand_elasticities"] = demand_elasticities(summary, scenario, dataset) if reached else []
    summary["borrowed"] = borrowed
    summary["notes"] = list(notes)
    summary["sources"] = sorted(dataset.sources())
    unanswered = without_remedies is not None and summary["without_remedies"] is None
    summary["answer"] = _answer(summary, unanswered=unanswered)
    if sensitivity is not None:
        write_assumptions(folder / SINGLE_FILES[SENSITIVITY], sensitivity)
        summary[SENSITIVITY] = assumption_summary(sensitivity)
    if divided:
        summary[ATTRIBUTION] = write_attribution(folder / SINGLE_FILES[ATTRIBUTION], divided, draws=asked[ATTRIBUTION])
    losses, status = parts_of(folder, "losses"), parts_of(folder, "status")
    propagation = folder / SINGLE_FILES[PROPAGATION]
    summary[PROPAGATION] = write_propagation(propagation, losses=losses, status=status, dataset=dataset)
    write_json(folder / "summary.json", summary)
    _close(folder)
    return summary


def _numbers(
    folder: Path,
    scenario: Scenario,
    *,
    draws: int,
    numbers: Mapping[str, Any],
    without_remedies: dict[str, Any] | None,
) -> dict[str, Any]:
    """What was asked and found, in the order of `summary.json`; a run without remedies counts where a draw has one."""
    labels = scenario.month_labels()
    summary: dict[str, Any] = {
        "scenario": scenario.name,
        "question": scenario.question,
        "answer": "",
        "base_year": scenario.base_year,
        "start": labels[0],
        "months": len(labels),
        "draws": draws,
    }
    summary |= numbers
    known = without_remedies is not None and without_remedies["converged_draws"] > 0
    summary["without_remedies"] = without_remedies if known else None
    summary["saved_musd"] = _saved(folder) if known and summary["converged_draws"] else None
    return summary


def _answer(summary: dict[str, Any], *, unanswered: bool) -> str:
    """The answer in words; `unanswered` is the question what the levers do."""
    if not summary["converged_draws"]:
        return "No draw reached equilibrium."
    rest = " Without the levers no draw reached equilibrium, so their effect is not known."
    return answer_words(summary) + (rest if unanswered else "")


def _close(folder: Path) -> None:
    """Say in the manifest that the study is finished, with the checksums of its files."""
    manifest = read_manifest(folder)
    manifest["finished"] = _now()
    manifest["tables"] = checksums(folder)
    manifest["files"] = checksums_of([folder / name for name in FILES])
    write_json(folder / MANIFEST, manifest)


def _saved(folder: Path) -> dict[str, float] | None:
    """What the remedies save, draw by draw: both runs of a draw meet the same chances."""
    before, after = (
        (losses_by_draw(parts_of(path, "losses")), converged_draws(parts_of(path, "status")))
        for path in (folder / WITHOUT_REMEDIES, folder)
    )
    both = sorted(before[1] & after[1])
    return spread([before[0].get(draw, 0.0) - after[0].get(draw, 0.0) for draw in both]) if both else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
