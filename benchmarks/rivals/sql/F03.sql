WITH listed AS (SELECT project_id, month, count(DISTINCT worker_key) AS listed FROM rival_lists GROUP BY ALL)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due,
       l.days_worked, l.gate_days, n.listed
FROM rival_at_gates l JOIN listed n USING (project_id, month)
WHERE l.punched = 0 AND l.days_worked > l.length - l.gate_days AND l.days_worked >= $claimed_days
  AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.project_id = l.project_id AND e.worker_key = l.worker_key
                  AND ($remote_trades))
