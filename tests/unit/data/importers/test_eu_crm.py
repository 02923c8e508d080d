"""EU CRM: exact rows from samples of each table, named errors for damaged copies, and the stored tables whole."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import pytest

from derisk.data.checks import row_problems
from derisk.data.importers import eu_crm
from derisk.data.importers.eu_crm.uses import use_of_application
from derisk.data.intake.intake import Imported
from derisk.errors import EncodingError, LayoutError, TruncatedFileError
from derisk.vocabulary.uses import USES

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
FILES = [path for pattern in eu_crm.FILES for path in sorted(PUBLISHER_FILES.glob(pattern))]
GLOBAL = "fact_GlobalSupplyShares&t.csv"
EUROPE = "fact_EUSupplyShares&t.csv"
SHARES = """Material,Stage,Country,Share,t
Cobalt,E,"Congo, D.R.",60%,1.1
Cobalt,P,China,55.5%,1.0
Tungsten,E,Türkiye,<0.1%,1.0
Silicon metal,P,Germany,6,0.8
Dysprosium,P,China,100%,1.1
Dysprosium,E,China,90%,1.1
Titanium metal,E,India,9%,1.1
Gypsum,E,Spain,4%,0.8
Heavy Rare earths Elements,E,China,40%,1.0
Tungsten,E,Zimbabwe,<0.1%,1.0
Zirconium,E,United States,1%,1
"""
USE_SHARES = """Material,Application,Share,NACE sector,VA in million
Gallium,Integrated circuits,70%,C26,1
Gallium,CIGS solar cells,5%,C26,1
Gallium,Lighting,25%,C27,1
Cobalt,Batteries,51%,C27,1
Cobalt,Catalysts,51%,C20,1
Magnesium,Construction,40%,C25,1
Magnesium,Construction,40%,C25,1
Magnesium,Packaging,60%,C25,1
Indium,Solders,60%,C26,1
Gypsum,Plasterboard,100%,C23,1
Zirconium,Other,7%,,
"""
OVER_TIME = """Material,Year,SR,EI
Cobalt,2020,2.5,5.9
Cobalt,2023,2.8,6.8
Tin,2011,-,-
LREEs,2023,3.7,5.9
"Natural Teak
wood",2023,1.7,2.4
Titanium metal,2023,1.6,6.3
Zirconium,2023,0.8,3.5
"""
OF_2017 = """material,stage,SR,EI,import_reliance_pct,eol_rir_pct,supply_data,SI_EI,SI_SR,HHI_WGI_t_global
Cobalt,Extraction,1.6,5.7,32.0,0.0,GS + EUS,1.0,1.0,3.6
PGMs,Processing,2.5,5.0,99.6,14.0,GS only,,,
Neodymium,Extraction,4.8,4.2,100.0,1.0,GS + EUS,0.9,0.9,8.8
Zinc,Extraction,0.3,4.5,61.0,31.0,GS + EUS,0.9,0.9,0.9
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def problems(imported: Imported) -> list[object]:
    return list(row_problems(imported.rows, {source.id: source for source in imported.sources}))


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_shares_of_world_supply_in_either_encoding(tmp_path: Path, encoding: str) -> None:
    imported = eu_crm.read(written(tmp_path, GLOBAL, SHARES, encoding))
    found = {(r.field, r.good, r.region, r.partner): (r.value, r.status) for r in imported.rows}
    assert found == {
        ("production_share", "cobalt_intermediate", "COD", ""): (0.6, "reported"),
        ("trade_parameter", "cobalt_intermediate", "COD", ""): (1.1, "reported"),
        ("production_share", "refined_cobalt", "CHN", ""): (0.555, "reported"),
        ("trade_parameter", "refined_cobalt", "CHN", ""): (1.0, "reported"),
        ("production_share", "tungsten_concentrate", "TUR", ""): (0.001, "bound"),
        ("trade_parameter", "tungsten_concentrate", "TUR", ""): (1.0, "reported"),
        ("production_share", "tungsten_concentrate", "ZWE", ""): (0.001, "bound"),
        ("trade_parameter", "tungsten_concentrate", "ZWE", ""): (1.0, "reported"),
        ("production_share", "silicon_metal", "DEU", ""): (0.06, "reported"),
        ("trade_parameter", "silicon_metal", "DEU", ""): (0.8, "reported"),
        ("production_share", "dysprosium_oxide", "CHN", ""): (1.0, "reported"),
        ("trade_parameter", "dysprosium_oxide", "CHN", ""): (1.1, "reported"),
    }
    assert {row.period for row in imported.rows} == {"2020"}
    assert {row.note.split(";")[0] for row in imported.rows if row.field == "production_share"} == {"mean of 2016-2020"}
    assert imported.set_aside == {
        "extraction of a single rare earth: the vocabulary has its oxide alone": 2,
        "extraction for titanium metal: the lines of titanium repeated": 2,
        "material outside the vocabulary: Gypsum": 2,
        "material outside the vocabulary: Zirconium": 2,
        "light or heavy rare earths as one group: the vocabulary groups them otherwise": 2,
    }
    assert not imported.refused
    assert not problems(imported)


