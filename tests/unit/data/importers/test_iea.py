"""IEA: exact rows from a sample of each layout, and named errors for damaged copies."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from iea_samples import EV, OF_JSON, content, found, problems, workbook, written, years

from derisk.data.importers import iea
from derisk.errors import EncodingError, LayoutError, TruncatedFileError


def test_the_json_file_gives_exact_rows(tmp_path: Path) -> None:
    imported = iea.read(written(tmp_path, content()))
    assert found(imported) == pytest.approx(OF_JSON, rel=1e-12)
    assert not imported.refused
    assert not problems(imported)
    (source,) = imported.sources
    assert (source.id, source.licence, source.shippable) == ("iea-critical-minerals-2025", "CC BY 4.0", True)


def test_what_the_json_file_leaves_is_set_aside(tmp_path: Path) -> None:
    imported = iea.read(written(tmp_path, content()))
    assert imported.set_aside == {
        "footnote listed as a country": 2,
        "sum or share that other figures give": 14,
        "mineral outside the vocabulary: Zinc": 6,
        "mineral outside the vocabulary: Boron": 4,
        "sector that no use of ours counts": 2,
        "scenario other than stated policies": 20,
        "demand of one technology: its sum over technologies is taken": 4,
    }


def test_sums_and_conversions_keep_what_was_printed(tmp_path: Path) -> None:
    rows = {(row.field, row.good, row.use): row for row in iea.read(written(tmp_path, content())).rows}
    vehicles = rows["demand", "refined_nickel", EV]
    assert vehicles.note == "printed 3 kt; sum of Electric vehicles + Grid battery storage"
    neodymium = rows["clean_technology_demand", "neodymium_oxide", ""]
    assert neodymium.status == "derived"
    assert neodymium.note == "printed 10 kt; taken as element; times 1.1664 of Nd2O3"


def test_the_workbook_gives_exact_rows(tmp_path: Path) -> None:
    imported = iea.read(workbook(tmp_path))
    assert found(imported) == pytest.approx(
        {
            ("production", "cobalt_intermediate", "IDN", "", "2023"): 20_000,
            ("production_base_case", "cobalt_intermediate", "IDN", "", "2030"): 50_000,
            ("production", "cobalt_intermediate", "WLD", "", "2023"): 20_000,
            ("production_base_case", "cobalt_intermediate", "WLD", "", "2030"): 50_000,
            ("production", "refined_cobalt", "CHN", "", "2023"): 170_000,
            ("production_base_case", "refined_cobalt", "CHN", "", "2030"): 230_000,
            ("production", "refined_cobalt", "OTH", "", "2023"): 50_000,
            ("production_base_case", "refined_cobalt", "OTH", "", "2030"): 80_000,
            ("production", "refined_cobalt", "WLD", "", "2023"): 220_000,
            ("production_base_case", "refined_cobalt", "WLD", "", "2030"): 310_000,
            ("demand", "refined_nickel", "WLD", "", "2023"): 9000,
            ("demand_base_case", "refined_nickel", "WLD", "", "2030"): 11_000,
            ("demand_base_case", "refined_nickel", "WLD", "", "2040"): 12_000,
            ("demand", "refined_nickel", "WLD", EV, "2023"): 2000,
            ("demand_base_case", "refined_nickel", "WLD", EV, "2030"): 4000,
            ("demand_base_case", "refined_nickel", "WLD", EV, "2040"): 5000,
            ("clean_technology_demand", "gallium", "WLD", "", "2023"): 20,
            ("clean_technology_demand_base_case", "gallium", "WLD", "", "2030"): 200,
            ("clean_technology_demand_base_case", "gallium", "WLD", "", "2040"): 300,
        },
        rel=1e-12,
    )
    assert imported.set_aside == {
        "demand of one technology: its sum over technologies is taken": 9,  # four figures and the years above them
        "scenario other than stated policies": 10,
        "sum or share that other figures give": 10,
    }
    assert not imported.refused
    assert not problems(imported)


def test_an_edition_without_an_open_licence_may_not_be_shipped(tmp_path: Path) -> None:
    (closed,) = iea.read(workbook(tmp_path, notice="use is subject to our terms and conditions")).sources
    assert not closed.shippable
    (open_one,) = iea.read(workbook(tmp_path)).sources
    assert open_one.shippable


def test_an_unknown_country_is_refused_with_its_share(tmp_path: Path) -> None:
    what = content()
    what["supply"]["Nickel"]["refining"]["countries"]["Atlantis"] = years(5, 5)
    imported = iea.read(written(tmp_path, what))
    assert [refusal.what.split(" (")[0] for refusal in imported.refused] == ["unknown country 'Atlantis'"] * 2
    assert imported.value_share_refused == pytest.approx(10 / 58)


def test_an_unknown_sector_and_a_word_for_a_number_are_refused(tmp_path: Path) -> None:
    what = content()
    what["totalDemand"]["Nickel"]["sectors"]["Rockets"] = {"2024": 1}
    what["supply"]["Nickel"]["refining"]["countries"]["Indonesia"]["2024"] = "much"
    refused = [refusal.what for refusal in iea.read(written(tmp_path, what)).refused]
    assert len(refused) == 2
    assert "figure 'much' is no number" in refused[0]
    assert "unknown sector 'Rockets'" in refused[1]


def test_a_missing_block_or_sheet_is_a_layout_error(tmp_path: Path) -> None:
    what = content()
    del what["supply"]
    with pytest.raises(LayoutError, match="blocks source, totalDemand"):
        iea.read(written(tmp_path, what))
    what = content()
    del what["supply"]["Nickel"]["refining"]["total"]
    with pytest.raises(LayoutError, match="not laid out as known"):
        iea.read(written(tmp_path, what))
    with pytest.raises(LayoutError, match=r"no sheet '3\.2 Cleantech demand by mineral'"):
        iea.read(workbook(tmp_path, without="3.2 Cleantech demand by mineral"))


@pytest.mark.parametrize("cut", [0.4, 0.999])
def test_a_cut_copy_is_named(tmp_path: Path, cut: float) -> None:
    for path in (written(tmp_path, content()), workbook(tmp_path)):
        whole = path.read_bytes()
        path.write_bytes(whole[: int(cut * len(whole))])
        with pytest.raises(TruncatedFileError):
            iea.read(path)


def test_a_copy_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, content())
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))
    with pytest.raises(EncodingError, match="UTF-16"):
        iea.read(path)


def test_an_unknown_scenario_is_refused_in_json_and_named_in_a_workbook(tmp_path: Path) -> None:
    what = content()
    values = what["cleantechByMineral"]["Gallium"]
    values["STEPSS"] = values.pop("STEPS")
    refused = {refusal.what for refusal in iea.read(written(tmp_path, what)).refused}
    assert refused
    assert all("unknown scenario 'STEPSS'" in words for words in refused)
    path = workbook(tmp_path)
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        for cell in sheet[4]:
            if str(cell.value).casefold() == "announced pledges scenario":
                cell.value = "Pledges"
    book.save(path)
    with pytest.raises(LayoutError, match="unknown scenario 'Pledges'"):
        iea.read(path)


def test_a_mineral_misspelt_is_refused(tmp_path: Path) -> None:
    what = content()
    what["supply"]["Nikel"] = what["supply"].pop("Nickel")
    words = {refusal.what for refusal in iea.read(written(tmp_path, what)).refused}
    assert words == {"unknown mineral 'Nikel', one letter from 'Nickel'"}
