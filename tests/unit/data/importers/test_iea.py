"""IEA: exact rows from a sample of each layout, named errors for damaged copies, and the stored editions whole."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import iea
from derisk.data.intake.intake import Imported
from derisk.errors import EncodingError, LayoutError, TruncatedFileError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
FILES = [path for pattern in iea.FILES for path in sorted(PUBLISHER_FILES.glob(pattern))]
FOOTNOTE = "Notes: supply projections are built from the pipeline of operating and announced projects by country."


def years(base: float, later: float) -> dict[str, float]:
    return {"2024": base, "2030": later}


def scenarios(base: float, stated: float) -> dict[str, Any]:
    return {"2024": base, "STEPS": {"2030": stated}, "APS": {"2030": 2 * stated}, "NZE": {"2030": 3 * stated}}


def content() -> dict[str, Any]:
    return {
        "source": "IEA Critical Minerals Data Explorer, CC BY 4.0",
        "supply": {
            "Nickel": {
                "refining": {
                    "countries": {
                        "Indonesia": years(6, 8),
                        "Democratic Republic of Congo": years(1, 2),
                        "Rest of world": years(3, 4),
                        FOOTNOTE: {"2024": None, "2030": None},
                    },
                    "total": years(10, 14),
                    "top3Share": years(0.7, 0.7),
                }
            },
            "Rare Earth Elements": {
                "mining": {"countries": {"China": years(7, 9)}, "total": years(7, 9), "top3Share": years(1, 1)}
            },
            "Zinc": {"mining": {"countries": {"Peru": years(5, 5)}, "total": years(5, 5), "top3Share": years(1, 1)}},
        },
        "totalDemand": {
            "Nickel": {
                "sectors": {
                    "Electric vehicles": scenarios(2, 4),
                    "Grid battery storage": scenarios(1, 1),
                    "Wind": scenarios(0.5, 0.5),
                    "Hydrogen technologies": scenarios(0.1, 0.2),
                },
                "totalClean": scenarios(3.6, 5.7),
                "otherUses": scenarios(6, 6),
                "totalDemand": scenarios(9.6, 11.7),
                "cleanShare": scenarios(0.4, 0.5),
            }
        },
        "cleantechByTech": {"Nickel": {"sectors": {"Wind": scenarios(0.5, 0.5)}}},
        "cleantechByMineral": {
            "Gallium": scenarios(0.02, 0.2),
            "Neodymium": scenarios(10, 20),
            "Boron": scenarios(1, 1),
            "Total REE": scenarios(10, 20),
        },
        "byTechnology": {},
    }


def written(folder: Path, what: dict[str, Any]) -> Path:
    path = folder / "explorer.json"
    path.write_text(json.dumps(what, indent=1), encoding="utf-8")
    return path


def workbook(folder: Path, *, notice: str = "CC BY 4.0", without: str = "") -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    demand_header = [[None], ["Demand (kt)"], [None], [None, None, None, "Stated Policies scenario", None, None,
                     "Announced Pledges scenario"], [None, 2023, None, 2030, 2040, None, 2030, 2040], [None]]  # fmt: skip
    supply_header = [[None], ["Supply (kt)"], [None], [None, 2023, 2030, None, None, 2023, 2030], [None]]
    sheets: dict[str, list[list[object]]] = {
        "1 Total demand for key minerals": [
            *demand_header,
            ["Nickel"],
            ["Electric vehicles", 2, None, 4, 5, None, 6],
            ["Total clean technologies", 2, None, 4, 5, None, 6],
            ["Total demand", 9, None, 11, 12, None, 13],
            ["Share of clean technologies in total demand ", 0.2, None, 0.3, 0.4, None, 0.5],
            ["Notes: nothing"],
        ],
        "2 Total supply for key minerals": [
            *supply_header,
            ["Cobalt - Mining", None, None, None, "Cobalt - Refining"],
            ["Indonesia", 20, 50, None, "China", 170, 230],
            [None, None, None, None, "Rest of world", 50, 80],
            ["Total", 20, 50, None, "Total clean technologies", 220, 310],
            ["Top 3 share", 1, 1, None, "Top 3 share", 0.8, 0.8],
            [None],
            ["Notes: nothing"],
        ],
        "3.2 Cleantech demand by mineral": [*demand_header, ["Gallium", 0.02, None, 0.2, 0.3, None, 0.4]],
        "4.1 Solar PV": [*demand_header, ["Gallium", 0.02, None, 0.2, 0.3, None, 0.4]],
        "Notice": [[None, notice]],
    }
    for name, lines in sheets.items():
        if name != without:
            sheet = book.create_sheet(name)
            for line in lines:
                sheet.append(line)
    path = folder / "explorer.xlsx"
    book.save(path)
    return path


def found(imported: Imported) -> dict[tuple[str, str, str, str, str], float | None]:
    return {(r.field, r.good or r.material, r.region, r.use, r.period): r.value for r in imported.rows}


def problems(imported: Imported) -> list[object]:
    return list(row_problems(imported.rows, {source.id: source for source in imported.sources}))


EV = "electric_vehicles_and_batteries"
OF_JSON = {
    ("production", "refined_nickel", "IDN", "", "2024"): 6000,
    ("production", "refined_nickel", "COD", "", "2024"): 1000,
    ("production", "refined_nickel", "OTH", "", "2024"): 3000,
    ("production", "refined_nickel", "WLD", "", "2024"): 10_000,
    ("production_base_case", "refined_nickel", "IDN", "", "2030"): 8000,
    ("production_base_case", "refined_nickel", "COD", "", "2030"): 2000,
    ("production_base_case", "refined_nickel", "OTH", "", "2030"): 4000,
    ("production_base_case", "refined_nickel", "WLD", "", "2030"): 14_000,
    ("production", "rare_earths", "CHN", "", "2024"): 7000,
    ("production", "rare_earths", "WLD", "", "2024"): 7000,
    ("production_base_case", "rare_earths", "CHN", "", "2030"): 9000,
    ("production_base_case", "rare_earths", "WLD", "", "2030"): 9000,
    ("demand", "refined_nickel", "WLD", "", "2024"): 9600,
    ("demand", "refined_nickel", "WLD", EV, "2024"): 3000,
    ("demand", "refined_nickel", "WLD", "wind_and_solar", "2024"): 500,
    ("demand_base_case", "refined_nickel", "WLD", "", "2030"): 11_700,
    ("demand_base_case", "refined_nickel", "WLD", EV, "2030"): 5000,
    ("demand_base_case", "refined_nickel", "WLD", "wind_and_solar", "2030"): 500,
    ("clean_technology_demand", "gallium", "WLD", "", "2024"): 20,
    ("clean_technology_demand_base_case", "gallium", "WLD", "", "2030"): 200,
    ("clean_technology_demand", "neodymium_oxide", "WLD", "", "2024"): 11_664,
    ("clean_technology_demand_base_case", "neodymium_oxide", "WLD", "", "2030"): 23_328,
}


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


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_edition_comes_in_whole(path: Path) -> None:
    imported = iea.read(path)
    assert len(imported.rows) > 200
    assert not imported.refused
    assert not problems(imported)


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
def test_known_figures_of_2024() -> None:
    imported = iea.read(next(path for path in FILES if path.suffix == ".json"))
    rows = found(imported)

    def share(good: str, region: str = "CHN") -> float:
        part = rows["production", good, region, "", "2024"]
        whole = rows["production", good, "WLD", "", "2024"]
        assert part is not None
        assert whole
        return part / whole

    assert rows["production", "lithium_chemical", "CHN", "", "2024"] == pytest.approx(169_700, rel=0.001)
    assert rows["production", "lithium_chemical", "WLD", "", "2024"] == pytest.approx(241_600, rel=0.001)
    assert rows["production", "battery_anode", "CHN", "", "2024"] == pytest.approx(1_795_000, rel=0.001)
    assert share("lithium_chemical") == pytest.approx(0.702, abs=0.001)
    assert share("battery_anode") == pytest.approx(0.957, abs=0.001)
    assert share("refined_cobalt") == pytest.approx(0.784, abs=0.001)
    assert share("refined_nickel", "IDN") == pytest.approx(0.43, abs=0.005)
    magnets = [r.value for r in imported.rows if (r.material, r.stage, r.region, r.period, r.field)
               == ("rare_earths", "refining", "CHN", "2024", "production")]  # fmt: skip
    assert magnets == pytest.approx([73_757], rel=0.001)


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
def test_the_edition_of_2023_states_terms_that_keep_it_out_of_the_package() -> None:
    shippable = {iea.read(path).sources[0].id: iea.read(path).sources[0].shippable for path in FILES}
    assert shippable == {
        "iea-critical-minerals-2023": False,
        "iea-critical-minerals-2024": True,
        "iea-critical-minerals-2025": True,
    }


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
