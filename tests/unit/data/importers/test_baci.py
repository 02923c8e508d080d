"""BACI: exact rows from a sample in each layout, named errors for damaged copies, and the stored files whole."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import baci
from derisk.data.intake import customs_countries, flows
from derisk.errors import EncodingError, LayoutError, RefusedRowsError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
HEADER = "t,i,j,k,v,q\n"
LINES = [
    "2024,152,156,283691,100.5,10\n",
    "2024,152,156,282520,20,2\n",
    "2024,152,490,283691,7,NA\n",
    "2024,516,156,260300,3,0.5\n",
    "2024,180,156,810520,50,9\n",
    "2024,180,156,282200,40,8\n",
    "2024,56,392,284690,11,1\n",
    "2024,711,392,260300,5,1\n",
    "2024,156,276,811292,9,0.1\n",
    "2024,4,156,010121,1,1\n",
    "2024,4,156,251110,2,3\n",
]
NAME = "BACI_HS17_Y2024_V202601.csv"


def written(folder: Path, text: str, name: str = NAME) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return written(tmp_path, HEADER + "".join(LINES))


def parquet(folder: Path, name: str, select: str) -> Path:
    path = folder / name
    duckdb.sql(f"COPY ({select}) TO '{path}' (FORMAT parquet)")
    return path


def test_the_publishers_own_layout_gives_exact_rows(sample: Path) -> None:
    imported = baci.read(sample)
    found = {(r.good or r.material, r.region, r.partner, r.field): r for r in imported.rows}
    assert {key: row.value for key, row in found.items()} == {
        ("lithium_chemical", "CHL", "CHN", "trade_value"): 120_500.0,
        ("lithium_chemical", "CHL", "CHN", "trade_gross"): 12.0,
        ("lithium_chemical", "CHL", "TWN", "trade_value"): 7000.0,
        ("copper_concentrate", "NAM", "CHN", "trade_value"): 3000.0,
        ("copper_concentrate", "NAM", "CHN", "trade_gross"): 0.5,
        ("cobalt_intermediate", "COD", "CHN", "trade_value"): 50_000.0,
        ("cobalt_intermediate", "COD", "CHN", "trade_gross"): 9.0,
        ("rare_earths", "BEL", "JPN", "trade_value"): 11_000.0,
        ("rare_earths", "BEL", "JPN", "trade_gross"): 1.0,
    }
    row = found["lithium_chemical", "CHL", "CHN", "trade_gross"]
    assert row.locator == "HS17 282520 and 283691, 2024, CHL to CHN"
    assert (row.unit, row.basis, row.status, row.source, row.line) == (
        "t/year",
        "gross",
        "preliminary",
        "baci-hs17-v202601",
        2,
    )
    assert imported.refused == ()


def test_every_figure_of_the_sample_has_a_fate(sample: Path) -> None:
    imported = baci.read(sample)
    aside = dict(imported.set_aside)
    assert aside.pop(flows.NO_QUANTITY) == 1
    assert aside.pop(flows.UNLISTED) == 2
    assert aside.pop(f"{flows.UNLISTED}: 251110, barytes") == 2
    assert aside.pop(f"{flows.SEVERAL}: 811292") == 2
    assert aside.pop(customs_countries.FORMER) == 2
    assert list(aside.values()) == [2]
    assert "282200" in next(iter(aside))


def test_taken_rows_are_lawful(sample: Path) -> None:
    imported = baci.read(sample)
    assert row_problems(imported.rows, {s.id: s for s in imported.sources}) == []


def test_the_same_flows_read_alike_in_a_carriers_layout(sample: Path, tmp_path: Path) -> None:
    lettered = parquet(
        tmp_path,
        "baci_hs17_2024.parquet",
        "SELECT 2024 AS year, 'CHL' AS exporter, 'CHN' AS importer, '283691' AS hs6, 100.5 AS value_kusd, 10.0 AS qty_t",
    )
    values = parquet(
        tmp_path,
        "baci_hs17_2022.parquet",
        "SELECT 2022 AS year, 'CHL' AS exporter, 'CHN' AS importer, '283691' AS hs6, 100500.0 AS value_usd",
    )
    assert [(r.field, r.value) for r in baci.read(lettered).rows] == [("trade_value", 100_500.0), ("trade_gross", 10.0)]
    assert [(r.field, r.value, r.status) for r in baci.read(values).rows] == [("trade_value", 100_500.0, "reported")]


def test_top_partners_break_at_2017(tmp_path: Path) -> None:
    line = "SELECT {} AS year, 'CHN' AS exporter, 'NAM' AS importer, 'CN' AS exporter_iso2, 'NA' AS importer_iso2, '850511' AS hs6, 5 AS value_usd, NULL::DOUBLE AS qty_t"
    path = parquet(tmp_path, "top.parquet", f"{line.format(2016)} UNION ALL {line.format(2017)}")
    rows = baci.read(path).rows
    assert [(r.period, r.partner, r.source) for r in rows] == [
        ("2016", "NAM", "baci-hs02-v202601"),
        ("2017", "NAM", "baci-hs17-v202601"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("2024,516", "2024,999", "unknown country '999'"),
        ("20,2\n", "x20,2\n", "no value: 'x20'"),
        ("20,2\n", "20,2?\n", "no quantity: '2?'"),
        ("20,2\n", "-20,2\n", "no value: '-20'"),
        ("2024,516", "24,516", "no year: '24'"),
        ("260300,3", "ore,3", "no customs code: 'ore'"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_its_line_and_word(
    tmp_path: Path, old: str, new: str, word: str
) -> None:
    text = HEADER + "".join(LINES)
    assert text.count(old) == 1
    path = written(tmp_path, text.replace(old, new))
    imported = baci.read(path)
    at = 2 + next(n for n, line in enumerate(LINES) if old in line)
    assert [(r.line, r.what) for r in imported.refused] == [(at, word)]
    with pytest.raises(RefusedRowsError, match=f"line {at}"):
        imported.demand_all(path.name)


def test_the_share_of_value_refused_is_counted_by_code(tmp_path: Path) -> None:
    text = HEADER + "2024,152,156,283691,30,1\n2024,999,156,283691,10,1\n"
    assert baci.read(written(tmp_path, text)).value_share_refused == pytest.approx(0.25)


def test_a_column_removed_is_a_layout_error(tmp_path: Path) -> None:
    text = "".join(",".join(line.rstrip("\n").split(",")[:-1]) + "\n" for line in [HEADER, *LINES])
    with pytest.raises(LayoutError, match="'t', 'i', 'j', 'k', 'v'"):
        baci.read(written(tmp_path, text))


def test_a_line_with_too_many_cells_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError):
        baci.read(written(tmp_path, HEADER + LINES[0] + "2024,152,156,283691,1,1,1\n"))


def test_a_name_without_an_edition_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="edition"):
        baci.read(written(tmp_path, HEADER + LINES[0], name="trade.csv"))


@pytest.mark.parametrize("kept_bytes", [60, -1, 0])
def test_a_cut_table_is_a_truncated_file(sample: Path, kept_bytes: int) -> None:
    content = sample.read_bytes()
    sample.write_bytes(content[:kept_bytes])
    with pytest.raises(TruncatedFileError):
        baci.read(sample)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le"])
def test_another_encoding_is_an_encoding_error(sample: Path, encoding: str) -> None:
    sample.write_bytes((HEADER + LINES[0]).encode(encoding))
    with pytest.raises(EncodingError):
        baci.read(sample)


def test_foreign_bytes_are_an_encoding_error(sample: Path) -> None:
    sample.write_bytes((HEADER + LINES[0].replace("152", "Côte")).encode("cp1252"))
    with pytest.raises(EncodingError):
        baci.read(sample)


@pytest.mark.parametrize("part", [0.5, 0.99])
def test_a_cut_parquet_file_is_a_truncated_file(tmp_path: Path, part: float) -> None:
    path = parquet(
        tmp_path,
        "baci_hs17.parquet",
        "SELECT 2024 AS year, 'CHL' AS exporter, 'CHN' AS importer, '283691' AS hs6, range AS value_kusd, 1 AS qty_t FROM range(500)",
    )
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    with pytest.raises(TruncatedFileError):
        baci.read(path)


def test_a_damaged_parquet_file_is_a_truncated_file(tmp_path: Path) -> None:
    path = parquet(tmp_path, "baci_hs17.parquet", "SELECT 2024 AS year")
    path.write_bytes(b"PAR1" + b"\x00" * 40 + b"PAR1")
    with pytest.raises(TruncatedFileError):
        baci.read(path)


def test_text_under_a_parquet_name_is_a_layout_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="not a Parquet file"):
        baci.read(written(tmp_path, HEADER, name="baci_hs17.parquet"))


STORED = sorted(path for pattern in baci.FILES for path in PUBLISHER_FILES.glob(pattern))


@pytest.fixture(scope="module")
def stored() -> dict[str, baci.Imported]:
    if not STORED:
        pytest.skip(f"no publishers' files at {PUBLISHER_FILES}")
    return {path.name: baci.read(path) for path in STORED}


def total(imported: baci.Imported, field: str, period: str, **words: str) -> float:
    return sum(
        r.value or 0.0
        for r in imported.rows
        if r.field == field and r.period == period and all(getattr(r, k) == v for k, v in words.items())
    )


def test_stored_files_import_whole(stored: dict[str, baci.Imported]) -> None:
    assert {name: imported.refused for name, imported in stored.items()} == dict.fromkeys(stored, ())


def test_rare_earths_of_china_to_japan(stored: dict[str, baci.Imported]) -> None:
    """Export and share of Japan's imports as SOURCES.md prints them, gross tonnes."""
    hs92 = stored["baci_hs92_critical_minerals_1995_2024.parquet"]
    rare = {"material": "rare_earths", "good": ""}
    exports_kt = [
        round(total(hs92, "trade_gross", y, region="CHN", **rare) / 1000, 1) for y in ("2008", "2010", "2011", "2012")
    ]
    assert exports_kt == [68.7, 56.3, 38.9, 24.8]
    shares = [
        total(hs92, "trade_gross", y, region="CHN", partner="JPN", **rare)
        / total(hs92, "trade_gross", y, partner="JPN", **rare)
        for y in ("2008", "2012")
    ]
    assert [round(share, 2) for share in shares] == [0.89, 0.54]


def test_shares_of_2024(stored: dict[str, baci.Imported]) -> None:
    """Shares of world value as SOURCES.md prints them."""
    hs17 = stored["baci_hs17_2024_full_30codes.parquet"]

    def share(good: str, region: str) -> float:
        wanted = {"good": good}
        return round(
            100
            * total(hs17, "trade_value", "2024", region=region, **wanted)
            / total(hs17, "trade_value", "2024", **wanted),
            1,
        )

    assert share("ndfeb_magnet", "CHN") == 62.7
    assert (share("refined_copper", "COD"), share("refined_copper", "CHL")) == (22.1, 19.8)
    assert share("lithium_chemical", "CHL") == 74.5, "carbonate alone: the file lacks hydroxide"
