"""Parts: a brief taken apart for a paper: every figure as SVG, every table as CSV, what it cites as BibTeX."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from derisk.brief.bearing import bearing_first
from derisk.brief.sections import drawn_figures
from derisk.brief.subject import Studied
from derisk.drawing.canvas import standalone

CITATIONS: Final = "citations.bib"
_HALO: Final = "<style>.halo { paint-order: stroke; stroke: #fff; stroke-width: 3px; stroke-linejoin: round }</style>"
"""White round labels that lie on a drawing, as the page's style sheet has it."""
_BOX: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_NAME: Final = re.compile(r'aria-labelledby="(\S+)-t ')
_MARGIN: Final = 14
_SPECIAL: Final = re.compile(r"([&%$#_{}])")


def write_parts(study: Studied, folder: Path, *, dataset: Any) -> tuple[Path, ...]:
    """Write the parts of a study's brief into a folder and return their paths, those of the same name replaced.

    Tables are the lists of `summary.json` as they stand there, those of the run without the levers under a name of
    their own; drawings are those of the brief.

    Args:
        study: a finished study.
        folder: made where it does not exist.
        dataset: reference dataset; gives the sources their titles.
    """
    folder.mkdir(parents=True, exist_ok=True)
    texts = {f"{name}.svg": standalone(svg) for name, svg in _drawings(study)}
    texts[CITATIONS] = "\n".join(_citations(study, dataset))
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    written = [folder / name for name in texts]
    for name, rows in _tables(study.summary):
        written.append(folder / f"{name}.csv")
        with written[-1].open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return tuple(sorted(written))


def _drawings(study: Studied) -> Iterator[tuple[str, str]]:
    """Name and markup of each drawing."""
    for drawing in (str(drawing) for figure in drawn_figures(study) for drawing in figure.drawings):
        framed = _BOX.sub(_with_margin, drawing, count=1)
        yield _NAME.findall(drawing)[0], framed.replace("<title", f"{_HALO}<title", 1)


def _with_margin(box: re.Match[str]) -> str:
    """Room around a drawing, some of whose words reach over its edge, as they may on the page."""
    return f'viewBox="-{_MARGIN} -{_MARGIN} {float(box[1]) + 2 * _MARGIN:g} {float(box[2]) + 2 * _MARGIN:g}"'


def _tables(summary: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Sequence[Mapping[str, Any]]]]:
    for key, rows in summary.items():
        if isinstance(rows, list) and rows and isinstance(rows[0], Mapping):
            yield f"{prefix}{key}", rows
    if summary.get("without_remedies"):
        yield from _tables(summary["without_remedies"], "without_levers-")


def _citations(study: Studied, dataset: Any) -> Iterator[str]:
    """The study itself, then every source with rows about its goods."""
    summary, manifest = study.summary, study.manifest
    stated = ("dataset_version", "dataset_hash", "scenario_hash", "seed")
    told = ", ".join(f"{key.replace('_', ' ')} {manifest[key]}" for key in stated if key in manifest)
    title = f"derisk {manifest.get('derisk_version', '')}: {summary['scenario']}"
    yield _entry("derisk-study", title=title, note=f"{summary['draws']} draws, {told}")
    known = dataset.sources()
    bearing, _ = bearing_first(summary.get("sources") or [], study.prices["good"].unique(), dataset)
    for source in (known[one] for one in bearing if one in known):
        words = {"title": source.title, "author": f"{{{_tex(source.publisher)}}}", "year": source.year}
        yield _entry(source.id, **words, url=source.url, note=source.licence)


def _entry(key: str, **fields: object) -> str:
    lines = [
        f"  {name} = {{{value if name in ('author', 'url') else _tex(str(value))}}},"
        for name, value in fields.items()
        if value
    ]
    return "\n".join([f"@misc{{{key},", *lines, "}\n"])


def _tex(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
