"""`derisk exposure`: a company's purchases under a scenario, every line with its fate."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from derisk.cli.json_output import print_json
from derisk.cli.output_file import output_file
from derisk.cli.page import page
from derisk.cli.progress import compile_with_notice, progress_bar
from derisk.errors import InputError, Problem

if TYPE_CHECKING:
    from derisk.exposure import Assessment, ItemExposure
    from derisk.study import Study

_FEWEST_DRAWS = 5
"""With fewer draws the printed ranges are said to mean little."""
_MAKER_NOTE = (
    "largest maker: share of world primary output in its newest year; a brief counts the base year, scrap included"
)
_EFFECT_NOTE = (
    "price, peak: over the base year's, mean and highest month; short: of what users in the country want, and how many "
    "months' worth that is (month by month: --json); cut: of what the supplier ships there; loss in all: USD over all "
    "months, dearer tonnes and sales that stop"
)


def show_exposure(
    purchases: str,
    *,
    study: str | None,
    scenario: str | None,
    draws: int | None,
    buyer: str,
    rates: Sequence[str],
    out: str | None,
    picture: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Map a purchase list, apply a study to it, and print what is at stake."""
    if study and scenario:
        hint = "leave one out: --scenario runs a study, --study takes one that was run"
        raise InputError(Problem("both --study and --scenario", "derisk exposure", "one of the two", hint))
    if draws is not None and not scenario:
        hint = "leave --draws out, or name the scenario to run" if study else "--scenario NAME runs one"
        raise InputError(Problem("--draws without a scenario to run", "derisk exposure", "with --scenario", hint))
    table = None if out is None else output_file(out, option="--out", ending=".csv", hint="name one: --out lines.csv")
    hint = "name one: --picture losses.svg; a browser shows it, and most programs place it"
    drawing = None if picture is None else output_file(picture, option="--picture", ending=".svg", hint=hint)
    from derisk.data import load_dataset
    from derisk.exposure import assess, country_named, good_prices, good_supply, map_purchases, read_purchases

    usd_per = dict(map(_rate, rates))
    listed, country = read_purchases(purchases), country_named(buyer, where="--buyer")
    dataset = load_dataset()
    mapped = map_purchases(listed.lines, price_usd_per_t=good_prices(dataset), usd_per=usd_per)
    applied = _study(study, scenario, draws)
    assessment = assess(mapped, study=applied, buyer=country, supply=good_supply(dataset))
    rows = [_row(item) for item in assessment.items]
    if table is not None:
        _write(table, rows)
    if drawing is not None:
        from derisk.exposure.picture import draw_exposure

        _save(drawing, draw_exposure(assessment))
    span = {} if applied is None else {name: int(applied.summary[name]) for name in ("months", "converged_draws")}
    if as_json:
        totals = _totals(assessment)
        unknown = [{"what": problem.what, "hint": problem.hint} for problem in listed.unknown_headings]
        about = {"scenario": assessment.scenario, "buyer": assessment.buyer, **span}
        told = {**about, "notes": list(listed.notes), "unknown_headings": unknown}
        print_json({**told, **totals, "items": rows})
    else:
        for note in listed.notes:
            print(note, file=sys.stderr)
        _print(assessment, unknown_headings=listed.unknown_headings, limit=limit, **span)


def _rate(text: str) -> tuple[str, float]:
    """A currency's code and its US dollars, from `EUR=1.08`.

    Raises:
        InputError: no such pair.
    """
    written = re.fullmatch(r"([A-Za-z]{3})=(\d+(?:\.\d+)?)", text.strip())
    if not written or float(written[2]) == 0.0:
        what, allowed = f"'{text}' is no exchange rate", "CODE=DOLLARS, dollars above 0 with a decimal point"
        raise InputError(Problem(what, "--rate", allowed, "--rate EUR=1.08"))
    return written[1].upper(), float(written[2])


def _study(study: str | None, scenario: str | None, draws: int | None) -> Study | None:
    """The study named, or the scenario run now; None where neither is asked for."""
    if study:
        from derisk.study import Study

        return Study.open(study)
    if not scenario:
        return None
    with progress_bar(Console(stderr=True)) as bar:
        task = bar.add_task(f"reading {scenario}", total=None)
        from derisk.scenario import load_scenario
        from derisk.study import run_study

        loaded = load_scenario(scenario)
        compile_with_notice(bar, task)

        def show(done: int, wanted: int) -> None:
            bar.update(task, description=f"running {scenario}", completed=done, total=wanted)

        return run_study(loaded, draws=draws, progress=show)


