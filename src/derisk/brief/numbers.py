"""Numbers of a brief: a value, its printed form and the lineage it came from."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
MINUS: Final = "\N{MINUS SIGN}"
TIMES: Final = "\N{MULTIPLICATION SIGN}"
MISSING: Final = "not known"
SMALLEST_CHANGE_SHARE: Final = 0.001
"""Changes below a tenth of a per cent print as none."""


@dataclass(frozen=True, slots=True)
class Number:
    """One printed figure. In a template it prints as `<data>`, in a drawing as `<text>`."""

    value: float
    text: str
    lineage: str
    """Id of its entry in the ledger, such as `L12`."""
    note: str = ""
    """Its lineage in words, shown when the pointer rests on the figure."""

    def __html__(self) -> Markup:
        shown = f"{self.value:.6g}" if math.isfinite(self.value) else ""
        frame = Markup('<data value="{}" data-lineage="{}" title="{}">{}</data>')
        return frame.format(shown, self.lineage, self.note, self.text)

    def __str__(self) -> str:
        return self.text


def tagged(text: object, lineage: str) -> Markup:
    """Words with digits in them (names, dates, questions) under the lineage they came from."""
    return Markup('<span data-lineage="{}">{}</span>').format(lineage, str(text))


def significant(value: float, digits: int = 3) -> str:
    """A value at so many significant digits, thousands apart, no exponent: 12,300 or 0.0457."""
    if not math.isfinite(value):
        return MISSING
    if value == 0.0:
        return "0"
    decimals = digits - 1 - math.floor(math.log10(abs(value)))
    rounded = round(value, decimals)
    if rounded != 0.0:
        decimals = digits - 1 - math.floor(math.log10(abs(rounded)))
    text = f"{abs(rounded):,.{max(decimals, 0)}f}"
    return (MINUS if rounded < 0 else "") + text


def money(value_musd: float) -> str:
    """Million USD in words: USD 12.3 billion."""
    if not math.isfinite(value_musd):
        return MISSING
    if abs(value_musd) < 5e-4:
        return f"USD{NO_BREAK}0"
    sign = MINUS if value_musd < 0 else ""
    for size, word in ((1e6, "trillion"), (1e3, "billion"), (1.0, "million")):
        if abs(value_musd) >= size * 0.9995:
            return f"{sign}USD{NO_BREAK}{significant(abs(value_musd) / size)}{NO_BREAK}{word}"
    return f"{sign}USD{NO_BREAK}{significant(abs(value_musd) * 1e3)}{NO_BREAK}thousand"


def money_short(value_musd: float) -> str:
    """Million USD for the narrow columns of a figure: 12.3 bn."""
    words = money(value_musd).replace(f"USD{NO_BREAK}", "")
    for word, short in (("trillion", "tn"), ("billion", "bn"), ("million", "m"), ("thousand", "k")):
        words = words.replace(word, short)
    return words


def tonnes(value_t: float) -> str:
    """Tonnes at three significant digits; millions in words."""
    if not math.isfinite(value_t):
        return MISSING
    if 0.0 < abs(value_t) < 0.9995:
        return f"{significant(value_t * 1e3)}{NO_BREAK}kg"
    if abs(value_t) >= 999_500:
        return f"{significant(value_t / 1e6)}{NO_BREAK}million{NO_BREAK}t"
    return f"{significant(value_t)}{NO_BREAK}t"


def percent(value_share: float) -> str:
    """A share as per cent at two significant digits: 12 %."""
    if not math.isfinite(value_share):
        return MISSING
    if 0.0 < abs(value_share) < 5e-4:
        return f"<{NO_BREAK}0.1{NO_BREAK}%"
    return f"{significant(value_share * 100.0, 2)}{NO_BREAK}%"


def ratio(value_ratio: float) -> str:
    """A ratio to the base year at two significant digits: x 3.0."""
    if not math.isfinite(value_ratio):
        return MISSING
    return f"{TIMES}{NO_BREAK}{significant(value_ratio, 2)}"


def times(value_ratio: float) -> str:
    """A ratio to the base year inside a sentence: 3.0 times."""
    return f"{significant(value_ratio, 2)}{NO_BREAK}times"


def price(value_usd_per_t: float) -> str:
    """A price in the unit its trade quotes: USD per kg from 10,000 a tonne on, else USD per tonne."""
    if not math.isfinite(value_usd_per_t):
        return MISSING
    if abs(value_usd_per_t) >= 10_000:
        return f"USD{NO_BREAK}{significant(value_usd_per_t / 1e3)}/kg"
    return f"USD{NO_BREAK}{significant(value_usd_per_t)}/t"


def percent_tenth(value_share: float) -> str:
    """A share with one decimal, for columns of shares: 44.0 %."""
    if not math.isfinite(value_share):
        return MISSING
    return f"{value_share * 100.0:.1f}{NO_BREAK}%"


def percent_change(value_share: float) -> str:
    """A change as per cent, with its sign: +3.4 % or -12 %; one too small to print is none."""
    if math.isfinite(value_share) and abs(value_share) < SMALLEST_CHANGE_SHARE:
        return percent(0.0)
    return f"+{percent(value_share)}" if value_share > 0.0 and math.isfinite(value_share) else percent(value_share)


def percent_round(value_share: float) -> str:
    """A share in whole per cent, for labels where room is short."""
    if not math.isfinite(value_share):
        return MISSING
    if 0.0 < abs(value_share) < 0.005:
        return f"<{NO_BREAK}1{NO_BREAK}%"
    return f"{significant(round(value_share, 2) * 100.0, 6).split('.')[0]}{NO_BREAK}%"


def unbroken(text: str) -> str:
    """Words in which no line ends between a number and its unit."""
    text = re.sub(r"\b(\d+) to (\d+) %", rf"\1{NO_BREAK}to{NO_BREAK}\2{NO_BREAK}%", text)
    text = re.sub(r"(?<=\d) (?=(?:%|billion|million|trillion|times)(?!\w))", NO_BREAK, text)
    return re.sub(r"(?<=\bUSD) (?=\d)", NO_BREAK, text)


def tick(text: str) -> str:
    """The printed form of a round value on an axis, without the zeros that precision asks for: 2.50 bn as 2.5 bn."""
    return re.sub(r"(\d)\.(\d*?)0+(?!\d)", lambda match: match[1] + (f".{match[2]}" if match[2] else ""), text)


def count(value: float) -> str:
    """A whole number with thousands apart."""
    return f"{value:,.0f}"
