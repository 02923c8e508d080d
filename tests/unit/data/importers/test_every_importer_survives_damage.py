"""Damage: whatever befalls a publisher's file, its importer names it, refuses the figure, or reads the same numbers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import iea_samples
import pytest
import test_bea_io
import test_bgs
import test_eu_crm
import test_imf_prices
import test_pink_sheet
import test_usgs_myb
import test_wgi
import test_wmd
import test_world_bank
import usgs_mcs_samples
from judgement import judge
from mutations import AT_LINE_END, HARMLESS, Mutant, mutants

from derisk.data.importers import imf_prices
from derisk.data.importers.registry import KINDS, find_importer
from derisk.data.intake.intake import Imported
from derisk.errors import DeriskError

PUBLISHER_FILES = Path(
    os.environ.get("DERISK_PUBLISHER_FILES", Path(__file__).resolve().parents[5] / "shared" / "data")
)
LARGEST_STORED_BYTES = 12_000
ADDED = test_bea_io.ADDED + "GSLE,9,9\n"


def series(folder: Path) -> Path:
    path = folder / "Summary_ValueAdded.csv"
    path.write_text(ADDED, encoding="utf-8")
    return path


def table(text: str, name: str, folder: Path) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


SAMPLES: dict[str, tuple[str, Callable[[Path], Path]]] = {
    "bgs": ("bgs", lambda folder: test_bgs.written(folder, *test_bgs.LINES)),
    **{
        f"usgs-mcs {name}": ("usgs-mcs", partial(lambda name, folder: usgs_mcs_samples.written(folder, name), name))
        for name in usgs_mcs_samples.SAMPLES
    },
    "usgs-myb tables": ("usgs-myb", lambda f: test_usgs_myb.workbook(f, T3=test_usgs_myb.T3, T8=test_usgs_myb.T8)),
    "usgs-myb history": ("usgs-myb", lambda folder: test_usgs_myb.workbook(folder, Rare_earths=test_usgs_myb.HISTORY)),
    "usgs-myb tidy tables": ("usgs-myb", lambda folder: test_usgs_myb.text(folder, test_usgs_myb.TIDY_YEARBOOK)),
    "usgs-myb tidy history": ("usgs-myb", lambda folder: test_usgs_myb.text(folder, test_usgs_myb.TIDY_HISTORY)),
    "wmd workbook": ("wmd", lambda folder: test_wmd.workbook(folder, test_wmd.SHEETS)),
    "wmd database": ("wmd", lambda folder: test_wmd.database(folder, {"Lithium (Li2O)": test_wmd.LITHIUM})),
    "iea json": ("iea", lambda folder: iea_samples.written(folder, iea_samples.content())),
    "iea workbook": ("iea", iea_samples.workbook),
    "wgi": ("wgi", lambda folder: test_wgi.packed(folder, test_wgi.LONG)),
    "wgi stability": ("wgi", lambda folder: test_wgi.packed(folder, test_wgi.STABILITY)),
    "world-bank": ("world-bank", lambda folder: test_world_bank.written(folder, test_world_bank.LONG)),
    "world-bank wide": ("world-bank", lambda folder: test_world_bank.written(folder, test_world_bank.WIDE)),
    "pink-sheet": ("pink-sheet", test_pink_sheet.workbook),
    "imf-prices": ("imf-prices", lambda folder: test_imf_prices.written(folder, test_imf_prices.MONTHLY)),
    "imf-prices yearly": ("imf-prices", lambda folder: test_imf_prices.written(folder, test_imf_prices.YEARLY)),
    "eu-crm world": ("eu-crm", lambda folder: test_eu_crm.written(folder, test_eu_crm.GLOBAL, test_eu_crm.SHARES)),
    "eu-crm europe": ("eu-crm", lambda folder: test_eu_crm.written(folder, test_eu_crm.EUROPE, test_eu_crm.SHARES)),
    "eu-crm uses": ("eu-crm", lambda folder: test_eu_crm.written(folder, "uses.csv", test_eu_crm.USE_SHARES)),
    "eu-crm scores": ("eu-crm", lambda folder: test_eu_crm.written(folder, "scores.csv", test_eu_crm.OVER_TIME)),
    "eu-crm 2017": ("eu-crm", lambda folder: test_eu_crm.written(folder, "2017.csv", test_eu_crm.OF_2017)),
    "bea-io use": ("bea-io", partial(table, test_bea_io.USE, "Summary_Use_2031_PRO.csv")),
    "bea-io make": ("bea-io", partial(table, test_bea_io.MAKE, "Summary_Make_2031.csv")),
    "bea-io series": ("bea-io", series),
}
UNDETECTABLE = {
    ("bgs", AT_LINE_END): "a year's table prints no total; only the newest year's lines can be counted",
    ("bea-io series", "column removed"): "the newest year may be any; years before it may not be left out",
    ("usgs-mcs MCS2024_Fig2_Net_Import_Reliance.csv", AT_LINE_END): "no figure of the table is taken",
}


def lies(kind: str, path: Path, folder: Path, *, sample: str, draws: int) -> Iterator[str]:
    """What an importer makes of damaged copies, where that is neither an error, a refusal nor the same numbers."""
    read = find_importer(kind).read
    original = read(path)
    lines = tuple(row.line for row in original.rows)
    for at, mutant in enumerate(mutants(path, seed=11, draws=draws, cuts=12, lines=lines)):
        place = folder / str(at)
        place.mkdir()
        outcome = judge(read, mutant.write(place, path.name), original)
        allowed = {"same"} if mutant.damage in HARMLESS else {"same", "named", "refused", "lawful"}
        if outcome not in allowed and (sample, mutant.damage) not in UNDETECTABLE:
            yield f"{mutant.damage} ({mutant.where}): {outcome}"


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_importer_survives_damage(sample: str, tmp_path: Path) -> None:
    kind, write = SAMPLES[sample]
    (tmp_path / "whole").mkdir()
    assert list(lies(kind, write(tmp_path / "whole"), tmp_path, sample=sample, draws=2)) == []


def stored_files() -> list[tuple[str, Path]]:
    """The smallest stored file of each kind that damage can be drawn for in a moment."""
    found = []
    for kind in sorted({kind for kind, _ in SAMPLES.values()}):
        files = {path for glob in find_importer(kind).FILES for path in PUBLISHER_FILES.glob(glob) if path.is_file()}
        small = sorted((path for path in files if path.stat().st_size <= LARGEST_STORED_BYTES), key=lambda p: p.name)
        found += [(kind, path) for path in small[:2]]
    return found


STORED = stored_files()


@pytest.mark.skipif(not STORED, reason="no publishers' files here; set DERISK_PUBLISHER_FILES")
@pytest.mark.parametrize(("kind", "path"), STORED, ids=lambda word: getattr(word, "name", word))
def test_every_importer_survives_damage_to_a_stored_file(kind: str, path: Path, tmp_path: Path) -> None:
    assert list(lies(kind, path, tmp_path, sample=kind, draws=1)) == []


@pytest.mark.parametrize("sample", SAMPLES)
def test_a_file_of_another_kind_is_named(sample: str, tmp_path: Path) -> None:
    own, write = SAMPLES[sample]
    path = write(tmp_path)
    for kind in KINDS:
        if kind != own:
            with pytest.raises(DeriskError):
                find_importer(kind).read(path)


def test_the_judge_tells_a_lie_from_a_harmless_change(tmp_path: Path) -> None:
    path = test_imf_prices.written(tmp_path, test_imf_prices.MONTHLY)
    original = imf_prices.read(path)

    def outcome(imported: Imported) -> str:
        return judge(lambda _: imported, path, original)

    rows = original.rows
    assert outcome(replace(original, set_aside={})) == "same"
    assert outcome(replace(original, rows=rows[1:])) == "lies: 1 lost, 0 invented, 0 changed"
    assert outcome(replace(original, rows=(replace(rows[0], value=1.0), *rows[1:]))) == (
        "lies: 0 lost, 0 invented, 1 changed"
    )
    assert outcome(replace(original, rows=(replace(rows[0], period="1824"), *rows[1:]))) == "refused"
    assert judge(lambda _: {}["no such key"], path, original) == "traceback: KeyError: 'no such key'"


def test_the_same_seed_draws_the_same_damage(tmp_path: Path) -> None:
    path = test_imf_prices.written(tmp_path, test_imf_prices.MONTHLY)

    def drawn(seed: int) -> list[Mutant]:
        return list(mutants(path, seed=seed, draws=1))

    assert drawn(1) == drawn(1)
    assert drawn(1) != drawn(2)
