"""`derisk backtest` as users type it: shipped cases, cases of one's own, and what is wrong with them."""

from __future__ import annotations

import json

import pytest
from terminal import derisk, derisk_here

KEYS = {
    *("case", "metric", "mode", "naive_no_change", "naive_lost_share", "month", "unit"),
    *("observed", "predicted", "low", "high", "log_error", "direction_right"),
}
SCENARIO = """\
name: a ban of two months
base_year: 2024
start: 2025-01
months: 2
measures:
  - {kind: export_ban, by: CHN, to: USA, goods: gallium, from: 2025-01, why: a test}
"""
CASES = """\
case,metric,scenario,read,goods,origin,destination,months,observed,unit,lost_share,source
mine,what went,ban.yml,exports,gallium,CHN,USA,2025-01,0,ratio,1,a test
mine,what was paid,ban.yml,price,gallium,all,USA,2025-02,40,%,0.2,a test
"""


@pytest.fixture
def table(tmp_path):
    (tmp_path / "ban.yml").write_text(SCENARIO, encoding="utf-8")
    (tmp_path / "mine.csv").write_text(CASES, encoding="utf-8")
    return tmp_path / "mine.csv"


def test_a_shipped_case_prints_one_row_an_observation():
    rows = json.loads(derisk("backtest", "BT3", "--draws", "1", "--json").stdout)
    assert [row["month"] for row in rows] == ["2023-08", "2023-08", "2023-07", "2023-10", "2023-08", "2023-10"]
    assert all(set(row) == KEYS and row["case"] == "BT3" and row["mode"] == "from-text" for row in rows)


def test_ones_own_table_is_run_and_drawn(table, tmp_path):
    run = derisk_here("backtest", "--cases", str(table), "--draws", "1", "--out", str(tmp_path / "out"))
    assert "what was paid" in run.stdout
    assert "direction right" in run.stdout
    assert (tmp_path / "out" / "mine-from-text.svg").read_text(encoding="utf-8").startswith("<svg")
    assert (tmp_path / "out" / "mine" / "from-text" / "summary.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["BT9"], ["unknown case 'BT9'", "'BT1'"]),
        (["--mode", "given"], ["unknown mode 'given'", "given-volume"]),
        (["--cases", "no-such.csv"], ["cannot read 'no-such.csv'"]),
        (["--draws", "0"], ["0 draws"]),
    ],
    ids=["case", "mode", "table", "draws"],
)
def test_what_is_wrong_is_said(arguments, words):
    run = derisk_here("backtest", *arguments, check=3)
    assert all(word in run.stderr for word in words)
    assert run.stdout == ""


def test_a_broken_table_names_line_and_column(table):
    table.write_text(CASES.replace("2025-02", "soon"), encoding="utf-8")
    found = json.loads(derisk_here("backtest", "--cases", str(table), "--json", check=3).stdout)["error"]
    assert found["where"].endswith("mine.csv, line 3, months")
    assert found["what"] == "'soon' names no months"
