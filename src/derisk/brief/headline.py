"""Headline: the key numbers under the answer, the low estimate of the loss first, and what the levers save."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, count, money, percent
from derisk.brief.subject import end_words, most_draws
from derisk.losses.tail import FEW_DRAWS

Tell = Callable[[str], Number]
"""Prints one key of a spread: `p05`, `p50`, `p95`, `cvar95`."""

_BOUND = Markup("an upper bound: what stands still if users find no way round")
_STATISTICS = {"p50": "median", "cvar95": "mean of the worst 5 %"}


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One of the large figures: what it is, the figure, and a line of detail."""

    label: str
    number: Number
    detail: Markup


def key_numbers(summary: dict[str, Any], ledger: Ledger, *, failures: str = "") -> list[KeyNumber]:
    """Low estimate and upper bound of the loss, the levers' effect (or the tail), price transfers, months and draws.

    Args:
        summary: the study's summary.
        ledger: takes the lineage of each number.
        failures: why draws reached no equilibrium, in words; empty where all did.
    """
    if not summary["converged_draws"]:
        return [_horizon(summary, ledger, failures)]
    before = summary.get("without_remedies")
    alone, prefix, run = (before, "without_remedies.", ", without the levers") if before else (summary, "", "")
    numbers = [_loss(f"Value added at risk{run}", alone, prefix, ledger)]
    if alone.get("forgone_value_musd"):  # studies of older versions do not state it
        numbers.insert(0, _forgone(f"Tonnes given up are worth{run}", alone, prefix, ledger))
    if before:
        numbers.append(_loss("Value added at risk, with the levers", summary, "", ledger))
    elif summary["converged_draws"] >= FEW_DRAWS:  # of fewer the range says the worst draw
        numbers.append(_tail(summary, ledger))
    transfers = _transfers(run, alone, summary if before else None, prefix, ledger)
    return [*numbers, transfers, _horizon(summary, ledger, failures)]


def saved_words(summary: dict[str, Any], ledger: Ledger) -> Markup:
    """The sentence on what the levers save; empty where the scenario has none.

    It tells the two medians that are printed elsewhere too, and of the saving draw by draw only the range: the median
    of the differences is not the difference of the medians.
    """
    before = summary.get("without_remedies")
    if not before or not before["value_added_lost_musd"]["p50"]:
        return Markup("")
    then, now = before["value_added_lost_musd"]["p50"], summary["value_added_lost_musd"]["p50"]
    tell_then, tell_now = _tell_loss(before, "without_remedies.", ledger), _tell_loss(summary, "", ledger)
    where = {
        "summary": "value_added_lost_musd.p50 and without_remedies.value_added_lost_musd.p50",
        "rule": "their difference over the one without the levers",
    }
    share = ledger.number(abs(now - then) / then, percent, where)
    verb, sign = ("lower", "less") if now <= then else ("raise", "more")
    words = Markup(f"The levers {verb} the value added at risk from {{}} to {{}}, {{}} {sign}").format(
        tell_then("p50"), tell_now("p50"), share
    )
    return words + _paired_range(summary, ledger, less=now <= then) + "."


def _paired_range(summary: Mapping[str, Any], ledger: Ledger, *, less: bool) -> Markup:
    """What the levers save, or add, draw by draw; empty where all draws agree."""
    saved, draws = summary.get("saved_musd") or {}, int(summary["converged_draws"])
    if saved.get("p05") is None or saved["p05"] == saved["p95"]:
        return Markup("")
    rule = "value added at risk without the levers less that with them, draw by draw"
    if not less:
        saved, rule = {"p05": -saved["p95"], "p95": -saved["p05"]}, f"{rule}, its sign turned"
    tell = _tell(saved, {"summary": "saved_musd", "rule": rule}, draws, ledger)
    words = Markup("; in {} they {} between {} and {}")
    return words.format(most_draws(draws), "save" if less else "add", tell("p05"), tell("p95"))


def _tell(spread: Mapping[str, Any], lineage: Mapping[str, Any], draws: int, ledger: Ledger) -> Tell:
    """A printer of a spread's keys, each under its key of the summary and its statistic of so many draws."""

    def tell(key: str) -> Number:
        statistic = _STATISTICS.get(key) or end_words(key, draws)
        own = {"summary": f"{lineage['summary']}.{key}", "statistic": f"{statistic} of the converged draws"}
        return ledger.number(float(spread[key]), money, {**lineage, **own})

    return tell


