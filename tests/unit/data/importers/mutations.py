"""Mutations: damaged copies of a publisher's file, drawn with a seed."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import openpyxl

from derisk.data.intake.printed import FORMER_STATE, find_number, find_region

HARMLESS = frozenset(
    {"written again", "other line ends", "mark of byte order", "blank line", "trailing spaces", "columns swapped"}
)
"""Damage that a reader must not even notice."""
AT_LINE_END = "cut at the end of a line"
"""Damage that only a total, a last line or a count can show."""
_YEAR = re.compile(r"(19|20)\d\d")
_PERIOD = re.compile(r"(19|20)\d\d(-\d\d(-\d\d( 00:00:00)?)?|M\d\d)?")
_PERIOD_WORDS = ("year", "date", "period")
_UNIT_WORDS = ("unit", "transformation")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged copy: what was done to it, where, and its bytes (None for a folder in its place)."""

    damage: str
    where: str
    content: bytes | None

    def write(self, folder: Path, name: str) -> Path:
        """Put the copy into a folder, under the name of the original."""
        path = folder / name
        if self.content is None:
            path.mkdir()
        else:
            path.write_bytes(self.content)
        return path


def mutants(path: Path, *, seed: int, draws: int = 3, cuts: int = 25, lines: tuple[int, ...] = ()) -> Iterator[Mutant]:
    """Damaged copies of a file.

    Args:
        draws: places drawn for each kind of damage.
        cuts: random places at which the file is cut; its last three bytes are cut in any case.
        lines: lines of the file (from 1) that hold figures which are taken over, the first choice for damage.
    """
    content = path.read_bytes()
    draw = random.Random(seed)
    yield Mutant("empty", "", b"")
    yield Mutant("folder", "", None)
    yield Mutant("packed as zip", "", _zipped(path.name, content))
    sizes = [draw.randrange(1, len(content)) for _ in range(cuts)]
    for size in (*sizes, *(len(content) - last for last in (1, 2, 3) if len(content) > last)):
        yield Mutant("cut", f"{size} of {len(content)} bytes", content[:size])
    if content.startswith(b"PK"):
        yield from _workbook_mutants(content, draw, draws)
    elif content.startswith(b"SQLite"):
        yield from _database_mutants(content, draw, draws)
    elif path.suffix == ".json":
        yield from _json_mutants(content, draw, draws)
    elif path.suffix == ".gz":
        for mutant in _text_mutants(gzip.decompress(content), draw, draws, lines):
            yield replace(mutant, content=gzip.compress(mutant.content or b"", mtime=0))
    else:
        yield from _text_mutants(content, draw, draws, lines)


def _zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    return packed.getvalue()


# ---- words and numbers, the same for every kind of file


def _misspelt(word: str) -> str:
    return word[:2] + "q" + word[2:]


@cache
def _is_country(cell: object) -> bool:
    return isinstance(cell, str) and 3 < len(cell) < 30 and find_region(cell) not in (None, FORMER_STATE)


def _is_figure(cell: object) -> bool:
    return find_number(_plain(cell)) is not None and not _YEAR.fullmatch(str(cell))


def _plain(cell: object) -> object:
    return cell.strip("%<>~ ").replace(",", "") if isinstance(cell, str) else cell


_Fits = Callable[[str, object], bool]
"""Whether a damage fits a cell, from the heading of its column and the cell."""

_CELL_DAMAGE: tuple[tuple[str, _Fits, Callable[[object], object]], ...] = (
    ("country misspelt", lambda _, cell: _is_country(cell), lambda cell: _misspelt(str(cell))),
    ("word misspelt", lambda name, cell: _is_word(name, cell), lambda cell: _misspelt(str(cell))),
    ("number turned into text", lambda _, cell: _is_figure(cell), lambda cell: "about " + str(cell)),
    ("number with a letter in it", lambda _, cell: _is_figure(cell), lambda cell: str(cell)[:1] + "O" + str(cell)[1:]),
    ("negative number", lambda _, cell: _is_figure(cell), lambda cell: _negative(cell)),
    ("year 1824", lambda name, cell: _is_period(name, cell), lambda cell: "1824" + str(cell)[4:]),
)


