"""Rules: what makes a row lawful and sets of rows consistent, each a query that selects offenders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SHARE_SUM_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Rule:
    """One law: a query over table `rows` that selects each offending row with `what` is wrong in it.

    It may join `goods` and `fields` (the vocabulary) and `known` (kind, word).
    """

    name: str
    sql: str
    allowed: str = ""


def _known(column: str, *, required: bool, kind: str = "") -> Rule:
    blank = "" if required else f"AND {column} <> ''"
    return Rule(
        f"known_{column}",
        f"""SELECT *, 'unknown {column} ''' || {column} || '''' AS what FROM rows
            WHERE {column} NOT IN (SELECT word FROM known WHERE kind = '{kind or column}') {blank}""",
        allowed="ids in dataset/sources" if column == "source" else f"{column} words of the vocabulary",
    )


ROW_RULES: Final[tuple[Rule, ...]] = (
    *(_known(column, required=False) for column in ("material", "stage", "good", "region", "use")),
    _known("partner", required=False, kind="region"),
    *(_known(column, required=True) for column in ("field", "status", "basis", "source")),
    Rule(
        "good_fits",
        """SELECT r.*, 'good ''' || good || ''' is ' || g.material || ' at ' || g.stage
               || ', not ' || r.material || ' at ' || r.stage AS what
           FROM rows r JOIN goods g USING (good)
           WHERE r.material <> g.material OR r.stage NOT IN (g.stage, '')""",
    ),
    Rule(
        "unit_fits",
        """SELECT r.*, 'unit ''' || r.unit || ''' does not fit field ''' || field || ''': ' || f.units AS what
           FROM rows r JOIN fields f USING (field)
           WHERE NOT list_contains(string_split(f.units, ' | '), r.unit)""",
    ),
    Rule(
        "basis_fits",
        """SELECT *, 'basis ''' || basis || ''' in place of ''' || right_basis || '''' AS what
           FROM (SELECT r.*, CASE f.mass WHEN 'price' THEN g.price_basis WHEN 'gross' THEN 'gross'
                              ELSE g.basis END AS right_basis
                 FROM rows r JOIN fields f USING (field) JOIN goods g USING (good) WHERE f.mass <> 'none')
           WHERE basis <> right_basis""",
        allowed="tonnes of a good in that good's basis",
    ),
    Rule(
        "basis_named",
        """SELECT r.*, 'tonnes without a mass basis' AS what FROM rows r JOIN fields f USING (field)
           WHERE f.mass <> 'none' AND r.good = '' AND r.basis = 'none'""",
        allowed="a basis of the vocabulary",
    ),
    Rule(
        "value_given",
        """SELECT *, CASE WHEN value IS NULL THEN 'no value, and status is ' || status
                          ELSE 'a value, yet status is withheld' END AS what
           FROM rows WHERE (value IS NULL) <> (status = 'withheld')""",
    ),
    Rule(
        "value_in_bounds",
        """SELECT r.*, field || ' ' || v.number || ' lies outside its bounds' AS what
           FROM rows r JOIN fields f USING (field),
               LATERAL (SELECT unnest([r.value, r.low, r.high]) AS number) v
           WHERE v.number < f.minimum OR v.number > f.maximum""",
    ),
    Rule(
        "range_in_order",
        """SELECT *, format('low {}, value {}, high {} are not in order', COALESCE(low::VARCHAR, 'missing'),
                            COALESCE(value::VARCHAR, 'missing'), COALESCE(high::VARCHAR, 'missing')) AS what
           FROM rows WHERE (low IS NULL) <> (high IS NULL) OR low > value OR value > high OR low > high""",
    ),
    Rule(
        "period_is_a_period",
        """SELECT *, 'period ''' || period || ''' is not a year or a month of 1850 to 2100' AS what
           FROM rows
           WHERE NOT regexp_full_match(period, '(18[5-9][0-9]|19[0-9]{2}|20[0-9]{2}|2100)(-(0[1-9]|1[0-2]))?')""",
        allowed="2024 or 2024-05",
    ),
    Rule(
        "locator_given",
        "SELECT *, 'no locator' AS what FROM rows WHERE locator = ''",
        allowed="table, sheet, row or page of the source",
    ),
    Rule(
        "note_given",
        """SELECT *, 'status ' || status || ' needs a note' AS what
           FROM rows WHERE status IN ('assumed', 'derived') AND note = ''""",
        allowed="the rule and its inputs, or why the figure is plausible",
    ),
    Rule(
        "price_terms_given",
        """SELECT *, 'price without its terms' AS what FROM rows
           WHERE field = 'price' AND NOT (contains(note, 'incoterm=') AND contains(note, 'vat=')
               AND contains(note, 'export_rebate='))""",
        allowed="a note with incoterm=...; vat=...; export_rebate=...",
    ),
    Rule(
        "key_unique_in_source",
        """SELECT *, 'same key and source as ' || first_file || ', line ' || first_line AS what
           FROM (SELECT *, row_number() OVER same AS place, first_value(file) OVER same AS first_file,
                        first_value(line) OVER same AS first_line
                 FROM rows WINDOW same AS (PARTITION BY row_id ORDER BY file, line))
           WHERE place > 1""",
        allowed="one row of a source for each key",
    ),
)
"""Laws of single rows: the build refuses a dataset that breaks one."""


def _sums_to_one(field: str, *key: str) -> Rule:
    return Rule(
        f"{field}_sums_to_one",
        f"""SELECT r.*, '{field} sums to ' || round(t.total, 9) || ' in place of 1' AS what
            FROM (SELECT {", ".join(key)}, sum(value) AS total, min(row_id) AS row_id
                  FROM rows WHERE chosen AND field = '{field}' GROUP BY {", ".join(key)}) t JOIN rows r USING (row_id)
            WHERE abs(t.total - 1) > {SHARE_SUM_TOLERANCE}""",
    )


SET_RULES: Final[tuple[Rule, ...]] = (
    _sums_to_one("end_use_share", "good", "region", "period"),
    _sums_to_one("output_share", "region", "period"),
    _sums_to_one("clay_output_share", "region", "period"),
    _sums_to_one("composition_share", "region", "period"),
    _sums_to_one("demand_share", "good", "period"),
    Rule(
        "countries_sum_to_world",
        """SELECT r.*, format('{} {}: {} countries sum to {}, world is {} ({} %, tolerance {} %)',
                              field, period, t.parts,
                              round(t.total, 3), round(r.value, 3), round(100 * (t.total / r.value - 1), 2),
                              round(100 * f.world_tolerance_share, 3)) AS what
           FROM rows r JOIN fields f USING (field)
               JOIN (SELECT field, material, stage, good, partner, use, period, sum(value) AS total, count(*) AS parts,
                            bool_or(status IN ('withheld', 'bound')) AS partial
                     FROM rows WHERE chosen AND region NOT IN ('WLD', 'EUU', '') GROUP BY ALL) t
               USING (field, material, stage, good, partner, use, period)
           WHERE r.chosen AND r.region = 'WLD' AND r.value > 0 AND f.world_tolerance_share IS NOT NULL
               AND (t.total > r.value * (1 + f.world_tolerance_share)
                    OR (t.total < r.value * (1 - f.world_tolerance_share) AND NOT t.partial))""",
        allowed="within the field's tolerance, or a line of exceptions.yml with its reason",
    ),
)
"""Laws of sets of chosen rows: `derisk data check` and the dataset's tests demand them."""
