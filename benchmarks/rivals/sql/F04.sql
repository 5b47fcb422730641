WITH days AS (SELECT worker_key, day FROM rival_seen GROUP BY ALL HAVING min(project_id) <> max(project_id)),
moved AS (SELECT s.* FROM rival_seen s JOIN days USING (worker_key, day)),
cameras AS (SELECT DISTINCT project_id, device FROM rival_seen WHERE face IS NOT NULL),
found AS (
    SELECT a.project_id, a.worker_key, a.month_index, count(DISTINCT a.day) AS overlap_days, 0 AS filled_days
    FROM moved a JOIN moved b ON a.worker_key = b.worker_key AND a.day = b.day AND a.project_id <> b.project_id
    WHERE epoch(least(a.last_at, b.last_at)) - epoch(greatest(a.first_at, b.first_at)) >= $overlap_minutes * 60
    GROUP BY ALL HAVING overlap_days >= $overlap_days
    UNION ALL
    SELECT s.project_id, s.worker_key, s.month_index, 0,
           count(DISTINCT s.day) FILTER (s.backfilled AND s.face IS NULL AND c.device IS NOT NULL) AS filled
    FROM rival_seen s LEFT JOIN cameras c ON c.project_id = s.project_id AND c.device = s.device
    GROUP BY s.project_id, s.worker_key, s.month_index
    HAVING filled >= $filled_days AND filled * 2 >= count(DISTINCT s.day))
SELECT project_id AS subject_id, month, worker_key, worker_key AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'punches:' || worker_key || '@' || month AS keys,
       NULL::DATE AS due,
       overlap_days, filled_days
FROM found JOIN law_months USING (month_index)
