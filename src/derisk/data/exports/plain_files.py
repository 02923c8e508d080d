"""Plain files: the tables of a selection as CSV or Parquet, one file each or all rows in one, sources beside them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from derisk.data.exports.selection import Selection
from derisk.data.parquet import open_tables, quoted
from derisk.data.tables import TABLE_NAMES
from derisk.errors import InputError, Problem, name_some

if TYPE_CHECKING:
    import pandas as pd

SOURCES: Final = "sources"
README: Final = "README.md"


def write_csv(selection: Selection, out: Path) -> list[Path]:
    """Write CSV files: into `out` as a folder, or all rows into `out` where it is named `.csv`.

    Raises:
        InputError: the folder holds somebody else's files.
    """
    return _write(selection, out, ending="csv")


def write_parquet(selection: Selection, out: Path) -> list[Path]:
    """Write Parquet files: into `out` as a folder, or all rows into `out` where it is named `.parquet`.

    Raises:
        InputError: the folder holds somebody else's files.
    """
    return _write(selection, out, ending="parquet")


def sources_beside(file: Path) -> Path:
    """Where the sources of a single file of rows stand."""
    return file.with_name(f"{file.stem}.sources{file.suffix}")


def _write(selection: Selection, out: Path, *, ending: str) -> list[Path]:
    if out.suffix == f".{ending}":
        return _write_single(selection, out)
    out.mkdir(parents=True, exist_ok=True)
    _demand_own_folder(out, ending)
    for name in TABLE_NAMES:
        (out / f"{name}.{ending}").unlink(missing_ok=True)
    tables = {**selection.tables, SOURCES: selection.source_table()}
    paths = []
    for name, frame in tables.items():
        paths.append(out / f"{name}.{ending}")
        write_frame(frame, paths[-1])
    (out / README).write_text("\n".join(selection.readme()) + "\n", encoding="utf-8")
    return [*paths, out / README]


def _demand_own_folder(out: Path, ending: str) -> None:
    """An export takes the place of an older one, told by its sources, and of no file of anybody else's.

    Raises:
        InputError: the folder holds files of the names that would be written, and none of sources.
    """
    names = [*(f"{name}.{ending}" for name in TABLE_NAMES), README]
    taken = [name for name in names if (out / name).exists()]
    is_export = any((out / f"{SOURCES}.{of}").exists() for of in ("csv", "parquet"))
    if taken and not is_export:
        what = f"'{out}' holds files that no export wrote: {name_some(taken)}"
        allowed, hint = "a new or empty folder, or one of an older export", "name another folder"
        raise InputError(Problem(what, str(out), allowed, hint))


def _write_single(selection: Selection, out: Path) -> list[Path]:
    import pandas as pd

    out.parent.mkdir(parents=True, exist_ok=True)
    names = selection.row_tables or tuple(selection.tables)[:1]
    write_frame(pd.concat([selection.tables[name] for name in names], ignore_index=True), out)
    write_frame(selection.source_table(), sources_beside(out))
    return [out, sources_beside(out)]


def write_frame(frame: pd.DataFrame, path: Path) -> None:
    """One table as one file; numbers are written so that they read back exactly."""
    part = path.with_name(f"{path.name}.part")
    if path.suffix == ".csv":
        frame.to_csv(part, index=False, lineterminator="\n", encoding="utf-8")
    else:
        with open_tables() as connection:
            connection.register("frame", frame)
            connection.execute(f"COPY frame TO '{quoted(part)}' (FORMAT parquet, COMPRESSION zstd)")
    part.replace(path)
