"""Headline: the four key numbers under the answer, and the sentences that lead the sections."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from derisk.brief.ledger import Ledger
from derisk.brief.numbers import Number, count, money, percent

FEW_DRAWS = 20
"""With fewer draws the worst twentieth is the worst draw."""


@dataclass(frozen=True, slots=True)
class KeyNumber:
    """One of the large figures: what it is, the figure, and a line of detail."""

    label: str
    number: Number
    detail: Markup


def key_numbers(summary: dict[str, Any], ledger: Ledger) -> list[KeyNumber]:
    """Value added at risk, the levers' effect (or the tail), price transfers, months and draws."""
    if not summary["converged_draws"]:
        return [_horizon(summary, ledger)]
    before = summary.get("without_remedies")
    first = (
        _loss("Value added at risk", before, "without_remedies.", ledger)
        if before
        else _loss("Value added at risk", summary, "", ledger)
    )
    numbers = [first]
    if before:
        numbers.append(_loss("With the levers", summary, "", ledger))
    elif summary["converged_draws"] > 1:
        numbers.append(_tail(summary, ledger))
    return [*numbers, _transfers(summary, ledger), _horizon(summary, ledger)]


def saved_share(summary: dict[str, Any], ledger: Ledger) -> Markup:
    """The sentence on what the levers save; empty where the scenario has none."""
    before = summary.get("without_remedies")
    if not before or not before["value_added_lost_musd"]["p50"]:
        return Markup("")
    then, now = before["value_added_lost_musd"]["p50"], summary["value_added_lost_musd"]["p50"]
    where = {"summary": "value_added_lost_musd.p50 and without_remedies.value_added_lost_musd.p50"}
    verb, difference, rule = (
        ("save", then - now, "before less after") if now <= then else ("cost", now - then, "after less before")
    )
    money_words = ledger.number(difference, money, {**where, "rule": rule})
    share = ledger.number(difference / then, percent, {**where, "rule": f"{rule}, over before"})
    return Markup("The levers {} {} of value added, {} of what is at risk.").format(verb, money_words, share)


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
        detail = Markup("one draw, so no range")
    elif loss["p05"] == loss["p95"]:
        detail = Markup("the same in all draws")
    else:
        detail = Markup("nine draws in ten between {} and {}").format(
            number("p05", "5 % quantile"), number("p95", "95 % quantile")
        )
    return KeyNumber(label, number("p50", "median"), detail)


def _tail(summary: dict[str, Any], ledger: Ledger) -> KeyNumber:
    lineage = {
        "summary": "value_added_lost_musd.cvar95",
        "rule": "sum of value_added_lost_musd in the table losses",
        "statistic": "mean of the worst 5 % of the converged draws",
    }
    number = ledger.number(summary["value_added_lost_musd"]["cvar95"], money, lineage)
    if summary["converged_draws"] < FEW_DRAWS:
        return KeyNumber("In the worst draw", number, Markup("the highest of a few draws"))
    return KeyNumber("In the worst draws", number, Markup("mean of the worst twentieth of the draws"))


def _transfers(summary: dict[str, Any], ledger: Ledger) -> KeyNumber:
    value = summary["price_transfer_musd"]

    def number(key: str, statistic: str) -> Number:
        lineage = {
            "summary": f"price_transfer_musd.{key}",
            "rule": "price_transfer_musd of the table losses, users",
            "statistic": f"{statistic} of the converged draws",
        }
        return ledger.number(value[key], money, lineage)

    if "p05" not in value or "p95" not in value or value["p05"] == value["p95"]:
        words = Markup("others receive it, so it is no loss to the world") if value["p50"] else Markup("prices stay")
        return KeyNumber("Paid more by users", number("p50", "median"), words)
    detail = Markup("{} to {}; others receive it, so it is no loss to the world")
    return KeyNumber(
        "Paid more by users",
        number("p50", "median"),
        detail.format(number("p05", "5 % quantile"), number("p95", "95 % quantile")),
    )


def _horizon(summary: dict[str, Any], ledger: Ledger) -> KeyNumber:
    months = ledger.number(
        summary["months"], lambda value: f"{count(value)} month{'' if value == 1 else 's'}", {"summary": "months"}
    )
    good = ledger.number(summary["converged_draws"], count, {"summary": "converged_draws"})
    draws = ledger.number(summary["draws"], count, {"summary": "draws"})
    return KeyNumber("Looked at", months, Markup("{} of {} draws reached equilibrium").format(good, draws))
