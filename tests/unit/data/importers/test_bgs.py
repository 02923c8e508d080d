"""BGS: exact rows from a sample, named errors for damaged copies, and the stored files whole."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import bgs
from derisk.data.intake.intake import Imported
from derisk.errors import EncodingError, LayoutError, RefusedRowsError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
FILES = [path for pattern in bgs.FILES for path in sorted(PUBLISHER_FILES.glob(pattern))]
HEADER = (
    "x", "country_iso3_code", "units", "year", "quantity", "bgs_statistic_type_trans", "bgs_commodity_trans",
    "quantity_in_book_style", "country_trans", "bgs_sub_commodity_trans", "concat_figure_notes_text", "sdmx_code",
)  # fmt: skip
METAL = "tonnes (metal content)"
METRIC = "tonnes (metric)"
KILOGRAMS = "kilograms (metal content)"


def line(
    commodity: str,
    country: str,
    quantity: str,
    *,
    unit: str = METAL,
    sub: str = "",
    code: str = "A",
    note: str = "",
    statistic: str = "Production",
    year: str = "2023-01-01 00:00:00",
) -> tuple[str, ...]:
    book = "..." if code == "O" else "0" if code == "N" else quantity
    return ("1.5", "XYZ", unit, year, quantity, statistic, commodity, book, country, sub, note, code)


def written(folder: Path, *lines: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([header, *lines])
    path = folder / "BGS_sample_production.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    return path


LINES = (
    line("copper, mine", "Chile", "5000", note="Including leach cathodes."),
    line("copper, mine", "Congo", "70"),
    line("copper, mine", "Congo, Democratic Republic", "2000", note="Estimates."),
    line("copper, mine", "Sweden", "0"),
    line("copper, mine", "Peru", "", code="O"),
    line("copper, mine", "Fiji", "0", code="N"),
    line("copper, mine", "Soviet Union", "900", year="1985-01-01 00:00:00"),
    line("copper, smelter", "Chile", "1000", unit=METRIC),
    line("copper, refined", "Chile", "2000", unit=METRIC),
    line("copper, refined", "Chile", "50", unit=METRIC, statistic="Exports"),
    line("lithium minerals", "Chile", "40", unit=METRIC, sub="Lithium minerals (Carbonate -Li content)"),
    line("lithium minerals", "Chile", "4", unit=METRIC, sub="Lithium minerals (Li content)"),
    line("lithium minerals", "Chile", "300", unit=METRIC, sub="Carbonate"),
    line("lithium minerals", "Brazil", "6", unit=METRIC, sub="Lithium minerals (Li content)", note="Estimates."),
    line("platinum group metals, mine", "China", "2800", unit=KILOGRAMS, sub="Palladium"),
    line("platinum group metals, mine", "China", "10", unit=KILOGRAMS, sub="Osmium"),
    line("manganese ore", "Gabon", "8000", unit=METRIC),
    line("rare earth minerals", "India", "80", unit=METRIC, sub="Monazite"),
    line("ferro-alloys", "Norway", "200", unit=METRIC, sub="Silicon metal"),
    line("ferro-alloys", "Norway", "100", unit=METRIC, sub="Ferro-vanadium"),
    line("zinc, mine", "Peru", "10"),
)


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    return written(tmp_path, *LINES)


def problems(imported: Imported) -> list[object]:
    return list(row_problems(imported.rows, {source.id: source for source in imported.sources}))


def test_the_sample_gives_exact_rows(sample: Path) -> None:
    imported = bgs.read(sample)
    assert {(r.good, r.region): (r.value, r.status) for r in imported.rows} == {
        ("copper_concentrate", "CHL"): (5000.0, "reported"),
        ("copper_concentrate", "COG"): (70.0, "reported"),
        ("copper_concentrate", "COD"): (2000.0, "estimated"),
        ("copper_concentrate", "SWE"): (0.0, "reported"),
        ("copper_concentrate", "PER"): (None, "withheld"),
        ("copper_concentrate", "FJI"): (0.5, "bound"),
        ("refined_copper", "CHL"): (2000.0, "reported"),
        ("lithium_concentrate", "CHL"): (44.0, "derived"),
        ("lithium_concentrate", "BRA"): (6.0, "estimated"),
        ("palladium_concentrate", "CHN"): (2.8, "reported"),
        ("silicon_metal", "NOR"): (200.0, "reported"),
    }
    assert {(r.field, r.unit, r.period) for r in imported.rows} == {("production", "t/year", "2023")}
    assert not imported.refused
    assert not problems(imported)


def test_notes_keep_what_was_printed(sample: Path) -> None:
    notes = {(row.good, row.region): row.note for row in bgs.read(sample).rows}
    assert notes["palladium_concentrate", "CHN"] == "printed 2800 kilograms (metal content)"
    assert notes["copper_concentrate", "CHL"] == "Including leach cathodes."
    assert notes["copper_concentrate", "PER"] == "printed '...': not available"
    assert "Lithium minerals (Carbonate -Li content): 40" in notes["lithium_concentrate", "CHL"]


def test_every_other_figure_is_set_aside_with_its_reason(sample: Path) -> None:
    imported = bgs.read(sample)
    assert imported.set_aside == {
        "state that is no more": 1,
        "smelter copper: an intermediate that refined copper counts again": 1,
        "imports or exports of a country without its partners": 1,
        "lithium mineral or compound in gross weight: the good is counted in contained metal": 1,
        "platinum-group metal without a good of its own in the ore": 1,
        "manganese ore in gross weight: the good is counted in contained metal": 1,
        "rare-earth mineral in gross weight: the good is counted in oxide": 1,
        "ferro-alloy in gross weight: the goods are counted in contained metal": 1,
        "commodity outside the vocabulary: zinc, mine": 1,
    }
    assert len(imported.rows) + sum(imported.set_aside.values()) == len(LINES) - 1  # two lines are one sum


def test_the_source_may_not_be_shipped(sample: Path) -> None:
    (source,) = bgs.read(sample).sources
    assert not source.shippable
    assert "UKRI" in source.licence


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (line("copper, mine", "Atlantis", "5000"), "unknown country 'Atlantis'"),
        (line("copper, mine", "Peru", "5000", unit="short tons"), "unit 'short tons'"),
        (line("copper, mine", "Peru", "many"), "quantity 'many' is no number"),
        (line("copper, mine", "Peru", "-5"), "quantity '-5' is no number"),
        (line("copper, mine", "Peru", "5000", code="Q"), "unknown status word 'Q'"),
        (line("copper, mine", "Peru", "5000", year="last year"), "year 'last year'"),
        (line("copper, mine", "Chile", "5000", note="Estimates."), "stated twice"),
        (line("copper, mime", "Peru", "5000"), "one letter from 'copper, mine'"),
        (line("copper, mine", "Peru", "5000", sub="Ores"), "unknown part 'Ores' of copper, mine"),
        (line("platinum group metals, mine", "Peru", "5", sub="Paladium"), "unknown part 'Paladium'"),
        (line("copper, mine", "Peru", "5000", statistic="Produktion"), "unknown statistic 'Produktion'"),
        (line("copper, mine", "Peru", "5,125"), "quantity '5,125' is no number"),
    ],
)
def test_what_is_not_understood_is_refused_by_line_and_word(tmp_path: Path, bad: tuple[str, ...], word: str) -> None:
    imported = bgs.read(written(tmp_path, line("copper, mine", "Chile", "5000"), bad))
    (refusal,) = imported.refused
    assert refusal.line == 3
    assert word in refusal.what
    assert len(imported.rows) == 1
    with pytest.raises(RefusedRowsError, match="1 figure refused"):
        imported.demand_all("sample")


def test_a_line_of_lithium_content_printed_twice_is_not_added_twice(tmp_path: Path) -> None:
    lithium = line("lithium minerals", "Brazil", "6", unit=METRIC, sub="Lithium minerals (Li content)")
    imported = bgs.read(written(tmp_path, lithium, lithium))
    assert [row.value for row in imported.rows] == [6.0]
    assert ["stated twice" in refusal.what for refusal in imported.refused] == [True]


def test_the_share_of_value_refused_is_that_of_the_table(tmp_path: Path) -> None:
    lines = (line("copper, mine", "Chile", "3000"), line("copper, mine", "Atlantis", "1000"))
    imported = bgs.read(written(tmp_path, *lines, line("tungsten, mine", "China", "10")))
    assert imported.value_share_refused == 0.25


def test_a_missing_column_is_a_layout_error(tmp_path: Path) -> None:
    header = tuple("place" if name == "country_trans" else name for name in HEADER)
    with pytest.raises(LayoutError, match="no column 'country_trans'"):
        bgs.read(written(tmp_path, *LINES, header=header))


def test_another_layout_is_a_layout_error(tmp_path: Path) -> None:
    path = tmp_path / "mineral_production.csv"
    path.write_text("Entity,Year,Cobalt (BGS (2016))\nAlbania,1981,345\n", encoding="utf-8")
    with pytest.raises(LayoutError, match="bgs_commodity_trans"):
        bgs.read(path)


@pytest.mark.parametrize("cut", [0.5, 0.999])
def test_a_cut_copy_is_named(sample: Path, cut: float) -> None:
    content = sample.read_bytes()
    sample.write_bytes(content[: int(cut * len(content))])
    with pytest.raises(TruncatedFileError):
        bgs.read(sample)


def test_a_copy_cut_within_its_newest_year_lacks_lines(tmp_path: Path) -> None:
    countries = ("Chile", "Peru", "China", "Poland")
    lines = [line("copper, mine", c, "5", year=f"{y}-01-01 00:00:00") for y in (2022, 2023) for c in countries]
    assert len(bgs.read(written(tmp_path, *lines)).rows) == 8
    with pytest.raises(TruncatedFileError, match="3 lines of 2023, 4 of the year before"):
        bgs.read(written(tmp_path, *lines[:-1]))


def test_a_copy_in_another_encoding_is_named(sample: Path) -> None:
    sample.write_bytes(sample.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(EncodingError, match="UTF-16"):
        bgs.read(sample)


def test_a_country_saved_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, line("copper, mine", "Türkiye", "5"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("cp1252"))
    with pytest.raises(EncodingError):
        bgs.read(path)


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_file_comes_in_whole(path: Path) -> None:
    imported = bgs.read(path)
    assert not imported.refused
    assert not problems(imported)
    with path.open(encoding="utf-8", newline="") as stream:
        lines = sum(1 for _ in csv.reader(stream)) - 1
    added_up = sum(row.note.count("(Li content)") + row.note.count("-Li content)") - 1 for row in imported.rows
                   if row.status == "derived")  # fmt: skip
    assert len(imported.rows) + sum(imported.set_aside.values()) + added_up == lines


KNOWN_2023 = {
    ("BGS_REs_production", "rare_earth_concentrate", "CHN"): 255_000,
    ("BGS_REs_production", "rare_earth_concentrate", ""): 377_438,
    ("BGS_REs_production", "rare_earth_concentrate", "USA"): 25_000,
    ("BGS_copper_production", "copper_concentrate", ""): 22_698_062,
    ("BGS_copper_production", "refined_copper", "CHN"): 12_988_000,
    ("BGS_copper_production", "copper_concentrate", "COG"): 8400,
    ("BGS_cobalt_production", "cobalt_intermediate", "COD"): 140_121,
    ("BGS_cobalt_production", "refined_cobalt", "CHN"): 140_000,
    ("BGS_nickel_production", "refined_nickel", "IDN"): 1_410_000,
    ("BGS_magnesium_production", "magnesium", "CHN"): 805_000,
    ("BGS_gallium_production", "gallium", "CHN"): 621,
    ("BGS_gallium_production", "gallium", ""): 643,
    ("BGS_germanium_production", "germanium", "CHN"): 200,
}


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
@pytest.mark.parametrize(("known", "value_t"), KNOWN_2023.items(), ids=lambda known: str(known))
def test_known_figures_of_2023(known: tuple[str, str, str], value_t: float) -> None:
    stem, good, region = known
    path = next(path for path in FILES if path.stem == stem)
    rows = [row for row in bgs.read(path).rows if row.good == good and row.period == "2023"]
    total = sum(row.value or 0.0 for row in rows if region in ("", row.region))
    assert total == pytest.approx(value_t, rel=0.002)
