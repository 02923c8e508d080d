"""Plant words: of which plants the brief says that they run far below their base, and how it says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, count, percent
from derisk.losses.order import by_size
from derisk.vocabulary.names import good_label, in_sentence, listed, month_in_sentence, region_in_sentence
from derisk.vocabulary.processes import NEW_PREFIX, PROCESSES

FAR_BELOW: Final = 0.5
"""Plants are told of that run at less than this part of their base load.

A single plant that can sell no more than half of what it makes is not kept running for years (`least_load_share` of
docs/theory/plants.md)."""


_RULES: Final = {
    "load_share": "tonnes made in the last twelve months over what stands, idle or not, in the table production",
    "base_load_share": "base flows out of the region over what its plants could make",
    "idled_from": "first month from which on less than half of what stands is in service",
}
Plant = Mapping[str, Any]
"""A row of the summary's `plants`."""
Key = tuple[str, str, str]
"""Process, good and region of a plant."""


@dataclass(frozen=True, slots=True)
class PlantRun:
    """One run of a study."""

    words: str
    """`without` or `with` the levers, or of the only run what heads its column."""
    place: str
    """Key of the summary under which its plants stand."""
    plants: Mapping[Key, Plant]


def reference_load(plant: Mapping[str, Any]) -> float:
    """The load of a plant in the base year; of a new one all that it can make."""
    base = plant["base_load_share"]
    return 1.0 if base is None else float(base)


def is_far_below(plant: Mapping[str, Any]) -> bool:
    """Whether a row of the summary's `plants` runs far below its base load, in the median draw."""
    return float(plant["load_share"]) < FAR_BELOW * reference_load(plant)


def plant_label(process: str, good: str) -> str:
    """Name of a kind of plant: `Cobalt refining`, `New plant of NdFeB magnets`."""
    if process in PROCESSES and PROCESSES[process].label:
        return PROCESSES[process].label
    number = process.removeprefix(f"{NEW_PREFIX}{good}").removeprefix("_")
    which = {"": "New plant", "2": "Second new plant", "3": "Third new plant"}.get(number, "Further new plant")
    return f"{which} of {in_sentence(good_label(good))}"


def told_plants(keys: Sequence[Key]) -> str:
    """Plants inside a sentence, those of one kind together: `cobalt refining in Finland and Japan`.

    Args:
        keys: process, good and region of each.
    """
    regions: dict[str, list[str]] = {}
    for process, good, region in keys:
        name = in_sentence(plant_label(process, good))
        article = "the " if process.startswith(NEW_PREFIX) else ""
        regions.setdefault(article + name, []).append(region_in_sentence(region))
    return listed([f"{name} in {listed(places, most=4)}" for name, places in regions.items()], most=3)


def plant_runs(summary: Mapping[str, Any]) -> tuple[PlantRun, ...]:
    """The run without the levers and the one with them, or the only run."""

    def keyed(part: Mapping[str, Any]) -> dict[Key, Plant]:
        return {(str(p["process"]), str(p["good"]), str(p["region"])): p for p in part.get("plants") or []}

    before = summary.get("without_remedies")
    if not before:
        return (PlantRun("runs at", "plants", keyed(summary)),)
    return (
        PlantRun("without", "without_remedies.plants", keyed(before)),
        PlantRun("with", "plants", keyed(summary)),
    )


def plant_keys(runs: Sequence[PlantRun]) -> list[Key]:
    """Plants far below their base load or idled in a run, those first whose idle output is worth most."""
    worth: dict[Key, float] = {}
    for run in runs:
        for key, plant in run.plants.items():
            if is_far_below(plant) or plant["idled_from"]:
                worth[key] = max(worth.get(key, 0.0), float(plant["idle_output_musd"]))
    return sorted(worth, key=lambda key: by_size(worth[key], *key))


