"""Plants as the brief tells them: which, without and with the levers, since when, and only where there is something."""

from __future__ import annotations

import re

import pytest
from made_dataset import MadeDataset
from make_study import make_study
from plain_text import plain

from derisk.brief import numbers_without_lineage, render_brief
from derisk.brief.figures import plants as plants_figure
from derisk.brief.figures.plants import draw_plants
from derisk.brief.ledger import Ledger
from derisk.brief.parts import write_parts
from derisk.brief.plant_words import plant_label, told_plants


def plant(region, load, *, process="refine_cobalt", good="refined_cobalt", base=0.8, idled="", worth=1.0):
    ends = {"load_share": load, "load_share_p05": load / 2, "load_share_p95": min(1.0, load * 1.2)}
    row = {"process": process, "good": good, "region": region, "capacity_t": 10.0, "idled_from": idled}
    return row | ends | {"idle_output_musd": worth} | {"base_load_share": base}


def with_plants(then, now):
    study = make_study(draws=6, months=2)
    study.summary["plants"] = now
    study.summary["without_remedies"] = study.summary["without_remedies"] | {"plants": then}
    return study


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (plant("FIN", 0.41), False),
        (plant("FIN", 0.39), True),
        (plant("FIN", 0.39, base=0.5), False),
        (plant("FIN", 0.49, base=None, process="new_refined_cobalt"), True),
        (plant("FIN", 0.51, base=None, process="new_refined_cobalt"), False),
        (plant("FIN", 0.7, idled="2026-02"), True),
    ],
)
def test_the_part_is_there_only_where_plants_are_idled_or_run_below_half_of_their_base(row, told):
    study = make_study(draws=6, months=2, with_remedies=False)
    study.summary["plants"] = [row, plant("JPN", 0.8)]
    html = render_brief(study)
    assert ('id="h-plants"' in html) is told
    assert numbers_without_lineage(html) == []


def test_a_study_of_an_older_version_has_no_such_part():
    assert draw_plants(make_study(draws=2, months=2), Ledger()) is None


def test_what_the_levers_keep_what_they_bring_down_and_what_is_idled_is_told():
    then = [plant("USA", 0.1, idled="2026-02", worth=9.0), plant("JPN", 0.6), plant("KOR", 0.5), plant("CHN", 0.8)]
    now = [plant("USA", 0.94), plant("JPN", 0.3), plant("KOR", 0.2), plant("CHN", 0.8)]
    now.append(plant("AUS", 0.2, process="new_refined_cobalt", base=None))
    html = render_brief(with_plants(then, now))
    text = plain(html)
    assert (
        "less than half of their load of the base year is left to 1 of 4 plants without the levers, to 3 of 5 with"
        in text
    )
    assert "The levers keep cobalt refining in the United States at 94 % of what it can make, not 10 %." in text
    assert "They bring cobalt refining in Japan and South Korea below half." in text
    assert (
        "Without the levers most of cobalt refining in the United States is out of service from February 2026 on."
        in text
    )
    drawing = html.split('id="plants-t"')[1].split("</svg>")[0]
    assert drawing.count("not built") == 1
    assert drawing.count("idle from") == 1  # nothing is idled with the levers
    assert re.findall(r"Feb 2026", drawing) == ["Feb 2026"]
    assert "China" not in drawing
    assert numbers_without_lineage(html) == []


def test_without_levers_or_a_change_the_most_valuable_idle_output_is_told():
    study = make_study(draws=6, months=2, with_remedies=False)
    study.summary["plants"] = [plant("AUS", 0.2, worth=1.0), plant("CAN", 0.3, worth=5.0)]
    text = plain(render_brief(study))
    assert (
        "The most valuable idle output is that of cobalt refining in Canada, at 30 % of what it could make and 80 %"
        in text
    )
    assert "Idle from" not in text


def test_on_a_phone_every_plant_has_its_loads_and_month():
    figure = draw_plants(with_plants([plant("USA", 0.1, idled="2026-02")], [plant("USA", 0.94)]), Ledger())
    assert "Cobalt refining, idle from Feb 2026 without" in plain(str(figure.narrow))
    assert [word for word in ("10 %", "94 %", "80 %") if word not in plain(str(figure.narrow))] == []


def test_plants_that_are_not_drawn_are_counted(monkeypatch):
    monkeypatch.setattr(plants_figure, "ROWS", 1)
    rows = [plant("USA", 0.1, worth=2.0), plant("JPN", 0.2)]
    figure = draw_plants(with_plants(rows, rows), Ledger())
    assert "1 more is left to the tables." in plain(str(figure.caption))
    assert "Japan" not in str(figure.svg)


def test_names_of_plants():
    assert plant_label("new_ndfeb_magnet", "ndfeb_magnet") == "New plant of NdFeB magnets"
    assert plant_label("new_ndfeb_magnet_2", "ndfeb_magnet") == "Second new plant of NdFeB magnets"
    keys = [("refine_cobalt", "refined_cobalt", "USA"), ("new_ndfeb_magnet", "ndfeb_magnet", "USA")]
    assert (
        told_plants(keys)
        == "cobalt refining in the United States and the new plant of NdFeB magnets in the United States"
    )


def test_the_part_is_a_drawing_and_a_table_of_its_own(tmp_path):
    study = with_plants(
        [plant("USA", 0.1)], [plant("AUS", 0.2, process="new_refined_cobalt", base=None), plant("USA", 0.9)]
    )
    written = {path.name: path for path in write_parts(study, tmp_path / "parts", dataset=MadeDataset())}
    assert {"plants.svg", "plants.csv", "without_levers-plants.csv"} <= set(written)
    assert written["plants.csv"].read_text().splitlines()[1].startswith("new_refined_cobalt,refined_cobalt,AUS")
