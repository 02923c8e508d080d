"""The drawing of indicators: lines for few series over years, a heat map for many or for several indicators."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from derisk.errors import DatasetError
from derisk.indicators.picture import draw_indicators
from derisk.vocabulary.goods import GOODS


def line(indicator: str, good: str, year: int, value: float | None, region: str = "WLD") -> dict[str, object]:
    about = GOODS[good]
    words = {"material": about.material, "stage": about.stage, "good": good, "region": region, "year": year}
    return {"indicator": indicator, **words, "value": value}


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_few_series_over_years_become_lines():
    lines = [line("hhi", good, year, 0.1 * year % 1) for good in ("gallium", "refined_copper") for year in (2022, 2023)]
    svg = draw_indicators(lines)
    assert svg.count('fill="none"') == 2
    assert {"Gallium", "Refined copper", "2022", "2023"} <= set(texts(svg))


def test_many_series_become_a_heat_map_with_every_value():
    goods = list(GOODS)[:12]
    svg = draw_indicators([line("hhi", good, year, 0.25) for good in goods for year in (2022, 2023)])
    assert texts(svg).count("0.25") == 24
    assert 'fill="none"' not in svg


def test_several_indicators_become_a_heat_map_of_their_own_ranks():
    lines = [line("hhi", "gallium", 2024, 0.9), line("hhi", "refined_copper", 2024, 0.2)]
    lines += [line("reserve_life", "copper_concentrate", 2024, 40.0), line("n_minus_1", "gallium", 2024, 0.02)]
    found = texts(draw_indicators(lines))
    assert {"0.90", "0.20", "40.0", "0.02"} <= set(found)
    assert "N-1 coverage of" in found
    assert found.index("Gallium") < found.index("Refined copper")


def test_a_row_with_many_bad_values_stands_above_one_with_one():
    shares = (("gallium", 0.9), ("magnesium", 0.2))
    lines = [line(name, good, 2024, share) for name in ("hhi", "top_share") for good, share in shares]
    lines += [line("hhi", "indium", 2024, 0.95), line("hhi", "refined_tin", 2024, 0.1)]
    found = texts(draw_indicators(lines))
    assert found.index("Gallium") < found.index("Indium") < found.index("Magnesium metal")


def test_lines_are_named_in_dark_letters_beside_a_mark_of_their_colour():
    svg = draw_indicators([line("hhi", good, year, 0.2) for good in ("gallium", "indium") for year in (2022, 2023)])
    names = [e for e in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text") if e.text in ("Gallium", "Indium")]
    assert [name.get("fill") for name in names] == [None, None]


def test_the_shortest_life_is_the_darkest():
    svg = draw_indicators(
        [line("reserve_life", good, 2024, v) for good, v in (("tin_concentrate", 5.0), ("fluorspar", 50.0))]
    )
    assert svg.index("#a8321c") < svg.index(">5.0<") < svg.index("#f6f1ec") < svg.index(">50.0<")


def test_regions_are_named_beside_the_good():
    assert "Gallium, Germany" in texts(draw_indicators([line("geopolrisk", "gallium", 2024, 0.4, region="DEU")]))


def test_lines_without_values_draw_nothing():
    with pytest.raises(DatasetError, match="nothing to draw"):
        draw_indicators([line("hhi", "gallium", 2024, None)])


def test_several_indicators_over_years_have_a_row_for_each_year():
    values = {("hhi", 2022): 0.9, ("hhi", 2023): 0.8, ("top_share", 2022): 0.7, ("top_share", 2023): 0.6}
    found = texts(draw_indicators([line(name, "gallium", year, value) for (name, year), value in values.items()]))
    first, second = found.index("Gallium, 2022"), found.index("Gallium, 2023")
    assert found[first + 1 : second] == ["0.90", "0.70"]
    assert found[second + 1 : second + 3] == ["0.80", "0.60"]
    assert "2022 to 2023" not in found


def test_years_of_the_newest_values_stand_over_their_column():
    lines = [
        line("hhi", "gallium", 2024, 0.9),
        line("hhi", "indium", 2021, 0.3),
        line("top_share", "indium", 2023, 0.3),
    ]
    found = texts(draw_indicators(lines))
    assert {"2021 to 2024", "2023", "Gallium"} <= set(found)
