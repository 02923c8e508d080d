"""The Worldwide Governance Indicators are taken over whole, and a damaged file says so."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import openpyxl
import pytest

from derisk.data.checks import row_problems
from derisk.data.importers.wgi import DIMENSIONS, FILES, read
from derisk.errors import EncodingError, LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
LONG = """iso3,country,year,dim,Estimate,StdErr,NumSrc,Rank,Lower,Upper
AUT,Austria,2021,PV,0.75,0.25,9.0,70.0,60.0,80.0
CIV,Côte d'Ivoire,2022,CC,-0.5,0.125,12.0,40.0,30.0,50.0
ANT,Netherlands Antilles (former),2012,PV,1.0,0.5,1.0,90.0,80.0,100.0
ZWE,Zimbabwe,2022,VA,-1.125,0.125,15.0,18.0,13.0,22.0
"""
STABILITY = """country,iso3,year,pv_estimate,pv_stderr
Austria,AUT,2022,0.75,0.25
Austria,AUT,2023,0.5,0.25
Guyana,GUY,2023,0.1,0.25
Guyana,GUY,2023,0.3,0.25
New Caledonia,NCL,2023,0.75,0.5
"""


def packed(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "wgi.csv.gz"
    path.write_bytes(gzip.compress(text.encode(encoding), mtime=0))
    return path


def test_estimates_become_rows_with_error_and_sources(tmp_path: Path) -> None:
    taken = read(packed(tmp_path, LONG))
    assert [(r.region, r.period, r.field, r.value, r.unit, r.status, r.locator) for r in taken.rows] == [
        ("AUT", "2021", "governance_political_stability", 0.75, "estimate", "estimated", "PV.EST AUT 2021"),
        ("CIV", "2022", "governance_control_of_corruption", -0.5, "estimate", "estimated", "CC.EST CIV 2022"),
        ("ZWE", "2022", "governance_voice_and_accountability", -1.125, "estimate", "estimated", "VA.EST ZWE 2022"),
    ]
    assert taken.rows[0].note == "standard error 0.250; 9 sources"
    assert [(s.id, s.year, s.licence) for s in taken.sources] == [("world-bank-wgi-2023", 2023, "CC BY 4.0")]
    assert sum(taken.set_aside.values()) == 12 + 1
    assert not taken.refused
    assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []


def test_the_splice_is_noted_and_a_key_stated_twice_is_set_aside(tmp_path: Path) -> None:
    taken = read(packed(tmp_path, STABILITY))
    assert [(r.period, "2025 update" in r.note) for r in taken.rows] == [
        ("2022", False),
        ("2023", True),
        ("2023", True),
    ]
    assert {r.region for r in taken.rows} == {"AUT", "NCL"}
    assert list(taken.set_aside.values()) == [2]


def test_the_banks_own_workbook_reads_alike(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    header = "codeindyr,code,countryname,year,indicator,estimate,stddev,nsource,pctrank,pctranklower,pctrankupper"
    workbook.active.append(header.split(","))
    workbook.active.append(["ZARrl2020", "ZAR", "Congo, Dem. Rep.", 2020, "rl", -1.5, 0.25, 12, 5.0, 1.0, 9.0])
    workbook.active.append(["AUTrl2020", "AUT", "Austria", 2020, "rl", "..", "..", "..", "..", "..", ".."])
    workbook.save(tmp_path / "wgidataset.xlsx")
    taken = read(tmp_path / "wgidataset.xlsx")
    assert [(r.region, r.period, r.field, r.value) for r in taken.rows] == [
        ("COD", "2020", "governance_rule_of_law", -1.5)
    ]
    assert taken.set_aside["no estimate printed"] == 1


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("AUT,Austria,2021", "AUQ,Atlantis,2021", "unknown country code 'AUQ' (Atlantis)"),
        ("AUT,Austria,2021", "DEU,Austria,2021", "code 'DEU' stands beside 'Austria', which is AUT"),
        ("0.75,0.25", "O.75,0.25", "Estimate 'O.75' is not a number"),
        ("0.75,0.25", "75,0.25", "Estimate '75' lies outside -4 to 4"),
        ("2021,PV", "2021,PX", "unknown dimension 'PX'"),
        ("AUT,Austria,2021", "AUT,Austria,21", "'21' is not a year"),
    ],
)
def test_what_is_not_understood_is_refused_by_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    taken = read(packed(tmp_path, LONG.replace(old, new)))
    assert [(refusal.line, refusal.what) for refusal in taken.refused] == [(2, what)]
    assert (taken.value_share_refused == 1) == ("not a number" not in what)


@pytest.mark.parametrize("text", [LONG, STABILITY])
def test_a_file_cut_between_lines_lacks_the_last_economy(tmp_path: Path, text: str) -> None:
    lines = text.splitlines(keepends=True)
    for kept in range(2, len(lines)):
        with pytest.raises(TruncatedFileError, match="which stands last: the file is cut"):
            read(packed(tmp_path, "".join(lines[:kept])))


def test_an_estimate_stated_twice_is_refused_the_second_time(tmp_path: Path) -> None:
    twice = LONG.replace("AUT,", "AUT,Austria,2021,PV,0.5,0.25,9.0,70.0,60.0,80.0\nAUT,", 1)
    taken = read(packed(tmp_path, twice))
    assert [(refusal.line, refusal.what) for refusal in taken.refused] == [(3, "stated twice: AUT, 2021, PV")]
    assert len(taken.rows) == 3


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no column 'StdErr'"):
        read(packed(tmp_path, LONG.replace("StdErr", "Error")))
    with pytest.raises(LayoutError, match="unknown header"):
        read(packed(tmp_path, LONG.replace("iso3", "code3")))


@pytest.mark.parametrize("kept", [0.5, 0.97])
def test_a_cut_file_is_an_error(tmp_path: Path, kept: float) -> None:
    path = packed(tmp_path, LONG)
    path.write_bytes(path.read_bytes()[: int(kept * path.stat().st_size)])
    with pytest.raises(TruncatedFileError):
        read(path)
    plain = tmp_path / "wgi.csv"
    plain.write_bytes(LONG.encode()[:-3])
    with pytest.raises(TruncatedFileError):
        read(plain)


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_recoded_file_is_an_error(tmp_path: Path, encoding: str) -> None:
    with pytest.raises(EncodingError):
        read(packed(tmp_path, LONG, encoding=encoding))


def test_the_publishers_files_import_whole() -> None:
    paths = sorted(path for glob in FILES for path in PUBLISHER_FILES.glob(glob))
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    value = {}
    for path in paths:
        taken = read(path)
        assert not taken.refused, path
        assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []
        value.update({(r.source, r.field, r.region, r.period): r.value for r in taken.rows})
    stability = "governance_political_stability"
    assert round(value["world-bank-wgi-2023", stability, "COD", "2022"], 2) == -1.98
    assert round(value["world-bank-wgi-2025", stability, "COD", "2024"], 2) == -2.12
    assert {field for _, field, _, _ in value} == {f"governance_{name}" for name in DIMENSIONS.values()}
