"""Borrowed residues: hosts of a year whose rows tell what was recovered from them, and not what they left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from derisk.network.borrowing import Loan
from derisk.network.figure import BORROWED, Figure
from derisk.network.rules import least_use_share
from derisk.vocabulary.goods import GOODS
from derisk.vocabulary.processes import PROCESSES, SCRAP_PREFIX, recovered_from
from derisk.vocabulary.regions import WORLD


def with_hosts(residues: Loan, shares: Loan, production: Sequence[Figure], needs: Mapping[str, float]) -> Loan:
    """The residues, and hosts for metal that the year's rows say was recovered where a later year lends none.

    A metal won from residue shows that its host ran, whatever the lending year says (equation 5.17).

    Args:
        residues: rows of `residue_supply`.
        shares: rows of `residue_share`.
        production: output of the base year.
        needs: tonnes of each residue per tonne of its metal.
    """
    lent = {figure.good for figure in (*residues.figures, *shares.figures) if figure.status == BORROWED}
    mined = {(row.good, row.region) for row in production if row.good and row.value > 0}
    hosted = {(figure.good, figure.region) for figure in shares.figures}
    figures = {(figure.good, figure.region): figure for figure in residues.figures}
    added = {}
    for residue in sorted(needs.keys() & lent):
        metal, host = recovered_from(residue), _host_of(residue)
        for row in production:
            at, share = (residue, row.region), needs[residue] / (1.0 - least_use_share)
            if row.good != metal or row.region == WORLD or row.value <= 0 or (host, row.region) in mined:
                continue
            known = figures.get(at)
            short = known is None or known.value < share * row.value
            if short and (at in hosted or at in figures or not _can_be_mined(metal)):
                added[at] = _host_row(row, residue, share)
    return replace(residues, figures=(*(f for at, f in figures.items() if at not in added), *added.values()))


def with_richer_hosts(shares: Loan, production: Iterable[Figure], needs: Mapping[str, float]) -> Loan:
    """Lent shares of residue in a host's output, raised where the year's rows say that more was recovered."""
    made = {(row.good, row.region): row.value for row in production}
    figures = []
    for figure in shares.figures:
        hosted = made.get((_host_of(figure.good), figure.region), 0.0)
        taken = needs.get(figure.good, 1.0) * made.get((recovered_from(figure.good), figure.region), 0.0)
        least = taken / (1.0 - least_use_share) / hosted if hosted > 0 else 0.0
        richer = figure.status == BORROWED and least > figure.value
        figures.append(
            replace(figure, value=least, low=None, high=None, ratio=least / figure.value) if richer else figure
        )
    return replace(shares, figures=tuple(figures))


def _host_of(residue: str) -> str:
    """The good beside which plants leave a residue; empty where hosts are kept for the residue alone."""
    return next((kind.main for kind in PROCESSES.values() if residue in kind.joint and not kind.fixed), "")


def _can_be_mined(metal: str) -> bool:
    """Whether some plant makes a metal from no residue, scrap apart."""
    makers = (kind for kind in PROCESSES.values() if kind.main == metal and not kind.kind.startswith(SCRAP_PREFIX))
    return any(all(GOODS[good].traded for good in kind.inputs) for kind in makers)


def _host_row(metal: Figure, residue: str, share: float) -> Figure:
    return replace(
        metal,
        field="residue_supply",
        good=residue,
        material=GOODS[residue].material,
        stage=GOODS[residue].stage,
        value=metal.value * share,
        low=None if metal.low is None else metal.low * share,
        high=None if metal.high is None else metal.high * share,
        ratio=metal.ratio * share,
        status=BORROWED,
    )
