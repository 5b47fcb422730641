SELECT l.project_id AS subject_id, l.month, l.worker_key, l.worker_key AS person, l.net_fen AS amount_fen,
       NULL::BIGINT AS days, 'payroll_line:' || l.line_id AS keys, NULL::DATE AS due, l.days_worked, l.punched,
       l.punched_before, l.position, g.listed, g.same_lines, g.apart_lines
FROM rival_beside l JOIN rival_repeated g USING (project_id, month)
WHERE l.same AND g.apart_lines * 100 >= g.same_lines * $differs_percent
