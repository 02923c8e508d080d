"""Options of a run: numbers and paths as callers give them, checked before anything is read or written."""

from __future__ import annotations

import os
from pathlib import Path

from derisk.data import Dataset
from derisk.errors import InputError, Problem
from derisk.study.manifest import MOST_DRAWS

_MOST_SEED = 2**63 - 1
_MOST_WORKERS = 1024
_MOST_RESOLVED = 1000


def check_draws(draws: object) -> int:
    """A number of draws.

    Raises:
        InputError: not a whole number, or out of range.
    """
    return _whole_number(draws, "draws", 1, MOST_DRAWS, hint="1 runs the central case alone")


def check_seed(seed: object) -> int:
    """A seed.

    Raises:
        InputError: not a whole number, or out of range.
    """
    return _whole_number(seed, "seed", 0, _MOST_SEED, hint="leave it out for the scenario's own")


def check_workers(workers: object) -> int | None:
    """A number of draws solved at once; None stands for all cores.

    Raises:
        InputError: not a whole number, or out of range.
    """
    if workers is None:
        return None
    return _whole_number(workers, "workers", 1, _MOST_WORKERS, hint="leave it out to use all cores")


def check_sensitivity(resolved: object) -> int:
    """How many assumptions are to be solved at both ends; 0 where None.

    Raises:
        InputError: not a whole number, or out of range.
    """
    if resolved is None:
        return 0
    return _whole_number(resolved, "sensitivity", 1, _MOST_RESOLVED, hint="10 suits a chart; leave it out for none")


def check_attribution(draws: object) -> int:
    """On how many draws the loss is to be divided among the measures; 0 where None.

    Raises:
        InputError: not a whole number, or out of range.
    """
    if draws is None:
        return 0
    return _whole_number(draws, "attribution", 1, MOST_DRAWS, hint="4 is quick; leave it out for none")


def check_dataset(dataset: object) -> Dataset:
    """A dataset.

    Raises:
        InputError: it is something else.
    """
    if isinstance(dataset, Dataset):
        return dataset
    what, allowed = f"dataset {dataset!r} is none", "a Dataset, or None for the one that derisk carries"
    raise InputError(Problem(what, where="dataset", allowed=allowed, hint="derisk.load_dataset(folder) gives one"))


def check_out(out: object) -> Path:
    """A path that names a folder.

    Raises:
        InputError: empty, or no path.
    """
    if isinstance(out, str | os.PathLike) and os.fspath(out):
        return Path(os.fsdecode(out))
    raise InputError(
        Problem(
            f"{out!r} names no folder",
            where="--out",
            allowed="a new or empty folder, or the folder of the same study",
            hint="name a new folder: --out studies/my-study",
        )
    )


def _whole_number(value: object, name: str, low: int, high: int, *, hint: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and low <= value <= high:
        return value
    what = f"{value} {name}" if name == "draws" and isinstance(value, int) else f"{name} {value!r}"
    allowed = f"a whole number from {low} to {high}"
    raise InputError(Problem(what, where=f"--{name}", allowed=allowed, hint=hint))
