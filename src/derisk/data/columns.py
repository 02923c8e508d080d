"""Columns: a built dataset's rows as arrays, words as codes into sorted lists, long texts read when first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from derisk.data.built import REBUILD
from derisk.data.parquet import CODED, quoted, read_words
from derisk.data.rows import COLUMNS, DERIVED_COLUMNS, NUMBERS
from derisk.errors import DatasetError, Problem

if TYPE_CHECKING:
    import pandas as pd
    from duckdb import DuckDBPyConnection

Places = np.ndarray
"""Numbers of rows, counted from 0."""
ALL_COLUMNS: Final = (*COLUMNS, *DERIVED_COLUMNS)
_DECISIONS: Final = ("choice", "range_from", "correction", "stated_low", "stated_high", "file", "line")
_TEXT_GROUPS: Final = (("row_id", "locator", "note"), _DECISIONS)
"""Columns read together: those of every answer, and those that tell what the build decided."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows of one version of the dataset, column by column; never changed once made."""

    path: Path
    """The Parquet file that holds them."""
    size: int
    codes: Mapping[str, np.ndarray]
    """Place in `words` of each coded column, (row,)."""
    words: Mapping[str, np.ndarray]
    numbers: Mapping[str, np.ndarray]
    """`value`, `low` and `high`, absent ones as NaN, (row,)."""
    chosen: np.ndarray
    texts: dict[str, np.ndarray] = field(default_factory=dict)
    """The other columns, filled when first asked for."""
    stamp: tuple[int, int] = (0, 0)

    def column(self, name: str, places: Places) -> np.ndarray:
        """Cells of a column."""
        if name in self.codes:
            return self.words[name][self.codes[name][places]]
        if name in self.numbers:
            return self.numbers[name][places]
        if name == "chosen":
            return self.chosen[places]
        if name not in self.texts:
            self._read_texts(name)
        return self.texts[name][places]

    def frame(self, places: Places, names: Sequence[str]) -> pd.DataFrame:
        """Rows as a table of its own."""
        import pandas as pd

        index = pd.RangeIndex(len(places))
        cells = {name: self.column(name, places) for name in names}
        rows = {name: pd.Series(cell, index=index, dtype=cell.dtype, copy=False) for name, cell in cells.items()}
        return pd.DataFrame(rows, index=index, copy=False)

    def code_of(self, name: str, word: str) -> int:
        """Place of a word in its column's list, -1 where no row has it."""
        at = np.flatnonzero(self.words[name] == word)
        return int(at[0]) if len(at) else -1

    def among(self, name: str, words: Iterable[str], places: Places) -> np.ndarray:
        """Whether each row's word is one of those given, (place,)."""
        wanted = [code for code in (self.code_of(name, word) for word in words) if code >= 0]
        known = np.zeros(len(self.words[name]), dtype=bool)
        known[wanted] = True
        return known[self.codes[name][places]]

    def key_of(self, names: Sequence[str], places: Places) -> np.ndarray:
        """One number for each combination of words, (place,)."""
        key = np.zeros(len(places), dtype=np.int64)
        for name in names:
            key = key * len(self.words[name]) + self.codes[name][places]
        return key

    def changed(self, places: Places, cells: Mapping[str, Any]) -> Columns:
        """The same rows with other cells at some places."""
        self._read_texts("row_id")
        self._read_texts("choice")
        codes, words = dict(self.codes), dict(self.words)
        numbers, texts = dict(self.numbers), dict(self.texts)
        for name, cell in cells.items():
            if name in codes:
                at = self.code_of(name, cell)
                if at < 0:
                    at = len(words[name])
                    words[name] = np.append(words[name], np.array([cell], dtype=object))
                codes[name] = codes[name].astype(np.int32)
                codes[name][places] = at
            else:
                column = (numbers if name in numbers else texts)[name].copy()
                column[places] = cell
                (numbers if name in numbers else texts)[name] = column
        return replace(self, codes=codes, words=words, numbers=numbers, texts=texts)

    def _read_texts(self, name: str) -> None:
        group = next(group for group in _TEXT_GROUPS if name in group)
        if group[0] in self.texts:
            return
        import duckdb

        try:
            if _stamp(self.path) != self.stamp:
                raise DatasetError(Problem("the dataset was built again while it was open", str(self.path), hint=_OPEN))
            with duckdb.connect() as connection:
                self.texts.update(fetch_arrays(connection, self.path, group))
        except (OSError, duckdb.Error) as error:
            raise DatasetError(Problem(f"the dataset's file is gone: {error}", str(self.path), hint=_OPEN)) from error


_OPEN: Final = "open the dataset again"


def read_columns(connection: DuckDBPyConnection, path: Path) -> Columns:
    """Rows of a built dataset's Parquet file.

    Raises:
        duckdb.Error, OSError: the file is absent or damaged.
        DatasetError: it was written by another version of derisk.
    """
    stamp = _stamp(path)
    words = read_words(connection, path)
    if set(words) != set(CODED):
        raise DatasetError(
            Problem("built dataset is another version's", str(path), "one that this derisk built", REBUILD)
        )
    coded = [f"enum_code({name}::{_enumeration(words[name])}) AS {name}" for name in CODED]
    found = fetch_arrays(connection, path, (*coded, *NUMBERS, "chosen"))
    return Columns(
        path=path,
        size=len(found["chosen"]),
        codes={name: found[name] for name in CODED},
        words={name: np.array(words[name], dtype=object) for name in CODED},
        numbers={name: found[name] for name in NUMBERS},
        chosen=found["chosen"].astype(bool),
        stamp=stamp,
    )


def fetch_arrays(connection: DuckDBPyConnection, path: Path, names: Sequence[str] = ("*",)) -> dict[str, np.ndarray]:
    """Columns of a Parquet file; absent numbers as NaN."""
    found: dict[str, Any] = connection.execute(
        f"SELECT {', '.join(names)} FROM read_parquet('{quoted(path)}')"
    ).fetchnumpy()
    return {name: _filled(column) for name, column in found.items()}


def _filled(column: np.ndarray) -> np.ndarray:
    if column.dtype.kind == "f":
        return np.asarray(np.ma.filled(column, np.nan), dtype=np.float64)
    return np.asarray(np.ma.getdata(column))


def _enumeration(words: Sequence[str]) -> str:
    listed = ", ".join(f"'{quoted(word)}'" for word in words) or "''"
    return f"ENUM({listed})"


def _stamp(path: Path) -> tuple[int, int]:
    told = path.stat()
    return (told.st_mtime_ns, told.st_size)
