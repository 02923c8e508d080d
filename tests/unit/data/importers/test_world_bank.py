"""The World Bank's GDP is taken over by country, its groups set aside, and a damaged file says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from derisk.data.checks import row_problems
from derisk.data.importers.world_bank import FILES, read
from derisk.errors import EncodingError, LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
LONG = """Country Name,Country Code,Year,Value
Arab World,ARB,2022,3000.5
Côte d'Ivoire,CIV,2022,70.25
European Union,EUU,2022,17000
World,WLD,2022,100000
Zimbabwe,ZWE,2021,28371
Zimbabwe,ZWE,2022,27366.5000000000001"""
WIDE = (
    '"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","2024-06-28",\r\n\r\n'
    '"Country Name","Country Code","Indicator Name","Indicator Code","2021","2022",\r\n'
    '"Côte d\'Ivoire","CIV","GDP (current US$)","NY.GDP.MKTP.CD","","70.25",\r\n'
    '"Euro area","EMU","GDP (current US$)","NY.GDP.MKTP.CD","14000","13000",\r\n'
    '"World","WLD","GDP (current US$)","NY.GDP.MKTP.CD","98000","100000",\r\n'
    '"World","WLD","Population, total","SP.POP.TOTL","7","8",\r\n'
    '"Zimbabwe","ZWE","Political Stability: Estimate","GOV_WGI_PV.EST","-0.95","-0.9",\r\n'
)


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "gdp.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_countries_the_union_and_the_world_become_rows(tmp_path: Path) -> None:
    taken = read(written(tmp_path, LONG))
    assert [(r.region, r.period, r.field, r.value, r.unit, r.locator) for r in taken.rows] == [
        ("CIV", "2022", "gdp", 70.25, "USD", "NY.GDP.MKTP.CD, CIV, 2022"),
        ("EUU", "2022", "gdp", 17000, "USD", "NY.GDP.MKTP.CD, EUU, 2022"),
        ("WLD", "2022", "gdp", 100000, "USD", "NY.GDP.MKTP.CD, WLD, 2022"),
        ("ZWE", "2021", "gdp", 28371, "USD", "NY.GDP.MKTP.CD, ZWE, 2021"),
        ("ZWE", "2022", "gdp", 27366.5, "USD", "NY.GDP.MKTP.CD, ZWE, 2022"),
    ]
    assert dict(taken.set_aside) == {"aggregate that counts its members twice": 1}
    assert [(s.id, s.year, s.shippable) for s in taken.sources] == [("world-bank-gdp", 2023, True)]
    assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_the_banks_own_layout_reads_each_year_and_indicator(tmp_path: Path, encoding: str) -> None:
    taken = read(written(tmp_path, WIDE, encoding=encoding))
    assert [(r.region, r.period, r.field, r.value, r.status) for r in taken.rows] == [
        ("CIV", "2022", "gdp", 70.25, "reported"),
        ("WLD", "2021", "gdp", 98000, "reported"),
        ("WLD", "2022", "gdp", 100000, "reported"),
        ("ZWE", "2021", "governance_political_stability", -0.95, "estimated"),
        ("ZWE", "2022", "governance_political_stability", -0.9, "estimated"),
    ]
    assert dict(taken.set_aside) == {
        "nothing printed for the year": 1,
        "aggregate that counts its members twice": 2,
        "indicator outside the dataset's fields: SP.POP.TOTL": 2,
    }
    assert {s.year for s in taken.sources} == {2024}
    assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []


@pytest.mark.parametrize(
    ("old", "new", "what", "share"),
    [
        ("Union,EUU", "Atlantis,ATL", "unknown country code 'ATL' (European Atlantis)", 17000 / 172807.75),
        ("Zimbabwe,ZWE,2021", "Zambia,ZWE,2021", "code 'ZWE' stands beside 'Zambia', which is ZMB", 28371 / 172807.75),
        ("CIV,2022,70.25", "CIV,2022,7o.25", "'7o.25' is not a number", 0),
        ("CIV,2022,70.25", "CIV,2022,-70.25", "gdp '-70.25' lies outside its bounds", 70.25 / 172807.75),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, old: str, new: str, what: str, share: float) -> None:
    taken = read(written(tmp_path, LONG.replace(old, new)))
    assert [refusal.what for refusal in taken.refused] == [what]
    assert taken.value_share_refused == pytest.approx(share)
    assert new in LONG.replace(old, new).splitlines()[taken.refused[0].line - 1]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="no column 'Country Code'"):
        read(written(tmp_path, LONG.replace("Country Code", "Code")))
    with pytest.raises(LayoutError, match="no header"):
        read(written(tmp_path, WIDE.replace("Indicator Code", "Code")))


@pytest.mark.parametrize("kept", [60, len(LONG.encode()) // 2, -16, -22])
def test_a_cut_file_is_an_error(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "gdp.csv"
    path.write_bytes(LONG.encode()[:kept])
    with pytest.raises((TruncatedFileError, LayoutError)):
        read(path)


@pytest.mark.parametrize("kept", [300, -2, -8])
def test_a_cut_file_of_the_banks_own_layout_is_an_error(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "gdp.csv"
    path.write_bytes(WIDE.encode()[:kept])
    with pytest.raises(TruncatedFileError):
        read(path)


@pytest.mark.parametrize("text", [LONG, WIDE])
def test_a_file_cut_between_lines_is_an_error(tmp_path: Path, text: str) -> None:
    end = text.rindex("Zimbabwe,ZWE,2022" if text is LONG else '"Zimbabwe"')
    with pytest.raises(TruncatedFileError, match="Zimbabwe"):
        read(written(tmp_path, text[:end]))


@pytest.mark.parametrize("text", [LONG, WIDE])
@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_a_recoded_file_is_an_error(tmp_path: Path, text: str, encoding: str) -> None:
    with pytest.raises(EncodingError):
        read(written(tmp_path, text, encoding=encoding))


def test_the_publishers_files_import_whole() -> None:
    paths = sorted(path for glob in FILES for path in PUBLISHER_FILES.glob(glob))
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    for path in paths:
        taken = read(path)
        assert not taken.refused, path
        assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []
        value = {(r.region, r.period): r.value for r in taken.rows}
        assert round(value["USA", "2023"] / 1e12, 2) == 27.36
        assert round(value["CHN", "2023"] / 1e12, 2) == 17.79
        assert value["EUU", "2023"] < value["WLD", "2023"]
