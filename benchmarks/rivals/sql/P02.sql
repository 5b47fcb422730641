WITH lines AS (
    SELECT *, coalesce(worker_key, name_key) AS person FROM payroll_lines
    WHERE (project_id, month) IN (SELECT (project_id, month) FROM attendance_months)),
listed AS (SELECT project_id, month, count(DISTINCT person) AS listed FROM lines GROUP BY ALL)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.person, l.net_fen AS amount_fen, NULL::BIGINT AS days,
       'payroll_line:' || l.line_id AS keys, NULL::DATE AS due,
       l.gross_fen, l.net_fen, l.days_worked, (l.worker_key IS NULL)::BIGINT AS unidentified, n.listed
FROM lines l
JOIN listed n USING (project_id, month)
WHERE NOT EXISTS (
    SELECT 1 FROM attendance a
    WHERE a.days > 0 AND a.project_id = l.project_id AND a.month = l.month AND a.worker_key = l.worker_key)
