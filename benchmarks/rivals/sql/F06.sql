WITH faces AS (
    SELECT project_id, month_index, face, count(DISTINCT worker_key) AS sharers FROM rival_seen
    WHERE face IS NOT NULL GROUP BY ALL HAVING sharers >= $face_people),
found AS (
    SELECT s.project_id, s.worker_key, s.month_index, max(s.face) AS face, max(s.device) AS device,
           max(f.sharers) AS sharers,
           count(DISTINCT s.day) AS face_days
    FROM rival_seen s JOIN faces f USING (project_id, month_index, face)
    GROUP BY s.project_id, s.worker_key, s.month_index HAVING face_days >= $face_days)
SELECT project_id AS subject_id, month, worker_key, worker_key AS person,
       NULL::BIGINT AS amount_fen, NULL::BIGINT AS days, 'punches:' || worker_key || '@' || month AS keys,
       NULL::DATE AS due,
       face, device, sharers, face_days
FROM found JOIN law_months USING (month_index)
