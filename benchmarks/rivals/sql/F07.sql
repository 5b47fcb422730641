WITH seen AS (
    SELECT DISTINCT s.project_id, s.worker_key, s.month_index, s.day FROM rival_seen s
    WHERE NOT EXISTS (SELECT 1 FROM enrolments e WHERE e.project_id = s.project_id AND e.worker_key = s.worker_key
                      AND ($watch_trades))),
usual AS (SELECT project_id, avg(power_kwh) AS usual FROM site_days WHERE power_kwh IS NOT NULL GROUP BY ALL),
idle AS (
    SELECT s.*, count(*) OVER (PARTITION BY s.project_id, s.worker_key, s.month_index) AS wet_days
    FROM seen s JOIN site_days d USING (project_id, day) JOIN usual u USING (project_id)
    WHERE d.rain_mm >= $heavy_rain AND d.power_kwh * 100 <= u.usual * $idle_power),
still AS (
    SELECT s.*, t.cause AS reason FROM seen s
    JOIN standstills t ON t.project_id = s.project_id AND s.day >= t.from_day
                      AND (t.until_day IS NULL OR s.day <= t.until_day)
    UNION ALL
    SELECT project_id, worker_key, month_index, day, '大雨且几乎没有用电' FROM idle WHERE wet_days >= $wet_days),
crowd AS (SELECT project_id, day, count(DISTINCT worker_key) AS there FROM still
          GROUP BY ALL HAVING there >= $still_people)
SELECT s.project_id AS subject_id, m.month, s.worker_key, s.worker_key AS person, NULL::BIGINT AS amount_fen,
       count(DISTINCT s.day) AS days, 'punches:' || s.worker_key || '@' || m.month AS keys, NULL::DATE AS due,
       max(c.there) AS there, max(s.reason) AS reason
FROM still s JOIN crowd c USING (project_id, day) JOIN law_months m USING (month_index)
GROUP BY s.project_id, m.month, s.worker_key