def _is_word(name: str, cell: object) -> bool:
    """A word that says what a figure is; notes, which are free text, are none."""
    return isinstance(cell, str) and cell[:3].isalpha() and "note" not in name.casefold() and not _is_figure(cell)


def _is_period(name: str, cell: object) -> bool:
    """A year or month in a column of such; a figure may look like a year."""
    return any(word in name.casefold() for word in _PERIOD_WORDS) and bool(_PERIOD.fullmatch(str(cell)))


def _negative(cell: object) -> object:
    return -abs(cell) if isinstance(cell, int | float) else "-" + str(cell)


def _damaged_cells(
    table: list[list[object]], lines: list[int], draw: random.Random, draws: int
) -> Iterator[tuple[str, str, list[list[object]]]]:
    """Copies of a table with one cell changed."""
    names = [str(cell or "") for cell in table[0]]
    for damage, fits, change in _CELL_DAMAGE:
        places = [(y, x) for y in lines for x, name in enumerate(names) if fits(name, table[y][x])]
        for y, x in draw.sample(places, min(draws, len(places))):
            yield damage, f"line {y + 1}, column {x + 1}: {table[y][x]!r}", _with(table, y, x, change(table[y][x]))


def _with(table: list[list[object]], y: int, x: int, cell: object) -> list[list[object]]:
    return [*table[:y], [*table[y][:x], cell, *table[y][x + 1 :]], *table[y + 1 :]]


def _without_column(table: list[list[object]], x: int) -> list[list[object]]:
    return [[*row[:x], *row[x + 1 :]] for row in table]


def _swapped(table: list[list[object]], a: int, b: int) -> list[list[object]]:
    order = list(range(len(table[0])))
    order[a], order[b] = order[b], order[a]
    return [[row[place] for place in order] if len(row) == len(order) else row for row in table]


# ---- tables of text


def _text_mutants(content: bytes, draw: random.Random, draws: int, lines: tuple[int, ...]) -> Iterator[Mutant]:
    encoding, text = _decoded(content)
    yield from _encoded_otherwise(content, text, encoding)

    def made(damage: str, where: str, changed: str) -> Mutant:
        return Mutant(damage, where, changed.encode(encoding))

    end = "\r\n" if "\r\n" in text else "\n"
    yield made("other line ends", "", text.replace("\r\n", "\n") if end == "\r\n" else text.replace("\n", "\r\n"))
    ends = [found.end() for found in re.finditer(end, text)][1:-1]
    for place in draw.sample(ends, min(2 * draws, len(ends))):
        yield made(AT_LINE_END, f"line {text.count(end, 0, place)}", text[:place])
    table: list[list[object]] = [list(row) for row in csv.reader(io.StringIO(text, newline=""))]
    known = [line - 1 for line in sorted(set(lines)) if 1 < line <= len(table) and len(table[line - 1]) > 1]
    chosen = draw.sample(known, min(60, len(known))) if known else list(range(1, len(table)))
    for damage, where, changed in _damaged_tables(table, chosen, draw, draws):
        yield made(damage, where, _written(changed, end))
    yield made("delimiter ;", "", _written(table, end, delimiter=";"))
    yield made("delimiter tab", "", _written(table, end, delimiter="\t"))
    commas = [[_decimal_comma(cell) for cell in row] for row in table]
    yield made("decimal comma", "", _written(commas, end))
    yield made("decimal comma, delimiter ;", "", _written(commas, end, delimiter=";"))
    rows = text.split(end)
    for place in draw.sample(range(1, len(rows)), min(draws, len(rows) - 1)):
        yield made("blank line", f"line {place + 1}", end.join([*rows[:place], "", *rows[place:]]))
        yield made("stray quote", f"line {place + 1}", end.join([*rows[:place], '"' + rows[place], *rows[place + 1 :]]))


def _decoded(content: bytes) -> tuple[str, str]:
    try:
        return ("utf-8-sig", content.decode("utf-8-sig")) if content.startswith(b"\xef\xbb\xbf") else (
            "utf-8", content.decode("utf-8"))  # fmt: skip
    except UnicodeDecodeError:
        return "cp1252", content.decode("cp1252")


