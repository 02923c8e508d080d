"""Footprints: greenhouse gases per tonne of each good, by a life-cycle study of all metals."""

from __future__ import annotations

from row_table import RECIPES, observation, read_table


def emission_intensities() -> list[dict[str, str]]:
    """The study's figure per kilogram of metal; an oxide good by the metals in it and their mixture."""
    by_good: dict[str, list[dict[str, str]]] = {}
    for line in read_table(RECIPES / "emission_intensity_published.csv"):
        by_good.setdefault(line["good"], []).append(line)
    return [_intensity(good, lines) for good, lines in by_good.items()]


def _intensity(good: str, lines: list[dict[str, str]]) -> dict[str, str]:
    plain = len(lines) == 1 and not lines[0]["metal_in_oxide"]
    value = sum(
        float(line["weight"]) * float(line["emission_t_per_t"]) * float(line["metal_in_oxide"] or 1) for line in lines
    )
    words = " + ".join(
        f"{line['weight']} x {line['emission_t_per_t']} ({line['element']}) x {line['metal_in_oxide']}"
        for line in lines
    )
    mix = "cradle to gate, world mix of about 2008"
    return observation(
        good,
        region="WLD",
        period="2008",
        field="emission_intensity",
        value=round(value, 2),
        unit="t CO2e/t",
        basis="none",
        status="reported" if plain else "derived",
        source="nuss-eckelman-2014",
        locator=f"global warming potential per kg, {', '.join(line['element'] for line in lines)}",
        note=mix if plain else f"{mix}; per t of oxide, share x figure per t of metal x metal in the oxide: {words}",
    )
