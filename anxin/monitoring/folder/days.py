"""The fact tables of one day over what was loaded: ``{D}`` is the day, ``{K}`` the last day whose deliveries are known."""

from __future__ import annotations

import datetime as dt

import duckdb

_CURRENT = "known_from <= {K} AND (known_until IS NULL OR known_until > {K})"

#: fact table → query; small ones are laid out for the day, ``punch_days`` and the like stay views
_QUERIES: dict[str, str] = {
    "projects": f"""
        SELECT project_id, region, industry, commencement,
               CASE WHEN completion <= {{D}} THEN completion END AS completion, contract_fen, permit_on, pay_day,
               pay_month_offset,
               CASE WHEN state = 'completed' AND (completion IS NULL OR completion > {{D}}) THEN 'in_progress'
                    ELSE state END AS state,
               owner_id, contractor_id, contract_on, planned_completion, government
        FROM kept.projects WHERE {_CURRENT}""",
    "attendance": f"""
        SELECT project_id, worker_key, month, sum(days) AS days, min(first_day) AS first_day, max(last_day) AS last_day
        FROM kept.gate_months WHERE known_from <= {{K}} AND seen_on <= {{D}} GROUP BY project_id, worker_key, month
        HAVING sum(days) > 0
        UNION ALL
        SELECT project_id, worker_key, month, days, NULL, NULL FROM kept.sheet_months s
        WHERE {_CURRENT} AND days > 0 AND month <= strftime({{D}}, '%Y-%m') AND NOT EXISTS (
            SELECT 1 FROM kept.gate_months g WHERE g.project_id = s.project_id AND g.worker_key = s.worker_key
            AND g.month = s.month AND g.known_from <= {{K}} AND g.days > 0)""",
    "attendance_months": f"""
        SELECT DISTINCT project_id, month FROM kept.gate_months WHERE known_from <= {{K}} AND seen_on <= {{D}}
        UNION
        SELECT DISTINCT project_id, month FROM kept.sheet_months
        WHERE {_CURRENT} AND month <= strftime({{D}}, '%Y-%m')""",
    "enrolments": f"""
        SELECT project_id, worker_key, entry, CASE WHEN exit <= {{D}} THEN exit END AS exit, true AS full_time,
               employer_id, team, trade, contract_on, card, phone, payee_key
        FROM kept.enrolments WHERE {_CURRENT} AND (entry IS NULL OR entry <= {{D}})""",
    "payroll_lines": f"""
        SELECT line_id, project_id, worker_key, name_key, month, gross_fen, deduction_fen, net_fen, days_worked, card,
               trade, position
        FROM kept.payroll_lines WHERE {_CURRENT}""",
    "payroll_months": "SELECT DISTINCT project_id, month FROM kept.payroll_lists WHERE known_from <= {K}",
    "payments": """
        SELECT line_id, sum(amount_fen)::BIGINT AS paid_fen, max(paid_on) AS last_paid_on
        FROM kept.payments WHERE known_from <= {K} AND paid_on <= {D} GROUP BY line_id""",
    "receipt_months": "SELECT DISTINCT project_id, month FROM kept.receipts WHERE known_from <= {K} AND paid_on <= {D}",
    "labour_cost_terms": """
        SELECT project_id, cycle_months, due_day, monthly_fen,
               strftime(CASE WHEN nth = 1 THEN greatest(date_trunc('month', commencement), {F})
                        ELSE date_trunc('month', known_from) END, '%Y-%m') AS first_month
        FROM (SELECT *, row_number() OVER (PARTITION BY project_id ORDER BY known_from) AS nth FROM kept.projects
              WHERE known_from <= {K} AND cycle_months IS NOT NULL AND due_day IS NOT NULL)
        WHERE nth = 1 OR completion IS NULL
        QUALIFY row_number() OVER (PARTITION BY project_id, first_month ORDER BY known_from DESC) = 1""",
    "disbursements": """
        SELECT entry_id AS disbursement_id, project_id, period AS month, NULL::BIGINT AS due_fen, amount_fen AS paid_fen,
               booked_on AS paid_on
        FROM kept.entries WHERE known_from <= {K} AND booked_on <= {D} AND NOT leaves AND period IS NOT NULL
        AND purpose LIKE '人工费%'""",
    "wage_deposits": f"""
        SELECT deposit_id, project_id, kind, amount_fen, valid_from, valid_until,
               CASE WHEN released_on <= {{D}} THEN released_on END AS released_on
        FROM kept.deposits WHERE {_CURRENT}""",
    "special_accounts": f"""
        SELECT project_id, opened_on, CASE WHEN filed_on <= {{D}} THEN filed_on END AS filed_on,
               CASE WHEN closed_on <= {{D}} THEN closed_on END AS closed_on,
               CASE WHEN closing_noticed_on <= {{D}} THEN closing_noticed_on END AS closing_noticed_on
        FROM kept.accounts WHERE {_CURRENT} AND opened_on <= {{D}}""",
    "account_outflows": """
        WITH known AS (SELECT * FROM kept.entries WHERE known_from <= {K} AND booked_on <= {D}),
        paid AS (SELECT project_id, paid_on, sum(amount_fen) AS fen FROM kept.receipts WHERE known_from <= {K}
                 GROUP BY ALL),
        leaving AS (
            SELECT k.*, coalesce((SELECT sum(fen) FROM paid p WHERE p.project_id = k.project_id
                                  AND p.paid_on BETWEEN k.booked_on AND k.booked_on + 3), 0) AS listed_fen,
                   EXISTS (SELECT 1 FROM kept.enrolments e WHERE e.project_id = k.project_id
                           AND e.card_number = k.account) AS to_worker,
                   EXISTS (SELECT 1 FROM known b WHERE b.project_id = k.project_id AND NOT b.leaves
                           AND b.amount_fen = k.amount_fen AND b.booked_on >= k.booked_on
                           AND (b.account = k.account OR b.payee = k.payee)) AS came_back,
                   regexp_matches(coalesce(payee, ''), '代发|过渡|待清算|暂收|内部户|批量') AS batch
            FROM known k WHERE leaves)
        SELECT entry_id, project_id, booked_on, amount_fen,
               CASE WHEN to_worker THEN 'to_worker'
                    WHEN regexp_matches(purpose, '手续费|账户管理费|工本费') AND amount_fen <= 100000 THEN 'fee'
                    WHEN (batch OR (payee IS NULL AND account IS NULL)) AND listed_fen >= amount_fen THEN 'proved'
                    WHEN batch OR (payee IS NULL AND account IS NULL AND regexp_matches(purpose, '工资|代发'))
                        THEN 'unproved'
                    WHEN came_back THEN 'back'
                    WHEN payee IS NOT NULL OR account IS NOT NULL THEN 'other_payee'
                    ELSE 'not_wages' END AS fate
        FROM leaving""",
    "deposit_uses": f"""
        SELECT deposit_id AS use_id, project_id, used_on, used_fen,
               CASE WHEN topped_up_on <= {{D}} THEN 0 ELSE used_fen END AS open_fen
        FROM kept.deposits WHERE {_CURRENT} AND used_on <= {{D}} AND used_fen > 0""",
    "deposit_assessments": "SELECT NULL::BIGINT AS project_id, NULL::BIGINT AS assessed_fen WHERE false",
    "account_balances": """
        SELECT project_id, booked_on AS "on", max_by(balance_fen, number) AS balance_fen
        FROM kept.entries WHERE known_from <= {K} AND booked_on <= {D} AND balance_fen IS NOT NULL GROUP BY ALL""",
    "board_checks": f"""
        SELECT row_number() OVER (ORDER BY project_id, checked_on) AS check_id, project_id, checked_on, standing,
               missing_items, fix_by, CASE WHEN fixed_on <= {{D}} THEN fixed_on END AS fixed_on
        FROM kept.boards WHERE {_CURRENT} AND checked_on <= {{D}}""",
    "settlements": f"""
        SELECT project_id, worker_key, left_on, CASE WHEN confirmed_on <= {{D}} THEN confirmed_on END AS confirmed_on,
               CASE WHEN contested_on <= {{D}} THEN contested_on END AS contested_on, handling
        FROM kept.settlements WHERE {_CURRENT} AND left_on <= {{D}}""",
    "clues": f"""
        SELECT clue_id, received_on, project_id, employer_id, region, channel, worker_key, people, amount_fen, months,
               extreme, CASE WHEN closed_on <= {{D}} THEN closed_on END AS closed_on,
               CASE WHEN closed_on <= {{D}} THEN founded END AS founded
        FROM kept.clues WHERE {_CURRENT} AND received_on <= {{D}}""",
    "payment_orders": f"""
        SELECT order_id, project_id, employer_id, region, served_on, due_on, people, amount_fen, months,
               CASE WHEN paid_on <= {{D}} THEN paid_on END AS paid_on
        FROM kept.orders WHERE {_CURRENT} AND served_on <= {{D}}""",
    "warning_tasks": """
        SELECT NULL::BIGINT AS warning_id, NULL::BIGINT AS project_id, NULL::BIGINT AS employer_id, NULL::VARCHAR AS rule,
               NULL::BIGINT AS level, NULL::DATE AS opened_on, NULL::DATE AS assigned_on, NULL::DATE AS answered_on
        WHERE false""",
    "cards": """
        SELECT card, worker_key, opened_on, branch, series, serial FROM kept.cards WHERE known_from <= {K}""",
    "standstills": f"""
        SELECT project_id, from_day, CASE WHEN until_day <= {{D}} THEN until_day END AS until_day, cause
        FROM kept.standstills WHERE {_CURRENT} AND from_day <= {{D}}""",
    "officers": "SELECT employer_id, worker_key, office FROM kept.officers WHERE known_from <= {K}",
    "employers": f"""
        SELECT employer_id, region, industry, founded_on, status, status_on FROM kept.employers WHERE {_CURRENT}""",
    "employer_events": f"""
        SELECT event_id, employer_id, kind, "on", CASE WHEN until <= {{D}} THEN until END AS until, people, amount_fen
        FROM kept.events WHERE {_CURRENT} AND "on" <= {{D}}""",
    "employer_links": f"SELECT employer_id, other_id, kind, since, until FROM kept.links WHERE {_CURRENT}",
    "source_months": "SELECT source, region, month FROM kept.source_months WHERE known_from <= {K}",
    "known_sites": """
        SELECT site_id, s.region, source, number, s.name, "on", s.contract_fen, p.project_id
        FROM kept.sites s LEFT JOIN (
            SELECT DISTINCT ON (region, plain) project_id, region, regexp_replace(name, '(工程|项目)$', '') AS plain
            FROM kept.projects WHERE known_from <= {K} ORDER BY region, plain, project_id) p
        ON p.region = s.region AND p.plain = s.plain_name
        WHERE s.known_from <= {K} AND "on" <= {D}""",
}

