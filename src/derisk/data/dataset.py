"""The dataset in memory: its chosen rows by field, its sources, projects and events."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
import pandas as pd

from derisk.data.assumptions import USER_SOURCE, replace_rows
from derisk.data.build import EMBEDDED
from derisk.data.fields import FIELDS
from derisk.data.rows import COLUMNS, KEY
from derisk.data.sources import Source
from derisk.errors import DatasetError, InputError, Problem, unknown_word

Words = str | Iterable[str] | None
"""A word, several, or any."""
_YEAR: Final = re.compile(r"\d{4}")
_SHOWN: Final = (*COLUMNS, "row_id")


def load_dataset(folder: str | Path | None = None) -> Dataset:
    """The reference dataset that the package carries, or the built one in `folder`.

    Raises:
        DatasetError: the folder holds no built dataset, or a damaged one.
    """
    home = EMBEDDED if folder is None else Path(folder)
    try:
        manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
        records = json.loads((home / "sources.json").read_text(encoding="utf-8"))
        with duckdb.connect() as connection:
            frames = {
                name: connection.execute("SELECT * FROM read_parquet(?)", [str(home / f"{name}.parquet")]).df()
                for name in ("observations", "projects", "events")
            }
    except FileNotFoundError as error:
        raise DatasetError(_not_built(home)) from error
    except (duckdb.Error, json.JSONDecodeError) as error:
        if not (home / "observations.parquet").exists():
            raise DatasetError(_not_built(home)) from error
        raise DatasetError(Problem(f"built dataset is damaged: {error}", str(home), hint="make dataset")) from error
    sources = {record["id"]: Source(**record) for record in records}
    return Dataset(frames["observations"], sources, frames["projects"], frames["events"], manifest)


def _not_built(home: Path) -> Problem:
    return Problem("no built dataset", str(home), "observations.parquet, sources.json, manifest.json", "make dataset")


class Dataset:
    """Rows, sources, projects and events of one version of the dataset.

    Immutable: every answer is a copy, so one dataset serves any number of threads.
    """

    def __init__(
        self,
        rows: pd.DataFrame,
        sources: Mapping[str, Source],
        projects: pd.DataFrame,
        events: pd.DataFrame,
        manifest: Mapping[str, Any],
    ) -> None:
        self._rows = rows.reset_index(drop=True)
        self._sources = dict(sources)
        self._projects = projects
        self._events = events
        self._manifest = dict(manifest)
        self._columns = {name: self._rows[name].to_numpy(dtype=object) for name in KEY}
        self._chosen = self._rows["chosen"].to_numpy(dtype=bool)
        fields = pd.Series(self._columns["field"])
        self._places = {field: np.asarray(places) for field, places in fields.groupby(fields).indices.items()}

    @property
    def version(self) -> str:
        """Version of the dataset."""
        return str(self._manifest["version"])

    @property
    def hash(self) -> str:
        """Logical hash of the content, the same whatever the order of files and lines."""
        return str(self._manifest["hash"])

    @property
    def manifest(self) -> dict[str, Any]:
        """Title, version, licence, hash and counts."""
        return dict(self._manifest)

    def sources(self) -> dict[str, Source]:
        """Sources by id."""
        return dict(self._sources)

    def base_years(self) -> tuple[int, ...]:
        """Years that a network can be balanced for: those whose trade is known."""
        periods = self.observations(field="trade")["period"].unique()
        return tuple(sorted(int(period) for period in periods if _YEAR.fullmatch(period)))

    def projects(self) -> pd.DataFrame:
        """Projects, one line each."""
        return self._projects.copy()

    def events(self) -> pd.DataFrame:
        """Acts of governments, one line each."""
        return self._events.copy()

    def observations(
        self,
        *,
        field: str | Iterable[str],
        period: str | int | None = None,
        fallback_years: int = 0,
        **words: Words,
    ) -> pd.DataFrame:
        """Chosen rows of a field, after corrections and choices.

        Args:
            field: one field or several.
            period: a year or a month; None gives every period.
            fallback_years: with a year, the newest row of each key in that many years up to it.
            **words: a word, or several, for any of material, stage, good, region, partner, use.

        Returns:
            Columns of the CSV and `row_id`; `low` and `high` reach publishers that disagree.

        Raises:
            InputError: a field or a column is not one of the dataset's.
        """
        places = self._places_of(field, words)
        places = places[self._chosen[places]]
        if period is not None:
            places = self._newest(places, str(period), fallback_years)
        return self._rows.loc[places, list(_SHOWN)].reset_index(drop=True)

    def latest(self, field: str | Iterable[str], *, up_to: str | int, **words: Words) -> pd.DataFrame:
        """Newest chosen row of each key up to a year, however old."""
        return self.observations(field=field, period=up_to, fallback_years=9999, **words)

    def rows(
        self, *, field: str | Iterable[str] | None = None, period: str | int | None = None, **words: Words
    ) -> pd.DataFrame:
        """Every row, chosen or not, with what the build decided about it."""
        places = self._places_of(tuple(FIELDS) if field is None else field, words)
        if period is not None:
            places = places[self._columns["period"][places] == str(period)]
        return self._rows.loc[places].reset_index(drop=True)

    def row(self, row_id: str) -> dict[str, Any]:
        """One row by its id.

        Raises:
            InputError: no row has the id.
        """
        if row_id not in self._place_of_id:
            raise InputError(Problem(f"unknown row '{row_id}'", "dataset", "ids in the column row_id"))
        return {str(k): _plain(v) for k, v in self._rows.loc[self._place_of_id[row_id]].items()}

    def why(
        self,
        material: str,
        stage: str,
        region: str,
        period: str | int,
        field: str = "production",
        good: str | None = None,
        *,
        partner: str | None = None,
        use: str | None = None,
    ) -> dict[str, Any]:
        """Where one figure comes from, and which others were not chosen; see `derisk.data.lineage`."""
        from derisk.data.lineage import explain

        return explain(
            self,
            material=material,
            stage=stage,
            region=region,
            period=str(period),
            field=field,
            good=good,
            partner=partner,
            use=use,
        )

    def with_assumptions(self, assumptions: Iterable[Mapping[str, Any]]) -> Dataset:
        """A dataset in which the user's own figures stand in place of the chosen rows.

        Args:
            assumptions: each with `field` and `value`, any words of the key, and optionally `low`, `high`,
                `where` ("scenario line 14") and `why`.

        Raises:
            InputError: an assumption concerns no row, or one figure would stand for several amounts.
        """
        figures = tuple(assumptions)
        frame = replace_rows(self._rows, figures)
        told = json.dumps([{name: str(word) for name, word in sorted(a.items())} for a in figures])
        manifest = {**self._manifest, "hash": hashlib.sha256(f"{self.hash}{told}".encode()).hexdigest()}
        return Dataset(frame, {**self._sources, USER_SOURCE.id: USER_SOURCE}, self._projects, self._events, manifest)

    @cached_property
    def _place_of_id(self) -> dict[str, int]:
        return {row_id: place for place, row_id in enumerate(self._rows["row_id"])}

    def _places_of(self, field: str | Iterable[str], words: Mapping[str, Words]) -> np.ndarray:
        fields = (field,) if isinstance(field, str) else tuple(field)
        for name in fields:
            if name not in FIELDS:
                raise InputError(unknown_word("field", name, tuple(FIELDS)))
        parts = [self._places[name] for name in fields if name in self._places]
        places = np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
        for column, wanted in words.items():
            if column not in KEY:
                raise InputError(unknown_word("column", column, KEY))
            if wanted is None:
                continue
            values = self._columns[column][places]
            if isinstance(wanted, str):
                places = places[values == wanted]
            else:
                allowed = frozenset(wanted)
                places = places[np.fromiter((value in allowed for value in values), dtype=bool, count=len(values))]
        return places

    def _newest(self, places: np.ndarray, period: str, fallback_years: int) -> np.ndarray:
        periods = self._columns["period"][places]
        if not fallback_years:
            return places[periods == period]
        if not _YEAR.fullmatch(period):
            raise InputError(
                Problem(f"period '{period}' is not a year", allowed="a year, where fallback_years is given")
            )
        oldest = str(max(0, int(period) - fallback_years)).zfill(4)
        newest: dict[tuple[str, ...], int] = {}
        others = [name for name in KEY if name != "period"]
        for place, year in zip(places, periods, strict=True):
            if len(year) == 4 and oldest <= year <= period:
                key = tuple(self._columns[name][place] for name in others)
                if key not in newest or self._columns["period"][newest[key]] < year:
                    newest[key] = int(place)
        return np.sort(np.fromiter(newest.values(), dtype=np.int64, count=len(newest)))


def _plain(value: Any) -> Any:
    """A cell as a plain Python value, absent numbers as None."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value


def plain_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's lines as plain values, absent numbers as None, for JSON."""
    return [{str(name): _plain(value) for name, value in record.items()} for record in frame.to_dict("records")]
