"""BEA's input-output tables become lines by kind, value added by use follows, and a damaged file says so."""

from __future__ import annotations

import csv
import io
import os
from collections import defaultdict
from pathlib import Path

import pytest

from derisk.data.checks import row_problems
from derisk.data.importers.bea_io import FILES, INPUT_OUTPUT, read
from derisk.data.importers.bea_io.uses import use_shares
from derisk.data.intake.intake import Imported
from derisk.errors import EncodingError, LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
USE = """rownames,331,334,Total Intermediate,F010,F050,Total Final Uses (GDP),Total Commodity Output
331,40,20,60,5,-15,-10,50
334,0,30,30,90,-20,70,100
Total Intermediate,40,50,90,95,-35,60,150
V001,6,30,36,0,0,0,0
V002,1,5,6,0,0,0,0
V003,3,15,18,0,0,0,0
Total Value Added,10,50,60,0,0,0,0
Total Industry Output,50,100,150,0,0,0,0
"""
MAKE = "rownames,331,334,Total Industry Output\n331,48,2,50\n334,2,98,100\nTotal Commodity Output,50,100,150\n"
ADDED = "rownames,1997,1998\n" + "".join(
    f"{code},{100 + at},{200 + at}\n" for at, code in enumerate(dict.fromkeys(s.industry for s in use_shares()))
)


def taken_from(folder: Path, text: str, *, name: str = "Summary_Use_2031_PRO.csv", encoding: str = "utf-8") -> Imported:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return read(path)


def cells(taken: Imported) -> dict[tuple[str, str, str], float]:
    return {(c["kind"], c["commodity_or_row"], c["industry"]): c["value_musd"] for c in taken.tables[INPUT_OUTPUT]}


def test_cells_of_the_use_table_become_lines_by_kind(tmp_path: Path) -> None:
    taken = taken_from(tmp_path, USE)
    assert cells(taken) == {
        ("use", "331", "331"): 40, ("use", "331", "334"): 20, ("use", "334", "334"): 30,
        ("final_use", "331", "F010"): 5, ("final_use", "331", "F050"): -15,
        ("final_use", "334", "F010"): 90, ("final_use", "334", "F050"): -20,
        ("value_added", "V001", "331"): 6, ("value_added", "V001", "334"): 30,
        ("value_added", "V002", "331"): 1, ("value_added", "V002", "334"): 5,
        ("value_added", "V003", "331"): 3, ("value_added", "V003", "334"): 15,
        ("gross_output", "Total Industry Output", "331"): 50, ("gross_output", "Total Industry Output", "334"): 100,
    }  # fmt: skip
    assert {(c["country"], c["year"]) for c in taken.tables[INPUT_OUTPUT]} == {("USA", "2031")}
    assert taken.tables[INPUT_OUTPUT][0]["locator"] == "Summary Use, producers' prices 2031, row 331, column 331"
    assert len(cells(taken)) + sum(taken.set_aside.values()) == 8 * 7
    assert not taken.refused
    assert not taken.rows


def test_make_stands_by_commodity_and_industry(tmp_path: Path) -> None:
    taken = taken_from(tmp_path, MAKE, name="Summary_Make_2031.csv")
    assert cells(taken)["make", "334", "331"] == 2
    assert taken.tables[INPUT_OUTPUT][1]["locator"] == "Summary Make 2031, row 331, column 334"


def test_value_added_is_divided_among_uses(tmp_path: Path) -> None:
    taken = taken_from(tmp_path, ADDED + "GSLE,9,9\n", name="Summary_ValueAdded.csv")
    industries = list(dict.fromkeys(s.industry for s in use_shares()))
    expected = sum((200 + industries.index(s.industry)) * s.share for s in use_shares() if s.use == "electronics")
    value = {(r.use, r.period): r.value for r in taken.rows}
    assert value["electronics", "1998"] == pytest.approx(expected)
    assert len(value) == 8 * 2
    assert {(r.region, r.unit, r.status) for r in taken.rows} == {("USA", "musd/year", "derived")}
    assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []


def test_shares_of_an_industry_never_exceed_it() -> None:
    total: dict[str, float] = defaultdict(float)
    for share in use_shares():
        assert share.low <= share.share <= share.high
        total[share.industry] += share.share
    assert max(total.values()) <= 1 + 1e-5
    assert min(total.values()) > 0


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("331,40,20", "331,4o,20", "'4o' in row 331, column 331 is not a number"),
        (",331,334,Total", ",331,3?4,Total", "unknown code '3?4'"),
        ("\n334,0,30", "\n335,0,30", "row '335' of no industry"),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, old: str, new: str, what: str) -> None:
    taken = taken_from(tmp_path, USE.replace(old, new))
    assert any(what in refusal.what for refusal in taken.refused)
    assert (taken.value_share_refused > 0) == ("not a number" not in what)


