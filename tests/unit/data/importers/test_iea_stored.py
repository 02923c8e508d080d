"""IEA: the stored editions whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from iea_samples import FILES, found, problems

from derisk.data.importers import iea


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
