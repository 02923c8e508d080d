"""`derisk scenario exports`, and the quotas of `derisk scenario check` beside the base year's exports."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from derisk.cli.json_output import print_json
from derisk.cli.page import page
from derisk.cli.region_option import region_id

if TYPE_CHECKING:
    from rich.table import Table

    from derisk.errors import Problem
    from derisk.network.record import Network
    from derisk.scenario.bases import QuotaBase

_ROWS = 20


def list_exports(
    good: Annotated[str, typer.Argument(help="The good (derisk data goods).")],
    by: Annotated[
        str | None, typer.Option("--by", help="Where exports of this region or bloc go; all exporters if left out.")
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", help="Who ships to this region or bloc; to all if left out.")
    ] = None,
    base_year: Annotated[int, typer.Option("--base-year", help="Year the network is balanced for.")] = 2024,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document on standard output.")] = False,
) -> None:
    """A base year's exports of a good in tonnes, by exporter or by destination: what a quota's share is a share of."""
    from derisk.scenario.bases import base_exports, home_deliveries_t
    from derisk.vocabulary.goods import GOODS

    by, to = region_id(by), region_id(to)
    network = _network(good, by=by, to=to, base_year=base_year)
    rows = base_exports(network, good, origin=by, destination=to)
    home_t = None if to is None or by is not None else home_deliveries_t(network, good, to)
    output = {} if by is not None else _output_statuses(good, base_year)
    told = [
        {
            "region": r.region,
            "exports_t_per_year": r.exports_t_per_year,
            "share": r.share_of_exports,
            "stated_share": r.stated_share,
            "stated_t_per_year": r.stated_t_per_year,
            "output_status": output.get(r.region, ""),
        }
        for r in rows
    ]
    if as_json:
        about = {"good": good, "basis": GOODS[good].basis, "base_year": base_year, "by": by, "to": to}
        print_json({**about, "home_deliveries_t_per_year": home_t, "exports": told})
    else:
        _print_exports(told, good=good, by=by, to=to, base_year=base_year, home_t=home_t)


def _output_statuses(good: str, base_year: int) -> dict[str, str]:
    """Standing of what each maker's output of the good rests on, the newest figure up to the base year."""
    from derisk.data import load_dataset

    made = load_dataset().latest("production", up_to=base_year, good=good)
    return dict(zip(made["region"], made["status"], strict=True))


def _network(good: str, *, by: str | None, to: str | None, base_year: int) -> Network:
    """The base year's network, in which the words of the command have a meaning.

    Raises:
        InputError: the good, a region or the year is none that a network can have.
    """
    from derisk.data import load_dataset
    from derisk.errors import InputError, Problem
    from derisk.network import build_network
    from derisk.scenario.ground import merged_country
    from derisk.vocabulary.processes import market_goods
    from derisk.vocabulary.regions import BLOCS, COUNTRIES, REST_OF_EU, REST_OF_WORLD
    from derisk.vocabulary.spellings import unknown_id

    places, dataset = (*COUNTRIES, REST_OF_EU, REST_OF_WORLD, *BLOCS), load_dataset()
    if good not in market_goods():
        raise InputError(_unknown_good(good))
    named = [(key, word) for key, word in (("by", by), ("to", to)) if word is not None]
    for key, word in named:
        if word not in places:
            raise InputError(unknown_id("region", word, places, where=f"--{key}"))
    years = dataset.base_years()
    if base_year not in years:
        allowed = f"{years[0]} to {years[-1]}" if years else "none of this dataset"
        raise InputError(Problem(f"no base year {base_year}", "--base-year", allowed, "name one of these years"))
    network = build_network(dataset, base_year=base_year)
    for key, word in named:
        merged = merged_country(word, network.regions, key=key)
        if merged is not None:
            raise InputError(replace(merged, where=f"--{key}"))
    return network


def _unknown_good(good: str) -> Problem:
    """Problem for a word that is no good of the market; one that is quoted under another leads to that."""
    from derisk.errors import Problem
    from derisk.vocabulary.goods import GOODS
    from derisk.vocabulary.processes import market_goods
    from derisk.vocabulary.spellings import unknown_id

    traded_as = GOODS[good].quote_of if good in GOODS else ""
    problem = unknown_id("good", good, market_goods(), where="the good asked for")
    if traded_as not in market_goods():
        return problem
    what = f"'{good}' has figures in the dataset, but no market"
    return Problem(what, "the good asked for", problem.allowed, f"write '{traded_as}', which it is part of")


