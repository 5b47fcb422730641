WITH present AS (SELECT project_id, month, worker_key, days FROM attendance WHERE days > 0),
attended AS (SELECT project_id, month, count(DISTINCT worker_key) AS attended FROM present GROUP BY ALL)
SELECT a.project_id AS subject_id, a.month, a.worker_key, a.worker_key AS person, NULL::BIGINT AS amount_fen,
       date_diff('day', d.due, DATE '$as_of') AS days, 'attendance:' || a.worker_key || '@' || a.month AS keys, d.due,
       a.days AS attended_days, n.attended, d.nominal, d.provisional::BIGINT AS provisional
FROM present a
JOIN attended n USING (project_id, month)
JOIN rival_pay_due d USING (project_id, month)
WHERE d.due < DATE '$as_of'
  AND NOT EXISTS (SELECT 1 FROM payroll_lines l JOIN payments p USING (line_id)
                  WHERE l.project_id = a.project_id AND l.month = a.month AND l.worker_key = a.worker_key
                    AND p.paid_fen > 0)
