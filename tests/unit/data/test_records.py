"""Records: words, sources and numbers of every table, line by line."""

from __future__ import annotations

import pytest

from derisk.data.records import RECORD_TABLES, is_number_column, read_records

HEADER = "project_id,country,good,capacity_t_per_year,source,locator"


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "projects.csv"
        path.write_text(f"{HEADER}\n{text}\n", encoding="utf-8")
        problems = []
        header, lines = read_records(path, sources=("agency-2025",), problems=problems)
        assert header == HEADER.split(",")
        return lines, [problem.what for problem in problems]

    return read_text


def test_lawful_line_is_read(read):
    line = "P1,AUS,ndpr_oxide,10.5,agency-2025,page 3"
    assert read(line) == ([line.split(",")], [])


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("P1,AUT;AUX,ndpr_oxide,10,agency-2025,page 3", "unknown country 'AUX'"),
        ("P1,AUS,ndpr,10,agency-2025,page 3", "unknown good 'ndpr'"),
        ("P1,AUS,ndpr_oxide,10,agency,page 3", "unknown source 'agency'"),
        ("P1,AUS,ndpr_oxide,10,,page 3", "no source"),
        ("P1,AUS,ndpr_oxide,10,agency-2025,", "no locator"),
        ("P1,AUS,ndpr_oxide,ten,agency-2025,page 3", "capacity_t_per_year 'ten' is not a number"),
        (",AUS,ndpr_oxide,10,agency-2025,page 3", "project_id '' is empty or stands twice"),
        ("P1,AUS,ndpr_oxide,10,agency-2025", "5 cells in place of 6"),
    ],
)
def test_unlawful_line_is_refused(read, line, what):
    assert read(line)[1] == [what]


def test_absent_file_holds_nothing(tmp_path):
    assert read_records(tmp_path / "events.csv", sources=(), problems=[]) == ([], [])


def test_header_without_identity_is_refused(tmp_path):
    (tmp_path / "events.csv").write_text("event,country\nE1,AUS\n", encoding="utf-8")
    problems = []
    assert read_records(tmp_path / "events.csv", sources=(), problems=problems) == ([], [])
    assert problems[0].where == "events.csv, line 1"


DEPOSITS = "deposit_id,country,latitude,longitude,material,status,grade_share,source,locator,row_status,note"
BILLS = "bill_id,material,value,low,high,source,locator"


def whats(folder, table, header, line):
    """What is wrong with one line of a table."""
    (folder / f"{table}.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    problems = []
    read_records(folder / f"{table}.csv", sources=("agency-2025",), problems=problems)
    return [problem.what for problem in problems]


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("D1,KAZ,48,73,tungsten;tin,past,0.01,agency-2025,page 3,found,", []),
        ("D1,KAZ,,,tungsten,known,,agency-2025,page 3,assumed,recalled", []),
        ("D1,KAZ,148,73,tungsten,past,,agency-2025,page 3,found,", ["latitude 148 is out of bounds"]),
        ("D1,KAZ,48,73,tungsten,past,1.5,agency-2025,page 3,found,", ["grade_share 1.5 is out of bounds"]),
        ("D1,KAZ,48,73,wolfram,past,,agency-2025,page 3,found,", ["unknown material 'wolfram'"]),
        ("D1,KAZ,48,73,tungsten,closed,,agency-2025,page 3,found,", ["unknown status 'closed'"]),
        ("D1,KAZ,48,73,tungsten,past,,agency-2025,page 3,guessed,", ["unknown row_status 'guessed'"]),
        ("D1,KAZ,48,73,tungsten,past,,agency-2025,page 3,assumed,", ["an assumed record without a reason"]),
    ],
)
def test_deposits_keep_to_their_words_and_bounds(tmp_path, line, what):
    assert whats(tmp_path, "deposits", DEPOSITS, line) == what


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("B1,cobalt,2,1,3,agency-2025,page 3", 0),
        ("B1,cobalt,2,,,agency-2025,page 3", 0),
        ("B1,cobalt,4,1,3,agency-2025,page 3", 1),
        ("B1,cobalt,2,1,,agency-2025,page 3", 1),
    ],
)
def test_range_stands_around_the_value(tmp_path, line, count):
    assert len(whats(tmp_path, "bills_of_materials", BILLS, line)) == count


def test_events_may_concern_materials_outside_the_vocabulary(tmp_path):
    header = "event_id,materials,goods,source,locator"
    assert whats(tmp_path, "events", header, "E1,nickel;uranium,nickel_ore,agency-2025,page 3") == []
    line = "E1,unobtainium,,agency-2025,page 3"
    assert whats(tmp_path, "events", header, line) == ["unknown materials 'unobtainium'"]


def test_status_of_a_policy_is_free_text(tmp_path):
    header = "policy_id,jurisdiction,status,source,locator"
    assert whats(tmp_path, "policies", header, "E1,g7;USA,held; no joint action,agency-2025,page 3") == []


@pytest.mark.parametrize(
    ("name", "is_number"),
    [
        ("resource_t", True),
        ("grade_share", True),
        ("supply_share_low", True),
        ("water_intensity_m3_per_t", True),
        ("status", False),
        ("announced", False),
    ],
)
def test_numbers_are_told_by_the_unit_in_the_name(name, is_number):
    assert is_number_column(name) is is_number


def test_each_table_has_an_identity_of_its_own():
    assert len(set(RECORD_TABLES.values())) == len(RECORD_TABLES) == 5
