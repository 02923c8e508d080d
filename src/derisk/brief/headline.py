"""Headline: the four key numbers under the answer, and the sentences that lead the sections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, count, money, percent
from derisk.brief.subject import end_words, most_draws
from derisk.losses.tail import FEW_DRAWS


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One of the large figures: what it is, the figure, and a line of detail."""

    label: str
    number: Number
    detail: Markup


def key_numbers(summary: dict[str, Any], ledger: Ledger, *, failures: str = "") -> list[KeyNumber]:
    """Value added at risk, the levers' effect (or the tail), price transfers, months and draws.

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
    if before:
        numbers.append(_loss("Value added at risk, with the levers", summary, "", ledger))
    elif summary["converged_draws"] >= FEW_DRAWS:  # of fewer the range says the worst draw
        numbers.append(_tail(summary, ledger))
    if forgone := _forgone(f"Tonnes given up are worth{run}", alone, prefix, ledger):
        numbers.append(forgone)
    after = _after(summary, ledger) if before else Markup("")
    transfers = _transfers(f"Paid more by users{run}", alone, prefix, ledger, after=after)
    return [*numbers, transfers, _horizon(summary, ledger, failures)]


def saved_share(summary: dict[str, Any], ledger: Ledger) -> Markup:
    """The sentence on what the levers save; empty where the scenario has none."""
    before = summary.get("without_remedies")
    if not before or not before["value_added_lost_musd"]["p50"]:
        return Markup("")
    then, now = before["value_added_lost_musd"]["p50"], summary["value_added_lost_musd"]["p50"]
    paired = summary.get("saved_musd")
    if paired and paired.get("p50") is not None:
        return _paired_saving(paired, then, int(summary["converged_draws"]), ledger)
    where = {"summary": "value_added_lost_musd.p50 and without_remedies.value_added_lost_musd.p50"}
    verb, difference, rule = (
        ("take {} off", then - now, "before less after")
        if now <= then
        else ("add {} to", now - then, "after less before")
    )
    money_words = ledger.number(difference, money, {**where, "rule": rule})
    share = ledger.number(difference / then, percent, {**where, "rule": f"{rule}, over before"})
    return Markup(f"The levers {verb} the value added at risk, or {{}} of it.").format(money_words, share)


def _paired_saving(saved: dict[str, Any], then: float, draws: int, ledger: Ledger) -> Markup:
    """The sentence on the saving taken draw by draw, with its range."""

    def number(key: str, statistic: str) -> Number:
        lineage = {
            "summary": f"saved_musd.{key}",
            "rule": "value added at risk without the levers less that with them, draw by draw",
            "statistic": f"{statistic} of the converged draws",
        }
        return ledger.number(sign * saved[key], money, lineage)

    middle = float(saved["p50"])
    sign = 1.0 if middle >= 0.0 else -1.0
    verb = "take {} off" if middle >= 0.0 else "add {} to"
    where = {
        "summary": "saved_musd.p50 and without_remedies.value_added_lost_musd.p50",
        "rule": "the one over the other",
    }
    share = ledger.number(abs(middle) / then, percent, where)
    words = Markup(f"The levers {verb} the value added at risk, or {{}} of it").format(number("p50", "median"), share)
    if saved.get("p05") is None or saved["p05"] == saved["p95"]:
        return words + "."
    low, high = ("p05", "p95") if middle >= 0.0 else ("p95", "p05")
    ends = number(low, end_words(low, draws)), number(high, end_words(high, draws))
    told = Markup("; in {} between {} and {}.").format(most_draws(draws), *ends)
    return words + told + " It is taken draw by draw, so it is not quite the difference of the two medians."


def _between(draws: int, number: Callable[[str, str], Number]) -> Markup:
    """`nine draws in ten between … and …`, of few draws all of them; `number` prints a key of a spread."""
    ends = number("p05", end_words("p05", draws)), number("p95", end_words("p95", draws))
    return Markup("{} between {} and {}").format(most_draws(draws), *ends)


def _loss(label: str, summary: dict[str, Any], prefix: str, ledger: Ledger) -> KeyNumber:
    loss = summary["value_added_lost_musd"]

    def number(key: str, statistic: str) -> Number:
        lineage = {
            "summary": f"{prefix}value_added_lost_musd.{key}",
            "rule": f"sum of value_added_lost_musd in the table {'without_remedies/' if prefix else ''}losses",
            "statistic": f"{statistic} of the converged draws",
        }
        return ledger.number(loss[key], money, lineage)

    if summary["converged_draws"] < 2:
        detail = Markup("an upper bound; one draw, so no range")
    elif loss["p05"] == loss["p95"]:
        detail = Markup("an upper bound; the same in all draws")
    else:
        detail = Markup("an upper bound; ") + _between(summary["converged_draws"], number)
    return KeyNumber(label, number("p50", "median"), detail)


def _forgone(label: str, summary: dict[str, Any], prefix: str, ledger: Ledger) -> KeyNumber | None:
    """The low estimate beside the upper bound; None where the study does not state it."""
    worth = summary.get("forgone_value_musd")
    if not worth:
        return None

    def number(key: str, statistic: str) -> Number:
        lineage = {
            "summary": f"{prefix}forgone_value_musd.{key}",
            "rule": "tonnes short at the mean of base and delivered price",
            "statistic": f"{statistic} of the converged draws",
        }
        return ledger.number(worth[key], money, lineage)

    detail = Markup("a low estimate of the loss")
    if worth["p05"] != worth["p95"]:
        detail += Markup("; ") + _between(summary["converged_draws"], number)
    return KeyNumber(label, number("p50", "median"), detail)


def _after(summary: dict[str, Any], ledger: Ledger) -> Markup:
    """The transfer with the levers, said beside the one without them."""
    lineage = {
        "summary": "price_transfer_musd.p50",
        "rule": "price_transfer_musd of the table losses, users",
        "statistic": "median of the converged draws",
    }
    return Markup("with the levers {}; ").format(ledger.number(summary["price_transfer_musd"]["p50"], money, lineage))


def _tail(summary: dict[str, Any], ledger: Ledger) -> KeyNumber:
    lineage = {
        "summary": "value_added_lost_musd.cvar95",
        "rule": "sum of value_added_lost_musd in the table losses",
        "statistic": "mean of the worst 5 % of the converged draws",
    }
    number = ledger.number(summary["value_added_lost_musd"]["cvar95"], money, lineage)
    return KeyNumber(
        "Value added at risk in the worst draws", number, Markup("mean of the worst twentieth of the draws")
    )


def _transfers(label: str, summary: dict[str, Any], prefix: str, ledger: Ledger, *, after: Markup) -> KeyNumber:
    value = summary["price_transfer_musd"]
    if saves := value["p50"] < 0.0:
        label = label.replace("Paid more", "Paid less")
        value = {"p50": -value["p50"], "p05": -value["p95"], "p95": -value["p05"]}

    def number(key: str, statistic: str) -> Number:
        lineage = {
            "summary": f"{prefix}price_transfer_musd.{key}",
            "rule": f"price_transfer_musd of the table losses, users{', its sign turned' if saves else ''}",
            "statistic": f"{statistic} of the converged draws",
        }
        return ledger.number(value[key], money, lineage)

    received = "others receive it, so it is no loss to the world"
    received = "others receive that much less, so it is no gain to the world" if saves else received
    if "p05" not in value or "p95" not in value or value["p05"] == value["p95"]:
        words = Markup(received) if value["p50"] else Markup("prices stay")
        return KeyNumber(label, number("p50", "median"), after + words)
    between = _between(summary["converged_draws"], number)
    detail = between + Markup("; ") + after + received
    return KeyNumber(label, number("p50", "median"), detail)


def _horizon(summary: dict[str, Any], ledger: Ledger, failures: str) -> KeyNumber:
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
