WITH floors AS (
    SELECT p.project_id, round(l.number * 100)::BIGINT AS floor_fen FROM projects p JOIN law_parameters l USING (region)
    WHERE l.key = 'pay_outlier.average_floor' AND DATE '$as_of' BETWEEN l.valid_from AND l.valid_until),
lists AS (
    SELECT project_id, month, f.floor_fen, sum(net_fen)::BIGINT AS total_fen, count(DISTINCT name_key) AS concerned
    FROM payroll_lines JOIN floors f USING (project_id) GROUP BY ALL)
SELECT project_id AS subject_id, month, NULL::VARCHAR AS worker_key, NULL::VARCHAR AS person,
       floor_fen * concerned - total_fen AS amount_fen, NULL::BIGINT AS days,
       'payroll:' || project_id || '@' || month AS keys, NULL::DATE AS due, total_fen, concerned, floor_fen
FROM lists WHERE total_fen < floor_fen * concerned
