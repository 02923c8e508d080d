"""Comtrade: exact rows from samples in three layouts, totals told from their parts, and the stored files whole."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import duckdb
import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import comtrade
from derisk.data.intake import customs_countries, flows
from derisk.errors import EncodingError, LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
HEADER = "reporter,partner,cmd,flow,value,netwgt\n"
LINES = [
    "156,152,283691,M,100,4000\n",
    "156,152,283691,M,900,30000\n",
    "156,152,283691,M,1000,34000\n",
    "156,152,283691,M,1000,34000\n",
    "152,156,283691,X,950,33000\n",
    "842,0,283691,M,5000,9\n",
    "97,156,283691,M,70,7\n",
    "392,490,850511,M,60,\n",
    "392,899,850511,M,3,1\n",
    "156,156,850511,M,2,1\n",
    "276,156,850511,RX,8,1\n",
    "276,156,811292,M,8,1\n",
]


def packed(folder: Path, text: str, name: str = "comtrade_2024.csv.gz") -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return packed(tmp_path, HEADER + "".join(LINES))


def test_each_record_is_taken_once_and_in_its_direction(sample: Path) -> None:
    imported = comtrade.read(sample)
    assert {(r.good, r.region, r.partner, r.field, r.source): r.value for r in imported.rows} == {
        ("lithium_chemical", "CHL", "CHN", "trade_value", "comtrade-2024-imports"): 1000.0,
        ("lithium_chemical", "CHL", "CHN", "trade_gross", "comtrade-2024-imports"): 34.0,
        ("lithium_chemical", "CHL", "CHN", "trade_value", "comtrade-2024-exports"): 950.0,
        ("lithium_chemical", "CHL", "CHN", "trade_gross", "comtrade-2024-exports"): 33.0,
        ("ndfeb_magnet", "TWN", "JPN", "trade_value", "comtrade-2024-imports"): 60.0,
    }
    assert {r.period for r in imported.rows} == {"2024"}
    assert imported.refused == ()


def test_every_figure_of_the_sample_has_a_fate(sample: Path) -> None:
    assert dict(comtrade.read(sample).set_aside) == {
        comtrade.PART_OF_TOTAL: 6,
        comtrade.RE_TRADE: 2,
        customs_countries.WORLD_TOTAL: 2,
        customs_countries.AGGREGATE: 2,
        customs_countries.NO_COUNTRY: 2,
        flows.BACK_HOME: 2,
        flows.NO_QUANTITY: 1,
        f"{flows.SEVERAL}: 811292": 2,
    }


def test_taken_rows_are_lawful_and_not_for_the_package(sample: Path) -> None:
    imported = comtrade.read(sample)
    assert row_problems(imported.rows, {s.id: s for s in imported.sources}) == []
    assert not any(source.shippable for source in imported.sources)


def test_the_publishers_own_names_and_a_marked_estimate(tmp_path: Path) -> None:
    path = tmp_path / "imports.parquet"
    duckdb.sql(
        f"""COPY (SELECT 2023 AS refYear, 699 AS reporterCode, 180 AS partnerCode, 'M' AS flowCode, '260500' AS cmdCode,
                  12.0 AS primaryValue, 2500.0 AS netWgt, true AS isNetWgtEstimated) TO '{path}' (FORMAT parquet)"""
    )
    rows = comtrade.read(path).rows
    assert [(r.good, r.region, r.partner, r.field, r.value, r.status) for r in rows] == [
        ("cobalt_intermediate", "COD", "IND", "trade_value", 12.0, "reported"),
        ("cobalt_intermediate", "COD", "IND", "trade_gross", 2.5, "estimated"),
    ]


def test_periods_of_a_long_table_name_the_source(tmp_path: Path) -> None:
    header = "period,reporterCode,partnerCode,flowCode,cmdCode,primaryValue,netWgt\n"
    text = f"{header}2000,156,608,M,260400,5,1000\n2024,156,608,M,260400,6,2000\n"
    imported = comtrade.read(packed(tmp_path, text, "nickel.csv.gz"))
    assert {r.source for r in imported.rows} == {"comtrade-2000-2024-imports"}
    assert [r.value for r in imported.rows if r.field == "trade_gross"] == [1.0, 2.0]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("152,156,283691,X", "151,156,283691,X", "unknown country '151'"),
        ("X,950,33000", "X,much,33000", "no value: 'much'"),
        ("X,950,33000", "X,950,heavy", "no quantity: 'heavy'"),
        ("283691,X,950", "283691,Q,950", "unknown flow 'Q'"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line_and_word(
    tmp_path: Path, old: str, new: str, word: str
) -> None:
    text = HEADER + "".join(LINES)
    assert text.count(old) == 1
    imported = comtrade.read(packed(tmp_path, text.replace(old, new)))
    assert [(r.line, r.what) for r in imported.refused] == [(6, word)]


def test_a_column_removed_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="reporterCode"):
        comtrade.read(packed(tmp_path, "reporter,partner,cmd,flow,value\n156,152,283691,M,100\n"))


def test_a_year_nowhere_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="year"):
        comtrade.read(packed(tmp_path, HEADER + LINES[0], "comtrade.csv.gz"))


@pytest.mark.parametrize("kept", [0.5, 0.98, 0.0])
def test_a_cut_gzip_file_is_a_truncated_file(sample: Path, kept: float) -> None:
    content = sample.read_bytes()
    sample.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(TruncatedFileError):
        comtrade.read(sample)


def test_a_cut_last_line_is_a_truncated_file(tmp_path: Path) -> None:
    with pytest.raises(TruncatedFileError):
        comtrade.read(packed(tmp_path, HEADER + LINES[0].rstrip("\n")))


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_is_an_encoding_error(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "comtrade_2024.csv.gz"
    path.write_bytes(gzip.compress((HEADER + LINES[0].replace("M", "é")).encode(encoding), mtime=0))
    with pytest.raises(EncodingError):
        comtrade.read(path)


STORED = sorted(path for pattern in comtrade.FILES for path in PUBLISHER_FILES.glob(pattern))


@pytest.fixture(scope="module")
def stored() -> dict[str, comtrade.Imported]:
    if not STORED:
        pytest.skip(f"no publishers' files at {PUBLISHER_FILES}")
    return {path.name: comtrade.read(path) for path in STORED}


def test_stored_files_import_whole(stored: dict[str, comtrade.Imported]) -> None:
    assert {name: imported.refused for name, imported in stored.items()} == dict.fromkeys(stored, ())


def test_origins_of_nickel_matte_count_the_union_once(tmp_path: Path) -> None:
    """SOURCES.md prints 33.8, 33.5 and 24.0 % for 2022, in which Finland's imports from Russia stand twice."""
    whole = next((path for path in STORED if path.suffix == ".parquet"), None)
    if whole is None:
        pytest.skip(f"no publishers' files at {PUBLISHER_FILES}")
    part = tmp_path / "matte.parquet"
    duckdb.sql(f"COPY (FROM '{whole}' WHERE cmdCode = '750110' AND refYear = 2022) TO '{part}' (FORMAT parquet)")
    matte = [r for r in comtrade.read(part).rows if r.field == "trade_value"]
    value = {c: sum(r.value or 0.0 for r in matte if r.region == c) for c in ("IDN", "RUS", "CAN")}
    world = sum(r.value or 0.0 for r in matte)
    assert {c: round(100 * v / world, 1) for c, v in value.items()} == {"IDN": 40.6, "RUS": 20.1, "CAN": 28.9}
    twice = {"IDN": value["IDN"], "RUS": 2 * value["RUS"], "CAN": value["CAN"]}
    shares = {c: 100 * v / (world + value["RUS"]) for c, v in twice.items()}
    assert shares == pytest.approx({"IDN": 33.8, "RUS": 33.5, "CAN": 24.0}, abs=0.1)


def test_flows_of_a_raw_table_add_up_to_the_world_it_prints(stored: dict[str, comtrade.Imported]) -> None:
    """Chinese exports of magnets in 2024: the totals by partner against partner 0, World."""
    path = next(path for path in STORED if path.name == "comtrade_2024.csv.gz")
    printed = duckdb.sql(
        f"SELECT max(value) FROM read_csv('{path}') WHERE reporter = 156 AND partner = 0 AND cmd = 850511 AND flow = 'X'"
    ).fetchall()[0]
    rows = [
        r
        for r in stored["comtrade_2024.csv.gz"].rows
        if (r.good, r.region, r.field, r.source) == ("ndfeb_magnet", "CHN", "trade_value", "comtrade-2024-exports")
    ]
    assert sum(r.value or 0.0 for r in rows) == pytest.approx(printed[0], rel=0.01)
