WITH present AS (SELECT project_id, month, worker_key, days FROM attendance WHERE days > 0),
missing AS (SELECT * FROM present a WHERE NOT EXISTS (
    SELECT 1 FROM payroll_lines l
    WHERE l.project_id = a.project_id AND l.month = a.month AND l.worker_key = a.worker_key)),
attended AS (SELECT project_id, month, count(DISTINCT worker_key) AS attended FROM present GROUP BY ALL),
counted AS (SELECT project_id, month, count(DISTINCT worker_key) AS missing FROM missing GROUP BY ALL),
unknown AS (SELECT project_id, month, count(DISTINCT name_key) AS lines FROM payroll_lines
            WHERE worker_key IS NULL GROUP BY ALL),
delivered AS (SELECT DISTINCT project_id, month FROM payroll_months)
SELECT m.project_id AS subject_id, m.month, m.worker_key, m.worker_key AS person, NULL::BIGINT AS amount_fen,
       greatest(coalesce(date_diff('day', d.due, DATE '$as_of'), 0), 0) AS days,
       'attendance:' || m.worker_key || '@' || m.month AS keys, d.due,
       m.days AS attended_days, a.attended, coalesce(u.lines, 0) AS unidentified_lines,
       (v.project_id IS NOT NULL)::BIGINT AS payroll_delivered, d.nominal,
       coalesce(d.provisional::BIGINT, 0) AS provisional
FROM missing m
JOIN attended a USING (project_id, month)
JOIN counted c USING (project_id, month)
JOIN law_months l USING (month)
LEFT JOIN unknown u USING (project_id, month)
LEFT JOIN delivered v ON v.project_id = m.project_id AND v.month = m.month
LEFT JOIN rival_pay_due d ON d.project_id = m.project_id AND d.month = m.month
WHERE l.last_day < DATE '$as_of' AND (v.project_id IS NOT NULL OR d.due < DATE '$as_of')
  AND c.missing > coalesce(u.lines, 0)
