"""Can every word of a case's picture be read: inside the drawing, and none over another?"""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from derisk.backtest.cases import Case, load_cases
from derisk.backtest.estimates import load_estimates
from derisk.backtest.figure import draw_case
from derisk.backtest.metrics import Course
from derisk.backtest.run import FROM_TEXT, CaseResult, prepare
from derisk.backtest.scores import Forecast
from derisk.drawing.canvas import WIDTH, text_width

CASES = {case.name: case for case in load_cases()}
DRAWS = 20


def drawn(case: Case) -> ElementTree.Element:
    """The picture of a case whose every curve goes from one to about what was observed."""
    rng = np.random.default_rng(len(case.name))
    scenario = prepare(case, [], mode=FROM_TEXT)
    months = list(scenario.month_labels())
    rise = np.clip((np.arange(len(months)) - 2.0) / 3.0, 0.0, 1.0)
    courses, forecasts = [], []
    for observation in case.observations:
        top = np.log(max(observation.observed, 0.05))
        table = np.exp(top * rise[None, :] * rng.lognormal(0.0, 0.3, (DRAWS, 1)))
        courses.append(Course(pd.DataFrame(table, columns=months), pd.Series(np.ones(DRAWS))))
        numbers = (observation.observed, 1.0, 0.5, 2.0, 0.6, 1.5, 1.0, 1.0)
        told = (case.name, observation.metric, FROM_TEXT, months[-1])
        forecasts.append(Forecast(*told, *numbers, of_tonnes=observation.reading.of_tonnes, scored=True))
    error = load_estimates().model_error
    result = CaseResult(case, scenario, tuple(forecasts), tuple(courses), DRAWS, DRAWS, "", None, error)
    return ElementTree.fromstring(draw_case(result))


def boxes(picture: ElementTree.Element) -> dict[str, tuple[float, float, float, float]]:
    """Left, right, top and bottom of each text."""
    found = {}
    for number, text in enumerate(picture.iter("{http://www.w3.org/2000/svg}text")):
        size = float(text.get("font-size", 12.0))
        width = text_width(text.text or "", size=size)
        at, base = float(text.get("x", 0.0)), float(text.get("y", 0.0))
        left = {"start": at, "middle": at - width / 2.0, "end": at - width}[text.get("text-anchor", "start")]
        found[f"{number} {text.text}"] = (left, left + width, base - 0.75 * size, base + 0.2 * size)
    return found


@pytest.mark.parametrize("name", CASES)
def test_words_stand_inside_and_apart(name: str) -> None:
    found = boxes(drawn(CASES[name]))
    assert [word for word, (left, right, *_) in found.items() if left < 0.0 or right > WIDTH] == []
    over = [
        (one, two)
        for (one, a), (two, b) in combinations(found.items(), 2)
        if a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]
    ]
    assert over == []


def test_months_between_the_ends_are_named_and_goods_of_one_material_too() -> None:
    texts = [element.text or "" for element in drawn(CASES["BT1"]).iter("{http://www.w3.org/2000/svg}text")]
    assert {"Jan 2010", "Jul 2010", "Jan 2011", "Jun 2011"} <= set(texts)
    assert any(text.startswith("Rare earths, 6 goods: imports of Japan from China") for text in texts)
