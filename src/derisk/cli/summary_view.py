"""Summary view: a study's answer on one screen of the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

ROWS = 6
ROWS_OF_A_GOOD = 2
ASSUMPTIONS = 3
_BAR_CELLS = 10
_LONGEST_ASSUMPTION = 58
_RULES = {"shapley": "over every order in which they could come", "marginal order": "in the scenario's order"}
_PARTS = "part: what it adds {}; parts add up. alone: under it and no other. as the last: what its absence would change"


def print_summary(summary: Mapping[str, Any], console: Console) -> None:
    """Print the answer, the key numbers, who runs short, peak prices, and before and after the levers.

    Args:
        summary: content of `summary.json`.
        console: where to print.
    """
    from derisk.vocabulary.names import scenario_label

    console.print()
    console.print(Text(scenario_label(str(summary["scenario"])), style="bold red"))
    console.print(Text(str(summary["question"]), style="italic dim"))
    console.print()
    console.print(Text(str(summary["answer"]), style="bold"))
    console.print()
    for note in summary.get("notes", ()):
        console.print(Text(f"note: {note}", style="yellow"))
    if not summary["converged_draws"]:
        return
    console.print(Padding(_key_numbers(summary), (0, 0, 1, 0)))
    for table in (
        _shortfalls(summary),
        _prices(summary),
        _before_and_after(summary),
        *_parts(summary),
        _assumptions(summary),
    ):
        if table is not None:
            console.print(table)


def _key_numbers(summary: Mapping[str, Any]) -> RenderableType:
    from derisk.brief.numbers import count

    before = summary.get("without_remedies")
    control, grid = before or summary, Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    grid.add_column(justify="right", style="bold")
    grid.add_column(style="dim")
    if summary["converged_draws"] > 1:
        grid.add_row("", Text("median", style="dim"), _range(summary))
    _add_spread(grid, "Tonnes given up are worth", control["forgone_value_musd"])
    _add_spread(grid, "Value added at risk, at most", control["value_added_lost_musd"], "red")
    if before:
        _add_spread(grid, "With the levers, at most", summary["value_added_lost_musd"], "blue")
    if before and summary.get("saved_musd"):  # its median is not the difference of the two medians above
        grid.add_row("Less, draw by draw", "", _ends(summary["saved_musd"]))
    paid = control["price_transfer_musd"]
    less = {key: -paid[other] for key, other in (("p05", "p95"), ("p50", "p50"), ("p95", "p05"))}
    _add_spread(grid, "Users pay less" if paid["p50"] < 0.0 else "Users pay more", less if paid["p50"] < 0.0 else paid)
    draws = f"{count(summary['converged_draws'])} of {count(summary['draws'])} draws reached equilibrium"
    months = f"{summary['months']} month{'' if summary['months'] == 1 else 's'}"
    grid.add_row("Looked at", months, f"from {summary['start']}; {draws}")
    return Group(grid, *_economy_words(control, ", without the levers," if before else ""))


def _add_spread(grid: Table, label: str, spread: Mapping[str, float], style: str = "") -> None:
    from derisk.brief.numbers import money

    grid.add_row(label, Text(money(spread["p50"]), style=style), _ends(spread))


def _ends(spread: Mapping[str, float]) -> str:
    """The two ends of a range of money; nothing where they are one."""
    from derisk.brief.numbers import NO_BREAK, money

    told = [money(spread[key]).replace(f"USD{NO_BREAK}", "") for key in ("p05", "p95")]
    return " to ".join(told) if spread["p05"] < spread["p95"] else ""


def _range(summary: Mapping[str, Any]) -> str:
    """What the two ends of every range are; studies of older versions do not say."""
    return str(summary.get("range") or "5 to 95 %")


def _economy_words(summary: Mapping[str, Any], without: str) -> list[Text]:
    """A sentence for each region whose accounts carry its loss on: it is that region's alone, no total."""
    from derisk.brief.numbers import money

    return [
        Text(
            f"In {region} alone{without} up to {money(low)} is at risk with the suppliers of those who run short, and "
            f"up to {money(high)} with their buyers too; other regions have no such accounts here.",
            style="dim",
        )
        for low, high, region in _through_the_economy(summary)
    ]


def _through_the_economy(summary: Mapping[str, Any]) -> list[tuple[float, float, str]]:
    """Medians at the low and the high end of each region whose accounts carry its loss further."""
    from derisk.vocabulary.names import region_in_sentence

    return [
        (
            float(entry["propagated_low_musd"]["p50"]),
            float(entry["propagated_high_musd"]["p50"]),
            region_in_sentence(str(entry["region"])),
        )
        for entry in (summary.get("propagation") or {}).get("regions") or []
    ]


def _table(title: str, *columns: tuple[str, str]) -> Table:
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption_justify="left",
        caption_style="dim",
        box=box.SIMPLE_HEAD,
        header_style="dim",
        pad_edge=False,
    )
    for name, justify in columns:
        is_number = justify == "right"  # words may take a second line, a number is never cut
        table.add_column(name, justify="right" if is_number else "left", no_wrap=is_number)
    return table


def _shortfalls(summary: Mapping[str, Any]) -> Table | None:
    from derisk.brief.numbers import percent, tonnes
    from derisk.vocabulary.names import good_label, region_label

    rows = _most_valuable(summary["shortfall_by_region"])
    if not rows:
        return None
    title = "Who runs short, with the levers" if summary.get("without_remedies") else "Who runs short"
    table = _table(title, ("", "left"), ("of", "left"), ("", "left"), ("share", "right"), ("tonnes", "right"))
    for row in rows:
        table.add_row(
            region_label(row["region"]),
            good_label(row["good"]),
            _bar(row["shortfall_share"]),
            percent(row["shortfall_share"]),
            tonnes(row["shortfall_t"]),
        )
    if more := len(summary["shortfall_by_region"]) - len(rows):
        table.caption = f"and {more} more, however small: shortfall_by_region in summary.json"
    return table