def _encoded_otherwise(content: bytes, text: str, encoding: str) -> Iterator[Mutant]:
    yield Mutant("UTF-16", "", text.encode("utf-16"))
    yield Mutant("UTF-16 without a mark", "", text.encode("utf-16-le"))
    yield Mutant("UTF-32", "", text.encode("utf-32"))
    if encoding.startswith("utf-8"):
        yield Mutant("mark of byte order", "", "\ufeff".encode() + text.encode())
        if not text.isascii():
            for other in ("cp1252", "latin-1"):
                yield Mutant(f"saved as {other}", "", text.encode(other, errors="replace"))
    else:
        yield Mutant("saved as UTF-8", "", text.encode())
        yield Mutant("saved as UTF-8 with a mark", "", text.encode("utf-8-sig"))
    yield Mutant("saved as cp037", "", text.encode("cp037", errors="replace"))


def _damaged_tables(
    table: list[list[object]], lines: list[int], draw: random.Random, draws: int
) -> Iterator[tuple[str, str, list[list[object]]]]:
    header, width = table[0], len(table[0])
    yield "written again", "", table
    yield "header twice", "", [header, *table]
    yield "header gone", "", table[1:]
    yield "trailing spaces", "", [[f"{cell}  " for cell in row] for row in table]
    columns = draw.sample(range(width), min(4 * draws, width))
    for x in columns:
        yield "column removed", f"column {x + 1} '{header[x]}'", _without_column(table, x)
        yield "column renamed", f"column {x + 1} '{header[x]}'", _with(table, 0, x, f"{header[x]}q")
    for _ in range(draws if width > 1 else 0):
        a, b = draw.sample(range(width), 2)
        yield "columns swapped", f"columns {a + 1} and {b + 1}", _swapped(table, a, b)
    for y in draw.sample(lines, min(draws, len(lines))):
        yield "row twice", f"line {y + 1}", [*table[: y + 1], table[y], *table[y + 1 :]]
        yield "row without its last cell", f"line {y + 1}", [*table[:y], table[y][:-1], *table[y + 1 :]]
    units = [x for x, name in enumerate(header) if any(word in str(name).casefold() for word in _UNIT_WORDS)]
    for y in draw.sample(lines, min(draws, len(lines))) if units else ():
        yield "unit changed", f"line {y + 1}", _with(table, y, units[0], "bushels")
    yield from _damaged_cells(table, lines, draw, 2 * draws)


def _written(table: list[list[object]], end: str, *, delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator=end, delimiter=delimiter).writerows(table)
    return text.getvalue()


def _decimal_comma(cell: object) -> object:
    return str(cell).replace(".", ",") if re.fullmatch(r"[-<>]?\d*\.\d+%?", str(cell)) else cell


# ---- workbooks


def _workbook_mutants(content: bytes, draw: random.Random, draws: int) -> Iterator[Mutant]:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheets = {sheet: [list(row) for row in book[sheet].iter_rows(values_only=True)] for sheet in book.sheetnames}
    yield Mutant("written again", "", _saved(sheets))
    for sheet in draw.sample(list(sheets), min(3 * draws, len(sheets))):
        if len(sheets) > 1:
            rest = {name: rows for name, rows in sheets.items() if name != sheet}
            yield Mutant("sheet removed", sheet, _saved(rest))
        renamed = {f"{name[:-1]}q" if name == sheet else name: rows for name, rows in sheets.items()}
        yield Mutant("sheet renamed", sheet, _saved(renamed))
        for damage, where, rows in _damaged_sheets(sheets[sheet], draw, draws):
            yield Mutant(damage, f"{sheet}, {where}", _saved({**sheets, sheet: rows}))


