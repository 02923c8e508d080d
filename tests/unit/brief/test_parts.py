"""Are a brief's figures, tables and citations written apart, each readable by itself?"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from xml.etree import ElementTree

from made_dataset import MadeDataset
from make_study import make_study

from derisk.brief import write_parts
from derisk.data.sources import Source


def test_every_figure_is_a_drawing_of_its_own_and_every_table_holds_the_summary(tmp_path: Path) -> None:
    study = make_study()
    written = write_parts(study, tmp_path / "paper", dataset=MadeDataset())
    assert sorted(path.name for path in (tmp_path / "paper").iterdir()) == [path.name for path in written]
    drawings = [path for path in written if path.suffix == ".svg"]
    assert {"shortfalls.svg", "levers-by-use.svg", "months.svg", "flow-map.svg"} <= {d.name for d in drawings}
    assert all(ElementTree.parse(path).getroot().tag.endswith("svg") for path in drawings)
    with (tmp_path / "paper" / "by_region.csv").open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["region"] for row in rows] == [row["region"] for row in study.summary["by_region"]]
    assert [float(row["value_added_lost_musd"]) for row in rows] == [
        row["value_added_lost_musd"] for row in study.summary["by_region"]
    ]


class _Awkward(MadeDataset):
    def sources(self) -> dict[str, Source]:
        named = {"title": "Metals & Minerals: 100 % of it_all", "publisher": "A & B", "year": 2026}
        return {
            "usgs-mcs-2026": Source(
                "usgs-mcs-2026", **named, licence="CC BY", url="https://example.org/a_b?c=1&d", shippable=True
            )
        }


def test_citations_name_the_study_and_the_sources_about_its_goods_alone(tmp_path: Path) -> None:
    write_parts(make_study(draws=2, months=1), tmp_path, dataset=_Awkward())
    text = (tmp_path / "citations.bib").read_text(encoding="utf-8")
    assert re.findall(r"@misc\{([^,]+),", text) == ["derisk-study", "usgs-mcs-2026"]
    assert r"title = {Metals \& Minerals: 100 \% of it\_all}" in text
    assert r"author = {{A \& B}}" in text
    assert "url = {https://example.org/a_b?c=1&d}" in text
    assert text.count("{") == text.count("}")
