WITH today AS (SELECT workday_number AS today FROM law_calendar WHERE day = DATE '$as_of'),
held AS (
    SELECT project_id, sum(amount_fen)::BIGINT AS held_fen FROM wage_deposits
    WHERE released_on IS NULL OR released_on > DATE '$as_of' GROUP BY ALL),
assessed AS (SELECT project_id, max(assessed_fen) AS assessed_fen FROM deposit_assessments GROUP BY ALL),
owed AS (
    SELECT p.project_id, p.permit_on, p.contract_fen, r.number AS ratio_percent,
           r.lower_bound::BIGINT AS ratio_is_minimum, r.source AS ratio_source, d.unit AS limit_unit,
           d.number::BIGINT AS limit_days, round(c.number * 100)::BIGINT AS cap_fen,
           round(w.number * 100)::BIGINT AS waiver_fen, coalesce(h.held_fen, 0) AS held_fen, a.assessed_fen,
           coalesce(a.assessed_fen,
                    least(round(p.contract_fen * r.number / 100), round(c.number * 100))::BIGINT) AS required_fen
    FROM rival_active p
    JOIN law_parameters d ON d.key = 'wage_deposit.deposit_days' AND d.region = p.region
                         AND p.permit_on BETWEEN d.valid_from AND d.valid_until
    LEFT JOIN law_parameters r ON r.key = 'wage_deposit.ratio_percent' AND r.region = p.region
                              AND p.permit_on BETWEEN r.valid_from AND r.valid_until
    LEFT JOIN law_parameters c ON c.key = 'wage_deposit.single_project_cap' AND c.region = p.region
                              AND p.permit_on BETWEEN c.valid_from AND c.valid_until
    LEFT JOIN law_parameters w ON w.key = 'wage_deposit.small_contract_waiver_amount' AND w.region = p.region
                              AND p.permit_on BETWEEN w.valid_from AND w.valid_until
    LEFT JOIN held h ON h.project_id = p.project_id
    LEFT JOIN assessed a ON a.project_id = p.project_id
    WHERE p.contract_fen IS NOT NULL),
short AS (
    SELECT o.*, CASE WHEN o.limit_unit = '工作日' THEN k.day ELSE n.workday_on_or_after END AS due
    FROM owed o
    JOIN law_calendar g ON g.day = o.permit_on
    LEFT JOIN law_calendar k ON k.workday AND k.workday_number = g.workday_number + o.limit_days
    LEFT JOIN law_calendar n ON n.ordinal = g.ordinal + o.limit_days
    WHERE o.held_fen < o.required_fen AND NOT (o.assessed_fen IS NULL AND o.contract_fen < o.waiver_fen)),
used AS (
    SELECT u.use_id, u.project_id, u.open_fen, k.day AS due
    FROM deposit_uses u
    JOIN rival_active p USING (project_id)
    JOIN law_parameters w ON w.key = 'wage_deposit.replenish_days' AND w.region = p.region
                         AND u.used_on BETWEEN w.valid_from AND w.valid_until
    JOIN rival_calendar g ON g.day = u.used_on
    JOIN rival_calendar k ON k.workday AND k.workday_number = g.workday_number + w.number
    WHERE u.open_fen > 0 AND k.day < DATE '$as_of')
SELECT s.project_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       s.required_fen - s.held_fen AS amount_fen, t.today - c.workday_number AS days,
       'project:' || s.project_id AS keys, s.due,
       s.required_fen - s.held_fen AS short_fen, (s.assessed_fen IS NOT NULL)::BIGINT AS assessed,
       0 AS replenish_late, 0 AS replenish_fen, NULL::DATE AS replenish_due, s.contract_fen, s.ratio_percent,
       s.ratio_is_minimum, s.ratio_source, s.cap_fen, s.required_fen, s.held_fen, s.permit_on, s.limit_days,
       s.limit_unit
FROM short s JOIN law_calendar c ON c.day = s.due CROSS JOIN today t
UNION ALL
SELECT u.project_id, '', NULL, NULL, u.open_fen, t.today - c.workday_number, 'deposit_event:' || u.use_id, u.due,
       0, 0, 1, u.open_fen, u.due, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
FROM used u LEFT JOIN law_calendar c ON c.day = u.due CROSS JOIN today t
