WITH rates AS (
    SELECT project_id, worker_key, max(gross_fen / days_worked) AS rate_fen FROM rival_lists
    WHERE days_worked > 0 GROUP BY ALL),
asked AS (
    SELECT c.*, floor(c.amount_fen / r.rate_fen) AS claimed, ceil(c.months * 31)::BIGINT AS possible
    FROM clues c JOIN rates r USING (project_id, worker_key)
    WHERE c.months > 0 AND coalesce(c.people, 1) <= 1 AND NOT coalesce(c.founded, false)
      AND year(c.received_on) * 12 + month(c.received_on) BETWEEN $this_month - $months_back AND $this_month)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due, l.days_worked, l.punched,
       l.days_worked - l.punched AS above_days,
       floor((l.days_worked - l.punched) * 100 / l.punched)::BIGINT AS above_percent
FROM rival_at_gates l JOIN rates r USING (project_id, worker_key)
WHERE l.punched > 0
  AND l.days_worked - l.punched * l.length / l.gate_days >= $above_days
  AND (l.days_worked - l.punched * l.length / l.gate_days) * 100 >= l.punched * l.length / l.gate_days * $above_percent
  AND l.gross_fen * 100 >= l.days_worked * r.rate_fen * $own_rate_percent
  AND NOT EXISTS (SELECT 1 FROM rival_repeated b WHERE b.project_id = l.project_id AND b.month = l.month)
  AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.project_id = l.project_id AND e.worker_key = l.worker_key
                  AND ($remote_trades))
UNION ALL
SELECT project_id, strftime(received_on, '%Y-%m'), worker_key, worker_key, amount_fen, NULL, 'clue:' || clue_id, NULL,
       claimed, possible, claimed - possible, floor((claimed - possible) * 100 / possible)::BIGINT
FROM asked WHERE claimed * 100 >= possible * (100 + $complaint_percent)
