SELECT t.project_id AS subject_id, '' AS month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       NULL::BIGINT AS amount_fen, n.workday_number - c.workday_number AS days, 'warning:' || t.warning_id AS keys,
       t.since AS due,
       t.rule AS of_rule, t.level AS of_level, t.since
FROM (SELECT *, coalesce(assigned_on, opened_on) AS since FROM warning_tasks
      WHERE project_id IS NOT NULL AND rule <> 'W20') t
JOIN law_calendar c ON c.day = t.since
JOIN law_calendar n ON n.day = DATE '$as_of' AND n.workday_number > c.workday_number
WHERE t.since < DATE '$as_of' AND (t.answered_on IS NULL OR t.answered_on < t.since OR t.answered_on > DATE '$as_of')
