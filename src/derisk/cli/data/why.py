"""`derisk data why`: where one figure comes from."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from derisk.cli.data.printing import Json, cell
from derisk.cli.json_output import print_json
from derisk.cli.page import page
from derisk.cli.region_option import region_id
from derisk.errors import Problem, UsageError

_NONE = "-"


def explain_figure(
    material: Annotated[str, typer.Argument(help="The material; - where the row has none.")] = _NONE,
    stage: Annotated[str, typer.Argument(help="The stage; - where the row has none.")] = _NONE,
    region: Annotated[str | None, typer.Argument(help="The region.", metavar="REGION")] = None,
    period: Annotated[str | None, typer.Argument(help="The year or month.", metavar="PERIOD")] = None,
    field: Annotated[str, typer.Option(help="What the number is: production, trade, price, …")] = "production",
    good: Annotated[str | None, typer.Option(help="Which good, where a stage has several.")] = None,
    partner: Annotated[str | None, typer.Option(help="The importer, for --field trade.")] = None,
    use: Annotated[str | None, typer.Option(help="The end use, where rows have one.")] = None,
    at_region: Annotated[str | None, typer.Option("--region", help="The region, where no words stand before.")] = None,
    at_period: Annotated[str | None, typer.Option("--period", help="The year or month, likewise.")] = None,
    row: Annotated[str | None, typer.Option("--row", help="A row's id, in place of all words.")] = None,
    as_json: Json = False,
) -> None:
    """Where one figure comes from, and which others were not chosen."""
    from derisk.data import load_dataset
    from derisk.data.lineage import explain_row

    if row is not None:
        answer = explain_row(load_dataset(), row)
    else:
        place, time = at_region or region, at_period or period
        if place is None or time is None:
            raise UsageError(_what_is_missing(place))
        place, importer = region_id(place, blocs=False), region_id(partner, blocs=False)
        answer = load_dataset().why(material, stage, place, time, field, good, partner=importer, use=use)
    if as_json:
        print_json(answer)
    else:
        _print_lineage(answer)


def _what_is_missing(region: str | None) -> Problem:
    return Problem(
        f"no {'region' if region is None else 'period'} is named",
        "derisk data why",
        "MATERIAL STAGE REGION PERIOD, with - for a word that the row lacks; or --row ID",
        "derisk data why gallium refining CHN 2024, or derisk data why - - USA 2023 --field gdp",
    )


def _print_lineage(answer: dict[str, Any]) -> None:
    from rich.text import Text

    printed = page()
    words = (answer["stage"], answer["partner"] and f"{answer['region']} to {answer['partner']}", answer["use"])
    about = (answer["good"] or answer["material"], *words[:1], words[1] or answer["region"], words[2], answer["period"])
    label = f"{answer['field']} of {', '.join(word for word in about if word)}"
    unit = " ".join(word.replace("_", " ") for word in (answer["unit"], answer["basis"]) if word != "none")
    printed.print(Text(label))
    printed.print(Text(f"{cell(answer['value']) or answer['status']} {unit}".rstrip(), style="bold"))
    spread = f", {cell(answer['low'])} to {cell(answer['high'])}" if answer["low"] is not None else ""
    lines = {
        "status": answer["status"] + spread + ("" if answer["chosen"] else ", not the figure chosen for its key"),
        "source": f"{answer['source']['title']} ({answer['source']['licence']})",
        "url": answer["source"]["url"],
        "locator": answer["locator"],
        "note": answer["note"],
        "correction": answer["correction"],
        "choice": answer["choice"],
        "row": f"{answer['row']} ({answer['row_id']})",
        "other goods": ", ".join(answer["other_goods"]) + (" (--good)" if answer["other_goods"] else ""),
    }
    for name, text in lines.items():
        if text:
            printed.print(Text.assemble((f"{name:<12}", "dim"), text))
    for rival in answer["alternatives"]:
        value = cell(rival["value"]) or "withheld"
        told = f"{value}  {rival['source']}: {rival['why_not'] or 'the figure chosen'}"
        printed.print(Text.assemble(("not chosen  " if answer["chosen"] else "also        ", "dim"), told))
