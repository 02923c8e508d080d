"""Refiner shares: the dominant refiner's share of each material, now and as announced."""

from __future__ import annotations

from typing import Any

from derisk.brief.figure import Figure
from derisk.brief.ledger import Ledger
from derisk.brief.narrow import Group, Line, narrow_list
from derisk.brief.numbers import Number, percent, percent_tenth, tick
from derisk.brief.rows import axis_mark
from derisk.drawing.canvas import ACCENT, INK, MUTED, NEUTRAL, RULE, Canvas, shorten
from derisk.drawing.scales import Scale
from derisk.vocabulary.names import material_label

_LEFT, _RIGHT, _TOP, _STEP = 206.0, 600.0, 40.0, 24.0


def draw_refiner_shares(rows: list[dict[str, Any]], ledger: Ledger, *, note: str = "") -> Figure | None:
    """Paired dots of 2024 and 2030; None without rows.

    Args:
        rows: each with `material`, `share_2024`, `share_2030`, and where known `label`, and `row_ids` or
            `row_ids_2024` and `row_ids_2030`, and `ask_2024` and `ask_2030`, the commands that show the rows.
        note: the caption, where more is known than the years.
    """
    if not rows:
        return None
    ranked = sorted(rows, key=lambda r: (-float(r["share_2024"]), str(r["material"])))
    canvas = Canvas(height=_TOP + _STEP * len(ranked) + 4)
    scale = Scale(0.0, 1.0, _LEFT, _RIGHT)
    axis = axis_mark(ledger)
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        canvas.line(scale(value), _TOP - 8, scale(value), canvas.height - 2, stroke=RULE)
        canvas.text(scale(value), _TOP - 14, tick(percent(value)), lineage=axis, anchor="middle", size=11, fill=MUTED)
    canvas.dot(664, _TOP - 18, 4, fill=ACCENT)
    canvas.text(705, _TOP - 14, "2024", lineage=axis, anchor="end", size=11, fill=MUTED)
    canvas.dot(779, _TOP - 18, 4, fill="#ffffff", stroke=INK)
    canvas.text(820, _TOP - 14, "2030", lineage=axis, anchor="end", size=11, fill=MUTED)
    lines = []
    for index, row in enumerate(ranked):
        name = str(row.get("label") or material_label(str(row["material"])))
        values: list[Number] = []
        y = _TOP + _STEP * index + 9
        canvas.text(0, y + 4, shorten(name, width=_LEFT - 8))
        shares = [(year, row.get(f"share_{year}")) for year in ("2024", "2030")]
        known = [(year, float(share)) for year, share in shares if share is not None]
        canvas.line(scale(known[0][1]), y, scale(known[-1][1]), y, stroke=NEUTRAL, width=1.5)
        for year, share in reversed(known):
            then = year == "2024"
            canvas.dot(scale(share), y, 5, fill=ACCENT if then else "#ffffff", stroke=ACCENT if then else INK)
            lineage = {
                "row_ids": row.get(f"row_ids_{year}") or row.get("row_ids"),
                "context": "refining_share",
                "filter": f"material={row['material']}, period={year}",
                "rule": "refined output of the country over the source's own world total",
                "ask": row.get(f"ask_{year}"),
            }
            number = ledger.number(share, percent_tenth, lineage)
            canvas.text(705 if then else 820, y + 4, number, anchor="end", bold=then)
            values.insert(0, number)
        lines.append(Line(name, "", tuple(values), known[0][1] if known[0][0] == "2024" else None))
    svg = canvas.markup(
        anchor="refiner-shares",
        title="The dominant refiner's share of world refining",
        description="Paired dots for each material: share today and share expected from announced projects.",
        lineage=axis,
    )
    plain = "Share of world refined output in 2024, and in 2030 as the source projects it from announced projects."
    caption = ledger.words(note or plain, {"context": "refining_share", "rule": "as the source states it"})
    headings = tuple(ledger.words(year, {"axis": "scale of the figure, no result"}) for year in ("2024", "2030"))
    narrow = narrow_list([Group("Share of world output", headings, tuple(lines))])
    title = "How much passes through one refiner"
    return Figure(anchor="refiner-shares", title=title, drawings=(svg,), caption=caption, narrow=narrow)
