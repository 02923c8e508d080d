"""Names: titles and months as prose writes them."""

from __future__ import annotations

import pytest

from derisk.vocabulary.names import listed, month_in_sentence, month_label, numbered, scenario_label


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("gallium-germanium-us-ban-2024", "Gallium germanium US ban 2024"),
        ("washington-2026", "Washington 2026"),
        ("quota-2010-2012", "Quota 2010-2012"),
        ("china-eu_quota", "China EU quota"),
        ("As the author wrote it", "As the author wrote it"),
        ("us", "US"),
        ("", ""),
    ],
)
def test_title_of_a_scenario(name, title):
    assert scenario_label(name) == title


def test_months():
    assert month_label("2026-07") == "Jul 2026"
    assert month_in_sentence("2026-07") == "July 2026"
    assert [month_in_sentence(word) for word in ("end", "2026-13", "2026-²", "")] == ["end", "2026-13", "2026-²", ""]


@pytest.mark.parametrize(
    ("words", "most", "told"),
    [
        ([], None, ""),
        (["a"], None, "a"),
        (["a", "b"], 2, "a and b"),
        (["a", "b", "c"], None, "a, b and c"),
        (["a", "b", "c"], 2, "a, b and 1 more"),
        (["a", "b", "c", "d", "e"], 1, "a and 4 more"),
    ],
)
def test_a_list_in_words(words, most, told):
    assert listed(words, most=most) == told


@pytest.mark.parametrize(("count", "told"), [(0, "0 rows"), (1, "1 row"), (2, "2 rows")])
def test_a_count_has_its_noun_in_the_right_number(count, told):
    assert numbered(count, "row") == told
