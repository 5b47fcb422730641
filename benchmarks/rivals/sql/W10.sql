WITH seen AS (
    SELECT project_id, worker_key, least(max(last_day), DATE '$as_of') AS last_seen
    FROM attendance WHERE last_day IS NOT NULL AND days > 0 GROUP BY ALL),
sites AS (SELECT project_id, max(last_seen) AS site_seen FROM seen GROUP BY ALL),
people AS (
    SELECT project_id, worker_key, max(entry) AS entry FROM enrolments SEMI JOIN rival_active USING (project_id)
    WHERE entry <= DATE '$as_of'
    GROUP BY ALL HAVING count(*) FILTER (exit <= DATE '$as_of') = 0),
absent AS (
    SELECT p.project_id, p.worker_key, greatest(coalesce(s.last_seen, p.entry), p.entry) AS last_seen, t.site_seen
    FROM people p JOIN sites t USING (project_id)
    LEFT JOIN seen s ON s.project_id = p.project_id AND s.worker_key = p.worker_key
    WHERE date_diff('day', greatest(coalesce(s.last_seen, p.entry), p.entry), t.site_seen) >= $absent_days),
paid AS (
    SELECT a.project_id, a.worker_key, sum(l.net_fen)::BIGINT AS paid_fen
    FROM absent a JOIN payroll_lines l USING (project_id, worker_key) JOIN law_months m USING (month)
    WHERE l.net_fen > 0 AND m.first_day > a.last_seen GROUP BY ALL)
SELECT a.project_id AS subject_id, '' AS month, a.worker_key, a.worker_key AS person,
       CASE WHEN date_diff('day', a.last_seen, a.site_seen) >= $paid_absent_days THEN p.paid_fen END AS amount_fen,
       date_diff('day', a.last_seen, a.site_seen) AS days,
       'enrolment:' || a.project_id || '@' || a.worker_key AS keys, NULL::DATE AS due,
       a.last_seen, a.site_seen,
       (date_diff('day', a.last_seen, a.site_seen) >= $paid_absent_days AND p.paid_fen IS NOT NULL)::BIGINT
           AS paid_absent, p.paid_fen
FROM absent a LEFT JOIN paid p USING (project_id, worker_key)
