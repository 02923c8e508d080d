"""GeoPolRisk: how much a country's imports of a good lean on concentrated supply from unstable countries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.concentration import herfindahl
from derisk.indicators.ground import Ground
from derisk.indicators.grouped import group_rows
from derisk.indicators.readings import Evidence, Readings, absences
from derisk.indicators.supply import REGIONS, TONNES
from derisk.indicators.trade import TRADERS, Side, union_listed, with_union
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.regions import WORLD

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
COPPER_MIDPOINT_USD_PER_KG: Final = 0.409412948
"""Score times price of copper, mean of the OECD 2017-2021: one kilogram of copper equivalent."""
PRICE_YEARS: Final = 5
_BEST: Final = 2.5
_WIDTH: Final = 5.0
_KG_PER_T: Final = 1000.0
_SOURCE: Final = "Gemechu et al. (2016), Journal of Industrial Ecology 20, 154; the package geopolrisk-py"
ABOUT: Final = About(
    name="geopolrisk",
    title="GeoPolRisk score",
    question="How much do the region's imports lean on concentrated supply from unstable countries?",
    formula="score = HHI x sum over origins of g_i F_i / (output + F)",
    unit="none",
    equation="12.9",
    worse="higher",
    needs=("production", "trade", "trade_gross", "governance_political_stability"),
    source=_SOURCE,
)
ABOUT_FACTOR: Final = About(
    name="geopolrisk_factor",
    title="GeoPolRisk characterisation factor",
    question="How large is the supply risk of a kilogram of the good, beside a kilogram of copper?",
    formula="CF = score x mean price of five years / 0.409412948",
    unit="kg Cu eq/kg",
    equation="12.10",
    worse="higher",
    needs=("production", "trade", "trade_gross", "governance_political_stability", "price"),
    source=_SOURCE,
)


def instability(political_stability: Floats) -> Floats:
    """Political instability from 0 to 1 [none].

    Equation (12.9a) of docs/theory/indicators.md.

    Args:
        political_stability: estimate of the Worldwide Governance Indicators, any shape.
    """
    return np.clip((_BEST - np.asarray(political_stability, dtype=np.float64)) / _WIDTH, 0.0, 1.0)


def score(concentration: Floats, risky_import_t: Floats, import_t: Floats, production_t: Floats) -> Floats:
    """GeoPolRisk score of importers, from 0 to 1 [none].

    Equation (12.9) of docs/theory/indicators.md.

    Args:
        concentration: HHI of the world's supply of the good, from 0 to 1.
        risky_import_t: imports, each times the instability of its origin, summed [t].
        import_t: all imports [t].
        production_t: what the importer makes itself [t].

    Returns:
        Score, of the common shape; NaN where nothing is imported or made.
    """
    supply = np.asarray(import_t + production_t, dtype=np.float64)
    exposed = np.divide(risky_import_t, supply, out=np.full(np.shape(supply), np.nan), where=supply > 0.0)
    return np.asarray(concentration * exposed)


def characterisation_factor(score: Floats, price_usd_per_kg: Floats) -> Floats:
    """Supply risk of a kilogram beside that of a kilogram of copper [kg Cu eq/kg].

    Equation (12.10) of docs/theory/indicators.md.

    Args:
        score: GeoPolRisk score.
        price_usd_per_kg: mean price [USD/kg of the good's basis].
    """
    return np.asarray(score * price_usd_per_kg / COPPER_MIDPOINT_USD_PER_KG)


def measure(ground: Ground) -> Readings:
    """Score of every importer of every good and year.

    Output and imports are of the same good, hence of one stage. Where imports are known by gross weight alone, only
    importers that make none of the good have a score: their units cancel. Where an importer's output may stand under
    other countries, the score is a `bound` from above.
    """
    supply, imports = ground.supply, ground.trade.imports
    total = imports.total()
    section, trader = np.nonzero(total > 0.0)
    made, imported = with_union(supply.output_t)[section, trader], total[section, trader]
    own = np.nan_to_num(made)
    risk = instability(ground.stability.at(supply.keys["year"]))
    entry_risk = risk[imports.section, imports.other]
    risky = imports.total(imports.quantity * np.nan_to_num(entry_risk))[section, trader]
    unknown = _unknown_origins(imports, entry_risk, len(total))[section, trader]
    concentration = herfindahl(supply.output_t, supply.other_t)
    value = score(concentration[section], risky, imported, own)
    by_weight = ~ground.trade.in_basis[section] | (supply.keys["unit"][section] != TONNES)
    absent = absences(
        len(section),
        (supply.absent()[section] != "", supply.absent()[section]),
        (np.isnan(made), "output of the region is withheld"),
        (by_weight & (own > 0.0), "imports are known by gross weight alone, beside own output"),
        (unknown != "", unknown),
    )
    cell = section * len(TRADERS) + trader
    return Readings(
        about=ABOUT,
        keys=ground.supply_keys(section, np.array(TRADERS, dtype=object)[trader]),
        value=np.where(absent == "", value, np.nan),
        absent=absent,
        evidence=(
            supply.evidence(section),
            imports.grouped.evidence(cell),
            _stability_rows(ground, imports, section, cell),
            supply.bound_evidence(section, union_listed(supply.listed)[section, trader]),
        ),
        components={
            "concentration": concentration[section],
            "import": imported,
            "production": own,
            "mean_instability": risky / imported,
            "measured_by": np.where(by_weight, "gross weight", "the good's basis").astype(object),
        },
        told=lambda line: (
            f"score = {concentration[section[line]]:.4f} × {risky[line]:,.1f} / "
            f"({own[line]:,.1f} + {imported[line]:,.1f}) = {value[line]:.5f}"
        ),
    )


def measure_factor(ground: Ground) -> Readings:
    """Characterisation factor of every importer: the score times the mean price of the five years that end with it."""
    scored = measure(ground)
    price, years, rows = _mean_prices(ground, scored.keys["good"], scored.keys["year"])
    value = characterisation_factor(scored.value, price)
    return Readings(
        about=ABOUT_FACTOR,
        keys=scored.keys,
        value=value,
        absent=absences(scored.size, (scored.absent != "", scored.absent), (np.isnan(price), "no price of the good")),
        evidence=(*scored.evidence, rows),
        components={"score": scored.value, "price_usd_per_kg": price, "price_years": years},
        told=lambda line: (
            f"CF = {scored.value[line]:.5f} × {price[line]:,.3f} / {COPPER_MIDPOINT_USD_PER_KG} = {value[line]:.4f}"
        ),
    )


def _unknown_origins(imports: Side, entry_risk: Floats, sections: int) -> np.ndarray:
    """First origin without an estimate of its stability, by section and importer."""
    told = np.full((sections, len(TRADERS)), "", dtype=object)
    for entry in np.flatnonzero(np.isnan(entry_risk))[::-1]:
        told[imports.section[entry], imports.trader[entry]] = f"no governance for {REGIONS[imports.other[entry]]}"
    return told


def _stability_rows(ground: Ground, imports: Side, section: np.ndarray, cell: np.ndarray) -> Evidence:
    """Stability of the origins of each line's imports."""
    years = ground.supply.keys["year"][section]
    everywhere = ground.stability.evidence(years, np.ones((len(section), 1), dtype=bool))

    def rows(line: int) -> pd.DataFrame:
        used = np.zeros((1, len(REGIONS)), dtype=bool)
        used[0, imports.other[imports.others(int(cell[line]))]] = True
        return ground.stability.evidence(years[line : line + 1], used).rows(0)

    return Evidence(everywhere.source, everywhere.status, rows)


def measure_elsewhere(ground: Ground) -> Readings:
    """Importers of goods in years whose world output the dataset does not hold: named, without a score."""
    frame = ground.trade.elsewhere
    told = [f"no output of {good} in {year}" for good, year in zip(frame["good"], frame["year"])]
    keys = {name: frame[name].to_numpy() for name in ("material", "stage", "good", "year")}
    return Readings(
        about=ABOUT,
        keys={**keys, "region": frame["partner"].to_numpy()},
        value=np.full(len(frame), np.nan),
        absent=np.array(told, dtype=object),
    )


def _mean_prices(ground: Ground, good: np.ndarray, year: np.ndarray) -> tuple[Floats, np.ndarray, Evidence]:
    """Mean price of the years up to each line's [USD/kg of basis], how many there are, and their rows."""
    rows = ground.rows("price", region=WORLD, partner="")
    pairs = sorted(set(zip(good.tolist(), year.tolist())))
    place = {pair: at for at, pair in enumerate(pairs)}
    taken = [
        (place[pair], row)
        for row, (of, stated) in enumerate(zip(rows["good"], rows["year"].tolist()))
        for pair in ((of, stated + later) for later in range(PRICE_YEARS))
        if pair in place
    ]
    group, row = (np.array(column, dtype=np.int64) for column in zip(*taken)) if taken else (np.zeros(0, np.int64),) * 2
    ratio = np.array([GOODS[word].price_mass_ratio for word in rows["good"]])
    per_kg = rows["value"].to_numpy(dtype=np.float64) * ratio / _KG_PER_T
    count = np.bincount(group, minlength=len(pairs))
    total = np.bincount(group, per_kg[row], minlength=len(pairs))
    mean = np.divide(total, count, out=np.full(len(pairs), np.nan), where=count > 0)
    at = np.array([place[pair] for pair in zip(good.tolist(), year.tolist())], dtype=np.int64)
    return mean[at], count[at], group_rows(rows.iloc[row], group, len(pairs)).evidence(at)
