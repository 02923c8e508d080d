"""The answer in words: what is at risk and where, what is rationed, the price that costs users most, what levers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from derisk.losses import range_words
from derisk.losses.order import by_size
from derisk.study.dearest import RATIONED_END, bill_of, dearest_peak, ends_in_rationing, rationed_goods, rationing
from derisk.study.elasticities import ASSUMED
from derisk.study.peaks import still_rising
from derisk.vocabulary.names import good_label, in_sentence, listed, region_in_sentence, use_label

_FEWEST_DRAWS: Final = 2
"""With fewer draws no range is told."""


def answer_words(summary: dict[str, Any]) -> str:
    """Up to four sentences from a study's summary; the same numbers as its tables.

    The low estimate of the loss leads, the upper bound follows with its name (equations 9.4 and 9.2 of
    docs/theory/losses.md).

    Args:
        summary: the summary's numbers, `without_remedies` included where there are remedies.
    """
    worst = summary["without_remedies"] or summary
    if worst["value_added_lost_musd"]["p50"] <= 0.0 and not worst["shortfall"]:
        prices = f"the prices of {summary['base_year']}"
        return f"{_span(summary)} nobody runs short: every region gets what it wants at {prices}."
    sentences = (_loss_sentence(summary, worst), *_price_sentences(worst), _lever_sentence(summary, worst))
    return " ".join(sentence for sentence in sentences if sentence)


def _span(summary: dict[str, Any]) -> str:
    months = summary["months"]
    return "In one month" if months == 1 else f"Over {_count(months)} months"


def _loss_sentence(summary: dict[str, Any], worst: dict[str, Any]) -> str:
    """What the tonnes given up are worth, and the value added that stops with them at most."""
    lost, worth = worst["value_added_lost_musd"], worst["forgone_value_musd"]["p50"]
    bound = (
        f"up to {usd(lost['p50'])} of value added{_range(lost, worst['converged_draws'])} is at risk for want of them"
    )
    text = f"{_span(summary)} users go without tonnes worth {usd(worth)}; if they find no way round, {bound}"
    if worst["by_region"] and worst["by_use"]:
        region = min(worst["by_region"], key=lambda row: by_size(row["value_added_lost_musd"], row["region"]))
        use = min(worst["by_use"], key=lambda row: by_size(row["value_added_lost_musd"], row["use"]))
        text += f", most of all in {region_in_sentence(region['region'])} and in {in_sentence(use_label(use['use']))}"
    return f"{text}."


def _price_sentences(worst: dict[str, Any]) -> list[str]:
    """The goods that are rationed, and of the others the price that costs users most."""
    return [f"{text[:1].upper()}{text[1:]}." for text in (_rationed_words(worst), _dearest_words(worst)) if text]


def _dearest_words(worst: dict[str, Any]) -> str:
    """The good for which users pay most above base prices, that bill, and its price where most of it is short."""
    rise = dearest_peak(worst)
    if rise is None:
        return ""
    good, region = in_sentence(good_label(rise["good"])), region_in_sentence(rise["region"])
    rising = ", still rising at the end" if still_rising(rise, worst) else ""
    bill = bill_of(rise["good"], worst)
    others = "of the other goods, " if rationed_goods(worst) else ""
    costs = f"{others}dearer {good} costs users most, {usd(bill)} above base prices: " if bill > 0.0 else ""
    price = "the price" if costs else f"the price of {good}"
    reached = f"{price} reaches {_two_figures(rise['p50'])} times its base{rising}"
    return f"{costs}in {region} {reached}{_price_range(rise, worst)}"


def _rationed_words(worst: dict[str, Any]) -> str:
    """The goods that no price brings more of, and how much of the first is missing where most is; empty without any."""
    rationed = rationed_goods(worst)
    if not rationed:
        return ""
    goods = [in_sentence(good_label(good)) for good in rationed]
    text = f"{listed(goods, most=3)} must be rationed"
    short = rationing(rationed[0], worst)
    if short is None:
        return text
    missing = f"{_percent(short['shortfall_share'])} of the {goods[0]} they want{_share_range(short, worst)}"
    return f"{text}: whatever they pay, users in {region_in_sentence(short['region'])} go without {missing}"


def _lever_sentence(summary: dict[str, Any], worst: dict[str, Any]) -> str:
    """What the levers bring the upper bound to, the number printed beside it; empty where there are none."""
    if not summary["without_remedies"]:
        return ""
    lost = summary["value_added_lost_musd"]
    then, now = worst["value_added_lost_musd"]["p50"], lost["p50"]
    if abs(now - then) <= 0.0005 * then:
        return "The levers leave the value added at risk as it is."
    verb = "bring the value added at risk down" if now < then else "raise the value added at risk"
    return f"The levers {verb} to {usd(now)}{_range(lost, summary['converged_draws'], _range_again)}."


def _price_range(peak: dict[str, Any], summary: dict[str, Any]) -> str:
    """The range of a price over draws, and that it rests on an elasticity that nobody measured, in brackets."""
    parts, draws = [], summary["converged_draws"]
    if draws >= _FEWEST_DRAWS and (low := _two_figures(peak["p05"])) != (high := _two_figures(peak["p95"])):
        end = f"times to {RATIONED_END}" if ends_in_rationing(peak, draws) else f"to {high} times"
        parts.append(f"{_range_again(draws)}: {low} {end}")
    stated = {row["good"]: row["status"] for row in summary.get("demand_elasticities") or []}
    if stated.get(peak["good"]) in ASSUMED:
        parts.append("how far its users cut back is assumed")
    return f" ({'; '.join(parts)})" if parts else ""


def _share_range(short: Mapping[str, Any], summary: Mapping[str, Any]) -> str:
    """The range over draws of a share that is missing, in brackets."""
    draws, low, high = summary["converged_draws"], short["shortfall_share_p05"], short["shortfall_share_p95"]
    if draws < _FEWEST_DRAWS or _percent(low) == _percent(high):
        return ""
    return f" ({_range_again(draws)}: {_percent(low)} to {_percent(high)})"


def _percent(share: float) -> str:
    """A share with two significant figures: 8.4 %, 43 %."""
    return f"{_two_figures(100.0 * share)} %"


def usd(value_musd: float) -> str:
    """Million USD in words with three significant figures."""
    size = abs(value_musd)
    for unit, scale in (("trillion", 1e6), ("billion", 1e3), ("million", 1.0)):
        if size >= 0.9995 * scale:
            return f"USD {_figures(value_musd / scale)} {unit}"
    return f"USD {_figures(value_musd)} million" if size >= 0.01 else "less than USD 10,000"


def _two_figures(ratio: float) -> str:
    """A ratio with two significant figures as the brief prints it, never in exponents: 2.0, 26, 1,000."""
    rounded = float(f"{ratio:.2g}")
    return f"{rounded:,.{1 if rounded < 10.0 else 0}f}"


def _figures(value: float) -> str:
    decimals = 0 if abs(value) >= 99.95 else 1 if abs(value) >= 9.995 else 2
    return f"{value:.{decimals}f}"


def _range(lost: dict[str, float], draws: int, words: Callable[[int], str] = range_words) -> str:
    if draws < _FEWEST_DRAWS or lost["p95"] <= lost["p05"]:
        return ""
    return f" ({words(draws)}: {usd(lost['p05'])} to {usd(lost['p95'])})"


def _range_again(draws: int) -> str:
    """What a range is, where the sentence has said of how many draws."""
    return range_words(draws).removesuffix(f" of {draws} draws")


def _count(number: int) -> str:
    words = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
    return words[number] if number < len(words) else str(number)