def test_names_and_crosswalks_hold_no_figures(tmp_path: Path) -> None:
    names = taken_from(tmp_path, "BEA_2017_Summary_Industry_Code,BEA_2017_Summary_Industry_Name\n111CA,Farms\n")
    crosswalk = taken_from(tmp_path, "BEA_2017_Sector_Code,NAICS_2017_Code\n11,11\n11,111\n")
    assert (dict(names.set_aside), dict(crosswalk.set_aside)) == (
        {"names of codes, no figures": 1},
        {"crosswalk between codes, no figures": 2},
    )


def test_an_unknown_layout_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="rows and columns of no known table"):
        taken_from(tmp_path, USE.replace("Total Industry Output", "Output"))
    with pytest.raises(LayoutError, match="no column of rows' names: industry, 331"):
        taken_from(tmp_path, USE.replace("rownames", "industry"))
    with pytest.raises(LayoutError, match="no year in the file's name"):
        taken_from(tmp_path, USE, name="use.csv")
    with pytest.raises(LayoutError, match="of an unknown quantity"):
        taken_from(tmp_path, ADDED + "GSLE,9,9\n", name="series.csv")


@pytest.mark.parametrize("kept", [len(USE) // 2, -2, USE.index("Total Value Added")])
def test_a_cut_table_is_an_error(tmp_path: Path, kept: int) -> None:
    with pytest.raises((TruncatedFileError, LayoutError)):
        taken_from(tmp_path, USE[:kept])


def test_a_table_without_a_column_misses_its_totals(tmp_path: Path) -> None:
    lines = [line.split(",") for line in USE.splitlines()]
    for column in ("331", "334", "F010", "F050", "Total Intermediate"):
        place = lines[0].index(column)
        text = "".join(",".join([*line[:place], *line[place + 1 :]]) + "\n" for line in lines)
        with pytest.raises(LayoutError, match=r"its total says|no column"):
            taken_from(tmp_path, text)


def test_a_row_or_column_printed_twice_is_an_error(tmp_path: Path) -> None:
    row = "334,0,30,30,90,-20,70,100\n"
    with pytest.raises(LayoutError, match="row '334' stands there twice"):
        taken_from(tmp_path, USE.replace(row, row * 2))
    with pytest.raises(LayoutError, match="column '331' stands there twice"):
        taken_from(tmp_path, MAKE.replace("331,334", "331,331", 1), name="Summary_Make_2031.csv")


def test_a_table_without_a_row_misses_its_totals(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="column '331' sum to 2, its total says 50"):
        taken_from(tmp_path, MAKE.replace("331,48,2,50\n", ""), name="Summary_Make_2031.csv")


def test_a_series_that_leaves_out_a_year_is_an_error(tmp_path: Path) -> None:
    text = (ADDED + "GSLE,9,9\n").replace("1998", "1999", 1)
    with pytest.raises(LayoutError, match="no column of 1998"):
        taken_from(tmp_path, text, name="Summary_ValueAdded.csv")


def test_a_series_cut_between_lines_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(TruncatedFileError, match="the last row is"):
        taken_from(tmp_path, ADDED, name="Summary_ValueAdded.csv")


def test_a_recoded_table_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EncodingError):
        taken_from(tmp_path, USE, encoding="utf-16")


def test_the_publishers_files_import_whole() -> None:
    paths = sorted(path for glob in FILES for path in PUBLISHER_FILES.glob(glob))
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    kinds = {}
    for path in paths:
        taken = read(path)
        assert not taken.refused, path
        assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []
        lines = taken.tables.get(INPUT_OUTPUT, [])
        text = path.read_text(encoding="utf-8")
        printed = sum(len(cells) - 1 for cells in list(csv.reader(io.StringIO(text)))[1:])
        if lines:
            assert len(lines) + sum(taken.set_aside.values()) == printed, path
        kinds[path.name] = {line["kind"] for line in lines}
        if "ValueAdded" in path.name:
            total = sum(line["value_musd"] for line in lines if line["year"] == "2023")
            assert round(total / 1e6, 2) == 27.72
    assert kinds["useeior_Summary_Use_2023_PRO_BeforeRedef_17sch.csv"] == {
        "use",
        "final_use",
        "value_added",
        "gross_output",
    }
    assert kinds["BEA_Detail_Supply_2017_17sch.csv"] == {"supply"}
