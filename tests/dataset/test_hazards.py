"""Are the chances that bans and mishaps end what the dataset's own events say?"""

from __future__ import annotations

import csv
import math
import re
from datetime import date
from pathlib import Path

import pytest

from derisk.path import parameters

EVENTS = Path(__file__).parents[2] / "dataset" / "events.csv"
READ_IN = date(2026, 7, 1)
"""When the events were read: what stood then is not known to have ended."""
DAYS_A_MONTH = 30.44


def spells(note):
    """Of the events named in a parameter's note: months from announcement to effect and to the end, and whether ended."""
    with EVENTS.open(encoding="utf-8", newline="") as file:
        events = {row["event_id"]: row for row in csv.DictReader(file)}
    found = []
    for name in re.findall(r"[A-Z]{2}-[A-Z-]+-\d{4}", note):
        told, began = (date.fromisoformat(events[name][key]) for key in ("announced", "effective"))
        lifted = events[name]["lifted"]
        ended = bool(lifted) and date.fromisoformat(lifted) <= READ_IN
        last = date.fromisoformat(lifted) if ended else READ_IN
        found.append((max((began - told).days, 0) / DAYS_A_MONTH, (last - told).days / DAYS_A_MONTH, ended))
    return found


def likeliest_hazard(found, ageing_months):
    """The h of (7.6a) under which spells, seen from their beginning on, are likeliest: ends over exposure."""
    exposure = sum(
        ageing_months * (math.log1p(last / ageing_months) - math.log1p(first / ageing_months))
        for first, last, _ in found
    )
    return sum(ended for *_, ended in found) / exposure


@pytest.mark.parametrize(("name", "spells_read", "ends"), [("export_ban", 15, 5), ("outage", 11, 8)])
def test_a_fresh_act_ends_as_often_as_the_events_say(name, spells_read, ends):
    lines = {line.name: line for line in parameters.table()}
    line, ageing = lines[f"hazard_{name}_per_month"], lines["ageing_months"].value
    found = spells(line.note)
    assert (len(found), sum(ended for *_, ended in found)) == (spells_read, ends)
    assert line.low < likeliest_hazard(found, ageing) < line.high
    assert likeliest_hazard(found, ageing) == pytest.approx(line.value, rel=0.1)


def test_bans_told_ahead_end_less_often():
    note = next(line.note for line in parameters.table() if line.name == "hazard_export_ban_per_month")
    overnight: list[tuple[float, bool]] = []
    told: list[tuple[float, bool]] = []
    for first, last, ended in spells(note):
        (overnight if first < 2.0 else told).append((last - first, ended))
    months = [sum(length for length, _ in group) for group in (overnight, told)]
    assert [sum(ended for _, ended in group) for group in (overnight, told)] == [4, 1]
    assert months == pytest.approx([125, 355], rel=0.01)