def test_the_name_tells_whose_supply_it_is(tmp_path: Path) -> None:
    imported = eu_crm.read(written(tmp_path, EUROPE, SHARES))
    found = {(r.field, r.region, r.partner): r.value for r in imported.rows if r.good == "refined_cobalt"}
    assert found == {("import_source_share", "EUU", "CHN"): 0.555, ("trade_parameter", "CHN", "EUU"): 1.0}
    assert not problems(imported)
    with pytest.raises(LayoutError, match="does not tell whose supply"):
        eu_crm.read(written(tmp_path, "shares.csv", SHARES))


def test_applications_add_up_to_uses(tmp_path: Path) -> None:
    imported = eu_crm.read(written(tmp_path, "uses.csv", USE_SHARES))
    found = {(r.good, r.use): r.value for r in imported.rows}
    assert found == pytest.approx(
        {
            ("gallium", "semiconductors"): 0.7,
            ("gallium", "wind_and_solar"): 0.05,
            ("gallium", "electronics"): 0.25,
            ("refined_cobalt", "electric_vehicles_and_batteries"): 0.5,
            ("refined_cobalt", "refining_and_chemicals"): 0.5,
            ("magnesium", "other"): 1.0,
        },
        rel=1e-12,
    )
    assert imported.set_aside == {
        "line repeated word for word": 1,
        "applications that sum to 60 %: Indium": 1,
        "material outside the vocabulary: Gypsum": 1,
        "material outside the vocabulary: Zirconium": 1,
        "value added of a NACE sector, which national accounts state": 10,
    }
    cobalt = next(row for row in imported.rows if row.good == "refined_cobalt")
    assert "printed shares sum to 102 % and are scaled to 1" in cobalt.note
    assert {(row.region, row.status) for row in imported.rows} == {("EUU", "derived")}
    assert not problems(imported)


def test_scores_of_every_list(tmp_path: Path) -> None:
    imported = eu_crm.read(written(tmp_path, "over_time.csv", OVER_TIME))
    found = {(r.material, r.good, r.period, r.field): r.value for r in imported.rows}
    assert found == {
        ("cobalt", "", "2020", "supply_risk"): 2.5,
        ("cobalt", "", "2020", "economic_importance"): 5.9,
        ("cobalt", "", "2023", "supply_risk"): 2.8,
        ("cobalt", "", "2023", "economic_importance"): 6.8,
        ("titanium", "titanium_sponge", "2023", "supply_risk"): 1.6,
        ("titanium", "titanium_sponge", "2023", "economic_importance"): 6.3,
    }
    assert imported.set_aside == {
        "not assessed for that list": 2,
        "light or heavy rare earths as one group: the vocabulary groups them otherwise": 2,
        "material outside the vocabulary: Natural Teak wood": 2,
        "material outside the vocabulary: Zirconium": 2,
    }
    assert not problems(imported)


def test_components_of_2017(tmp_path: Path) -> None:
    imported = eu_crm.read(written(tmp_path, "tables.csv", OF_2017))
    found = {(r.good or r.material, r.field): (r.value, r.region) for r in imported.rows}
    assert found["cobalt", "supply_risk"] == (1.6, "EUU")
    assert found["cobalt_intermediate", "net_import_reliance"] == (0.32, "EUU")
    assert found["cobalt", "eol_recycling_input_rate"] == (0.0, "")
    assert found["cobalt", "substitution_index_risk"] == (1.0, "")
    assert found["platinum_group_metals", "net_import_reliance"] == (0.996, "EUU")
    assert found["neodymium_oxide", "substitution_index_importance"] == (0.9, "")
    assert len(found) == len(imported.rows) == 16
    assert imported.set_aside["blank cell: nothing printed"] == 2
    assert imported.sources[0].id == "eu-crm-2017"
    assert not problems(imported)


@pytest.mark.parametrize(
    ("name", "text", "word", "line"),
    [
        (GLOBAL, SHARES.replace("China,55.5%", "Atlantis,55.5%"), "unknown country 'Atlantis'", 3),
        (GLOBAL, SHARES.replace("55.5%", "most"), "share 'most' is no percentage", 3),
        (GLOBAL, SHARES.replace("55.5%,1.0", "55.5%,high"), "trade parameter 'high'", 3),
        (GLOBAL, SHARES.replace("Cobalt,P", "Cobalt,X"), "unknown stage 'X'", 3),
        (GLOBAL, SHARES.replace("55.5%", "155%"), "share '155%' is no percentage", 3),
        (GLOBAL, SHARES.replace("Cobalt,P", "Colbalt,P"), "unknown material 'Colbalt', one letter from 'Cobalt'", 3),
        ("uses.csv", USE_SHARES.replace("Indium", "Indum"), "unknown material 'Indum', one letter from 'Indium'", 10),
        ("over_time.csv", OVER_TIME.replace("Tin,", "Titanum,"), "one letter from 'Titanium'", 4),
        ("tables.csv", OF_2017.replace("Neodymium", "Neodimium"), "one letter from 'Neodymium'", 4),
        ("uses.csv", USE_SHARES.replace("Lighting", "Rockets"), "unknown application 'Rockets'", 4),
        ("uses.csv", USE_SHARES.replace("25%", "some"), "share 'some' is no percentage", 4),
        ("over_time.csv", OVER_TIME.replace("2.8", "high"), "SR 'high'", 3),
        ("over_time.csv", OVER_TIME.replace("Cobalt,2023", "Cobalt,2022"), "unknown list '2022'", 3),
        ("tables.csv", OF_2017.replace("32.0", "all"), "import_reliance_pct 'all'", 2),
    ],
)
def test_what_is_not_understood_is_refused(tmp_path: Path, name: str, text: str, word: str, line: int) -> None:
    imported = eu_crm.read(written(tmp_path, name, text))
    (refusal,) = imported.refused
    assert refusal.line == line
    assert word in refusal.what


