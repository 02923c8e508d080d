"""European supply risk: how likely the EU's supply of a good is to be disrupted, by the Commission's method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from derisk.indicators.about import About
from derisk.indicators.governance import governance_score
from derisk.indicators.ground import ANY_YEAR, Ground
from derisk.indicators.grouped import Grouped, group_rows
from derisk.indicators.readings import Evidence, Readings, absences, key_columns
from derisk.indicators.supply import PLACE_OF_REGION, REGIONS
from derisk.indicators.trade import IS_MEMBER
from derisk.vocabulary.regions import EUROPEAN_UNION

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
ABOUT: Final = About(
    name="eu_supply_risk",
    title="European supply risk",
    question="How likely is the European Union's supply of the good to be disrupted?",
    formula="SR = [HHI_world IR/2 + HHI_EU (1 - IR/2)] (1 - recycling) SI,  HHI = sum of s_c^2 g_c t_c",
    unit="none",
    equation="12.7",
    worse="higher",
    needs=("production_share", "import_source_share", "trade_parameter", "eol_recycling_input_rate",
           "substitution_index_risk", "governance_voice_and_accountability", "governance_political_stability",
           "governance_government_effectiveness", "governance_regulatory_quality", "governance_rule_of_law",
           "governance_control_of_corruption"),
    source="European Commission (2017), Methodology for establishing the EU list of critical raw materials",
)  # fmt: skip


def weighted_concentration(share: Floats, governance: Floats, trade_parameter: Floats) -> Floats:
    """Concentration of suppliers, weighted by their governance and their trade restrictions [none].

    Equation (12.6) of docs/theory/indicators.md.

    Args:
        share: share of each supplier, 0 for none, (..., region).
        governance: 0 (best) to 10 (worst), (..., region); NaN where unknown.
        trade_parameter: 0.8 (the Union and its partners) to 1.5 (export bans), (..., region); NaN where unknown.

    Returns:
        HHI_WGI,t, (...); NaN where a supplier lacks a weight, or there is no supplier.
    """
    supplies = share > 0.0
    weighted = np.sum(np.where(supplies, share**2 * governance * trade_parameter, 0.0), axis=-1)
    return np.where(supplies.any(axis=-1), weighted, np.nan)


def supply_risk(
    world_concentration: Floats,
    eu_concentration: Floats,
    import_reliance_share: Floats,
    recycling_share: Floats,
    substitution_index: Floats | float,
) -> Floats:
    """Supply risk; 1 and more makes a material critical where its economic importance is 2.8 or more [none].

    Equation (12.7) of docs/theory/indicators.md: the form of 2017, kept in 2020 and 2023. Where one of the two
    concentrations is not known (NaN), the other stands alone: the study's "global supply only" and "EU supply only".

    Args:
        world_concentration: HHI_WGI,t of the world's suppliers, NaN where unknown.
        eu_concentration: HHI_WGI,t of the Union's suppliers, NaN where unknown.
        import_reliance_share: net imports over apparent use of the Union, from 0 to 1.
        recycling_share: end-of-life recycling input rate.
        substitution_index: SI_SR, 1 where nothing can replace the material.
    """
    half = 0.5 * np.clip(import_reliance_share, 0.0, 1.0)
    both = world_concentration * half + eu_concentration * (1.0 - half)
    known = np.where(np.isnan(world_concentration), eu_concentration, world_concentration)
    alone = np.isnan(world_concentration) | np.isnan(eu_concentration)
    concentration = np.where(alone, known, both)
    return np.asarray(concentration * (1.0 - recycling_share) * substitution_index)


def measure(ground: Ground) -> Readings:
    """Supply risk of each good whose suppliers' shares the Commission published, from those shares."""
    supply = _read_suppliers(ground)
    keys, used = supply.keys, (supply.world_share > 0.0) | (supply.eu_share > 0.0)
    score = governance_score(ground.governance.at(keys["year"]))
    last = np.full(len(used), ANY_YEAR)
    recycling = ground.newest(ground.rows("eol_recycling_input_rate"), keys["good"], keys["material"], last)
    substitution = ground.newest(ground.rows("substitution_index_risk"), keys["good"], keys["material"], last)
    parts = {
        "world_concentration": weighted_concentration(supply.world_share, score, supply.world_parameter),
        "eu_concentration": weighted_concentration(supply.eu_share, score, supply.eu_parameter),
        "import_reliance_share": _import_reliance(supply.eu_share),
        "recycling_share": recycling.value,
        "substitution_index": substitution.value,
    }
    value = supply_risk(*(np.nan_to_num(part) if name.startswith("import") else part for name, part in parts.items()))
    lacking, unweighted = ground.governance.missing(keys["year"], used), supply.unweighted()
    absent = absences(
        len(used),
        (lacking != "", lacking),
        (unweighted != "", unweighted),
        (np.isnan(recycling.value), "no end-of-life recycling input rate"),
        (np.isnan(substitution.value), "no substitution index"),
    )
    sourced = supply.eu_share.any(axis=1)
    return Readings(
        about=ABOUT,
        keys=keys,
        value=np.where(absent == "", value, np.nan),
        absent=absent,
        evidence=(
            *supply.evidence,
            ground.governance.evidence(keys["year"], used),
            recycling.evidence,
            substitution.evidence,
        ),
        components={**parts, "supply_data": np.where(sourced, "world and EU", "world only").astype(object)},
        told=lambda line: _tell({name: float(column[line]) for name, column in parts.items()}, value[line]),
    )


