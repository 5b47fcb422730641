WITH present AS (
    SELECT project_id, month, count(DISTINCT worker_key) AS concerned FROM attendance WHERE days > 0 GROUP BY ALL),
paid AS (
    SELECT project_id, month, sum(net_fen)::BIGINT AS promised_fen, coalesce(sum(paid_fen), 0)::BIGINT AS paid_fen
    FROM payroll_lines LEFT JOIN payments USING (line_id) GROUP BY ALL)
SELECT project_id AS subject_id, month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       p.promised_fen AS amount_fen, date_diff('day', n.last_day, DATE '$as_of') AS days,
       'payroll:' || project_id || '@' || month AS keys, n.last_day AS due,
       a.concerned, p.promised_fen, coalesce(p.paid_fen, 0) AS paid_fen
FROM present a
JOIN law_months m USING (month)
JOIN law_months n ON n.month_index = m.month_index + 1
LEFT JOIN paid p USING (project_id, month)
WHERE n.last_day < DATE '$as_of' AND coalesce(p.paid_fen, 0) <= 0
