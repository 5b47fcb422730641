WITH people AS (
    SELECT project_id, worker_key, min(entry) AS entry,
           min(contract_on) FILTER (contract_on <= DATE '$as_of') AS signed
    FROM enrolments SEMI JOIN rival_active USING (project_id)
    WHERE (entry IS NULL OR entry <= DATE '$as_of') AND (exit IS NULL OR exit > DATE '$as_of')
    GROUP BY ALL),
strangers AS (
    SELECT DISTINCT a.project_id, a.worker_key FROM attendance a SEMI JOIN rival_active USING (project_id)
    WHERE a.days > 0 AND a.month >= strftime(DATE '$as_of' - INTERVAL 1 MONTH, '%Y-%m')
      AND a.project_id IN (SELECT project_id FROM enrolments)
      AND NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.project_id = a.project_id AND e.worker_key = a.worker_key)),
missing AS (
    SELECT project_id, worker_key, entry, 1 AS unsigned, 0 AS unregistered FROM people
    WHERE signed IS NULL AND project_id IN (SELECT project_id FROM people WHERE signed IS NOT NULL)
    UNION ALL SELECT project_id, worker_key, NULL, 0, 1 FROM strangers),
listed AS (
    SELECT project_id, count(*) AS listed
    FROM (SELECT project_id FROM people UNION ALL SELECT project_id FROM strangers) GROUP BY ALL)
SELECT m.project_id AS subject_id, '' AS month, m.worker_key, m.worker_key AS person, NULL::BIGINT AS amount_fen,
       date_diff('day', m.entry, DATE '$as_of') AS days,
       'enrolment:' || m.project_id || '@' || m.worker_key AS keys, NULL::DATE AS due,
       m.unsigned, m.unregistered, m.entry, n.listed
FROM missing m JOIN listed n USING (project_id)
