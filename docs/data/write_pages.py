"""Writes the dataset's pages from the dataset: a page per material and per source, the licences, the coverage chart.

python docs/data/write_pages.py
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pandas as pd

from derisk.data import Dataset, load_dataset
from derisk.data.coverage_chart import draw_coverage
from derisk.data.customs import CUSTOMS_CODES
from derisk.data.fields import FIELDS, TABLES
from derisk.data.records import RECORD_TABLES
from derisk.vocabulary.goods import BASES, GOODS, MATERIALS, STAGES, family, members
from derisk.vocabulary.names import region_label, use_label

HERE = Path(__file__).resolve().parent
CHART = HERE.parent / "pictures" / "coverage.svg"
MADE = "<!-- written by docs/data/write_pages.py: edit the dataset, not this page -->"
LARGEST = 6
"""Producers a page lists for each stage."""


def amount(value: float | None, unit: str) -> str:
    """A number as the pages print it, with its unit."""
    if value is None or value != value:
        return "withheld"
    if unit == "share":
        return f"{100 * value:.3g} %"
    text = f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return text if unit == "none" else f"{text} {unit}"


def span(periods: pd.Series) -> str:
    """First and last year of some periods."""
    years = sorted({str(period)[:4] for period in periods})
    return years[0] if len(years) == 1 else f"{years[0]}–{years[-1]}"


def table(head: list[str], lines: list[list[str]]) -> list[str]:
    """A Markdown table."""
    rule = "|" + "---|" * len(head)
    return [
        f"| {' | '.join(head)} |",
        rule,
        *(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines),
        "",
    ]


def material_page(dataset: Dataset, material: str, rows: pd.DataFrame) -> str:
    """What the dataset holds about one material; `rows` are all it has."""
    rows = rows[rows["material"].isin(members(material))]
    parts = [MADE, "", f"# {MATERIALS[material]}", ""]
    groups = [m for m in members(material) if m != material]
    if groups:
        parts += ["Element groups: " + ", ".join(f"[{MATERIALS[m]}]({m}.md)" for m in groups) + ".", ""]
    if family(material) != material:
        parts += [f"A part of [{MATERIALS[family(material)]}]({family(material)}.md).", ""]
    parts += _goods_section(material)
    if rows.empty:
        return "\n".join([*parts, "No figures yet.", ""])
    parts += _contents_section(rows)
    parts += _customs_section(material)
    for stage in STAGES:
        parts += _producers_section(dataset, material, stage)
    parts += _prices_section(dataset, material)
    parts += _disagreement_section(rows)
    parts += _records_section(dataset, material)
    parts += _sources_section(dataset, rows)
    return "\n".join(parts)


def _goods_section(material: str) -> list[str]:
    goods = [g for g in GOODS.values() if g.material in members(material)]
    lines = [[f"`{g.good}`", g.label, g.stage, BASES[g.basis], ", ".join(g.hs_codes) or "–"] for g in goods]
    return ["## Goods", "", *table(["good", "name", "stage", "a tonne is", "customs codes"], lines)]


def _customs_section(material: str) -> list[str]:
    lines = [
        [
            line.hs6,
            f"{line.editions[0]}–{line.editions[-1]}",
            f"`{line.good}`" if line.good else "–",
            line.role + (f" ({', '.join(line.exporters)} alone)" if line.exporters else ""),
            "–" if line.content_share is None else f"{line.content_share:g} ({line.low:g} to {line.high:g})",
            line.also_contains or "–",
            line.rule,
        ]
        for line in CUSTOMS_CODES
        if line.material in members(material)
    ]
    if not lines:
        return []
    head = ["code", "editions", "good", "role", "content", "also holds", "rule"]
    told = "Roles and rules: [trade](../trade.md). Content is tonnes in the good's basis per gross tonne."
    return ["## Customs codes", "", told, "", *table(head, lines)]


def _records_section(dataset: Dataset, material: str) -> list[str]:
    """How many projects, deposits, acts, policies and product lines name the material."""
    parts = []
    for name in RECORD_TABLES:
        records = dataset.records(name)
        column = next((c for c in ("material", "materials") if c in records), None)
        if column is None:
            continue
        named = records[[bool(set(members(material)) & set(str(words).split(";"))) for words in records[column]]]
        if len(named):
            parts.append(f"{len(named)} {name.replace('_', ' ')}")
    if not parts:
        return []
    return ["## Records", "", f"{', '.join(parts)}: `derisk data table NAME --material {material}`.", ""]


def _contents_section(rows: pd.DataFrame) -> list[str]:
    lines = []
    by_table = rows.assign(table=[FIELDS[f].table for f in rows["field"]])
    for name in TABLES:
        part = by_table[by_table["table"] == name]
        if part.empty:
            continue
        standing = Counter(str(s) for s in part["status"]).most_common()
        lines.append(
            [name.replace("_", " "), str(len(part)), span(part["period"]), ", ".join(f"{s} {n}" for s, n in standing)]
        )
    return ["## What is there", "", *table(["table", "rows", "years", "status"], lines)]


def _producers_section(dataset: Dataset, material: str, stage: str) -> list[str]:
    parts: list[str] = []
    goods = [g.good for g in GOODS.values() if g.material == material and g.stage == stage]
    for good in ["", *goods]:
        made = dataset.observations(field="production", material=material, stage=stage, good=good)
        made = made[~made["region"].isin(["OTH", "EUU"])]
        named = made[(made["region"] != "WLD") & made["value"].notna()]
        if named.empty:
            continue
        year = max(named["period"].astype(str))
        latest = named[named["period"].astype(str) == year].sort_values(["value", "region"], ascending=[False, True])
        world = made[(made["region"] == "WLD") & (made["period"].astype(str) == year)]["value"]
        title = GOODS[good].label if good else MATERIALS[material]
        total = (
            f", world {amount(float(world.iloc[0]), 't/year')}" if len(world) and world.iloc[0] == world.iloc[0] else ""
        )
        lines = [
            [region_label(str(r.region)), amount(r.value, str(r.unit)), str(r.status), f"`{r.source}`", str(r.locator)]
            for r in latest.head(LARGEST).itertuples()
        ]
        parts += [
            f"## {title}: {stage}, {year}{total}",
            "",
            *table(["country", "made", "status", "source", "where"], lines),
        ]
    return parts


def _prices_section(dataset: Dataset, material: str) -> list[str]:
    prices = dataset.observations(field="price", material=material)
    prices = prices[(prices["region"] == "WLD") & prices["period"].astype(str).str.fullmatch(r"\d{4}")]
    if prices.empty:
        return []
    lines = []
    for good, part in prices.groupby(prices["good"].astype(str), sort=False):
        newest = part.sort_values("period").iloc[-1]
        first = str(part["period"].astype(str).min())
        lines.append(
            [
                f"`{good}`",
                f"{newest['value']:,.0f} USD/t {newest['basis']}".replace("_", " "),
                str(newest["period"]),
                first,
                f"`{newest['source']}`",
            ]
        )
    return ["## Prices", "", *table(["good", "newest", "year", "since", "source"], lines)]


def _disagreement_section(rows: pd.DataFrame) -> list[str]:
    wide = rows[
        rows["chosen"].astype(bool) & (rows["range_from"].astype(str) != "") & (rows["field"].astype(str) != "trade")
    ]
    if wide.empty:
        return []
    wide = wide.assign(gap=(wide["high"] - wide["low"]).abs() / wide["value"].abs()).sort_values(
        ["gap", "row_id"], ascending=[False, True]
    )
    lines = [
        [
            str(r.field),
            f"`{r.good}`" if r.good else "–",
            region_label(str(r.region)),
            use_label(str(r.use)) if r.use else "–",
            str(r.period),
            amount(r.value, str(r.unit)),
            f"{amount(r.low, str(r.unit))} to {amount(r.high, str(r.unit))}",
            f"`{r.source}`",
        ]
        for r in wide.head(12).itertuples()
    ]
    head = ["field", "good", "region", "use", "period", "chosen", "range over publishers", "source"]
    return ["## Where publishers disagree", "", "Draws sample these ranges; the widest first.", "", *table(head, lines)]


def _sources_section(dataset: Dataset, rows: pd.DataFrame) -> list[str]:
    counts = Counter(str(s) for s in rows["source"])
    known = dataset.sources()
    lines = [
        [f"[{known[s].title}](../sources/{s}.md)", known[s].publisher, known[s].licence, str(n)]
        for s, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return ["## Sources", "", *table(["source", "publisher", "licence", "rows"], lines)]


def source_page(dataset: Dataset, source: str, rows: pd.DataFrame) -> str:
    """What the dataset took from one source; `rows` are all it has."""
    about = dataset.sources()[source]
    rows = rows[rows["source"] == source]
    facts = [
        ("id", f"`{about.id}`"), ("publisher", about.publisher), ("year", str(about.year)), ("licence", about.licence),
        ("licence text", about.licence_url), ("address", about.url), ("note", about.note),
    ]  # fmt: skip
    parts = [MADE, "", f"# {about.title}", "", *table(["", ""], [[k, " ".join(v.split())] for k, v in facts if v])]
    cited = {name: int((dataset.records(name)["source"] == source).sum()) for name in RECORD_TABLES}
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in cited.items() if count)
    if told:
        parts += [f"Records that cite it: {told}.", ""]
    if rows.empty:
        return "\n".join(parts)
    by = rows.assign(table=[FIELDS[f].table for f in rows["field"]])
    lines = [
        [
            MATERIALS.get(str(material), "the economy"),
            str(name).replace("_", " "),
            str(len(part)),
            span(part["period"]),
            str(int(part["chosen"].astype(bool).sum())),
        ]
        for (material, name), part in by.groupby([by["material"].astype(str), "table"], sort=True)
    ]
    parts += ["## What was taken", "", *table(["material", "table", "rows", "years", "chosen"], lines)]
    mended = rows[rows["correction"].astype(str) != ""]
    if len(mended):
        listed = [
            [str(r.field), f"`{r.good}`", region_label(str(r.region)), str(r.period), str(r.correction)]
            for r in mended.itertuples()
        ]
        parts += ["## Corrected", "", *table(["field", "good", "region", "period", "why"], listed)]
    example = rows[rows["chosen"].astype(bool)].sort_values("row_id").head(3)
    parts += ["## Examples", ""]
    parts += [
        f"* {r.field} of {r.good or r.material or 'the economy'}, {region_label(str(r.region))}, {r.period}: "
        f"{amount(r.value, str(r.unit))} ({r.status}); {r.locator}"
        for r in example.itertuples()
    ]
    return "\n".join([*parts, ""])


def licences_table(dataset: Dataset) -> str:
    """The table of licences.md."""
    lines = [[f"[`{s.id}`](sources/{s.id}.md)", s.publisher, s.licence] for _, s in sorted(dataset.sources().items())]
    return "\n".join(table(["source", "publisher", "licence"], lines))


def licences_page(dataset: Dataset) -> str:
    """licences.md with its table renewed."""
    begin, end = "<!-- sources -->", "<!-- /sources -->"
    text = (HERE / "licences.md").read_text(encoding="utf-8")
    before, rest = text.split(begin)
    return f"{before}{begin}\n{licences_table(dataset)}{end}{rest.split(end)[1]}"


def pages(dataset: Dataset) -> dict[Path, str]:
    """Every page by its path."""
    rows = dataset.rows(field=tuple(FIELDS))
    made = {HERE / "materials" / f"{material}.md": material_page(dataset, material, rows) for material in MATERIALS}
    made |= {HERE / "sources" / f"{source}.md": source_page(dataset, source, rows) for source in dataset.sources()}
    made[HERE / "licences.md"] = licences_page(dataset)
    made[CHART] = draw_coverage(dataset)
    return made


def main() -> int:
    """Write every page that has changed, remove those of sources and materials that are gone."""
    wanted = pages(load_dataset())
    for path, text in wanted.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path.relative_to(HERE.parent)}\n")
    for folder in ("materials", "sources"):
        for path in (HERE / folder).glob("*.md"):
            if path not in wanted:
                path.unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
