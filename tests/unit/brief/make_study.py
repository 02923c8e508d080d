"""A small made-up study in plain tables: controls on gallium, germanium, graphite and rare earths, and the levers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from made_goods import BASE_T_PER_MONTH, EXPOSED, HIT, MADE_IN, PRICE_USD_PER_T, TAKEN_IN, USES, VALUE_MUSD_PER_T

from derisk.vocabulary.goods import GOODS, family

SCENARIO_TEXT = """
name: washington-2026
question: What do controls on four mineral groups cost the coalition in 2026, and how much do the levers save?
base_year: 2024
start: 2026-01
months: 12
measures:
  - {kind: export_licence, by: CHN, to: [coalition], goods: [battery_anode, natural_graphite, ndfeb_magnet, ndpr_oxide, dytb_oxide],
     from: 2026-02, until: 2026-11, delay_months: {triangular: [1, 2, 4]}, approval_share: {beta: [4, 2]}, why: MOFCOM notices 55 to 62 of 2025}
  - {kind: export_ban, by: CHN, to: [USA, JPN], goods: [gallium, germanium], from: 2026-02, why: MOFCOM notice 46 of 2024 <extended>}
  - {kind: stockpile_release, by: JPN, goods: [gallium, dytb_oxide], quantity_t: 120, release_price_ratio: 1.5, why: JOGMEC holds about 60 days}
  - {kind: new_capacity, by: AUS, goods: [ndpr_oxide], project: P004, lead_time_months: {triangular: [3, 6, 12]}, why: plant under construction}
  - {kind: substitution, by: coalition, goods: [ndfeb_magnet], uses: [machinery], intensity_cut_share: 0.1, cost_musd: 850, why: ferrite motors}
