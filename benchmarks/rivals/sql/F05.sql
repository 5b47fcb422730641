WITH gates AS (SELECT * FROM rival_seen WHERE device <> '$file_device'),
own AS (
    SELECT project_id, worker_key, month_index, max(n) AS same_days, 0 AS copied_days
    FROM (SELECT project_id, worker_key, month_index, count(DISTINCT day) AS n FROM gates
          GROUP BY project_id, worker_key, month_index, epoch(first_at) % 86400 // 60, epoch(last_at) % 86400 // 60)
    GROUP BY ALL HAVING same_days >= $cloned_days),
shared AS (SELECT project_id, first_at, last_at FROM gates GROUP BY ALL HAVING count(DISTINCT worker_key) >= 3),
copied AS (
    SELECT s.project_id, s.worker_key, s.month_index, 0 AS same_days, count(DISTINCT s.day) AS copied_days
    FROM gates s JOIN shared USING (project_id, first_at, last_at)
    GROUP BY ALL HAVING copied_days >= $cloned_days),
found AS (
    SELECT project_id, worker_key, month_index, max(same_days) AS same_days, max(copied_days) AS copied_days
    FROM (FROM own UNION ALL FROM copied) GROUP BY ALL)
SELECT project_id AS subject_id, month, worker_key, worker_key AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'punches:' || worker_key || '@' || month AS keys,
       NULL::DATE AS due,
       same_days, copied_days
FROM found JOIN law_months USING (month_index)
