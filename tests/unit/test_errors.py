"""Is the tree drawn of the errors the tree there is, and does each error tell all it knows?"""

from __future__ import annotations

import re

import pytest

from derisk import errors
from derisk.errors import DeriskError, Problem, nearest_word


def _tree(kind: type[DeriskError], depth: int = 0) -> list[tuple[int, str, int]]:
    below = sorted(kind.__subclasses__(), key=lambda child: list(vars(errors)).index(child.__name__))
    return [(depth, kind.__name__, kind.exit_code), *(line for child in below for line in _tree(child, depth + 1))]


def test_the_tree_in_the_docstring_is_that_of_the_classes():
    drawn = re.findall(r"^([│├└─ ]*)(\w+Error) +(\d)", errors.__doc__, flags=re.M)
    assert sorted((len(branch) // 4, name, int(code)) for branch, name, code in drawn) == sorted(_tree(DeriskError))


@pytest.mark.parametrize("kind", [kind for _, kind, _ in _tree(DeriskError)])
def test_every_problem_is_told_in_its_four_parts(kind):
    error = getattr(errors, kind)(Problem("it is wrong", "here", "that", "do this"), "so is this")
    assert error.text() == f"{kind}: it is wrong\n  at   here\n  know that\n  hint do this\n{kind}: so is this"
    told = error.as_json()["error"]
    assert (told["class"], told["what"], told["exit_code"]) == (kind, "it is wrong", error.exit_code)
    assert [problem["what"] for problem in told["problems"]] == ["it is wrong", "so is this"]


KINDS = ("export_ban", "export_quota", "export_tax", "import_tariff", "stockpile_build", "stockpile_release")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("export_bann", "export_ban"),
        ("quota", "export_quota"),
        ("quotas", "export_quota"),
        ("Tax", "export_tax"),
        ("xyz", ""),
        ("imp", "import_tariff"),
    ],
)
def test_the_nearest_word_is_like_the_whole_or_one_part(written, meant):
    assert nearest_word(written, KINDS) == (f"did you mean '{meant}'?" if meant else "")


def test_a_part_of_several_words_means_none_of_them():
    assert nearest_word("build", ("stockpile_build", "warehouse_build")) == ""
