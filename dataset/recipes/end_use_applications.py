"""End uses by application: the EU study's application shares spread over derisk's uses for further materials, the rest assumed."""

from __future__ import annotations

from dataclasses import dataclass

from end_use import assumed_rows
from published_uses import EV, eu_application_shares, iea_demand_kt
from row_table import RECIPES, USES, number, observation, read_table, write_by_material

SPREAD = 0.35
"""Range of a share of the EU taken for the world's."""
ASSUMED_SPREAD = 0.5
"""Range where the division of an application is judged as well."""
MOSTLY = 0.7
"""Part of an application from which on its share counts as printed, not judged."""

EU_MIXES: dict[str, dict[str, float]] = {
    "samarium_oxide": {"Samarium": 1.0},
    "eugd_oxide": {"Europium": 0.15, "Gadolinium": 0.85},
    "yttrium_oxide": {"Yttrium": 1.0},
    "manganese_ore": {"Manganese": 1.0},
    "tungsten": {"Tungsten": 1.0},
    "magnesium": {"Magnesium": 1.0},
    "vanadium": {"Vanadium": 1.0},
    "refined_tin": {"Tin": 1.0},
    "bismuth": {"Bismuth": 1.0},
    "fluorspar": {"Fluorspar": 1.0},
    "palladium": {"Palladium": 1.0},
    "rhodium": {"Rhodium": 1.0},
}
"""Good -> materials of the EU table and their weights by tonnage."""

REMARKS = {
    "eugd_oxide": "europium 0.15, gadolinium 0.85 by tonnage (judged from ore compositions)",
    "yttrium_oxide": "yttrium alone stands for the group; erbium, holmium, thulium, ytterbium and lutetium are a few hundredths of it",
    "manganese_ore": "uses of the steel that ferroalloys of this ore go into",
    "magnesium": "construction, printed twice, counted once: the printed shares then sum to 100 %",
}

ASSUMED_GOODS = (
    "refined_manganese",
    "antimony",
    "titanium_concentrate",
    "titanium_sponge",
    "niobium",
    "tantalum",
    "indium",
    "tellurium",
    "silicon_metal",
    "platinum",
)
"""Goods without a line in the EU table, or whose use in the EU is not that of the world."""


@dataclass(slots=True)
class Portion:
    """What applications bring to one use."""

    share: float = 0.0
    printed: float = 0.0
    """The part of it from applications that go to this use wholly or mostly."""
    words: tuple[str, ...] = ()


def spread_applications(mix: dict[str, float]) -> dict[str, Portion]:
    """Share of each use, from printed application shares times the parts of `application_to_use.csv`."""
    lines = read_table(RECIPES / "application_to_use.csv")
    portions: dict[str, Portion] = {}
    for material, weight in mix.items():
        printed = {name: share for name, share in eu_application_shares(material).items() if share > 0}
        mapped = {line["application"] for line in lines if line["material"] == material}
        if not printed.keys() <= mapped:
            raise ValueError(f"{material}: no use for {printed.keys() - mapped}; mend application_to_use.csv")
        for line in lines:
            if line["material"] == material and line["application"] in printed:
                share = weight * printed[line["application"]] * float(line["part"]) / sum(printed.values())
                portion = portions.setdefault(line["use"], Portion())
                portion.share += share
                portion.printed += share if float(line["part"]) >= MOSTLY else 0.0
                part = "" if line["part"] == "1" else f"{line['part']} of "
                portion.words += (f"{part}{line['application']} {printed[line['application']]:g} %",)
    return portions


def from_applications(good: str, mix: dict[str, float]) -> list[dict[str, str]]:
    """Rows of one good: derived where most of a share is of applications hardly divided, else assumed."""
    portions = spread_applications(mix)
    values = {use: round(portions[use].share, 4) for use in USES if use in portions}
    largest = max(values, key=lambda use: values[use])
    values[largest] = round(values[largest] + 1.0 - sum(values.values()), 4)
    rows = []
    for use, value in values.items():
        derived = portions[use].printed >= 0.5 * portions[use].share
        words = "; ".join((*portions[use].words, *((REMARKS[good],) if good in REMARKS else ())))
        spread = SPREAD if derived else ASSUMED_SPREAD
        rows.append(
            observation(
                good,
                region="WLD",
                use=use,
                period="2024",
                field="end_use_share",
                value=value,
                unit="share",
                basis="none",
                status="derived" if derived else "assumed",
                low=round(value * (1 - spread), 4),
                high=round(min(1.0, value * (1 + spread)), 4),
                source="eu-crm-2023" if derived else "derisk-assumptions",
                locator=f"Material use shares: {', '.join(mix)}"
                if derived
                else f"recipes/application_to_use.csv, {', '.join(mix)}, {use}",
                note=f"EU 2023 use shares: {words}; parts and reasons in recipes/application_to_use.csv; EU, not world",
            )
        )
    return rows


def nickel() -> list[dict[str, str]]:
    """IEA vehicles, storage, wind and solar; other uses assumed, stainless steel of buildings and goods the remainder."""
    iea = iea_demand_kt("Nickel")
    named = {
        EV: (iea["Electric vehicles"] + iea["Grid battery storage"], "Electric vehicles + Grid battery storage", 0.17),
        "wind_and_solar": (iea["Solar PV"] + iea["Wind"], "Solar PV + Wind", 0.025),
    }
    rows = assumed_rows("refined_nickel")
    for use, (quantity_kt, sectors, high) in named.items():
        share = round(quantity_kt / iea["total"], 4)
        rows.append(
            observation(
                "refined_nickel",
                region="WLD",
                use=use,
                period="2024",
                field="end_use_share",
                value=share,
                unit="share",
                basis="none",
                status="derived",
                low=round(0.9 * share, 4),
                high=high,
                source="iea-critical-minerals-2025",
                locator=f"Total demand, Nickel, 2024, {sectors}",
                note=f"IEA 2024 {quantity_kt:.1f} of {iea['total']:.1f} kt; high: other cells and the chain's stocks, the whole battery "
                "sector being put at 16 % (recalled)"
                if use == EV
                else f"IEA 2024 {quantity_kt:.1f} of {iea['total']:.1f} kt",
            )
        )
    rest = round(1.0 - sum(float(row["value"]) for row in rows), 4)
    rows.append(
        observation(
            "refined_nickel",
            region="WLD",
            use="other",
            period="2024",
            field="end_use_share",
            value=rest,
            unit="share",
            basis="none",
            status="assumed",
            low=number(0.75 * rest),
            high=number(1.25 * rest),
            source="derisk-assumptions",
            locator="recipes/end_use_applications.py, refined_nickel, other",
            note="1 less the other uses: two thirds of the stainless steel that takes about 65 % of first use (recalled), foundries, plating",
        )
    )
    return rows


def main() -> None:
    """Write observations/<material>/end_use.csv of the further materials."""
    rows = nickel()
    for good, mix in EU_MIXES.items():
        rows += from_applications(good, mix)
    for good in ASSUMED_GOODS:
        rows += assumed_rows(good)
    write_by_material("end_use", rows)


if __name__ == "__main__":
    main()