def _damaged_sheets(
    rows: list[list[object]], draw: random.Random, draws: int
) -> Iterator[tuple[str, str, list[list[object]]]]:
    full = [y for y, row in enumerate(rows) if any(_is_figure(cell) for cell in row)]
    if not full:
        return
    width = max(len(row) for row in rows)
    rows = [row + [None] * (width - len(row)) for row in rows]
    for y in draw.sample(full, 1):
        yield "row twice", f"row {y + 1}", [*rows[: y + 1], rows[y], *rows[y + 1 :]]
        yield "blank line", f"row {y + 2}", [*rows[: y + 1], [None] * width, *rows[y + 1 :]]
    for x in draw.sample(range(width), min(draws, width)):
        yield "column removed", f"column {x + 1}", _without_column(rows, x)
    words = [(y, x) for y, row in enumerate(rows[: full[0] + 1]) for x, cell in enumerate(row) if isinstance(cell, str)]
    for y, x in draw.sample(words, min(draws, len(words))):
        yield "heading changed", f"row {y + 1}, column {x + 1}: {rows[y][x]!r}", _with(rows, y, x, f"q{rows[y][x]}")
    yield from _damaged_cells(rows, full, draw, draws)


def _saved(sheets: dict[str, list[list[object]]]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# ---- JSON and databases


def _json_mutants(content: bytes, draw: random.Random, draws: int) -> Iterator[Mutant]:
    text = content.decode("utf-8")
    yield from _encoded_otherwise(content, text, "utf-8")
    yield Mutant("written again", "", json.dumps(json.loads(text), indent=1).encode())
    keys = list(re.finditer(r'"([^"\n]+)"\s*:', text))
    for found in draw.sample(keys, min(20 * draws, len(keys))):
        changed = text[: found.start(1)] + _misspelt(found[1]) + text[found.end(1) :]
        yield Mutant("key renamed", f"{found.start()}: {found[1]}", changed.encode())
    numbers = list(re.finditer(r"(?<=[:\s])(\d+\.?\d*)(?=[,\s}\]])", text))
    for found in draw.sample(numbers, min(5 * draws, len(numbers))):
        for damage, word in (("number turned into text", f'"about {found[1]}"'), ("negative number", f"-{found[1]}")):
            changed = text[: found.start()] + word + text[found.end() :]
            yield Mutant(damage, f"{found.start()}: {found[1]}", changed.encode())


def _database_mutants(content: bytes, draw: random.Random, draws: int) -> Iterator[Mutant]:
    with sqlite3.connect(":memory:") as connection:
        connection.deserialize(content)
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    connection.close()
    for name in draw.sample(names, min(4 * draws, len(names))):
        yield _changed("table removed", content, f'DROP TABLE "{name}"')
        yield _changed("table renamed", content, f'ALTER TABLE "{name}" RENAME TO "{name}q"')
        columns, count = _columns(content, name)
        for column in draw.sample(columns, min(draws, len(columns))):
            yield _changed("column renamed", content, f'ALTER TABLE "{name}" RENAME COLUMN "{column}" TO "{column}q"')
            yield _changed("column removed", content, f'ALTER TABLE "{name}" DROP COLUMN "{column}"')
            line = draw.randrange(1, count + 1)
            where = f"WHERE rowid = {line}"
            if _YEAR.fullmatch(column):
                yield _changed("number turned into text", content, f'UPDATE "{name}" SET "{column}" = \'many\' {where}')
                yield _changed("negative number", content, f'UPDATE "{name}" SET "{column}" = -5 {where}')
            if column in ("Country", "unit", "data_source"):
                yield _changed(f"{column} changed", content, f'UPDATE "{name}" SET "{column}" = \'Qlandia\' {where}')
        yield _changed("row twice", content, f'INSERT INTO "{name}" SELECT * FROM "{name}" WHERE rowid = 1')


def _columns(content: bytes, table: str) -> tuple[list[str], int]:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    columns = [line[1] for line in connection.execute(f'PRAGMA table_info("{table}")')]
    (count,) = connection.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()
    connection.close()
    return columns, count or 1


def _changed(damage: str, content: bytes, statement: str) -> Mutant:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    for (view,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'view'").fetchall():
        connection.execute(f'DROP VIEW "{view}"')
    connection.execute(statement)
    connection.commit()
    changed = connection.serialize()
    connection.close()
    return Mutant(damage, statement, changed)