@dataclass(frozen=True, slots=True)
class _Suppliers:
    """Shares of the world's and of the Union's suppliers, and their trade parameters, NaN where none is printed."""

    keys: dict[str, np.ndarray]
    world_share: Floats
    eu_share: Floats
    world_parameter: Floats
    eu_parameter: Floats
    evidence: tuple[Evidence, ...]

    def unweighted(self) -> np.ndarray:
        """`no trade parameter for X` for lines with a supplier that has none, (line,)."""
        lacks = ((self.world_share > 0.0) & np.isnan(self.world_parameter)) | (
            (self.eu_share > 0.0) & np.isnan(self.eu_parameter)
        )
        names = [", ".join(REGIONS[place] for place in np.flatnonzero(line)) for line in lacks]
        return np.array([f"no trade parameter for {name}" if name else "" for name in names], dtype=object)


def _read_suppliers(ground: Ground) -> _Suppliers:
    world = ground.rows("production_share")
    world = world[(world["value"] > 0.0).to_numpy(dtype=bool) & world["region"].isin(REGIONS).to_numpy(dtype=bool)]
    goods = sorted(set(zip(world["material"], world["stage"], world["good"], world["year"].tolist())))
    lines = {(good, year): line for line, (_, _, good, year) in enumerate(goods)}
    europe, parameter = ground.rows("import_source_share", region=EUROPEAN_UNION), ground.rows("trade_parameter")
    of_world, of_europe = parameter[parameter["partner"] == ""], parameter[parameter["partner"] == EUROPEAN_UNION]
    every = np.arange(len(goods))
    return _Suppliers(
        key_columns([(material, stage, good, EUROPEAN_UNION, year) for material, stage, good, year in goods]),
        _spread(world, lines, "region"),
        _spread(europe, lines, "partner"),
        _spread(of_world, lines, "region", nothing=np.nan),
        _spread(of_europe, lines, "region", nothing=np.nan),
        tuple(_grouped(frame, lines).evidence(every) for frame in (world, of_world, europe, of_europe)),
    )


def _import_reliance(eu_share: Floats) -> Floats:
    """The part of the Union's sourcing that comes from outside it, NaN where its sourcing is not printed."""
    sourced, own = eu_share.sum(axis=1), eu_share[:, IS_MEMBER].sum(axis=1)
    return np.divide(sourced - own, sourced, out=np.full(len(sourced), np.nan), where=sourced > 0.0)


def _spread(frame: pd.DataFrame, lines: dict[tuple[str, int], int], column: str, *, nothing: float = 0.0) -> Floats:
    """Values by line and country; `nothing` where there is no row."""
    spread = np.full((len(lines), len(REGIONS)), nothing)
    for good, year, region, value in zip(frame["good"], frame["year"].tolist(), frame[column], frame["value"]):
        if (good, year) in lines and region in PLACE_OF_REGION:
            spread[lines[good, year], PLACE_OF_REGION[region]] = value
    return spread


def _grouped(frame: pd.DataFrame, lines: dict[tuple[str, int], int]) -> Grouped:
    line = np.array([lines.get(key, -1) for key in zip(frame["good"], frame["year"].tolist())], dtype=np.int64)
    return group_rows(frame[line >= 0], line[line >= 0], len(lines))


def _tell(parts: dict[str, float], value: float) -> str:
    world, europe, reliance = (
        parts[name] for name in ("world_concentration", "eu_concentration", "import_reliance_share")
    )
    rest = f"(1 - {parts['recycling_share']:.2f}) × {parts['substitution_index']:.2f} = {value:.3f}"
    if np.isnan(europe):
        return f"SR = {world:.3f} (world alone) × {rest}"
    return f"SR = [{world:.3f} × {reliance:.3f}/2 + {europe:.3f} × (1 - {reliance:.3f}/2)] × {rest}"
