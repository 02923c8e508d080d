"""Expected loss share: what disruptions cost a region in an average year, as a part of all it makes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from derisk.data.fields import STATUSES
from derisk.indicators.about import About
from derisk.indicators.ground import Ground
from derisk.indicators.grouped import group_rows
from derisk.indicators.readings import Evidence, Readings, absences

Floats = NDArray[np.float64]
_USD_PER_MUSD: Final = 1e6
ABOUT: Final = About(
    name="expected_loss_share",
    title="Expected loss per unit of output",
    question="What part of its yearly output does the region lose to disruptions, on average?",
    formula="L = sum over scenarios of p_s x loss_s / gross domestic product",
    unit="share",
    equation="12.15",
    worse="higher",
    needs=("studies", "gdp"),
    source="derisk",
)


def expected_loss_share(probability_per_year: Floats, loss_musd: Floats, output_musd: Floats) -> Floats:
    """Expected yearly loss per unit of value added [share].

    Equation (12.15) of docs/theory/indicators.md.

    Args:
        probability_per_year: chance that each scenario begins in a year, (..., scenario).
        loss_musd: value added that each scenario costs, (..., scenario).
        output_musd: gross domestic product of the region in a year, (...).

    Returns:
        Share, (...); NaN where the product is not known.
    """
    expected = np.sum(probability_per_year * loss_musd, axis=-1)
    known = np.nan_to_num(output_musd) > 0.0
    return np.divide(expected, output_musd, out=np.full(np.shape(expected), np.nan), where=known)


def measure(ground: Ground) -> Readings:
    """One line for each region, over all materials of the studies, or over the one asked about.

    Residual regions have no product of their own.
    """
    studies = ground.studies
    regions = sorted({region for study in studies for region, _ in study.loss_musd})
    chance = np.array([study.probability_per_year for study in studies])
    loss = np.array([[_loss(ground, study.loss_musd, region) for study in studies] for region in regions])
    loss = loss.reshape(len(regions), len(studies))
    year = max((study.base_year for study in studies), default=0)
    product = ground.economy("gdp")
    product = product[(product["year"] <= year).to_numpy(dtype=bool)].sort_values("year")
    newest = {region: row for row, region in enumerate(product["region"])}
    row = np.array([newest.get(region, -1) for region in regions], dtype=np.int64)
    output = np.append(product["value"].to_numpy(dtype=np.float64), np.nan)[row] / _USD_PER_MUSD
    value = expected_loss_share(chance, loss, output)
    nothing = np.full(len(regions), "", dtype=object)
    rows = group_rows(product, np.arange(len(product)), len(product))
    cited = np.full(len(regions), "; ".join(f"study {study.study}" for study in studies), dtype=object)
    return Readings(
        about=ABOUT,
        keys={
            "material": np.full(len(regions), ground.materials[0] if ground.materials else "", dtype=object),
            "stage": nothing,
            "good": nothing,
            "region": np.array(regions, dtype=object),
            "year": np.full(len(regions), year),
        },
        value=value,
        absent=absences(
            len(regions), (np.isnan(value), np.array([f"no gross domestic product of {r}" for r in regions], object))
        ),
        evidence=(
            rows.evidence(row),
            Evidence(cited, np.full(len(regions), STATUSES.index("assumed")), lambda line: product.iloc[0:0]),
        ),
        components={"expected_loss_musd": (chance * loss).sum(axis=1), "gdp_musd": output},
        told=lambda line: f"L = {(chance * loss[line]).sum():,.2f} / {output[line]:,.0f} = {value[line]:.3g}",
    )


def _loss(ground: Ground, losses: Mapping[tuple[str, str], float], region: str) -> float:
    asked = ground.materials
    return float(sum(loss for (at, of), loss in losses.items() if at == region and (asked is None or of in asked)))
