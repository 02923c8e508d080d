"""Export: a selection of the dataset written in one of the formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from derisk.data.exports.data_package import write_data_package
from derisk.data.exports.plain_files import write_csv, write_parquet
from derisk.data.exports.selection import Selection, select
from derisk.data.exports.workbook import write_xlsx
from derisk.errors import InputError, Problem, unknown_word

if TYPE_CHECKING:
    from derisk.data.dataset import Dataset

FORMATS: Final[Mapping[str, Callable[[Selection, Path], list[Path]]]] = {
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
    "datapackage": write_data_package,
}
_ENDINGS: Final = {"xlsx": (".xlsx",)}


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and which of it may not be passed on."""

    path: str
    format: str
    files: tuple[str, ...]
    tables: Mapping[str, int]
    rows: int
    """Rows among them; the rest are records."""
    sources: tuple[str, ...]
    restricted_sources: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The answer as `derisk data export --json` prints it."""
        return {
            "path": self.path,
            "format": self.format,
            "files": list(self.files),
            "rows": self.rows,
            "tables": dict(self.tables),
            "sources": list(self.sources),
            "restricted_sources": list(self.restricted_sources),
        }


def export_dataset(
    dataset: Dataset,
    out: Path,
    *,
    form: str,
    materials: Sequence[str] = (),
    tables: Sequence[str] = (),
    licences: str = "any",
) -> Exported:
    """Write rows, chosen and not, records and sources.

    Args:
        out: a file for xlsx, a folder or a zip for datapackage, a folder or a file for csv and parquet.
        form: csv, xlsx, parquet or datapackage.
        materials, tables, licences: as `select` takes them.

    Raises:
        InputError: unknown format or word; a table that its format cannot hold.
    """
    if form not in FORMATS:
        raise InputError(unknown_word("format", form, tuple(FORMATS)))
    endings = _ENDINGS.get(form, ())
    if endings and out.suffix not in endings:
        raise InputError(Problem(f"'{out.name}' is no name for {form}", str(out), f"a file that ends in {endings[0]}"))
    selection = select(dataset, materials=materials, tables=tables, licences=licences)
    files = FORMATS[form](selection, out)
    return Exported(
        path=str(out),
        format=form,
        files=tuple(str(path) for path in files),
        tables={name: len(frame) for name, frame in selection.tables.items()},
        rows=sum(len(selection.tables[name]) for name in selection.row_tables),
        sources=tuple(source.id for source in selection.sources),
        restricted_sources=tuple(source.id for source in selection.restricted()),
    )
