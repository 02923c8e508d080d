"""Does a broken file say what is wrong, in which file and line, and what to do?"""

from __future__ import annotations

from pathlib import Path

import pytest
from breaking import SOUND, problems

from derisk.errors import ScenarioError
from derisk.scenario import load_scenario, parse_scenario

BROKEN = (
    # what is changed, to what, line, key, what, allowed, hint
    ("months: 12", "months: 12\nmonths: 6", 4, "months", "'months' stands twice", "once", "delete one"),
    ("goods: gallium", "goods: [gallium", 8, "", "not readable as YAML", "YAML", "brackets"),
    ("kind: outage", "kind: outrage", 5, "measures[0].kind", "unknown kind", "'export_ban'", "'outage'"),
    ("goods: gallium", "goods: [gallum]", 7, "measures[0].goods[0]", "unknown good 'gallum'", "'gallium'", "'gallium'"),
    ("by: CHN", "by: CHM", 6, "measures[0].by", "unknown region 'CHM'", "'CHN'", "did you mean"),
    ("by: CHN", "by: China", 6, "measures[0].by", "'China' is no region's code", "derisk data regions", "write 'CHN'"),
    ("by: CHN", "by: EU", 6, "measures[0].by", "'EU' is no region's code", "derisk data regions", "write 'eu27'"),
    ("by: CHN", "by: chn", 6, "measures[0].by", "'chn' is no region's code", "derisk data regions", "write 'CHN'"),
    (
        "by: CHN",
        "by: Congo",
        6,
        "measures[0].by",
        "'Congo' is no region's code",
        "derisk data regions",
        "'COD' (Kinshasa)",
    ),
    ("by: CHN", "by: colaition", 6, "measures[0].by", "unknown region", "'coalition'", "did you mean 'coalition'"),
    ("by: CHN", "by: WLD", 6, "measures[0].by", "unknown region 'WLD'", "regions", ""),
    ("    why: A test.\n", "", 5, "measures[0].why", "has no 'why'", "Reason", "add 'why: ...'"),
    ("share: 0.4", "share: 1.4", 9, "measures[0].share", "1.4 is out of range", "a share from 0 to 1", ""),
    ("share: 0.4", "share: 40", 9, "measures[0].share", "40 is out of range", "a share from 0 to 1", "write 0.4"),
    ("share: 0.4", "share: much", 9, "measures[0].share", "'much' is not a number", "triangular", ""),
    ("share: 0.4", "share: 40%", 9, "measures[0].share", "'40%' is not a number", "triangular", "write 0.4"),
    ("share: 0.4", "sahre: 0.4", 9, "measures[0].sahre", "has no key 'sahre'", "'share'", "did you mean 'share'"),
    ("share: 0.4", "share: {triangular: [3, 2]}", 9, "measures[0].share", "needs 3 numbers", "low <= mode", ""),
    ("share: 0.4", "share: {normal: [0.5, 0.3]}", 9, "measures[0].share", "reaches from -0.7 to 1.7", "0 to 1", ""),
    ("from: 2025-04", "from: April", 8, "measures[0].from", "'April' is not a month", "YYYY-MM", ""),
    ("from: 2025-04", "from: Jan 2026", 8, "measures[0].from", "not a month", "YYYY-MM", "write '2026-01'"),
    ("from: 2025-04", "from: 2026/1", 8, "measures[0].from", "not a month", "YYYY-MM", "write '2026-01'"),
    (
        "from: 2025-04",
        "from: 2025-04-16",
        8,
        "measures[0].from",
        "not a month",
        "YYYY-MM",
        "write '2025-05', whose first",
    ),
    (
        "from: 2025-04",
        "from: 2025-04-15",
        8,
        "measures[0].from",
        "not a month",
        "YYYY-MM",
        "write '2025-04', whose first",
    ),
    (
        "from: 2025-04",
        "from: 2025-12-31",
        8,
        "measures[0].from",
        "not a month",
        "YYYY-MM",
        "write '2026-01', whose first",
    ),
    ("from: 2025-04", "from: 2025-04-01", 8, "measures[0].from", "not a month", "YYYY-MM", "write '2025-04'"),
    ("from: 2025-04", "from: 2025-04\n    until: 2025-04", 9, "measures[0].until", "not later", "later", "leave"),
    (
        "from: 2025-04",
        "from: 2025-04\n    announced: 2025-05",
        9,
        "measures[0].announced",
        "later than",
        "no later",
        "",
    ),
    (
        "from: 2025-04",
        "from: 2025-04\n    announced_until: 2025-04",
        9,
        "measures[0].announced_until",
        "not later than from",
        "later than from",
        "",
    ),
    ("months: 12", "months: 0", 3, "months", "0 is out of range", "greater than or equal to 1", ""),
    ("months: 12", "months: a year", 3, "months", "is not a whole number", "whole number", ""),
    ("months: 12\n", "", None, "months", "has no 'months'", "Number of months", "add"),
    ("question:", "quesiton:", 2, "quesiton", "has no key 'quesiton'", "'question'", "did you mean 'question'"),
    ("measures:", "draws: {count: 0}\nmeasures:", 4, "draws.count", "0 is out of range", "equal to 1", ""),
    ("goods: gallium", "goods: gallium_residue", 7, "measures[0].goods", "never crosses", "traded goods", ""),
    ("goods: gallium", "goods: titanium", 7, "measures[0].goods", "material, not a good", "goods", "'titanium_sponge'"),
    ("goods: gallium", "goods: palladium", 7, "measures[0].goods", "no market", "refined_copper", "limits"),
    ("goods: gallium", "goods: terbium_oxide", 7, "measures[0].goods", "no market", "gallium", "'dytb_oxide'"),
    ("goods: gallium", "goods: [gallium, gallium]", 7, "measures[0].goods", "stands twice", "once", ""),
    ("goods: gallium", "goods: []", 7, "measures[0].goods", "empty", "one word", ""),
    ("why: A test.", 'why: ""', 10, "measures[0].why", "empty", "sentence", ""),
)


