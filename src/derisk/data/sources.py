"""Sources: one record per publication a row was read from, with its licence."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from derisk.data.yaml_reading import read_yaml
from derisk.errors import InputError, Problem, nearest_word


@dataclass(frozen=True, slots=True)
class Source:
    """A publication, as `dataset/sources/<id>.yml` describes it."""

    id: str
    title: str
    publisher: str
    year: int
    licence: str
    url: str
    shippable: bool
    licence_url: str = ""
    note: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The record as plain values, for JSON."""
        return asdict(self)


_REQUIRED = ("id", "title", "publisher", "year", "licence", "url", "shippable")
_OPTIONAL = ("licence_url", "note")
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def read_sources(
    folder: Path, *, problems: list[Problem], licences: Literal["shippable", "any"] = "shippable"
) -> dict[str, Source]:
    """Sources of a folder by id; appends every problem found, with file and line.

    Args:
        licences: `any` where the rows stay with the user, `shippable` where they leave with the package.
    """
    sources: dict[str, Source] = {}
    for path in sorted(folder.glob("*.yml")):
        where = f"sources/{path.name}"
        record, lines = read_yaml(path, where=where, problems=problems)
        if not isinstance(record, dict):
            continue
        if _is_complete(record, lines, where=where, stem=path.stem, licences=licences, problems=problems):
            sources[record["id"]] = Source(
                id=record["id"],
                title=str(record["title"]),
                publisher=str(record["publisher"]),
                year=int(record["year"]),
                licence=str(record["licence"]),
                url=str(record["url"] or ""),
                shippable=bool(record["shippable"]),
                licence_url=str(record.get("licence_url") or ""),
                note=str(record.get("note") or "").strip(),
            )
    return sources


def _is_complete(
    record: dict[str, Any], lines: dict[Any, int], *, where: str, stem: str, licences: str, problems: list[Problem]
) -> bool:
    before = len(problems)
    for key in record:
        if key not in (*_REQUIRED, *_OPTIONAL):
            known = (*_REQUIRED, *_OPTIONAL)
            problems.append(
                Problem(
                    f"unknown key '{key}'",
                    f"{where}, line {lines.get(key, 1)}",
                    ", ".join(known),
                    nearest_word(str(key), known),
                )
            )
    for key in _REQUIRED:
        if record.get(key) in (None, "") and not (key == "url" and key in record):
            problems.append(Problem(f"key '{key}' is missing or empty", where, hint="every source needs it"))
    if record.get("id") not in (None, stem):
        problems.append(
            Problem(f"id '{record['id']}' is not the file's name", f"{where}, line {lines.get('id', 1)}", stem)
        )
    if "year" in record and not isinstance(record["year"], int):
        problems.append(
            Problem(f"year '{record['year']}' is not a whole number", f"{where}, line {lines.get('year', 1)}")
        )
    if licences == "shippable" and "shippable" in record and record["shippable"] is not True:
        problems.append(
            Problem(
                f"source '{stem}' is not marked shippable: true",
                f"{where}, line {lines.get('shippable', 1)}",
                "sources whose licence allows redistribution",
                "remove its rows, or cite the single fact under a source that may be shipped",
            )
        )
    return len(problems) == before


def write_source(source: Source, folder: Path) -> None:
    """A source as `<id>.yml`, as people edit them.

    Raises:
        InputError: its id cannot be a file's name.
    """
    from ruamel.yaml import YAML

    if not _ID.fullmatch(source.id):
        raise InputError(Problem(f"source id '{source.id}' is no word", source.title, "letters, digits, '-', '_', '.'"))
    folder.mkdir(parents=True, exist_ok=True)
    record = {name: value for name, value in source.as_dict().items() if value != "" or name == "url"}
    part = folder / f"{source.id}.yml.part"
    with part.open("w", encoding="utf-8", newline="\n") as stream:
        yaml = YAML()
        yaml.width = 4096
        yaml.dump(record, stream)
    part.replace(folder / f"{source.id}.yml")