draws: {count: 40, seed: 7}
"""


@dataclass
class MadeStudy:
    """What `render_brief` reads from a study."""

    folder: Path
    manifest: dict[str, Any]
    summary: dict[str, Any]
    scenario_text: str
    prices: pd.DataFrame
    flows: pd.DataFrame
    production: pd.DataFrame
    use: pd.DataFrame
    stocks: pd.DataFrame
    losses: pd.DataFrame
    quotes: pd.DataFrame
    status: pd.DataFrame
    balance_changes: list[dict[str, Any]] = field(default_factory=lambda: list(CHANGES))
    without_remedies: MadeStudy | None = None

    def sums(
        self,
        name: str,
        *,
        by: Sequence[str],
        columns: Sequence[str],
        draws: Sequence[int],
        only: Mapping[str, Collection[str]] | None = None,
        without: Mapping[str, Collection[str]] | None = None,
    ) -> pd.DataFrame:
        """As `Study.sums`, of the tables in memory."""
        rows = getattr(self, name)
        rows = rows[rows["draw"].isin(list(draws))].astype({key: object for key in by if key != "draw"})
        for column, words in (only or {}).items():
            rows = rows[rows[column].isin(list(words))]
        for column, words in (without or {}).items():
            rows = rows[~rows[column].isin(list(words))]
        return rows.groupby([*by], sort=True, as_index=False)[[*columns]].sum()


def make_study(
    *, draws: int = 40, months: int = 12, with_remedies: bool = True, folder: Path = Path("made")
) -> MadeStudy:
    """A study with remedies and the run without them inside, or a single run."""
    before = _make_run(draws=draws, months=months, strength=1.0, folder=folder)
    if not with_remedies:
        return before
    after = _make_run(draws=draws, months=months, strength=0.55, folder=folder)
    after.without_remedies = before
    after.summary["without_remedies"] = before.summary
    return after


def _make_run(*, draws: int, months: int, strength: float, folder: Path) -> MadeStudy:
    generator = np.random.default_rng(7)
    labels = [f"2026-{m + 1:02d}" for m in range(months)]
    flows, use, prices, losses = [], [], [], []
    for draw in range(draws):
        severity = float(generator.beta(4, 2)) * strength
        for month, label in enumerate(labels):
            shape = 0.0 if month == 0 and months > 1 else float(np.exp(-max(month - 3, 0) / 6.0))
            cut = min(0.95, severity * shape)
            for good in BASE_T_PER_MONTH:
                for row in _good_rows(good, cut, draw, label):
                    {"flow": flows, "use": use, "price": prices, "loss": losses}[row.pop("table")].append(row)
    frames = {
        name: pd.DataFrame(rows)
        for name, rows in (("flows", flows), ("use", use), ("prices", prices), ("losses", losses))
    }
    frames["quotes"] = _make_quotes(frames["prices"])
    status = pd.DataFrame(
        [
            {"draw": d, "month": m, "converged": d != 3 or draws < 5, "residual": 1e-11, "reason": ""}
            for d in range(draws)
            for m in labels
        ]
    )
    study = MadeStudy(
        folder=folder,
        manifest={
            "derisk_version": "0.1.0",
            "dataset_version": "2026.1",
            "dataset_hash": "3fa94c1d0be2aa77",
            "scenario_hash": "b1946ac92492d234",
            "seed": 7,
            "draws": draws,
            "base_year": 2024,
            "tables": {
                "losses": {"draws-000000-000007.parquet": {"sha256": "0cc175b9c0f1b6a831c399e269772661", "bytes": 1}}
            },
        },
        summary={},
        scenario_text=SCENARIO_TEXT,
        production=pd.DataFrame(columns=["draw", "month", "process", "good", "region", "quantity_t", "capacity_t"]),
        stocks=pd.DataFrame(columns=["draw", "month", "good", "region", "opening_t", "quantity_t"]),
        status=status,
        **frames,
    )
    study.summary = _summarise(study, labels)
    return study


def _make_quotes(prices: pd.DataFrame) -> pd.DataFrame:
    """What China holds back: its own price beside those of the others."""
    keys = ["draw", "month", "good"]
    rows = prices.assign(base=prices["delivered_price_usd_per_t"] / prices["delivered_price_ratio"])
    abroad = rows[rows["region"] != "CHN"].groupby(keys)["delivered_price_usd_per_t"].agg(["mean", "max"])
    home = rows.groupby(keys)["base"].first() * 0.9
    quotes = pd.DataFrame(
        {
            "home": "CHN",
            "home_price_usd_per_t": home,
            "abroad_price_usd_per_t": abroad["mean"],
            "marginal_price_usd_per_t": abroad["max"],
            "base_price_usd_per_t": home / 0.9,
        }
    )
    return quotes.reset_index()


def _good_rows(good: str, cut: float, draw: int, month: str) -> list[dict[str, Any]]:
    base, rows, arrived = BASE_T_PER_MONTH[good], [], {}
    for origin, made in MADE_IN[good].items():
        for destination, taken in TAKEN_IN[good].items():
            tonnes = base * made * taken
            if origin == "CHN" and destination in HIT:
                now = tonnes * (1.0 - cut * EXPOSED[destination])
            elif origin == "CHN":
                now = tonnes * (1.0 + 0.04 * cut)
            else:
                now = tonnes * (1.0 + (1.6 if destination in HIT else 0.1) * cut)
            arrived[destination] = arrived.get(destination, 0.0) + now
            rows.append(
                {"table": "flow", "draw": draw, "month": month, "good": good, "origin": origin, "destination": destination,
                 "quantity_t": now, "base_quantity_t": tonnes}
            )  # fmt: skip
    for region, taken in TAKEN_IN[good].items():
        ratio = (arrived[region] / (base * taken)) ** -2.2
        price = PRICE_USD_PER_T[good] * ratio
        rows.append(
            {"table": "price", "draw": draw, "month": month, "good": good, "region": region, "producer_price_usd_per_t": price * 0.95,
             "delivered_price_usd_per_t": price, "delivered_price_ratio": ratio, "permit_price_usd_per_t": 0.0}
        )  # fmt: skip
        for use, part in USES.get(good, {}).items():
            wanted = base * taken * part
            short = max(0.0, wanted - arrived[region] * part) * 0.9
            rows.append(
                {"table": "use", "draw": draw, "month": month, "good": good, "region": region, "use": use,
                 "quantity_t": wanted - short, "base_quantity_t": wanted, "shortfall_t": short}
            )  # fmt: skip
            lost = short * VALUE_MUSD_PER_T.get(good, 0.0)
            rows.append(
                {"table": "loss", "draw": draw, "month": month, "region": region, "use": use, "material": family(GOODS[good].material),
                 "value_added_lost_musd": lost, "price_transfer_musd": wanted * PRICE_USD_PER_T[good] * (ratio - 1) / 1e6 * 0.5}
            )  # fmt: skip
    return rows


def _summarise(study: MadeStudy, labels: list[str]) -> dict[str, Any]:
    good_draws = study.status[study.status["converged"]]["draw"].unique()
    losses = study.losses[study.losses["draw"].isin(good_draws)]
    use = study.use[study.use["draw"].isin(good_draws)]
    prices = study.prices[study.prices["draw"].isin(good_draws)]
    columns = ["value_added_lost_musd", "price_transfer_musd"]
    by_region = losses.groupby(["region", "draw"])[columns].sum().groupby("region").median()
    by_use = losses.groupby(["use", "draw"])[columns[0]].sum().groupby("use").median()
    short = (
        use.groupby(["good", "region", "use", "draw"])[["shortfall_t", "base_quantity_t"]]
        .sum()
        .groupby(["good", "region", "use"])
        .median()
    )
    peaks = []
    for (good, region), rows in prices.groupby(["good", "region"]):
        by_month = rows.groupby("month")["delivered_price_ratio"].quantile([0.05, 0.5, 0.95]).unstack()
        month = by_month[0.5].idxmax()
        low, middle, high = (float(by_month.loc[month, q]) for q in (0.05, 0.5, 0.95))
        peaks.append(
            {
                "good": good,
                "region": region,
                "month": month,
                "p05": low,
                "p50": middle,
                "p95": high,
                "rationed_share": 1.0 if middle > 8.0 else 0.0,
            }
        )
    total = losses.groupby("draw")[columns].sum()
    return {
        "scenario": "washington-2026",
        "question": "What do controls on four mineral groups cost the coalition in 2026, and how much do the levers save?",
        "answer": "Coalition industries lose most in semiconductors and electric vehicles; gallium and magnets run short first, and the levers save a good part of it within 12 months.",
        "base_year": 2024,
        "start": labels[0],
        "months": len(labels),
        "draws": study.manifest["draws"],
        "converged_draws": len(good_draws),
        "worst_imbalance": 3.1e-12,
        "value_added_lost_musd": _spread(total[columns[0]]),
        "price_transfer_musd": _spread(total[columns[1]]),
        "forgone_value_musd": _spread(total[columns[1]] / 10),
        "saved_musd": None,
        "by_material": [
            {"material": m, "value_added_lost_musd": float(v), "value_added_lost_musd_p05": float(v) / 2, "value_added_lost_musd_p95": 2 * float(v)}
            for m, v in losses.groupby(["material", "draw"], observed=True)[columns[0]].sum().groupby("material").median().items()
        ],
        "shortfall_by_region": _by_region_and_good(use),
        "by_region": [{"region": r, **{c: float(v[c]) for c in columns}} for r, v in by_region.iterrows()],
        "by_use": [{"use": u, "value_added_lost_musd": float(v)} for u, v in by_use.items()],
        "shortfall": [
            {"good": g, "region": r, "use": u, "shortfall_t": float(v["shortfall_t"]), "shortfall_share": float(v["shortfall_t"] / v["base_quantity_t"])}
            for (g, r, u), v in short.iterrows()
        ],
        "peak_price_ratio": peaks,
        "without_remedies": None,
        "assumed_share": 0.274,
        "sources": ["usgs-mcs-2026", "iea-gcmo-2025"],
    }  # fmt: skip


def _by_region_and_good(use: pd.DataFrame) -> list[dict[str, Any]]:
    sums = use.groupby(["good", "region", "draw"], observed=True)[["shortfall_t", "base_quantity_t"]].sum()
    sums = sums.groupby(["good", "region"], observed=True).median()
    rows = [
        {"good": g, "region": r, "shortfall_t": float(v["shortfall_t"]), "shortfall_share": float(v["shortfall_t"] / v["base_quantity_t"])}
        for (g, r), v in sums.iterrows()
        if v["shortfall_t"] > 0
    ]  # fmt: skip
    for row in rows:
        row["shortfall_share_p05"], row["shortfall_share_p95"] = (
            row["shortfall_share"] / 2,
            row["shortfall_share"] * 1.5,
        )
        row["base_value_musd"] = row["shortfall_t"] * PRICE_USD_PER_T[row["good"]] / 1e6
    return sorted(rows, key=lambda row: -row["base_value_musd"])


def _spread(values: pd.Series) -> dict[str, float]:
    worst = values[values >= values.quantile(0.95)].mean()
    low, middle, high = (float(values.quantile(q)) for q in (0.05, 0.5, 0.95))
    return {"mean": float(values.mean()), "p05": low, "p50": middle, "p95": high, "cvar95": float(worst)}


CHANGES: list[dict[str, Any]] = [
    {
        "kind": "trade",
        "good": "battery_anode",
        "region": "CHN",
        "partner": "KOR",
        "use": "",
        "reported_t_per_year": 182_000.0,
        "balanced_t_per_year": 141_300.0,
        "status": "reported",
    },
    {
        "kind": "use",
        "good": "germanium",
        "region": "USA",
        "partner": "",
        "use": "defence",
        "reported_t_per_year": 9.0,
        "balanced_t_per_year": 12.6,
        "status": "assumed",
    },
]
