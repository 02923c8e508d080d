"""The reference of back-tests tells the truth: its example is a sound table, every word is explained."""

from __future__ import annotations

import re
from pathlib import Path

from derisk.backtest import MODES
from derisk.backtest.cases import OPTIONAL, REQUIRED, parse_cases
from derisk.backtest.given import REQUIRED as OF_VOLUMES
from derisk.backtest.reading import KINDS, STATISTICS

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = (ROOT / "docs" / "reference" / "backtest.md").read_text(encoding="utf-8")


def test_the_example_of_the_reference_is_a_sound_table():
    (example,) = re.findall(r"```\n(case,.*?)```", REFERENCE, flags=re.DOTALL)
    (case,) = parse_cases(example, file="example.csv")
    assert [row.reading.kind for row in case.observations] == ["exports", "price"]


def test_every_word_of_the_language_is_explained():
    words = (*REQUIRED, *OPTIONAL, *OF_VOLUMES, *KINDS, *STATISTICS, *MODES)
    assert [word for word in words if f"`{word}`" not in REFERENCE and f"{word}`" not in REFERENCE] == []