def _tell_loss(summary: Mapping[str, Any], prefix: str, ledger: Ledger) -> Tell:
    table = f"{'without_remedies/' if prefix else ''}losses"
    rule = f"sum of value_added_lost_musd in the table {table}"
    lineage = {"summary": f"{prefix}value_added_lost_musd", "rule": rule}
    return _tell(summary["value_added_lost_musd"], lineage, int(summary["converged_draws"]), ledger)


def _between(draws: int, tell: Tell) -> Markup:
    """`nine draws in ten between … and …`, of few draws all of them."""
    return Markup("{} between {} and {}").format(most_draws(draws), tell("p05"), tell("p95"))


def _loss(label: str, summary: Mapping[str, Any], prefix: str, ledger: Ledger) -> KeyNumber:
    loss, draws = summary["value_added_lost_musd"], int(summary["converged_draws"])
    tell = _tell_loss(summary, prefix, ledger)
    if draws < 2:
        detail = _BOUND + "; one draw, so no range"
    elif loss["p05"] == loss["p95"]:
        detail = _BOUND + "; the same in all draws"
    else:
        detail = _BOUND + "; " + _between(draws, tell)
    return KeyNumber(label, tell("p50"), detail)


def _forgone(label: str, summary: Mapping[str, Any], prefix: str, ledger: Ledger) -> KeyNumber:
    """The low estimate beside the upper bound."""
    worth, draws = summary["forgone_value_musd"], int(summary["converged_draws"])
    lineage = {"summary": f"{prefix}forgone_value_musd", "rule": "tonnes short at the mean of base and delivered price"}
    tell = _tell(worth, lineage, draws, ledger)
    detail = Markup("a low estimate of the loss")
    if worth["p05"] != worth["p95"]:
        detail += Markup("; ") + _between(draws, tell)
    return KeyNumber(label, tell("p50"), detail)


def _tail(summary: Mapping[str, Any], ledger: Ledger) -> KeyNumber:
    detail = Markup("the same upper bound, mean of the worst twentieth of the draws")
    return KeyNumber("Value added at risk in the worst draws", _tell_loss(summary, "", ledger)("cvar95"), detail)


def _transfers(
    run: str, alone: Mapping[str, Any], after: Mapping[str, Any] | None, prefix: str, ledger: Ledger
) -> KeyNumber:
    """What users pay more, or less, without the levers; with them, where there are any, in the same sense."""
    saves, draws = alone["price_transfer_musd"]["p50"] < 0.0, int(alone["converged_draws"])
    label = f"Paid {'less' if saves else 'more'} by users{run}"
    tell = _tell_transfers(alone, prefix, ledger, saves=saves)
    received = "others receive it, so it is no loss to the world"
    received = "others receive that much less, so it is no gain to the world" if saves else received
    ends = alone["price_transfer_musd"]["p05"] != alone["price_transfer_musd"]["p95"]
    parts = [_between(draws, tell)] if ends else []
    if after is not None:
        parts.append(Markup("with the levers {}").format(_tell_transfers(after, "", ledger, saves=saves)("p50")))
    parts.append(Markup(received if ends or tell("p50").value else "prices stay"))
    return KeyNumber(label, tell("p50"), Markup("; ").join(parts))


def _tell_transfers(summary: Mapping[str, Any], prefix: str, ledger: Ledger, *, saves: bool) -> Tell:
    """A printer of what users pay more, or of what they pay less, its sign turned."""
    value = summary["price_transfer_musd"]
    if saves:
        value = {"p50": -value["p50"], "p05": -value["p95"], "p95": -value["p05"]}
    rule = f"price_transfer_musd of the table losses, users{', its sign turned' if saves else ''}"
    lineage = {"summary": f"{prefix}price_transfer_musd", "rule": rule}
    return _tell(value, lineage, int(summary["converged_draws"]), ledger)


def _horizon(summary: Mapping[str, Any], ledger: Ledger, failures: str) -> KeyNumber:
    months = ledger.number(
        summary["months"], lambda value: f"{count(value)} month{'' if value == 1 else 's'}", {"summary": "months"}
    )
    good = ledger.number(summary["converged_draws"], count, {"summary": "converged_draws"})
    draws = ledger.number(summary["draws"], count, {"summary": "draws"})
    detail = Markup("{} of {} draws reached equilibrium").format(good, draws)
    if failures:
        rule = "reason of the first month without equilibrium, the most frequent of the draws"
        detail += Markup("; {}").format(ledger.words(failures, {"table": "status", "rule": rule}))
    return KeyNumber("Looked at", months, detail)
