"""Lineage: every digit a reader sees has an entry that says where it comes from."""

from __future__ import annotations

import json
import re

import pytest
from made_dataset import CONTEXT, MadeDataset
from make_study import make_study

from derisk.brief import numbers_without_lineage, render_brief

LEDGER = '<script type="application/json" id="lineage">{"L1": {"table": "losses"}}</script>'


def test_every_number_of_the_brief_has_lineage(brief):
    assert numbers_without_lineage(brief) == []


@pytest.mark.parametrize("months", [1, 12])
def test_also_without_levers_dataset_and_context(months):
    assert numbers_without_lineage(render_brief(make_study(draws=2, months=months, with_remedies=False))) == []


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ("<p>12 tonnes</p>", ["12 tonnes"]),
        ('<p data-lineage="L1">12 tonnes</p>', []),
        ('<p data-lineage="L1">of <b>12</b></p> <p>13</p>', ["13"]),
        ('<p data-lineage="L9">12</p>', ["unknown lineage id 'L9'", "12"]),
        ("<p>CO2 and the G7</p>", []),
        ("<p>&#49;</p>", ["1"]),
        ('<svg><text data-lineage="L1">1</text><text>2</text></svg>', ["2"]),
        ('<p data-lineage="L1">a<br>b</p><p>7</p>', ["7"]),
        ("<style>p { margin: 3px }</style><p>none</p>", []),
    ],
)
def test_check_finds_what_is_missing(body, faults):
    assert numbers_without_lineage(f"<html><body>{body}{LEDGER}</body></html>") == faults


def test_check_without_a_ledger_trusts_nothing():
    assert numbers_without_lineage('<p data-lineage="L1">12</p>') == ["unknown lineage id 'L1'", "12"]


def test_every_entry_names_its_place(brief):
    ledger = json.loads(re.search(r'id="lineage">(.*?)</script>', brief, re.S)[1])
    places = {"table", "summary", "manifest", "scenario", "row_ids", "source", "context", "document", "axis"}
    assert len(ledger) > 100
    assert all(places & set(entry) for entry in ledger.values())


def test_every_entry_stands_in_the_appendix(brief):
    ledger = json.loads(re.search(r'id="lineage">(.*?)</script>', brief, re.S)[1])
    appendix = brief[brief.index('id="h-lineage"') :]
    ranges = re.findall(r'<tr id="(L\d+)"[^>]*><th scope="row">L\d+\.1(?: to (\d+))?<', appendix)
    printed = {f"{group}.{n}" for group, last in ranges for n in range(1, int(last or 1) + 1)}
    assert printed == set(ledger)


def test_resting_on_a_figure_shows_its_mark_and_entry(brief):
    assert re.search(r'<data value="[^"]*" data-lineage="(L[\d.]+)" title="\1: summary; ', brief)
    assert re.search(r'<text [^>]*data-lineage="(L[\d.]+)"[^>]*><title>\1: table without_remedies/use; ', brief)


def test_long_lists_of_rows_stay_in_the_json():
    context = CONTEXT | {
        "coalition_gdp_share": {
            "share": 0.6,
            "row_ids": [f"row-{i}" for i in range(40)],
            "ask": "derisk data table gdp",
        }
    }
    html = render_brief(make_study(draws=2, months=1), dataset=MadeDataset(), context=context)
    assert html.count("row-39") == 1
    assert "40 rows" in html
    assert "<code>derisk data table gdp</code>" in html


def test_printed_value_is_the_summary_s(study, brief):
    ledger = json.loads(re.search(r'id="lineage">(.*?)</script>', brief, re.S)[1])
    for value, mark in re.findall(r'<data value="([^"]*)" data-lineage="([^"]*)"', brief):
        if ledger[mark].get("summary") == "value_added_lost_musd.p50":
            assert float(value) == pytest.approx(study.summary["value_added_lost_musd"]["p50"], rel=1e-5)
            break
    else:
        pytest.fail("the median loss is not printed")


def test_shares_of_the_context_carry_their_dataset_rows():
    html = render_brief(make_study(draws=2, months=1), dataset=MadeDataset(), context=CONTEXT)
    ledger = json.loads(re.search(r'id="lineage">(.*?)</script>', html, re.S)[1])
    assert any(entry.get("row_ids") == ["gdp-1"] for entry in ledger.values())