def _row(item: ItemExposure) -> dict[str, Any]:
    """One line of the list, flat."""
    flat = asdict(item)
    purchase = flat.pop("purchase")
    purchase["doubts"] = list(purchase["doubts"])
    return {**purchase, **flat, "expected_loss_usd": item.expected_loss_usd}


def _write(path: Path, rows: list[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        if rows:
            writer = csv.DictWriter(stream, [name for name in rows[0] if name != "by_month"], extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**row, "doubts": "; ".join(row["doubts"])} for row in rows)
    print(f"{path} written", file=sys.stderr)


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    print(f"{path} written", file=sys.stderr)


def _totals(assessment: Assessment) -> dict[str, Any]:
    names = ("extra_cost_usd", "lost_sales_usd", "expected_loss_usd")
    return {"fates": assessment.coverage(), **{name: _sum(assessment, name) for name in names}}


def _sum(assessment: Assessment, name: str) -> float | None:
    """A money column of all lines together; None where no line states it."""
    stated = [value for item in assessment.items if (value := getattr(item, name)) is not None]
    return sum(stated) if stated else None


def _print(
    assessment: Assessment,
    *,
    unknown_headings: Sequence[Problem],
    limit: int,
    months: int = 0,
    converged_draws: int = 0,
) -> None:
    from derisk.losses import range_words

    console = page()
    totals = _totals(assessment)
    fates = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    for name in ("what became of the lines", "lines", "value, USD a year", "lines without a value"):
        fates.add_column(name, justify="left" if name.startswith("what") else "right")
    for row in totals["fates"]:
        fates.add_row(row["fate"], str(row["lines"]), f"{row['value_usd']:,.0f}", str(row["lines_without_value"]))
    console.print(fates)
    _print_items(assessment, console, limit=limit)
    _print_doubts(assessment, unknown_headings, console, limit=limit)
    if totals["expected_loss_usd"] is not None:
        _print_loss(totals, assessment, console, months=months)
        few = "; too few to mean much: --draws" if converged_draws < _FEWEST_DRAWS else ""
        console.print(Text(f"ranges: {range_words(converged_draws)}{few}", style="dim"))


def _print_loss(totals: dict[str, Any], assessment: Assessment, console: Console, *, months: int) -> None:
    """What dearer tonnes cost, and apart from it the upper bound of sales that stop."""
    parts = []
    if (extra := totals["extra_cost_usd"]) is not None:
        parts.append(f"{_money(extra)} {'more for dearer' if extra >= 0.0 else 'less for cheaper'} tonnes")
    if (sales := totals["lost_sales_usd"]) is not None:
        parts.append(f"up to {_money(sales)} of sales that stop")
    from derisk.vocabulary.names import region_in_sentence

    buyer = region_in_sentence(assessment.buyer)
    told = f"\nExpected under {assessment.scenario} over all {months} months, bought in {buyer}: "
    console.print(Text(told + " and ".join(parts), style="bold"))
    if sales is not None:
        console.print(Text("sales stop at most with the share of the good that is short", style="dim"))


def _print_doubts(assessment: Assessment, unknown_headings: Sequence[Problem], console: Console, *, limit: int) -> None:
    """Headings passed over, lines in doubt, and what was taken for granted of lines that are mapped."""
    from derisk.vocabulary.names import numbered

    for problem in unknown_headings:
        hint = f" ({problem.hint})" if problem.hint else ""
        console.print(Text.assemble((problem.what, "bold"), f"{hint}; its cells are passed over"))
    doubtful = [item.purchase for item in assessment.items if item.purchase.fate != "mapped"]
    if doubtful:
        console.print(Text(f"\nIn doubt: {numbered(len(doubtful), 'line')}", style="bold"))
    for purchase in sorted(doubtful, key=lambda p: -(p.value_usd or 0.0))[:limit]:
        console.print(
            Text.assemble((f"line {purchase.line}  ", "dim"), purchase.item, "  ", "; ".join(purchase.doubts))
        )
    _print_rest(console, len(doubtful) - limit)
    remarks = _remarks(assessment)
    if remarks:
        console.print(Text("\nTaken for granted of lines that are mapped", style="bold"))
    for sentence, lines in remarks[:limit]:
        numbers = f"{'line' if len(lines) == 1 else 'lines'} {', '.join(map(str, lines))}  "
        console.print(Text.assemble((numbers, "dim"), sentence))
    _print_rest(console, len(remarks) - limit)


def _remarks(assessment: Assessment) -> list[tuple[str, list[int]]]:
    """Each remark on mapped lines once, with the lines it is made on; those on customs codes first."""
    found: dict[str, list[int]] = {}
    for purchase in (item.purchase for item in assessment.items if item.purchase.fate == "mapped"):
        for sentence in purchase.doubts:
            found.setdefault(sentence, []).append(purchase.line)
    return sorted(found.items(), key=lambda pair: (not pair[0].startswith("customs code"), pair[1], pair[0]))


def _print_rest(console: Console, count: int) -> None:
    if count > 0:
        console.print(Text(f"{count} further lines: --limit, --out, --json", style="dim"))


def _print_items(assessment: Assessment, console: Console, *, limit: int) -> None:
    """Lines with a good, the most exposed first; of those that the scenario does not reach only the number."""
    known = [item for item in assessment.items if item.purchase.good]
    calm = [item for item in known if _is_calm(item)] if assessment.scenario else []
    if len(calm) < len(known):
        known = [item for item in known if item not in calm]
    else:
        calm = []
    known.sort(key=lambda item: (-(item.expected_loss_usd or 0.0), -(item.purchase.value_usd or 0.0)))
    table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
    right = ("line", "t a year", "USD a year", "price", "peak", "short", "months", "cut", "loss in all", "range")
    effects = (*right[3:5], "in", *right[5:]) if assessment.scenario else ()
    for name in ("line", "item", "good", "from", *right[1:3], *(effects or ("largest maker",))):
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for item in known[:limit]:
        table.add_row(*_cells(item, scenario=bool(assessment.scenario)))
    console.print(table)
    if not effects and any(item.largest_supplier_share is not None for item in known[:limit]):
        console.print(Text(_MAKER_NOTE, style="dim"))
    if assessment.scenario and known:
        console.print(Text(_EFFECT_NOTE, style="dim"))
    if calm:
        goods = sorted({item.purchase.good for item in calm})
        count = "1 line buys" if len(calm) == 1 else f"{len(calm)} lines buy"
        words = f"{count} goods that the scenario does not reach: {', '.join(goods)}"
        console.print(Text(words, style="dim"))
    _print_rest(console, len(known) - limit)


def _is_calm(item: ItemExposure) -> bool:
    """Whether the good stays at its base: its price and its tonnes."""
    from derisk.exposure.assess import CALM_RATIO

    return item.peak_price_ratio is not None and abs(item.peak_price_ratio - 1.0) < CALM_RATIO and not item.short_share


def _cells(item: ItemExposure, *, scenario: bool) -> list[Text]:
    purchase = item.purchase
    largest = (
        "" if item.largest_supplier_share is None else f"{item.largest_supplier} {item.largest_supplier_share:.0%}"
    )
    words = [
        str(purchase.line), purchase.item, purchase.good, purchase.supplier or "?",
        _number(purchase.quantity_t, ",.4g"), _number(purchase.value_usd, ",.0f"),
    ]  # fmt: skip
    if not scenario:
        words.append(largest)
    else:
        ends = [_short(value) for value in (item.loss_p05_usd, item.loss_p95_usd) if value is not None]
        words += [
            _ratio(item.price_ratio), _ratio(item.peak_price_ratio), item.peak_month,
            _number(item.short_share, ".0%"), _number(item.short_months, ".1f"),
            _number(item.supplier_cut_share, ".0%"),
            _short(item.expected_loss_usd), " to ".join(ends),
        ]  # fmt: skip
    return [Text(word) for word in words]


def _number(value: float | None, form: str) -> str:
    return "" if value is None else f"{value:{form}}"


def _short(value_usd: float | None) -> str:
    from derisk.brief.numbers import money_short

    return "" if value_usd is None else money_short(value_usd / 1e6)


def _money(value_usd: float) -> str:
    from derisk.brief.numbers import money

    return money(abs(value_usd) / 1e6)


def _ratio(value: float | None) -> str:
    from derisk.brief.numbers import ratio

    return "" if value is None else ratio(value)
