"""YAML as people write it, read safely, with the line of every key."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from derisk.data.edited_csv import read_edited
from derisk.errors import Problem


def read_yaml(path: Path, *, where: str, problems: list[Problem]) -> tuple[Any, dict[Any, int]]:
    """Content of a file, and the line of each key (of a mapping) or position (of a list)."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="rt").load(read_edited(path, where=where, problems=problems))
    except YAMLError as error:
        mark, what = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        line = mark.line + 1 if mark else 1
        problems.append(Problem(f"not YAML: {what or error}", f"{where}, line {line}", "YAML", "mend the line"))
        return None, {}
    return content, _lines(content)


def read_entries(folder: Path, name: str, *, problems: list[Problem]) -> Iterator[tuple[str, Any, int]]:
    """Entries of the list in `<name>.yml`, then of those in `<name>/*.yml` by name: file, entry, line."""
    files = [folder / f"{name}.yml", *sorted((folder / name).glob("*.yml"))]
    for path in files:
        if path.exists():
            where = path.relative_to(folder).as_posix()
            content, lines = read_yaml(path, where=where, problems=problems)
            if content is not None and not isinstance(content, list):
                problems.append(
                    Problem("the file holds no list", where, "entries that begin with '- '", "write a list")
                )
                continue
            for index, entry in enumerate(content or []):
                yield where, entry, lines.get(index, 1)


def _lines(content: Any) -> dict[Any, int]:
    if isinstance(content, dict):
        return {key: content.lc.key(key)[0] + 1 for key in content}  # type: ignore[attr-defined]
    if isinstance(content, list):
        return {index: content.lc.item(index)[0] + 1 for index in range(len(content))}  # type: ignore[attr-defined]
    return {}


def as_tuple(value: Any) -> tuple[str, ...]:
    """One word or a list of words, as a tuple; nothing gives none."""
    if value is None:
        return ()
    if isinstance(value, list | tuple):
        return tuple(str(item) for item in value)
    return (str(value),)
