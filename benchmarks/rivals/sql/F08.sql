WITH lines AS (
    SELECT l.*, w.month_index, p.punched, g.gate_days
    FROM payroll_lines l JOIN law_months w USING (month)
    LEFT JOIN rival_punched p USING (project_id, worker_key, month)
    LEFT JOIN rival_gate_days g USING (project_id, month)
    WHERE l.worker_key IS NOT NULL AND l.net_fen > 0
      AND w.month_index BETWEEN $this_month - $months_back - 1 AND $this_month),
beside AS (
    SELECT l.*, b.days_worked AS days_before, b.punched AS punched_before,
           coalesce(l.days_worked = b.days_worked AND l.gross_fen = b.gross_fen, false) AS same,
           coalesce(abs(l.punched - b.punched) >= 2
                    AND abs((l.punched - b.punched) - (l.gate_days - b.gate_days)) >= 2, false) AS apart
    FROM lines l LEFT JOIN lines b ON b.project_id = l.project_id AND b.worker_key = l.worker_key
                                  AND b.month_index = l.month_index - 1),
lists AS (
    SELECT project_id, month, count(DISTINCT worker_key) FILTER (days_before IS NOT NULL) AS listed,
           count(*) FILTER (same) AS same_lines, count(*) FILTER (same AND apart) AS apart_lines
    FROM beside GROUP BY ALL
    HAVING listed >= 5 AND same_lines * 100 >= listed * $copied_percent
       AND apart_lines * 100 >= same_lines * $differs_percent)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due, l.days_worked, l.punched,
       l.punched_before, l.position, g.listed, g.same_lines, g.apart_lines
FROM beside l JOIN lists g USING (project_id, month)
WHERE l.same
