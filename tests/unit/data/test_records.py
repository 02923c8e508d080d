"""Projects and events: words, sources and numbers, line by line."""

from __future__ import annotations

import pytest

from derisk.data.records import read_records

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
