"""Coverage: cells say how many rows there are and what most of their amount is."""

from __future__ import annotations

from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from derisk.data import load_dataset
from derisk.data.build import build_dataset
from derisk.data.coverage import coverage, material_stages
from derisk.data.coverage_chart import COLOURS, draw_coverage, write_chart
from derisk.data.fields import STATUSES
from derisk.errors import InputError
from derisk.vocabulary.goods import MATERIALS


@pytest.fixture
def load(mini: SimpleNamespace, tmp_path):
    def loaded(lines):
        build_dataset(mini.write_dataset(tmp_path / "dataset", lines), tmp_path / "built")
        return load_dataset(tmp_path / "built")

    return loaded


def test_the_status_of_a_cell_is_that_of_most_tonnes_not_of_most_rows(load, mini):
    dataset = load(
        [
            mini.row(value=100.0),
            mini.row(region="CHL", value=1.0, status="estimated"),
            mini.row(region="ARG", value=1.0, status="estimated"),
        ]
    )
    (cell,) = coverage(dataset)
    assert (cell.material, cell.stage, cell.year, cell.rows, cell.status) == (
        "lithium",
        "refining",
        "2024",
        3,
        "reported",
    )


def test_a_world_row_alone_is_no_coverage_by_country(load, mini):
    assert coverage(load([mini.row(region="WLD")])) == []


def test_withheld_figures_show_as_withheld(load, mini):
    (cell,) = coverage(load([mini.row(value="", status="withheld")]))
    assert cell.status == "withheld"


def test_shares_count_by_row(load, mini):
    share = {"field": "end_use_share", "unit": "share", "basis": "none", "region": ""}
    rows = [
        mini.row(**share, use="defence", value=0.9),
        mini.row(**share, use="electronics", value=0.05, status="estimated"),
        mini.row(**share, use="other", value=0.05, status="estimated"),
    ]
    (cell,) = coverage(load(rows), "end_use")
    assert (cell.rows, cell.status) == (3, "estimated")


@pytest.mark.parametrize(("words", "what"), [({"table": "prodution"}, "prodution"), ({"material": "litium"}, "litium")])
def test_unknown_words_are_named(load, mini, words, what):
    with pytest.raises(InputError, match=what):
        coverage(load([mini.row()]), **words)


def test_every_status_has_a_colour_and_every_material_a_line():
    assert set(COLOURS) == set(STATUSES)
    assert {material for material, _ in material_stages()} == set(MATERIALS)


def test_the_chart_is_one_drawing_with_a_filled_cell(load, mini, tmp_path):
    svg = draw_coverage(load([mini.row()]))
    root = ElementTree.fromstring(svg)
    filled = [box for box in root.iter("{http://www.w3.org/2000/svg}rect") if box.get("fill") == COLOURS["reported"]]
    assert len(filled) == 2  # the cell and the key
    write_chart(svg, tmp_path / "chart.svg")
    with pytest.raises(InputError, match=r"chart\.png"):
        write_chart(svg, tmp_path / "chart.png")
