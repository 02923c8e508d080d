"""User's sources: what the user's dataset holds, and how a source leaves it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from derisk.data.build import EMBEDDED
from derisk.data.merging import read_package, with_user_rows
from derisk.data.parquet import open_tables, quoted
from derisk.data.user_dataset import PREFIX, create_user_rows, locked, read_user_sources, user_folder, write_user_file
from derisk.data.user_tables import forget_cells, read_cells
from derisk.errors import DatasetError, Problem, name_some


def forget_source(source: str, *, user: Path | None = None, package: Path = EMBEDDED) -> int:
    """Take a source's rows out of the user's dataset; returns how many.

    Raises:
        DatasetError: the user's dataset holds none of it; names the sources it has.
    """
    folder = user_folder() if user is None else user
    with open_tables() as connection, locked(folder):
        create_user_rows(connection, folder, table="mine")
        held = connection.execute("SELECT file, count(*) FROM mine WHERE source = ? GROUP BY file", [source]).fetchall()
        cells = forget_cells(folder, source)
        if not held and not cells:
            known = [word for (word,) in connection.execute("SELECT DISTINCT source FROM mine ORDER BY 1").fetchall()]
            what = f"the user's dataset holds no row of '{source}'"
            raise DatasetError(Problem(what, str(folder), name_some(known) or "nothing yet", "derisk data mine"))
        for name, _ in held:
            rest = f"FROM mine WHERE file = '{quoted(name)}' AND source <> '{quoted(source)}'"
            write_user_file(connection, rest, folder / name.removeprefix(PREFIX))
        (folder / "sources" / f"{source}.yml").unlink(missing_ok=True)
    with_user_rows(package, folder)
    return cells + sum(count for _, count in held)


def list_user_sources(*, user: Path | None = None, package: Path = EMBEDDED) -> list[dict[str, Any]]:
    """What the user's dataset holds: each source with its licence and the number of its rows."""
    folder = user_folder() if user is None else user
    known = read_user_sources(folder) | read_package(package).sources
    with open_tables() as connection:
        create_user_rows(connection, folder, table="mine")
        counted = Counter(dict(connection.execute("SELECT source, count(*) FROM mine GROUP BY source").fetchall()))
    counted.update(cell["source"] for cell in read_cells(folder))
    return [
        {
            "source": source,
            "title": known[source].title if source in known else "",
            "licence": known[source].licence if source in known else "",
            "shippable": known[source].shippable if source in known else False,
            "rows": count,
        }
        for source, count in sorted(counted.items())
    ]