#: large tables are only looked through
_VIEWS: dict[str, str] = {
    "punch_days": """
        SELECT project_id, worker_key, day, device, first_at, last_at, punches, face, backfilled FROM kept.punch_days
        WHERE known_from <= {K} AND day <= {D}""",
    "card_flows": """
        SELECT card, "at", amount_fen, to_account FROM kept.card_flows WHERE known_from <= {K} AND "at" < {D} + 1""",
    "site_days": """
        SELECT project_id, day, rain_mm, power_kwh FROM (
            SELECT p.project_id, w.day, w.rain_mm, u.power_kwh
            FROM kept.project_ids p JOIN kept.weather w ON w.region = p.region AND w.known_from <= {K}
            LEFT JOIN kept.power u ON u.project_id = p.project_id AND u.day = w.day AND u.known_from <= {K}
            UNION ALL
            SELECT u.project_id, u.day, NULL, u.power_kwh FROM kept.power u JOIN kept.project_ids p USING (project_id)
            WHERE u.known_from <= {K} AND NOT EXISTS (
                SELECT 1 FROM kept.weather w WHERE w.region = p.region AND w.day = u.day AND w.known_from <= {K}))
        WHERE day <= {D}""",
    "employer_months": f"""
        SELECT coalesce(s.employer_id, u.employer_id) AS employer_id, coalesce(s.month, u.month) AS month, insured, hires,
               leavers, insurance_due_fen, insurance_arrears_months, insurance_arrears_fen, unemployment_claims, water_m3,
               power_kwh
        FROM (SELECT * FROM kept.social WHERE {_CURRENT}) s
        FULL JOIN (SELECT * FROM kept.utilities WHERE {_CURRENT}) u USING (employer_id, month)""",
}


def lay_out(engine: duckdb.DuckDBPyConnection, as_of: dt.date, known_on: dt.date, first_day: dt.date) -> None:
    """Make every fact table of the day, under its name, as a temporary table or view of the connection."""
    days = {"D": f"DATE '{as_of}'", "K": f"DATE '{known_on}'", "F": f"DATE '{first_day.replace(day=1)}'"}
    for kind, queries in (("TABLE", _QUERIES), ("VIEW", _VIEWS)):
        for name, query in queries.items():
            engine.execute(f"CREATE OR REPLACE TEMP {kind} {name} AS {query.format(**days)}")