def _most_valuable(shortfalls: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The shortfalls worth most at base prices, few regions for a good."""
    kept: list[Mapping[str, Any]] = []
    for row in shortfalls:
        of_good = sum(other["good"] == row["good"] for other in kept)
        if len(kept) < ROWS and of_good < ROWS_OF_A_GOOD:
            kept.append(row)
    return kept


def _bar(share: float) -> Text:
    filled = round(min(max(share, 0.0), 1.0) * _BAR_CELLS)
    return Text("━" * filled, style="red") + Text("·" * (_BAR_CELLS - filled), style="bright_black")


def _prices(summary: Mapping[str, Any]) -> Table | None:
    """The goods whose prices rise most, each in the region that the brief tells of."""
    from derisk.brief.subject import price_peaks
    from derisk.study.peaks import SMALLEST_RISE_RATIO

    told = [row for row in price_peaks(summary) if row["p50"] > 1.0 and row["p95"] >= SMALLEST_RISE_RATIO][:ROWS]
    if not told:
        return None
    run = ", with the levers" if summary.get("without_remedies") else ""
    over = f"; {_range(summary)}" if summary["converged_draws"] > 1 else ""
    columns = ("", "left"), ("in", "left"), ("month", "left"), ("median", "right"), ("range", "right")
    table = _table(f"Prices at their peak{run}{over}", *columns)
    rising = [_add_price(table, row, summary) for row in told]
    if any(rising):
        table.caption = "* the last month looked at: still rising there; more months show the peak"
    return table


def _add_price(table: Table, row: Mapping[str, Any], summary: Mapping[str, Any]) -> bool:
    """Add the row of a price peak, and tell whether the price is still rising."""
    from derisk.brief.numbers import ratio
    from derisk.brief.subject import is_rationed
    from derisk.study.peaks import still_rising
    from derisk.vocabulary.names import good_label, month_label, region_label

    rises = bool(still_rising(row, summary))
    table.add_row(
        good_label(row["good"]),
        region_label(row["region"]),
        Text(month_label(row["month"]) + ("*" if rises else ""), style="dim"),
        Text("rationed", style="red") if is_rationed(row) else Text(ratio(row["p50"]), style="bold"),
        Text(f"{ratio(row['p05'])} to {ratio(row['p95'])}", style="dim"),
    )
    return rises


def _before_and_after(summary: Mapping[str, Any]) -> Table | None:
    from derisk.brief.numbers import money, percent
    from derisk.losses.order import by_size
    from derisk.vocabulary.names import region_label

    before = summary.get("without_remedies")
    if not before:
        return None
    now = {row["region"]: row["value_added_lost_musd"] for row in summary["by_region"]}
    then = sorted(before["by_region"], key=lambda r: by_size(r["value_added_lost_musd"], r["region"]))[:ROWS]
    table = _table(
        "Value added at risk before and after the levers",
        ("", "left"),
        ("before", "right"),
        ("after", "right"),
        ("change", "right"),
    )
    for row in then:
        lost, left = row["value_added_lost_musd"], now.get(row["region"], 0.0)
        if lost > 0.0:
            table.add_row(
                region_label(row["region"]),
                Text(money(lost), style="red"),
                Text(money(left), style="blue"),
                percent(left / lost - 1.0),
            )
    return table if table.row_count else None


def _parts(summary: Mapping[str, Any]) -> list[Table]:
    """What each control costs and each lever changes, where the study was asked to divide its loss."""
    from derisk.brief.numbers import money_short
    from derisk.losses.order import by_size

    tables = []
    for side in (summary.get("attribution") or {}).get("sides") or []:
        if not side["parties"]:
            continue
        columns = ("", "left"), ("part", "right"), ("alone", "right"), ("as the last", "right")
        table = _table(f"USD at risk by {side['side']}, mean of {side['draws']} draws", *columns)
        table.caption = _PARTS.format(_RULES.get(side["rule"], side["rule"]))
        table.columns[0].max_width = _LONGEST_ASSUMPTION
        for row in sorted(side["parties"], key=lambda row: by_size(abs(row["part_musd"]), row["party"]))[:ROWS]:
            part = Text(money_short(row["part_musd"]), style="red" if row["part_musd"] > 0.0 else "blue")
            name = Text(str(row["party"]), overflow="ellipsis")
            table.add_row(name, part, money_short(row["alone_musd"]), money_short(row["last_musd"]))
        tables.append(table)
    return tables


def _assumptions(summary: Mapping[str, Any]) -> Table | None:
    """The assumptions that move the answer most, a line each; of the controls alone where there are levers."""
    from derisk.brief.numbers import money_short

    ranked = (summary.get("without_remedies") or summary).get("sensitivity") or {}
    if not ranked.get("largest"):
        return None
    columns = ("", "left"), ("least", "right"), ("most", "right")
    run = " without the levers" if summary.get("without_remedies") else ""
    table = _table(f"USD at risk{run}, one assumption at either end of its range", *columns)
    table.columns[0].max_width = _LONGEST_ASSUMPTION
    for row in ranked["largest"][:ASSUMPTIONS]:
        ends = (row["outcome_low_musd"], row["outcome_high_musd"])
        solved = [value for value in (*ends, ranked["outcome_musd"]) if value is not None]
        failed = " (no equilibrium at one end)" if None in ends else ""
        table.add_row(
            Text(f"{row['parameter']}{failed}", overflow="ellipsis"),
            Text(money_short(min(solved)), style="blue"),
            Text(money_short(max(solved)), style="red"),
        )
    return table
