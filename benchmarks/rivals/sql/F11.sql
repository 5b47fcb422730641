WITH firms AS (
    SELECT project_id, contractor_id AS employer_id FROM projects
    UNION SELECT project_id, employer_id FROM enrolments),
registered AS (
    SELECT f.project_id, o.worker_key, max(o.office) AS office
    FROM firms f JOIN officers o USING (employer_id) GROUP BY ALL)
SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due,
       r.office, l.days_worked, l.punched, l.gate_days
FROM rival_at_gates l JOIN registered r USING (project_id, worker_key)
WHERE l.punched * 100 <= l.days_worked * $few_punches_percent
