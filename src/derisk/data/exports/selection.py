"""Selection: the rows and records that leave the dataset, table by table, with the sources they name."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from derisk.data.fields import fields_of
from derisk.data.input_output import PARQUET as _FLOWS_FILE
from derisk.data.rows import COLUMNS
from derisk.data.sources import Source
from derisk.data.tables import TABLE_NAMES, table
from derisk.errors import DatasetError, InputError, Problem, unknown_word
from derisk.vocabulary.goods import MATERIALS, members
from derisk.vocabulary.spellings import unknown_id

if TYPE_CHECKING:
    import pandas as pd

    from derisk.data.dataset import Dataset

ROW_COLUMNS: Final = (
    *COLUMNS, "row_id", "chosen", "choice", "range_from", "correction", "stated_low", "stated_high",
)  # fmt: skip
"""Columns of an exported row: those of the dataset's CSV, and what the build decided."""
SOURCE_COLUMNS: Final = (
    "id", "title", "publisher", "year", "licence", "licence_url", "url", "shippable", "note",
)  # fmt: skip
_FLOWS: Final = _FLOWS_FILE.removesuffix(".parquet")


@dataclass(frozen=True, slots=True)
class Selection:
    """Tables as they are exported; those without rows are left out."""

    tables: Mapping[str, pd.DataFrame]
    sources: tuple[Source, ...]
    manifest: Mapping[str, Any]
    row_tables: tuple[str, ...]
    """Tables of rows; the others hold records."""

    def restricted(self) -> tuple[Source, ...]:
        """Sources whose licence forbids passing their rows on."""
        return tuple(source for source in self.sources if not source.shippable)

    def source_table(self) -> pd.DataFrame:
        """The sources, one line each."""
        import pandas as pd

        lines = [[getattr(source, name) for name in SOURCE_COLUMNS] for source in self.sources]
        return pd.DataFrame(lines, columns=list(SOURCE_COLUMNS))

    def readme(self) -> list[str]:
        """Lines that say what the tables are, where they come from and under which licence."""
        told = self.manifest
        lines = [
            f"{told.get('title', 'derisk dataset')}, version {told.get('version', '')}",
            f"Content: {told.get('hash', '')}",
            f"Licence: {told.get('licence', '')}",
            "",
            "One row, one number. The first eight columns say what it is about, source and locator where it stands.",
            "Rows with chosen = False are other sources' figures for the same thing; choice says why they lost.",
            "low and high reach the sources that disagree; stated_low and stated_high are then the source's own.",
            "",
            *(f"{name}: {len(frame)} lines" for name, frame in self.tables.items()),
            "",
            *(f"{s.id}: {s.title}, {s.publisher}, {s.year}. {s.licence}. {s.url}" for s in self.sources),
        ]
        if restricted := self.restricted():
            named = ", ".join(source.id for source in restricted)
            lines += ["", f"NOT TO BE PASSED ON: rows of {named}; their licences allow no redistribution."]
        return lines


def select(
    dataset: Dataset,
    *,
    materials: Sequence[str] = (),
    tables: Sequence[str] = (),
    licences: str = "any",
) -> Selection:
    """What leaves the dataset.

    Args:
        materials: those wanted, families with their element groups; none means all, and rows without material.
        tables: those wanted; none means all.
        licences: `any`, or `shippable` to leave out rows that may not be passed on.

    Raises:
        InputError: an unknown word.
        DatasetError: nothing fits.
    """
    _check_words(materials, tables)
    wanted = {word for material in materials for word in members(material)}
    kept = {source.id for source in dataset.sources().values() if source.shippable or licences == "any"}
    records = set(dataset.record_names())
    frames, row_tables = {}, []
    for name in tables or TABLE_NAMES:
        frame = _records(dataset, name, materials) if name in records else _rows(dataset, name, wanted)
        frame = frame[frame["source"].isin(kept)] if "source" in frame else frame
        if len(frame):
            frames[name] = frame.reset_index(drop=True)
            row_tables += [] if name in records else [name]
    if not frames:
        raise DatasetError(Problem("no row fits", "dataset", hint="derisk data table lists the tables and their rows"))
    named = {word for frame in frames.values() if "source" in frame for word in frame["source"]}
    sources = tuple(source for name, source in sorted(dataset.sources().items()) if name in named)
    return Selection(frames, sources, dataset.manifest, tuple(row_tables))


def _check_words(materials: Sequence[str], tables: Sequence[str]) -> None:
    problems = [unknown_word("table", name, TABLE_NAMES) for name in tables if name not in TABLE_NAMES]
    problems += [unknown_id("material", word, tuple(MATERIALS)) for word in materials if word not in MATERIALS]
    if problems:
        raise InputError(*problems)


def _rows(dataset: Dataset, name: str, materials: Collection[str]) -> pd.DataFrame:
    found = dataset.rows(field=fields_of(name), material=tuple(materials) or None)
    return found[list(ROW_COLUMNS)]


def _records(dataset: Dataset, name: str, materials: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    if not materials:
        return dataset.records(name)
    lines = (
        {}
        if name == _FLOWS
        else {str(line): line for material in materials for line in table(dataset, name, material=material)}
    )
    return pd.DataFrame(list(lines.values()), columns=list(dataset.records(name)))
