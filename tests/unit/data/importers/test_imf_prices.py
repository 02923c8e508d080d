"""The IMF's commodity prices are taken over on each good's price basis, and a damaged file says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from derisk.data.checks import row_problems
from derisk.data.importers.imf_prices import FILES, read
from derisk.errors import EncodingError, LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
MONTHLY = """mineral,date,data_transformation,obs_value
Cobalt,2024-12,INDEX,95.5
Cobalt,2024-12,USD,24300.0
Lithium,2024-12,USD,106460.0
Manganese,2024-12,USD,2463.25
Nickel,2024-12,USD,15445.5
"""
YEARLY = "mineral,year,total_value_usd,avg_price_usd\nNickel,2024,6000.5,16816\n"


def written(folder: Path, text: str, *, encoding: str = "utf-8") -> Path:
    path = folder / "imf.csv"
    path.write_bytes(text.encode(encoding))
    return path


def test_prices_become_rows_on_the_goods_price_basis(tmp_path: Path) -> None:
    taken = read(written(tmp_path, MONTHLY))
    assert [(r.good, r.region, r.period, r.unit, r.basis, r.status) for r in taken.rows] == [
        ("refined_cobalt", "WLD", "2024-12", "USD/t", "contained_metal", "reported"),
        ("lithium_chemical", "WLD", "2024-12", "USD/t", "lce", "bound"),
        ("refined_manganese", "WLD", "2024-12", "USD/t", "contained_metal", "reported"),
        ("refined_nickel", "WLD", "2024-12", "USD/t", "contained_metal", "reported"),
    ]
    assert [r.value for r in taken.rows] == [24300, pytest.approx(106460 / 5.323), 2463.25, 15445.5]
    assert taken.rows[1].note.endswith("printed 106460 USD per tonne of metal")
    assert dict(taken.set_aside) == {"index number: follows from the price": 1}
    assert [(s.year, s.shippable) for s in taken.sources] == [(2024, False)]
    assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []


def test_yearly_means_are_taken_and_import_values_set_aside(tmp_path: Path) -> None:
    taken = read(written(tmp_path, YEARLY))
    assert [(r.good, r.period, r.value) for r in taken.rows] == [("refined_nickel", "2024", 16816)]
    assert dict(taken.set_aside) == {"value of world imports, from another publisher": 1}


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("Cobalt,2024-12,USD", "Unobtainium,2024-12,USD", "unknown mineral 'Unobtainium'"),
        ("Cobalt,2024-12,USD", "Cobalt,2024-12,EUR", "unknown unit 'EUR'"),
        ("Cobalt,2024-12,USD", "Cobalt,2023M12,USD", "'2023M12' is not a period"),
        ("24300.0", "24 300.0", "Cobalt 2024-12: '24 300.0' is not a price"),
    ],
)
def test_what_is_not_understood_is_refused_by_line(tmp_path: Path, old: str, new: str, what: str) -> None:
    taken = read(written(tmp_path, MONTHLY.replace(old, new)))
    assert [(refusal.line, refusal.what) for refusal in taken.refused] == [(3, what)]
    assert taken.value_share_refused == (0 if "not a price" in what else 1)


def test_an_unknown_header_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(LayoutError, match="unknown header 'mineral,date,obs_value'"):
        read(written(tmp_path, "mineral,date,obs_value\nCobalt,2024-12,24300\n"))


@pytest.mark.parametrize("kept", [len(MONTHLY) // 2, -2])
def test_a_cut_file_is_an_error(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "imf.csv"
    path.write_bytes(MONTHLY.encode()[:kept])
    with pytest.raises(TruncatedFileError):
        read(path)


def test_a_file_cut_between_lines_lacks_the_last_mineral(tmp_path: Path) -> None:
    with pytest.raises(TruncatedFileError, match="no price of Nickel"):
        read(written(tmp_path, MONTHLY[: MONTHLY.index("Nickel")]))


def test_columns_in_another_order_read_alike(tmp_path: Path) -> None:
    swapped = [",".join(line.split(",")[::-1]) for line in MONTHLY.splitlines()]
    taken = read(written(tmp_path, "\n".join(swapped) + "\n"))
    assert [row.value for row in taken.rows] == [row.value for row in read(written(tmp_path, MONTHLY)).rows]


def test_a_recoded_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(EncodingError):
        read(written(tmp_path, MONTHLY, encoding="utf-16"))


def test_the_publishers_files_import_whole() -> None:
    paths = sorted(path for glob in FILES for path in PUBLISHER_FILES.glob(glob))
    if not paths:
        pytest.skip("no publishers' files here; set DERISK_PUBLISHER_FILES")
    value = {}
    for path in paths:
        taken = read(path)
        assert not taken.refused, path
        assert row_problems(taken.rows, {s.id: s for s in taken.sources}) == []
        value.update({(r.good, r.period): r.value for r in taken.rows})
    assert round(value["refined_nickel", "2022-03"], 2) == 33924.18
    assert round(value["refined_copper", "2022-03"], 2) == 10230.89
    assert value["lithium_chemical", "2022-03"] * 5.323 == pytest.approx(473185.88, abs=0.01)
