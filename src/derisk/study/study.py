"""Study: everything one run produced, read back from its folder and checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from derisk.errors import InputError, Problem, StudyError, unknown_word
from derisk.study.checksums import (
    ATTRIBUTION,
    PROPAGATION,
    SENSITIVITY,
    check_file,
    check_parts,
    check_single_file,
)
from derisk.study.folder import WITHOUT_REMEDIES
from derisk.study.labels import LABELS
from derisk.study.manifest import MANIFEST, read_json, read_manifest
from derisk.study.parquet_file import read_rows
from derisk.study.parts import read_parts, sum_parts
from derisk.study.tables import TABLES

_UNITS = {
    "_usd_per_t": "USD/t of the good's basis",
    "_musd": "million USD",
    "_t": "t in the month",
    "_ratio": "ratio to the base year",
    "_share": "share",
}


class Study:
    """A finished study folder.

    Tables (`prices`, `flows`, `production`, `use`, `stocks`, `quotes`, `losses`, `transfers`, `status`) are pandas
    frames, read on first use, with words in categorical columns and units of their columns in `frame.attrs["units"]`.
    """

    def __init__(self, folder: Path, manifest: dict[str, Any], summary: dict[str, Any], *, keep: object = None) -> None:
        self.folder = folder
        self.manifest = manifest
        self.summary = summary
        self._keep = keep
        self._frames: dict[str, pd.DataFrame] = {}
        self._checked: dict[str, list[Path]] = {}
        self._without_remedies: Study | None = None

    @classmethod
    def open(cls, path: str | Path, *, keep: object = None) -> Study:
        """Open a study folder that `derisk run` or `run_study` wrote.

        Raises:
            StudyError: no study there, an unfinished one, or one whose files are damaged.
        """
        folder = Path(path)
        manifest = read_manifest(folder)
        if not manifest.get("finished"):
            raise StudyError(
                Problem(
                    f"the study in '{folder}' is not finished",
                    where=str(folder / MANIFEST),
                    allowed="a finished study",
                    hint="run the same command again to complete it",
                )
            )
        summary = read_json(check_file(folder, manifest, "summary.json"))
        return cls(folder, manifest, summary, keep=keep)

    def table(self, name: str) -> pd.DataFrame:
        """One table of the study.

        Raises:
            InputError: no such table.
            StudyError: a part of it is missing or damaged.
        """
        files = self._parts(name)
        if name not in self._frames:
            frame = read_parts(files, labels=LABELS[name])
            frame.attrs["units"] = {column: unit for column in frame.columns if (unit := _unit(column))}
            self._frames[name] = frame
        return self._frames[name]

    def sums(
        self,
        name: str,
        *,
        by: Sequence[str],
        columns: Sequence[str],
        draws: Sequence[int],
        only: Mapping[str, Collection[str]] | None = None,
        without: Mapping[str, Collection[str]] | None = None,
    ) -> pd.DataFrame:
        """Sums of a table's columns over the rows of some draws that agree in the columns `by`, in their order.

        The table is never held in memory as a whole; words come as plain text.

        Args:
            name: the table.
            by: columns of words, or `draw`.
            columns: columns to add up.
            draws: draws that count.
            only: by column, the words whose rows alone count.
            without: by column, the words whose rows do not count.

        Raises:
            InputError: no such table.
            StudyError: a part of it is missing or damaged.
        """
        parts = self._parts(name)
        return sum_parts(parts, by=by, columns=columns, draws=draws, only=only or {}, without=without or {})

    @property
    def prices(self) -> pd.DataFrame:
        """Producer, delivered and permit prices by draw, month, good and region."""
        return self.table("prices")

    @property
    def flows(self) -> pd.DataFrame:
        """Tonnes shipped by draw, month, good, origin and destination, home deliveries included."""
        return self.table("flows")

    @property
    def production(self) -> pd.DataFrame:
        """Tonnes made (positive) and taken in (negative) by draw, month, process, good and region."""
        return self.table("production")

    @property
    def use(self) -> pd.DataFrame:
        """Tonnes used and short by draw, month, good, region and use."""
        return self.table("use")

    @property
    def stocks(self) -> pd.DataFrame:
        """Opening and closing tonnes of stores and stockpiles by draw, month, good and region."""
        return self.table("stocks")

    @property
    def quotes(self) -> pd.DataFrame:
        """Prices of controlled goods at home and abroad, by draw, month and good."""
        return self.table("quotes")

    @property
    def losses(self) -> pd.DataFrame:
        """Value added lost and price transfers paid by draw, month, region, use and material."""
        return self.table("losses")

    @property
    def transfers(self) -> pd.DataFrame:
        """Gains of users, producers and traders by draw, month, region and material; they sum to zero."""
        return self.table("transfers")

    @property
    def status(self) -> pd.DataFrame:
        """Convergence, residual and reason by draw and month."""
        return self.table("status")

    @property
    def sensitivity(self) -> pd.DataFrame | None:
        """What each assumption does to the central case, the strongest first; None where no run was asked for it."""
        return self._single(SENSITIVITY)

    @property
    def propagation(self) -> pd.DataFrame | None:
        """First-round losses by industry, and what becomes of them through the economy; None in older studies."""
        return self._single(PROPAGATION)

    @property
    def attribution(self) -> pd.DataFrame | None:
        """The loss divided among the measures; None where no run was asked for it."""
        return self._single(ATTRIBUTION)

    def _single(self, name: str) -> pd.DataFrame | None:
        file = check_single_file(self.folder, self.manifest, name)
        return None if file is None else read_rows(file)

    @property
    def scenario_text(self) -> str:
        """The resolved scenario as YAML."""
        return check_file(self.folder, self.manifest, "scenario.yml").read_text(encoding="utf-8")

    @property
    def balance_changes(self) -> list[dict[str, Any]]:
        """What balancing the base year changed, largest first."""
        return list(read_json(check_file(self.folder, self.manifest, "balance.json")))

    @property
    def without_remedies(self) -> Study | None:
        """The same scenario without its remedies, where it has any; opened once."""
        if self._without_remedies is None and self.summary["without_remedies"]:
            self._without_remedies = Study.open(self.folder / WITHOUT_REMEDIES)
        return self._without_remedies

    def _parts(self, name: str) -> list[Path]:
        """The parts of a table, checked when first asked for."""
        if name not in TABLES:
            raise InputError(unknown_word("table", name, TABLES))
        if name not in self._checked:
            self._checked[name] = check_parts(self.folder, self.manifest, name)
        return self._checked[name]

    def __repr__(self) -> str:
        summary = self.summary
        return (
            f"Study({summary['scenario']}, {summary['months']} months, {summary['draws']} draws, {str(self.folder)!r})"
        )


def draws_converged(status: pd.DataFrame) -> list[int]:
    """Draws of which every month reached equilibrium, in order.

    Args:
        status: the table `status`, or any with its columns `draw` and `converged`.
    """
    draws, place = np.unique(status["draw"].to_numpy(), return_inverse=True)
    failed = np.bincount(place, ~status["converged"].to_numpy(dtype=bool), minlength=len(draws))
    return [int(draw) for draw in draws[failed == 0]]


def _unit(column: str) -> str:
    return next((unit for suffix, unit in _UNITS.items() if column.endswith(suffix)), "")
