WITH listed AS (SELECT project_id, month, count(DISTINCT worker_key) AS listed FROM rival_lists GROUP BY ALL)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due,
       l.days_worked, g.gate_days, n.listed
FROM rival_lists l
JOIN rival_gate_days g USING (project_id, month)
JOIN listed n USING (project_id, month)
JOIN law_months w USING (month)
WHERE l.month_index < $this_month AND l.days_worked > day(w.last_day) - g.gate_days
  AND l.days_worked >= $claimed_days AND g.gate_days * 100 >= least(l.days_worked, 26.0) * $gate_share
  AND NOT EXISTS (SELECT 1 FROM rival_punched p WHERE p.project_id = l.project_id AND p.worker_key = l.worker_key
                  AND p.month = l.month)
  AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.project_id = l.project_id AND e.worker_key = l.worker_key
                  AND ($remote_trades))
