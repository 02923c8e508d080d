"""`derisk data diff`: what changed between two releases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from derisk.cli.data.printing import Json, cell, show
from derisk.cli.json_output import print_json
from derisk.cli.page import page

if TYPE_CHECKING:
    from derisk.data.differences import Differences

_MOST_ROWS = 50


def compare_releases(
    old: Annotated[Path, typer.Argument(help="A dataset folder, a built dataset, or an export.")],
    new: Annotated[Path, typer.Argument(help="Likewise, the later one.")],
    rows: Annotated[
        int, typer.Option("--rows", min=0, help="Most rows of each kind on the terminal; 0: all.")
    ] = _MOST_ROWS,
    as_json: Json = False,
) -> None:
    """Rows added, removed and changed between two releases, the largest change first."""
    from derisk.data.differences import compare, read_release

    differences = compare(read_release(old), read_release(new))
    if as_json:
        print_json(differences.as_json())
    else:
        _print(differences, most=rows)


def _print(differences: Differences, *, most: int) -> None:
    told = differences.as_json()
    printed = page()
    if differences.is_empty():
        printed.print("the releases hold the same rows and sources")
        return
    for name, verb in (("sources_added", "added"), ("sources_removed", "removed")):
        if told[name]:
            printed.print(f"sources {verb}: {', '.join(told[name])}", markup=False)
    changed = [
        {**_about(line), "old": line["old"], "new": line["new"], "%": _percent(line)} for line in told["changed"]
    ]
    _show(changed, "Changed", most)
    _show(_lines(told["choice_changed"], "old_source", "new_source", "old", "new"), "Choice changed", most)
    _show(_lines(told["added"], "value", "unit"), "Added", most)
    _show(_lines(told["removed"], "value", "unit"), "Removed", most)


def _show(records: Sequence[dict[str, Any]], title: str, most: int) -> None:
    if records:
        show(records, False, title=title, most=most)


def _lines(records: Sequence[dict[str, Any]], *names: str) -> list[dict[str, Any]]:
    return [{**_about(line), **{name: line[name] for name in names}} for line in records]


def _about(line: dict[str, Any]) -> dict[str, Any]:
    words = ("field", "good", "material", "region", "partner", "use", "period")
    about = " ".join(line[name] for name in words if line[name] and not (name == "material" and line["good"]))
    return {"what": about, "source": line["source"]}


def _percent(line: dict[str, Any]) -> str:
    if line["change_percent"] is not None:
        return f"{line['change_percent']:+.3g}"
    return ", ".join(f"{name} {cell(old)} to {cell(new)}" for name, (old, new) in line["also"].items())
