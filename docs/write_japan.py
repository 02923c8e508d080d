"""Write docs/japan-derisking.md: Japan's dependence on China by year, with and without each of its levers.

Runs the scenario `japan-derisking-2011-2024` with all levers, without them, with each alone and without each, for
about five minutes.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np

from derisk.data import Dataset, load_dataset
from derisk.ensemble import Quantile, quantiles_of_draw
from derisk.network import build_network
from derisk.path import months_of, read_slow_rows
from derisk.scenario import Scenario, load_scenario, realise

PAGE = Path(__file__).resolve().parent / "japan-derisking.md"
SCENARIO = "japan-derisking-2011-2024"
OXIDES = ("lacen_oxide", "ndpr_oxide", "samarium_oxide", "eugd_oxide", "dytb_oxide", "yttrium_oxide")
CONTEXT = ("export_ban", "export_quota", "export_tax", "enforcement")
LEVERS = {
    "sources": "new mines and plants in Australia, Malaysia and India",
    "contracts": "offtakes of Japanese traders",
    "stocks": "public stockpiles",
    "thrift": "magnets without dysprosium, polishing without cerium",
    "recycling": "recycling of magnets",
}
DRAWS = 4
YEARS = ("2011", "2012", "2013", "2015", "2018", "2020", "2024")


def lever_of(measure) -> str:
    """The lever a measure of the scenario belongs to; '' for what was done to Japan and for the American mine."""
    if measure.kind in CONTEXT or measure.by == ("USA",):
        return ""
    if measure.kind in ("recycling", "stockpile_build"):
        return {"recycling": "recycling", "stockpile_build": "stocks"}[measure.kind]
    if measure.by == ("JPN",):
        return "contracts" if measure.kind == "offtake" else "thrift"
    return "sources"


def imports_by_year(
    scenario: Scenario, dataset: Dataset, kept: Collection[str], quantile: Quantile | None = None
) -> dict[str, tuple[float, float]]:
    """Tonnes of oxides Japan takes in from China, and from anywhere abroad, by year, with the levers kept."""
    measures = tuple(m for m in scenario.measures if lever_of(m) in ("", *kept))
    chosen = scenario.model_copy(update={"measures": measures})
    network = build_network(dataset, base_year=chosen.base_year, quantile=quantile)
    realisation = realise(chosen, network, quantile=quantile)
    longer = realisation.network
    goods = [longer.goods.index(good) for good in OXIDES]
    japan, china = longer.regions.index("JPN"), longer.regions.index("CHN")
    taken = np.isin(longer.good, goods) & (longer.destination == japan) & (longer.origin != japan)
    tonnes: dict[str, tuple[float, float]] = {}
    rows = read_slow_rows(dataset, network, months=chosen.months)
    for month in months_of(realisation, rows, quantile=quantile):
        flow = month.equilibrium.flow
        before = tonnes.get(month.label[:4], (0.0, 0.0))
        year = (before[0] + flow[taken & (longer.origin == china)].sum(), before[1] + flow[taken].sum())
        tonnes[month.label[:4]] = year
    return tonnes


def observed(dataset: Dataset) -> dict[str, float]:
    """China's part of Japan's imports by customs, the derived rows."""
    rows = dataset.rows(field="import_source_share", material="rare_earths", region="JPN", partner="CHN")
    rows = rows[rows["status"] == "derived"]
    return dict(zip(rows["period"], rows["value"], strict=True))


def share_of_draws(scenario: Scenario, dataset: Dataset) -> list[float]:
    """China's part in 2024 with all levers, in each of some draws of every uncertain number, in order of size."""
    shares = []
    for draw in range(1, DRAWS + 1):
        quantile = quantiles_of_draw(seed=scenario.seed, draw=draw)
        china, abroad = imports_by_year(scenario, dataset, tuple(LEVERS), quantile)["2024"]
        shares.append(china / abroad)
        print(f"draw {draw} | {shares[-1]:.3f}", flush=True)
    return sorted(shares)


def page(dataset: Dataset) -> str:
    """The page as text."""
    scenario = load_scenario(SCENARIO)
    runs = {"all levers": tuple(LEVERS), "no lever": ()}
    runs |= {f"{lever} alone": (lever,) for lever in LEVERS}
    runs |= {f"all but {lever}": tuple(other for other in LEVERS if other != lever) for lever in LEVERS}
    customs = observed(dataset)
    lines = ["customs, gross tonnes | " + " | ".join(f"{customs[year]:.2f}" for year in YEARS) + " | |"]
    for name, kept in runs.items():
        tonnes = imports_by_year(scenario, dataset, kept)
        shares = " | ".join(f"{tonnes[year][0] / tonnes[year][1]:.2f}" for year in YEARS)
        lines.append(f"{name} | {shares} | {tonnes['2024'][0]:,.0f} |")
        print(lines[-1], flush=True)
    shares = share_of_draws(scenario, dataset)
    return TEXT.format(
        draws=", ".join(f"{share:.2f}" for share in shares),
        head=" | ".join(YEARS),
        rule=" | ".join("---" for _ in YEARS),
        lines="\n".join(f"| {line}" for line in lines),
        levers="\n".join(f"* {name}: {what}" for name, what in LEVERS.items()),
    )


TEXT = """# Japan 2010-2024: what the four levers did

China cut its quotas for rare earths in July 2010 and stopped shipments to Japan that autumn. Japan answered with
other sources, contracts and stocks, research, and recycling. The scenario `japan-derisking-2011-2024` states these
acts with their dates, tonnes and terms, on the base year 2009, and lets the months run to December 2024. Whether a
plant lives is for the market to say. The page is written by `docs/write_japan.py`.

China's part of the tonnes of separated oxides that Japan takes in, central case, and the tonnes from China in 2024:

| | {head} | t from China, 2024 |
|---|{rule}|---|
{lines}

{levers}

How to read it:

* Other sources carry it, and the contracts that bind their tonnes to Japan add to it; a contract without a mine
  buys nothing. Stocks bridge months and leave no trace in a share fourteen years on. Thrift and recycling lower the
  tonnes more than the share.
* Without the levers the American mine, rebuilt on the prices of 2011, is idled when they fall, as it was in 2015,
  and the dependence returns to where it was.
* Before 2013 customs show less dependence than the model: in 2011 and 2012 a third to a half of Japan's imports
  came from elsewhere, France, Viet Nam and Estonia foremost, which had little ore but China's to separate. The base
  year's accounts know next to no separation there.
* Customs count gross tonnes of compounds and metals, the model oxides.
* No number was fitted to this case, but it was looked at while it was written: the transfers of the companies' own ore,
  the ban on raw ore, the public loan as a part grant, the least load of a plant and the prices that idle plants
  see came in as their want showed.
* With every uncertain number at random, the levers all in place, draws end at {draws}.
* China's own growth since 2009, of mines and of magnet makers alike, and Japan's magnet plants that moved abroad,
  are left out.
"""


if __name__ == "__main__":
    PAGE.write_text(page(load_dataset()), encoding="utf-8")