def test_the_share_of_value_refused_is_that_of_the_material_and_stage(tmp_path: Path) -> None:
    text = SHARES + "Cobalt,P,Atlantis,44.5%,1.0\n"
    assert eu_crm.read(written(tmp_path, GLOBAL, text)).value_share_refused == pytest.approx(0.445)


def test_a_material_with_a_refused_line_has_no_uses(tmp_path: Path) -> None:
    imported = eu_crm.read(written(tmp_path, "uses.csv", USE_SHARES.replace("Lighting", "Rockets")))
    assert "gallium" not in {row.good for row in imported.rows}
    assert imported.set_aside["applications of a material with a refused line: Gallium"] == 2


@pytest.mark.parametrize("text", [SHARES, USE_SHARES, OVER_TIME, OF_2017], ids=["shares", "uses", "scores", "2017"])
def test_a_damaged_copy_is_named(tmp_path: Path, text: str) -> None:
    header, rest = text.split("\n", 1)
    with pytest.raises(LayoutError, match="header"):
        eu_crm.read(written(tmp_path, GLOBAL, header.replace(",", ",x", 1) + "\n" + rest))
    for cut in (0.6, 0.99):
        with pytest.raises((TruncatedFileError, LayoutError)):
            eu_crm.read(written(tmp_path, GLOBAL, text[: int(cut * len(text))]))
    with pytest.raises(EncodingError):
        eu_crm.read(written(tmp_path, GLOBAL, text, "utf-16"))


@pytest.mark.parametrize(
    ("name", "text", "kept"),
    [
        (GLOBAL, SHARES, "Tungsten,E,Zimbabwe"),
        (EUROPE, SHARES, "Zirconium"),
        ("uses.csv", USE_SHARES, "Zirconium"),
        ("scores.csv", OVER_TIME, "Zirconium"),
        ("2017.csv", OF_2017, "Zinc"),
    ],
)
def test_a_copy_cut_between_lines_lacks_the_last_line(tmp_path: Path, name: str, text: str, kept: str) -> None:
    with pytest.raises(TruncatedFileError, match="which stands last: the file is cut"):
        eu_crm.read(written(tmp_path, name, text[: text.index(kept)]))


def test_a_copy_in_a_third_encoding_shows_in_its_names(tmp_path: Path) -> None:
    imported = eu_crm.read(written(tmp_path, GLOBAL, SHARES, "mac-roman"))
    assert [refusal.line for refusal in imported.refused] == [4]


def test_every_application_has_a_use_of_the_vocabulary() -> None:
    assert set(use_of_application().values()) <= set(USES)


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_stored_table_comes_in_whole(path: Path) -> None:
    imported = eu_crm.read(path)
    assert len(imported.rows) > 80
    assert not imported.refused
    assert not problems(imported)


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
def test_both_copies_of_a_table_give_the_same_rows() -> None:
    values: dict[str, dict[str, dict[str, float | None]]] = defaultdict(dict)
    for path in FILES:
        kind = path.stem.removeprefix("eu_crm_2023_").replace("_and_t", "&t")
        values[kind][path.parent.name] = {row.row_id: row.value for row in eu_crm.read(path).rows}
    twice = {kind: copies for kind, copies in values.items() if len(copies) == 2}
    assert len(twice) == 4
    assert all(copies["eu_crm_2023"] == copies["eu_crm"] for copies in twice.values())


@pytest.mark.skipif(not FILES, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
def test_known_shares_of_world_supply() -> None:
    imported = eu_crm.read(next(path for path in FILES if path.name == GLOBAL))
    share = {(r.good, r.region): r.value for r in imported.rows if r.field == "production_share"}
    assert share["dysprosium_oxide", "CHN"] == 1.0
    assert share["neodymium_oxide", "CHN"] == 0.849
    assert share["neodymium_oxide", "MYS"] == 0.105
    assert share["gallium", "CHN"] == 0.938
    assert share["germanium", "CHN"] == 0.831
    assert share["magnesium", "CHN"] == 0.906
    assert share["tungsten", "CHN"] == 0.856
    assert share["lithium_chemical", "CHN"] == 0.562
    assert share["refined_cobalt", "CHN"] == 0.596
