"""The dataset in memory: its chosen rows by field, its sources, projects and events."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from derisk.data.assumptions import USER_SOURCE, replace_rows
from derisk.data.base_years import balanced_years
from derisk.data.build import EMBEDDED, ROWS_FILE
from derisk.data.built import read_built, read_manifest, reading_built
from derisk.data.columns import ALL_COLUMNS, Columns, Places, fetch_arrays, read_columns
from derisk.data.fields import FIELDS
from derisk.data.merging import with_user_rows
from derisk.data.records import RECORD_TABLES
from derisk.data.rows import COLUMNS, KEY
from derisk.data.sources import Source
from derisk.data.user_dataset import user_folder
from derisk.errors import InputError, Problem, unknown_word

if TYPE_CHECKING:
    import pandas as pd

Words = str | Iterable[str] | None
"""A word, several, or any."""
Table = Mapping[str, np.ndarray]
"""A table of records, column by column."""
_YEAR: Final = re.compile(r"\d{4}")
_SHOWN: Final = (*COLUMNS, "row_id")
_OTHER_WORDS: Final = tuple(name for name in KEY if name != "period")


def load_dataset(folder: str | Path | None = None) -> Dataset:
    """The package's dataset with the user's own rows laid over it, or the built one in `folder`.

    The user's rows are those of `derisk data import`, in the folder that `DERISK_DATA` names.

    Raises:
        DatasetError: the folder holds no built dataset, or a damaged one; the user's rows break a rule.
    """
    import duckdb

    home = with_user_rows(EMBEDDED, user_folder()) if folder is None else Path(folder)
    manifest, records = read_manifest(home), read_built(home, "sources")
    with reading_built(home), duckdb.connect() as connection:
        columns = read_columns(connection, home / ROWS_FILE)
        tables = {name: fetch_arrays(connection, home / f"{name}.parquet") for name in _record_files(home)}
        sources = {record["id"]: Source(**record) for record in records}
    return Dataset(columns, sources, tables, manifest)


def _record_files(home: Path) -> tuple[str, ...]:
    return tuple(name for name in (*RECORD_TABLES, "input_output") if (home / f"{name}.parquet").exists())


class Dataset:
    """Rows, sources, projects and events of one version of the dataset.

    Immutable: every answer is a copy, so one dataset serves any number of threads.
    """

    def __init__(
        self,
        columns: Columns,
        sources: Mapping[str, Source],
        records: Mapping[str, Table],
        manifest: Mapping[str, Any],
    ) -> None:
        self._columns = columns
        self._sources = dict(sources)
        self._records = dict(records)
        self._manifest = dict(manifest)
        codes = columns.codes["field"]
        order, fields = np.argsort(codes, kind="stable"), columns.words["field"]
        ends = np.cumsum(np.bincount(codes, minlength=len(fields))).tolist()
        starts = [0, *ends]
        self._places = {field: order[start:end] for field, start, end in zip(fields, starts, ends)}

    def __repr__(self) -> str:
        rows, sources = self._manifest.get("rows", 0), len(self._sources)
        return f"Dataset({self.version}, {rows} rows, {sources} sources, hash {self.hash[:12]})"

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

    @property
    def wanted_goods(self) -> tuple[str, ...]:
        """Goods that a network built from this dataset is about; empty: every good there is a process for."""
        return tuple(self._manifest.get("wanted_goods", ()))

    def about(self, goods: Iterable[str]) -> Dataset:
        """The same rows, asked about some goods alone: a network built from them leaves the others out."""
        wanted = tuple(goods)
        told = hashlib.sha256(f"{self.hash}{json.dumps(wanted)}".encode()).hexdigest()
        manifest = {**self._manifest, "hash": told, "wanted_goods": wanted}
        return Dataset(self._columns, self._sources, self._records, manifest)

    def base_years(self) -> tuple[int, ...]:
        """Years that a network can be balanced for, from the first with GDP to the newest with trade."""
        chosen = {name: places[self._columns.chosen[places]] for name, places in self._places.items()}
        return balanced_years(self._columns, chosen)

    @property
    def folder(self) -> Path:
        """The folder of the built dataset."""
        return self._columns.path.parent

    def record_names(self) -> tuple[str, ...]:
        """Tables of records that `records` answers."""
        return tuple(self._records)

    def records(self, name: str) -> pd.DataFrame:
        """A table of records, one line each: projects, events, deposits, policies, bills_of_materials, input_output.

        Raises:
            InputError: there is no such table.
        """
        import pandas as pd

        if name not in self._records:
            raise InputError(unknown_word("table of records", name, tuple(self._records)))
        cells = self._records[name]
        return pd.DataFrame({column: pd.Series(words.copy(), dtype=words.dtype) for column, words in cells.items()})

    def projects(self) -> pd.DataFrame:
        """Projects, one line each."""
        return self.records("projects")

    def count_rows(self, column: str) -> dict[str, int]:
        """How many rows, chosen or not, hold each word of a column: source, field, good, ..."""
        counts = np.bincount(self._columns.codes[column], minlength=len(self._columns.words[column])).tolist()
        return {word: count for word, count in zip(self._columns.words[column], counts) if count}

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
        places = places[self._columns.chosen[places]]
        if period is not None:
            places = self._newest(places, str(period), fallback_years)
        return self._columns.frame(places, _SHOWN)

    def latest(self, field: str | Iterable[str], *, up_to: str | int, **words: Words) -> pd.DataFrame:
        """Newest chosen row of each key up to a year, however old."""
        return self.observations(field=field, period=up_to, fallback_years=9999, **words)

    def rows(
        self, *, field: str | Iterable[str] | None = None, period: str | int | None = None, **words: Words
    ) -> pd.DataFrame:
        """Every row, chosen or not, with what the build decided about it."""
        places = self._places_of(tuple(FIELDS) if field is None else field, words)
        if period is not None:
            places = places[self._columns.among("period", (str(period),), places)]
        return self._columns.frame(places, ALL_COLUMNS)

    def row(self, row_id: str) -> dict[str, Any]:
        """One row by its id.

        Raises:
            InputError: no row has the id.
        """
        if row_id not in self._place_of_id:
            raise InputError(
                Problem(
                    f"unknown row '{row_id}'",
                    "dataset",
                    "ids in the column row_id",
                    "derisk data table NAME --json lists them",
                )
            )
        place = np.array([self._place_of_id[row_id]])
        return {name: _plain(self._columns.column(name, place)[0]) for name in ALL_COLUMNS}

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
        """Where one figure comes from, and which others were not chosen; see `derisk.data.lineage`.

        Write `-` for a word that the row lacks: `why("-", "-", "USA", 2023, "gdp")`.
        """
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
        columns = replace_rows(self._columns, figures)
        told = json.dumps([{name: str(word) for name, word in sorted(a.items())} for a in figures])
        manifest = {**self._manifest, "hash": hashlib.sha256(f"{self.hash}{told}".encode()).hexdigest()}
        return Dataset(columns, {**self._sources, USER_SOURCE.id: USER_SOURCE}, self._records, manifest)

    @cached_property
    def _place_of_id(self) -> dict[str, int]:
        ids = self._columns.column("row_id", np.arange(self._columns.size))
        return {row_id: place for place, row_id in enumerate(ids)}

    def _places_of(self, field: str | Iterable[str], words: Mapping[str, Words]) -> Places:
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
            named = (wanted,) if isinstance(wanted, str) else wanted
            places = places[self._columns.among(column, named, places)]
        return places

    def _newest(self, places: Places, period: str, fallback_years: int) -> Places:
        if not fallback_years:
            return places[self._columns.among("period", (period,), places)]
        if not _YEAR.fullmatch(period):
            raise InputError(
                Problem(f"period '{period}' is not a year", allowed="a year, where fallback_years is given")
            )
        words = self._columns.words["period"]
        years = np.array([int(word) if _YEAR.fullmatch(word) else -1 for word in words], dtype=np.int64)
        year = years[self._columns.codes["period"][places]]
        recent = (year >= max(0, int(period) - fallback_years)) & (year <= int(period))
        places, year = places[recent], year[recent]
        key = self._columns.key_of(_OTHER_WORDS, places)
        order = np.lexsort((-year, key))
        first = np.ones(len(order), dtype=bool)
        first[1:] = key[order][1:] != key[order][:-1]
        return np.sort(places[order[first]])


def _plain(value: Any) -> Any:
    """A cell as a plain Python value, absent numbers as None."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and value != value else value


def plain_records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """A frame's lines as plain values, absent numbers as None, for JSON."""
    return [{str(name): _plain(value) for name, value in record.items()} for record in frame.to_dict("records")]