def plant_lineage(run: PlantRun, key: Key, column: str) -> dict[str, str]:
    """Where a number of a plant comes from."""
    return {
        "summary": f"{run.place}.{column}",
        "filter": f"process={key[0]}, good={key[1]}, region={key[2]}",
        "rule": _RULES[column],
        "statistic": "median of the converged draws",
    }


def plant_share(run: PlantRun, key: Key, column: str, ledger: Ledger) -> Number:
    """A load of a plant, as per cent."""
    return ledger.number(float(run.plants[key][column]), percent, plant_lineage(run, key, column))


def plants_lede(rows: Sequence[Key], runs: Sequence[PlantRun], ledger: Ledger) -> Markup:
    """How many plants run far below their base, what the levers change in that, and which are idled since when."""
    counts = [_count_words(run, ledger) for run in runs]
    start = "In the last year less than half of their load of the base year is left to {} plants"
    words = start + (" without the levers, to {} with them." if len(runs) > 1 else ".")
    told = [*_changed_words(rows, runs, ledger), *_idled_words(rows, runs, ledger)] or [
        _first_words(rows[0], runs, ledger)
    ]
    return Markup(" ").join([Markup(words).format(*counts), *told])


def _first_words(key: Key, runs: Sequence[PlantRun], ledger: Ledger) -> Markup:
    """The plant whose idle output is worth most, in the last run that has it."""
    run = [run for run in runs if key in run.plants][-1]
    words = Markup("The most valuable idle output is that of {}, at {} of what it could make{}.")
    load, base = plant_share(run, key, "load_share", ledger), Markup("")
    if run.plants[key]["base_load_share"] is not None:
        base = Markup(" and {} in the base year").format(plant_share(run, key, "base_load_share", ledger))
    return words.format(told_plants([key]), load, base)


def _count_words(run: PlantRun, ledger: Ledger) -> Markup:
    """`3 of 241`."""
    rule = f"plants whose load_share is below {FAR_BELOW:g} of base_load_share, of a new plant below {FAR_BELOW:g}"
    far = ledger.number(sum(is_far_below(p) for p in run.plants.values()), count, {"summary": run.place, "rule": rule})
    every = ledger.number(len(run.plants), count, {"summary": run.place, "rule": "number of rows"})
    return Markup("{} of {}").format(far, every)


def _changed_words(rows: Sequence[Key], runs: Sequence[PlantRun], ledger: Ledger) -> list[Markup]:
    """The plant that the levers keep above half, the most valuable one, and those that they bring below."""
    if len(runs) == 1:
        return []
    before, after = runs
    both = [key for key in rows if key in before.plants and key in after.plants]
    far = {key: (is_far_below(before.plants[key]), is_far_below(after.plants[key])) for key in both}
    kept, lost = ([key for key in both if far[key] == wanted] for wanted in ((True, False), (False, True)))
    sentences = []
    if kept:
        then, now = (plant_share(run, kept[0], "load_share", ledger) for run in runs)
        sentences.append(
            Markup("The levers keep {} at {} of what it can make, not {}.").format(told_plants(kept[:1]), now, then)
        )
    if lost:
        sentences.append(Markup("They bring {} below half.").format(told_plants(lost)))
    return sentences


def _idled_words(rows: Sequence[Key], runs: Sequence[PlantRun], ledger: Ledger) -> list[Markup]:
    """The most valuable plants of which the larger part is idled for good, and since when, a sentence a run."""
    sentences = []
    for run in runs:
        key = next((key for key in rows if key in run.plants and run.plants[key]["idled_from"]), None)
        if key is not None:
            lineage = plant_lineage(run, key, "idled_from")
            month = ledger.words(month_in_sentence(str(run.plants[key]["idled_from"])), lineage)
            start = "Most" if len(runs) == 1 else f"{run.words.capitalize()} the levers most"
            words = Markup("{} of {} is out of service from {} on.")
            sentences.append(words.format(start, told_plants([key]), month))
    return sentences
