WITH leavers AS (
    SELECT project_id, worker_key,
           max(exit) FILTER (exit <= DATE '$as_of'
                             AND exit >= DATE '$as_of' - round_even($limitation_years * 365.25, 0)::INTEGER) AS left_on
    FROM enrolments SEMI JOIN settlements USING (project_id)
    GROUP BY ALL
    HAVING left_on IS NOT NULL AND count(*) FILTER ((exit IS NULL OR exit > DATE '$as_of')
                                                    AND (entry IS NULL OR entry <= DATE '$as_of')) = 0),
said AS (
    SELECT project_id, worker_key, max(confirmed_on) FILTER (confirmed_on <= DATE '$as_of') AS confirmed,
           max(contested_on) FILTER (contested_on <= DATE '$as_of') AS contested_on,
           max(handling::BIGINT) AS handling
    FROM settlements GROUP BY ALL),
unsettled AS (
    SELECT l.*, s.contested_on, (s.contested_on IS NOT NULL)::BIGINT AS contested,
           CASE WHEN s.contested_on IS NULL THEN 0 ELSE s.handling END AS handling,
           date_diff('day', l.left_on, DATE '$as_of') AS days
    FROM leavers l LEFT JOIN said s USING (project_id, worker_key)
    WHERE (s.confirmed IS NULL OR s.confirmed < s.contested_on)
      AND (s.contested_on IS NOT NULL OR date_diff('day', l.left_on, DATE '$as_of') >= $left_days)),
owed AS (
    SELECT l.project_id, l.worker_key, sum(greatest(l.net_fen - coalesce(p.paid_fen, 0), 0))::BIGINT AS open_fen
    FROM payroll_lines l SEMI JOIN unsettled USING (project_id, worker_key) LEFT JOIN payments p USING (line_id)
    GROUP BY ALL),
unlisted AS (
    SELECT a.project_id, a.worker_key, count(*) AS unlisted_months
    FROM attendance a SEMI JOIN unsettled USING (project_id, worker_key)
    WHERE a.days > 0 AND NOT EXISTS (
        SELECT 1 FROM payroll_lines l
        WHERE l.project_id = a.project_id AND l.worker_key = a.worker_key AND l.month = a.month)
    GROUP BY ALL)
SELECT u.project_id AS subject_id, '' AS month, u.worker_key, u.worker_key AS person,
       coalesce(o.open_fen, 0) AS amount_fen, u.days, 'enrolment:' || u.project_id || '@' || u.worker_key AS keys,
       u.left_on AS due,
       u.contested, u.handling, 1 - u.handling AS silent,
       CASE WHEN o.open_fen > 0 OR n.unlisted_months > 0 THEN u.days ELSE 0 END AS open_days,
       coalesce(o.open_fen, 0) AS open_fen, coalesce(n.unlisted_months, 0) AS unlisted_months, u.contested_on
FROM unsettled u
LEFT JOIN owed o USING (project_id, worker_key)
LEFT JOIN unlisted n ON n.project_id = u.project_id AND n.worker_key = u.worker_key
