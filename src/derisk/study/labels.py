"""Labels: months of index arrays become one frame with categorical columns and a fixed schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_AXIS_OF_COLUMN = {"origin": "region", "destination": "region", "home": "region"}

COLUMNS: dict[str, dict[str, str]] = {
    "prices": {
        "good": "label",
        "region": "label",
        "producer_price_usd_per_t": "float64",
        "delivered_price_usd_per_t": "float64",
        "delivered_price_ratio": "float64",
        "permit_price_usd_per_t": "float64",
    },
    "flows": {
        "good": "label",
        "origin": "label",
        "destination": "label",
        "quantity_t": "float64",
        "base_quantity_t": "float64",
    },
    "production": {
        "process": "label",
        "good": "label",
        "region": "label",
        "quantity_t": "float64",
        "capacity_t": "float64",
    },
    "use": {
        "good": "label",
        "region": "label",
        "use": "label",
        "quantity_t": "float64",
        "base_quantity_t": "float64",
        "shortfall_t": "float64",
        "rationed": "bool",
    },
    "stocks": {"good": "label", "region": "label", "opening_t": "float64", "quantity_t": "float64"},
    "quotes": {
        "good": "label",
        "home": "label",
        "home_price_usd_per_t": "float64",
        "abroad_price_usd_per_t": "float64",
        "marginal_price_usd_per_t": "float64",
        "base_price_usd_per_t": "float64",
    },
    "losses": {
        "region": "label",
        "use": "label",
        "material": "label",
        "value_added_lost_musd": "float64",
        "price_transfer_musd": "float64",
        "forgone_value_musd": "float64",
        "value_added_assumed": "bool",
    },
    "transfers": {"region": "label", "party": "label", "material": "label", "gain_musd": "float64"},
}
"""Columns of every table after `draw` and `month`: a `label` is a word of the axis of its name."""

LABELS: dict[str, tuple[str, ...]] = {
    **{
        table: ("month", *(name for name, kind in kinds.items() if kind == "label")) for table, kinds in COLUMNS.items()
    },
    "status": ("month", "reason"),
}
"""Columns of every table that hold words."""

MonthRows = Mapping[str, NDArray[Any]]
"""One month's columns: index arrays for labels, numbers as they are."""


def axis_of(column: str) -> str:
    """The axis whose words a column holds."""
    return _AXIS_OF_COLUMN.get(column, column)


@dataclass(frozen=True, slots=True)
class Labels:
    """The words of each axis of one draw."""

    axes: Mapping[str, tuple[str, ...]]

    def codes(self, axis: str, words: Sequence[str]) -> NDArray[np.int64]:
        """Position of each word on an axis."""
        place = {word: position for position, word in enumerate(self.axes[axis])}
        return np.array([place[word] for word in words], dtype=np.int64)

    def frame(
        self, table: str, *, draw: int, months: Sequence[str], rows: Sequence[tuple[int, MonthRows]]
    ) -> pd.DataFrame:
        """All months of one table in one frame.

        Args:
            table: which table; fixes columns and types, also where there are no rows.
            draw: number of the draw.
            months: labels of all months.
            rows: position of a month in `months`, and its columns.
        """
        counts = [len(next(iter(month.values()))) for _, month in rows]
        positions = np.repeat(np.array([position for position, _ in rows], dtype=np.int64), counts)
        columns: dict[str, Any] = {
            "draw": np.full(len(positions), draw, dtype=np.int32),
            "month": _categorical(positions, months),
        }
        for name, kind in COLUMNS[table].items():
            values = np.concatenate([month[name] for _, month in rows]) if rows else np.zeros(0)
            if kind == "label":
                columns[name] = _categorical(values, self.axes.get(axis_of(name), ()))
            else:
                columns[name] = values.astype(kind, copy=False)
        return pd.DataFrame(columns, copy=False)


def _categorical(codes: NDArray[Any], words: Sequence[str]) -> Any:
    dtype = _words_type(tuple(words))
    return pd.Categorical.from_codes(codes.astype(_code_type(len(words))), dtype=dtype, validate=False)


@lru_cache(maxsize=64)
def _words_type(words: tuple[str, ...]) -> pd.CategoricalDtype:
    """The type of a column of words, made once for all draws."""
    return pd.CategoricalDtype(list(words))


def _code_type(words: int) -> type[np.signedinteger[Any]]:
    return np.int8 if words < 127 else np.int16
