"""Tables of cases: what they state, and the four parts of what is wrong with them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from typer.testing import CliRunner

from derisk.backtest.cases import find_case, load_cases, parse_cases
from derisk.backtest.given import parse_volumes
from derisk.cli.app import app
from derisk.errors import InputError

HEADER = (
    "case,metric,scenario,read,goods,origin,destination,months,over_months,statistic,"
    "observed,unit,per_t,lost_share,status,source,locator,note"
)
LINE = {
    "case": "A",
    "metric": "gallium to the United States",
    "scenario": "gallium-germanium-us-ban-2024",
    "read": "exports",
    "goods": "gallium",
    "origin": "CHN",
    "destination": "USA",
    "months": "2025-01",
    "observed": "0.5",
    "unit": "ratio",
    "lost_share": "0.2",
    "source": "a paper",
}


def table(*lines: dict[str, str]) -> str:
    columns = HEADER.split(",")
    return "\n".join([HEADER, *(",".join({**LINE, **line}.get(name, "") for name in columns) for line in lines)]) + "\n"


def test_a_line_becomes_an_observation():
    (case,) = parse_cases(table({"months": "2024-12..2025-02", "over_months": "2024-11"}), file="my.csv")
    assert (case.name, case.scenario, case.place) == ("A", "gallium-germanium-us-ban-2024", "my.csv, line 2")
    (row,) = case.observations
    assert (row.observed, row.lost_share, row.reading.kind) == (0.5, 0.2, "exports")
    assert (row.reading.origin, row.reading.destination) == (("CHN",), ("USA",))
    assert (str(row.reading.months), str(row.reading.over)) == ("2024-12..2025-02", "2024-11")
    assert row.reading.months.labels() == ("2024-12", "2025-01", "2025-02")


@pytest.mark.parametrize(
    ("line", "ratio"),
    [
        ({"observed": "-38", "unit": "%"}, 0.62),
        ({"observed": "68", "unit": "%"}, 1.68),
        ({"observed": "26.1", "unit": "x"}, 26.1),
        ({"observed": "8.64", "unit": "t", "per_t": "2.88"}, 3.0),
        ({"observed": "0", "unit": "t", "per_t": "2.88"}, 0.0),
    ],
    ids=str,
)
def test_every_unit_becomes_a_ratio(line, ratio):
    assert parse_cases(table(line), file="my.csv")[0].observations[0].observed == pytest.approx(ratio)


BROKEN = {
    "unknown good": ({"goods": "galium"}, "unknown good 'galium'", "line 2, goods", "did you mean 'gallium'?"),
    "unknown region": ({"origin": "China"}, "unknown region 'China'", "line 2, origin", "write 'CHN'"),
    "unknown reading": ({"read": "export"}, "unknown read 'export'", "line 2, read", "did you mean 'exports'?"),
    "unknown unit": ({"unit": "percent"}, "unknown unit 'percent'", "line 2, unit", "correct unit in line 2"),
    "unknown statistic": (
        {"statistic": "highst"},
        "unknown statistic 'highst'",
        "line 2, statistic",
        "did you mean 'highest'?",
    ),
    "no month": ({"months": "Jan 2025"}, "'Jan 2025' names no months", "line 2, months", "write '2025-01'"),
    "months in the wrong order": (
        {"months": "2025-02..2025-01"},
        "'2025-02..2025-01' names no months",
        "line 2, months",
        "correct months in line 2",
    ),
    "no number": ({"observed": "half"}, "'half' is no such number", "line 2, observed", "as a number"),
    "negative ratio": ({"observed": "-1"}, "'-1' is no such number", "line 2, observed", "as a number"),
    "not finite": ({"observed": "inf"}, "'inf' is no such number", "line 2, observed", "as a number"),
    "tonnes over nothing": (
        {"unit": "t", "per_t": "0"},
        "tonnes over 0 t are no ratio",
        "line 2, per_t",
        "correct per_t",
    ),
    "tonnes without a month": ({"unit": "t"}, "'' is no such number", "line 2, per_t", "write per_t as a number"),
    "tonnes beside a ratio": ({"per_t": "3"}, "'per_t' has no meaning", "line 2, per_t", "correct per_t"),
    "price of two goods": (
        {"read": "price", "goods": "gallium germanium"},
        "a price of 2 goods",
        "line 2, goods",
        "give each a line",
    ),
    "gap without a home": (
        {"read": "price_gap", "origin": "all"},
        "a gap to the price at home needs a home",
        "line 2, origin",
        "name the country",
    ),
    "everything lost": (
        {"read": "price", "lost_share": "1"},
        "no price spreads nothing",
        "line 2, lost_share",
        "0.99 is nearly all",
    ),
    "lost in per cent": ({"lost_share": "98"}, "'98' is no such number", "line 2, lost_share", "as a number"),
    "no source": ({"source": ""}, "'source' is empty", "line 2, source", "fill 'source'"),
    "unknown scenario": (
        {"scenario": "galium-2023"},
        "unknown scenario 'galium-2023'",
        "line 2, scenario",
        "did you mean 'gallium-germanium-2023'?",
    ),
    "unknown status": ({"status": "sure"}, "unknown status 'sure'", "line 2, status", "correct status"),
}


@pytest.mark.parametrize(("line", "what", "where", "hint"), BROKEN.values(), ids=list(BROKEN))
def test_what_is_wrong_is_said_in_four_parts(line, what, where, hint):
    with pytest.raises(InputError) as caught:
        parse_cases(table(line), file="my.csv")
    problem = caught.value.problems[0]
    assert problem.what.startswith(what)
    assert problem.where.startswith("my.csv")
    assert where in problem.where
    assert problem.allowed
    assert hint in problem.hint


def test_all_problems_are_found_at_once_in_the_order_of_the_file():
    with pytest.raises(InputError) as caught:
        parse_cases(table({"goods": "galium"}, {"metric": "another", "unit": "kg", "months": "soon"}), file="my.csv")
    assert [problem.line for problem in caught.value.problems] == [2, 3, 3]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ([{}, {}], "'gallium to the United States' stands in line 2 too"),
        ([{}, {"case": "B"}, {"metric": "more"}], "the lines of 'A' are apart"),
        ([{}, {"metric": "more", "scenario": "copper-outage"}], "'A' has another scenario above"),
    ],
)
def test_lines_must_fit_together(lines, what):
    with pytest.raises(InputError) as caught:
        parse_cases(table(*lines), file="my.csv")
    assert caught.value.problems[0].what == what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "no column 'case'"),
        (HEADER + "\n", "no line below the header"),
        (table({}).replace("metric,", "metrics,", 1), "unknown column 'metrics'"),
        (table({}).replace(",note", ",q", 1), "unknown column 'q'"),
        (table({}).replace(",note", "", 1), "18 cells under 17 columns"),
        (HEADER + '\nA,"b', "no CSV"),
    ],
    ids=["empty", "header alone", "misspelt column", "odd column", "too many cells", "open quote"],
)
def test_a_table_that_is_none_is_refused(text, what):
    with pytest.raises(InputError) as caught:
        parse_cases(text, file="my.csv")
    problems = caught.value.problems
    assert any(problem.what.startswith(what) for problem in problems)
    assert [p for p in problems if not (p.what and p.where and p.allowed and p.hint)] == []


def test_an_unknown_case_is_named_with_the_known_ones():
    cases = parse_cases(table({}), file="my.csv")
    assert find_case(cases, "A").name == "A"
    with pytest.raises(InputError, match="unknown case 'B'"):
        find_case(cases, "B")


def test_a_scenario_file_is_looked_for_beside_the_table(tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text(table({"scenario": "mine.yml"}), encoding="utf-8")
    assert load_cases(file)[0].scenario == tmp_path / "mine.yml"


@pytest.mark.parametrize(
    ("write", "what"),
    [
        (lambda path: None, "cannot read"),
        (lambda path: path.mkdir(), "cannot read"),
        (lambda path: path.write_bytes(b"case,\xff"), "not UTF-8 text"),
        (lambda path: path.write_bytes(b"a" * 1_000_001), "the file is larger than 1 MB"),
    ],
    ids=["missing", "folder", "latin letters", "large"],
)
def test_a_file_that_cannot_be_read_is_refused(tmp_path, write, what):
    path = tmp_path / "mine.csv"
    write(path)
    with pytest.raises(InputError, match=what):
        load_cases(path)


VOLUMES = "case,goods,origin,destination,months,quantity_t,reference_t,source\n"


@pytest.mark.parametrize(
    ("line", "what", "key"),
    [
        ("A,galium,CHN,all,2025-01,1,2,x", "unknown good 'galium'", "goods"),
        ("A,gallium,CHN,all,2025-13,1,2,x", "'2025-13' names no months", "months"),
        ("A,gallium,CHN,all,2025-01,-1,2,x", "'-1' is no such number", "quantity_t"),
        ("A,gallium,CHN,all,2025-01,1,0,x", "1 t in 1 months are more than ten times 0 t", "reference_t"),
        ("A,gallium,CHN,all,2025-01,1000,2,x", "1000 t in 1 months are more than ten times 2 t", "reference_t"),
        ("A,gallium,CHN,all,2025-01,1,2,", "'source' is empty", "source"),
    ],
)
def test_broken_volumes_are_refused(line, what, key):
    with pytest.raises(InputError) as caught:
        parse_volumes(VOLUMES + line + "\n", file="volumes.csv")
    assert caught.value.problems[0].what.startswith(what)
    assert caught.value.problems[0].key == key


def test_volumes_are_shares_of_a_base_month():
    (volume,) = parse_volumes(VOLUMES + "A,gallium,CHN,all,2025-01..2025-03,3,2,x\n", file="volumes.csv")
    assert volume.share_of_base == 0.5


def test_a_case_is_found_by_its_scenario_s_name_too():
    cases = load_cases()
    assert find_case(cases, "antimony-2024") == find_case(cases, "BT5")
    with pytest.raises(InputError, match="did you mean 'BT1'") as caught:
        find_case(cases, "bt1")
    assert "derisk backtest --list" in str(caught.value)
    with pytest.raises(InputError, match="unknown case 'twice'"):
        find_case([replace(case, scenario="twice") for case in cases], "twice")


def test_the_cases_are_listed_with_their_questions():
    result = CliRunner().invoke(app, ["backtest", "--list", "--json"])
    rows = json.loads(result.stdout)
    assert [row["case"] for row in rows] == [case.name for case in load_cases()]
    assert set(rows[0]) == {"case", "scenario", "observations", "question"}
    assert "antimony-2024" in CliRunner().invoke(app, ["backtest", "--list"]).stdout
