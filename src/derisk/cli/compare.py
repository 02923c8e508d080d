"""`derisk compare`: the answers of finished studies side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich import box
from rich.table import Table
from rich.text import Text

from derisk.cli.json_output import print_json
from derisk.cli.page import page
from derisk.errors import InputError, Problem

if TYPE_CHECKING:
    from derisk.study import Study
    from derisk.study.comparison import Compared, Comparison, Spread

_MONEY_WORDS = {
    "forgone_value_musd": "Tonnes given up are worth",
    "value_added_lost_musd": "Value added at risk, at most",
    "price_transfer_musd": "Users pay more",
}


def compare(studies: Sequence[str], *, region: str | None, as_json: bool) -> None:
    """Print studies side by side, in the world or in one country."""
    from derisk.study import Study
    from derisk.study.comparison import compare_studies

    opened = [Study.open(study) for study in studies]
    place = None if region is None else _region(region, opened)
    comparison = compare_studies(opened, region=place)
    if as_json:
        print_json(_document(comparison, region=place))
    else:
        _print(comparison, region=place)


def _region(word: str, studies: Sequence[Study]) -> str:
    """The studies' region in which a country lies.

    Raises:
        InputError: no such country, or one that is a region of some of the studies and not of others.
    """
    from derisk.exposure import country_named
    from derisk.exposure.assess import region_of

    country = country_named(word, where="--region")
    found = {region_of(country, set(study.prices["region"].cat.categories)) for study in studies}
    if len(found) > 1:
        what, hint = f"{country} lies in other regions of the one study than of the other", "leave --region out"
        raise InputError(Problem(what, "--region", "a country that all studies know alike", hint))
    return found.pop()


def _document(comparison: Comparison, *, region: str | None) -> dict[str, Any]:
    rows = []
    for study in comparison.studies:
        effects = [{"good": good, "region": place, **asdict(effect)} for (good, place), effect in study.effects.items()]
        rows.append(
            {
                "study": study.study,
                "scenario": study.scenario,
                **study.money_musd,
                "change_musd": study.change_musd,
                "effects": effects,
            }
        )
    return {"region": region, "draws": comparison.draws, "apart": comparison.apart, "studies": rows}


def _print(comparison: Comparison, *, region: str | None) -> None:
    from derisk.losses import range_words
    from derisk.vocabulary.names import good_label, region_label

    console = page()
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    table.add_column("the world" if region is None else region_label(region), style="dim")
    for name in _names(comparison.studies):
        table.add_column(name, overflow="fold")
    for word, label in _MONEY_WORDS.items():
        table.add_row(label, *(_money(study.money_musd[word]) for study in comparison.studies))
    if not comparison.apart and len(comparison.studies) > 1:
        table.add_row("More at risk than in the first", *(_change(study.change_musd) for study in comparison.studies))
    table.add_section()
    for place in comparison.places:
        label = good_label(place[0]) + ("" if region else f", {region_label(place[1])}")
        table.add_row(label, *(_effect(study, place) for study in comparison.studies))
    console.print(table)
    for sentence in _notes(comparison, range_words(comparison.draws)):
        console.print(Text(sentence, style="dim"))


def _names(studies: Sequence[Compared]) -> list[str]:
    """Scenarios in words; with their folder where two are called alike."""
    from derisk.vocabulary.names import scenario_label

    names = [study.scenario for study in studies]
    return [
        scenario_label(study.scenario) + (f" ({study.study})" if names.count(study.scenario) > 1 else "")
        for study in studies
    ]


def _notes(comparison: Comparison, range_words: str) -> list[str]:
    goods = (
        "Goods: the highest monthly delivered price over the base year's and its month, then what share of what users "
        "want is missing over all months. A good without an entry is not reached: it stays at its base. A scenario "
        "with levers is told with them."
    )
    if comparison.apart:
        return [f"Each study over its own draws, and no change draw by draw: {comparison.apart}.", goods]
    draws = "the one draw" if comparison.draws == 1 else f"the {comparison.draws} draws"
    return [
        f"Medians over {draws} that all of them have, in brackets {range_words}; the change is draw by draw.",
        goods,
    ]


def _money(spread: Spread) -> str:
    from derisk.brief.numbers import money, money_short

    return money(spread["p50"]) + _ends(spread, money_short)


def _change(spread: Spread | None) -> str:
    return "" if spread is None else _money(spread)


def _ends(spread: Spread, words: Callable[[float], str]) -> str:
    """The range on a line of its own; nothing where its two ends are one."""
    return f"\n({words(spread['p05'])} to {words(spread['p95'])})" if spread["p05"] < spread["p95"] else ""


def _effect(study: Compared, place: tuple[str, str]) -> str:
    from derisk.brief.numbers import percent, ratio
    from derisk.vocabulary.names import month_label

    effect = study.effects.get(place)
    if effect is None:
        return ""
    price = effect.peak_price_ratio
    short = f", {percent(effect.short_share)} short" if effect.short_share > 0.0 else ""
    return f"{ratio(price['p50'])} {month_label(effect.peak_month)}{short}{_ends(price, ratio)}"
