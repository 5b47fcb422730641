WITH pay AS (
    SELECT project_id, month, coalesce(worker_key, name_key) AS person, max(worker_key) AS worker_key,
           sum(gross_fen)::BIGINT AS gross_fen, sum(deduction_fen)::BIGINT AS deduction_fen,
           sum(net_fen)::BIGINT AS net_fen, sum(days_worked) AS stated,
           string_agg('payroll_line:' || line_id, '|') AS keys
    FROM payroll_lines GROUP BY ALL)
SELECT p.project_id AS subject_id, p.month, p.worker_key, p.person,
       round(w.number * 100)::BIGINT - p.net_fen AS amount_fen, NULL::BIGINT AS days, p.keys, NULL::DATE AS due,
       p.gross_fen, p.deduction_fen, p.net_fen, coalesce(a.days, p.stated) AS days_worked, m.working_days,
       round(w.number * 100)::BIGINT AS minimum_fen, w.valid_from AS minimum_since, w.source AS minimum_source
FROM pay p
JOIN law_months m ON m.month = p.month AND m.published
JOIN projects j ON j.project_id = p.project_id
JOIN law_parameters w ON w.key = 'wage_payment.min_wage_monthly' AND w.region = j.region
                     AND m.first_day BETWEEN w.valid_from AND w.valid_until
LEFT JOIN attendance a ON a.project_id = p.project_id AND a.month = p.month AND a.worker_key = p.worker_key
WHERE coalesce(a.days, p.stated) >= m.working_days AND p.net_fen < round(w.number * 100)::BIGINT
  AND NOT EXISTS (SELECT 1 FROM enrolments e
                  WHERE NOT e.full_time AND e.project_id = p.project_id AND e.worker_key = p.worker_key)
