"""Days at the gate as the rule of punches counts them (``workforce.day_rule``): whole, half, or none at all.

A file of gates tells the first and the last punch of a day and their number, without directions: so the hours run from
one to the other, over all gates of the site; a punch alone counts what the rule gives a day with a punch missing. A
later file may add punches to a day: what it adds or takes is kept with the day on which the file arrived.
"""

from __future__ import annotations

import datetime as dt

from anxin.law import load

RULE = "gates.day_rule"

_MONTHS = """
    WITH days AS MATERIALIZED (
        SELECT project_id, worker_key, day, min(known_from) AS known_from, max(known_from) AS last_known,
               min(first_at) AS first_at, max(last_at) AS last_at
        FROM kept.punch_days GROUP BY project_id, worker_key, day
    ), grown AS (
        SELECT project_id, worker_key, day, known_from, min(min(first_at)) OVER upto AS first_at,
               max(max(last_at)) OVER upto AS last_at
        FROM kept.punch_days SEMI JOIN (SELECT * FROM days WHERE known_from < last_known) AS late
             USING (project_id, worker_key, day)
        GROUP BY project_id, worker_key, day, known_from
        WINDOW upto AS (PARTITION BY project_id, worker_key, day ORDER BY known_from)
    ), shares AS (
        SELECT project_id, worker_key, day, known_from, share_of(first_at, last_at) AS share, share AS added
        FROM days WHERE known_from = last_known
        UNION ALL
        SELECT project_id, worker_key, day, known_from, share_of(first_at, last_at) AS share,
               share - coalesce(lag(share_of(first_at, last_at)) OVER (
                   PARTITION BY project_id, worker_key, day ORDER BY known_from), 0) AS added
        FROM grown
    )
    SELECT project_id, worker_key, strftime(day, '%Y-%m') AS month, known_from, sum(added) AS days,
           min(day) FILTER (share > 0) AS first_day, max(day) FILTER (share > 0) AS last_day, min(day) AS seen_on
    FROM shares GROUP BY ALL
"""


def share_macro(on: dt.date) -> str:
    """SQL that defines ``share_of(first, last)``, the share of a day, by the shipped rule in force on a day."""
    rule = load().value(RULE, on).value
    seconds = "date_diff('second', first_at, last_at)"
    return f"""
        CREATE MACRO share_of(first_at, last_at) AS (CASE
            WHEN {seconds} <= {rule["same_punch_minutes"] * 60} THEN {rule["missing_punch_percent"]} / 100
            WHEN {seconds} >= {rule["whole_hours"] * 3600} THEN 1
            WHEN {seconds} >= {rule["half_hours"] * 3600} THEN 0.5
            ELSE 0 END)::DOUBLE
    """


def gate_steps() -> tuple[tuple[str, str, str], ...]:
    """The step of :mod:`loading` that adds days up by person and month."""
    return (("gate_months", "", _MONTHS),)