@pytest.mark.parametrize(("old", "new", "line", "key", "what", "allowed", "hint"), BROKEN)
def test_one_fault_is_named_with_line_and_remedy(
    tmp_path: Path, old: str, new: str, line: int | None, key: str, what: str, allowed: str, hint: str
) -> None:
    assert old in SOUND
    file = tmp_path / "broken.yml"
    file.write_text(SOUND.replace(old, new), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load_scenario(file)
    assert caught.value.exit_code == 3
    (problem,) = caught.value.problems
    assert "broken.yml" in problem.where
    assert what in problem.what
    assert problem.key == key
    assert allowed in problem.allowed
    assert hint in problem.hint
    if line is not None:
        assert problem.line == line
        assert f"line {line}" in problem.where


def test_the_sound_file_is_sound() -> None:
    assert parse_scenario(SOUND).measures[0].line == 5


def test_all_faults_come_at_once_in_the_order_of_the_file() -> None:
    text = SOUND.replace("months: 12", "months: 0").replace("gallium", "gallum").replace("0.4", "1.4")
    assert [problem.line for problem in problems(text)] == [3, 7, 9]


@pytest.mark.parametrize(("word", "hint"), [("China", "write 'CHN'"), ("EU", "write 'EUU'")])
def test_a_region_of_an_assumption_is_named_by_its_code(word: str, hint: str) -> None:
    rows = f"assume:\n  - {{field: demand, good: gallium, region: {word}, value: 1, why: A test.}}\n"
    (problem,) = problems(SOUND + rows)
    assert hint in problem.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("- 1\n- 2\n", "the file holds no keys"),
        ("a: &x 1\nb: *x\n", "anchors and aliases are not read"),
        ("[" * 3000, "nested too deep"),
        ("name: " + "x" * 1_000_001, "larger than 1 MB"),
        ("measures: 3\nname: x\nmonths: 1\n", "is not a list"),
        ("measures: [3]\nname: x\nmonths: 1\n", "3 is not a set of keys"),
        ("measures: [{by: CHN}]\nname: x\nmonths: 1\n", "no 'kind'"),
    ],
)
def test_texts_that_are_no_scenario(text: str, says: str) -> None:
    (problem,) = problems(text)
    assert says in problem.what
    assert "broken.yml" in problem.where


def test_a_text_of_an_ampersand_is_no_anchor() -> None:
    assert parse_scenario(SOUND.replace("A test.", "R&D * 2"))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    file = tmp_path / "bytes.yml"
    file.write_bytes(b"name: \xff\xfe")
    with pytest.raises(ScenarioError, match="not UTF-8"):
        load_scenario(file)


def test_no_file_and_no_name(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="no file"):
        load_scenario(tmp_path / "absent.yml")
    with pytest.raises(ScenarioError, match="did you mean 'copper-outage'"):
        load_scenario("coper-outage")
    with pytest.raises(ScenarioError, match="cannot read"):
        load_scenario(tmp_path)


def test_nothing_given_is_said_to_be_missing() -> None:
    (problem,) = problems(SOUND.replace("by: CHN", "by:"))
    assert problem.what == "nothing is given"
    assert problem.key == "measures[0].by"


def test_a_number_beyond_all_tonnes_is_refused() -> None:
    (problem,) = problems(
        SOUND.replace("outage", "export_quota").replace("share: 0.4", "quantity_t_per_year: 1.0e+300")
    )
    assert "out of range" in problem.what
    assert "1e12" in problem.allowed


def test_a_word_that_is_no_region_is_told_the_blocs() -> None:
    (problem,) = problems(SOUND.replace("by: CHN", "by: mercosur"))
    assert problem.allowed.startswith("'all', 'coalition', 'g7', 'eu27', 'central_asia'")