def _print_exports(
    rows: list[dict[str, Any]], *, good: str, by: str | None, to: str | None, base_year: int, home_t: float | None
) -> None:
    from derisk.brief.numbers import tonnes
    from derisk.vocabulary.goods import BASES, GOODS

    console = page()
    home = f"{_named(to)}'s own makers, recyclers included, deliver {tonnes(home_t)} at home. " if to and home_t else ""
    where = f" to {_named(to)}" if to else ""
    if not rows:
        told = f"{good}: no exports{f' by {_named(by)}' if by else ''}{where} in {base_year}. {home}"
        console.print(told.rstrip(". "))
        return
    title = f"Exports of {good}{where} in {base_year}, tonnes a year ({BASES[GOODS[good].basis]})"
    console.print(_exports_table(rows[:_ROWS], title=title, by=by))
    total = sum(row["exports_t_per_year"] for row in rows)
    rest = f"{len(rows) - _ROWS} more; " if len(rows) > _ROWS else ""
    console.print(
        f"{rest}{tonnes(total)} in all. {home}`share_of_base: 0.5` of a quota is half of these tonnes.", style="dim"
    )
    for said in _cautions(rows[:_ROWS], good):
        console.print(said, style="dim")


def _exports_table(rows: list[dict[str, Any]], *, title: str, by: str | None) -> Table:
    """A line for each exporter, or for each destination of the exports of `by`."""
    from rich import box
    from rich.table import Table

    from derisk.brief.numbers import percent, tonnes
    from derisk.vocabulary.names import region_label

    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, header_style="dim", pad_edge=False)
    for name in (f"from {_named(by)} to" if by else "from", ""):
        table.add_column(name)
    for name in ("tonnes", "share", "rows state"):
        table.add_column(name, justify="right")
    if not by:
        table.add_column("its output")
    for row in rows:
        told = tonnes(row["stated_t_per_year"]) if row["stated_t_per_year"] else "balanced"
        cells = (row["region"], region_label(row["region"]), tonnes(row["exports_t_per_year"]), percent(row["share"]))
        table.add_row(*cells, told, *(() if by else (row["output_status"],)))
    return table


def _named(word: str) -> str:
    """A bloc by its label, a country by its code."""
    from derisk.vocabulary.names import region_label
    from derisk.vocabulary.regions import BLOCS

    return region_label(word) if word in BLOCS else word


def _cautions(rows: list[dict[str, Any]], good: str) -> list[str]:
    """What tonnes rest on that no row of the dataset states, or an assumed one."""
    said = ["rows state: what the dataset has of the flow, before the year was balanced against output and use."]
    if not all(row["stated_t_per_year"] for row in rows):
        said.append("balanced: no row states the flow; it follows from who makes and who uses the good.")
    if any(row["output_status"] == "assumed" for row in rows):
        said.append(f"assumed: a judgement; its reason: derisk data table production --good {good} --json")
    return said


def quota_line(base: QuotaBase, base_year: int) -> str:
    """A quota beside the base year's exports, in a sentence."""
    from derisk.brief.numbers import percent, tonnes

    share = base.share_of_base
    told = "" if share is None else f"{percent(share)} of the {tonnes(base.base_exports_t_per_year)}"
    words = f"{base.measure} {base.kind}: {base.region} may ship {tonnes(base.quantity_t_per_year)} a year of "
    words += f"{', '.join(base.goods)} to {', '.join(base.to)}; "
    text = (
        f"in {base_year} it shipped none there" if share is None else f"that is {told} it shipped there in {base_year}"
    )
    text = words + text
    if share is not None and share >= 1.0:
        text += ", so it holds nothing back"
    return text.replace("\N{NO-BREAK SPACE}", " ")


def quota_record(base: QuotaBase) -> dict[str, Any]:
    """The same for programs."""
    return {
        "measure": base.measure,
        "kind": base.kind,
        "region": base.region,
        "to": list(base.to),
        "goods": list(base.goods),
        "quantity_t_per_year": base.quantity_t_per_year,
        "base_exports_t_per_year": base.base_exports_t_per_year,
        "share_of_base": base.share_of_base,
    }
